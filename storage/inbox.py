"""The inbox of a running slot: envelopes on disk before anybody reads "Received".

Each drive and slot has a file (`storage.block_file`) and a thread that writes it; where
envelopes stand in the file is `storage.blocks` (protocol.md §5). Nothing waits for a
timer: the writer takes whatever waits and is sealed (`storage.waiting`), writes it in
one transaction, and only then resolves the whole batch with one call to the event loop.
What comes in a rush is sealed in other processes (`storage.sealers`), while what came
before goes to disk.
"""

import asyncio
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TypeVar

from bot.core.ballots import Envelope
from bot.core.manifest import DriveId
from bot.core.shapes import POLL, Shape
from bot.ports import StorageError
from storage.block_file import BlockFile, name_fault, remove_file
from storage.blocks import BlockKey
from storage.sealers import SealedHere, Sealers
from storage.waiting import AnyFuture, Batch, Finish, Stop, Waiting

_NAME = re.compile(r"([0-9a-f]{32})-(\d{1,9})\.db")
_FOLDER_MODE = 0o700

_CLOSED = "this inbox is closed"

_T = TypeVar("_T")
_A = TypeVar("_A")
_B = TypeVar("_B")


class InboxClosed(StorageError):
    """This inbox takes nothing any more. What waited in it was not written."""


class DiskInboxes:
    """The gate's inboxes, one file each in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, and make it if need be."""
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._folder = folder
        self._sealers = Sealers()
        self._few = SealedHere()

    def open(
        self,
        drive_id: DriveId,
        slot: int,
        *,
        public: bytes,
        key: bytes,
        dummy: Callable[[], bytes],
        shape: Shape = POLL,
    ) -> "DiskInbox":
        """Open a slot's inbox, or make it, with a pool of dummies.

        `dummy` is called on the writer's thread. Raises `Tampered` if the blocks are
        not those that were written, `StorageError` if the disk fails.
        """
        block_key = BlockKey(key=key, drive_id=drive_id, slot=slot, shape=shape)
        path = self._path(drive_id, slot)
        sealers = self._sealers if shape == POLL else self._few
        return DiskInbox(path, block_key, public=public, dummy=dummy, sealers=sealers)

    def known(self) -> list[tuple[DriveId, int]]:
        """Return the slots that have an inbox on disk."""
        names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted((DriveId(bytes.fromhex(n[1])), int(n[2])) for n in names if n)

    def remove(self, drive_id: DriveId, slot: int) -> None:
        """Remove an inbox that is not open."""
        remove_file(self._path(drive_id, slot))

    def free_bytes(self) -> int:
        """Return how much room the disk has for us."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def close(self) -> None:
        """End what seals for the inboxes, which are closed already."""
        self._sealers.close()

    def _path(self, drive_id: DriveId, slot: int) -> Path:
        return self._folder / f"{drive_id.hex()}-{slot}.db"


class DiskInbox:
    """One slot's inbox. Its methods belong to the event loop's thread."""

    def __init__(
        self,
        path: Path,
        key: BlockKey,
        *,
        public: bytes,
        dummy: Callable[[], bytes],
        sealers: Sealers,
    ) -> None:
        """Open the file, or make it; returns once it is verified and has a pool."""
        self._path = path
        self._waiting = Waiting(public, sealers)
        self._takes = True
        self._shape = key.shape

        def seal_pool() -> list[Envelope]:
            return sealers.seal_all(
                [dummy() for _ in range(key.shape.pool_envelopes)], public
            )

        file = BlockFile(path, key, seal_pool)
        opened: Future[None] = Future()
        # A daemon: a process that ends does not wait for it. What was acknowledged
        # is on disk.
        self._writer = Thread(
            target=self._run, args=(file, opened), name="inbox", daemon=True
        )
        self._writer.start()
        try:
            opened.result()
        except BaseException:
            self._writer.join()
            raise

    def append(self, record: bytes) -> "asyncio.Future[Envelope]":
        """Seal a padded record and write it durably, together with all that waits.

        The future holds the envelope once it is on disk, or the `StorageError` that
        kept its whole batch off it. Raises `QueueFull` and `InboxClosed` at once.
        """
        assert len(record) == self._shape.record_bytes
        if not self._takes:
            raise InboxClosed(_CLOSED)
        return self._waiting.add(record)

    async def finish(self) -> list[Envelope]:
        """Write what waits, stop, and return all envelopes, dummies included.

        They come in the order of the blocks, which means nothing. The file stays
        until `destroy`. Raises `Tampered` if the blocks are not those written.
        """
        if not self._takes:
            raise InboxClosed(_CLOSED)
        self._takes = False
        order = Finish(asyncio.get_running_loop().create_future())
        self._waiting.give(order)
        return await order.future

    def close(self) -> None:
        """Stop the writer and leave the file as it is.

        The batch that is being written is still acknowledged; what waits behind it
        fails with `InboxClosed`.
        """
        self._takes = False
        left = self._waiting.empty()
        self._waiting.give(Stop())
        self._writer.join()
        _fail(left, InboxClosed(_CLOSED))

    def destroy(self) -> None:
        """Stop the writer and remove the file."""
        self.close()
        remove_file(self._path)

    def _run(self, file: BlockFile, opened: "Future[None]") -> None:
        """Do all that the thread does: open, write until told to stop, close."""
        try:
            try:
                file.open()
            except Exception as fault:  # noqa: BLE001 (the thread's boundary)
                opened.set_exception(name_fault(fault))
                return
            opened.set_result(None)
            self._write_all(file)
        finally:
            file.close()

    def _write_all(self, file: BlockFile) -> None:
        """Write batch after batch, and empty the log when nothing waits."""
        while True:
            item = self._waiting.next_batch(file.quiet_seconds)
            if isinstance(item, Batch):
                _write(file, item)
                self._waiting.wrote(item)
            elif item is None:
                file.empty_log()
            else:
                break
        if isinstance(item, Finish):
            _hand_over(file, item.future)


def _write(file: BlockFile, batch: Batch) -> None:
    """Write one batch, and tell its people together."""
    futures = batch.futures
    try:
        file.add(batch.sealed())
    except Exception as fault:  # noqa: BLE001 (the thread's boundary)
        _soon(futures[0], _fail, futures, name_fault(fault))
    else:
        _soon(futures[0], _resolve, futures, batch.envelopes)


def _hand_over(file: BlockFile, future: "asyncio.Future[list[Envelope]]") -> None:
    try:
        envelopes = file.read()
    except Exception as fault:  # noqa: BLE001 (the thread's boundary)
        _soon(future, _fail, [future], name_fault(fault))
    else:
        _soon(future, _resolve, [future], [envelopes])


def _soon(
    future: "asyncio.Future[_T]", call: Callable[[_A, _B], None], first: _A, second: _B
) -> None:
    # A loop that has ended raises: nobody waits there any more.
    with suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(call, first, second)


def _resolve(futures: "Sequence[asyncio.Future[_T]]", results: Sequence[_T]) -> None:
    for future, result in zip(futures, results, strict=True):
        # Whoever gave up waiting has cancelled; the others must hear all the same.
        if not future.done():
            future.set_result(result)


def _fail(futures: Sequence[AnyFuture], fault: StorageError) -> None:
    for future in futures:
        if not future.done() and not future.get_loop().is_closed():
            # Each its own: an exception collects the frames of whoever raises it.
            future.set_exception(type(fault)(*fault.args))
