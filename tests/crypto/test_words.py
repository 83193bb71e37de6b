"""Keys as words on paper: read as people type them, refused without a word of them."""

from itertools import combinations

import pytest
from shamir_mnemonic import generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from bot.crypto.words import (
    SHARE_WORDS,
    WordShare,
    WordsRefused,
    WordsTrouble,
    join_words,
    near_matches,
    read_share,
    read_word,
    split_into_words,
)
from tests.core.petition import SEED


def trouble(*people: tuple[str, ...]) -> WordsTrouble:
    """Return what is wrong with some people's words."""
    with pytest.raises(WordsRefused) as refused:
        join_words([read_share(words) for words in people])
    return refused.value.trouble


@pytest.mark.parametrize(("people", "needed"), [(1, 1), (3, 2), (5, 5), (7, 4)])
def test_enough_people_have_the_seed(people: int, needed: int) -> None:
    """Whoever comes, if they are enough, their words give the seed."""
    split = split_into_words(SEED, people=people, needed=needed)

    assert {len(words) for words in split} == {SHARE_WORDS}
    for group in [*combinations(split, needed)][:5]:
        shares = [read_share(words) for words in group]
        assert join_words(shares) == SEED
        assert {share.needed for share in shares} == {needed}


def test_more_people_than_needed() -> None:
    """Whoever comes too many does no harm."""
    split = split_into_words(SEED, people=3, needed=2)

    assert join_words([read_share(words) for words in split]) == SEED


def test_too_few_people() -> None:
    """One less than needed, and nobody at all, have nothing."""
    split = split_into_words(SEED, people=3, needed=2)

    assert trouble(split[0]) is WordsTrouble.TOO_FEW
    assert trouble() is WordsTrouble.TOO_FEW


def test_same_words_twice() -> None:
    """The same person's words count once."""
    split = split_into_words(SEED, people=3, needed=2)

    assert trouble(split[0], split[0]) is WordsTrouble.TWICE


def test_words_of_two_petitions() -> None:
    """Words of another split are told."""
    one = split_into_words(SEED, people=3, needed=2)
    other = split_into_words(SEED, people=3, needed=3)

    assert trouble(one[0], other[1]) is WordsTrouble.OTHER_SPLIT


def test_words_of_another_length() -> None:
    """Words that hold another secret than a seed are another thing's."""
    (words,) = generate_mnemonics(1, [(1, 1)], bytes(32), iteration_exponent=0)

    assert trouble(tuple(words[0].split())) is WordsTrouble.OTHER_SPLIT


def test_words_of_several_groups() -> None:
    """SLIP-39 has groups; a petition's words belong to one."""
    groups = generate_mnemonics(2, [(1, 1), (1, 1)], SEED, iteration_exponent=0)
    one, two = (tuple(group[0].split()) for group in groups)

    assert trouble(one) is WordsTrouble.OTHER_SPLIT
    assert trouble(one, two) is WordsTrouble.OTHER_SPLIT


@pytest.mark.parametrize("at", range(SHARE_WORDS))
def test_one_wrong_word_is_noticed(at: int) -> None:
    """A word of the list in the place of another fails the checksum, unquoted."""
    (words,) = split_into_words(SEED, people=1, needed=1)
    other = next(word for word in WORDLIST if word != words[at])
    mistyped = (*words[:at], other, *words[at + 1 :])

    with pytest.raises(WordsRefused) as refused:
        read_share(mistyped)

    assert refused.value.trouble is WordsTrouble.CHECKSUM
    assert refused.value.__cause__ is None
    assert not any(word in str(refused.value) for word in mistyped)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("academic", "academic"),
        (" ACADEMIC ", "academic"),
        ("acad", "academic"),
        ("aca", None),
        ("zzzz", None),
        ("academics", None),
        ("", None),
    ],
)
def test_what_is_typed_is_read(typed: str, word: str | None) -> None:
    """Capitals do not count, four letters are enough, and no other word is guessed."""
    assert read_word(typed) == word


def test_near_words_are_offered() -> None:
    """A word with a wrong letter finds its neighbours in the public list."""
    assert "academic" in near_matches("academjc")
    assert near_matches("0" * 10_000) == []


def test_shares_show_no_words() -> None:
    """Somebody's words in an error message show nothing."""
    (words,) = split_into_words(SEED, people=1, needed=1)
    share = read_share(words)

    assert isinstance(share, WordShare)
    # The list has the word "object", which stands in every such text.
    assert not any(word in repr(share) for word in words if word != "object")
