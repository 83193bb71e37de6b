"""The console for programs: lines of JSON in, lines of JSON out.

One person's requests are done in their order, different people's beside each other,
so that many answers reach the disk in one write. `people` and `advance` wait for all
that came before them, and what comes after waits for them.
"""

import asyncio
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager, suppress

from adapters.console.parse import LINE_BYTES_MAX, Line, read_line
from adapters.console.render import Shown, done_line, shown_line
from adapters.console.workspace import Workspace

# Requests that were read and are not done yet. A program that sends more waits.
IN_FLIGHT_MAX = 4096
# Answers that a slow reader has not taken yet; beyond this no request is read.
UNREAD_BYTES_MAX = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class ReaderGone(Exception):
    """Nobody reads the answers any more."""


class Lines:
    """Standard output, written by a thread of its own, whole lines at a time."""

    def __init__(self, descriptor: int) -> None:
        """Take over a descriptor; nothing else may write there."""
        self._descriptor = descriptor
        self._waiting: list[bytes] = []
        self._unread_bytes = 0
        self._changed = threading.Condition()
        self._ended = False
        self._tell: Callable[[], None] = lambda: None
        self.gone = False
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no more should be asked for."""
        return self._unread_bytes > UNREAD_BYTES_MAX

    def put(self, line: str) -> None:
        """Add a line; it is written as a whole, after all earlier ones."""
        encoded = line.encode("ascii") + b"\n"
        with self._changed:
            self._waiting.append(encoded)
            self._unread_bytes += len(encoded)
            self._changed.notify_all()

    def when_gone(self, tell: Callable[[], None]) -> None:
        """Call `tell`, on the writer's thread, once nobody reads any more."""
        self._tell = tell

    def wait_for_room(self) -> None:
        """Return once the reader has taken some of it, or has gone."""
        with self._changed:
            self._changed.wait_for(lambda: self.gone or not self.is_full)

    def end(self) -> None:
        """Write what waits and return."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join()

    def _write(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._ended:
                    self._changed.wait()
                if not self._waiting:
                    return
                chunk = b"".join(self._waiting)
                self._waiting.clear()
            try:
                self._write_all(chunk)
            except OSError:
                with self._changed:
                    self.gone = True
                    self._changed.notify_all()
                self._tell()
                return
            with self._changed:
                self._unread_bytes -= len(chunk)
                self._changed.notify_all()

    def _write_all(self, chunk: bytes) -> None:
        left = memoryview(chunk)
        while left:
            left = left[os.write(self._descriptor, left) :]


class JsonListener:
    """Reads requests from one descriptor and answers them on `lines`."""

    def __init__(self, workspace: Workspace, *, lines: Lines) -> None:
        """Answer for `workspace`, which shows things on the same lines."""
        self._workspace = workspace
        self._lines = lines
        self._queues: dict[str, deque[Line]] = {}
        self._in_flight = 0
        self._one_less = asyncio.Event()

    async def serve(self, descriptor: int) -> None:
        """Do all requests until the end of the input, then what is in flight."""
        try:
            async with asyncio.TaskGroup() as tasks:
                async for line in read_lines(descriptor, self._lines.when_gone):
                    request = read_line(line, command=self._workspace.command)
                    await self._take(request, tasks)
        except* ReaderGone:
            pass

    async def _take(self, line: Line, tasks: asyncio.TaskGroup) -> None:
        if self._lines.is_full:
            await asyncio.to_thread(self._lines.wait_for_room)
        if line.person is None:
            await self._until_in_flight(0)
            await self._do(line)
            return
        await self._until_in_flight(IN_FLIGHT_MAX - 1)
        self._in_flight += 1
        queue = self._queues.get(line.person)
        if queue is None:
            self._queues[line.person] = deque([line])
            tasks.create_task(self._serve_person(line.person))
        else:
            queue.append(line)

    async def _serve_person(self, person: str) -> None:
        queue = self._queues[person]
        while queue:
            await self._do(queue.popleft())
            self._in_flight -= 1
            self._one_less.set()
        del self._queues[person]

    async def _do(self, line: Line) -> None:
        await self._workspace.do(line)
        self._lines.put(done_line(line.re))
        if self._lines.gone:
            raise ReaderGone

    async def _until_in_flight(self, most: int) -> None:
        while self._in_flight > most:
            self._one_less.clear()
            await self._one_less.wait()


async def read_lines(
    descriptor: int, when_gone: Callable[[Callable[[], None]], None] | None = None
) -> AsyncIterator[bytes]:
    """Yield the lines of a pipe, a file or a terminal, without their ends.

    SIGTERM and SIGINT end it as the end of the input does, and so does whoever
    `when_gone` hands the ending to. Of a line that is too long the beginning is
    yielded, one byte longer than allowed.
    """
    chunks = _Chunks(descriptor)
    if when_gone is not None:
        when_gone(chunks.end_from_thread)
    rest = bytearray()
    with ends_on_signal(chunks.end):
        while chunk := await chunks.next():
            looked_at = len(rest)
            rest += chunk
            begin = 0
            while (end := rest.find(b"\n", max(begin, looked_at))) >= 0:
                yield bytes(rest[begin : min(end, begin + LINE_BYTES_MAX + 1)])
                begin = end + 1
            del rest[:begin]
            # A line too long is one refusal, and no reason to keep all of it.
            del rest[LINE_BYTES_MAX + 1 :]
    if rest:
        yield bytes(rest)


@contextmanager
def ends_on_signal(end: Callable[[], None]) -> Generator[None]:
    """Call `end` where SIGTERM or SIGINT would have killed the process."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for each in signals:
        loop.add_signal_handler(each, end)
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


class _Chunks:
    """What a thread reads ahead from a descriptor: one chunk, then it waits."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._wanted = threading.Semaphore(1)
        # It may wait for input for ever, and must not keep the process from ending.
        threading.Thread(target=self._read, daemon=True).start()

    async def next(self) -> bytes:
        """Return the next bytes, or none at the end."""
        chunk = await self._chunks.get()
        self._wanted.release()
        return chunk

    def end(self) -> None:
        """Let what was read already be the end."""
        self._chunks.put_nowait(b"")

    def end_from_thread(self) -> None:
        """Do the same from another thread."""
        self._hand_over(b"")

    def _read(self) -> None:
        chunk = b"more"
        while chunk:
            self._wanted.acquire()
            try:
                chunk = os.read(self._descriptor, _CHUNK_BYTES)
            except OSError:
                chunk = b""
            self._hand_over(chunk)

    def _hand_over(self, chunk: bytes) -> None:
        # The loop may have ended before the input.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)


def show_on(lines: Lines, shown: Shown) -> None:
    """Write something that appears as a line of JSON."""
    lines.put(shown_line(shown))
