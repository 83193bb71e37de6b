"""Reports from beginning to end, driven from outside as another program would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.console.people import PEOPLE_FILE
from bot.crypto.codes import make_code
from tests.fakes.program import (
    Answer,
    Console,
    action,
    found_cheaply,
    of_kind,
)
from tests.games.traces import hits

PEOPLE = tuple(f"U0{pow(7, 13 + number, 2**39):010X}" for number in range(16))
MEI = PEOPLE[0]
WRONG = (
    "No report opens with this code. Check it, or wait a little and try again.\n"
    "A report that waits to be read opens later. You can take it back now:"
)


def text_of(number: int) -> str:
    """Return what somebody writes; long enough to be searched for."""
    return f"The overtime of shift {number:02} was never paid."


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console whose only organizer is Mei."""
    founded = found_cheaply(tmp_path / "data")
    with Console(data=tmp_path / "data", passphrase=founded.passphrase) as opened:
        opened.ask(people=list(PEOPLE))
        opened.submit(MEI, "join", code=founded.invite)
        yield opened


def open_box(console: Console, name: str = "box", **more: str) -> Answer:
    """Open a report box and return its post."""
    fields = {
        "name": name,
        "categories": "Pay\nSafety\nHarassment",
        "severities": "low\nmid\nhigh",
        "channel": "general",
    }
    preview = console.submit(MEI, "box", **(fields | more))
    answers = console.press(MEI, action(preview, "Start it"))
    return next(each for each in of_kind(answers, "drive") if each["to"] is None)


def report(console: Console, person: str, **chosen: Any) -> Answer:
    """Report something as a person would, page by page."""
    (form,) = console.command(person, "report")
    fields = {"category": "Pay", "severity": "mid", "consent": "Read my text"}
    (page,) = console.submit(person, form["form"], **(fields | chosen))
    kept = {field["name"]: field.get("value") for field in page["fields"]}
    (receipt,) = console.submit(person, page["form"], **kept)
    return receipt


def cases(console: Console) -> list[dict[str, Any]]:
    """Return what an organizer may read."""
    (page,) = console.command(MEI, "cases")
    assert page["kind"] == "cases"
    found: list[dict[str, Any]] = page["data"]
    return found


def files(console: Console) -> dict[Path, bytes]:
    """Return all that the bot keeps; the list of members is the workspace's own."""
    return {
        path: path.read_bytes()
        for path in console.data.rglob("*")
        if path.is_file() and path.name != PEOPLE_FILE
    }


def restarted(console: Console) -> Console:
    """Kill the console as a power cut would, and open it again."""
    console.kill()
    again = Console(data=console.data, passphrase=console.passphrase)
    return again.__enter__()


def share(console: Console) -> dict[int, str]:
    """Let twelve people report, six with their text; return the codes of these."""
    codes: dict[int, str] = {}
    for number, person in enumerate(PEOPLE[1:13]):
        consent = "Read my text" if number < 6 else "Count it only"
        receipt = report(console, person, text=text_of(number), consent=consent)
        assert receipt["kind"] == "receipt"
        if number < 6:
            codes[number] = receipt["data"]["code"]
    return codes


TEXTS = [text_of(number).encode() for number in range(12)]
ACCOUNTS = [person.encode() for person in PEOPLE]


@pytest.mark.timeout(120)
def test_a_batch_comes_out(console: Console) -> None:
    """Twelve people report, six share a text; what was acknowledged survives a kill."""
    post = open_box(console)
    assert post["place"] == "channel:general"
    share(console)
    assert cases(console) == []
    console = restarted(console)
    # No word of it lies anywhere in the clear, and nobody's account.
    assert hits(files(console), TEXTS + ACCOUNTS) == []
    console.advance("24h")

    found = cases(console)
    assert {each["text"] for each in found} == {text_of(n) for n in range(6)}
    assert {each["category"] for each in found} == {"Pay"}
    assert {each["state"] for each in found} == {"received"}
    (page,) = console.command(MEI, "cases")
    assert "At least 10 reports." in page["text"]
    console.leave()


@pytest.mark.timeout(120)
def test_a_reply_is_read_by_code(console: Console) -> None:
    """Sealed on disk, across a kill, for the code alone; a wrong one opens nothing."""
    open_box(console)
    codes = share(console)
    console.advance("24h")
    (page,) = console.command(MEI, "cases")
    found: list[dict[str, Any]] = page["data"]
    name = next(each["case"] for each in found if each["text"] == text_of(0))
    (form,) = console.press(MEI, action([page], f"Reply {name}"))
    console.submit(MEI, form["form"], text="Thank you. Since when is it so?")
    console = restarted(console)
    (mine,) = console.submit(PEOPLE[1], "case", code=codes[0])
    (wrong,) = console.submit(PEOPLE[1], "case", code=make_code(bytes(15)))
    done = console.press(MEI, action([page], f"Mute {name}"))

    assert mine["kind"] == "case"
    assert "Thank you. Since when is it so?" in mine["text"]
    assert wrong["text"] == WRONG
    assert "they are not told" in done[0]["text"]
    needles = [*TEXTS, b"Thank you. Since when is it so?", *ACCOUNTS]
    assert hits(files(console), needles) == []
    console.leave()
    assert hits({Path("log"): console.written[-1].encode()}, needles) == []


@pytest.mark.timeout(180)
def test_four_people_are_not_read(console: Console) -> None:
    """Nothing comes out before the close, at it, or after it."""
    open_box(console, closes="24h")
    codes = [
        report(console, person, text="Please read this one.")["data"]["code"]
        for person in PEOPLE[1:5]
    ]
    console.advance("23h")
    assert cases(console) == []
    console.advance("8h")

    assert cases(console) == []
    (page,) = console.command(MEI, "cases")
    assert "At least" not in page["text"]
    (wrong,) = console.submit(PEOPLE[4], "case", code=codes[-1])
    assert wrong["text"] == WRONG
