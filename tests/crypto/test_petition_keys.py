"""A petition's key: made, split, and worth nothing in too few hands."""

from itertools import combinations

import pytest
from nacl.bindings import crypto_box_seal_open

from bot.core.shares import decode_shares, groups_of
from bot.crypto.petition_keys import (
    SEED_BYTES,
    public_of_secret,
    public_of_seed,
    secret_of,
    xor,
)
from bot.crypto.unsealing import join_parts
from tests.core.petition import SECRETS, SEED, shares
from tests.vectors.reading import bytes_of, read


def test_vector_gives_its_seed() -> None:
    """The split that other code made is joined to the seed that it says."""
    split = decode_shares(bytes_of(read("shares")[0]))

    assert join_parts(split, SECRETS[1:], split.trustees) == SEED
    assert split.trustees.public == public_of_seed(SEED)


def test_public_half_belongs_to_the_secret() -> None:
    """The seed stands for one key pair."""
    assert public_of_secret(secret_of(SEED)) == public_of_seed(SEED)
    assert public_of_seed(SEED) != public_of_seed(SEED[::-1])


@pytest.mark.parametrize("count", range(1, 8))
def test_any_group_that_suffices_opens(count: int) -> None:
    """Whoever comes, if they are enough, the seed comes out."""
    secrets = tuple(bytes([n]) * 32 for n in range(51, 51 + count))
    for needed in range(1, count + 1):
        split = shares(secrets, needed)
        for group in combinations(secrets, needed):
            assert join_parts(split, group, split.trustees) == SEED


def test_parts_of_too_few_say_nothing() -> None:
    """What one of two can open looks the same for any seed: it is random, or XORed."""
    split = shares()
    for group, boxes in zip(groups_of(split.trustees), split.groups, strict=True):
        opened = [
            crypto_box_seal_open(box, split.keys[who], SECRETS[who])
            for who, box in zip(group, boxes, strict=True)
        ]

        assert all(len(part) == SEED_BYTES and part != SEED for part in opened)
        assert xor(*opened) == SEED


def test_groups_share_no_part() -> None:
    """No part is used in two groups, whose members could put them together."""
    secrets = tuple(bytes([n]) * 32 for n in range(51, 58))
    split = shares(secrets, 4)
    parts = [
        crypto_box_seal_open(box, split.keys[who], secrets[who])
        for group, boxes in zip(groups_of(split.trustees), split.groups, strict=True)
        for who, box in zip(group, boxes, strict=True)
    ]

    # Four boxes for each of 35 groups.
    assert len(parts) == 140
