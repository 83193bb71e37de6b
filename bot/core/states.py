"""How the states of all kinds of drive are framed: pieces, a mark, zeros (§7.4).

Padding to a multiple of a step hides how much is in one; it is that of ISO/IEC 7816-4.
"""

import struct
from collections.abc import Iterable

from bot.core.canonical import Malformed

NUMBER = struct.Struct(">I")
_MARK = b"\x80"


def frame(parts: Iterable[bytes], *, step: int) -> bytes:
    """Return the pieces in a row, padded to a multiple of `step` bytes."""
    data = b"".join([*parts, _MARK])
    return data + bytes(-len(data) % step)


class Reader:
    """Takes pieces off the front of a framed state; running out is `Malformed`."""

    def __init__(self, data: bytes, *, step: int) -> None:
        """Begin at the first piece, or raise `Malformed` at another length."""
        if len(data) % step:
            raise Malformed("a state has another length")
        self._data = data.rstrip(b"\x00")
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        if size > len(self._data) - self._at:
            raise Malformed("a state is cut off")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self) -> int:
        """Return the next number, 32 bits."""
        return int.from_bytes(self.take(NUMBER.size), "big")

    def numbers(self, count: int) -> list[int]:
        """Return the next `count` numbers."""
        return [self.number() for _ in range(count)]

    def end(self) -> None:
        """Raise `Malformed` unless the mark is next, and nothing behind it."""
        if self._data[self._at :] != _MARK:
            raise Malformed("a state has something behind it")
