"""A certificate, and the one file in which it is handed out (protocol.md §10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import canonical
from bot.core.board import EMPTY_HEAD, HASH_BYTES, chain, tree_root
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.manifest import Manifest, manifest_of
from bot.core.publication import OTHER, ReleasedTable, from_certified, to_certified
from bot.core.released import SEGMENT_FACTOR
from bot.core.slots import SLOTS_EXTENDED_MAX
from bot.core.terms import PollTerms

CERTIFICATE_FORMAT = 1
SIGNATURE_BYTES = 64
# A slot of a million envelopes, twice over.
_HASHES_CHARS_MAX = 2 * HASH_BYTES * 2_000_000

_CERTIFICATE_KEYS = frozenset(["format", "manifest", "chain", "slots", "released"])
_FILE_KEYS = frozenset(
    [
        "roundrobin",
        "manifest",
        "manifest_signature",
        "certificate",
        "signature",
        "board",
    ]
)


class NotGenuine(Exception):
    """The file is readable, but something in it was not signed as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What DS signs at the close: the terms' hash, the table, the board's last head."""

    manifest_digest: bytes
    chain_head: bytes
    slots: int
    released: ReleasedTable

    def encode(self) -> bytes:
        """Return the bytes that DS signs."""
        return canonical.encode(
            {
                "format": CERTIFICATE_FORMAT,
                "manifest": self.manifest_digest.hex(),
                "chain": self.chain_head.hex(),
                "slots": self.slots,
                "released": to_certified(self.released),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFile:
    """All that a stranger needs to check a result offline.

    `board` holds for each slot the sorted envelope hashes, 32 B each, joined.
    """

    manifest: Manifest
    manifest_signature: bytes
    certificate: Certificate
    signature: bytes
    board: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the file's bytes; every one of them is covered by a signature."""
        return canonical.encode(
            {
                "roundrobin": "certificate",
                "manifest": canonical.decode(self.manifest.encode()),
                "manifest_signature": self.manifest_signature.hex(),
                "certificate": canonical.decode(self.certificate.encode()),
                "signature": self.signature.hex(),
                "board": [hashes.hex() for hashes in self.board],
            }
        )

    def check_terms(self) -> None:
        """Raise `NotGenuine` unless the result is one that these terms allow."""
        if self.certificate.manifest_digest != self.manifest.digest:
            raise NotGenuine("the result belongs to other terms")
        if not fits(self.certificate, self.manifest):
            raise NotGenuine("the result does not fit its terms")

    def check_board(self) -> None:
        """Raise `NotGenuine` unless the hashes give the certificate's chain head."""
        check_chain(self.board, self.certificate.slots, self.certificate.chain_head)

    def has_mark(self, mark: str) -> bool:
        """Tell whether an envelope whose hash begins so (hexadecimal) is in there."""
        return has_mark(self.board, mark)


def fits(certificate: Certificate, manifest: Manifest) -> bool:
    """Tell whether a drive of these terms can end in this certificate.

    It names this manifest; options, segments and slots are the manifest's, and the
    rules are not looser.
    """
    terms, table = manifest.terms, certificate.released
    if not isinstance(terms, PollTerms):
        # Nothing else ends in a certificate of this format.
        return False
    rules = terms.rules
    rounds = 2 if terms.extend else 1
    parts = [(table.total, table.base, rules.answers_min)]
    parts += [
        (part.total, part.base, SEGMENT_FACTOR * rules.answers_min)
        for part in table.segments
    ]
    return (
        certificate.manifest_digest == manifest.digest
        and certificate.slots <= rounds * manifest.schedule.count
        and (table.choice, table.rules) == (terms.choice, rules.version)
        and _labels(table) == terms.options
        and _segments_fit(table, terms)
        and all(
            base >= rules.base_min and total + base > answers_min
            for total, base, answers_min in parts
        )
    )


def check_chain(board: Sequence[bytes], slots: int, head: bytes) -> None:
    """Raise `NotGenuine` unless the board's hashes give this chain head."""
    if len(board) != slots:
        raise NotGenuine("the board has another number of slots")
    found = EMPTY_HEAD
    for slot, hashes in enumerate(board):
        found = chain(found, slot, tree_root(split_hashes(hashes)))
    if found != head:
        raise NotGenuine("the board does not match the certificate")


def has_mark(board: Sequence[bytes], mark: str) -> bool:
    """Tell whether an envelope whose hash begins so is on the board."""
    return any(
        entry.hex().startswith(mark)
        for hashes in board
        for entry in split_hashes(hashes)
    )


def board_of(value: JsonValue) -> tuple[bytes, ...]:
    """Return for each slot its joined hashes, or raise `Malformed`."""
    items = canonical.list_of(value, SLOTS_EXTENDED_MAX)
    return tuple(_hashes(item) for item in items)


def split_hashes(hashes: bytes) -> list[bytes]:
    """Return the 32-byte hashes that stand joined in `hashes`."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def decode_certificate(data: bytes) -> Certificate:
    """Return the certificate in `data`, or raise `Malformed`."""
    return _certificate_of(canonical.decode(data))


def decode_file(data: bytes) -> CertificateFile:
    """Return what stands in a certificate file, unchecked, or raise `Malformed`."""
    fields = canonical.decode_object(data, _FILE_KEYS)
    if fields["roundrobin"] != "certificate":
        raise Malformed("a file of another kind")
    return CertificateFile(
        manifest=manifest_of(fields["manifest"]),
        manifest_signature=canonical.bytes_of(
            fields["manifest_signature"], SIGNATURE_BYTES
        ),
        certificate=_certificate_of(fields["certificate"]),
        signature=canonical.bytes_of(fields["signature"], SIGNATURE_BYTES),
        board=board_of(fields["board"]),
    )


def _certificate_of(value: JsonValue) -> Certificate:
    fields: JsonObject = canonical.object_of(value, _CERTIFICATE_KEYS)
    canonical.format_of(fields["format"], CERTIFICATE_FORMAT)
    return Certificate(
        manifest_digest=canonical.bytes_of(fields["manifest"], HASH_BYTES),
        chain_head=canonical.bytes_of(fields["chain"], HASH_BYTES),
        slots=canonical.integer_of(fields["slots"], 1, SLOTS_EXTENDED_MAX),
        released=from_certified(fields["released"]),
    )


def _labels(table: ReleasedTable) -> tuple[str, ...]:
    return tuple(part.label for part in table.tables or table.rows)


def _segments_fit(table: ReleasedTable, terms: PollTerms) -> bool:
    """Tell whether a breakdown names the manifest's segments, "Other" last (R4)."""
    names = [part.label for part in table.segments]
    known = [label for label in terms.segments if label in names and label != OTHER]
    return names in (known, [*known, OTHER]) and (not names or bool(terms.segments))


def _hashes(value: JsonValue) -> bytes:
    text = canonical.text_of(value, _HASHES_CHARS_MAX)
    if len(text) % (2 * HASH_BYTES):
        raise Malformed("a slot's hashes have another length")
    return canonical.bytes_of(text, len(text) // 2)
