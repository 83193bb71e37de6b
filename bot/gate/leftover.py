"""Inboxes that the last run left on disk: none is removed with answers in it (§5.4)."""

from bot.core.certificates import split_hashes
from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.records import Drive
from bot.crypto.gate_secrets import GateDrive
from bot.gate.book import Book
from bot.gate.intake import Intake
from bot.gate.vault import Vault
from bot.log import failure
from bot.ports import StorageError, Store, Tampered

# An inbox that is opened again takes one more pool of dummies (protocol.md §5.4).
POOL_MAX = 256


async def clear_left_over(
    store: Store, *, book: Book, vault: Vault, intake: Intake
) -> None:
    """Remove the inboxes of slots that have ended; hold a drive whose are not whole."""
    for drive_id, slot in intake.left_over():
        drive, keys = book.get(drive_id), vault.drive(drive_id)
        try:
            if vault.pin_of(drive_id):
                intake.remove(drive_id, slot)
            elif drive is None or keys is None:
                # Of a drive that is held, or of a keystore that was put back.
                failure("inbox_of_no_drive", drive=drive_id)
            elif drive.state is not State.OPEN or slot < drive.next_slot:
                bundled = await _bundled(store, drive_id, slot)
                await _check_bundled(bundled, book, intake, (drive, slot, keys))
                intake.remove(drive_id, slot)
        except StorageError as fault:
            book.held.add(drive_id, fault)


async def _bundled(store: Store, drive_id: DriveId, slot: int) -> list[bytes]:
    try:
        return list(split_hashes(await store.board_hashes(drive_id, slot)))
    except StorageError:
        raise Tampered("A running slot's answers were passed over.") from None


async def _check_bundled(
    bundled: list[bytes],
    book: Book,
    intake: Intake,
    inbox: tuple[Drive, int, GateDrive],
) -> None:
    """Raise `Tampered` unless an inbox's answers all lie in the slot's bundle.

    Opening an inbox again adds a pool, which is in no bundle.
    """
    drive, slot, keys = inbox
    key = book.slot_key(drive, slot)
    kept = await intake.finish(key, keys, drive.terms.shape)
    inside = set(split_hashes(kept.hashes))
    if not inside.issuperset(bundled) or len(inside) - len(bundled) > POOL_MAX:
        raise Tampered("A slot's bundle has not all of its answers.")
