"""What goes wrong between Slack and the bot: nothing twice, lost, or said."""

import asyncio
import io
import json
import logging
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.slack import accounts, connection
from bot import log
from bot.core.errors import TooBusy
from bot.requests import Place, Reply, Request
from bot.service import Service
from bot.views import form_text, text
from bot.views.widgets import Card, CardKind, Line
from tests.fakes.slack import (
    GENERAL,
    NotAcknowledged,
    Shown,
    http_body,
    signed,
)
from tests.fakes.slack_house import MEI, SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Yield a workspace over the socket; nothing breaks a rule in it."""
    async with slack_house(tmp_path) as opened:
        yield opened

        assert opened.slack.broken == []


@pytest.fixture
async def http_house(tmp_path: Path) -> AsyncIterator[House]:
    """Yield a workspace whose bot is sent signed requests."""
    async with slack_house(tmp_path, http=True) as opened:
        yield opened


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Yield what the log writes, with all libraries as talkative as they can be."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    show, raising = warnings.showwarning, logging.raiseExceptions
    stream = io.StringIO()
    log.start(now=lambda: 0, stream=stream)
    yield stream
    log.stop()
    root.handlers[:], warnings.showwarning = handlers, show
    root.setLevel(level)
    logging.raiseExceptions = raising


class Slow:
    """A service whose answers take their time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.failing = False
        self.asked = 0

    async def handle(self, request: Request) -> list[Reply]:
        self.asked += 1
        await self.let_go.wait()
        if self.failing:
            raise RuntimeError("quotes U0SAM")
        return await self._service.handle(request)


@pytest.fixture
async def slow_house(tmp_path: Path) -> AsyncIterator[tuple[House, Slow]]:
    """Yield a workspace whose answers can be held up."""
    made: list[Slow] = []

    def around(service: Service) -> Slow:
        made.append(Slow(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as opened:
        yield opened, made[0]

        assert opened.slack.broken == []


async def nothing_more(house: House, person: str) -> bool:
    """Tell whether a person is shown nothing more, a moment later."""
    await asyncio.sleep(0.1)
    return house.person(person).has_seen_all


# Signatures --------------------------------------------------------------------------


def vote(house: House, post: Shown, **more: Any) -> str:
    """Return the body of a tap on Yes, as it comes over HTTP."""
    payload = house.person(SAM).pressed(post, post.buttons()["Yes"])
    return http_body("interactive", payload | more)[0]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        lambda _: {},
        lambda body: signed(body, secret="another"),
        lambda body: signed(body, at=int(time.time()) - 301),
        lambda body: signed(body, at=int(time.time()) + 301),
        lambda body: signed(body + "x"),
        lambda body: signed(body) | {"X-Slack-Signature": "v0="},
        lambda body: signed(body) | {"X-Slack-Signature": "v1=" + "0" * 64},
        lambda body: signed(body) | {"X-Slack-Request-Timestamp": "soon"},
        lambda body: signed(body) | {"X-Slack-Request-Timestamp": ""},
    ],
    ids=["none", "bad", "old", "early", "tampered", "empty", "v1", "word", "no time"],
)
async def test_bad_signature_does_nothing_and_says_nothing(
    http_house: House, lines: io.StringIO, headers: Any
) -> None:
    """A request that Slack did not sign is refused, and no log holds any of it."""
    post = await http_house.poll()
    body = vote(http_house, post, canary="canary-of-the-body")
    before = len(http_house.slack.calls)

    status, answer = await http_house.slack.send_http(body, FORM | headers(body))

    assert status in {401, 500}
    assert len(http_house.slack.calls) == before
    assert await nothing_more(http_house, SAM)
    assert "canary" not in lines.getvalue() + answer
    assert SAM not in lines.getvalue()


async def test_log_would_hold_the_body_without_the_door(
    http_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: the library writes the whole body where it may."""
    logging.getLogger("slack_bolt.AsyncRequestVerification").setLevel(logging.INFO)
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.INFO)
    body = http_body("interactive", {"type": "canary-of-the-body"})[0]

    with caplog.at_level(logging.INFO):
        await http_house.slack.send_http(body, FORM | signed(body, secret="another"))

    assert "canary-of-the-body" in caplog.text


async def test_replayed_request_is_done_once(http_house: House) -> None:
    """The same signed bytes once more are taken, and nothing follows from them."""
    await http_house.welcome(SAM)
    mei = http_house.person(MEI)
    form = await mei.command("poll")
    values = {"question": "Twice?", "options": "Yes\nNo"}
    body, form_headers = http_body("interactive", mei.filled(form, **values))
    headers = signed(body) | form_headers

    answers = [await http_house.slack.send_http(body, headers) for _ in range(3)]

    assert [status for status, _ in answers] == [200] * 3
    assert "Check before it starts" in answers[0][1]
    assert form_text.SENT_ALREADY in answers[1][1]
    assert len(http_house.place.gate.drives()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ("[" * 5000, "application/json"),
        ("payload=%7B", "application/x-www-form-urlencoded"),
        ("payload=", "application/x-www-form-urlencoded"),
        ("", "application/x-www-form-urlencoded"),
        ("\x00", "text/plain"),
    ],
)
async def test_broken_bodies(
    http_house: House, lines: io.StringIO, body: str, kind: str
) -> None:
    """What cannot be read is refused without a word in the log; the bot lives on."""
    headers = signed(body) | {"Content-Type": kind}

    status, _ = await http_house.slack.send_http(body, headers)

    assert status in {200, 400}
    assert "Error" not in lines.getvalue()
    assert "menu" in str((await http_house.person(SAM).command()).content).lower()


async def test_body_without_end(http_house: House) -> None:
    """A body that is larger than any form is not read to its end."""
    body = "x" * (connection.HTTP_BYTES_MAX + 1)

    status, _ = await http_house.slack.send_http(body, FORM | signed(body))

    assert status == 413


async def test_address_is_verified(http_house: House) -> None:
    """Slack reads back its challenge when an address is entered, if it is signed."""
    body = json.dumps({"type": "url_verification", "challenge": "abc123"})
    headers = {"Content-Type": "application/json"}

    good = await http_house.slack.send_http(body, headers | signed(body))
    bad = await http_house.slack.send_http(body, headers)

    assert good[0] == 200
    assert json.loads(good[1]) == {"challenge": "abc123"}
    assert bad[0] == 401


async def test_other_paths_are_not_there(http_house: House) -> None:
    """There is one address."""
    http_house.slack.app_url = http_house.slack.app_url.replace("events", "install")

    status, _ = await http_house.slack.send_http("", signed(""))

    assert status == 404


# The same thing twice ----------------------------------------------------------------


async def test_duplicate_envelope_is_done_once(house: House) -> None:
    """An envelope that comes twice is acknowledged twice and done once."""
    payload = house.person(SAM).typed("menu")

    first = await house.slack.deliver("slash_commands", payload, envelope_id="E1")
    second = await house.slack.deliver("slash_commands", payload, envelope_id="E1")

    assert "What do you want to do?" in str(first)
    assert second == {}


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_repeated_event_is_answered_once(tmp_path: Path, *, http: bool) -> None:
    """Slack repeats an event that it thinks was lost."""
    async with slack_house(tmp_path, http=http) as house:
        sam = house.person(SAM)
        payload = sam.written("hello")

        for attempt in range(4):
            await house.slack.deliver("events_api", payload, retry_attempt=attempt)
        await sam.seen()

        assert await nothing_more(house, SAM)


async def test_event_that_failed_may_come_again(
    slow_house: tuple[House, Slow],
) -> None:
    """What met a fault is not remembered as done."""
    house, slow = slow_house
    sam = house.person(SAM)
    payload = sam.written("hello")
    slow.failing = True
    await house.slack.deliver("events_api", payload)
    assert text.FAULT in (await sam.seen()).words
    slow.failing = False

    await house.slack.deliver("events_api", payload, retry_attempt=1)

    assert "Choose what happens" in (await sam.seen()).words


async def test_same_button_pressed_fifty_times(house: House) -> None:
    """Each tap is answered with the same bytes, and it counts once."""
    post = await house.poll()
    for name in STAFF[:30]:
        await house.person(name).press(post, "Yes")
    sam = house.person(SAM)

    seen = await asyncio.gather(*(sam.press(post, "No") for _ in range(50)))
    await house.advance(4 * DAY)

    assert len({json.dumps(each.content) for each in seen}) == 1
    assert "• No: 0–4" in house.slack.posts()[1].words


async def test_start_pressed_twice_at_once(house: House) -> None:
    """Two taps on Start it start one poll."""
    mei = house.person(MEI)
    preview = await mei.submit(
        await mei.command("poll"), question="Once?", options="Yes\nNo"
    )

    await asyncio.gather(*(mei.press(preview, "Start it") for _ in range(2)))
    await house.posted()

    assert len(house.slack.posts()) == 1


# In time -----------------------------------------------------------------------------


async def test_slow_answer_follows_its_acknowledgement(
    slow_house: tuple[House, Slow],
) -> None:
    """What takes longer than two seconds is acknowledged, and answered afterwards."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    slow.let_go.clear()

    command = await house.slack.deliver("slash_commands", sam.typed("menu"))
    tap = await house.slack.deliver(
        "interactive", sam.pressed(post, post.buttons()["Yes"])
    )
    assert sam.has_seen_all
    slow.let_go.set()
    seen = [(await sam.seen()).words for _ in range(2)]

    assert command == tap == {}
    assert any("What do you want to do?" in words for words in seen)
    assert any("Received" in words for words in seen)


async def test_slow_form_shows_that_work_goes_on(
    slow_house: tuple[House, Slow],
) -> None:
    """The window says so, and shows the code when it comes: in no message."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    slow.let_go.clear()

    working = await sam.submit(form, answer="Yes")
    slow.let_go.set()
    page = await sam.seen()

    assert "Working on it" in working.words
    assert page.view_id == form.view_id
    assert page.content["title"]["text"] == "Keep this code"


async def test_slow_refusal_keeps_what_was_typed(
    slow_house: tuple[House, Slow],
) -> None:
    """A refusal that comes late stands above the form as it was sent."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    slow.let_go.clear()
    await sam.submit(form, answer="No", code="K7QM" + "0" * 22)
    slow.let_go.set()

    refused = await sam.seen()

    assert refused.words.startswith("Nothing was recorded. That code")
    assert refused.inputs()["answer"]["initial_option"]["value"] == "No"


async def test_slow_start_says_that_work_goes_on(
    slow_house: tuple[House, Slow],
) -> None:
    """Starting waits for the counter: the page says so, then what became of it."""
    house, slow = slow_house
    mei = house.person(MEI)
    preview = await mei.submit(
        await mei.command("poll"), question="Slow?", options="Yes\nNo"
    )
    slow.let_go.clear()

    working = await mei.press(preview, "Start it")
    slow.let_go.set()
    started = await mei.seen()

    assert "Working on it" in working.words
    assert "It is open" in started.words


async def test_form_that_comes_too_late(slow_house: tuple[House, Slow]) -> None:
    """A form that could not be opened within three seconds: the person is told."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    slow.let_go.clear()
    payload = sam.pressed(post, post.buttons()["Answer with a code"])
    await house.slack.deliver("interactive", payload)
    await asyncio.sleep(1.2)
    slow.let_go.set()

    told = await sam.seen()

    assert told.words == form_text.FORM_TOO_LATE


@pytest.mark.timeout(180)
async def test_a_thousand_waiting_are_acknowledged(house: House) -> None:
    """Acknowledged within three seconds, each answered, each counted."""
    crowd = [f"U0CROWD{number:04}" for number in range(1_000)]
    house.slack.add_people(*crowd)
    post = await house.poll()
    slowest = 0.0

    yes = post.buttons()["Yes"]

    async def tap(name: str) -> None:
        nonlocal slowest
        payload = house.person(name).pressed(post, yes)
        started = time.monotonic()
        assert await house.slack.deliver("interactive", payload) == {}
        slowest = max(slowest, time.monotonic() - started)

    await asyncio.gather(*map(tap, crowd))
    answers = [await house.person(name).seen() for name in crowd]
    await house.advance(4 * DAY)

    assert slowest < 3.0
    assert all(each.words.startswith("*Received.*") for each in answers)
    assert "At least 1000 people answered." in house.slack.posts()[1].words


async def test_submissions_during_a_count(house: House) -> None:
    """While the counter works, answers are taken and acknowledged."""
    post = await house.poll()
    for name in STAFF[:15]:
        await house.person(name).press(post, "Yes")
    count = asyncio.ensure_future(house.advance(DAY))

    answers = [await house.person(name).press(post, "No") for name in STAFF[15:35]]
    await count
    await house.advance(4 * DAY)

    assert all(each.words.startswith("*Received.*") for each in answers)
    assert "At least 35 people answered." in house.slack.posts()[1].words


# Faults ------------------------------------------------------------------------------


async def test_fault_after_the_acknowledgement_never_takes_it_back(
    slow_house: tuple[House, Slow], lines: io.StringIO
) -> None:
    """A bug is told to the person, and the log names its type and place alone."""
    house, slow = slow_house
    sam = house.person(SAM)
    slow.failing = True

    at_once = await house.slack.deliver("slash_commands", sam.typed("menu"))
    slow.let_go.clear()
    later = await house.slack.deliver("slash_commands", sam.typed("menu"))
    slow.let_go.set()

    assert text.FAULT in str(at_once["blocks"])
    assert later == {}
    assert (await sam.seen()).words == text.FAULT
    assert '"error_type": "RuntimeError"' in lines.getvalue()
    assert SAM not in lines.getvalue()


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "expired_trigger_id"}])
async def test_form_that_slack_does_not_open(
    house: House, fault: dict[str, Any]
) -> None:
    """The person is told that nothing was recorded."""
    post = await house.poll()
    house.slack.fail("views.open", **fault)

    told = await house.person(SAM).press(post, "Answer with a code")

    assert told.words == form_text.FORM_TOO_LATE


async def test_too_many_forms(house: House) -> None:
    """Slack opens a hundred a minute: the next person is told to try again."""
    post = await house.poll()
    house.slack.fail("views.open", retry_after=30)

    told = await house.person(SAM).press(post, "Answer with a code")

    assert told.words == form_text.FORM_TOO_LATE


@pytest.mark.parametrize("method", ["views.open", "views.publish", "views.update"])
async def test_answer_that_cannot_be_shown_harms_nobody(
    house: House, lines: io.StringIO, method: str
) -> None:
    """Where nobody can be told, the log says so, and the next one is served."""
    house.slack.fail(method, "invalid_blocks", times=9)
    sam = house.person(SAM)
    payload = {
        "views.open": sam.pressed(Shown("home", {}, view_id="H1"), "privacy"),
        "views.publish": sam.event(type="app_home_opened", user=SAM, tab="home"),
        "views.update": sam.pressed(Shown("form", {}, view_id="V1"), "privacy"),
    }[method]
    kind = "events_api" if "event" in payload else "interactive"

    assert await house.slack.deliver(kind, payload) == {}

    assert await nothing_more(house, SAM)
    assert "answer_not_shown" in lines.getvalue()
    assert "What do you want" in (await sam.command()).words


@pytest.mark.parametrize(
    "error",
    ["channel_not_found", "not_in_channel", "invalid_blocks", "token_revoked"],
)
async def test_direct_answer_that_slack_refuses(
    house: House, lines: io.StringIO, error: str
) -> None:
    """It is not tried again; the log says that, and nothing of the person."""
    house.slack.fail("chat.postMessage", error)
    sam = house.person(SAM)

    assert await house.slack.deliver("events_api", sam.written("canary")) == {}
    assert await nothing_more(house, SAM)

    assert len(house.slack.called("chat.postMessage")) == 1
    assert "answer_not_shown" in lines.getvalue()
    assert "canary" not in lines.getvalue()
    assert SAM not in lines.getvalue()
    assert (await sam.write("hello")).kind == "direct"


@pytest.mark.parametrize(
    "over",
    [
        {"error": "expired_url", "status": 404},
        {"error": "used_url", "status": 404},
        {"error": "expired_url", "status": 410},
        {"error": "expired_url"},
    ],
    ids=str,
)
async def test_answer_whose_address_is_over(house: House, over: dict[str, Any]) -> None:
    """A window says the same words; nothing is lost, and nothing counts twice."""
    post = await house.poll()
    for number, name in enumerate(STAFF[:27]):
        label = "No" if number < 4 else "Unsure" if number < 7 else "Yes"
        await house.person(name).press(post, label)
    house.slack.fail("response_url", times=2, **over)
    lost, twice = house.person(SAM), house.person(STAFF[30])

    told = await lost.press(post, "No")
    also = await twice.press(post, "Unsure")
    usual = await twice.press(post, "Unsure")
    privacy = await lost.press(told, "Who can see what?")
    await house.advance(4 * DAY)

    assert (told.kind, also.kind, usual.kind) == ("form", "form", "private")
    assert told.words == also.words == usual.words
    assert told.words.startswith("*Received.*")
    assert "This lowers the risk." in privacy.words
    result = house.slack.posts()[1].words
    assert "• No: about 5\n" in result
    assert "• Unsure: 0–4" in result


async def test_address_takes_five_messages(house: House) -> None:
    """A page that somebody turned too often for its address is turned once more."""
    await house.poll()
    sam = house.person(SAM)
    menu = await sam.command()
    payload = sam.pressed(menu, menu.buttons()["Result"])

    turned: list[str] = []
    for _ in range(6):
        again = payload | {"trigger_id": house.slack.trigger(SAM)}
        assert await house.slack.deliver("interactive", again) == {}
        turned.append((await sam.seen()).kind)

    assert turned == ["private"] * 5 + ["form"]


async def test_answer_that_has_no_way_left(house: House, lines: io.StringIO) -> None:
    """Both the address and the trigger are over: the log says so, the answer counts."""
    post = await house.poll()
    for name in STAFF[:9]:
        await house.person(name).press(post, "Yes")
    sam = house.person(SAM)
    house.slack.fail("response_url", "expired_url", status=404)
    house.slack.fail("views.open", "expired_trigger_id")

    tap = sam.pressed(post, post.buttons()["Yes"])
    assert await house.slack.deliver("interactive", tap) == {}
    assert await nothing_more(house, SAM)
    menu = await sam.command()
    await house.advance(4 * DAY)

    assert "answer_not_shown" in lines.getvalue()
    assert "expired" not in lines.getvalue()
    assert "What do you want" in menu.words
    assert "At least 10 people answered." in house.slack.posts()[1].words


class Speechless:
    """A service whose lines have no words, as a bug would make them: none is shown."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.speechless = False

    async def handle(self, request: Request) -> list[Reply]:
        replies = await self._service.handle(request)
        if not self.speechless:
            return replies
        bare = Line(text=cast("str", None))
        return [Reply(place=Place.DM, view=Card(kind=CardKind.NOTICE, blocks=(bare,)))]


async def test_view_that_cannot_be_made_ends_nothing(
    tmp_path: Path, lines: io.StringIO
) -> None:
    """A bug between the answer and its words: acknowledged, told, and the bot lives."""
    made: list[Speechless] = []

    def around(service: Service) -> Speechless:
        made.append(Speechless(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as house:
        post = await house.poll()
        sam = house.person(SAM)
        form = await sam.press(post, "Answer with a code")
        made[0].speechless = True

        told = await sam.submit(form, answer="Yes")
        assert await house.slack.deliver("events_api", sam.written("hello")) == {}
        assert await nothing_more(house, SAM)
        made[0].speechless = False

        assert told.words.startswith(text.FAULT)
        assert told.inputs()["answer"]["initial_option"]["value"] == "Yes"
        assert lines.getvalue().count("answer_not_shown") == 2
        assert "What do you want" in (await sam.command()).words


@pytest.mark.parametrize("fault", [{"retry_after": 1}, {"status": 502}])
async def test_private_answer_waits_for_slack(
    house: House, fault: dict[str, Any]
) -> None:
    """A private answer that Slack does not take now is sent a little later."""
    post = await house.poll()
    house.slack.fail("response_url", **fault)

    answer = await house.person(SAM).press(post, "Yes")

    assert answer.words.startswith("*Received.*")


async def test_direct_answer_waits_for_slack(house: House) -> None:
    """So is the answer to a direct message."""
    house.slack.fail("chat.postMessage", retry_after=1)

    choice = await house.person(SAM).write("hello")

    assert choice.kind == "direct"
    assert len(house.slack.called("chat.postMessage")) == 2


# The socket --------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a lost socket more often than every two seconds."""
    monkeypatch.setattr(connection, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)


@pytest.mark.usefixtures("quick")
@pytest.mark.timeout(180)
async def test_ten_reconnects(tmp_path: Path) -> None:
    """Refreshed and dropped, ten times: the next tap is answered."""
    async with slack_house(tmp_path) as house:
        post = await house.poll()
        for turn in range(10):
            if turn % 2:
                await house.slack.drop_socket()
            else:
                await house.slack.refresh_socket()
            await house.slack.connected()

            answer = await house.person(STAFF[turn]).press(post, "Yes")

            assert answer.words.startswith("*Received.*")
        assert 11 <= house.slack.connections <= 13
        assert len(asyncio.all_tasks()) < 40


@pytest.mark.usefixtures("quick")
async def test_drop_while_an_answer_is_on_its_way(
    tmp_path: Path,
) -> None:
    """What came over the old socket is recorded; Slack sends it again: once is done."""
    made: list[Slow] = []

    def around(service: Service) -> Slow:
        made.append(Slow(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as house:
        post = await house.poll()
        sam = house.person(SAM)
        payload = sam.pressed(post, post.buttons()["Yes"])
        made[0].let_go.clear()
        asked = made[0].asked
        sent = asyncio.ensure_future(house.slack.deliver("interactive", payload))
        async with asyncio.timeout(5):
            while made[0].asked == asked:  # noqa: ASYNC110 - a plain count
                await asyncio.sleep(0.01)
        await house.slack.drop_socket()
        await house.slack.connected()
        made[0].let_go.set()
        sent.cancel()

        answer = await sam.seen()
        again = await house.slack.deliver("interactive", payload)

        assert answer.words.startswith("*Received.*")
        assert again == {}
        assert made[0].asked == asked + 1


@pytest.mark.usefixtures("quick")
async def test_address_is_refused_for_a_while(tmp_path: Path) -> None:
    """Slack gives no new address at once: the bot asks again."""
    async with slack_house(tmp_path) as house:
        house.slack.fail("apps.connections.open", status=503, times=2)
        house.slack.fail("apps.connections.open", status=503, content="text/plain")
        house.slack.fail("apps.connections.open", "internal_error", times=2)
        await house.slack.drop_socket()
        await house.slack.connected()

        assert "What do you want" in (await house.person(SAM).command()).words


async def test_nothing_of_the_last_message_stays_in_the_socket(house: House) -> None:
    """The client's own frames hold no payload while they wait for the next."""
    await house.person(SAM).command("canary-command")
    await asyncio.sleep(0.05)

    held = [
        repr(task.get_stack()[-1].f_locals)
        for task in asyncio.all_tasks()
        if "Socket" in str(task.get_coro()) and task.get_stack()
    ]

    assert held
    assert "canary-command" not in "".join(held)


async def test_unacknowledged_is_noticed_by_the_fake(
    slow_house: tuple[House, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a bot that waits for its answer is not acknowledged in time."""
    house, slow = slow_house
    monkeypatch.setattr("adapters.slack.listeners.ACKNOWLEDGE_SECONDS_MAX", 60)
    slow.let_go.clear()

    with pytest.raises(NotAcknowledged):
        await house.slack.deliver("slash_commands", house.person(SAM).typed())
    slow.let_go.set()


async def test_post_waits_in_a_channel_that_slack_holds_up(house: House) -> None:
    """A post that Slack refuses for a while is posted once, later."""
    house.slack.fail("chat.postMessage", retry_after=1)

    await house.poll()

    assert len(house.slack.posts(GENERAL)) == 1


# What is asked of Slack for a person who waits, and what the bot asks for itself; the
# file itself goes to an address that Slack names.
FOR_PEOPLE = frozenset(
    {
        *("chat.postMessage", "conversations.history", "conversations.info"),
        *("conversations.members", "response_url"),
        *("views.open", "views.publish", "views.update"),
    }
)
FOR_ITSELF = frozenset(
    {
        *("apps.connections.open", "auth.test", "chat.update"),
        *("files.completeUploadExternal", "files.getUploadURLExternal", "upload"),
        *("users.conversations", "users.list"),
    }
)


# A second's patience, and a fault of Slack's own.
HELD_UP: tuple[dict[str, Any], ...] = ({"retry_after": 1}, {"status": 500})


def hold_up(house: House, methods: frozenset[str], fault: dict[str, Any]) -> None:
    """Let Slack answer with this fault, once at each method."""
    for method in methods:
        house.slack.fail(method, **fault)


def all_held_up(house: House) -> bool:
    """Tell whether each method was, and no other one is in use that could be."""
    called = {method for method, _ in house.slack.calls}
    assert called <= FOR_PEOPLE | FOR_ITSELF
    return not any(fault.times for fault in house.slack.faults)


@pytest.mark.parametrize("fault", HELD_UP, ids=["429", "500"])
async def test_people_are_answered_through_a_fault(
    house: House, fault: dict[str, Any]
) -> None:
    """Held up at any method, each is answered, or told to try again."""
    await house.start("box", name="Report box")
    post = await house.poll()
    sam = house.person(SAM)
    hold_up(house, FOR_PEOPLE, fault)

    for _ in range(2):
        with suppress(TooBusy):
            await house.adapter.platform.audience(f"slack/{GENERAL}")
    tapped, home, choice = await asyncio.gather(
        house.person(STAFF[0]).press(post, "Yes"),
        house.person(STAFF[1]).open_home(),
        sam.write("Overtime is not paid."),
    )
    late = await sam.press(post, "Answer with a code")
    unread = await sam.press(choice, "Send this text anyway")
    read = await sam.press(choice, "Send this text anyway")
    form = await sam.press(post, "Answer with a code")
    turned = await sam.press(await sam.submit(form, answer="Yes"), "I don't need it")

    assert tapped.words.startswith("*Received.*")
    assert "What do you want to do?" in home.words
    assert late.words == form_text.FORM_TOO_LATE
    assert "initial_value" not in unread.inputs()["text"]
    assert read.inputs()["text"]["initial_value"] == "Overtime is not paid."
    assert turned.kind == "form"
    assert all_held_up(house)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fault", HELD_UP, ids=["429", "500"])
async def test_bot_itself_waits_through_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """Held up at any method, the lists are read and each thing is posted once."""
    monkeypatch.setattr(accounts, "RETRY_SECONDS_MIN", 0.01)
    post = await house.poll()
    for name in STAFF[:12]:
        await house.person(name).press(post, "Yes")
    hold_up(house, FOR_ITSELF, fault)

    await house.slack.drop_socket()
    await house.slack.connected()
    await asyncio.gather(house.adapter._accounts.load(), house.advance(4 * DAY))

    words = [each.words for each in house.slack.posts()]
    assert [each.startswith("Result:") for each in words] == [False, True]
    assert all_held_up(house)
