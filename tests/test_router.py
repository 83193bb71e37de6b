"""What people ask and what they see, with a real gate, counter and store."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.records import DropInvite, DropOrganizer, Role
from bot.ports import StorageError
from bot.requests import Command, DirectMessage, Place, Press, Submit
from bot.views.scene import Scene
from bot.views.widgets import Card, CardKind
from tests.fakes.chat import account
from tests.fakes.workplace import (
    ANA,
    DAY,
    LUNCH,
    MEI,
    SAM,
    STAFF,
    WAREHOUSE,
    Workplace,
    action_of,
    buttons,
    field_of,
    labels,
    words,
    workplace,
)

NAME = "ask-paid-lunch-breaks"
STRANGER = account("mallory")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace where Mei is the only organizer."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


@pytest.fixture
async def pair(office: Workplace) -> Workplace:
    """A workplace with two organizers, Mei and Sam."""
    await office.welcome(SAM)
    return office


@pytest.fixture
async def lunch(office: Workplace) -> Workplace:
    """A workplace where a poll about lunch breaks is open."""
    await office.start_poll(MEI)
    return office


def refusal_of(card: Card) -> object:
    """Return which refusal a card says."""
    assert card.kind is CardKind.REFUSAL, words(card)
    return card.data["refusal"]


async def refused(place: Workplace, request: Command | Press | Submit) -> object:
    """Return which refusal a request meets."""
    return refusal_of(await place.card(request))


# Menus and words --------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "menu", "start", "Hi"])
async def test_menu_opens_by_several_words(lunch: Workplace, typed: str) -> None:
    """The root command alone, or a greeting, opens the menu."""
    card = await lunch.type(SAM, typed)

    assert card.kind is CardKind.MENU
    assert card.data["drives"] == [
        {
            "drive": NAME,
            "kind": "poll",
            "state": "open",
            "question": LUNCH["question"],
        }
    ]


async def test_unknown_word_opens_the_menu(office: Workplace) -> None:
    """What nobody knows is thrown away, and not repeated."""
    card = await office.type(SAM, "gossip about my boss")

    assert words(card).startswith("I don't know that word. I threw it away.")
    assert "boss" not in words(card)


async def test_screens_are_the_same_before_and_after_an_answer(
    lunch: Workplace,
) -> None:
    """No screen shows whether somebody has answered."""
    typed = ("", "list", "results", "privacy", "help", "vote", "code")
    before = [await lunch.ask(Command(actor=SAM, words=each)) for each in typed]

    await lunch.press(SAM, f"vote:{NAME}:0")

    after = [await lunch.ask(Command(actor=SAM, words=each)) for each in typed]
    organizers = [await lunch.ask(Command(actor=MEI, words=each)) for each in typed]
    assert before == after == organizers


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("help", "What you can type"),
        ("?", "What you can type"),
        ("privacy", "Who can see what: this console"),
        ("who", "Who can see what: this console"),
        ("safe", "Who can see what: this console"),
        ("anonymous", "Who can see what: this console"),
        ("list", "Polls, petitions, report boxes"),
        ("drives", "Polls"),
        ("open", "Polls"),
        ("sign", "Nothing was recorded. No petition is open now."),
        ("unsign", "Nothing was recorded. No petition is open now."),
        ("petition", "Nothing was recorded. No petition is open now."),
        ("report", "There is no report box here yet."),
        ("grievance", "There is no report box here yet."),
        ("complain", "There is no report box here yet."),
    ],
)
async def test_words_open_their_pages(office: Workplace, typed: str, said: str) -> None:
    """Each word and its aliases open one page."""
    assert words(await office.type(SAM, typed)).startswith(said)


async def test_words_after_report_are_dropped(office: Workplace) -> None:
    """Nobody reads what stood behind the command, and the reply says so."""
    card = await office.type(SAM, "report my boss shouts")

    assert "thrown away unread" in words(card)
    assert "boss" not in words(card)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("menu", "What do you want to do?"),
        ("report", "There is no report box here yet."),
        ("privacy", "Who can see what: this console"),
        ("nothing", "Done. The bot kept nothing."),
        ("skip", "Done. It is sent."),
        ("list:0", "Polls"),
        (f"verify:{NAME}", "The signed result stands as a file"),
    ],
)
async def test_buttons_open_their_pages(
    lunch: Workplace, action: str, said: str
) -> None:
    """Buttons work long after their message was sent."""
    assert words(await lunch.press(SAM, action)).startswith(said)


@pytest.mark.parametrize(
    "action",
    [
        "",
        ":",
        "vote",
        "vote:",
        f"vote:{NAME}",
        f"vote:{NAME}:",
        f"vote:{NAME}:3",
        f"vote:{NAME}:-1",
        f"vote:{NAME}:0:0",
        f"vote:{NAME}:٣",
        f"vote:{NAME}:9999",
        "vote:tea:0",
        "answer:tea",
        "results:tea",
        "sing",
        "x" * 101,
        f"privacy:{'x' * 100}",
    ],
)
async def test_unknown_buttons_are_too_old(lunch: Workplace, action: str) -> None:
    """A button that nothing knows records nothing and shows the way back."""
    assert await refused(lunch, Press(actor=SAM, action=action)) == "MessageTooOld"


async def test_unknown_form_is_too_old(lunch: Workplace) -> None:
    """A form that nothing knows records nothing."""
    request = Submit(actor=SAM, form="ballot", fields={})

    assert await refused(lunch, request) == "MessageTooOld"


async def test_replies_are_for_one_person(lunch: Workplace) -> None:
    """Messages and forms are private; a direct message is answered where it came."""
    [card] = await lunch.replies(Command(actor=SAM, words=""))
    [form] = await lunch.replies(Command(actor=SAM, words="vote"))
    [message] = await lunch.replies(DirectMessage(actor=SAM, text="hello"))

    assert (card.place, form.place, message.place) == (
        Place.EPHEMERAL,
        Place.FORM,
        Place.DM,
    )


async def test_direct_message_is_never_quoted(office: Workplace) -> None:
    """The answer to a direct message is the same for every text."""
    one = await office.write(SAM, "my boss shouts")
    other = await office.write(SAM, "")

    assert one == other
    assert labels(one) == ["Open the menu", "Do nothing"]


# Answering --------------------------------------------------------------------


async def test_one_tap_answers(lunch: Workplace) -> None:
    """T3 comes for an answer, with the next count, and with no code."""
    card = await lunch.press(SAM, f"vote:{NAME}:0")

    assert words(card).startswith(
        "Received. Your answer is sealed until the next count, 2026-11-25 12:00 UTC."
    )
    assert card.kind is CardKind.RECEIPT
    assert card.data == {}


async def test_reply_is_the_same_every_time(lunch: Workplace) -> None:
    """First, repeated and changed answers, with or without a code: the same bytes."""
    coded = await lunch.send(SAM, f"answer:{NAME}", answer="Yes")
    code = str(coded.data["code"])

    replies = [
        await lunch.press(SAM, f"vote:{NAME}:0"),
        await lunch.press(SAM, f"vote:{NAME}:0"),
        await lunch.press(ANA, f"vote:{NAME}:2"),
        await lunch.send(SAM, f"answer:{NAME}", answer="No", code=code),
        await lunch.send(SAM, f"change:{NAME}", answer="No", code=code.lower()),
        await lunch.send(ANA, f"change:{NAME}", answer="No", code=code),
    ]

    assert all(reply == replies[0] for reply in replies)


async def test_answer_with_a_code(lunch: Workplace) -> None:
    """The form gives a code and a receipt, once."""
    form = await lunch.form(Press(actor=SAM, action=f"answer:{NAME}"))

    card = await lunch.send(SAM, form.form, answer="Yes")

    assert words(card).startswith("Your answer is sealed and sent.")
    assert len(str(card.data["code"]).replace(" ", "")) == 26
    assert len(str(card.data["receipt"])) == 16


async def test_counted_answer_is_changed_with_its_code(tmp_path: Path) -> None:
    """After a count only the code changes an answer."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI, closes="7d")
        codes = []
        for actor in STAFF[:30]:
            card = await place.send(actor, f"answer:{name}", answer="Yes")
            codes.append(str(card.data["code"]))
        await place.advance(DAY)

        for actor, code in zip(STAFF[:30], codes, strict=True):
            await place.send(actor, f"change:{name}", answer="No", code=code)
        await place.press(STAFF[0], f"vote:{name}:2")
        await place.advance(6 * DAY)

        said = words(await place.type(SAM, f"results {name}"))
        assert "• Yes: 0–4\n• No: most chosen (the rest, about 25)" in said


@pytest.mark.parametrize("typed", ["vote", f"vote {NAME}", f"answer {NAME.upper()}"])
async def test_command_opens_the_form(lunch: Workplace, typed: str) -> None:
    """With one poll the name may be left out."""
    form = await lunch.form(Command(actor=SAM, words=typed))

    assert form.form == f"answer:{NAME}"
    assert field_of(form, "answer").options == ("Yes", "No", "Unsure")


async def test_several_polls_are_listed(lunch: Workplace) -> None:
    """With several polls there is a list to choose from."""
    await lunch.start_poll(MEI, name="tea")

    card = await lunch.type(SAM, "vote")

    assert {button.action for button in buttons(card)} == {
        "answer:tea",
        f"answer:{NAME}",
    }
    assert card.kind is CardKind.MENU


async def test_several_results_are_listed(lunch: Workplace) -> None:
    """With several polls, results and codes ask which one."""
    await lunch.start_poll(MEI, name="tea")

    results = await lunch.type(SAM, "tally")
    codes = await lunch.type(SAM, "code")

    assert labels(results) == ["Result", "Result"]
    assert labels(codes) == ["Change a counted answer"] * 2


async def test_without_polls_words_say_so(office: Workplace) -> None:
    """With no poll, every page says that nothing was recorded."""
    for typed in ("vote", "results", "code", "list", "close"):
        said = words(await office.type(MEI, typed))

        assert "Nothing was" in said


@pytest.mark.parametrize("word", ["poll", "vote", "answer"])
async def test_poll_by_a_member_means_vote(lunch: Workplace, word: str) -> None:
    """Who is no organizer lands in the answering form, and quotes are dropped."""
    for typed in (word, f"{word} {NAME}", f'{word} "Tea?" "Yes" "No"'):
        form = await lunch.form(Command(actor=SAM, words=typed))

        assert form.form == f"answer:{NAME}"


async def test_code_opens_the_changing_form(lunch: Workplace) -> None:
    """A code is typed into a form, never behind a command."""
    for request in (
        Command(actor=SAM, words="code"),
        Command(actor=SAM, words=f"receipt {NAME}"),
        Press(actor=SAM, action=f"change:{NAME}"),
    ):
        form = await lunch.form(request)

        assert form.form == f"change:{NAME}"


@pytest.mark.parametrize(
    ("form", "fields", "refusal"),
    [
        ("answer", {}, "NoAnswer"),
        ("answer", {"answer": True}, "NoAnswer"),
        ("answer", {"answer": "Perhaps"}, "UnknownOption"),
        ("answer", {"answer": ("Yes", "No")}, "OneAnswerOnly"),
        ("answer", {"answer": "Yes", "segment": "Night"}, "UnknownOption"),
        ("answer", {"answer": "Yes", "code": "K7QM"}, "CodeMistyped"),
        ("answer", {"answer": "x" * 5000}, "TextTooLong"),
        ("answer", {"answer": ("Yes",) * 100}, "TextTooLong"),
        ("change", {"answer": "Yes"}, "TextMissing"),
        ("change", {"answer": "Yes", "code": "K7QM"}, "CodeMistyped"),
    ],
)
async def test_wrong_answers_are_refused(
    lunch: Workplace, form: str, fields, refusal: str
) -> None:
    """A refusal says what became of the answer, and quotes nothing."""
    request = Submit(actor=SAM, form=f"{form}:{NAME}", fields=fields)

    assert await refused(lunch, request) == refusal


async def test_several_answers_in_one_form(office: Workplace) -> None:
    """A poll for several answers opens its form and takes a list."""
    name = await office.start_poll(MEI, choice="multi")
    assert await refused(office, Press(actor=SAM, action=f"vote:{name}:0")) == (
        "MessageTooOld"
    )

    card = await office.send(SAM, f"answer:{name}", answer=("Yes", "Unsure"))

    assert "code" in card.data


async def test_outsiders_are_not_asked(lunch: Workplace) -> None:
    """Who is no member of the channel, or no member at all, reads so."""
    lunch.chat.channels["office"] = {"jo"}
    tap = f"vote:{NAME}:0"

    assert await refused(lunch, Press(actor=account("jo"), action=tap)) == (
        "NotInAudience"
    )
    assert await refused(lunch, Press(actor=STRANGER, action=tap)) == "NotAMember"


async def test_closed_poll_takes_no_answer(lunch: Workplace) -> None:
    """After the close a tap, a form and a code all say that nothing was recorded."""
    await lunch.advance(DAY)

    for request in (
        Press(actor=SAM, action=f"vote:{NAME}:0"),
        Press(actor=SAM, action=f"change:{NAME}"),
        Command(actor=SAM, words=f"vote {NAME}"),
        Submit(actor=SAM, form=f"answer:{NAME}", fields={"answer": "Yes"}),
    ):
        assert await refused(lunch, request) == "DriveClosed"


async def test_unknown_names_are_refused(lunch: Workplace) -> None:
    """A name that nothing has is refused with the way to the list."""
    for typed in ("vote tea", "results tea", "code tea", "close tea", "confirm tea"):
        card = await lunch.type(MEI, typed)

        assert refusal_of(card) == "UnknownDrive"
        assert "/rr list shows all" in words(card)


async def test_disk_that_fails_is_said(lunch: Workplace, monkeypatch) -> None:
    """If nothing could be stored, the person reads that, and not that it worked."""

    async def broken(*_: object, **__: object) -> None:
        raise StorageError("the disk is gone")

    monkeypatch.setattr(lunch.gate, "submit", broken)

    card = await lunch.press(SAM, f"vote:{NAME}:0")

    assert refusal_of(card) == "StorageFailed"
    assert "was not recorded" in words(card)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("CPVG", "That is right."),
        ("vg", "That is right."),
        ("8ycp-vg", "That is right."),
        ("CPVX", "Not the same."),
        ("g", "Not the same."),
        ("", "Done. It is sent."),
    ],
)
async def test_end_of_a_code_is_compared(
    office: Workplace, typed: str, said: str
) -> None:
    """Typing the end back shows whether it was written down right."""
    form = await office.form(Press(actor=SAM, action="kept:CPVG"))

    card = await office.send(SAM, form.form, last4=typed)

    assert words(card).startswith(said)


# Results ----------------------------------------------------------------------


async def test_result_is_the_same_for_all(lunch: Workplace) -> None:
    """Organizers see no more and no earlier than anybody."""
    for number, actor in enumerate(STAFF[:40]):
        await lunch.press(actor, f"vote:{NAME}:{int(number >= 26)}")
    early = [await lunch.type(actor, "results") for actor in (MEI, SAM)]
    await lunch.advance(DAY)

    late = [await lunch.type(actor, f"tally {NAME}") for actor in (MEI, SAM)]

    assert early[0] == early[1]
    assert "There is no early look" in words(early[0])
    assert early[0].data["released"] is None
    assert late[0] == late[1] == lunch.chat.shown(CardKind.TALLY)[0]
    assert "• Yes: most chosen (the rest, about 25)" in words(late[0])


async def test_floor_moves_at_a_count(tmp_path: Path) -> None:
    """The post says how many answered at least, after the first count."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI, closes="3d")
        for actor in STAFF[:24]:
            await place.press(actor, f"vote:{name}:0")
        [before] = place.chat.shown(CardKind.DRIVE)
        await place.advance(DAY)

        [after] = place.chat.shown(CardKind.DRIVE)
        assert before.data["turnout_floor"] == 0
        assert after.data["turnout_floor"] == 20
        assert "At least 20 people have answered." in words(after)


# Making a poll ----------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "organize",
        "box",
        "cases",
        "confirm",
        "close",
        "organizers",
        f"close {NAME}",
        f"confirm {NAME}",
    ],
)
async def test_organizers_pages_are_for_organizers(
    lunch: Workplace, typed: str
) -> None:
    """Everybody else reads one sentence, removed organizers too."""
    await lunch.welcome(ANA)
    label = next(o.label for o in await lunch.desk.organizers() if o.role != "lead")
    await lunch.press(MEI, f"removing:{label}")

    removed, never = await lunch.type(ANA, typed), await lunch.type(SAM, typed)

    assert words(never) == "This page is for organizers. Nothing was recorded."
    assert removed == never


@pytest.mark.parametrize(
    "action",
    [
        "poll",
        "start:x:ab",
        "ask:x:ab",
        "cancel:x:ab",
        "again:x:ab",
        "later",
        "closing",
        "close:x",
        "confirm",
        "review:x:ab",
        "proposal:x",
        "confirm:x",
        "organizers",
        "invite:lead",
        "lead:x",
        "remove:x",
        "removing:x",
    ],
)
async def test_organizers_buttons_are_for_organizers(
    office: Workplace, action: str
) -> None:
    """A button that leaked does nothing for anybody else."""
    assert await refused(office, Press(actor=SAM, action=action)) == "NotAnOrganizer"


async def test_poll_form_is_for_organizers(office: Workplace) -> None:
    """A form that leaked makes no poll."""
    request = Submit(actor=SAM, form="poll", fields=LUNCH)

    assert await refused(office, request) == "NotAnOrganizer"


async def test_organizers_menu(office: Workplace) -> None:
    """One page leads to all that organizers do."""
    card = await office.type(MEI, "organize")

    assert labels(card) == [
        "New poll",
        "New petition",
        "New report box",
        "Reports",
        "Interest in a union",
        "Count union members",
        "Confirm",
        "Close early",
        "Organizers",
    ]


async def test_quoted_words_fill_the_form(office: Workplace) -> None:
    """Straight or curly, quotes prefill the poll."""
    form = await office.form(Command(actor=MEI, words="poll “Tea?” “Yes” “No”"))

    assert field_of(form, "question").value == "Tea?"
    assert field_of(form, "options").value == "Yes\nNo"


async def test_poll_goes_where_it_was_asked_for(office: Workplace) -> None:
    """The channel of the command is carried through menu and form."""
    office.chat.channels["warehouse"] = set(WAREHOUSE)
    form = await office.form(Command(actor=MEI, words="poll", place="warehouse"))
    menu = await office.type(MEI, "organize", place="warehouse")
    again = await office.form(Press(actor=MEI, action=action_of(menu, "New poll")))

    preview = await office.send(MEI, form.form, **LUNCH)

    assert form.form == again.form == "poll:warehouse"
    assert "The channel #warehouse will see this:" in words(preview)


@pytest.mark.parametrize("place", ["", "general", "a:b", "x" * 96])
async def test_general_is_where_polls_go(office: Workplace, place: str) -> None:
    """Without a channel that an id can carry, a poll goes to the general one."""
    form = await office.form(Command(actor=MEI, words="poll", place=place))

    assert form.form == "poll"


async def test_channel_can_be_typed(office: Workplace) -> None:
    """A channel's name works with and without its sign."""
    office.chat.channels["night"] = set(WAREHOUSE)

    preview = await office.send(MEI, "poll", **LUNCH, channel="#night")

    assert "#night" in words(preview)


async def test_preview_shows_all_that_will_be_frozen(office: Workplace) -> None:
    """The post as it will be, who is asked, how long, and a sample of this size."""
    card = await office.send(MEI, "poll", **LUNCH)

    said = words(card)
    assert "Tap one. You can change your mind" in said
    assert "[Yes] [No] [Unsure]" in said
    assert "everyone in #general, about 60 people" in said
    assert "Open for: 1 day. If it starts now: until 2026-11-25 12:00 UTC." in said
    assert "Counted: once, when it closes." in said
    assert "A made-up sample with 60 people:\nYes: most chosen (the rest" in said
    assert "After you press Start, nothing here can be changed," in said
    assert "Small group" not in said
    assert labels(card) == ["Start it", "Change", "Not now"]
    assert card.kind is CardKind.DRIVE
    assert card.data["state"] == "draft"


async def test_small_group_is_warned(tmp_path: Path) -> None:
    """Below twenty-five people the preview says what the rules cannot hide."""
    few = {MEI.user, *(actor.user for actor in STAFF[:13])}
    async with workplace(tmp_path, channels={"general": few}) as place:
        await place.welcome(MEI, Role.LEAD)

        said = words(await place.send(MEI, "poll", **LUNCH))

        assert "Small group. With 14 people, someone who knows almost" in said


async def test_preview_says_what_else_was_asked_for(office: Workplace) -> None:
    """Guests, groups, an extension, a date and daily counts are all shown."""
    card = await office.send(
        MEI,
        "poll",
        **LUNCH,
        closes="2026-12-01",
        segments="Day\nNight",
        audience="guests",
        extend=True,
    )

    said = words(card)
    assert "Open until: 2026-12-01 00:00 UTC" in said
    assert "every 24 hours from the start" in said
    assert "Guests can answer too." in said
    assert "it stays open once more" in said
    assert "which group they are in: Day, Night." in said


@pytest.mark.parametrize("value", ["true", "Yes", "on", True])
async def test_extension_can_be_checked(office: Workplace, value) -> None:
    """A check mark and its word mean the same."""
    card = await office.send(MEI, "poll", **LUNCH, extend=value)

    assert "it stays open once more" in words(card)


async def test_start_opens_and_posts(office: Workplace) -> None:
    """After *Start it* the poll is open, and its post stands in the channel."""
    preview = await office.send(MEI, "poll", **LUNCH)

    card = await office.press(MEI, action_of(preview, "Start it"))

    assert card.data == {
        "drive": NAME,
        "kind": "poll",
        "state": "open",
        "question": LUNCH["question"],
    }
    assert card.kind is CardKind.NOTICE
    [post] = office.chat.shown(CardKind.DRIVE)
    assert post.data["drive"] == NAME
    assert words(post).splitlines()[-1] == f"/rr results {NAME}"


async def test_start_waits_for_a_counter_that_is_off(office: Workplace) -> None:
    """Where the counter runs elsewhere, the poll says that it waits."""
    office.counter_runs = False
    preview = await office.send(MEI, "poll", **LUNCH)

    card = await office.press(MEI, action_of(preview, "Start it"))

    assert card.data["state"] == "confirmed"
    assert "It waits for the counter" in words(card)
    assert await refused(office, Command(actor=SAM, words=f"vote {NAME}")) == (
        "DriveNotOpen"
    )


async def test_start_works_once(office: Workplace) -> None:
    """A second tap starts nothing."""
    preview = await office.send(MEI, "poll", **LUNCH)
    start = action_of(preview, "Start it")

    both = await asyncio.gather(office.press(MEI, start), office.press(MEI, start))

    assert {card.kind for card in both} == {CardKind.NOTICE, CardKind.REFUSAL}


async def test_drafts_are_nobodys_business(office: Workplace) -> None:
    """Before it starts, members cannot tell whether a poll exists."""
    await office.send(MEI, "poll", **LUNCH)

    assert await refused(office, Command(actor=SAM, words=f"vote {NAME}")) == (
        "UnknownDrive"
    )
    assert (await office.type(SAM, "list")).data["drives"] == []


async def test_not_now_drops_a_draft(office: Workplace) -> None:
    """The author can drop what was not started."""
    preview = await office.send(MEI, "poll", **LUNCH)

    card = await office.press(MEI, action_of(preview, "Not now"))

    assert words(card) == "Dropped. Nothing was started."
    assert office.gate.drives() == []


async def test_old_button_starts_no_new_draft(office: Workplace) -> None:
    """A name may be used again; an old button never starts other terms."""
    old = await office.send(MEI, "poll", **LUNCH)
    await office.press(MEI, action_of(old, "Not now"))
    new = await office.send(MEI, "poll", **(LUNCH | {"options": "Never\nAlways"}))

    card = await office.press(MEI, action_of(old, "Start it"))

    assert refusal_of(card) == "MessageTooOld"
    assert new.data["drive"] == old.data["drive"] == NAME


async def test_names_are_not_used_twice(lunch: Workplace) -> None:
    """Each poll has a short name of its own."""
    preview = await lunch.send(MEI, "poll", **LUNCH)

    assert preview.data["drive"] == "ask-paid-lunch-breaks-2"


async def test_drafts_expire(pair: Workplace) -> None:
    """What nobody confirmed in a week is gone."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    await pair.press(MEI, action_of(preview, "Ask a second organizer"))

    await pair.advance(7 * DAY)

    assert pair.gate.drives() == []


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"question": ""}, "TextMissing"),
        ({"options": "Yes"}, "OptionsWrong"),
        ({"closes": "soon"}, "TimeWrong"),
        ({"choice": "best"}, "FieldWrong"),
        ({"channel": "nowhere"}, "UnknownPlace"),
    ],
)
async def test_wrong_polls_are_refused(office: Workplace, fields, refusal: str) -> None:
    """A mistake in the form is named, and nothing is kept."""
    request = Submit(actor=MEI, form="poll", fields=LUNCH | fields)

    assert await refused(office, request) == refusal
    assert office.gate.drives() == []


async def test_nearly_the_same_people_are_not_asked_at_once(lunch: Workplace) -> None:
    """Two polls whose members differ by one person would tell that person's answer."""
    lunch.chat.channels["almost"] = WAREHOUSE - {SAM.user}

    request = Submit(actor=MEI, form="poll", fields=LUNCH | {"channel": "almost"})

    assert await refused(lunch, request) == "AudienceTooAlike"


async def test_guests_are_no_reason_to_ask_a_channel_twice(lunch: Workplace) -> None:
    """A poll with guests beside one without, in one channel, would tell theirs."""
    fields = {"audience": "guests", "name": "more"}
    request = Submit(actor=MEI, form="poll", fields=LUNCH | fields)

    assert await refused(lunch, request) == "AudienceTooAlike"
    assert "drive" in (await lunch.send(MEI, "poll", **LUNCH, name="again")).data


async def test_audiences_are_compared_at_the_start_too(office: Workplace) -> None:
    """Two drafts were made while neither was open: only one starts."""
    office.chat.channels["almost"] = WAREHOUSE - {SAM.user}
    one = await office.send(MEI, "poll", **LUNCH)
    other = await office.send(MEI, "poll", **LUNCH, channel="almost")
    await office.press(MEI, action_of(one, "Start it"))

    card = await office.press(MEI, action_of(other, "Start it"))

    assert refusal_of(card) == "AudienceTooAlike"


async def test_too_small_channels_are_refused(office: Workplace) -> None:
    """Fewer than ten people are not asked."""
    office.chat.channels["few"] = {actor.user for actor in STAFF[:9]}

    request = Submit(actor=MEI, form="poll", fields=LUNCH | {"channel": "few"})

    assert await refused(office, request) == "AudienceTooSmall"


async def test_late_start_is_refused(office: Workplace) -> None:
    """A poll whose date has passed is not started."""
    preview = await office.send(MEI, "poll", **LUNCH, closes="2026-11-25")
    await office.advance(DAY)

    card = await office.press(MEI, action_of(preview, "Start it"))

    assert refusal_of(card) == "TooLateToStart"


# Two organizers ---------------------------------------------------------------


async def test_second_organizer_confirms(pair: Workplace) -> None:
    """F9 and F10: one asks, tells the other, and the other starts."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    waiting = await pair.press(MEI, action_of(preview, "Ask a second organizer"))

    page = await pair.type(SAM, "confirm")
    started = await pair.press(SAM, action_of(page, "Start it"))

    assert labels(preview) == ["Ask a second organizer", "Change", "Not now"]
    assert words(waiting).startswith(
        "Waiting for one other organizer. Tell them: /rr confirm."
    )
    assert waiting.data["state"] == "awaiting"
    assert words(page).startswith(
        "Check before it starts. Another organizer wants to start this poll. It starts "
        "only if you agree."
    )
    assert "Answers: Yes · No · Unsure" in words(page)
    assert started.data["state"] == "open"


async def test_author_alone_cannot_start(pair: Workplace) -> None:
    """Where there are two, nobody starts a poll of their own."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    start = action_of(preview, "Ask a second organizer").replace("ask:", "start:")

    assert refusal_of(await pair.press(MEI, start)) == "SecondNeeded"
    assert refusal_of(await pair.press(SAM, start)) == "NothingToConfirm"

    await pair.press(MEI, start.replace("start:", "ask:"))
    assert refusal_of(await pair.press(MEI, start)) == "OwnProposal"
    assert await refused(pair, Command(actor=MEI, words=f"confirm {NAME}")) == (
        "OwnProposal"
    )
    assert words(await pair.type(MEI, "confirm")).endswith("Nothing waits for you.")


async def test_only_the_author_asks_and_drops(pair: Workplace) -> None:
    """Another organizer cannot ask for, drop or copy a draft that is not theirs."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")

    for verb in ("ask", "cancel", "again"):
        card = await pair.press(SAM, ask.replace("ask:", f"{verb}:"))

        assert refusal_of(card) == "NothingToConfirm"


async def test_cancel_and_start_again(pair: Workplace) -> None:
    """A typo is mended by dropping the draft and filling in the form anew."""
    preview = await pair.send(MEI, "poll", **LUNCH, audience="guests", extend=True)
    waiting = await pair.press(MEI, action_of(preview, "Ask a second organizer"))

    form = await pair.form(
        Press(actor=MEI, action=action_of(waiting, "Cancel and start again"))
    )

    assert pair.gate.drives() == []
    assert field_of(form, "question").value == LUNCH["question"]
    assert field_of(form, "options").value == LUNCH["options"]
    assert field_of(form, "audience").value == "guests"


async def test_not_now_leaves_what_waits(pair: Workplace) -> None:
    """The second organizer may think about it."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    await pair.press(MEI, action_of(preview, "Ask a second organizer"))
    page = await pair.type(SAM, f"confirm {NAME}")

    await pair.press(SAM, action_of(page, "Not now"))

    assert pair.gate.drives()[0].state is State.AWAITING


async def test_several_things_that_wait_are_listed(pair: Workplace) -> None:
    """With more than one, there is a list with a button for each."""
    for name in ("tea", "rota"):
        preview = await pair.send(MEI, "poll", **LUNCH, name=name)
        await pair.press(MEI, action_of(preview, "Ask a second organizer"))

    card = await pair.type(SAM, "confirm")
    page = await pair.press(SAM, buttons(card)[0].action)

    assert labels(card) == ["Look at it", "Look at it"]
    assert "Another organizer wants to start this poll" in words(page)


async def test_what_was_started_cannot_be_looked_at_again(pair: Workplace) -> None:
    """A button to a page that is over says so."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(MEI, ask)
    await pair.press(SAM, ask.replace("ask:", "start:"))

    card = await pair.press(SAM, ask.replace("ask:", "review:"))

    assert refusal_of(card) == "NothingToConfirm"
    assert await refused(pair, Command(actor=SAM, words=f"confirm {NAME}")) == (
        "NothingToConfirm"
    )


async def test_author_who_is_alone_again_can_start(pair: Workplace) -> None:
    """If the other organizer is removed, what waits does not wait for ever."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    await pair.press(MEI, action_of(preview, "Ask a second organizer"))
    label = next(o.label for o in await pair.desk.organizers() if o.role != "lead")
    await pair.press(MEI, f"removing:{label}")

    page = await pair.type(MEI, "confirm")
    card = await pair.press(MEI, action_of(page, "Start it"))

    assert card.data["state"] == "open"


# Closing early ----------------------------------------------------------------


async def test_close_early_alone(lunch: Workplace) -> None:
    """F11: after a button it closes at once, and the time is posted."""
    page = await lunch.type(MEI, f"close {NAME}")

    card = await lunch.press(MEI, action_of(page, "Close it"))

    assert (
        "It closes now, and the time is posted. Results follow. This can't be undone."
        in words(page)
    )
    assert words(card).startswith("It is closed.")
    [notice] = lunch.chat.shown(CardKind.NOTICE)
    assert "closed this poll at 2026-11-24 12:00 UTC" in words(notice)


async def test_close_early_needs_a_second(pair: Workplace) -> None:
    """Where there are two, another organizer agrees first."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(MEI, ask)
    await pair.press(SAM, ask.replace("ask:", "start:"))
    page = await pair.type(MEI, "close")

    waits = await pair.press(MEI, action_of(page, "Close it"))
    twice = await pair.press(MEI, action_of(page, "Close it"))
    own = await refused(pair, Command(actor=MEI, words=f"confirm {NAME}"))
    second = await pair.type(SAM, "confirm")
    named = await pair.type(SAM, f"confirm {NAME}")
    done = await pair.press(SAM, action_of(second, "Close it"))

    assert "Another organizer must agree before it closes." in words(page)
    assert words(waits).startswith("Waiting for one other organizer.")
    assert twice == waits
    assert own == "OwnProposal"
    assert "Another organizer asks for this." in words(second)
    assert named == second
    assert words(done).startswith("It is closed.")
    assert await pair.store.proposals() == []


async def test_second_wish_to_close_is_the_confirmation(pair: Workplace) -> None:
    """Two organizers who both press *Close it* agree."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(MEI, ask)
    await pair.press(SAM, ask.replace("ask:", "start:"))

    await pair.press(MEI, f"close:{NAME}")
    card = await pair.press(SAM, f"close:{NAME}")

    assert words(card).startswith("It is closed.")


async def test_proposal_to_close_ends_with_the_poll(pair: Workplace) -> None:
    """What closed by itself is not closed again."""
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(MEI, ask)
    await pair.press(SAM, ask.replace("ask:", "start:"))
    await pair.press(MEI, f"close:{NAME}")
    page = await pair.type(SAM, "confirm")
    await pair.advance(DAY)

    card = await pair.press(SAM, action_of(page, "Close it"))
    [proposal] = await pair.store.proposals()
    look = await pair.press(SAM, f"proposal:{proposal.proposal_id}")

    assert refusal_of(card) == "CannotClose"
    assert refusal_of(look) == "NothingToConfirm"
    assert words(await pair.type(SAM, "confirm")).endswith("Nothing waits for you.")


async def test_closed_poll_cannot_be_closed(lunch: Workplace) -> None:
    """Only an open poll can be closed."""
    await lunch.advance(DAY)

    assert await refused(lunch, Command(actor=MEI, words=f"close {NAME}")) == (
        "CannotClose"
    )
    assert await refused(lunch, Press(actor=MEI, action=f"close:{NAME}")) == (
        "CannotClose"
    )
    assert await refused(lunch, Press(actor=MEI, action="close:tea")) == (
        "MessageTooOld"
    )


async def test_several_open_polls_are_listed_for_closing(lunch: Workplace) -> None:
    """With several polls the organizer chooses."""
    await lunch.start_poll(MEI, name="tea")

    card = await lunch.press(MEI, "closing")
    page = await lunch.press(MEI, "closing:tea")

    assert labels(card) == ["Close early", "Close early"]
    assert action_of(page, "Close it") == "close:tea"


# Organizers -------------------------------------------------------------------


async def test_joining_shows_a_label(office: Workplace) -> None:
    """A label that was drawn stands for the new organizer, never a name."""
    card = await office.press(MEI, "invite:organizer")
    code = str(card.data["invite"])
    form = await office.form(Command(actor=SAM, words="join"))

    joined = await office.send(SAM, form.form, code=code.lower().replace(" ", "-"))

    page = words(await office.type(MEI, "organizers"))
    [label] = [o.label for o in await office.desk.organizers() if o.role != "lead"]
    assert f"Your label is {label}." in words(joined)
    assert f"• {label}\n" in page
    assert ", lead (you)" in page
    assert SAM.user not in page.lower()


async def test_invite_works_once(office: Workplace) -> None:
    """A second person with the same code is refused, and so is an old one."""
    code = str((await office.press(MEI, "invite:lead")).data["invite"])
    old = str((await office.press(MEI, "invite:organizer")).data["invite"])

    both = await asyncio.gather(
        office.send(SAM, "join", code=code), office.send(ANA, "join", code=code)
    )
    await office.advance(7 * DAY)
    late = await office.send(STAFF[0], "join", code=old)

    assert {card.kind for card in both} == {CardKind.NOTICE, CardKind.REFUSAL}
    assert refusal_of(late) == "InviteUnknown"


async def test_invite_that_was_used_elsewhere_is_refused(
    office: Workplace, monkeypatch
) -> None:
    """If the invite goes away in the last moment, nobody is joined."""
    code = str((await office.press(MEI, "invite:lead")).data["invite"])
    digest = office.gate.invite_digest(code)
    join = office.desk.join

    async def slow_join(*arguments):
        found = await join(*arguments)
        await office.gate.commit([DropInvite(digest=digest)])
        return found

    monkeypatch.setattr(office.desk, "join", slow_join)

    assert refusal_of(await office.send(SAM, "join", code=code)) == "InviteUnknown"
    assert len(await office.desk.organizers()) == 1


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("", "TextMissing"),
        ("K7QM", "CodeMistyped"),
        # Well-formed, and never given out.
        ("0000 0000 0000 0000 0000 0000 00", "InviteUnknown"),
    ],
)
async def test_wrong_invites_are_refused(
    office: Workplace, code: str, refusal: str
) -> None:
    """A mistyped code is told from an unknown one."""
    request = Submit(actor=SAM, form="join", fields={"code": code})

    assert await refused(office, request) == refusal


async def test_organizer_does_not_use_up_an_invite(office: Workplace) -> None:
    """Who is an organizer already leaves the code for somebody else."""
    code = str((await office.press(MEI, "invite:organizer")).data["invite"])

    again = await office.send(MEI, "join", code=code)
    joined = await office.send(SAM, "join", code=code)

    assert "already" in words(again)
    assert "organizer now" in words(joined)


async def test_invite_says_what_it_makes(office: Workplace) -> None:
    """A lead's invite says so; an unknown role is no button of ours."""
    card = await office.press(MEI, "invite:lead")

    assert "It makes them a lead" in words(card)
    assert refusal_of(await office.press(MEI, "invite:owner")) == "MessageTooOld"


async def test_only_leads_change_organizers(pair: Workplace) -> None:
    """An organizer sees the list without buttons, and may do nothing to it."""
    page = await pair.type(SAM, "organizers")

    assert not buttons(page)
    for action in ("invite:lead", "lead:Robin", "remove:Robin", "removing:Robin"):
        assert refusal_of(await pair.press(SAM, action)) == "LeadOnly"


async def label_of(place: Workplace, actor) -> str:
    """Return the label that stands for somebody."""
    organizer = await place.desk.find(place.gate.organizer_tag(actor))
    assert organizer is not None
    return organizer.label


async def test_lead_removes_the_only_other(pair: Workplace) -> None:
    """With two organizers, a lead removes the other one after a button."""
    label = await label_of(pair, SAM)
    page = await pair.press(MEI, f"remove:{label}")

    card = await pair.press(MEI, action_of(page, "Remove them"))

    assert labels(page) == ["Not now", "Remove them"]
    assert words(card) == f"{label} is removed."
    assert len(await pair.desk.organizers()) == 1


async def test_removal_among_three_needs_a_third(pair: Workplace) -> None:
    """Another organizer than the lead and the one concerned agrees."""
    await pair.welcome(ANA)
    label = await label_of(pair, SAM)
    page = await pair.press(MEI, f"remove:{label}")
    waits = await pair.press(MEI, action_of(page, "Remove them"))
    [proposal] = await pair.store.proposals()
    agree = f"confirm:{proposal.proposal_id}"

    twice = await pair.press(MEI, f"removing:{label}")
    own = await pair.press(MEI, agree)
    target = await pair.press(SAM, agree)
    targets_list = await pair.type(SAM, "confirm")
    third = await pair.type(ANA, "confirm")
    done = await pair.press(ANA, action_of(third, "Remove them"))

    assert f"not you, and not {label}" in words(page)
    assert words(waits).startswith("Waiting for one other organizer.")
    assert twice == waits
    assert refusal_of(own) == "OwnProposal"
    assert refusal_of(target) == "AboutYou"
    assert "Nothing waits for you." in words(targets_list)
    assert words(done) == f"{label} is removed."
    assert await pair.store.proposals() == []


async def test_removals_and_closings_are_listed_together(pair: Workplace) -> None:
    """The list says of each what it is about."""
    await pair.welcome(ANA)
    preview = await pair.send(MEI, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(MEI, ask)
    await pair.press(SAM, ask.replace("ask:", "start:"))
    label = await label_of(pair, SAM)
    await pair.press(MEI, f"close:{NAME}")
    await pair.press(MEI, f"removing:{label}")

    card = await pair.type(ANA, "confirm")
    pages = [await pair.press(ANA, button.action) for button in buttons(card)]

    assert "Another organizer wants to close it early." in words(card)
    assert "Another organizer wants to remove this organizer." in words(card)
    assert {labels(page)[1] for page in pages} == {"Close it", "Remove them"}


async def test_removed_organizers_drafts_go_with_them(pair: Workplace) -> None:
    """Nothing waits in the name of somebody who is gone."""
    preview = await pair.send(SAM, "poll", **LUNCH)
    ask = action_of(preview, "Ask a second organizer")
    await pair.press(SAM, ask)

    await pair.press(MEI, f"removing:{await label_of(pair, SAM)}")

    assert pair.gate.drives() == []
    assert refusal_of(await pair.press(MEI, ask.replace("ask:", "start:"))) == (
        "MessageTooOld"
    )


async def test_last_lead_stays(pair: Workplace) -> None:
    """Somebody can always invite."""
    label = await label_of(pair, MEI)

    assert refusal_of(await pair.press(MEI, f"remove:{label}")) == "LastLead"
    assert refusal_of(await pair.press(MEI, f"removing:{label}")) == "LastLead"


async def test_two_leads_cannot_remove_each_other_at_once(pair: Workplace) -> None:
    """Of two removals at the same moment one finds a last lead."""
    sam, mei = await label_of(pair, SAM), await label_of(pair, MEI)
    await pair.press(MEI, f"lead:{sam}")

    await asyncio.gather(
        pair.press(MEI, f"removing:{sam}"), pair.press(SAM, f"removing:{mei}")
    )

    assert len(await pair.desk.organizers()) == 1


async def test_lead_makes_a_lead(pair: Workplace) -> None:
    """A second lead can do what the first can."""
    label = await label_of(pair, SAM)
    page = await pair.type(MEI, "organizers")

    card = await pair.press(MEI, action_of(page, f"Make {label} a lead"))

    assert words(card) == f"{label} is a lead now."
    assert "invite" in (await pair.press(SAM, "invite:lead")).data
    assert refusal_of(await pair.press(MEI, "lead:Nobody")) == "UnknownOrganizer"


async def test_proposal_about_somebody_gone_is_over(pair: Workplace) -> None:
    """A removal that another way already happened cannot be confirmed."""
    await pair.welcome(ANA)
    await pair.welcome(STAFF[0])
    label = await label_of(pair, SAM)
    await pair.press(MEI, f"removing:{label}")
    [proposal] = await pair.store.proposals()
    await pair.press(ANA, f"confirm:{proposal.proposal_id}")

    card = await pair.press(STAFF[0], f"confirm:{proposal.proposal_id}")

    assert refusal_of(card) == "NothingToConfirm"


async def test_somebody_who_is_gone_is_not_removed_again(pair: Workplace) -> None:
    """What is over is said to be over, on its page and on its button."""
    await pair.welcome(ANA)
    await pair.press(MEI, f"removing:{await label_of(pair, SAM)}")
    [proposal] = await pair.store.proposals()
    await pair.gate.commit([DropOrganizer(tag=pair.gate.organizer_tag(SAM))])

    for verb in ("proposal", "confirm"):
        card = await pair.press(ANA, f"{verb}:{proposal.proposal_id}")

        assert refusal_of(card) == "NothingToConfirm"


async def test_organizers_are_bounded(office: Workplace) -> None:
    """A page lists them all, so there are not more than fit it."""
    for actor in STAFF[:11]:
        await office.welcome(actor)
    code = str((await office.press(MEI, "invite:lead")).data["invite"])

    card = await office.send(SAM, "join", code=code)
    page = await office.type(MEI, "organizers")

    assert refusal_of(card) == "TooManyOrganizers"
    assert len(page.blocks) + len(buttons(page)) <= 40


async def test_command_has_another_name(tmp_path: Path) -> None:
    """Texts name the command that this installation has."""
    scene = Scene(platform="discord", command="poll")
    async with workplace(tmp_path, scene=scene) as place:
        await place.welcome(MEI, Role.LEAD)
        await place.welcome(SAM)
        preview = await place.send(MEI, "poll", **LUNCH)

        card = await place.press(MEI, action_of(preview, "Ask a second organizer"))

        assert "Tell them: /poll organize, then Confirm." in words(card)
