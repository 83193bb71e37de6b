"""Codes that open what their owner sent: 26 characters, shown once (protocol.md §8).

Crockford's base 32 (crockford.com/base32.html): 24 characters carry 120 random bits,
the last two a checksum of 10 bits, so that a mistyped code is refused at once: the
number modulo 1021, the largest prime of ten bits. A remainder by a prime above 32
changes with any one character, and with any two neighbours that change places.
"""

from typing import NewType

from bot.core.errors import CodeMistyped
from bot.crypto.prf import CODE, prf

Code = NewType("Code", str)

CODE_RANDOM_BYTES = 15
CODE_CHARS = 26
_GROUP_CHARS = 4
_CHECK_BITS = 10
_CHECK_PRIME = 1021
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
# Crockford: letters that look like digits are read as them.
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def make_code(random: bytes) -> Code:
    """Return the code of 15 random bytes, in groups of four."""
    assert len(random) == CODE_RANDOM_BYTES
    number = int.from_bytes(random, "big") << _CHECK_BITS | _checksum(random)
    chars = "".join(
        _ALPHABET[number >> shift & 31] for shift in range(5 * (CODE_CHARS - 1), -1, -5)
    )
    return Code(
        " ".join(
            chars[at : at + _GROUP_CHARS] for at in range(0, CODE_CHARS, _GROUP_CHARS)
        )
    )


def read_code(typed: str) -> bytes:
    """Return the 15 bytes of a typed code, or refuse it as mistyped.

    Case, spaces and dashes do not count; O reads as 0, I and L as 1.
    """
    # A pasted text of any length costs no more than a code.
    chars = typed[: 4 * CODE_CHARS].upper().translate(_LOOK_ALIKES)
    if len(chars) != CODE_CHARS or not all(char in _VALUES for char in chars):
        raise CodeMistyped
    number = 0
    for char in chars:
        number = number << 5 | _VALUES[char]
    random = (number >> _CHECK_BITS).to_bytes(CODE_RANDOM_BYTES, "big")
    if number & (1 << _CHECK_BITS) - 1 != _checksum(random):
        raise CodeMistyped
    return random


def code_key(random: bytes) -> bytes:
    """Return the 32 bytes that a ballot carries and that open its revision row."""
    return prf(random.ljust(32, b"\x00"), CODE, b"")


def _checksum(random: bytes) -> int:
    return int.from_bytes(random, "big") % _CHECK_PRIME
