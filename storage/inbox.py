"""The inbox of a running slot: envelopes on disk before anybody reads "Received".

Each drive and slot has a file (`storage.block_file`) and a thread that writes it; where
envelopes stand in the file is `storage.blocks` (protocol.md §5). Nothing waits for a
timer: the writer takes whatever waits, seals it, writes it in one transaction, and only
then resolves the whole batch with one call to the event loop. Large batches are sealed
on two threads, while the batch before them goes to disk.
"""

import asyncio
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from bot.core.ballots import POLL_RECORD_BYTES, Envelope
from bot.core.manifest import DriveId
from bot.crypto.sealing import seal_records
from bot.ports import QueueFull, StorageError
from storage.block_file import BlockFile, name_fault, remove_file
from storage.blocks import POOL_ENVELOPES, BlockKey

# One group of 512 costs little more than one of 100, and takes 15 ms to seal.
BATCH_RECORDS_MAX = 512
# Two seconds of work. A person whose answer waits longer is told by the platform that
# it failed; refusing at once is kinder.
WAITING_RECORDS_MAX = 50_000
# libsodium lets other threads run while it seals; the event loop needs a core as well.
SEAL_THREADS = 2
# Handing fewer to other threads costs more than it saves.
SHARED_RECORDS_MIN = 16

_NAME = re.compile(r"([0-9a-f]{32})-(\d{1,9})\.db")
_FOLDER_MODE = 0o700

_CLOSED = "this inbox is closed"

_T = TypeVar("_T")
_A = TypeVar("_A")
_B = TypeVar("_B")


class InboxClosed(StorageError):
    """This inbox takes nothing any more. What waited in it was not written."""


@dataclass(frozen=True, slots=True)
class _Finish:
    """The order to write what came before, and to hand everything over."""

    future: "asyncio.Future[list[Envelope]]"


@dataclass(frozen=True, slots=True)
class _Stop:
    """The order to stop."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is sealed and written together; `sealed` waits for the seal threads."""

    futures: "list[asyncio.Future[Envelope]]"
    sealed: Callable[[], list[Envelope]]


_Waiting = tuple[bytes, "asyncio.Future[Envelope]"]
_Order = _Finish | _Stop


class DiskInboxes:
    """The gate's inboxes, one file each in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, and make it if need be."""
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._folder = folder

    def open(
        self,
        drive_id: DriveId,
        slot: int,
        *,
        public: bytes,
        key: bytes,
        dummy: Callable[[], bytes],
    ) -> "DiskInbox":
        """Open a slot's inbox, or make it, with a pool of dummies.

        `dummy` is called on the writer's thread. Raises `Tampered` if the blocks are
        not those that were written, `StorageError` if the disk fails.
        """
        block_key = BlockKey(key=key, drive_id=drive_id, slot=slot)
        path = self._path(drive_id, slot)
        return DiskInbox(path, block_key, public=public, dummy=dummy)

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
    ) -> None:
        """Open the file, or make it; returns once it is verified and has a pool."""
        self._path = path
        self._queue: SimpleQueue[_Waiting | _Order] = SimpleQueue()
        self._takes = True
        self._sealer = _Sealer(public)
        file = BlockFile(path, key, lambda: self._sealer.seal_pool(dummy))
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
        assert len(record) == POLL_RECORD_BYTES
        if not self._takes:
            raise InboxClosed(_CLOSED)
        if self._queue.qsize() >= WAITING_RECORDS_MAX:
            raise QueueFull("too many answers wait for the disk")
        future: asyncio.Future[Envelope] = asyncio.get_running_loop().create_future()
        self._queue.put((record, future))
        return future

    async def finish(self) -> list[Envelope]:
        """Write what waits, stop, and return all envelopes, dummies included.

        They come in the order of the blocks, which means nothing. The file stays
        until `destroy`. Raises `Tampered` if the blocks are not those written.
        """
        if not self._takes:
            raise InboxClosed(_CLOSED)
        self._takes = False
        order = _Finish(asyncio.get_running_loop().create_future())
        self._queue.put(order)
        return await order.future

    def close(self) -> None:
        """Stop the writer and leave the file as it is.

        The batch that is being written is still acknowledged; what waits behind it
        fails with `InboxClosed`.
        """
        self._takes = False
        left = _drain(self._queue)
        self._queue.put(_Stop())
        self._writer.join()
        for item in left:
            if isinstance(item, _Finish):
                _fail([item.future], InboxClosed(_CLOSED))
            elif not isinstance(item, _Stop):
                _fail([item[1]], InboxClosed(_CLOSED))

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
            self._sealer.close()

    def _write_all(self, file: BlockFile) -> None:
        """Write batch after batch, and empty the log when nothing waits.

        A large batch is written while the next one is being sealed.
        """
        order: _Order | None = None
        ahead: _Batch | None = None
        while order is None:
            waiting, order = self._take(0.0 if ahead else file.quiet_seconds)
            batch = self._sealer.start(waiting) if waiting else None
            if ahead:
                _write(file, ahead)
            elif not batch and order is None:
                file.empty_log()
            ahead = batch
            if ahead and (order or len(ahead.futures) < SHARED_RECORDS_MIN):
                _write(file, ahead)
                ahead = None
        if isinstance(order, _Finish):
            _hand_over(file, order.future)

    def _take(self, seconds: float | None) -> tuple[list[_Waiting], _Order | None]:
        """Return what waits, at most one batch of it, and the order behind it.

        When nothing comes within `seconds`, both are empty.
        """
        batch: list[_Waiting] = []
        with suppress(Empty):
            item = self._queue.get(timeout=seconds)
            while isinstance(item, tuple):
                batch.append(item)
                if len(batch) == BATCH_RECORDS_MAX:
                    return batch, None
                item = self._queue.get_nowait()
            return batch, item
        return batch, None


class _Sealer:
    """Closes envelopes to the slot's key: few at once, many on two threads."""

    def __init__(self, public: bytes) -> None:
        self._public = public
        self._threads = ThreadPoolExecutor(SEAL_THREADS, thread_name_prefix="seal")

    def start(self, waiting: "Sequence[_Waiting]") -> _Batch:
        """Return the batch; a large one is still being sealed."""
        futures = [future for _, future in waiting]
        sealed = self._start([record for record, _ in waiting])
        return _Batch(futures, sealed)

    def seal_pool(self, dummy: Callable[[], bytes]) -> list[Envelope]:
        """Return sealed dummies for a pool."""
        return self._start([dummy() for _ in range(POOL_ENVELOPES)])()

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _start(self, records: Sequence[bytes]) -> Callable[[], list[Envelope]]:
        if len(records) < SHARED_RECORDS_MIN:
            return lambda: seal_records(records, self._public)
        share = -(-len(records) // SEAL_THREADS)
        shares = [
            self._threads.submit(seal_records, records[i : i + share], self._public)
            for i in range(0, len(records), share)
        ]
        return lambda: [envelope for part in shares for envelope in part.result()]


def _write(file: BlockFile, batch: _Batch) -> None:
    """Write one batch, and tell its people together."""
    futures = batch.futures
    try:
        envelopes = batch.sealed()
        file.add(envelopes)
    except Exception as fault:  # noqa: BLE001 (the thread's boundary)
        _soon(futures[0], _fail, futures, name_fault(fault))
    else:
        _soon(futures[0], _resolve, futures, envelopes)


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


def _fail(futures: "Sequence[asyncio.Future[_T]]", fault: StorageError) -> None:
    for future in futures:
        if not future.done() and not future.get_loop().is_closed():
            # Each its own: an exception collects the frames of whoever raises it.
            future.set_exception(type(fault)(*fault.args))


def _drain(queue: "SimpleQueue[_T]") -> list[_T]:
    items: list[_T] = []
    with suppress(Empty):
        while True:
            items.append(queue.get_nowait())
    return items
