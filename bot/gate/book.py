"""The drives as the gate knows them: in memory, and the same in the store."""

from collections.abc import Sequence

from bot.core.drives import LIVE
from bot.core.letters import LetterBody
from bot.core.manifest import DriveId, decode_manifest
from bot.core.records import (
    Change,
    Drive,
    DropDrive,
    SaveDrive,
    SaveMail,
    SaveSlotKeys,
    SlotKey,
)
from bot.crypto.signing import is_slot_key
from bot.gate.checks import check_drive
from bot.gate.vault import Vault
from bot.ports import Store, Tampered


class Book:
    """Drives and slot keys, read once and changed by commits alone."""

    def __init__(self, store: Store, vault: Vault) -> None:
        """Start empty; `load` reads the store."""
        self._store = store
        self._vault = vault
        self._drives: dict[DriveId, Drive] = {}
        self._keys: dict[tuple[DriveId, int], SlotKey] = {}

    async def load(self) -> None:
        """Read all drives. Raises `Tampered` if they are not as they were left."""
        self._drives = {drive.drive_id: drive for drive in await self._store.drives()}
        for drive in self._drives.values():
            ends = await self._store.slot_ends(drive.drive_id)
            check_drive(drive, self._vault.drive(drive.drive_id), ended=len(ends))
            if drive.state in LIVE:
                self._remember(await self._store.slot_keys(drive.drive_id))
        for drive_id in self._vault.pinned():
            if drive_id not in self._drives:
                raise Tampered("A poll is missing in the database.")

    def drives(self) -> list[Drive]:
        """Return all drives, oldest first."""
        return list(self._drives.values())

    def get(self, drive_id: DriveId) -> Drive | None:
        """Return a drive as it is now."""
        return self._drives.get(drive_id)

    def named(self, name: str) -> Drive | None:
        """Return the drive with this short name; the newest, should there be two."""
        wanted = name.casefold()
        found = [d for d in self._drives.values() if d.name.casefold() == wanted]
        return found[-1] if found else None

    def slot_key(self, drive: Drive, slot: int) -> SlotKey:
        """Return a slot's key after checking DS's signature over it.

        Whoever writes the store could otherwise put a key of their own in its place
        and read the answers. To be asked before a slot's inbox is opened.
        """
        key = self._keys.get((drive.drive_id, slot))
        signer = decode_manifest(drive.manifest).signer
        if key is None or not is_slot_key(signer, key):
            raise Tampered("A slot's key is missing or was altered.")
        return key

    async def commit(
        self, changes: Sequence[Change], letter: LetterBody | None = None
    ) -> None:
        """Write `changes` and, with them, a letter to the counter; then remember."""
        self._vault.catch_up()
        if letter is not None:
            changes = [*changes, SaveMail(mail=self._vault.write(letter))]
        await self._store.commit(changes)
        for change in changes:
            match change:
                case SaveDrive():
                    self._drives[change.drive.drive_id] = change.drive
                case DropDrive():
                    self._drives.pop(change.drive_id, None)
                case SaveSlotKeys():
                    self._remember(change.keys)
                case _:
                    pass
        # Last, since it may fail too: what the store holds is remembered by now.
        if letter is not None:
            self._vault.mark_sent()

    def _remember(self, keys: Sequence[SlotKey]) -> None:
        self._keys |= {(key.drive_id, key.slot): key for key in keys}
