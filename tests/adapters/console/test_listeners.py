"""Reading and writing lines: any sizes, any order of bytes, any end."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from adapters.console import listeners
from adapters.console.listeners import Lines, read_lines
from adapters.console.parse import LINE_BYTES_MAX


async def lines_of(*chunks: bytes) -> list[bytes]:
    """Return the lines of a pipe that these chunks are written to."""
    reader, writer = os.pipe()

    def write() -> None:
        for chunk in chunks:
            left = memoryview(chunk)
            while left:
                left = left[os.write(writer, left) :]
        os.close(writer)

    thread = threading.Thread(target=write)
    thread.start()
    found = [line async for line in read_lines(reader)]
    thread.join()
    os.close(reader)
    return found


async def test_lines_do_not_depend_on_chunks() -> None:
    """Lines are whole, wherever the pipe cuts them; the last needs no end."""
    assert await lines_of(b"one\ntw", b"o\n", b"\n", b"thr", b"ee") == [
        b"one",
        b"two",
        b"",
        b"three",
    ]
    assert await lines_of() == []


async def test_line_that_is_too_long_is_cut() -> None:
    """Of a line beyond all bounds one byte more than allowed is kept."""
    long = b"x" * (LINE_BYTES_MAX + 100_000)

    first, second = await lines_of(long, b"\nshort\n")

    assert len(first) == LINE_BYTES_MAX + 1
    assert second == b"short"


async def test_file_as_input(tmp_path: Path) -> None:
    """A file can stand in the place of a pipe."""
    (tmp_path / "requests").write_bytes(b"one\ntwo\n")
    with (tmp_path / "requests").open("rb") as requests:
        found = [line async for line in read_lines(requests.fileno())]

    assert found == [b"one", b"two"]


async def test_output_is_whole_lines_in_order() -> None:
    """A slow reader gets every line, whole and in order."""
    reader, writer = os.pipe()
    lines = Lines(writer)
    for number in range(20_000):
        lines.put(f"line {number}")
    found = bytearray()
    ending = asyncio.create_task(asyncio.to_thread(lines.end))
    while found.count(b"\n") < 20_000:
        found += await asyncio.to_thread(os.read, reader, 100_000)
    await ending
    os.close(reader)
    os.close(writer)

    assert found.decode().splitlines() == [f"line {n}" for n in range(20_000)]


async def test_full_output_waits_for_its_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What nobody reads is bounded: more is asked for only when there is room."""
    monkeypatch.setattr(listeners, "UNREAD_BYTES_MAX", 200_000)
    reader, writer = os.pipe()
    lines = Lines(writer)
    lines.put("x" * 300_000)
    full = lines.is_full
    waiting = asyncio.create_task(asyncio.to_thread(lines.wait_for_room))
    await asyncio.sleep(0.05)
    early = waiting.done()
    left = 300_001
    while left:
        left -= len(await asyncio.to_thread(os.read, reader, 100_000))
    await waiting
    lines.end()
    os.close(reader)
    os.close(writer)

    assert full
    assert not early
    assert not lines.gone


def test_reader_that_has_gone_is_noticed() -> None:
    """A broken pipe is the end, not an error."""
    reader, writer = os.pipe()
    os.close(reader)
    lines = Lines(writer)
    lines.put("x")
    lines.end()
    lines.wait_for_room()
    os.close(writer)

    assert lines.gone
