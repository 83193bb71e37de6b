"""Reports from chat: a box is opened, people write, organizers read and answer."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core.records import Role
from bot.requests import Command, DirectMessage, Press, Submit
from bot.views.widgets import Card, CardKind, FieldType, Form
from tests.fakes.chat import account
from tests.fakes.workplace import (
    ANA,
    DAY,
    MEI,
    SAM,
    STAFF,
    Workplace,
    action_of,
    buttons,
    field_of,
    labels,
    words,
    workplace,
)

HOUR = 60 * 60
FORM: dict[str, str | tuple[str, ...] | bool] = {
    "category": "Pay",
    "severity": "It can wait",
    "text": "The pay was late again.",
    "consent": "Read my text",
}
WRONG = (
    "No report opens with this code. Check it, or wait a little and try again.\n"
    "A report that waits to be read opens later. You can take it back now:"
)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace whose only organizer is Mei."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


@pytest.fixture
async def boxed(office: Workplace) -> Workplace:
    """The same workplace with an open report box."""
    await open_box(office)
    return office


async def open_box(office: Workplace, **fields: str) -> str:
    """Open a report box; return its name."""
    preview = await office.send(MEI, "box", **({"name": "box"} | fields))
    assert "drive" in preview.data, words(preview)
    await office.press(MEI, action_of(preview, "Start it"))
    return str(preview.data["drive"])


async def check(office: Workplace, who, **fields: str) -> Form:
    """Fill in the first page; return the page before sending."""
    form = Submit(actor=who, form="report:box", fields=FORM | fields)
    return await office.form(form)


async def report(
    office: Workplace, who, second: dict[str, Any] | None = None, **fields
) -> Card:
    """Report something, page by page; return the last page."""
    page = await check(office, who, **fields)
    kept = {field.name: field.value for field in page.fields if field.value}
    return await office.send(who, page.form, **(kept | (second or {})))


async def six_reports(office: Workplace) -> list[str]:
    """Let six people report, and a day pass; return their codes."""
    cards = [
        await report(office, who, text=f"Late pay, {at}.")
        for at, who in enumerate(STAFF[:6])
    ]
    await office.advance(DAY)
    return [str(card.data["code"]) for card in cards]


def listed(card: Card) -> list[dict[str, Any]]:
    """Return the cases on an organizers' page, as programs read them."""
    return cast("list[dict[str, Any]]", card.data["cases"])


async def refused(office: Workplace, request) -> str:
    """Return the name of the refusal that a request gets."""
    card = await office.card(request)
    assert card.kind is CardKind.REFUSAL, words(card)
    return str(card.data.get("refusal"))


# --- opening a box --------------------------------------------------------------------


async def test_a_box_opens_like_a_poll(office: Workplace) -> None:
    """A form with usual words, a preview, a start; then it stands in the channel."""
    form = await office.form(Command(actor=MEI, words="box", place="general"))
    assert "Watching and tracking us" in field_of(form, "categories").value
    preview = await office.send(MEI, "box", name="Warehouse", keep="30d", areas="A\nB")
    said = words(preview)
    for part in ("Warehouse", "every 1 day", "30 days after", "A, B", "everyone in #g"):
        assert part in said
    assert "Report a problem" in said
    await office.press(MEI, action_of(preview, "Start it"))

    (post,) = office.chat.shown(CardKind.DRIVE)
    assert labels(post) == [
        "Report a problem",
        "My report (I have a code)",
        "Who can see what?",
    ]
    assert "The person who runs this bot could cheat" in words(post)
    assert words(post).endswith("/rr results warehouse")


async def test_a_second_organizer_agrees(office: Workplace) -> None:
    """What the other one reads names the topics, and what cannot be changed."""
    await office.welcome(SAM)
    preview = await office.send(MEI, "box", name="box", audience="guests")
    await office.press(MEI, action_of(preview, "Ask a second organizer"))
    page = await office.type(SAM, "confirm")
    assert "open this report box" in words(page)
    assert "Guests can answer too." in words(page)
    started = await office.press(SAM, action_of(page, "Start it"))

    assert "The report box stands in #general" in words(started)


async def test_what_waits_is_called_by_its_kind(office: Workplace) -> None:
    """Two that wait stand in a list, each with its words."""
    await office.welcome(SAM)
    for name in ("box", "other"):
        preview = await office.send(MEI, "box", name=name)
        await office.press(MEI, action_of(preview, "Ask a second organizer"))

    assert "A new report box waits" in words(await office.type(SAM, "confirm"))


async def test_cancel_and_start_again_keeps_the_words(office: Workplace) -> None:
    """The form comes back as it was filled in."""
    await office.welcome(SAM)
    preview = await office.send(
        MEI,
        "box",
        name="Nights",
        every="7d",
        keep="30d",
        areas="A\nB",
        audience="guests",
    )
    waiting = await office.press(MEI, action_of(preview, "Ask a second organizer"))
    again = action_of(waiting, "Cancel and start again")
    form = await office.form(Press(actor=MEI, action=again))

    filled = {field.name: field.value for field in form.fields}
    assert filled["name"] == "Nights"
    assert (filled["every"], filled["keep"]) == ("7d", "30d")
    assert (filled["areas"], filled["audience"]) == ("A\nB", "guests")


async def test_a_box_fits_its_slots(office: Workplace) -> None:
    """Read every six hours it lasts 100 days, or what was typed if shorter."""
    await open_box(office, every="6h")
    drive = office.gate.drive("box")
    assert drive is not None
    assert drive.schedule is not None
    assert drive.schedule.count == 400
    too_long = Submit(actor=MEI, form="box", fields={"every": "6h", "closes": "101d"})
    assert await refused(office, too_long) == "SpanWrong"
    short = await office.send(MEI, "box", name="short", every="6h", closes="2d")

    assert "short" in words(short)


async def test_boxes_are_not_compared_with_polls(boxed: Workplace) -> None:
    """A box says nothing of an audience, so a poll beside it is no difference."""
    boxed.chat.channels["nearly"] = set(list(boxed.chat.channels["general"])[1:])

    assert await boxed.start_poll(MEI, channel="nearly")


async def test_a_box_is_closed_early(boxed: Workplace) -> None:
    """Its post says so, and codes still open what was read."""
    (code, *_) = await six_reports(boxed)
    ask = await boxed.type(MEI, "close box")
    assert "destroyed unread" in words(ask)
    await boxed.press(MEI, action_of(ask, "Close it"))

    (notice,) = boxed.chat.shown(CardKind.NOTICE)
    assert "closed this report box" in words(notice)
    (post,) = boxed.chat.shown(CardKind.DRIVE)
    assert "Your code still opens your report." in words(post)
    late = Submit(actor=SAM, form="report:box", fields=FORM)
    assert await refused(boxed, late) == "BoxClosed"
    assert (await boxed.send(SAM, "case", code=code)).kind is CardKind.CASE
    assert "Closed" in words(await boxed.type(SAM, "list"))
    assert "not shown" not in words(await boxed.type(SAM, "results box"))


# --- reporting ------------------------------------------------------------------------


async def test_the_form_says_who_reads_it(boxed: Workplace) -> None:
    """Before anything is typed; consent has no preset choice."""
    form = await boxed.form(Command(actor=SAM, words="report"))

    assert "5 different people have written" in words(form)
    assert "destroyed unread" in words(form)
    assert "The person who runs this bot could cheat" in words(form)
    consent = field_of(form, "consent")
    assert (consent.value, consent.required) == ("", True)
    assert consent.options == ("Count it only", "Read my text")
    assert [field.name for field in form.fields] == [
        "category",
        "severity",
        "text",
        "consent",
    ]


async def test_the_page_before_sending_is_always_shown(boxed: Workplace) -> None:
    """With marks or without; nothing is stored before it is sent."""
    marked = await check(boxed, SAM, text="At 14:32 I am the only one, @sam knows.")
    plain = await check(boxed, SAM)

    assert "These words may point to you" in words(marked)
    assert "14:32" in words(marked)
    assert "do not look for your name" in words(plain)
    for page in (marked, plain):
        assert words(page).startswith("Not sent yet. Nothing is stored.")
        assert "We can't find everything." in words(page)
        assert "Organizers may guess it is you." in words(page)
    assert field_of(plain, "text").value == FORM["text"]
    assert field_of(plain, "urgent").type is FieldType.CHECK


async def test_the_code_is_shown_once(boxed: Workplace) -> None:
    """The last page has it; its end can be typed back."""
    card = await report(boxed, SAM)
    code = str(card.data["code"])

    assert card.kind is CardKind.RECEIPT
    assert "This code is the only way back" in words(card)
    assert code.replace(" ", "") in words(card).replace(" ", "").replace("\n", "")
    (kept, _) = buttons(card)
    form = await boxed.form(Press(actor=SAM, action=kept.action))
    right = await boxed.send(SAM, form.form, last4=code[-4:])
    assert "That is right" in words(right)


async def test_a_report_that_only_counts_has_no_code(boxed: Workplace) -> None:
    """Its words are not sent, and the pages say so."""
    page = await check(boxed, SAM, consent="Count it only")
    card = await boxed.send(SAM, page.form, text="The pay was late again.")

    assert "The words below are not sent." in words(page)
    assert [field.name for field in page.fields] == ["text"]
    assert "code" not in card.data
    assert "Nobody reads your words" in words(card)
    bare = await check(boxed, SAM, consent="Count it only", text="")
    assert bare.form == page.form


async def test_words_behind_the_command_are_dropped_unread(boxed: Workplace) -> None:
    """They are never shown again, and the form is one tap away."""
    card = await boxed.type(SAM, "report my boss shouts")

    assert "thrown away unread" in words(card)
    assert "boss" not in words(card)
    opens = action_of(card, "Open the form")
    assert (await boxed.form(Press(actor=SAM, action=opens))).form == "report:box"


async def test_without_a_box_there_is_none(office: Workplace) -> None:
    """The command says so, and so do a message's buttons."""
    assert "no report box" in words(await office.type(SAM, "report"))
    quote = Press(actor=SAM, action="quote", text="He said it.")
    assert await refused(office, quote) == "NoBoxOpen"


async def test_two_boxes_are_told_apart(boxed: Workplace) -> None:
    """A list to choose from; a name opens one at once."""
    await open_box(boxed, name="other")
    card = await boxed.type(SAM, "report")
    assert "Which report box" in words(card)

    form = await boxed.form(Command(actor=SAM, words="report other"))
    assert form.form == "report:other"


@pytest.mark.parametrize("action", ["quote", "dmsend:m7"])
async def test_a_text_comes_along_where_a_box_is_chosen(
    boxed: Workplace, action: str
) -> None:
    """A form asks for which box it is, and the next one has the text in it."""
    await open_box(boxed, name="other")
    which = await boxed.form(Press(actor=SAM, action=action, text="He said it."))
    assert "Choose one for your text. Nothing is sent yet." in words(which)
    assert "Who can see what:" in words(which)
    options = field_of(which, "which").options
    assert sorted(options) == ["box (box)", "other (other)"]

    kept = {"text": field_of(which, "text").value, "which": "box (box)"}
    form = await boxed.form(Submit(actor=SAM, form=which.form, fields=kept))
    assert form.form == "report:box"
    assert field_of(form, "text").value == "He said it."


async def test_a_box_that_closed_while_it_was_chosen(boxed: Workplace) -> None:
    """It takes nothing; and whoever chose none is asked to."""
    await open_box(boxed, name="other")
    which = await boxed.form(Press(actor=SAM, action="quote", text="He said it."))
    assert "other (other)" in field_of(which, "which").options
    ask = await boxed.type(MEI, "close other")
    await boxed.press(MEI, action_of(ask, "Close it"))

    closed = Submit(actor=SAM, form="which", fields={"which": "other (other)"})
    assert await refused(boxed, closed) == "BoxClosed"
    none = Submit(actor=SAM, form="which", fields={"text": "He said it."})
    assert await refused(boxed, none) == "TextMissing"


async def test_a_text_that_was_changed_is_looked_at_again(boxed: Workplace) -> None:
    """Until its author sends what was looked at, or nothing is found in it."""
    page = await check(boxed, SAM)
    changed: dict[str, str | tuple[str, ...] | bool] = {
        "text": "At 14:32 the pay was late.",
        "place": "Hall 4",
        "urgent": True,
    }
    again = await boxed.form(Submit(actor=SAM, form=page.form, fields=changed))
    assert words(again).startswith("Not sent yet: your text is new. We looked again.")
    assert "14:32" in words(again)
    assert field_of(again, "text").value == changed["text"]
    assert field_of(again, "place").value == "Hall 4"
    assert field_of(again, "urgent").value == "true"
    anew = {"text": "On Tuesday the pay was late.", "matter": "pay 3"}
    third = await boxed.form(Submit(actor=SAM, form=again.form, fields=anew))
    assert "Tuesday" in words(third)
    assert "14:32" not in words(third)
    assert field_of(third, "matter").value == "pay 3"
    assert boxed.gate.cases() == []

    kept = await boxed.send(SAM, third.form, **anew)
    assert kept.kind is CardKind.RECEIPT
    harmless = await boxed.send(SAM, again.form, text="The pay was late.")
    assert harmless.kind is CardKind.RECEIPT


async def test_a_page_is_looked_at_before_it_is_sent(boxed: Workplace) -> None:
    """Where a platform tells of a change at once, the page comes with what is found."""
    page = await check(boxed, SAM)
    look = page.form.replace("send:", "look:")
    changed = {"text": "At 14:32 the pay was late.", "matter": "pay"}
    shown = await boxed.form(Submit(actor=SAM, form=look, fields=changed))
    assert words(shown).startswith("Not sent yet. Nothing is stored. These words may")
    assert "14:32" in words(shown)
    assert field_of(shown, "matter").value == "pay"

    sent = await boxed.send(SAM, shown.form, text="At 14:32 the pay was late.")
    assert sent.kind is CardKind.RECEIPT


async def test_a_text_with_marks_is_sent_as_it_was_looked_at(boxed: Workplace) -> None:
    """White space around it, and line ends of another kind, make no new text."""
    page = await check(boxed, SAM, text="At 14:32\nthe pay was late.")
    assert "14:32" in words(page)

    typed = "  At 14:32\r\nthe pay was late.\n"
    sent = await boxed.send(SAM, page.form, text=typed)
    assert sent.kind is CardKind.RECEIPT


async def test_the_authors_names_are_looked_for(boxed: Workplace) -> None:
    """All that the platform sends with the form; without any, no name is promised."""
    names = ("mei.chen2", "Captain Mei")
    said = "Chen was told. The captain too. Meilin was not."
    asked = Submit(actor=SAM, form="report:box", fields=FORM | {"text": said})
    named = await boxed.form(replace(asked, names=names))
    bare = await boxed.form(asked)
    plain = await boxed.form(
        Submit(actor=SAM, form="report:box", fields=FORM, names=names)
    )
    changed = Submit(actor=SAM, form=plain.form, fields={"text": said}, names=names)
    again = await boxed.form(changed)

    for page in (named, again):
        assert "“Chen was told" in words(page)
        assert "captain" in words(page)
    assert "do not look for your name" in words(bare)
    assert "We found no numbers, exact times, or your name here." in words(plain)
    assert "mei.chen2" not in repr(changed)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"consent": ""}, "ConsentMissing"),
        ({"consent": "maybe"}, "FieldWrong"),
        ({"category": "Pets"}, "FieldWrong"),
        ({"text": ""}, "TextMissing"),
        ({"text": "x" * 601}, "TextTooLong"),
    ],
)
async def test_what_the_form_refuses(
    boxed: Workplace, fields: dict[str, str], name: str
) -> None:
    """Each in words, before anything is stored."""
    request = Submit(actor=SAM, form="report:box", fields=FORM | fields)

    assert await refused(boxed, request) == name


@pytest.mark.parametrize(
    "form",
    [
        *("send:box:9:0:1:0", "send:box:0:0:2:0", "send:box:x:0:1:0"),
        *("send:box:0:²:1:0", "send:box:0:0:1"),
    ],
)
async def test_a_second_page_of_other_terms_is_too_old(
    boxed: Workplace, form: str
) -> None:
    """What a form's id carries is checked like a field."""
    request = Submit(actor=SAM, form=form, fields={"text": "x"})

    assert await refused(boxed, request) == "MessageTooOld"


async def test_a_report_may_wait_for_others(boxed: Workplace) -> None:
    """An agreed word and a number; four texts more do not open a pair that waits."""
    page = await check(boxed, SAM)
    assert "An organizer who learns the word can write too" in words(page)
    for who in STAFF[:2]:
        card = await report(boxed, who, {"matter": "Forklift 3"}, text="It tips over.")
        assert "unread until 3 people, with you, have named your word" in words(card)
    for who in STAFF[2:7]:
        await report(boxed, who)
    await boxed.advance(DAY)
    shown = {each["text"] for each in listed(await boxed.type(MEI, "cases"))}
    assert shown == {FORM["text"]}
    await report(boxed, STAFF[7], {"matter": "forklift 3"}, text="It tips over.")
    await report(boxed, STAFF[8], text="No breaks.")
    await report(boxed, STAFF[9], text="No breaks.")
    for who in STAFF[10:12]:
        await report(boxed, who, consent="Count it only")
    await boxed.advance(DAY)

    found = [each["text"] for each in listed(await boxed.type(MEI, "cases"))]
    assert found.count("It tips over.") == 3
    assert found.count("No breaks.") == 2


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"matter": "forklift"}, "MatterWrong"),
        ({"matter": "forklift 3", "urgent": True}, "WaitsAndHurries"),
    ],
)
async def test_what_the_page_before_sending_refuses(
    boxed: Workplace, fields: dict[str, Any], name: str
) -> None:
    """Nothing was recorded, and it says what to write."""
    page = await check(boxed, SAM)
    filled = {"text": "The pay was late.", **fields}

    request = Submit(actor=SAM, form=page.form, fields=filled)
    assert await refused(boxed, request) == name


async def test_only_the_audience_may_report(boxed: Workplace) -> None:
    """A member of the workspace who is not in the box's channel is refused."""
    boxed.chat.channels["other"] = {"zoe"}
    zoe = account("zoe")
    request = Submit(actor=zoe, form="report:box", fields=FORM)

    assert await refused(boxed, request) == "NotInBox"


async def test_buttons_of_other_drives(boxed: Workplace) -> None:
    """A poll takes no report and a box no answer."""
    poll = await boxed.start_poll(MEI)
    form = Submit(actor=SAM, form=f"report:{poll}", fields=FORM)
    assert await refused(boxed, form) == "MessageTooOld"
    gone = Press(actor=SAM, action="report:gone")
    assert await refused(boxed, gone) == "MessageTooOld"
    vote = Command(actor=SAM, words="vote box")
    assert await refused(boxed, vote) == "NotAPoll"


async def test_a_box_that_waits_for_the_counter(office: Workplace) -> None:
    """It takes nothing yet, and says so."""
    office.counter_runs = False
    await open_box(office)
    request = Submit(actor=SAM, form="report:box", fields=FORM)

    assert await refused(office, request) == "BoxNotOpen"


async def test_lists_show_boxes_to_everybody(boxed: Workplace) -> None:
    """The menu has a button for it; results say that nothing is shown."""
    menu = await boxed.type(SAM, "")
    assert "report:box" in [each.action for each in buttons(menu)]
    said = words(await boxed.type(SAM, "results box"))

    assert "Nothing of it is shown in this channel." in said
    assert "Next time to read" in said


# --- direct messages ------------------------------------------------------------------


async def test_a_direct_message_has_three_choices(boxed: Workplace) -> None:
    """It is never quoted, begins neutrally, and is fetched again only on a tap."""
    message = DirectMessage(actor=SAM, text="My boss shouts.", reference="m7")
    card = await boxed.card(message)

    assert words(card).startswith("Choose what happens with your message.")
    assert "boss" not in words(card)
    assert labels(card) == ["Open the form", "Send this text anyway", "Do nothing"]
    send = action_of(card, "Send this text anyway")
    form = await boxed.form(Press(actor=SAM, action=send, text="My boss shouts."))
    assert field_of(form, "text").value == "My boss shouts."
    assert "also stays in the chat" in words(form)


async def test_a_file_is_refused_with_the_reason(boxed: Workplace) -> None:
    """It stays where it is; the pages say why, and ask for words instead."""
    message = DirectMessage(actor=SAM, text="Look!", reference="m7", has_files=True)
    card = await boxed.card(message)
    assert "carry hidden facts: who made them, when, and where" in words(card)
    send = action_of(card, "Send this text anyway")
    form = await boxed.form(Press(actor=SAM, action=send, text="Look!", has_files=True))

    assert "Write in words what can be seen in it" in words(form)
    bare = await boxed.form(Press(actor=SAM, action=send, text="Look!"))
    assert "hidden facts: who" not in words(bare)


async def test_a_message_without_a_reference_is_not_sent(boxed: Workplace) -> None:
    """Where the platform gives none, only the form is offered."""
    card = await boxed.card(DirectMessage(actor=SAM, text="My boss shouts."))

    assert labels(card) == ["Open the form", "Do nothing"]


async def test_a_message_may_be_quoted(boxed: Workplace) -> None:
    """Who wrote it may guess who reported: it is said above the form."""
    form = await boxed.form(Press(actor=SAM, action="quote", text="He said it."))

    assert "Whoever wrote it may guess" in words(form)
    assert field_of(form, "text").value == "He said it."
    long = Press(actor=SAM, action="quote", text="x" * 601)
    assert await refused(boxed, long) == "TextTooLong"


# --- back with a code -----------------------------------------------------------------


async def test_a_talk_through_the_code_alone(boxed: Workplace) -> None:
    """Read, reply, add, read again; only the code opens what organizers say."""
    codes = await six_reports(boxed)
    cases = await boxed.type(MEI, "cases")
    name = next(
        each["case"] for each in listed(cases) if each["text"] == "Late pay, 0."
    )
    form = await boxed.form(Press(actor=MEI, action=f"reply:{name}"))
    done = await boxed.send(MEI, form.form, text="When did it begin?")
    assert "Only the writer's code opens" in words(done)
    page = await boxed.send(STAFF[0], "case", code=codes[0].lower())
    assert "Organizers: When did it begin?" in words(page)
    assert "someone works on it" in words(page)
    add = await boxed.form(Press(actor=STAFF[0], action=action_of(page, "Add to it")))
    code = field_of(add, "code").value
    said = await boxed.send(STAFF[0], "case", code=code, text="In March.")
    assert "Everyone gets this same message." in words(said)
    await boxed.advance(6 * HOUR)

    case = await boxed.press(MEI, f"case:{name}")
    assert "Writer: In March." in words(case)
    assert "Organizers: a reply. Only the writer's code opens it." in words(case)
    assert "When did it begin?" not in words(case)
    page = await boxed.send(STAFF[0], "case", code=codes[0])
    assert words(page).index("When did it begin?") < words(page).index("In March.")
    other = await boxed.send(STAFF[1], "case", code=codes[1])
    assert "No reply yet." in words(other)


async def test_wrong_codes_and_early_ones_read_the_same(boxed: Workplace) -> None:
    """Whether or not a case exists; and so do those of somebody else's poll."""
    early = str((await report(boxed, SAM)).data["code"])
    wrong = await boxed.send(SAM, "case", code="0" * 26)
    waits = await boxed.send(SAM, "case", code=early)
    codes = ("0" * 26, early.replace(" ", ""))
    bare = [
        str(c).replace(code, "") for c, code in zip((wrong, waits), codes, strict=True)
    ]
    assert bare[0] == bare[1]
    assert words(wrong) == WRONG
    typo = Submit(actor=SAM, form="case", fields={"code": "K7QM"})
    assert await refused(boxed, typo) == "CodeMistyped"
    adds = [
        await boxed.send(SAM, "case", code=code, text="More.")
        for code in ("0" * 26, early)
    ]
    assert adds[0] == adds[1]
    poll = await boxed.start_poll(MEI)
    card = await boxed.send(SAM, "case", code="0" * 26)

    assert words(card).startswith(WRONG)
    assert f"change:{poll}" in [each.action for each in buttons(card)]


async def test_without_a_box_a_code_is_of_a_poll(office: Workplace) -> None:
    """None, one, or a list of them to choose from."""
    assert "No poll is open now." in words(await office.type(SAM, "code"))
    poll = await office.start_poll(MEI)
    form = await office.form(Command(actor=SAM, words="code"))
    assert form.form == f"change:{poll}"
    other = await office.start_poll(MEI, question="Another one?", name="other")
    card = await office.type(SAM, "code")

    actions = {each.action for each in buttons(card)}
    assert {f"change:{poll}", f"change:{other}"} <= actions


async def test_a_code_may_belong_to_either(boxed: Workplace) -> None:
    """With a box the command asks for the code first; a name goes there at once."""
    poll = await boxed.start_poll(MEI)
    form = await boxed.form(Command(actor=SAM, words="code"))
    assert form.form == "case"
    named = await boxed.form(Command(actor=SAM, words=f"code {poll}"))
    assert named.form == f"change:{poll}"
    assert (await boxed.form(Command(actor=SAM, words="code box"))).form == "case"
    gone = Command(actor=SAM, words="code gone")
    assert await refused(boxed, gone) == "UnknownDrive"
    drive = boxed.gate.drive(poll)
    assert drive is not None
    await boxed.gate.close_early(drive)
    over = Command(actor=SAM, words=f"code {poll}")
    assert await refused(boxed, over) == "DriveClosed"


async def test_a_case_is_closed_while_its_author_writes(boxed: Workplace) -> None:
    """What they add is read all the same; the reason is there when they look."""
    codes = await six_reports(boxed)
    page = await boxed.send(SAM, "case", code=codes[0])
    name = page.data["case"]
    await boxed.send(MEI, f"closecase:{name}", text="It was paid.")
    await boxed.send(SAM, "case", code=codes[0], text="Not to me.")
    quiet = await boxed.type(MEI, "cases")
    assert "closed" in words(quiet)
    assert "NEW WORDS" not in words(quiet)
    await boxed.advance(6 * HOUR)
    marked = await boxed.type(MEI, "cases")
    assert f"{name} (Pay, It can wait, closed, NEW WORDS)" in words(marked)
    assert [each["case"] for each in listed(marked) if each["new_words"]] == [name]

    assert "Writer: Not to me." in words(await boxed.press(MEI, f"case:{name}"))
    page = await boxed.send(SAM, "case", code=codes[0])
    assert "Where it stands: closed. It was paid." in words(page)
    moved = await boxed.press(MEI, f"inhand:{name}")
    assert "It was paid" not in words(moved)
    assert "NEW WORDS" not in words(await boxed.type(MEI, "cases"))
    assert "someone works on it" in words(await boxed.type(MEI, "cases"))


async def test_a_cases_time_ends_in_the_middle_of_a_talk(office: Workplace) -> None:
    """It is destroyed with its key; both sides read what everybody would read."""
    await open_box(office, keep="2d")
    codes = await six_reports(office)
    page = await office.send(SAM, "case", code=codes[0])
    name = page.data["case"]
    form = await office.form(Press(actor=MEI, action=f"reply:{name}"))
    add = await office.form(Press(actor=SAM, action=action_of(page, "Add to it")))
    await office.advance(2 * DAY)

    late = Submit(actor=MEI, form=form.form, fields={"text": "We look into it."})
    assert await refused(office, late) == "CaseGone"
    code = field_of(add, "code").value
    said = await office.send(SAM, add.form, code=code, text="And more.")
    made_up = await office.send(SAM, add.form, code="0" * 26, text="And more.")
    assert said == made_up
    await office.advance(DAY)
    assert words(await office.send(SAM, "case", code=codes[0])) == WRONG
    assert await office.store.cases() == []


async def test_a_box_in_a_private_channel_is_in_no_list(boxed: Workplace) -> None:
    """Whoever is not in there does not learn of it."""
    boxed.chat.private.add("general")

    assert "no report box" in words(await boxed.type(SAM, "report"))


async def test_a_report_is_taken_back(boxed: Workplace) -> None:
    """After a question, with the code alone; organizers no longer have it."""
    (code, *_) = await six_reports(boxed)
    page = await boxed.send(STAFF[0], "case", code=code)
    ask = await boxed.press(STAFF[0], action_of(page, "Take it back"))
    assert "They may have read it before." in words(ask)
    left = await boxed.press(STAFF[0], action_of(ask, "Leave it there"))
    assert words(left) == "Nothing was changed."
    await boxed.press(STAFF[0], action_of(ask, "Take it back"))
    await boxed.advance(6 * HOUR)

    assert words(await boxed.send(STAFF[0], "case", code=code)) == WRONG
    assert len(listed(await boxed.type(MEI, "cases"))) == 5


# --- organizers -----------------------------------------------------------------------


async def test_only_organizers_read_reports(boxed: Workplace) -> None:
    """In the same words for everybody else, on every page."""
    await six_reports(boxed)
    (case, *_) = listed(await boxed.type(MEI, "cases"))
    name = case["case"]
    for verb in (
        "case",
        "reply",
        "note",
        "closecase",
        "mute",
        "take",
        "inhand",
        "same",
        "apart",
        "hide",
        "show",
    ):
        press = Press(actor=ANA, action=f"{verb}:{name}")
        assert await refused(boxed, press) == "NotAnOrganizer"
    for form in ("reply", "note", "closecase", "same"):
        sent = Submit(actor=ANA, form=f"{form}:{name}", fields={"text": "x"})
        assert await refused(boxed, sent) == "NotAnOrganizer"
    assert await refused(boxed, Command(actor=ANA, words="cases")) == "NotAnOrganizer"
    empty = Submit(actor=MEI, form=f"note:{name}", fields={"text": ""})
    assert await refused(boxed, empty) == "TextMissing"
    long = Submit(actor=MEI, form=f"note:{name}", fields={"text": "x" * 2001})
    assert await refused(boxed, long) == "TextTooLong"


async def test_organizers_see_nothing_early(boxed: Workplace) -> None:
    """An empty page says when it is read next, and that there is no early look."""
    await report(boxed, SAM)
    card = await boxed.type(MEI, "cases")

    assert "There is no early look." in words(card)
    assert "next time to read" in words(card)
    assert listed(card) == []


async def test_what_organizers_do_with_a_case(boxed: Workplace) -> None:
    """Take it, note, move it on, close it with a reason that its author reads."""
    codes = await six_reports(boxed)
    (case, *_) = listed(await boxed.type(MEI, "cases"))
    name = case["case"]
    taken = await boxed.press(MEI, f"take:{name}")
    assert re.search(r"Taken by: \w+", words(taken))
    form = await boxed.form(Press(actor=MEI, action=f"note:{name}"))
    noted = await boxed.send(MEI, form.form, text="Ask the office.")
    assert "Note, for organizers only: Ask the office." in words(noted)
    moved = await boxed.press(MEI, f"inhand:{name}")
    assert "someone works on it" in words(moved)
    assert "In hand" not in labels(moved)
    moved = await boxed.press(MEI, f"actedon:{name}")
    assert "something was done" in words(moved)
    form = await boxed.form(Press(actor=MEI, action=f"closecase:{name}"))
    closed = await boxed.send(MEI, form.form, text="It was paid.")
    assert "closed. It was paid." in words(closed)

    pages = [await boxed.send(SAM, "case", code=code) for code in codes]
    (mine,) = [page for page in pages if page.data["case"] == name]
    assert "closed. It was paid." in words(mine)
    assert "Ask the office" not in words(mine)
    gone = Press(actor=MEI, action="case:00000000")
    assert await refused(boxed, gone) == "CaseGone"


async def test_what_is_late_stands_above_all(boxed: Workplace) -> None:
    """A week without a reply, three months without an outcome; then it is quiet."""
    codes = await six_reports(boxed)
    assert "LATE" not in words(await boxed.type(MEI, "cases"))
    await boxed.advance(7 * DAY)
    card = await boxed.type(MEI, "cases")
    assert "Reports with no reply for 7 days or longer: 6." in words(card)
    menu = await boxed.type(MEI, "organize")
    assert "Reports with no reply for 7 days or longer: 6." in words(menu)
    (case, *_) = listed(card)
    assert case["late"] == "reply"
    await boxed.send(MEI, f"reply:{case['case']}", text="We look into it.")
    after = {c["case"]: c["late"] for c in listed(await boxed.type(MEI, "cases"))}
    assert after.pop(case["case"]) is None
    assert set(after.values()) == {"reply"}
    page = await boxed.press(MEI, f"case:{next(iter(after))}")

    assert "LATE: no reply yet" in words(page)
    for code in codes:
        author = await boxed.send(SAM, "case", code=code)
        assert "LATE" not in words(author)


async def test_a_second_organizer_agrees_to_hide(boxed: Workplace) -> None:
    """One asks, the text stays; another agrees, and it is closed and out of sight."""
    await boxed.welcome(ANA)
    codes = await six_reports(boxed)
    (case, *_) = listed(await boxed.type(MEI, "cases"))
    name, text = case["case"], case["text"]
    asked = await boxed.press(MEI, f"hide:{name}")
    assert "A second one decides" in words(asked)
    assert text in words(await boxed.press(MEI, f"hide:{name}"))
    hidden = await boxed.press(ANA, action_of(asked, "Hide it (takes two)"))
    assert text not in words(hidden)
    assert text not in words(await boxed.type(MEI, "cases"))

    pages = [await boxed.send(SAM, "case", code=code) for code in codes]
    (mine,) = [page for page in pages if page.data["case"] == name]
    assert "Where it stands: closed" in words(mine)
    assert "hide" not in words(mine).lower()
    shown = await boxed.press(MEI, action_of(hidden, "Show it"))
    assert text in words(shown)


async def test_one_reply_goes_to_all_who_wrote_about_it(boxed: Workplace) -> None:
    """Joined cases share replies and states, each sealed for its own code."""
    codes = await six_reports(boxed)
    first, second, third, *_ = (
        c["case"] for c in listed(await boxed.type(MEI, "cases"))
    )
    form = await boxed.form(Press(actor=MEI, action=f"same:{second}"))
    assert "They don't learn of each other." in words(form)
    done = await boxed.send(MEI, form.form, text=first.upper())
    assert "Replies and states go to all" in words(done)
    await boxed.send(MEI, f"reply:{first}", text="It is mended.")
    page = await boxed.press(MEI, f"actedon:{second}")
    assert f"same as {first}" in words(page)
    assert "More about the same: 1." in words(page)

    found = [await boxed.send(SAM, "case", code=code) for code in codes]
    pages = {str(page.data["case"]): words(page) for page in found}
    for name in (first, second):
        assert "Organizers: It is mended." in pages[name]
        assert "something was done" in pages[name]
    assert "It is mended." not in pages[third]
    apart = await boxed.press(MEI, action_of(page, "Not the same"))
    assert "More about the same" not in words(apart)
    for typed in ("00000000", first[:7], f"{first}0"):
        gone = Submit(actor=MEI, form=f"same:{third}", fields={"text": typed})
        assert await refused(boxed, gone) == "CaseGone"


async def test_muting_shows_nothing(boxed: Workplace) -> None:
    """The organizer reads until when; the muted read what everybody reads."""
    await six_reports(boxed)
    (case, *_) = listed(await boxed.type(MEI, "cases"))
    done = await boxed.press(MEI, f"mute:{case['case']}")
    assert "they are not told" in words(done)
    pages = {words(await report(boxed, who)).split("\n", 3)[0] for who in STAFF[:7]}

    assert len(pages) == 1


async def test_texts_are_harmless(boxed: Workplace) -> None:
    """Mark-up, calls, links and hidden signs are shown and do nothing."""
    nasty = (
        "**bold** @channel <!everyone> <@U123> \u202eevil\u200b "
        "https://example.org/track?id=7"
    )
    await report(boxed, STAFF[9], text=nasty)
    await six_reports(boxed)
    said = words(await boxed.type(MEI, "cases"))

    assert "(at)channel [!everyone] [@U123]" in said
    assert "[U+202E]evil[U+200B]" in said
    assert "[link to example.org]" in said
    assert "track" not in said


async def test_many_cases_take_several_pages(boxed: Workplace) -> None:
    """Seven on a screen; programs read them all, counts stand below."""
    for at, who in enumerate(STAFF[:10]):
        await report(boxed, who, text=f"Late pay, {at}.", category="Safety")
    await boxed.advance(DAY)
    first = await boxed.type(MEI, "cases")
    second = await boxed.press(MEI, action_of(first, "More"))

    assert len(listed(first)) == 10
    assert words(first).count("Late pay") == 7
    assert words(second).count("Late pay") == 3
    assert "At least 10 reports." in words(first)
    assert "most chosen" in words(first)
    assert "(Safety, It can wait)" in words(first)


async def test_urgent_reports_say_so(boxed: Workplace) -> None:
    """The author reads the price before, organizers that it did not wait."""
    card = await report(boxed, SAM, {"urgent": True, "place": "The yard"})
    assert "alone" in words(card)
    await boxed.advance(6 * HOUR)
    said = words(await boxed.type(MEI, "cases"))

    assert "(Pay, It can wait, The yard, did not want to wait)" in said


async def test_a_topic_of_few_is_withheld(boxed: Workplace) -> None:
    """Where five do not share it, nothing stands beside the text."""
    for at, who in enumerate(STAFF[:5]):
        topic = "Pay" if at else "Safety"
        await report(boxed, who, text=f"Something, {at}.", category=topic)
    await boxed.advance(DAY)
    card = await boxed.type(MEI, "cases")

    assert {each["category"] for each in listed(card)} == {None}
    assert {each["severity"] for each in listed(card)} == {"It can wait"}
    assert "Pay" not in words(card)


# --- counts in the organizers' channel ------------------------------------------------


async def test_counts_go_to_the_organizers_channel(tmp_path: Path) -> None:
    """Each release's counts are a message of their own there; no text is among them."""
    everybody = {MEI.user, *(actor.user for actor in STAFF)}
    channels = {"general": everybody, "organizers": {MEI.user}}
    async with workplace(tmp_path, channels=channels) as office:
        await office.welcome(MEI, Role.LEAD)
        preview = await office.send(MEI, "box", name="box", digest="#organizers")
        assert "can be seen to be an organizer" in words(preview)
        await office.press(MEI, action_of(preview, "Start it"))
        for day in range(2):
            for at, who in enumerate(STAFF[:10]):
                await report(office, who, text=f"Late pay, {day} {at}.")
            await office.advance(DAY)
        shown = [
            words(message.card)
            for message in office.chat.messages.values()
            if message.place == "organizers"
        ]

    assert len(shown) == 2
    assert all("At least 10 reports." in each for each in shown)
    assert not [each for each in shown if "Late pay" in each]


async def test_counts_go_nowhere_unless_asked(boxed: Workplace) -> None:
    """Off by default: such a channel lists the organizers."""
    for at, who in enumerate(STAFF[:10]):
        await report(boxed, who, text=f"Late pay, {at}.")
    await boxed.advance(DAY)

    assert len(boxed.chat.messages) == 1


async def test_a_channel_for_counts_must_be_there(office: Workplace) -> None:
    """Nothing is drafted for a channel that the bot does not know."""
    form = Submit(actor=MEI, form="box", fields={"name": "box", "digest": "nowhere"})

    assert await refused(office, form) == "UnknownPlace"
