"""What trustees write down, keep and hand on: lines and key files (protocol.md §13).

Lines are copied by hand or by mail, so each ends in a checksum.
"""

import hashlib
import re
from dataclasses import dataclass

from bot.core import canonical
from bot.core.canonical import Malformed

# As many boxes as there are subsets are made: 35 for seven, and 3,003 for fifteen.
TRUSTEES_MAX = 7
KEY_BYTES = 32
KEY_FILE_FORMAT = 1

_CHECK_LABEL = b"rr/trustees/v1"
_CHECK_CHARS = 8
_KEY_LINE = re.compile(r"rrkey1-([0-9a-f]{64})")
_PETITION_LINE = re.compile(r"rrnames1-([0-9a-f]{64})-([1-9])-([1-9])")
# Points of small order, with the highest bit left out: nothing can be sealed to them
# (RFC 7748 §6.1; the list is libsodium's, in x25519_ref10.c).
SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
# A line with its checksum; what is longer is something else.
_LINE_CHARS_MAX = 200


class LineMistyped(ValueError):
    """A trustee's line with a mistake in it. Nothing of it is quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trustees:
    """Who can open a petition's names: TK in public, and `needed` of `count` people."""

    public: bytes
    count: int
    needed: int

    def __post_init__(self) -> None:
        if len(self.public) != KEY_BYTES:
            raise ValueError("a public key has another length")
        if not 1 <= self.needed <= self.count <= TRUSTEES_MAX:
            raise ValueError("one to seven trustees, and no more are needed than exist")

    def line(self) -> str:
        """Return the one line that an organizer gives to the bot."""
        return _checked(f"rrnames1-{self.public.hex()}-{self.count}-{self.needed}")


def read_trustees(line: str) -> Trustees:
    """Return what a petition's line says, or raise `LineMistyped`."""
    public, count, needed = _read(line, _PETITION_LINE).groups()
    try:
        found = Trustees(
            public=bytes.fromhex(public), count=int(count), needed=int(needed)
        )
    except ValueError:
        raise LineMistyped("a line of trustees that cannot be") from None
    if found.public[:-1] + bytes([found.public[-1] & 0x7F]) in SMALL_ORDER:
        raise LineMistyped("a key to which nothing can be sealed")
    return found


def key_line(public: bytes) -> str:
    """Return the one line that a trustee gives to whoever splits the key."""
    return _checked(f"rrkey1-{public.hex()}")


def read_key_line(line: str) -> bytes:
    """Return the public key (32 B) in a trustee's line, or raise `LineMistyped`."""
    return bytes.fromhex(_read(line, _KEY_LINE)[1])


def encode_key_file(secret: bytes) -> bytes:
    """Return the file that a trustee keeps for themselves."""
    assert len(secret) == KEY_BYTES
    return canonical.encode(
        {"roundrobin": "trustee key", "format": KEY_FILE_FORMAT, "secret": secret.hex()}
    )


def decode_key_file(data: bytes) -> bytes:
    """Return the secret (32 B) in a trustee's key file, or raise `Malformed`."""
    # Editors add a line end; a key shall not be lost to that.
    fields = canonical.decode_object(
        data.strip(), frozenset(["roundrobin", "format", "secret"])
    )
    if fields["roundrobin"] != "trustee key":
        raise Malformed("a file of another kind")
    canonical.format_of(fields["format"], KEY_FILE_FORMAT)
    return canonical.bytes_of(fields["secret"], KEY_BYTES)


def _checked(text: str) -> str:
    return f"{text}-{_checksum(text)}"


def _read(line: str, pattern: re.Pattern[str]) -> re.Match[str]:
    """Return the parts of a line whose checksum holds; case and spaces do not count."""
    text = "".join(line[:_LINE_CHARS_MAX].split()).lower()
    body, _, check = text.rpartition("-")
    found = pattern.fullmatch(body)
    if found is None or check != _checksum(body):
        raise LineMistyped("a line of another kind, or with a mistake in it")
    return found


def _checksum(text: str) -> str:
    digest = hashlib.sha256(_CHECK_LABEL + text.encode()).hexdigest()
    return digest[:_CHECK_CHARS]
