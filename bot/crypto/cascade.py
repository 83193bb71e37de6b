"""The second tag of the cascade: only the counter can make it (protocol.md §7)."""

from bot.core.ballots import Tag
from bot.crypto.prf import TAG2, prf

# 128 bits: among a million tags, two are equal with a chance below 2^-88.
TAG2_BYTES = 16


def make_second_tag(k_ctr: bytes, tag: Tag) -> bytes:
    """Return t2, which neither gate nor disk can compute from t1."""
    return prf(k_ctr, TAG2, tag)[:TAG2_BYTES]
