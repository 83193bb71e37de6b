"""A petition's key TK, made on one trustee's machine and split (protocol.md §13).

For each group of people that suffices, the seed is drawn apart into parts that look
random: their XOR is the seed. Each part is sealed to its owner. Nothing is computed
with the seed but this, so that there is no arithmetic that could leak it.
"""

from collections.abc import Sequence
from functools import reduce

from nacl.bindings import crypto_box_seal, crypto_scalarmult_base

from bot.core.shares import Shares, groups_of
from bot.core.trustees import Trustees
from bot.crypto.prf import PRF_BYTES, TRUSTEES, prf

# As strong as X25519 is; as words, 20 of them instead of 33.
SEED_BYTES = 16


def secret_of(seed: bytes) -> bytes:
    """Return TK's secret half, which the seed stands for."""
    assert len(seed) == SEED_BYTES
    return prf(seed.ljust(PRF_BYTES, b"\x00"), TRUSTEES, b"")


def public_of_seed(seed: bytes) -> bytes:
    """Return TK's public half."""
    return public_of_secret(secret_of(seed))


def public_of_secret(secret: bytes) -> bytes:
    """Return the public half of an X25519 secret, 32 B each."""
    return crypto_scalarmult_base(secret)


def parts_random_bytes(count: int, needed: int) -> int:
    """Return how many random bytes splitting takes."""
    trustees = Trustees(public=bytes(32), count=count, needed=needed)
    return len(groups_of(trustees)) * (needed - 1) * SEED_BYTES


def split_seed(
    seed: bytes, keys: Sequence[bytes], *, needed: int, random: bytes
) -> Shares:
    """Return the seed split so that any `needed` of these key holders have it.

    `random` has `parts_random_bytes` bytes. Fewer people together learn nothing.
    """
    trustees = Trustees(public=public_of_seed(seed), count=len(keys), needed=needed)
    assert len(random) == parts_random_bytes(len(keys), needed)
    parts = [random[at : at + SEED_BYTES] for at in range(0, len(random), SEED_BYTES)]
    groups: list[tuple[bytes, ...]] = []
    for number, group in enumerate(groups_of(trustees)):
        drawn = parts[number * (needed - 1) :][: needed - 1]
        all_parts = [*drawn, reduce(xor, drawn, seed)]
        groups.append(
            tuple(
                crypto_box_seal(part, keys[member])
                for part, member in zip(all_parts, group, strict=True)
            )
        )
    return Shares(trustees=trustees, keys=tuple(keys), groups=tuple(groups))


def xor(left: bytes, right: bytes) -> bytes:
    """Return two texts of one length, laid over each other bit by bit."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
