"""Looking for people in files: their ids as they are, and in the usual disguises.

Run as a program it takes paths and needles as JSON on standard input.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

# Shorter texts turn up in random bytes by chance.
NEEDLE_CHARS_MIN = 12
_BASE64_BITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search found: in how many files and bytes, and how many hits."""

    files: int
    bytes: int
    hits: int


async def search_apart(files: Iterable[Path], needles: Iterable[str]) -> Search:
    """Do `search_files` in a process of its own.

    A process that has a SQLite database open must not open its file once more:
    closing that would drop the locks (sqlite.org/howtocorrupt.html §2.2).
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    asked = {"files": [str(path) for path in files], "needles": list(needles)}
    answer, _ = await process.communicate(json.dumps(asked).encode())
    return Search(**json.loads(answer))


def search_files(files: Iterable[Path], needles: Iterable[str]) -> Search:
    """Count where any of the needles stands in any file, in any disguise."""
    patterns = [pattern for needle in needles for pattern in disguises(needle)]
    read, size, hits = 0, 0, 0
    for path in files:
        content = path.read_bytes()
        read += 1
        size += len(content)
        hits += sum(content.count(pattern) for pattern in patterns)
    return Search(files=read, bytes=size, hits=hits)


def files_under(folder: Path, *, without: Iterable[Path] = ()) -> list[Path]:
    """Return all files in a folder and below, but for some."""
    left_out = set(without)
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path not in left_out
    )


def disguises(needle: str) -> frozenset[bytes]:
    """Return a text as it is, in hexadecimal, in UTF-16, and inside base64."""
    if len(needle) < NEEDLE_CHARS_MIN:
        raise ValueError("a short text is found in random bytes")
    found: set[bytes] = set()
    for plain in (
        needle.encode(),
        needle.lower().encode(),
        needle.encode("utf-16-le"),
        needle.encode("utf-16-be"),
    ):
        found |= {plain, plain.hex().encode(), plain.hex().upper().encode()}
        found |= {_in_base64(plain, before) for before in range(3)}
    return frozenset(found)


def _in_base64(plain: bytes, before: int) -> bytes:
    """Return the signs that stand for `plain` wherever it is, `before` bytes in."""
    encoded = base64.b64encode(bytes(before) + plain)
    first = -(-before * 8 // _BASE64_BITS)
    whole = (before + len(plain)) * 8 // _BASE64_BITS
    return encoded[first:whole]


if __name__ == "__main__":
    told = json.load(sys.stdin)
    searched = search_files(map(Path, told["files"]), told["needles"])
    sys.stdout.write(json.dumps(asdict(searched)))
