"""Sixty people and a report box, and a long talk, driven as another program would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.console.people import PEOPLE_FILE
from tests.fakes.program import Answer, Console, action, found_cheaply
from tests.games.traces import hits

PEOPLE = tuple(f"U0{pow(11, 17 + number, 2**39):010X}" for number in range(60))
MEI, ZOE = PEOPLE[0], PEOPLE[1]
FORKLIFT, LOCKER = "forklift 3", "locker 3"
FILLED = {"category": "Pay", "severity": "mid", "consent": "Read my text"}


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console whose only organizer is Mei, with an open report box."""
    founded = found_cheaply(tmp_path / "data")
    with Console(data=tmp_path / "data", passphrase=founded.passphrase) as opened:
        opened.ask(people=list(PEOPLE))
        opened.submit(MEI, "join", code=founded.invite)
        preview = opened.submit(
            MEI,
            "box",
            name="box",
            categories="Pay\nSafety\nHarassment",
            severities="low\nmid\nhigh",
            channel="general",
            # A slot of the lane ends with each of the box.
            every="6h",
            closes="1d",
        )
        opened.press(MEI, action(preview, "Start it"))
        yield opened


def report(console: Console, person: str, text: str, **chosen: str) -> Answer:
    """Report something, page by page; `matter` is written on the second."""
    matter = chosen.pop("matter", "")
    fields = FILLED | {"text": text} | chosen
    (page,) = console.submit(person, "report:box", **fields)
    kept = {field["name"]: field.get("value") for field in page["fields"]}
    if matter:
        kept["matter"] = matter
    (receipt,) = console.submit(person, page["form"], **kept)
    assert receipt["kind"] == "receipt"
    return receipt


def counted(console: Console, person: str) -> Answer:
    """Report something that only counts."""
    return report(console, person, "", category="Harassment", consent="Count it only")


def cases(console: Console) -> list[dict[str, Any]]:
    """Return what the organizer may read."""
    (page,) = console.command(MEI, "cases")
    found: list[dict[str, Any]] = page["data"]
    return found


def texts(console: Console) -> set[str]:
    """Return the texts that the organizer may read."""
    return {each["text"] for each in cases(console)}


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
    return Console(data=console.data, passphrase=console.passphrase).__enter__()


FIRST = {f"First day, text {at}." for at in range(4)} | {"Zoe's first one."}
TOGETHER = {f"It tipped over, {at}." for at in range(4)}
ALONE = {"They opened it, 0.", "They opened it, 1."}
FIFTH = "A fifth text."
NEEDLES = [words.encode() for words in (*FIRST, *TOGETHER, *ALONE, FIFTH, *PEOPLE)]


@pytest.mark.timeout(180)
def test_sixty_people_and_twenty_three_reports(console: Console) -> None:
    """Batches, tables, a mute and two matters, each as the rules say."""
    for person, text in zip(PEOPLE[1:6], sorted(FIRST, reverse=True), strict=True):
        report(console, person, text)
    console.advance("6h")
    assert texts(console) == FIRST
    assert topics(console, FIRST) == {"Pay"}

    passed_over = second_round(console)
    # Four people's texts are ready, which is one too few; the counts are by 13 people.
    assert texts(console) == FIRST
    assert at_least(console) == ["At least 10 reports."] * 2

    report(console, PEOPLE[14], FIFTH)
    for person in PEOPLE[15:19]:
        counted(console, person)
    console.advance("6h")
    assert texts(console) == FIRST | TOGETHER | {FIFTH}
    # Zoe's codes open when everybody's do; nobody else reads a word of it.
    (mine,) = console.submit(ZOE, "case", code=passed_over)
    assert "Zoe again, 3." in mine["text"]
    assert mine["data"]["state"] == "received"
    # Four of five share a topic, so none stands beside a text of that batch.
    assert topics(console, TOGETHER | {FIFTH}) == {None}
    # Five more reports, with five people: no second table.
    assert at_least(console) == ["At least 10 reports."] * 2
    assert hits(files(console), NEEDLES) == []

    console.advance("6h")
    # What waited for a third person is destroyed unread with the box.
    assert texts(console) == FIRST | TOGETHER | {FIFTH}
    assert hits(files(console), NEEDLES) == []


def second_round(console: Console) -> str:
    """Mute Zoe, who writes five more; two matters are named, and two people count.

    Return the code of Zoe's last text, which opens nothing yet.
    """
    name = next(c["case"] for c in cases(console) if c["text"].startswith("Zoe"))
    (muted,) = console.press(MEI, f"mute:{name}")
    assert "they are not told" in muted["text"]
    replies = [counted(console, ZOE)]
    codes = [
        report(console, ZOE, f"Zoe again, {at}.", category="Safety")["data"]["code"]
        for at in range(4)
    ]
    for person, text in zip(PEOPLE[6:10], sorted(TOGETHER), strict=True):
        report(console, person, text, category="Safety", matter=FORKLIFT)
    for person, text in zip(PEOPLE[10:12], sorted(ALONE), strict=True):
        report(console, person, text, category="Harassment", matter=LOCKER)
    replies += [counted(console, person) for person in PEOPLE[12:14]]
    # Who is muted reads what the others read, byte for byte.
    told = [{**reply, "re": 0, "to": ""} for reply in replies]
    assert told[0] == told[1] == told[2]
    console.advance("6h")
    (mine,) = console.submit(ZOE, "case", code=codes[-1])
    assert mine["text"].startswith("No report opens")
    return str(codes[-1])


def topics(console: Console, of: set[str]) -> set[str | None]:
    """Return what stands beside these texts."""
    return {each["category"] for each in cases(console) if each["text"] in of}


def at_least(console: Console) -> list[str]:
    """Return the totals of the tables that the organizer sees."""
    (page,) = console.command(MEI, "cases")
    return [line for line in page["text"].splitlines() if line.startswith("At least")]


@pytest.mark.timeout(180)
def test_ten_turns_by_the_code_alone(console: Console) -> None:
    """Both sides read all of it across kills; the disk never has a word of it."""
    opening = "The ladder in the hall is broken."
    code = report(console, ZOE, opening)["data"]["code"]
    for person in PEOPLE[2:6]:
        report(console, person, f"Something else by {person}.")
    console.advance("6h")
    name = next(c["case"] for c in cases(console) if c["text"] == opening)
    needles = [opening.encode(), code.replace(" ", "").encode()]
    said: list[str] = []
    for turn in range(5):
        said += [f"We asked about rung {turn}.", f"And rung {turn} is loose too."]
        (sealed,) = console.submit(MEI, f"reply:{name}", text=said[-2])
        assert "Only the writer's code opens" in sealed["text"]
        needles.append(said[-2].encode())
        assert hits(files(console), needles) == []
        console = restarted(console)
        (mine,) = console.submit(ZOE, "case", code=code)
        assert [each["text"] for each in mine["data"]["talk"]] == said[:-1]
        console.submit(ZOE, "case", code=code, text=said[-1])
        needles.append(said[-1].encode())
        assert hits(files(console), needles) == []
        console.advance("6h")
        assert hits(files(console), needles) == []
    (mine,) = console.submit(PEOPLE[40], "case", code=code)
    (page,) = console.press(MEI, f"case:{name}")

    assert [each["text"] for each in mine["data"]["talk"]] == said
    assert len(said) == 10
    assert all(words in page["text"] for words in said[1::2])
    assert not any(words in page["text"] for words in said[::2])
    console.leave()
    assert hits({Path("log"): console.written[-1].encode()}, needles) == []
