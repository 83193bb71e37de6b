"""The plain record of one signature, before it is boxed (protocol.md §13).

It is sealed to TK, whose secret no part of the bot ever holds.
"""

from dataclasses import dataclass, fields

from bot.core.canonical import Malformed
from bot.core.details import DETAIL_BYTES_MAX, Detail, check_detail
from bot.core.manifest import DRIVE_ID_BYTES, DriveId

NAME_VERSION = 1
NAME_BOX_BYTES = 640
# libsodium's sealed box adds an ephemeral public key (32) and a Poly1305 tag (16).
NAME_RECORD_BYTES = NAME_BOX_BYTES - 48
_PAD_MARK = b"\x80"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedName:
    """What one person put on one petition. It has no useful `repr`, on purpose.

    One line each, without spaces around it; all but the name may be empty. `drive_id`
    keeps the box of one petition from being counted in another under the same key.
    """

    drive_id: DriveId
    name: str
    affiliation: str = ""
    contact: str = ""
    phone: str = ""
    language: str = ""
    employer: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        """Hold what every reader of the list relies on."""
        if len(self.drive_id) != DRIVE_ID_BYTES:
            raise ValueError("a drive's id has another length")
        if not self.name:
            raise ValueError("a signature has no name")
        for detail, bytes_max in DETAIL_BYTES_MAX.items():
            check_detail(self.detail(detail), bytes_max)

    def detail(self, detail: Detail) -> str:
        """Return one of the texts."""
        text: str = getattr(self, detail.value)
        return text

    def encode(self) -> bytes:
        """Return exactly `NAME_RECORD_BYTES` bytes, so that length reveals nothing."""
        texts = [self.detail(detail).encode() for detail in Detail]
        body = b"".join(bytes([len(text)]) + text for text in texts)
        record = bytes([NAME_VERSION]) + self.drive_id + body + _PAD_MARK
        return record.ljust(NAME_RECORD_BYTES, b"\x00")


def decode_name(record: bytes) -> SignedName:
    """Return the signature in an opened name box, or raise `Malformed`."""
    if len(record) != NAME_RECORD_BYTES:
        raise Malformed("a name's record has another length")
    if record[0] != NAME_VERSION:
        raise Malformed("a name's record of another version")
    texts: list[str] = []
    at = 1 + DRIVE_ID_BYTES
    for _ in Detail:
        end = at + 1 + record[at]
        # The mark stands behind the last text, so that no text reaches the end.
        if end >= NAME_RECORD_BYTES:
            raise Malformed("a name's record is cut off")
        texts.append(_text(record[at + 1 : end]))
        at = end
    if record[at:] != _PAD_MARK.ljust(NAME_RECORD_BYTES - at, b"\x00"):
        raise Malformed("a name's record is not padded as it must be")
    names = [each.name for each in fields(SignedName)][1:]
    try:
        return SignedName(
            drive_id=DriveId(record[1 : 1 + DRIVE_ID_BYTES]),
            **dict(zip(names, texts, strict=True)),
        )
    except ValueError:
        raise Malformed("a signature that cannot be") from None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("a name's record holds no UTF-8") from None
