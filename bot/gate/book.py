"""The drives as the gate knows them: in memory, and the same in the store."""

import asyncio
from collections.abc import Callable, Sequence

from bot.core.drives import DRAFTS, LIVE
from bot.core.errors import DriveHeld
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
from bot.crypto.vouching import is_vouched, vouched
from bot.gate.checks import Ahead, check_drive
from bot.gate.held import Held
from bot.gate.vault import Vault
from bot.ports import StorageError, Store, Tampered


class Book:
    """Drives and slot keys, read once and changed by commits alone."""

    def __init__(self, store: Store, vault: Vault, held: Held) -> None:
        """Start empty; `load` reads the store."""
        self._store = store
        self._vault = vault
        self._drives: dict[DriveId, Drive] = {}
        self._keys: dict[tuple[DriveId, int], SlotKey] = {}
        self.held = held
        # Names of rows that are not as they were left; nothing of them is shown.
        self._held_names: set[str] = set()
        self._told: list[Callable[[Sequence[Change]], None]] = []

    async def load(self, ahead: Ahead) -> None:
        """Read all drives; hold those that are not as they were left.

        `ahead` is the step that a crash left between the store and the keystore.
        """
        rows = await self._store.drives()
        for drive in rows:
            try:
                await self._load(drive, ahead)
            except StorageError as fault:
                self._hold_row(drive, fault)
        moved = [each for each in self._live() if not self._vault.is_at(each)]
        if len(moved) > 1:
            for drive in moved:
                self._hold_row(drive, Tampered("A crash leaves one step at the most."))
        for drive_id in {*self._vault.known()} - {drive.drive_id for drive in rows}:
            self.held.add(drive_id, Tampered("A poll is missing in the database."))
        self._vault.follow(self._live())

    async def _load(self, drive: Drive, ahead: Ahead) -> None:
        if drive.state in DRAFTS and not is_vouched(self._vault.k_org, drive):
            raise Tampered("A draft was altered in the database.")
        ends = await self._store.slot_ends(drive.drive_id)
        check_drive(
            drive,
            self._vault.drive(drive.drive_id),
            pin=self._vault.pin_of(drive.drive_id),
            ended=len(ends),
            ahead=ahead,
        )
        if drive.state in LIVE:
            self._remember(await self._store.slot_keys(drive.drive_id))
        self._drives[drive.drive_id] = drive

    def _hold_row(self, drive: Drive, fault: StorageError) -> None:
        """Hold a drive whose row is not to be believed, and show nothing of it."""
        self.held.add(drive.drive_id, fault)
        self._drives.pop(drive.drive_id, None)
        self._held_names.add(drive.name.casefold())

    def _live(self) -> list[Drive]:
        return [drive for drive in self._drives.values() if drive.state in LIVE]

    # Reading -------------------------------------------------------------------

    def drives(self) -> list[Drive]:
        """Return all drives, oldest first."""
        return list(self._drives.values())

    def get(self, drive_id: DriveId) -> Drive | None:
        """Return a drive as it is now."""
        return self._drives.get(drive_id)

    def named(self, name: str) -> Drive | None:
        """Return the drive with this short name; the newest, should there be two.

        Raises `DriveHeld` if the only one has a row that is not to be believed.
        """
        wanted = name.casefold()
        found = [d for d in self._drives.values() if d.name.casefold() == wanted]
        if not found and wanted in self._held_names:
            raise DriveHeld
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

    # Writing -------------------------------------------------------------------

    def tell(self, follower: Callable[[Sequence[Change]], None]) -> None:
        """Have `follower` told of all changes as soon as the store has them."""
        self._told.append(follower)

    async def commit(
        self,
        changes: Sequence[Change],
        letter: LetterBody | None = None,
        *,
        read: tuple[LetterBody, int] | None = None,
    ) -> None:
        """Write `changes` and, with them, a letter to the counter; then remember.

        `read` is the counter's letter that led to them, with what it acknowledged.
        Whoever is cancelled meanwhile is so afterwards: the store, what is known here
        and the keystore must not come apart.
        """
        task = asyncio.ensure_future(self._commit(changes, letter, read))
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
        task.result()
        if cancelled is not None:
            raise cancelled

    async def _commit(
        self,
        changes: Sequence[Change],
        letter: LetterBody | None,
        read: tuple[LetterBody, int] | None,
    ) -> None:
        self._vault.catch_up()
        changes = [vouched(self._vault.k_org, change) for change in changes]
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
        for follower in self._told:
            follower(changes)
        saved = [change.drive for change in changes if isinstance(change, SaveDrive)]
        # Last, since it may fail too: what the store holds is remembered by now.
        self._vault.follow(saved, is_sent=letter is not None, read=read)

    def _remember(self, keys: Sequence[SlotKey]) -> None:
        self._keys |= {(key.drive_id, key.slot): key for key in keys}
