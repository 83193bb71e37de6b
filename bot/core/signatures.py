"""What a ballot of a petition says: sign, or take a name off (protocol.md §13)."""

from dataclasses import dataclass
from enum import IntEnum

from bot.core.canonical import Malformed
from bot.core.name_boxes import NAME_BOX_BYTES
from bot.core.petitions import PetitionTerms


class Act(IntEnum):
    """What somebody does. Both travel in records of the same length."""

    SIGN = 1
    WITHDRAW = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signature:
    """A petition's payload: the act, and the name box where names are collected."""

    act: Act
    box: bytes = b""

    def encode(self) -> bytes:
        """Return the payload of a petition's ballot."""
        return bytes([self.act]) + self.box


def box_bytes(terms: PetitionTerms) -> int:
    """Return how long a signature's name box is: nothing where people only count."""
    return NAME_BOX_BYTES if terms.has_names else 0


def decode_signature(payload: bytes, terms: PetitionTerms) -> Signature:
    """Return what a payload says, or raise `Malformed`."""
    act, box = payload[:1], payload[1:]
    if act not in (b"\x01", b"\x02"):
        raise Malformed("a signature of an unknown act")
    signature = Signature(act=Act(act[0]), box=box)
    expected = box_bytes(terms) if signature.act is Act.SIGN else 0
    if len(box) != expected:
        raise Malformed("a signature of another length")
    return signature
