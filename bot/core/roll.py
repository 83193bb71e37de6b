"""Who signed a petition so far: second tags, name boxes, and marks of codes (§13).

A name box lies beside a second tag, as it must be found again to be taken off. Who it
is takes both keystores to say, and what the name is takes the trustees.
"""

from dataclasses import dataclass
from itertools import pairwise

from bot.core.canonical import Malformed
from bot.core.petitions import NAMES_MAX, PetitionTerms
from bot.core.signatures import box_bytes
from bot.core.states import NUMBER, Reader, frame

ROLL_MAGIC = b"RRPS"
ROLL_VERSION = 1
# A sealed roll grows in steps of 190 names, which is more than a public step is: its
# length tells nobody more than the channel does.
ROLL_STEP_BYTES = 131_072
TAG_BYTES = 16
CODE_MARK_BYTES = 32
# Of a signature without a code.
NO_CODE_MARK = bytes(CODE_MARK_BYTES)
_PEOPLE_MAX = 10**7


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signed:
    """One signature that stands: the mark of its code (32 B), and its name box."""

    code_mark: bytes
    box: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Roll:
    """All signatures that stand, by second tag, and all tags that were ever counted."""

    generation: int
    seen: frozenset[bytes]
    signed: dict[bytes, Signed]

    def __post_init__(self) -> None:
        if len(self.signed) > NAMES_MAX or not self.seen.issuperset(self.signed):
            raise ValueError("a roll with signatures of nobody, or with too many")


def start_roll() -> Roll:
    """Return the roll that nobody signed."""
    return Roll(generation=0, seen=frozenset(), signed={})


def encode_roll(roll: Roll) -> bytes:
    """Return the roll's bytes, padded to a multiple of `ROLL_STEP_BYTES`."""
    parts = [ROLL_MAGIC, bytes([ROLL_VERSION]), roll.generation.to_bytes(8, "big")]
    parts += [NUMBER.pack(len(roll.seen)), *sorted(roll.seen)]
    parts.append(NUMBER.pack(len(roll.signed)))
    for tag in sorted(roll.signed):
        signed = roll.signed[tag]
        parts += [tag, signed.code_mark, signed.box]
    return frame(parts, step=ROLL_STEP_BYTES)


def decode_roll(data: bytes, terms: PetitionTerms) -> Roll:
    """Return the roll in `data`, or raise `Malformed`."""
    reader = Reader(data, step=ROLL_STEP_BYTES)
    if reader.take(5) != ROLL_MAGIC + bytes([ROLL_VERSION]):
        raise Malformed("a roll of another format")
    generation = int.from_bytes(reader.take(8), "big")
    seen = _rows(reader, TAG_BYTES)
    size = TAG_BYTES + CODE_MARK_BYTES + box_bytes(terms)
    rows = _rows(reader, size)
    reader.end()
    tags = [row[:TAG_BYTES] for row in rows]
    if not _ascends(seen) or not _ascends(tags):
        raise Malformed("a roll out of order")
    try:
        return Roll(
            generation=generation,
            seen=frozenset(seen),
            signed={row[:TAG_BYTES]: _signed(row[TAG_BYTES:]) for row in rows},
        )
    except ValueError:
        raise Malformed("a roll that cannot be") from None


def _rows(reader: Reader, size: int) -> list[bytes]:
    count = reader.number()
    if count > _PEOPLE_MAX:
        raise Malformed("a roll of too many")
    return [reader.take(size) for _ in range(count)]


def _signed(row: bytes) -> Signed:
    return Signed(code_mark=row[:CODE_MARK_BYTES], box=row[CODE_MARK_BYTES:])


def _ascends(tags: list[bytes]) -> bool:
    return all(left < right for left, right in pairwise(tags))
