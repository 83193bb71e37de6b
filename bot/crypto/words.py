"""A petition's key as words on paper: SLIP-39, by way of shamir-mnemonic (§13).

The library's own README says that it is not hardened: it computes in the open, and
somebody who measures the machine while it runs could learn the secret. So this runs on
a trustee's machine alone, once to split and once to join, and people are told. Its
errors quote words, so none of them leaves this module.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shamir_mnemonic import (  # pyright: ignore[reportMissingTypeStubs] - it is typed
    MnemonicError,
    Share,
    combine_mnemonics,
    generate_mnemonics,
)
from shamir_mnemonic.wordlist import (  # pyright: ignore[reportMissingTypeStubs]
    WORD_INDEX_MAP,
    WORDLIST,
)

from bot.crypto.petition_keys import SEED_BYTES

# 40 bits of header and checksum twice over, and 128 bits of the part.
SHARE_WORDS = 20
# SLIP-39 counts members in four bits.
PEOPLE_MAX = 16
# SLIP-39: the first four letters of a word tell it from all others.
_PREFIX_CHARS = 4
# The least cost: without a password there is nothing that stretching could protect.
_EXPONENT = 0


class WordsTrouble(StrEnum):
    """What is wrong with somebody's words as a whole."""

    CHECKSUM = "checksum"
    OTHER_SPLIT = "other split"
    TWICE = "twice"
    TOO_FEW = "too few"


class WordsRefused(Exception):
    """Words that do not belong together. The trouble says why, and quotes none."""

    def __init__(self, trouble: WordsTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WordShare:
    """One person's words, whose checksum holds."""

    words: tuple[str, ...]
    needed: int


def split_into_words(seed: bytes, *, people: int, needed: int) -> list[tuple[str, ...]]:
    """Return for each person their 20 words; any `needed` of them give the seed.

    SLIP-39 has no split that one of several people could open alone.
    """
    assert len(seed) == SEED_BYTES
    assert people <= PEOPLE_MAX
    assert 1 < needed <= people or needed == people == 1
    (group,) = generate_mnemonics(
        1, [(needed, people)], seed, iteration_exponent=_EXPONENT
    )
    return [tuple(mnemonic.split()) for mnemonic in group]


def read_word(typed: str) -> str | None:
    """Return the word of the list that was typed, or None if it is in no list.

    Capitals do not count, and the first four letters are enough.
    """
    word = typed.strip().lower()
    if word in WORD_INDEX_MAP:
        return word
    if len(word) < _PREFIX_CHARS:
        return None
    return next((each for each in WORDLIST if each[:_PREFIX_CHARS] == word), None)


def near_matches(typed: str) -> list[str]:
    """Return up to three words of the public list that look like what was typed."""
    # A line that was pasted by mistake costs no more than a word.
    word = typed.strip().lower()[:SHARE_WORDS]
    return difflib.get_close_matches(word, WORDLIST, n=3, cutoff=0.6)


def read_share(words: Sequence[str]) -> WordShare:
    """Return one person's words, or raise `WordsRefused` if their checksum fails."""
    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise WordsRefused(WordsTrouble.CHECKSUM) from None
    return WordShare(words=tuple(words), needed=share.member_threshold)


def check_together(shares: Sequence[WordShare]) -> None:
    """Raise `WordsRefused` if two are the same, or belong to different splits."""
    known = [Share.from_mnemonic(" ".join(share.words)) for share in shares]
    if len({share.group_parameters() for share in known}) > 1:
        raise WordsRefused(WordsTrouble.OTHER_SPLIT)
    if len({share.index for share in known}) < len(known):
        raise WordsRefused(WordsTrouble.TWICE)


def join_words(shares: Sequence[WordShare]) -> bytes:
    """Return the seed that enough people's words give, or raise `WordsRefused`."""
    check_together(shares)
    if not shares or len(shares) < shares[0].needed:
        raise WordsRefused(WordsTrouble.TOO_FEW)
    enough = [" ".join(share.words) for share in shares][: shares[0].needed]
    try:
        seed = combine_mnemonics(enough)
    except MnemonicError:
        raise WordsRefused(WordsTrouble.OTHER_SPLIT) from None
    if len(seed) != SEED_BYTES:
        raise WordsRefused(WordsTrouble.OTHER_SPLIT)
    return seed
