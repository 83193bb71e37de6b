"""A petition's certificate, and the file that holds it with the name boxes (§13).

The first line of the file is canonical JSON that the signatures cover. Each line behind
it is one name box. The first line lists the boxes' hashes, so that damage to one box is
told from forgery, and costs one name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise

from bot.core import canonical
from bot.core.board import HASH_BYTES, tree_root
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.certificates import (
    CERTIFICATE_FORMAT,
    SIGNATURE_BYTES,
    NotGenuine,
    board_of,
    check_chain,
    has_mark,
    split_hashes,
)
from bot.core.manifest import Manifest, manifest_of
from bot.core.name_boxes import NAME_BOX_BYTES
from bot.core.petitions import (
    COUNT_SHOWN_MIN,
    NAMES_MAX,
    PetitionTerms,
)
from bot.core.slots import SLOTS_EXTENDED_MAX

PETITION_FILE = "petition"
# Of a petition whose names are not handed out.
NO_BOXES = b""

_CERTIFICATE_KEYS = frozenset(
    ["format", "manifest", "chain", "slots", "count", "boxes"]
)
_HEAD_KEYS = frozenset(
    [
        "roundrobin",
        "manifest",
        "manifest_signature",
        "certificate",
        "signature",
        "board",
        "boxes",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionCertificate:
    """What DS signs at a petition's close.

    `count` people signed. `boxes` is the root over the sorted hashes of their name
    boxes (32 B), or `NO_BOXES` where names are not handed out.
    """

    manifest_digest: bytes
    chain_head: bytes
    slots: int
    count: int
    boxes: bytes

    def encode(self) -> bytes:
        """Return the bytes that DS signs."""
        return canonical.encode(
            {
                "format": CERTIFICATE_FORMAT,
                "manifest": self.manifest_digest.hex(),
                "chain": self.chain_head.hex(),
                "slots": self.slots,
                "count": self.count,
                "boxes": self.boxes.hex(),
            }
        )


@dataclass(frozen=True, kw_only=True)
class PetitionFile:
    """All that trustees get at the close, and that a stranger can check.

    `hashes` are those of the name boxes, ascending, 32 B each, joined. `lines` are the
    boxes as they were read, in hexadecimal; a damaged one matches no hash.
    """

    manifest: Manifest
    manifest_signature: bytes
    certificate: PetitionCertificate
    signature: bytes
    board: tuple[bytes, ...]
    hashes: bytes
    lines: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the file's bytes."""
        head = canonical.encode(
            {
                "roundrobin": PETITION_FILE,
                "manifest": canonical.decode(self.manifest.encode()),
                "manifest_signature": self.manifest_signature.hex(),
                "certificate": canonical.decode(self.certificate.encode()),
                "signature": self.signature.hex(),
                "board": [hashes.hex() for hashes in self.board],
                "boxes": self.hashes.hex(),
            }
        )
        return b"".join(line + b"\n" for line in (head, *self.lines))

    @property
    def terms(self) -> PetitionTerms:
        """The petition's terms, which `decode_petition` has looked at."""
        assert isinstance(self.manifest.terms, PetitionTerms)
        return self.manifest.terms

    def check_terms(self) -> None:
        """Raise `NotGenuine` unless these terms can end in this certificate."""
        if self.certificate.manifest_digest != self.manifest.digest:
            raise NotGenuine("the result belongs to other terms")
        if not fits_petition(self.certificate, self.manifest):
            raise NotGenuine("the result does not fit its terms")

    def check_board(self) -> None:
        """Raise `NotGenuine` unless the hashes give the certificate's chain head."""
        check_chain(self.board, self.certificate.slots, self.certificate.chain_head)

    def has_mark(self, mark: str) -> bool:
        """Tell whether an envelope whose hash begins so (hexadecimal) is in there."""
        return has_mark(self.board, mark)

    def check_boxes(self) -> None:
        """Raise `NotGenuine` unless the certificate signs this list of name boxes."""
        hashes = split_hashes(self.hashes)
        if any(left >= right for left, right in pairwise(hashes)):
            raise NotGenuine("the name boxes are not listed in their order")
        if not self.certificate.boxes:
            if hashes or self.lines:
                raise NotGenuine("there are name boxes that nobody signed for")
            return
        if len(hashes) != self.certificate.count:
            raise NotGenuine("the number of name boxes is another than the count")
        if tree_root(hashes) != self.certificate.boxes:
            raise NotGenuine("the name boxes are others than the certificate says")

    @cached_property
    def boxes(self) -> tuple[bytes | None, ...]:
        """The name boxes in the order of their hashes; None stands for a damaged one.

        Lines that the certificate does not sign for are left out.
        """
        found = {
            sha256(box).digest(): box
            for box in map(_box, self.lines)
            if len(box) == NAME_BOX_BYTES
        }
        return tuple(found.get(entry) for entry in split_hashes(self.hashes))

    @property
    def is_whole(self) -> bool:
        """Whether each line is a box that was signed for, and none is missing."""
        expected = [box.hex().encode() for box in self.boxes if box is not None]
        return [*self.lines] == expected and None not in self.boxes


def seal_boxes(boxes: Iterable[bytes]) -> tuple[bytes, bytes, tuple[bytes, ...]]:
    """Return the root, the joined hashes and the lines for these name boxes.

    They are sorted by hash, which leaves nothing of the order in which people signed.
    """
    by_hash = sorted((sha256(box).digest(), box) for box in boxes)
    hashes = [entry for entry, _ in by_hash]
    return (
        tree_root(hashes),
        b"".join(hashes),
        tuple(box.hex().encode() for _, box in by_hash),
    )


def is_petition_file(data: bytes) -> bool:
    """Tell whether these bytes call themselves a petition, genuine or not."""
    return b'"roundrobin":"petition"' in data.partition(b"\n")[0]


def decode_petition(data: bytes) -> PetitionFile:
    """Return what stands in a petition's file, unchecked, or raise `Malformed`.

    The lines behind the first are taken as they are: `check_boxes` and `boxes` judge
    them.
    """
    head, *lines = data.split(b"\n")
    fields = canonical.decode_object(head, _HEAD_KEYS)
    if fields["roundrobin"] != PETITION_FILE:
        raise Malformed("a file of another kind")
    if lines and not lines[-1]:
        lines.pop()
    if len(lines) > NAMES_MAX:
        raise Malformed("a file has too many lines")
    return PetitionFile(
        manifest=_manifest_of(fields["manifest"]),
        manifest_signature=canonical.bytes_of(
            fields["manifest_signature"], SIGNATURE_BYTES
        ),
        certificate=_certificate_of(fields["certificate"]),
        signature=canonical.bytes_of(fields["signature"], SIGNATURE_BYTES),
        board=board_of(fields["board"]),
        hashes=_hashes(fields["boxes"]),
        lines=tuple(lines),
    )


def decode_petition_certificate(data: bytes) -> PetitionCertificate:
    """Return the certificate in `data`, or raise `Malformed`."""
    return _certificate_of(canonical.decode(data))


def _manifest_of(value: JsonValue) -> Manifest:
    manifest = manifest_of(value)
    if not isinstance(manifest.terms, PetitionTerms):
        raise Malformed("a manifest of another kind")
    return manifest


def _certificate_of(value: JsonValue) -> PetitionCertificate:
    fields: JsonObject = canonical.object_of(value, _CERTIFICATE_KEYS)
    canonical.format_of(fields["format"], CERTIFICATE_FORMAT)
    return PetitionCertificate(
        manifest_digest=canonical.bytes_of(fields["manifest"], HASH_BYTES),
        chain_head=canonical.bytes_of(fields["chain"], HASH_BYTES),
        slots=canonical.integer_of(fields["slots"], 1, SLOTS_EXTENDED_MAX),
        count=canonical.integer_of(fields["count"], 0, 10**9),
        boxes=canonical.bytes_of(fields["boxes"], HASH_BYTES if fields["boxes"] else 0),
    )


def fits_petition(certificate: PetitionCertificate, manifest: Manifest) -> bool:
    """Tell whether a petition of these terms can end in this certificate (R7)."""
    terms = manifest.terms
    assert isinstance(terms, PetitionTerms)
    reached = certificate.count >= terms.threshold
    names = reached and terms.has_names
    return (
        certificate.slots <= manifest.schedule.count
        and (reached or certificate.count >= COUNT_SHOWN_MIN)
        and bool(certificate.boxes) is names
        and (not names or certificate.count <= NAMES_MAX)
    )


def _hashes(value: JsonValue) -> bytes:
    text = canonical.text_of(value, 2 * HASH_BYTES * NAMES_MAX)
    if len(text) % (2 * HASH_BYTES):
        raise Malformed("the hashes of the name boxes have another length")
    return canonical.bytes_of(text, len(text) // 2)


def _box(line: bytes) -> bytes:
    """Return the box on a line, or nothing where the line is damaged."""
    try:
        return bytes.fromhex(line.decode("ascii"))
    except ValueError:
        return b""
