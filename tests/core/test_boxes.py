"""From the form of a report box to its terms."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.boxes import BoxDefaults, BoxForm, read_box, span_text
from bot.core.errors import CategoriesWrong, FieldWrong, SpanWrong, TextTooLong
from bot.core.terms import BoxTerms, LaneTerms, PollTerms, terms_of, terms_to_json
from tests.core.boxed import BOX
from tests.core.lunch import LUNCH

DEFAULTS = BoxDefaults(title="Report box", categories=("A", "B"), severities=("C", "D"))
DAY = 86_400


def made(**typed: str) -> BoxTerms:
    """Return the terms of a form with these fields."""
    return read_box(
        BoxForm(**typed), DEFAULTS, place="general", audience=60, taken={"lunch"}
    )


def test_an_empty_form_makes_a_usual_box() -> None:
    """Read daily, kept for ninety days, with the usual words."""
    found = made()

    assert (found.name, found.title) == ("report-box", "Report box")
    assert (found.categories, found.severities) == (("A", "B"), ("C", "D"))
    assert (found.slot_seconds, found.retention_seconds) == (DAY, 90 * DAY)
    assert (found.areas, found.guests) == ((), False)
    assert found.places == ("general",)


def test_what_is_typed_is_taken() -> None:
    """One label a line, times as people write them."""
    found = made(
        name="Warehouse",
        categories="Pay\n\nSafety ",
        severities="low\nhigh",
        areas="Day\nNight",
        every="7d",
        keep="2 w",
        audience="guests",
    )

    assert found.name == "warehouse"
    assert found.categories == ("Pay", "Safety")
    assert found.areas == ("Day", "Night")
    assert (found.slot_seconds, found.retention_seconds) == (7 * DAY, 14 * DAY)
    assert found.guests


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"name": "x" * 151}, TextTooLong),
        ({"categories": "one"}, CategoriesWrong),
        ({"categories": "Pay\npay"}, CategoriesWrong),
        ({"severities": "\n".join(str(n) for n in range(11))}, CategoriesWrong),
        ({"areas": "x" * 76 + "\ny"}, CategoriesWrong),
        ({"every": "5s"}, SpanWrong),
        ({"every": "31d"}, SpanWrong),
        ({"every": "often"}, SpanWrong),
        ({"every": "²h"}, SpanWrong),
        ({"every": "1000000h"}, SpanWrong),
        ({"keep": "1h"}, SpanWrong),
        ({"keep": "401d"}, SpanWrong),
        ({"audience": "all"}, FieldWrong),
    ],
)
def test_what_is_refused(typed: dict[str, str], refused: type[Exception]) -> None:
    """Each bound has its words."""
    with pytest.raises(refused):
        made(**typed)


def test_spans_are_written_as_they_are_typed() -> None:
    """A form that is opened again shows what was meant."""
    assert [span_text(each) for each in (60, 3600, DAY, 90 * DAY)] == [
        "1m",
        "1h",
        "1d",
        "90d",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ("A",)},
        {"severities": ("A",)},
        {"areas": ("A",)},
        {"areas": ("A", "A")},
        {"place": "general general"},
    ],
)
def test_terms_that_cannot_be(change: dict[str, Any]) -> None:
    """A box that exists is one that reports can be read by."""
    with pytest.raises(ValueError, match=r"a box has|the same"):
        replace(BOX, **change)


@pytest.mark.parametrize("terms", [LUNCH, BOX, LaneTerms()], ids=lambda t: t.kind)
def test_terms_of_each_kind_come_back(terms) -> None:
    """Their keys tell which kind they are of."""
    assert terms_of(terms_to_json(terms)) == terms
    assert terms.places == tuple(terms.place.split())
    assert isinstance(terms, PollTerms) == terms.has_result
    assert terms.title
