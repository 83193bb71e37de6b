"""Confirmations at a real gate: sent once, in the request, and kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.actors import Actor
from bot.core.records import Role
from bot.requests import Press, is_quiet
from bot.router import signing
from bot.views import confirmation_text
from bot.views.widgets import Card, CardKind
from tests.core.petition import BREAKS
from tests.fakes.chat import account
from tests.fakes.workplace import (
    DAY,
    MEI,
    STAFF,
    WAREHOUSE,
    Workplace,
    action_of,
    field_of,
    labels,
    words,
    workplace,
)
from tests.games.traces import hits

LINE = BREAKS.trustees.line() if BREAKS.trustees else ""
CANARY = account("U0CANARY0001")
FIELDS: dict[str, str | tuple[str, ...] | bool] = {
    "text": "We want to bargain together.",
    "title": "A union for us",
    "threshold": "20",
    "closes": "1d",
    "trustees": LINE,
    "employer": "Ware House",
    "language": "en",
    "name": "union",
}
SIGNED: dict[str, str | tuple[str, ...] | bool] = {
    "name": "Canary Sealsdotter",
    "contact": "canary@example.org",
    "phone": "+1 555 0100",
}
YES, NO = confirmation_text.YES, confirmation_text.NO
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace where Mei is the only organizer."""
    channels = {"general": {*WAREHOUSE, CANARY.user}}
    async with workplace(tmp_path, channels=channels) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


@pytest.fixture
async def union(office: Workplace) -> Workplace:
    """A workplace where a showing of interest offers confirmations."""
    preview = await office.send(MEI, "interest", **FIELDS, confirmation="yes")
    await office.press(MEI, action_of(preview, "Start it"))
    return office


async def sign(place: Workplace, person: Actor, /, *, consent: str | bool) -> Card:
    """Return the reply to somebody who signs."""
    return await place.send(person, "sign:union", **SIGNED, consent=consent)


async def test_who_asks_for_one_is_sent_it(union: Workplace) -> None:
    """It goes to that account, once, with all that was signed."""
    reply = await sign(union, CANARY, consent=YES)
    [(person, card)] = union.chat.confirmed

    assert person == CANARY.user
    assert all(str(value) in words(card) for value in SIGNED.values())
    assert str(FIELDS["text"]) in words(card)
    assert str(reply.data["code"]) not in words(card)
    assert words(reply).startswith("You signed. The confirmation is in")


async def test_emptying_one_takes_nothing_off(union: Workplace) -> None:
    """What stands there instead says so; it is the same for everybody."""
    await sign(union, CANARY, consent=YES)
    [(_, card)] = union.chat.confirmed
    press = Press(actor=CANARY, action=action_of(card, "Empty this message"))
    emptied = await union.card(press)

    assert "Your signature stays as it was." in words(emptied)
    assert not emptied.data
    assert is_quiet(press)


async def test_who_asks_for_none_is_sent_none(union: Workplace) -> None:
    """The reply is that of everybody who signs or takes a name off."""
    reply = await sign(union, CANARY, consent=NO)
    off = await union.send(CANARY, "unsign:union", withdraw=True)
    first = [words(card).splitlines()[0] for card in (reply, off)]

    assert union.chat.confirmed == []
    assert first[0] == first[1]
    assert labels(reply)[1:] == labels(off)[1:]
    assert len(words(reply)) == len(words(off))


@pytest.mark.parametrize("consent", ["", True, "yes", "Yes"])
async def test_who_chooses_nothing_does_not_sign(
    union: Workplace, *, consent: str | bool
) -> None:
    """No consent is taken for a choice, and no choice is made for anybody."""
    reply = await sign(union, CANARY, consent=consent)

    assert reply.data["refusal"] == "ConfirmationNotChosen"
    assert reply.data["field"] == "consent"
    assert union.chat.confirmed == []


async def test_signature_stands_where_none_can_be_sent(union: Workplace) -> None:
    """Closed direct messages take nothing away, and the reply says so."""
    union.chat.unreachable = {CANARY.user, *(each.user for each in STAFF)}
    replies = [await sign(union, each, consent=YES) for each in (CANARY, *STAFF[:24])]
    await union.advance(2 * DAY)
    (result,) = union.chat.shown(CardKind.TALLY)

    assert all("could not be sent" in words(reply) for reply in replies)
    assert all(reply.kind is CardKind.RECEIPT for reply in replies)
    assert result.data["signed"] == 25
    assert union.chat.confirmed == []


async def test_platform_that_never_answers(
    union: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody waits for their code no longer than this."""

    async def hang(actor: Actor, card: Card) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(signing, "CONFIRM_SECONDS_MAX", 0.05)
    monkeypatch.setattr(union.chat, "confirm", hang)
    reply = await sign(union, CANARY, consent=YES)

    assert "could not be sent" in words(reply)
    assert reply.data["code"]


async def test_who_may_not_sign_is_sent_nothing(union: Workplace) -> None:
    """A refusal comes before anything is sent."""
    stranger = account("U0STRANGER")
    reply = await sign(union, stranger, consent=YES)

    assert reply.kind is CardKind.REFUSAL
    assert union.chat.confirmed == []


async def test_nothing_of_it_lies_in_any_file(union: Workplace, tmp_path: Path) -> None:
    """Sent, not sent, and counted: no file names the signer, in no form."""
    needles = [CANARY.user.encode(), *(str(each).encode() for each in SIGNED.values())]
    found: list[str] = []
    for reachable in (True, False):
        union.chat.unreachable = set() if reachable else {CANARY.user}
        await sign(union, CANARY, consent=YES)
        waiting = await union.store.posts()
        files = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
        found += hits(files, needles)
        assert waiting == []
    await union.advance(2 * DAY)
    files = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    assert len(union.chat.confirmed) == 1
    assert found + hits(files, needles) == []


# Organizers ---------------------------------------------------------------------------


async def test_off_unless_organizers_say_otherwise(office: Workplace) -> None:
    """Who fills in nothing offers none, and signing is as it always was."""
    preview = await office.send(MEI, "interest", **FIELDS)
    await office.press(MEI, action_of(preview, "Start it"))
    reply = await sign(office, CANARY, consent=True)

    assert "Nobody is sent a confirmation." in words(preview)
    assert reply.kind is CardKind.RECEIPT
    assert office.chat.confirmed == []


async def test_offered_before_it_starts(office: Workplace) -> None:
    """The draft is changed; a page of before starts nothing that it does not show."""
    before = await office.send(MEI, "interest", **FIELDS)
    form = await office.form(Press(actor=MEI, action=action_of(before, "Change")))
    preview = await office.send(MEI, form.form, confirmation="yes")
    old = await office.press(MEI, action_of(before, "Start it"))
    await office.press(MEI, action_of(preview, "Start it"))
    await sign(office, CANARY, consent=YES)

    assert field_of(form, "confirmation").value == "no"
    assert "Each signer may ask for a confirmation." in words(preview)
    assert old.data["refusal"] == "MessageTooOld"
    assert len(office.chat.confirmed) == 1


async def test_form_of_a_draft_keeps_the_choice(office: Workplace) -> None:
    """Who changes something else does not switch them off."""
    first = await office.send(MEI, "interest", **FIELDS, confirmation="yes")
    form = await office.form(Press(actor=MEI, action=action_of(first, "Change")))
    again = await office.send(MEI, form.form, title="One union for us")

    assert field_of(form, "confirmation").value == "yes"
    assert "Each signer may ask for a confirmation." in words(again)


async def test_no_other_petition_offers_them(office: Workplace) -> None:
    """The form's field means nothing elsewhere."""
    preview = await office.send(
        MEI, "petition", **(FIELDS | {"confirmation": "yes", "kind": "names"})
    )

    assert "confirmation" not in words(preview)


async def test_form_takes_two_words(office: Workplace) -> None:
    """Anything but yes and no is no choice."""
    card = await office.send(MEI, "interest", **FIELDS, confirmation="maybe")

    assert card.data["refusal"] == "FieldWrong"
