"""Many records sealed at once, in processes (protocol.md §6, docs/adr/0005).

A share of a batch goes to a process through a pair of sockets: kernel memory, never a
file. A process is handed its next share while it seals one, so that it never waits for
a thread of this process to have its turn. Where there is no process (yet, or any more)
the share is sealed in place, on the thread that would have waited for it. So a process
that dies, hangs or cannot be started costs time and nothing else: a share is sealed
again as a whole, with keys of its own, and nothing was acknowledged for it.
"""

import os
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from socket import (
    MSG_DONTWAIT,
    MSG_WAITALL,
    SO_RCVTIMEO,
    SO_SNDTIMEO,
    SOL_SOCKET,
    socketpair,
)
from threading import Lock
from time import monotonic

from bot.core.ballots import POLL_ENVELOPE_BYTES, Envelope, split_envelopes
from bot.crypto.sealing import seal_records
from storage.seal_process import HEAD, READY

# So many at once come in a rush; a poll of thirty people never needs a process.
RUSH_RECORDS_MIN = 64
# The event loop feeds no more than three cores.
WORKERS_MAX = 4
# Sealing a share takes 6 ms. A process that was stopped must not stop answers.
SHARE_SECONDS_MAX = 2.0
# One share that is sealed and one that waits for its turn there: more would wait at one
# process while another has nothing to do. So many records fit in the line's buffers.
AHEAD_SHARES = 2
AHEAD_RECORDS_MAX = 256
# It ends as soon as it hears that nobody asks any more.
END_SECONDS_MAX = 1.0
# A machine that has no room for processes is not asked for one with each share.
START_PAUSE_SECONDS = 10.0

_PREFIX = "ROUNDROBIN_"
_PROGRAM = (sys.executable, "-P", "-m", "storage.seal_process")


@dataclass(slots=True, repr=False, eq=False)
class _Share:
    """Records that are sealed together, and what comes of them."""

    records: Sequence[bytes]
    public: bytes
    sealed: Future[list[Envelope]] = field(default_factory=Future[list[Envelope]])

    def seal_here(self) -> None:
        """Seal on this thread."""
        try:
            self.sealed.set_result(seal_records(self.records, self.public))
        except Exception as fault:  # noqa: BLE001 (whoever waits for it hears it)
            self.sealed.set_exception(fault)


class Sealers:
    """The sealing processes of one gate, for all its inboxes.

    The first large batch starts them; `close` ends them.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Start nothing yet. There is a worker for each core unless it is said."""
        self._count = _cores() if workers is None else workers
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._workers: list[_Worker] = []
        # Shares that no worker was asked for yet.
        self._unasked: deque[_Share] = deque()
        self._started = 0
        self._failed_at = float("-inf")

    def close(self) -> None:
        """End all threads and processes, once they sealed what they have."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        with self._lock:
            workers, self._workers = self._workers, []
            self._started -= len(workers)
        for worker in workers:
            worker.close()

    def start(
        self, records: Sequence[bytes], public: bytes, *, is_rush: bool = False
    ) -> "Future[list[Envelope]]":
        """Have a share sealed; the envelopes come in the same order.

        A rush starts processes if there are none. A process that has room is asked
        here, and not by the thread that will listen: while the event loop is busy,
        another thread may wait a millisecond for its turn.
        """
        share = _Share(records, public)
        threads = self._pool()
        with self._lock:
            self._unasked.append(share)
            self._ask()
        threads.submit(self._work, may_start=is_rush)
        return share.sealed

    def seal_all(self, records: Sequence[bytes], public: bytes) -> list[Envelope]:
        """Return sealed records that nobody waits for: no process is started."""
        size = -(-len(records) // self._count)
        shares = [
            self.start(records[at : at + size], public)
            for at in range(0, len(records), size)
        ]
        return [envelope for share in shares for envelope in share.result()]

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(
                    self._count, thread_name_prefix="seal"
                )
            return self._threads

    def _ask(self) -> None:
        """Hand shares to workers that have room, the least busy first.

        The lock is held: a worker answers in the order in which it was asked.
        """
        while self._unasked:
            share = self._unasked[0]
            free = [worker for worker in self._workers if worker.takes(share)]
            if not free:
                return
            min(free, key=lambda worker: len(worker.asked)).ask(share)
            self._unasked.popleft()

    def _work(self, *, may_start: bool) -> None:
        """Listen to a worker, or seal a share for which there is none.

        This is called once for each share. A thread that listens does so until its
        worker has nothing left, so that some of these calls find nothing to do.
        """
        share = None
        with self._lock:
            worker = next((each for each in self._workers if each.is_unheard), None)
            if worker is not None:
                worker.is_heard = True
            elif self._unasked:
                share = self._unasked.popleft()
        if worker is not None:
            self._listen(worker)
        elif share is not None:
            if may_start:
                self._start_worker()
            share.seal_here()

    def _listen(self, worker: "_Worker") -> None:
        """Take answers until the worker has nothing left; seal here if it fails."""
        while worker.is_heard:
            share = worker.asked[0]
            try:
                envelopes = worker.answer(len(share.records))
            except OSError:
                self._give_up(worker)
                for each in worker.asked:
                    each.seal_here()
                return
            with self._lock:
                worker.asked.popleft()
                self._ask()
                worker.is_heard = bool(worker.asked)
            share.sealed.set_result(envelopes)

    def _start_worker(self) -> None:
        """Start a worker if there are too few and none failed a moment ago."""
        with self._lock:
            is_soon = monotonic() - self._failed_at < START_PAUSE_SECONDS
            if is_soon or self._started == self._count:
                return
            self._started += 1
        try:
            worker = _Worker()
        except OSError:
            self._give_up(None)
            return
        with self._lock:
            self._workers.append(worker)

    def _give_up(self, worker: "_Worker | None") -> None:
        with self._lock:
            self._started -= 1
            self._failed_at = monotonic()
            if worker is not None:
                self._workers.remove(worker)
        if worker is not None:
            worker.close()


class SealedHere(Sealers):
    """Seals on the thread that asks: for records of which no rush ever comes.

    The processes know the length of a poll's records alone.
    """

    def start(
        self, records: Sequence[bytes], public: bytes, *, is_rush: bool = False
    ) -> "Future[list[Envelope]]":
        """Return sealed records, in the same order."""
        del is_rush
        sealed: Future[list[Envelope]] = Future()
        sealed.set_result(seal_records(records, public))
        return sealed


class _Worker:
    """One process and the line to it. One thread at a time listens to it."""

    def __init__(self) -> None:
        """Start the process; it is ready a moment later."""
        # Shares that it was handed and that are not answered, in this order.
        self.asked: deque[_Share] = deque()
        self.is_heard = False
        ours, theirs = socketpair()
        with theirs:
            whole = int(SHARE_SECONDS_MAX)
            micros = int((SHARE_SECONDS_MAX - whole) * 1_000_000)
            seconds = struct.pack("@ll", whole, micros)
            ours.setsockopt(SOL_SOCKET, SO_RCVTIMEO, seconds)
            ours.setsockopt(SOL_SOCKET, SO_SNDTIMEO, seconds)
            self._line = ours
            self._is_ready = False
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    _PROGRAM,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                    # The terminal's Ctrl-C is for the gate.
                    process_group=0,
                )
            except BaseException:
                ours.close()
                raise

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked; so it can once it ended, and says so then."""
        if not self._is_ready:
            try:
                self._line.recv(len(READY), MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                pass
            self._is_ready = True
        return self._is_ready

    @property
    def is_unheard(self) -> bool:
        """Whether it was asked something, and nobody listens to it."""
        return bool(self.asked) and not self.is_heard

    def takes(self, share: _Share) -> bool:
        """Tell whether it has room for one more share."""
        if not self.asked:
            return self.is_ready
        waiting = sum(len(each.records) for each in self.asked)
        has_room = waiting + len(share.records) <= AHEAD_RECORDS_MAX
        return has_room and len(self.asked) < AHEAD_SHARES

    def ask(self, share: _Share) -> None:
        """Hand over a share; if that fails, `answer` says so."""
        self.asked.append(share)
        head = HEAD.pack(len(share.records), share.public)
        with suppress(OSError):
            self._line.sendall(head + b"".join(share.records))

    def answer(self, count: int) -> list[Envelope]:
        """Return the envelopes of the share, or raise `OSError`."""
        size = count * POLL_ENVELOPE_BYTES
        joined = self._line.recv(size, MSG_WAITALL)
        if len(joined) < size:
            raise ConnectionError("a sealing process ended")
        return list(split_envelopes(joined))

    def close(self) -> None:
        """End the process."""
        self._line.close()
        try:
            self._process.wait(END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _environment() -> dict[str, str]:
    """Return ours without what is secret in it."""
    everything = os.environ.items()
    return {name: value for name, value in everything if not name.startswith(_PREFIX)}


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), WORKERS_MAX)
