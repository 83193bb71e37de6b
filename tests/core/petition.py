"""One petition that the tests share, and its file as the counter would hand it out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.core.board import EMPTY_HEAD, chain, tree_root
from bot.core.details import Detail
from bot.core.manifest import Manifest
from bot.core.name_boxes import SignedName
from bot.core.petition_files import (
    NO_BOXES,
    PetitionCertificate,
    PetitionFile,
    seal_boxes,
)
from bot.core.petitions import Collects, PetitionTerms
from bot.core.shares import Shares
from bot.core.slots import DAY, HOUR, Schedule
from bot.crypto import signing
from bot.crypto.name_sealing import seal_name
from bot.crypto.petition_keys import (
    parts_random_bytes,
    public_of_secret,
    split_seed,
)
from tests.core.lunch import DRIVE, NOON

DS_SEED = bytes([17]) * 32
SEED = bytes(range(100, 116))
# Three trustees, two of whom are needed.
SECRETS = tuple(bytes([n]) * 32 for n in (51, 52, 53))
STRANGER = bytes([54]) * 32


@cache
def shares(secrets: tuple[bytes, ...] = SECRETS, needed: int = 2) -> Shares:
    """Return the split key of the petition."""
    keys = [public_of_secret(secret) for secret in secrets]
    random = bytes(range(256)) * 10
    size = parts_random_bytes(len(keys), needed)
    return split_seed(SEED, keys, needed=needed, random=random[:size])


BREAKS = PetitionTerms(
    name="breaks",
    title="Paid lunch breaks",
    text="We ask for a paid break of 30 minutes.\nIt begins next month.",
    addressee="the site management",
    threshold=20,
    asks=(Detail.AFFILIATION,),
    trustees=shares().trustees,
    place="general",
    audience=800,
)
JOIN_LINK = "https://union.example.org/join?at=warehouse&v=2"
COUNTED = replace(BREAKS, collects=Collects.COUNT, asks=(), trustees=None)

MEMBERS = replace(
    COUNTED,
    collects=Collects.MEMBERSHIP,
    title="Our union",
    text="Are you in the union? Nobody is asked for a name.",
    addressee="",
    link=JOIN_LINK,
    people=800,
    audience=60,
)


def manifest_of(terms: PetitionTerms) -> Manifest:
    """Return the manifest of these terms: three days in slots of six hours."""
    return Manifest(
        drive_id=DRIVE,
        terms=terms,
        schedule=Schedule(
            opens_at=NOON, closes_at=NOON + 3 * DAY, slot_seconds=6 * HOUR
        ),
        signer=signing.public_of(DS_SEED),
        gate_commitment=bytes([7]) * 32,
    )


def people(count: int) -> list[SignedName]:
    """Return so many people who signed."""
    return [
        SignedName(drive_id=DRIVE, name=f"Person {n:04}", affiliation="Dock 4")
        for n in range(count)
    ]


def boxes_of(names: Sequence[SignedName], terms: PetitionTerms = BREAKS) -> list[bytes]:
    """Return the name boxes, as the gate seals them."""
    assert terms.trustees is not None
    return [seal_name(name, terms.trustees.public) for name in names]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """How a petition closed, before DS signs it."""

    terms: PetitionTerms = BREAKS
    count: int
    boxes: tuple[bytes, ...] = ()
    slots: int = 2

    def file(self, seed: bytes = DS_SEED) -> PetitionFile:
        """Return the file that DS signs."""
        manifest = manifest_of(self.terms)
        board = (bytes([1]) * 32 + bytes([2]) * 32, *[b""] * (self.slots - 1))
        head = EMPTY_HEAD
        for slot, hashes in enumerate(board):
            entries = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
            head = chain(head, slot, tree_root(entries))
        root, hashes, lines = seal_boxes(self.boxes)
        certificate = PetitionCertificate(
            manifest_digest=manifest.digest,
            chain_head=head,
            slots=self.slots,
            count=self.count,
            boxes=root if self.boxes else NO_BOXES,
        )
        return signed(
            PetitionFile(
                manifest=manifest,
                manifest_signature=b"",
                certificate=certificate,
                signature=b"",
                board=board,
                hashes=hashes,
                lines=lines,
            ),
            seed,
        )


def signed(file: PetitionFile, seed: bytes = DS_SEED) -> PetitionFile:
    """Return the file with both signatures made anew."""
    return replace(
        file,
        manifest_signature=signing.sign(seed, signing.MANIFEST, file.manifest.encode()),
        signature=signing.sign(seed, signing.CERTIFICATE, file.certificate.encode()),
    )


def closed_by(names: Sequence[SignedName], terms: PetitionTerms = BREAKS) -> Closed:
    """Return the close of a petition that these people signed."""
    return Closed(terms=terms, count=len(names), boxes=tuple(boxes_of(names, terms)))
