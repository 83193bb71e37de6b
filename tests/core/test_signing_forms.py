"""From forms to a petition's terms and to a signature."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import errors
from bot.core.details import Detail
from bot.core.errors import Refused
from bot.core.petitions import Collects
from bot.core.signing_forms import (
    PetitionForm,
    SignForm,
    read_petition,
    read_signature,
)
from tests.core.lunch import DRIVE
from tests.core.petition import BREAKS, COUNTED, JOIN_LINK, MEMBERS

LINE = BREAKS.trustees.line() if BREAKS.trustees else ""
FORM = PetitionForm(
    text="We ask for a paid break of 30 minutes.",
    threshold="1,000",
    trustees=LINE,
)


def read(**changes: Any):
    """Return the terms of a form with something else in it."""
    return read_petition(
        replace(FORM, **changes), place="general", audience=800, taken={"breaks"}
    )


def test_least_that_has_to_be_typed() -> None:
    """Text, number and key holders are enough."""
    terms = read()

    assert terms.title == "We ask for a paid break of 30 minutes."
    assert terms.threshold == 1000
    assert terms.collects is Collects.NAMES
    assert terms.asks == ()
    assert not terms.ends_at_threshold
    assert not terms.guests


def test_all_that_can_be_typed() -> None:
    """Whatever organizers choose is in the terms."""
    terms = read(
        title="Breaks",
        addressee="The management",
        ask=("phone, affiliation",),
        ends="threshold",
        audience="guests",
        name="breaks",
    )

    assert terms.name == "breaks-2"
    assert terms.asks == (Detail.AFFILIATION, Detail.PHONE)
    assert terms.ends_at_threshold
    assert terms.guests


def test_interest_asks_for_what_it_needs() -> None:
    """A showing of interest has its own details; others have no employer."""
    interest = read(kind="interest", employer=" Ware House ", language="en")
    names = read(employer="Ware House", language="en")

    assert interest.asks == (Detail.CONTACT, Detail.PHONE)
    assert (interest.employer, interest.language) == ("Ware House", "en")
    assert (names.employer, names.language) == ("", "")


def test_count_needs_no_trustees() -> None:
    """A petition that only counts asks for nothing and has no key."""
    terms = read(kind="count", trustees="", ask=("contact",))

    assert terms.collects is Collects.COUNT
    assert terms.trustees is None
    assert terms.asks == ()


def test_members_are_counted_and_told_where_to_join() -> None:
    """A membership meter has a link and no key; no other petition keeps a link."""
    meter = read(kind="membership", trustees="", link=f" {JOIN_LINK} ", people="2,000")

    assert meter.collects is Collects.MEMBERSHIP
    assert (meter.link, meter.people, meter.trustees) == (JOIN_LINK, 2000, None)
    assert read(link=JOIN_LINK).link == ""


def test_organizers_may_know_how_many_could_sign() -> None:
    """A number of theirs, or the channel's."""
    assert read(people=" 1000 ").could_sign == 1000
    assert read().could_sign == 800


@pytest.mark.parametrize(
    ("typed", "title", "text"),
    [
        ("Paid breaks \n\nWe ask for them.", "Paid breaks", "We ask for them."),
        ("We ask for them.", "We ask for them.", "We ask for them."),
        ("\u200b\nWe ask.", "We ask.", "We ask."),
    ],
)
def test_first_line_can_be_the_title(typed: str, title: str, text: str) -> None:
    """Where a form has no room for a title, the text brings its own."""
    terms = read(text=typed, title="")

    assert (terms.title, terms.text) == (title, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("We do \u202eton\u202c agree.", "We do  ton  agree."),
        ("\u2066One\u2069\r\n  two\u200b\rthree\x00", "One \n  two \nthree"),
        ("a\u2028b\ud800c\u00add", "a b c d"),
        ("\u0645\u06cc\u200c\u062e 👩\u200d🔧", "\u0645\u06cc\u200c\u062e 👩\u200d🔧"),
    ],
)
def test_text_says_the_same_on_every_screen(typed: str, text: str) -> None:
    """Nothing in it is hidden, or turns around what others read on paper."""
    assert read(title="Breaks", text=typed).text == text


def test_long_text_has_a_title() -> None:
    """A title is made from the beginning of the text."""
    terms = read(text="A petition of many words. " * 20)

    assert len(terms.title) <= 150
    assert terms.title.endswith("…")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": " \n"}, errors.TextMissing),
        ({"text": "x" * 2501}, errors.TextTooLong),
        ({"title": "x" * 151}, errors.TextTooLong),
        ({"addressee": "x" * 101}, errors.TextTooLong),
        ({"threshold": ""}, errors.ThresholdWrong),
        ({"threshold": "1"}, errors.ThresholdWrong),
        ({"threshold": "200001"}, errors.ThresholdWrong),
        ({"threshold": "9" * 5000}, errors.ThresholdWrong),
        ({"threshold": "ten"}, errors.ThresholdWrong),
        ({"people": "999"}, errors.PeopleWrong),
        ({"people": "10,000,001"}, errors.PeopleWrong),
        ({"people": "many"}, errors.PeopleWrong),
        ({"people": "0"}, errors.PeopleWrong),
        ({"kind": "membership", "link": ""}, errors.JoinLinkWrong),
        (
            {"kind": "membership", "link": "http://union.example.org"},
            errors.JoinLinkWrong,
        ),
        ({"trustees": ""}, errors.TrusteesWrong),
        ({"trustees": LINE[:-1]}, errors.TrusteesWrong),
        ({"kind": "votes"}, errors.FieldWrong),
        ({"ask": ("salary",)}, errors.FieldWrong),
        ({"ask": ("affiliation, contact, phone",)}, errors.FieldWrong),
        ({"ends": "never"}, errors.FieldWrong),
        ({"audience": "all"}, errors.FieldWrong),
        ({"kind": "interest", "employer": "x" * 101}, errors.SignatureTooLong),
        ({"kind": "interest", "language": "two\nlines"}, errors.SignatureLine),
    ],
)
def test_no_such_petition(changes, refusal) -> None:
    """What cannot be a petition is refused, and nothing typed is quoted."""
    with pytest.raises(refusal) as refused:
        read(**changes)

    typed = str(next(iter(changes.values())))
    assert len(typed) < 9 or typed not in refused.value.text


def sign(terms=BREAKS, **typed: str):
    """Return what a form signs with."""
    form = SignForm(typed={Detail(name): text for name, text in typed.items()})
    return read_signature(form, terms, DRIVE, date="2031-05-02")


def test_name_as_it_was_typed() -> None:
    """A name in any script is kept as it is, without spaces around it."""
    signed = sign(name=" 林美 Ó’Brien \U0001f338 ", affiliation="Dock 4", phone="1")

    assert signed is not None
    assert signed.name == "林美 Ó’Brien \U0001f338"
    assert signed.affiliation == "Dock 4"
    # What the terms do not ask for is not kept.
    assert (signed.phone, signed.date, signed.employer) == ("", "", "")


def test_interest_carries_its_date() -> None:
    """A showing of interest has language, employer and date inside the box alone."""
    interest = replace(
        BREAKS, collects=Collects.INTEREST, employer="Ware House", language="en"
    )
    signed = sign(interest, name="Mei")

    assert signed is not None
    assert (signed.language, signed.employer, signed.date) == (
        "en",
        "Ware House",
        "2031-05-02",
    )


def test_count_takes_no_name() -> None:
    """Where people only count, nothing that was typed goes any further."""
    assert sign(COUNTED, name="Mei") is None
    assert sign(MEMBERS, name="Mei") is None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"name": "  "}, errors.TextMissing),
        ({"name": "é" * 101}, errors.SignatureTooLong),
        ({"name": "Mei\nSam"}, errors.SignatureLine),
        ({"name": "Mei\u202eSam"}, errors.SignatureLine),
        ({"name": "Mei", "affiliation": "x" * 101}, errors.SignatureTooLong),
    ],
)
def test_no_such_signature(typed, refusal) -> None:
    """A name that breaks the list, or its record, is refused."""
    with pytest.raises(refusal):
        sign(**typed)


def test_two_hundred_bytes_and_one_more() -> None:
    """Two hundred bytes are taken, and 201 are not."""
    assert sign(name="x" * 200)
    with pytest.raises(errors.SignatureTooLong):
        sign(name="x" * 201)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_signs_or_is_refused(name: str, place: str) -> None:
    """Any text is a signature or a refusal, and never a fault."""
    try:
        signed = sign(name=name, affiliation=place)
    except Refused:
        return

    assert signed is not None
    assert signed.encode()
