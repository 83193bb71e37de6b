"""What the console does when the world around it fails."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.program import Answer, Console, action, found_cheaply, of_kind

PEOPLE = tuple(f"U0{pow(5, 11 + number, 2**39):010X}" for number in range(12))
MEI = PEOPLE[0]


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """Yield a running console with twelve people, one of them an organizer."""
    founded = found_cheaply(tmp_path / "data")
    with Console(tmp_path / "data", founded.passphrase) as running:
        running.ask(people=list(PEOPLE))
        running.submit(MEI, "join", code=founded.invite)
        yield running


def start(console: Console) -> list[Answer]:
    """Let the organizer start a poll of a day."""
    fields = {"question": "Tea?", "options": "Yes\nNo", "closes": "24h", "name": "tea"}
    draft = console.submit(MEI, "poll", **fields)
    return console.press(MEI, action(draft, "Start it"))


def state(console: Console) -> str:
    """Return the state of the poll, as everybody sees it."""
    (answer,) = of_kind(console.command(MEI, "results tea"), "tally")
    return str(answer["data"]["state"])


def log_of(console: Console) -> list[dict[str, object]]:
    """End the console and return its log, without a failed counter's own words."""
    assert console.leave() == 0
    lines = console.written[-1].splitlines()
    return [json.loads(x) for x in lines if not x.startswith("roundrobin: ")]


@pytest.mark.timeout(180)
def test_counter_that_fails_stops_nobody(console: Console) -> None:
    """Answers are taken and time passes while no count works; then all is counted."""
    posts = [each for each in start(console) if each["to"] is None]
    keystore = console.data / "counter" / "keystore"
    keystore.rename(keystore.with_name("elsewhere"))
    replies = [console.press(each, action(posts, "Yes")) for each in PEOPLE]
    console.advance("24h")
    console.advance("7d")
    uncounted = state(console)
    keystore.with_name("elsewhere").rename(keystore)
    closing = console.advance("1s")

    assert all(of_kind(reply, "receipt") for reply in replies)
    assert uncounted == "closing"
    assert of_kind(closing, "certificate")
    assert state(console) == "published"
    failed = [line for line in log_of(console) if line["event"] == "counter_failed"]
    assert failed
    assert {line["exit_code"] for line in failed} == {1}


@pytest.mark.timeout(180)
def test_poll_waits_for_a_counter(console: Console) -> None:
    """A poll that could not get its keys opens by itself when a counter runs."""
    keystore = console.data / "counter" / "keystore"
    keystore.rename(keystore.with_name("elsewhere"))
    waiting = start(console)
    keystore.with_name("elsewhere").rename(keystore)
    later = console.advance("1m")

    assert all(each["to"] == MEI for each in waiting)
    assert [each["place"] for each in of_kind(later, "drive")] == ["channel:general"]
    assert state(console) == "open"


@pytest.mark.timeout(180)
def test_posts_that_were_owed_are_shown_after_a_restart(tmp_path: Path) -> None:
    """A post that a killed console did not show belongs to the next request."""
    founded = found_cheaply(tmp_path / "data")
    with Console(tmp_path / "data", founded.passphrase) as first:
        first.ask(people=list(PEOPLE))
        first.submit(MEI, "join", code=founded.invite)
        keystore = first.data / "counter" / "keystore"
        keystore.rename(keystore.with_name("elsewhere"))
        start(first)
        first.kill()
    keystore.with_name("elsewhere").rename(keystore)
    with Console(tmp_path / "data", founded.passphrase) as second:
        shown = second.command(PEOPLE[3], "")

    assert [each["to"] for each in shown] == [PEOPLE[3], None]
    assert of_kind(shown, "drive")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_console_quietly(
    console: Console, ending: signal.Signals
) -> None:
    """SIGTERM and SIGINT end it as the end of the input does."""
    console.process.send_signal(ending)

    assert console.process.wait(timeout=20) == 0
    assert log_of(console) == []


@pytest.mark.timeout(180)
def test_reader_that_leaves_ends_the_console_quietly(console: Console) -> None:
    """A program that reads no more gets no traceback: there is nobody to tell."""
    assert console.hang_up() == ""
    assert console.process.returncode == 0


@pytest.mark.timeout(180)
def test_members_of_one_more_channel(console: Console) -> None:
    """A poll in a channel is for the people of that channel."""
    console.ask(people=list(PEOPLE[:11]), channel="night")
    fields = {
        "question": "Night?",
        "options": "Yes\nNo",
        "closes": "24h",
        "name": "night",
        "channel": "#night",
    }
    draft = console.submit(MEI, "poll", **fields)
    started = console.press(MEI, action(draft, "Start it"))
    (post,) = [each for each in of_kind(started, "drive") if each["to"] is None]

    assert post["place"] == "channel:night"
    inside = console.press(PEOPLE[10], action([post], "Yes"))
    outside = console.press(PEOPLE[11], action([post], "Yes"))
    assert of_kind(inside, "receipt")
    assert of_kind(outside, "refusal")
