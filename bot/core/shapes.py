"""How long the records of each kind of drive are, and in what crowd they hide (§5, §6).

All records of a drive have one length, so that length reveals nothing. An inbox opens
with a pool of dummies; longer records take fewer of them, because each must be written.
"""

from dataclasses import dataclass

# libsodium's sealed box adds an ephemeral public key (32) and a Poly1305 tag (16).
SEAL_BYTES = 48
# version, kind, drive, slot, t1, seq, id, code key: see `bot.core.ballots`.
HEADER_BYTES = 110
MAC_BYTES = 32
_PAD_MARK_BYTES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The length of a padded record, and how many dummies an inbox opens with."""

    record_bytes: int
    pool_envelopes: int

    @property
    def envelope_bytes(self) -> int:
        """The length of a sealed record."""
        return self.record_bytes + SEAL_BYTES

    @property
    def payload_bytes_max(self) -> int:
        """What fits between header and padding."""
        return self.record_bytes - MAC_BYTES - HEADER_BYTES - _PAD_MARK_BYTES


# A pool is what a single answer hides in; sealing it takes 13 ms on one core.
POLL = Shape(record_bytes=256, pool_envelopes=256)
# A signature with its name box of 640 bytes.
PETITION = Shape(record_bytes=1024, pool_envelopes=256)
# A report of 600 characters in any script; a pool of 64 fills a quarter of a megabyte.
REPORT = Shape(record_bytes=4096, pool_envelopes=64)
