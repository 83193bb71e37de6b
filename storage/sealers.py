"""Many records sealed at once, in processes (protocol.md §6, docs/adr/0005).

A share of a batch goes to a process that has nothing else to do, through a pair of
sockets: kernel memory, never a file. Where there is no such process (yet, or any more)
the share is sealed in place, on the thread that would have waited for it. So a process
that dies, hangs or cannot be started costs time and nothing else: a share is sealed
again as a whole, with keys of its own, and nothing was acknowledged for it.
"""

import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
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
# It ends as soon as it hears that nobody asks any more.
END_SECONDS_MAX = 1.0
# A machine that has no room for processes is not asked for one with each share.
START_PAUSE_SECONDS = 10.0

_PREFIX = "ROUNDROBIN_"
_PROGRAM = (sys.executable, "-P", "-m", "storage.seal_process")


class Sealers:
    """The sealing processes of one gate, for all its inboxes.

    The first large batch starts them; `close` ends them.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Start nothing yet. There is a worker for each core unless it is said."""
        self._count = _cores() if workers is None else workers
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._idle: list[_Worker] = []
        # Shares that no worker was asked for when they came, and that wait still.
        self._unasked = 0
        self._started = 0
        self._failed_at = float("-inf")

    def close(self) -> None:
        """End all threads and processes; nothing is being sealed any more."""
        with self._lock:
            threads, self._threads = self._threads, None
            idle, self._idle = self._idle, []
            self._started -= len(idle)
        if threads is not None:
            threads.shutdown()
        for worker in idle:
            worker.close()

    def start(
        self, records: Sequence[bytes], public: bytes, *, is_rush: bool = False
    ) -> "Future[list[Envelope]]":
        """Have a share sealed; the envelopes come in the same order.

        A rush starts processes if there are none. A process that has nothing to do is
        asked here, and not by the thread that will listen: while the event loop is
        busy, another thread may wait a millisecond for its turn.
        """
        threads = self._pool()
        with self._lock:
            # Whose share waits for a thread must find a worker when it has one.
            worker = None if self._unasked else self._take_ready()
            self._unasked += worker is None
        if worker is not None:
            worker.ask(records, public)
        return threads.submit(self._seal, worker, records, public, may_start=is_rush)

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

    def _take_ready(self) -> "_Worker | None":
        """Take a worker that has nothing to do, if there is one."""
        ready = [worker for worker in self._idle if worker.is_ready]
        if not ready:
            return None
        self._idle.remove(ready[0])
        return ready[0]

    def _ask_late(self, records: Sequence[bytes], public: bytes) -> "_Worker | None":
        """Hand over a share that waited for its turn, if there is a worker."""
        with self._lock:
            self._unasked -= 1
            worker = self._take_ready()
        if worker is not None:
            worker.ask(records, public)
        return worker

    def _seal(
        self,
        asked: "_Worker | None",
        records: Sequence[bytes],
        public: bytes,
        *,
        may_start: bool,
    ) -> list[Envelope]:
        """Return a share that was handed to a worker, or seal it here."""
        worker = asked or self._ask_late(records, public)
        if worker is None:
            if may_start:
                self._start_worker()
            return seal_records(records, public)
        try:
            envelopes = worker.answer(len(records))
        except OSError:
            self._give_up(worker)
            return seal_records(records, public)
        with self._lock:
            self._idle.append(worker)
        return envelopes

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
            self._idle.append(worker)

    def _give_up(self, worker: "_Worker | None") -> None:
        with self._lock:
            self._started -= 1
            self._failed_at = monotonic()
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
    """One process and the line to it. One thread at a time uses it."""

    def __init__(self) -> None:
        """Start the process; it is ready a moment later."""
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

    def ask(self, records: Sequence[bytes], public: bytes) -> None:
        """Hand over a share; if that fails, `answer` says so."""
        with suppress(OSError):
            self._line.sendall(HEAD.pack(len(records), public) + b"".join(records))

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
