"""The plain record of one answer, always of its kind's one length (protocol.md §6)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

from bot.core.canonical import Malformed
from bot.core.manifest import DriveId
from bot.core.shapes import HEADER_BYTES, MAC_BYTES, POLL, Shape
from bot.core.tallies import Choice
from bot.core.terms import PollTerms

Tag = NewType("Tag", bytes)
Envelope = NewType("Envelope", bytes)

BALLOT_VERSION = 1
# A poll's record; petitions and reports have longer ones (`bot.core.shapes`).
POLL_RECORD_BYTES = POLL.record_bytes
POLL_ENVELOPE_BYTES = POLL.envelope_bytes
NO_CODE = bytes(32)
NO_SEGMENT = 255

# version, kind, drive, slot, t1, seq, id, code key; big-endian, no gaps.
_HEADER = struct.Struct(">BB16sI32sQ16s32s")
assert _HEADER.size == HEADER_BYTES
POLL_PAYLOAD_BYTES_MAX = POLL.payload_bytes_max
_PAD_MARK = b"\x80"
# chosen options as bits, segment
_ANSWER = struct.Struct(">IB")


class Kind(IntEnum):
    """What a record is. Dummies fill an inbox and count for nothing."""

    DUMMY = 0
    ANSWER = 1
    REPORT = 2
    LETTER = 3
    SIGNATURE = 4


# Not frozen: a million are made in a count, and freezing takes 2 µs of each.
@dataclass(slots=True, kw_only=True, repr=False)
class Ballot:
    """One answer before it is sealed. It has no useful `repr`, on purpose.

    `tag` is t1 (32 B), `seq` orders the answers of one gate (64 bits), `ballot_id`
    is random (16 B), `code_key` comes from a person's code (32 B) or is `NO_CODE`.
    """

    kind: Kind
    drive_id: DriveId
    slot: int
    tag: Tag
    seq: int
    ballot_id: bytes
    code_key: bytes
    payload: bytes

    def encode(self) -> bytes:
        """Return the bytes that the MAC covers: header and payload."""
        head = _HEADER.pack(
            BALLOT_VERSION,
            self.kind,
            self.drive_id,
            self.slot,
            self.tag,
            self.seq,
            self.ballot_id,
            self.code_key,
        )
        return head + self.payload


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """What a person chose: options as bit positions, and one segment or none."""

    chosen: int
    segment: int = NO_SEGMENT

    def encode(self) -> bytes:
        """Return the five bytes that stand in a poll's payload."""
        return _ANSWER.pack(self.chosen, self.segment)

    @staticmethod
    def decode(data: bytes) -> "Answer":
        """Return the answer in five bytes that this program wrote."""
        chosen, segment = _ANSWER.unpack(data)
        return Answer(chosen=chosen, segment=segment)


def pad_record(body: bytes, mac: bytes, shape: Shape = POLL) -> bytes:
    """Return exactly `shape.record_bytes` bytes, so that length reveals nothing.

    The padding is that of ISO/IEC 7816-4: one byte 0x80, then zeros.
    """
    assert len(mac) == MAC_BYTES
    assert len(body) <= HEADER_BYTES + shape.payload_bytes_max
    return (mac + body + _PAD_MARK).ljust(shape.record_bytes, b"\x00")


def split_record(record: bytes, shape: Shape = POLL) -> tuple[bytes, bytes]:
    """Return MAC and body of a padded record, or raise `Malformed`."""
    if len(record) != shape.record_bytes:
        raise Malformed("a record has another length")
    content = record.rstrip(b"\x00")
    if content[-1:] != _PAD_MARK or len(content) <= MAC_BYTES + HEADER_BYTES:
        raise Malformed("a record is not padded as it must be")
    return content[:MAC_BYTES], content[MAC_BYTES:-1]


def split_envelopes(joined: bytes, shape: Shape = POLL) -> Iterator[Envelope]:
    """Yield the envelopes that stand joined in `joined`."""
    for at in range(0, len(joined), shape.envelope_bytes):
        yield Envelope(joined[at : at + shape.envelope_bytes])


def decode_ballot(body: bytes, shape: Shape = POLL) -> Ballot:
    """Return the ballot in `body`, whose MAC holds, or raise `Malformed`."""
    if not HEADER_BYTES <= len(body) <= HEADER_BYTES + shape.payload_bytes_max:
        raise Malformed("a ballot has another length")
    version, kind, drive, slot, tag, seq, ballot_id, code_key = _HEADER.unpack_from(
        body
    )
    if version != BALLOT_VERSION:
        raise Malformed("a ballot of another version")
    try:
        known = Kind(kind)
    except ValueError:
        raise Malformed("a ballot of an unknown kind") from None
    return Ballot(
        kind=known,
        drive_id=DriveId(drive),
        slot=slot,
        tag=Tag(tag),
        seq=seq,
        ballot_id=ballot_id,
        code_key=code_key,
        payload=body[HEADER_BYTES:],
    )


def decode_answer(payload: bytes, terms: PollTerms) -> Answer:
    """Return the answer in `payload` if `terms` offer it, or raise `Malformed`."""
    if len(payload) != _ANSWER.size:
        raise Malformed("an answer has another length")
    chosen, segment = _ANSWER.unpack(payload)
    if not is_offered(chosen, segment, terms):
        raise Malformed("an answer that the terms do not offer")
    return Answer(chosen=chosen, segment=segment)


def is_offered(chosen: int, segment: int, terms: PollTerms) -> bool:
    """Tell whether `terms` allow these options together with this segment."""
    if not 0 < chosen < 1 << len(terms.options):
        return False
    if terms.choice is not Choice.MULTI and chosen.bit_count() != 1:
        return False
    return segment == NO_SEGMENT or segment < len(terms.segments)
