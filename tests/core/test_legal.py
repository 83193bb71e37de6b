"""What settings tell of the lines that laws draw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.legal import LEGAL_LINES_MAX, LegalLine, read_legal_lines

ELECTION = "30 %; 2015-09-01; https://example.org/rule; For an election."
LINE = LegalLine(
    percent=30,
    since="2015-09-01",
    link="https://example.org/rule",
    words="For an election.",
)


def test_lines_are_read() -> None:
    """One line each, spaces and empty lines aside, and nothing by itself."""
    assert read_legal_lines(f"\n  {ELECTION}  \n\n") == (LINE,)
    assert read_legal_lines(ELECTION.replace(" %", "%")) == (LINE,)
    assert read_legal_lines("") == ()
    assert len(read_legal_lines("\n".join([ELECTION] * LEGAL_LINES_MAX))) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n".join([ELECTION] * 4), "at most 3"),
        ("30 %; 2015-09-01; https://example.org", "PERCENT; DATE; LINK; WORDS"),
        (ELECTION.replace("30", "0"), "percentage"),
        (ELECTION.replace("30", "100"), "percentage"),
        (ELECTION.replace("2015-09-01", "last year"), "a date is written"),
        (ELECTION.replace("2015-09-01", "20150901"), "a date is written"),
        (ELECTION.replace("2015-09-01", "2015-02-30"), "a date is written"),
        (ELECTION.replace("https", "http"), "a link begins"),
        (ELECTION.replace("/rule", "/<!channel>"), "a link begins"),
        (ELECTION.replace("rule", "r" * 200), "a link begins"),
        (ELECTION.replace("For an election.", ""), "words are needed"),
        (ELECTION.replace("For", "F" * 120), "words are needed"),
    ],
)
def test_line_that_is_none(text: str, said: str) -> None:
    """A mistake is named, whichever it is."""
    with pytest.raises(ValueError, match=said):
        read_legal_lines(text)


@given(st.integers(0, 200_000))
def test_part_of_a_person_is_a_person(audience: int) -> None:
    """So many are enough, and one less is not."""
    needed = LINE.people(audience)

    assert needed * 100 >= audience * 30 > (needed - 1) * 100
