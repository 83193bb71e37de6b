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
from tests.core.petition import BREAKS, COUNTED, manifest_of

INTEREST = replace(
    BREAKS,
    collects=Collects.INTEREST,
    asks=(Detail.CONTACT, Detail.PHONE),
    employer="Ware House Ltd",
    language="en",
    place="slack/C1 discord/2",
)


@pytest.mark.parametrize("terms", [BREAKS, COUNTED, INTEREST])
def test_terms_round_trip(terms) -> None:
    """Terms of each kind are read as they were written."""
    assert petition_of(petition_to_json(terms)) == terms


def test_manifest_round_trip() -> None:
    """A manifest is read as it was written."""
    manifest = manifest_of(BREAKS)

    assert manifest_of_value(canonical.decode(manifest.encode())) == manifest


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
    ],
)
def test_no_such_petition(terms, change) -> None:
    """Terms that exist lead to a name box and a certificate that exist."""
    with pytest.raises(ValueError, match=r"petition|detail|name|count|text"):
        replace(terms, **change)
