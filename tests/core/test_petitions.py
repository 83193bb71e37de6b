"""A petition's terms and its manifest."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.core import canonical
from bot.core.canonical import Malformed
from bot.core.details import Detail
from bot.core.manifest import manifest_of as manifest_of_value
from bot.core.petitions import (
    NAMES_MAX,
    Collects,
    petition_of,
    petition_to_json,
)
from tests.core.lunch import spoiled
from tests.core.petition import BREAKS, COUNTED, MEMBERS, manifest_of

INTEREST = replace(
    BREAKS,
    collects=Collects.INTEREST,
    asks=(Detail.CONTACT, Detail.PHONE),
    employer="Ware House Ltd",
    language="en",
    place="slack/C1 discord/2",
)


LATER = [
    MEMBERS,
    replace(MEMBERS, people=0),
    replace(BREAKS, people=20),
    replace(INTEREST, confirms=True),
]


@pytest.mark.parametrize("terms", [BREAKS, COUNTED, INTEREST, *LATER])
def test_terms_round_trip(terms) -> None:
    """Terms of each kind are read as they were written."""
    assert petition_of(petition_to_json(terms)) == terms


def test_manifest_round_trip() -> None:
    """A manifest is read as it was written."""
    manifest = manifest_of(BREAKS)

    assert manifest_of_value(canonical.decode(manifest.encode())) == manifest


def test_version_is_the_first_that_has_what_is_needed() -> None:
    """Terms that need nothing new are written as they always were."""
    assert petition_to_json(BREAKS)["rules"] == 1
    assert [petition_to_json(terms)["rules"] for terms in LATER] == [2] * 4


@pytest.mark.parametrize(
    ("terms", "changes"),
    [
        (BREAKS, {"people": 0, "link": "", "confirms": False, "rules": 2}),
        (BREAKS, {"people": 20}),
        (BREAKS, {"rules": 2}),
        (MEMBERS, {"rules": 1}),
        (MEMBERS, {"link": "https://union.example.org/\u202e"}),
        (MEMBERS, {"link": "http://union.example.org/"}),
        (MEMBERS, {"link": ""}),
        (MEMBERS, {"people": 19}),
        (MEMBERS, {"people": True}),
        (MEMBERS, {"confirms": 0}),
        (MEMBERS, {"confirms": True}),
    ],
)
def test_other_terms_of_the_second_version(terms, changes) -> None:
    """One value has one encoding, and nothing that no form makes is read."""
    with pytest.raises(Malformed):
        petition_of(petition_to_json(terms) | changes)


def test_how_many_could_sign() -> None:
    """What organizers know counts more than how many are in the channel."""
    assert (BREAKS.could_sign, MEMBERS.could_sign) == (800, 800)


@given(spoiled(canonical.decode(manifest_of(MEMBERS).encode())))
def test_value_is_a_meters_manifest_or_malformed(value) -> None:
    """Whatever is accepted is written with the same bytes, in both versions."""
    try:
        manifest = manifest_of_value(value)
    except Malformed:
        return

    assert manifest.encode() == canonical.encode(value)


@given(spoiled(canonical.decode(manifest_of(INTEREST).encode())))
def test_value_is_a_manifest_or_malformed(value) -> None:
    """Whatever is accepted is written with the same bytes."""
    try:
        manifest = manifest_of_value(value)
    except Malformed:
        return

    assert manifest.encode() == canonical.encode(value)


def test_places() -> None:
    """A petition that is open on two platforms names two places."""
    assert INTEREST.places == ("slack/C1", "discord/2")


@pytest.mark.parametrize(
    ("terms", "change"),
    [
        (BREAKS, {"threshold": 1}),
        (BREAKS, {"threshold": NAMES_MAX + 1}),
        (BREAKS, {"asks": (Detail.PHONE, Detail.CONTACT)}),
        (BREAKS, {"asks": (Detail.PHONE, Detail.PHONE)}),
        (BREAKS, {"asks": (Detail.NAME,)}),
        (BREAKS, {"trustees": None}),
        (BREAKS, {"collects": Collects.COUNT}),
        (COUNTED, {"asks": (Detail.PHONE,)}),
        (BREAKS, {"employer": "two\nlines"}),
        (BREAKS, {"language": "german-at"}),
        (BREAKS, {"people": 19}),
        (BREAKS, {"people": 10_000_001}),
        (BREAKS, {"link": "https://union.example.org"}),
        (BREAKS, {"confirms": True}),
        (MEMBERS, {"link": ""}),
        (MEMBERS, {"link": "union.example.org"}),
        (MEMBERS, {"asks": (Detail.PHONE,)}),
        (MEMBERS, {"trustees": BREAKS.trustees}),
    ],
)
def test_no_such_petition(terms, change) -> None:
    """Terms that exist lead to a name box and a certificate that exist."""
    with pytest.raises(ValueError, match=r"petition|detail|name|count|text"):
        replace(terms, **change)
