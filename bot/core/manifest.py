"""The signed manifest, which freezes the terms of a drive (protocol.md §4)."""

import hashlib
from dataclasses import dataclass
from typing import NewType

from bot.core import canonical
from bot.core.canonical import JsonValue, Malformed
from bot.core.slots import Schedule
from bot.core.terms import Terms, terms_of, terms_to_json

DriveId = NewType("DriveId", bytes)

MANIFEST_FORMAT = 1
DRIVE_ID_BYTES = 16
KEY_BYTES = 32
_MANIFEST_KEYS = frozenset(
    [
        "format",
        "kind",
        "drive",
        "terms",
        "opens",
        "closes",
        "slot_seconds",
        "signer",
        "gate_commitment",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The frozen terms with the keys and the times that the drive runs by.

    `signer` is DS, `gate_commitment` is PRF(k_gate, "rr/commit", ""), both 32 B.
    """

    drive_id: DriveId
    terms: Terms
    schedule: Schedule
    signer: bytes
    gate_commitment: bytes

    def encode(self) -> bytes:
        """Return the bytes that DS signs."""
        return canonical.encode(
            {
                "format": MANIFEST_FORMAT,
                "kind": self.terms.kind,
                "drive": self.drive_id.hex(),
                "terms": terms_to_json(self.terms),
                "opens": self.schedule.opens_at,
                "closes": self.schedule.closes_at,
                "slot_seconds": self.schedule.slot_seconds,
                "signer": self.signer.hex(),
                "gate_commitment": self.gate_commitment.hex(),
            }
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of the encoding, 32 B: what is posted and what certificates name."""
        return hashlib.sha256(self.encode()).digest()


def decode_manifest(data: bytes) -> Manifest:
    """Return the manifest in `data`, or raise `Malformed`."""
    return manifest_of(canonical.decode(data))


def manifest_of(value: JsonValue) -> Manifest:
    """Return the manifest that `value` describes, or raise `Malformed`."""
    fields = canonical.object_of(value, _MANIFEST_KEYS)
    canonical.format_of(fields["format"], MANIFEST_FORMAT)
    terms = terms_of(fields["terms"])
    if fields["kind"] != terms.kind:
        raise Malformed("a manifest of another kind")
    second = canonical.INTEGER_MAX
    try:
        schedule = Schedule(
            opens_at=canonical.integer_of(fields["opens"], 0, second),
            closes_at=canonical.integer_of(fields["closes"], 0, second),
            slot_seconds=canonical.integer_of(fields["slot_seconds"], 1, second),
        )
    except ValueError:
        raise Malformed("a schedule that cannot be") from None
    return Manifest(
        drive_id=DriveId(canonical.bytes_of(fields["drive"], DRIVE_ID_BYTES)),
        terms=terms,
        schedule=schedule,
        signer=canonical.bytes_of(fields["signer"], KEY_BYTES),
        gate_commitment=canonical.bytes_of(fields["gate_commitment"], KEY_BYTES),
    )
