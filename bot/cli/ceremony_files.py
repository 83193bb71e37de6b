"""The files of a ceremony: read with a bound, written for their owner alone."""

import os
from pathlib import Path

from bot.cli.shield import CannotDo
from bot.core.canonical import Malformed
from bot.core.shares import Shares, decode_shares
from bot.core.trustees import decode_key_file
from bot.views import ceremony

# A petition of 200,000 names, in hexadecimal.
PETITION_BYTES_MAX = 512 * 1024 * 1024
# Seven people have 140 boxes.
SHARES_BYTES_MAX = 64 * 1024
KEY_BYTES_MAX = 4096


def read(path: Path, bytes_max: int) -> bytes:
    """Return a file's content; one that is too long is cut, and will not decode."""
    try:
        with path.expanduser().open("rb") as stream:
            return stream.read(bytes_max + 1)
    except (OSError, RuntimeError, ValueError):
        raise CannotDo(ceremony.FILE_UNREADABLE) from None


def read_secret(path: Path) -> bytes:
    """Return the secret in a key file."""
    try:
        return decode_key_file(read(path, KEY_BYTES_MAX))
    except Malformed:
        raise CannotDo(ceremony.KEY_UNREADABLE) from None


def read_shares(path: Path) -> Shares:
    """Return what is in a shares file."""
    try:
        return decode_shares(read(path, SHARES_BYTES_MAX))
    except Malformed:
        raise CannotDo(ceremony.SHARES_UNREADABLE) from None


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads; one that is there stays as it is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(path.expanduser(), flags, 0o600)
    except FileExistsError:
        raise CannotDo(ceremony.FILE_THERE) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_over(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, in place of what was there."""
    path = path.expanduser()
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    write_new(beside, content)
    beside.replace(path)
