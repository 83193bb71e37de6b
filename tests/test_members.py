"""A membership meter from its form to its result, at a real gate."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.records import Role
from bot.requests import Command, Press, Submit, is_quiet
from bot.views.widgets import Card, CardKind, Form
from tests.core.petition import JOIN_LINK
from tests.fakes.workplace import (
    DAY,
    MEI,
    SAM,
    STAFF,
    Workplace,
    action_of,
    field_of,
    labels,
    words,
    workplace,
)

FIELDS: dict[str, str | tuple[str, ...] | bool] = {
    "text": "Are you in the union?",
    "link": JOIN_LINK,
    "threshold": "20",
    "people": "400",
    "closes": "1d",
    "name": "union",
}
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace where Mei is the only organizer."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


@pytest.fixture
async def meter(office: Workplace) -> Workplace:
    """A workplace where members are counted."""
    preview = await office.send(MEI, "membership", **FIELDS)
    await office.press(MEI, action_of(preview, "Start it"))
    return office


async def test_counting_members(meter: Workplace) -> None:
    """Thirty say it, five take it back, and the result is 25 of about 400."""
    for person in STAFF[:30]:
        await meter.send(person, "sign:union", consent=True)
    for person in STAFF[:5]:
        await meter.send(person, "unsign:union", withdraw=True)
    await meter.advance(DAY // 4)
    early = await meter.type(SAM, "results union")
    await meter.advance(2 * DAY)
    (result,) = meter.chat.shown(CardKind.TALLY)

    assert "at least 20 of about 400 people said that they are members" in words(early)
    assert "25 of about 400 people said that they are members" in words(result)
    assert result.data["signed"] == 25


async def test_saying_it_and_taking_it_back_look_alike(meter: Workplace) -> None:
    """The reply tells nobody which it was."""
    told = await meter.send(SAM, "sign:union", consent=True)
    back = await meter.send(SAM, "unsign:union", withdraw=True)
    same = [
        words(card).replace(str(part), "")
        for card in (told, back)
        for part in [card.data["code"]]
    ]

    assert labels(told) == labels(back)
    assert same[0].splitlines()[:2] == same[1].splitlines()[:2]


async def test_how_to_join_records_nothing(meter: Workplace) -> None:
    """Everybody gets the same page, and nothing becomes due because of it."""
    card = await meter.press(SAM, "joining:union")
    press = Press(actor=SAM, action="joining:union")

    assert JOIN_LINK in words(card)
    assert is_quiet(press)
    assert await meter.card(press) == card


async def test_no_other_petition_tells_how_to_join(office: Workplace) -> None:
    """A button that no post of it has is too old."""
    preview = await office.send(
        MEI, "petition", text="Breaks", threshold="20", kind="count", name="breaks"
    )
    await office.press(MEI, action_of(preview, "Start it"))

    assert (await office.press(SAM, "joining:breaks")).data["refusal"] == (
        "MessageTooOld"
    )


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"link": ""}, "JoinLinkWrong"),
        ({"link": "http://union.example.org"}, "JoinLinkWrong"),
        ({"people": "19"}, "PeopleWrong"),
    ],
)
async def test_meter_that_cannot_be(
    office: Workplace, change: dict[str, str], refusal: str
) -> None:
    """Each mistake has a sentence of its own."""
    card = await office.send(MEI, "membership", **(FIELDS | change))

    assert card.data["refusal"] == refusal


async def test_consent_is_needed(meter: Workplace) -> None:
    """Who ticks nothing is not counted."""
    card = await meter.send(SAM, "sign:union")

    assert card.data["refusal"] == "SignConsentMissing"


async def test_one_line_fills_the_form(office: Workplace) -> None:
    """Text, link and number stand behind the command, in quotes."""
    line = f'membership "Are you in the union?" "{JOIN_LINK}" "20"'
    form = await office.form(Command(actor=MEI, words=line))
    interest = await office.form(
        Command(actor=MEI, words='interest "We want one." "9"')
    )
    names = await office.form(Command(actor=MEI, words='petition "Breaks" "30"'))

    assert field_of(form, "link").value == JOIN_LINK
    assert field_of(form, "threshold").value == "20"
    assert (interest.form, field_of(interest, "threshold").value) == ("interest", "9")
    assert (names.form, field_of(names, "text").value) == ("petition", "Breaks")


async def test_general_form_makes_one_too(office: Workplace) -> None:
    """Whoever fills in the long form chooses it as what comes of a petition."""
    fields = FIELDS | {"kind": "membership"}
    preview = await office.send(MEI, "petition", **fields)

    assert "people who say that they are in the union" in words(preview)


async def test_draft_can_be_made_again(office: Workplace) -> None:
    """Who finds a mistake gets the meter's own form with the same words."""
    await office.welcome(SAM)
    preview = await office.send(MEI, "membership", **FIELDS)
    waits = await office.press(MEI, action_of(preview, "Ask a second organizer"))
    form = await office.form(
        Press(actor=MEI, action=action_of(waits, "Cancel and start again"))
    )

    assert form.form == "membership"
    assert field_of(form, "people").value == "400"


async def test_menu_of_organizers_leads_there(office: Workplace) -> None:
    """Both kinds that unions need are one button away, with their channel."""
    menu = await office.type(MEI, "organize", place="floor")
    forms = [
        await office.form(Press(actor=MEI, action=action_of(menu, label)))
        for label in ("Interest in a union", "Count union members")
    ]

    assert [form.title for form in forms] == [
        "Interest in a union",
        "Count union members",
    ]
    assert [form.form for form in forms] == ["interest:floor", "membership:floor"]


@pytest.mark.parametrize("word", ["membership", "interest"])
async def test_members_words_open_what_they_can_answer(
    meter: Workplace, word: str
) -> None:
    """A member who types what organizers type is asked whether they are one."""
    view = await meter.ask(Command(actor=SAM, words=word))

    assert isinstance(view, Form)
    assert view.form == "sign:union"


async def test_interest_takes_its_kind_from_its_form(office: Workplace) -> None:
    """No field of the form can make something else of it."""
    view = await office.ask(
        Submit(
            actor=MEI,
            form="interest",
            fields={"text": "We want one.", "threshold": "20", "kind": "count"},
        )
    )

    assert isinstance(view, Card)
    assert view.data["refusal"] == "TrusteesWrong"
