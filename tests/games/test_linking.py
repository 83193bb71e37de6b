"""G4, linking: with all keys, a counted answer cannot be joined to a person.

The attacker has the disk, both keystores and the list of members, so they can compute
everybody's second tag and open the running count. Two worlds differ in who of two
people chose what. If the opened count is the same in both, byte for byte, no attacker
can tell the worlds apart: the advantage is 0, whatever they try.
"""

import random
import secrets
from dataclasses import replace

from bot.core.ballots import NO_CODE, Answer
from bot.core.fold import Round, fold, join_tags, no_tags
from bot.core.running import Running, add_answers, encode_running, start_running
from tests.world import poll_terms

PEOPLE = 1_000
TAGS = [secrets.token_bytes(16) for _ in range(PEOPLE)]


def counted(choices: list[int], dice: random.Random) -> Running:
    """Return the count of these people's choices, which arrived in random order."""
    votes = Round()
    order = list(range(PEOPLE))
    dice.shuffle(order)
    for seq, number in enumerate(order):
        votes.add(TAGS[number], seq, NO_CODE, Answer(chosen=1 << choices[number]))
    folded = fold(votes, no_tags())
    empty = start_running(poll_terms())
    return replace(
        empty,
        generation=1,
        tally=add_answers(empty.tally, folded.answers),
        seen=join_tags(empty.seen, folded.new_tags),
    )


def worlds(dice: random.Random) -> tuple[list[int], list[int]]:
    """Return two worlds in which two people chose the other way round."""
    choices = [dice.randrange(4) for _ in range(PEOPLE)]
    choices[0], choices[1] = 0, 1
    swapped = [1, 0, *choices[2:]]
    return choices, swapped


def test_worlds_cannot_be_told_apart() -> None:
    """Ten pairs of worlds leave the same bytes: 0 of 1,000 people are linked."""
    dice = random.Random(11)
    for _ in range(10):
        one, other = worlds(dice)

        assert encode_running(counted(one, dice)) == encode_running(
            counted(other, dice)
        )


def test_a_count_that_joins_is_told_apart() -> None:
    """The control: a table of tags with their answers gives every pair away."""
    dice = random.Random(11)
    told = 0
    for _ in range(10):
        one, other = worlds(dice)
        told += sorted(zip(TAGS, one, strict=True)) != sorted(
            zip(TAGS, other, strict=True)
        )

    assert told == 10
