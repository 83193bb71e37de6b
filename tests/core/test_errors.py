"""What people can do wrong: every refusal says in words what became of it."""

import re

import pytest

from bot.core import errors
from bot.core.errors import OptionsWrong, Refused, TextTooLong

REFUSALS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, Refused)
]
# Whether something of it was kept; nobody has to guess.
OUTCOME = re.compile(r"[Nn]othing was (recorded|changed|started)|was not recorded")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_refusal_says_what_became_of_it(refusal: type[Refused]) -> None:
    """The text that people read is a sentence and says that nothing was kept."""
    names = re.findall(r"\{(\w+)\}", refusal.__doc__ or "")
    text = refusal(**dict.fromkeys(names, "7")).text

    assert OUTCOME.search(text)
    assert text.endswith(".")
    assert "{" not in text
    assert "\n" not in text
    assert "  " not in text


def test_refusals_are_found() -> None:
    """The test above looks at all of them, and no two say the same."""
    texts = {refusal.__doc__ for refusal in REFUSALS}

    assert len(REFUSALS) > 20
    assert len(texts) == len(REFUSALS)


def test_values_stand_in_the_text() -> None:
    """A bound is named as a number, a field by its label."""
    refusal = TextTooLong(label="Question", limit=150)

    assert refusal.text == (
        "Nothing was recorded. “Question” is too long: at most 150 characters."
    )


def test_braces_in_a_value_stay_as_they_are() -> None:
    """A value is put in once and not looked into."""
    assert "{limit}" in TextTooLong(label="{limit}", limit=3).text


def test_error_itself_carries_no_words() -> None:
    """What a log might print of a refusal is its type alone."""
    assert not str(OptionsWrong(limit=20, length=75))


def test_refusal_without_a_text() -> None:
    """A class without a docstring says nothing, rather than break."""
    silent = type("Silent", (Refused,), {"__doc__": None})

    assert not silent().text
