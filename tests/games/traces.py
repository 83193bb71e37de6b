"""How a thief looks for something in files: in every form in which it might lie."""

import base64
from collections.abc import Iterable
from pathlib import Path


def forms(needle: bytes) -> set[bytes]:
    """Return a needle as it is, in hexadecimal, in UTF-16 and in base64.

    In base64 the same bytes look different at each of three places; the characters
    that depend on what stands before and behind are left out.
    """
    inside = {_inside(shift, needle) for shift in range(3)}
    wide = {bytes(_wide(needle, first)) for first in range(2)}
    digits = needle.hex()
    return {needle, digits.encode(), digits.upper().encode(), *wide, *inside}


def _inside(shift: int, needle: bytes) -> bytes:
    """Return the characters of base64 that depend on these bytes alone."""
    first = (shift * 8 + 5) // 6
    behind = (shift + len(needle)) * 8 // 6
    return base64.b64encode(bytes(shift) + needle)[first:behind]


def _wide(needle: bytes, first: int) -> bytearray:
    """Return a text's bytes with a zero before or behind each (UTF-16)."""
    wide = bytearray(2 * len(needle))
    wide[first::2] = needle
    return wide


def hits(files: dict[Path, bytes], needles: Iterable[bytes]) -> list[str]:
    """Return the names of files in which one of the needles lies, in any form."""
    patterns = {form for needle in needles for form in forms(needle)}
    return [
        path.name
        for path, content in files.items()
        for pattern in patterns
        if pattern in content
    ]
