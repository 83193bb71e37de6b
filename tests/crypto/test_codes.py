"""Codes: made of chance, read from fingers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ballots import NO_CODE
from bot.core.errors import CodeMistyped
from bot.crypto.codes import CODE_CHARS, code_key, make_code, read_code
from tests.vectors.reading import Vector, vectors

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
randoms = st.binary(min_size=15, max_size=15)


def typed(random: bytes) -> str:
    """Return a code's characters, without the spaces."""
    return make_code(random).replace(" ", "")


def is_refused(text: str) -> bool:
    """Tell whether a typed text is refused."""
    try:
        read_code(text)
    except CodeMistyped:
        return True
    return False


@pytest.mark.parametrize("vector", vectors("codes"))
def test_vectors(vector: Vector) -> None:
    """What is typed gives these bytes, and this key, or is refused."""
    if vector["expect"] == "mistyped":
        with pytest.raises(CodeMistyped):
            read_code(vector["typed"])
    else:
        random = read_code(vector["typed"])

        assert random.hex() == vector["expect"]
        assert code_key(random).hex() == vector["key"]


def test_alphabet_is_crockfords() -> None:
    """32 letters and digits, without I, L, O and U (crockford.com/base32.html)."""
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert sorted(ALPHABET) == list(ALPHABET)


@given(randoms)
def test_round_trip(random: bytes) -> None:
    """26 characters in groups of four come back as the bytes they were."""
    code = make_code(random)

    assert [len(group) for group in code.split(" ")] == [4, 4, 4, 4, 4, 4, 2]
    assert set(code) <= {*ALPHABET, " "}
    assert read_code(code) == random
    assert read_code(code.lower().replace(" ", "-")) == random
    assert read_code(code.replace("0", "O").replace("1", "l")) == random
    assert read_code(code.replace("1", "I")) == random


@given(randoms, st.integers(0, CODE_CHARS - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(
    random: bytes, at: int, char: str
) -> None:
    """Not only mostly: a remainder by a prime cannot miss it."""
    right = typed(random)
    wrong = right[:at] + char + right[at + 1 :]

    assert is_refused(wrong) is (wrong != right)


def test_all_single_mistakes_in_one_code() -> None:
    """26 places, 31 other characters each: all are refused."""
    right = typed(bytes(range(15)))
    mistakes = [
        right[:at] + char + right[at + 1 :]
        for at in range(CODE_CHARS)
        for char in ALPHABET
        if char != right[at]
    ]

    assert len(mistakes) == 26 * 31
    assert all(map(is_refused, mistakes))


@given(randoms, st.integers(0, CODE_CHARS - 2))
def test_neighbours_that_change_places_are_noticed(random: bytes, at: int) -> None:
    """The second most frequent mistake of fingers."""
    right = typed(random)
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]

    assert is_refused(wrong) is (wrong != right)


def test_codes_out_of_the_air_are_refused() -> None:
    """Of all texts of 26 characters one in 1,024 is a code."""
    right = typed(bytes(range(15)))
    checksums = [
        first + second
        for first in ALPHABET
        for second in ALPHABET
        if not is_refused(right[:-2] + first + second)
    ]

    assert checksums == [right[-2:]]


@given(randoms, st.integers(0, CODE_CHARS - 1))
def test_lost_or_doubled_character_is_noticed(random: bytes, at: int) -> None:
    """A code has 26 characters, neither more nor fewer."""
    right = typed(random)

    assert is_refused(right[:at] + right[at + 1 :])
    assert is_refused(right[:at] + right[at] + right[at:])


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    """Nothing that people paste breaks anything."""
    assert is_refused(text) or len(read_code(text)) == 15


@given(randoms)
def test_key_is_no_code_key(random: bytes) -> None:
    """A code's key is never what stands for "no code", and says nothing of it."""
    key = code_key(random)

    assert len(key) == len(NO_CODE)
    assert key != NO_CODE
    assert random not in key


def test_code_is_made_of_fifteen_bytes() -> None:
    """Fewer would be guessed sooner."""
    with pytest.raises(AssertionError):
        make_code(bytes(14))
