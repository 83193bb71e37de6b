"""People act in a workspace: the real slack-bolt, the fake Slack, all else ours."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.requests import DirectMessage, Place, Press, Reply, Request
from bot.service import Service
from bot.views import cards, help_text, report_text
from tests.core.petition import shares
from tests.fakes.slack import BOT, GENERAL, Shown
from tests.fakes.slack_house import LUNCH, MEI, SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60
PETITION = {
    "text": "We ask for a paid break of 30 minutes.",
    "threshold": "20",
    "closes": "3d",
    "trustees": shares().trustees.line(),
    "name": "breaks",
}
REPORTED = {
    "category": "Pay",
    "severity": "It hurts people",
    "consent": "Read my text",
}


@pytest.fixture(params=[False, True], ids=["socket", "http"])
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """Yield a workspace over the socket, and over HTTP; nothing breaks a rule in it."""
    async with slack_house(tmp_path, http=request.param) as opened:
        yield opened

        assert opened.slack.broken == []


@pytest.fixture
async def socket_house(tmp_path: Path) -> AsyncIterator[House]:
    """Yield a workspace over the socket; nothing breaks a rule in it."""
    async with slack_house(tmp_path) as opened:
        yield opened

        assert opened.slack.broken == []


@pytest.fixture
async def full_house(socket_house: House) -> House:
    """Return a workspace with an open poll, petition and report box."""
    await socket_house.start("petition", **PETITION)
    await socket_house.start("box", name="Report box")
    await socket_house.poll(name="lunch")
    return socket_house


async def test_menu_is_private(house: House) -> None:
    """A command is answered at once, to one person."""
    shown = await house.person(SAM).command()

    assert "What do you want to do?" in shown.words
    assert house.slack.messages == {}


WORDS = (
    (SAM, "", "What do you want to do?"),
    (SAM, "anything", "What do you want to do?"),
    (SAM, "menu", "What do you want to do?"),
    (SAM, "vote lunch", "Should we ask for paid lunch breaks?"),
    (SAM, "answer lunch", "Should we ask for paid lunch breaks?"),
    (SAM, "poll", "Should we ask for paid lunch breaks?"),
    (SAM, "sign", "We ask for a paid break of 30 minutes."),
    (SAM, "petition", "We ask for a paid break of 30 minutes."),
    (SAM, "report", report_text.FORM_FIRST),
    (SAM, "grievance", report_text.FORM_FIRST),
    (SAM, "report it is Ana", help_text.WORDS_DROPPED["slack"]),
    (SAM, "code", report_text.CODE_ASK),
    (SAM, "case", report_text.CODE_ASK),
    (SAM, "receipt lunch", "Should we ask for paid lunch breaks?"),
    (SAM, "results lunch", "Should we ask for paid lunch breaks?"),
    (SAM, "tally lunch", "Should we ask for paid lunch breaks?"),
    (SAM, "list", "Should we ask for paid lunch breaks?"),
    (SAM, "drives", "Should we ask for paid lunch breaks?"),
    (SAM, "privacy", "Who can see what:"),
    (SAM, "who", "Who can see what:"),
    (SAM, "help", "/rr results"),
    (SAM, "organize", "organizers"),
    (SAM, "invite", "code"),
    (SAM, "join", "code"),
    (MEI, "organize", "New poll"),
    (MEI, 'poll "Tea?" "Yes" "No"', "Tea?"),
    (MEI, "poll \u201cTea?\u201d \u201cYes\u201d \u201cNo\u201d", "Tea?"),
    (MEI, "petition", "You will see how it looks before it starts."),
    (MEI, "box", report_text.BOX_FORM),
    (MEI, "confirm", "waits"),
    (MEI, "close lunch", "Close it"),
    (MEI, "cases", report_text.CASES_NONE),
    (MEI, "organizers", "organizer"),
)


async def test_every_word_brings_its_page(full_house: House) -> None:
    """All that may stand behind the command, and what is seen then by one person."""
    for who, words, shown in WORDS:
        page = await full_house.person(who).command(words)

        assert page.kind in {"private", "form"}
        seen = page.words + str(page.inputs())
        assert shown.replace("**", "*") in seen, (words, seen)


async def test_every_form_says_who_sees_what_before_its_fields(
    full_house: House,
) -> None:
    """On Slack: Slack itself, and an employer's phone, stand above what is typed."""
    sam = full_house.person(SAM)
    asked = [
        *("vote lunch", "sign breaks", "report", "code", "receipt lunch"),
        *("invite", "code report-box"),
    ]
    forms = [await sam.command(words) for words in asked]
    check = await sam.submit(forms[2], **REPORTED, text="Overtime is not paid.")

    for form in forms:
        kinds = [each["type"] for each in form.content["blocks"]]
        above = Shown(
            "form", {"blocks": form.content["blocks"][: kinds.index("input")]}
        )
        assert "Slack" in above.words, above.words
        assert "input" not in kinds[: kinds.index("input")]
        assert form.content["submit"]["text"]
    assert "Not sent yet." in check.words


async def test_poll_from_form_to_vote(house: House) -> None:
    """A poll made by form is posted; a tap on it is answered privately."""
    post = await house.poll()

    answer = await house.person(STAFF[0]).press(post, "Yes")

    assert answer.kind == "private"
    assert answer.words.startswith("*Received.*")
    assert not answer.replaces


async def test_taps_are_answered_alike(socket_house: House) -> None:
    """A first tap, another one and the same one again bring the same bytes."""
    post = await socket_house.poll()
    person = socket_house.person(STAFF[0])

    seen = [await person.press(post, label) for label in ("Yes", "No", "No")]

    assert seen[0].content == seen[1].content == seen[2].content


async def test_answer_with_a_code(house: House) -> None:
    """The code is a page of the form's window, and in no message."""
    post = await house.poll()
    sam = house.person(SAM)

    form = await sam.press(post, "Answer with a code")
    page = await sam.submit(form, answer="Yes")
    check = await sam.press(page, "I have it")
    wrong = await sam.submit(check, last4="0000")

    assert page.kind == "form"
    assert page.content["title"]["text"] == "Keep this code"
    assert page.view_id == form.view_id
    code = page.words.partition("```")[2].partition("```")[0].replace("\n", " ")
    assert len(code.replace(" ", "")) == 26
    assert wrong.kind == "form"
    said = [str(asked) for method, asked in house.slack.calls if "view" not in method]
    assert code.split()[0] not in "".join(said)


async def test_refusal_stands_beside_its_field(socket_house: House) -> None:
    """A code with a typing mistake is refused where it was typed."""
    post = await socket_house.poll()
    sam = socket_house.person(SAM)
    form = await sam.press(post, "Answer with a code")

    refused = await sam.submit(form, answer="Yes", code="K7QM" + "0" * 22)

    assert refused.kind == "errors"
    assert refused.words.startswith("Nothing was recorded. That code has a typing")


async def test_form_of_a_closed_poll_keeps_what_was_chosen(
    socket_house: House,
) -> None:
    """What became of it stands above the same form, filled in as it was sent."""
    post = await socket_house.poll()
    sam = socket_house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    await socket_house.advance(4 * DAY)

    refused = await sam.submit(form, answer="No")

    assert refused.kind == "form"
    assert refused.words.startswith("Nothing was recorded. This poll is closed.")
    assert refused.inputs()["answer"]["initial_option"]["value"] == "No"
    assert refused.inputs().keys() == form.inputs().keys()


async def test_button_of_a_closed_poll(socket_house: House) -> None:
    """An old post's button says that nothing was recorded."""
    post = await socket_house.poll()
    await socket_house.advance(4 * DAY)

    refused = await socket_house.person(SAM).press(post, "Yes")

    assert refused.words.startswith("Nothing was recorded. This poll is closed.")


async def test_several_choices_and_groups(socket_house: House) -> None:
    """A poll with several answers is answered in its form."""
    post = await socket_house.poll(choice="multi")
    sam = socket_house.person(SAM)

    form = await sam.press(post, "Answer")
    page = await sam.submit(form, answer=["Yes", "Unsure"])

    assert form.inputs()["answer"]["type"] == "checkboxes"
    assert page.content["title"]["text"] == "Keep this code"


async def test_scale_is_tapped(socket_house: House) -> None:
    """A scale has a button for each step."""
    post = await socket_house.poll(choice="scale", options="")

    answer = await socket_house.person(SAM).press(post, "4")

    assert answer.words.startswith("*Received.*")


async def test_result_has_a_picture_that_says_the_same(house: House) -> None:
    """Rows in words first, then the picture with the same words behind it."""
    post = await house.poll()
    for name in STAFF[:30]:
        await house.person(name).press(post, "Yes" if name < STAFF[20] else "No")

    await house.advance(4 * DAY)
    _, result = house.slack.posts()

    assert "• Yes: *most chosen* (the rest, about 20)" in result.words
    [image] = [each for each in result.content["blocks"] if each["type"] == "image"]
    assert "Yes, most chosen, about 20." in image["alt_text"]
    picture = house.slack.files[image["slack_file"]["id"]]
    assert picture["content"].startswith(b"\x89PNG")
    assert picture["channel"] is None
    [file] = [each for each in house.slack.files.values() if each["channel"]]
    assert file["name"].endswith(".certificate")
    assert file["channel"] == GENERAL
    assert "/rr results" in file["words"]


async def test_second_organizer_confirms(house: House) -> None:
    """One organizer asks, another one starts it, and the post names neither."""
    await house.welcome(SAM)
    mei, sam = house.person(MEI), house.person(SAM)

    preview = await mei.submit(await mei.command("poll"), **LUNCH)
    waiting = await mei.press(preview, "Ask a second organizer")
    page = await sam.command("confirm")
    started = await sam.press(page, "Start it")
    await house.posted()

    assert waiting.kind == "form"
    assert "/rr confirm" in waiting.words
    assert "It is open" in started.words
    assert started.replaces
    [post] = house.slack.posts()
    assert MEI not in str(post.content)
    assert SAM not in str(post.content)


async def test_home_is_the_same_for_all(house: House) -> None:
    """The home page shows open polls and nothing that anybody did."""
    post = await house.poll()
    await house.person(SAM).press(post, "Yes")

    own, other = [await house.person(each).open_home() for each in (SAM, STAFF[3])]
    form = await house.person(SAM).press(own, "Answer")
    privacy = await house.person(SAM).press(own, "Who can see what?")

    assert own.kind == "home"
    assert own.content == other.content
    assert "Should we ask for paid lunch breaks?" in own.words
    assert form.content["callback_id"].startswith("answer:")
    assert privacy.kind == "form"
    assert "This lowers the risk." in privacy.words


async def test_home_has_all_that_is_open_and_report_and_privacy(
    full_house: House,
) -> None:
    """Poll, petition and box stand there, with the button that reports a problem."""
    home = await full_house.person(SAM).open_home()
    form = await full_house.person(SAM).press(home, "Report a problem")

    assert "Should we ask for paid lunch breaks?" in home.words
    assert "We ask for a paid break of 30 minutes." in home.words
    assert {
        "Report a problem",
        "Who can see what?",
    } <= home.buttons().keys()
    assert form.content["callback_id"].startswith("report:")


async def test_shortcut_reports_a_problem(full_house: House) -> None:
    """Where a box is open, the global shortcut opens its form."""
    form = await full_house.person(SAM).shortcut()

    assert form.content["callback_id"].startswith("report:")
    assert report_text.FORM_FIRST.replace("**", "*") in form.words


async def test_direct_message_has_three_ways_to_go_on(full_house: House) -> None:
    """The form, this text anyway, or nothing: and nothing is quoted."""
    choice = await full_house.person(SAM).write("my boss")

    assert list(choice.buttons()) == [
        "Open the form",
        "Send this text anyway",
        "Do nothing",
    ]
    assert "my boss" not in str(choice.content)


async def test_shortcut_opens_a_page(house: House) -> None:
    """The global shortcut has no channel to answer in: a page opens."""
    page = await house.person(SAM).shortcut()

    assert page.kind == "form"


async def test_direct_message_is_answered_with_a_choice(house: House) -> None:
    """An ordinary message that quotes nothing; doing nothing takes its place."""
    sam = house.person(SAM)

    choice = await sam.write("my boss <b> & I")
    done = await sam.press(choice, "Do nothing")

    assert choice.kind == "direct"
    assert choice.content["text"] == "Choose what happens with your message."
    assert "boss" not in str(choice.content)
    assert done.replaces
    assert "The bot kept nothing" in done.words


async def test_private_message_is_turned_like_a_page(socket_house: House) -> None:
    """A button on a private message replaces it; one that explains does not."""
    await socket_house.poll()
    sam = socket_house.person(SAM)
    menu = await sam.command()

    result = await sam.press(menu, "Result")
    privacy = await sam.press(menu, "Who can see what?")

    assert result.replaces
    assert not privacy.replaces


async def test_messages_menu_without_a_box_opens_a_page(house: House) -> None:
    """Nothing is sent on where no report box is open; the page says so."""
    page = await house.person(SAM).choose_message("Overtime & <nothing> paid.")

    assert page.kind == "form"
    assert "Overtime" not in page.words
    assert house.slack.broken == []


async def test_quoted_words_fill_the_form(socket_house: House) -> None:
    """Slack escapes three signs of what is typed, and turns quotes: both are undone."""
    form = await socket_house.person(MEI).command(
        'poll “Pay & breaks <now>?” "Yes" "No"'
    )

    assert form.inputs()["question"]["initial_value"] == "Pay & breaks <now>?"
    assert form.inputs()["options"]["initial_value"] == "Yes\nNo"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "im", "user": SAM},
        {"type": "message", "channel_type": "im", "user": SAM, "text": ""},
        {"type": "message", "channel_type": "im", "text": "no user"},
        {"type": "message", "channel_type": "im", "user": SAM, "text": 5},
        {
            "type": "message",
            "channel_type": "im",
            "user": SAM,
            "text": "edited",
            "subtype": "message_changed",
        },
        {
            "type": "message",
            "channel_type": "im",
            "user": BOT,
            "text": "own",
            "bot_id": "B0",
        },
        {"type": "message", "channel_type": "channel", "user": SAM, "text": "loud"},
        {"type": "app_home_opened", "user": SAM, "tab": "messages"},
        {"type": "reaction_added", "user": SAM},
        {},
    ],
    ids=range(10),
)
async def test_events_for_nobody(socket_house: House, event: dict[str, object]) -> None:
    """What is no message to the bot is taken, and nothing follows."""
    sam = socket_house.person(SAM)
    before = len(socket_house.slack.calls)

    answer = await socket_house.slack.deliver("events_api", sam.event(**event))

    assert answer == {}
    assert len(socket_house.slack.calls) == before
    assert sam.has_seen_all


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [], "user": {"id": SAM}},
        {"type": "block_actions", "actions": "x"},
        {
            "type": "block_actions",
            "user": {"id": SAM, "team_id": "T"},
            "actions": [{"type": "static_select"}],
        },
        {"type": "view_submission", "user": {"id": SAM}, "team": {"id": "T"}},
        {"type": "view_submission", "view": {"id": "V1"}},
        {"type": "view_closed", "user": {"id": SAM}},
        {"type": "shortcut", "callback_id": "another", "user": {"id": SAM}},
        {"type": "message_action", "user": {"id": SAM}},
        {"type": "event_callback", "event": "x"},
        {"type": ["x"]},
        {"command": "/rr"},
    ],
    ids=range(13),
)
async def test_payloads_of_another_shape(
    socket_house: House, payload: dict[str, object]
) -> None:
    """A payload with missing parts is taken, and nothing follows."""
    answer = await socket_house.slack.deliver("interactive", payload)

    assert answer == {}


async def test_unknown_button_is_too_old(socket_house: House) -> None:
    """A button that no version of ours has made says what became of it."""
    old = Shown("private", {"blocks": []})
    sam = socket_house.person(SAM)
    payload = sam.pressed(old, "no:such:button:at:all")

    await socket_house.slack.deliver("interactive", payload)

    assert (await sam.seen()).words.startswith("This message is too old.")


async def test_form_without_its_state(socket_house: House) -> None:
    """A form that comes without its fields is refused, and the window stays."""
    post = await socket_house.poll()
    sam = socket_house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    payload = sam.filled(form)
    del payload["view"]["state"]
    del payload["view"]["blocks"]

    answer = await socket_house.slack.deliver("interactive", payload)

    assert answer["response_action"] == "update"


class Noting:
    """A service that notes what it was asked, and says that it has."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.asked: list[Request] = []

    async def handle(self, request: Request) -> list[Reply]:
        self.asked.append(request)
        if isinstance(request, Press) and request.action.startswith("dmsend:"):
            return [Reply(place=Place.EPHEMERAL, view=cards.notice("Noted."))]
        return await self._service.handle(request)


@pytest.mark.parametrize(
    ("fault", "text"), [(None, "my boss <b> & I"), ("channel_not_found", "")]
)
async def test_text_of_a_message_is_fetched_for_its_button(
    tmp_path: Path, fault: str | None, text: str
) -> None:
    """Nobody kept the text: the button carries the message's name, and it is read."""
    made: list[Noting] = []

    def around(service: Service) -> Noting:
        made.append(Noting(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as house:
        sam, mei = house.person(SAM), house.person(MEI)
        choice = await sam.write("my boss <b> & I")
        await sam.write("something else")
        [written, _] = [x for x in made[0].asked if isinstance(x, DirectMessage)]
        if fault:
            house.slack.fail("conversations.history", fault)
        payload = sam.pressed(choice, f"dmsend:{written.reference}")
        foreign = mei.pressed(choice, f"dmsend:{written.reference}")

        await house.slack.deliver("interactive", payload)
        noted = await sam.seen()
        await house.slack.deliver("interactive", foreign)
        await mei.seen()

        [own, other] = [each for each in made[0].asked if isinstance(each, Press)]
        assert noted.words == "Noted."
        assert (own.text, other.text) == (text, "")
