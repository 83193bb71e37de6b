"""Petitions as organizers make them and people sign them, at a real gate."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.records import Role
from bot.requests import Command, Press, Submit
from bot.views.widgets import Card, CardKind, Form
from tests.core.petition import BREAKS
from tests.fakes.chat import account
from tests.fakes.workplace import (
    ANA,
    DAY,
    MEI,
    SAM,
    STAFF,
    Workplace,
    action_of,
    labels,
    words,
    workplace,
)

LINE = BREAKS.trustees.line() if BREAKS.trustees else ""
FIELDS: dict[str, str | tuple[str, ...] | bool] = {
    "text": "We ask for a paid break of 30 minutes.",
    "title": "Paid breaks",
    "addressee": "the site management",
    "threshold": "20",
    "closes": "1d",
    "trustees": LINE,
    "ask": "affiliation",
    "name": "breaks",
}
# Each slot of a petition opens with 256 dummies of a kilobyte.
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace where Mei is the only organizer."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


@pytest.fixture
async def breaks(office: Workplace) -> Workplace:
    """A workplace where a petition about breaks is open."""
    preview = await office.send(MEI, "petition", **FIELDS)
    await office.press(MEI, action_of(preview, "Start it"))
    return office


def refusal_of(card: Card) -> object:
    """Return which refusal a card says."""
    assert card.kind is CardKind.REFUSAL, words(card)
    return card.data["refusal"]


async def sign(place: Workplace, *people: object, **more: str | bool) -> list[Card]:
    """Let people sign, each with their own name."""
    fields = {"affiliation": "Dock 4", "consent": True} | more
    return [
        await place.send(
            person,  # type: ignore[arg-type]
            "sign:breaks",
            **({"name": f"Name of {at}"} | fields),  # type: ignore[arg-type]
        )
        for at, person in enumerate(people)
    ]


async def test_organizer_makes_a_petition(office: Workplace) -> None:
    """From the form to the post: what the channel sees was shown before."""
    form = await office.form(Command(actor=MEI, words="petition"))
    preview = await office.send(MEI, form.form, **FIELDS)
    started = await office.press(MEI, action_of(preview, "Start it"))
    (post,) = office.chat.shown(CardKind.DRIVE)

    assert "We ask for a paid break" in words(preview)
    assert "The petition is open" in words(started)
    assert labels(post) == ["Sign", "Take my name off", "Who can see what?"]


async def test_menu_of_organizers_leads_there(office: Workplace) -> None:
    """A new petition is one button away, with its channel."""
    menu = await office.type(MEI, "organize")
    form = await office.form(Press(actor=MEI, action=action_of(menu, "New petition")))

    assert form.title == "New petition"


async def test_draft_can_be_made_again(office: Workplace) -> None:
    """Who finds a mistake begins anew with the same words."""
    await office.welcome(SAM)
    preview = await office.send(MEI, "petition", **(FIELDS | {"ends": "threshold"}))
    waits = await office.press(MEI, action_of(preview, "Ask a second organizer"))
    form = await office.form(
        Press(actor=MEI, action=action_of(waits, "Cancel and start again"))
    )
    values = {field.name: field.value for field in form.fields}

    assert values["text"] == FIELDS["text"]
    assert values["trustees"] == LINE
    assert values["ends"] == "threshold"


async def test_count_is_made_again_without_trustees(office: Workplace) -> None:
    """A petition that only counts has no line to copy."""
    await office.welcome(SAM)
    fields = FIELDS | {"kind": "count", "trustees": "", "audience": "guests"}
    preview = await office.send(MEI, "petition", **fields)
    waits = await office.press(MEI, action_of(preview, "Ask a second organizer"))
    form = await office.form(
        Press(actor=MEI, action=action_of(waits, "Cancel and start again"))
    )
    values = {field.name: field.value for field in form.fields}

    assert (values["kind"], values["trustees"]) == ("count", "")
    assert values["audience"] == "guests"


@pytest.mark.parametrize(
    ("closes", "refusal"), [("400d", "SpanWrong"), ("1s", "TimeWrong")]
)
async def test_length_of_a_petition(
    office: Workplace, closes: str, refusal: str
) -> None:
    """A petition is open for a minute at the least, and a hundred days at most."""
    card = await office.send(MEI, "petition", **(FIELDS | {"closes": closes}))

    assert refusal_of(card) == refusal


async def test_petition_without_a_date_is_open_for_a_month(office: Workplace) -> None:
    """Who names no end gets thirty days."""
    preview = await office.send(MEI, "petition", **(FIELDS | {"closes": ""}))

    assert "2026-12-24 12:00 UTC" in words(preview)


async def test_signing(breaks: Workplace) -> None:
    """The form shows the text; the reply has a code."""
    form = await breaks.form(Press(actor=SAM, action="sign:breaks"))
    (card,) = await sign(breaks, SAM)

    assert FIELDS["text"] in [line.text for line in form.blocks]
    assert card.kind is CardKind.RECEIPT
    assert words(card).startswith("Received.")


async def test_replies_are_alike(breaks: Workplace) -> None:
    """Signing, signing again, taking off, and taking off nothing: the same words."""
    first, again = await sign(breaks, SAM, SAM)
    off = await breaks.send(SAM, "unsign:breaks", withdraw=True)
    nothing = await breaks.send(ANA, "unsign:breaks", withdraw=True)
    by_code = await breaks.send(
        ANA, "unsign:breaks", withdraw=True, code=str(first.data["code"])
    )
    shown = {_without_code(card) for card in (first, again, off, nothing, by_code)}

    assert len(shown) == 1


def _without_code(card: Card) -> tuple[str, ...]:
    """Return a reply with its code and its mark left out."""
    code = str(card.data["code"])
    said = words(card)
    return tuple(
        line
        for line in said.splitlines()
        if not code.startswith(line.strip()) and line.strip() not in code
        if "receipt" not in line
    )


async def test_result_of_twenty(breaks: Workplace) -> None:
    """After the end everybody reads the exact count, and the file is posted."""
    await sign(breaks, *STAFF[:25])
    await breaks.send(STAFF[0], "unsign:breaks", withdraw=True)
    await breaks.advance(2 * DAY)
    (result,) = breaks.chat.shown(CardKind.TALLY)
    (file,) = breaks.chat.shown(CardKind.CERTIFICATE)

    assert "24 of about 60 people signed" in words(result)
    assert file.attachment is not None
    assert b"Name of" not in file.attachment[1]


async def test_word_sign_opens_the_form(breaks: Workplace) -> None:
    """One petition opens at once, by either word, and by a member's word for it."""
    for typed in ("sign", "sign breaks", "petition"):
        view = await breaks.ask(Command(actor=SAM, words=typed))
        assert isinstance(view, Form)
        assert view.form == "sign:breaks"
    for typed in ("unsign", "unsign breaks"):
        view = await breaks.ask(Command(actor=SAM, words=typed))
        assert isinstance(view, Form)
        assert view.form == "unsign:breaks"


async def test_several_petitions_are_listed(breaks: Workplace) -> None:
    """With two of them people choose first."""
    more = FIELDS | {"name": "pay", "title": "More pay"}
    preview = await breaks.send(MEI, "petition", **more)
    await breaks.press(MEI, action_of(preview, "Start it"))
    to_sign = await breaks.type(SAM, "sign")
    to_leave = await breaks.type(SAM, "unsign")

    assert labels(to_sign) == ["Sign", "Sign"]
    assert labels(to_leave) == ["Take my name off"] * 2


async def test_lists_have_petitions(breaks: Workplace) -> None:
    """The menu and the list show it to everybody, with a button to sign."""
    menu = await breaks.type(SAM, "")
    listed = await breaks.type(SAM, "list")

    assert "Sign" in labels(menu)
    assert "Petition breaks." in words(listed)


async def test_results_before_the_end(breaks: Workplace) -> None:
    """There is a floor, and no early look."""
    await sign(breaks, *STAFF[:12])
    await breaks.advance(DAY // 4)
    card = await breaks.type(SAM, "results breaks")

    assert "at least 10 of about 60 people had signed. 20 are needed" in words(card)


async def test_petition_of_a_private_channel_is_not_listed(breaks: Workplace) -> None:
    """It stands under its post, and by its name."""
    breaks.chat.private.add("general")

    assert refusal_of(await breaks.type(SAM, "sign")) == "NoPetitionOpen"
    view = await breaks.ask(Command(actor=SAM, words="sign breaks"))
    assert isinstance(view, Form)


@pytest.mark.parametrize("word", ["sign", "unsign"])
async def test_poll_is_not_among_petitions(breaks: Workplace, word: str) -> None:
    """With one petition and a poll open, the word leads to the petition's form."""
    await breaks.start_poll(MEI)
    view = await breaks.ask(Command(actor=SAM, words=word))

    assert isinstance(view, Form)
    assert view.form == f"{word}:breaks"


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (Command(actor=SAM, words="sign"), "NoPetitionOpen"),
        (Command(actor=SAM, words="unsign"), "NoPetitionOpen"),
        (Command(actor=SAM, words="sign nothing"), "UnknownDrive"),
        (Press(actor=SAM, action="sign:nothing"), "MessageTooOld"),
        (Press(actor=SAM, action="unsign:nothing"), "MessageTooOld"),
    ],
)
async def test_nothing_to_sign(
    office: Workplace, request_: Command | Press, refusal: str
) -> None:
    """Without a petition the refusal says so."""
    assert refusal_of(await office.card(request_)) == refusal


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": "Sam", "consent": False}, "SignConsentMissing"),
        ({"name": "", "consent": True}, "TextMissing"),
        ({"name": "x" * 201, "consent": True}, "SignatureTooLong"),
        ({"name": "Sam\nMei", "consent": True}, "SignatureLine"),
    ],
)
async def test_signature_that_is_refused(
    breaks: Workplace, fields: dict[str, str | bool], refusal: str
) -> None:
    """What is missing is named, and nothing is stored."""
    card = await breaks.card(Submit(actor=SAM, form="sign:breaks", fields=fields))

    assert refusal_of(card) == refusal


async def test_withdrawal_that_is_refused(breaks: Workplace) -> None:
    """The check mark is needed, and a code with a mistake is told."""
    missing = await breaks.send(SAM, "unsign:breaks")
    mistyped = await breaks.send(SAM, "unsign:breaks", withdraw=True, code="AAAA")

    assert refusal_of(missing) == "WithdrawNotTicked"
    assert refusal_of(mistyped) == "CodeMistyped"


async def test_strangers_do_not_sign(breaks: Workplace) -> None:
    """Who is not in the channel neither signs nor takes anybody off."""
    guest = account("p01", guest=True)
    (signed,) = await sign(breaks, guest)
    off = await breaks.send(guest, "unsign:breaks", withdraw=True)

    assert refusal_of(signed) == "NotInPetition"
    assert refusal_of(off) == "NotInPetition"


async def test_poll_is_no_petition(breaks: Workplace) -> None:
    """A poll is answered and not signed, and a petition signed and not answered."""
    name = await breaks.start_poll(MEI)

    wrong = await breaks.type(SAM, f"sign {name}")
    assert refusal_of(wrong) == "NotAPetition"
    answered = await breaks.type(SAM, "vote breaks")
    assert refusal_of(answered) == "NotAPoll"


async def test_petition_that_waits_or_is_over(office: Workplace) -> None:
    """Before its keys come, and after its end, nobody signs."""
    office.counter_runs = False
    preview = await office.send(MEI, "petition", **FIELDS)
    await office.press(MEI, action_of(preview, "Start it"))
    early = await office.card(Press(actor=SAM, action="sign:breaks"))
    office.counter_runs = True
    await office.advance(DAY)
    await office.advance(2 * DAY)
    late = await office.card(Press(actor=SAM, action="sign:breaks"))

    assert refusal_of(early) == "PetitionNotOpen"
    assert refusal_of(late) == "PetitionClosed"


async def test_draft_is_not_signed(office: Workplace) -> None:
    """A draft is nobody's but its author's."""
    await office.send(MEI, "petition", **FIELDS)

    assert refusal_of(await office.type(SAM, "sign breaks")) == "UnknownDrive"


async def test_close_early(breaks: Workplace) -> None:
    """Organizers can end it early; the page says what that does to the names."""
    ask = await breaks.type(MEI, "close breaks")
    await breaks.press(MEI, action_of(ask, "Close it"))

    assert "the sealed names are destroyed" in words(ask)
    assert any("closed early" in words(c) for c in breaks.chat.shown(CardKind.NOTICE))


@pytest.mark.parametrize("word", ["petition"])
async def test_only_organizers_make_one(office: Workplace, word: str) -> None:
    """For others the word means signing."""
    assert refusal_of(await office.type(STAFF[0], word)) == "NoPetitionOpen"
    card = await office.send(STAFF[0], "petition", **FIELDS)
    assert refusal_of(card) == "NotAnOrganizer"
