"""Opening a petition's names: offline, on a trustee's machine (protocol.md §13).

Nothing that runs with the bot may import this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import combinations

from nacl.bindings import crypto_box_seal_open
from nacl.exceptions import CryptoError

from bot.core.canonical import Malformed
from bot.core.name_boxes import SignedName, decode_name
from bot.core.petition_files import PetitionFile
from bot.core.shares import Shares, groups_of
from bot.core.trustees import Trustees
from bot.crypto.certifying import verify_petition
from bot.crypto.petition_keys import (
    SEED_BYTES,
    public_of_secret,
    public_of_seed,
    secret_of,
    xor,
)


class Trouble(StrEnum):
    """Why names stay closed."""

    NO_NAMES = "no names"
    BELOW_THRESHOLD = "below threshold"
    FOREIGN_SHARES = "foreign shares"
    FOREIGN_KEY = "foreign key"
    TOO_FEW_KEYS = "too few keys"
    DAMAGED_SHARES = "damaged shares"
    FOREIGN_WORDS = "foreign words"


class StaysClosed(Exception):
    """The names are not opened. The trouble says why, and nothing is quoted."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenedNames:
    """What came out: the names in the order of the file, which is nobody's order.

    `damaged` are the numbers, from 1, of the boxes that did not open.
    """

    file: PetitionFile
    names: tuple[SignedName, ...]
    damaged: tuple[int, ...]


def check_petition(data: bytes) -> tuple[PetitionFile, Trustees]:
    """Return a petition whose names may be opened, and who can open them.

    Raises `Malformed`, `NotGenuine`, or `StaysClosed` if the threshold was not reached
    or names were never collected.
    """
    file = verify_petition(data)
    terms = file.terms
    if terms.trustees is None:
        raise StaysClosed(Trouble.NO_NAMES)
    if file.certificate.count < terms.threshold:
        raise StaysClosed(Trouble.BELOW_THRESHOLD)
    return file, terms.trustees


def join_parts(shares: Shares, secrets: Sequence[bytes], trustees: Trustees) -> bytes:
    """Return the seed from the shares and enough people's secrets (32 B each).

    Raises `StaysClosed` if the shares are another petition's, if a key belongs to none
    of these people, if there are too few, or if the boxes were damaged.
    """
    if shares.trustees != trustees:
        raise StaysClosed(Trouble.FOREIGN_SHARES)
    held: dict[int, bytes] = {}
    for secret in secrets:
        held[member_of(shares, secret)] = secret
    if len(held) < trustees.needed:
        raise StaysClosed(Trouble.TOO_FEW_KEYS)
    all_groups = dict(zip(groups_of(trustees), shares.groups, strict=True))
    # One damaged box shall not matter where others suffice.
    for group in combinations(sorted(held), trustees.needed):
        seed = _join_group(shares, held, group, all_groups[group])
        if seed is not None:
            return seed
    raise StaysClosed(Trouble.DAMAGED_SHARES)


def member_of(shares: Shares, secret: bytes) -> int:
    """Return whose key this is, by their place; `StaysClosed` if it is nobody's."""
    public = public_of_secret(secret)
    if public not in shares.keys:
        raise StaysClosed(Trouble.FOREIGN_KEY)
    return shares.keys.index(public)


def open_names(file: PetitionFile, trustees: Trustees, seed: bytes) -> OpenedNames:
    """Return all names whose boxes open; the damaged ones are numbered.

    Raises `StaysClosed` if the seed is that of another petition.
    """
    if public_of_seed(seed) != trustees.public:
        raise StaysClosed(Trouble.FOREIGN_WORDS)
    secret = secret_of(seed)
    names: list[SignedName] = []
    damaged: list[int] = []
    for number, box in enumerate(file.boxes, start=1):
        try:
            names.append(_open(box, file, trustees.public, secret))
        except (CryptoError, Malformed):
            damaged.append(number)
    return OpenedNames(file=file, names=tuple(names), damaged=tuple(damaged))


def _open(
    box: bytes | None, file: PetitionFile, public: bytes, secret: bytes
) -> SignedName:
    if box is None:
        raise Malformed("a name box is damaged")
    signed = decode_name(crypto_box_seal_open(box, public, secret))
    if signed.drive_id != file.manifest.drive_id:
        raise Malformed("a name box of another petition")
    return signed


def _join_group(
    shares: Shares,
    held: dict[int, bytes],
    group: Sequence[int],
    boxes: Sequence[bytes],
) -> bytes | None:
    parts: list[bytes] = []
    for member, box in zip(group, boxes, strict=True):
        try:
            part = crypto_box_seal_open(box, shares.keys[member], held[member])
        except CryptoError:
            return None
        parts.append(part)
    seed = reduce(xor, parts)
    fits = len(seed) == SEED_BYTES and public_of_seed(seed) == shares.trustees.public
    return seed if fits else None
