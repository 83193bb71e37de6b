"""A poll from beginning to end, driven from outside as another program would."""

import base64
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.core.publication import Rules, release_table, to_json
from bot.core.tallies import Choice, RawTally
from bot.crypto.certifying import verify_file
from tests.fakes.program import (
    Answer,
    Console,
    action,
    command_line,
    found_cheaply,
    of_kind,
)

PEOPLE = tuple(f"U0{pow(7, 13 + number, 2**39):010X}" for number in range(40))
MEI, SAM = PEOPLE[0], PEOPLE[1]
OPTIONS = ("Yes", "No", "Unsure", "Later")
# 33 people answer: who taps what, by place in PEOPLE.
FIRST = {"Yes": range(17), "No": range(17, 27), "Unsure": range(27, 31)}
WITH_CODE = {31: "Later", 32: "Later"}
CHANGED_BEFORE = {0: "No", 1: "No", 2: "Unsure", 27: "Yes", 17: "Yes"}
CHANGED_AFTER = {31: "Yes", 32: "No"}


def poll_form(name: str, **more: str) -> dict[str, str]:
    """Return the fields of a poll with four options that is open for 72 hours."""
    return {
        "question": "Should we ask for paid lunch breaks?",
        "options": "\n".join(OPTIONS),
        "choice": "single",
        "closes": "72h",
        "name": name,
        **more,
    }


def start_poll(console: Console, organizer: str, name: str, **more: str) -> Answer:
    """Start a poll as its only organizer and return its post."""
    draft = console.submit(organizer, "poll", **poll_form(name, **more))
    answers = console.press(organizer, action(draft, "Start it"))
    return next(each for each in of_kind(answers, "drive") if each["to"] is None)


def tally(console: Console, person: str, name: str) -> dict[str, Any]:
    """Return the data of the tally that somebody sees."""
    (answer,) = of_kind(console.command(person, f"tally {name}"), "tally")
    assert answer["to"] == person
    assert answer["place"] == "ephemeral"
    data: dict[str, Any] = answer["data"]
    return data


def expected_table(counts: Counter[str]) -> dict[str, object]:
    """Return what the rules release of these counts."""
    raw = RawTally(
        choice=Choice.SINGLE,
        labels=OPTIONS,
        answers=counts.total(),
        cells=tuple(counts[option] for option in OPTIONS),
    )
    table = release_table(raw, Rules())
    assert table is not None
    return to_json(table)


@dataclass
class Day:
    """What the day left behind."""

    data: Path
    early: list[dict[str, Any]]
    late: list[dict[str, Any]]
    closing: list[Answer]
    receipts: list[Answer]
    certificate: Path
    mark: str
    written: str
    hits_while_open: int


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Let 40 people have a day with a poll, and a restart in the middle of it."""
    data = tmp_path_factory.mktemp("day") / "data"
    founded = found_cheaply(data)
    receipts: list[Answer] = []
    with Console(data, founded.passphrase) as console:
        console.ask(people=list(PEOPLE))
        console.submit(MEI, "join", code=founded.invite)
        post = start_poll(console, MEI, "lunch")
        sent = [
            console.send({"as": PEOPLE[at], "press": action([post], option)})
            for option, places in FIRST.items()
            for at in places
        ]
        for answers in console.answers(sent).values():
            receipts += of_kind(answers, "receipt")
        coded = {
            at: console.submit(PEOPLE[at], "answer:lunch", answer=option)
            for at, option in WITH_CODE.items()
        }
        for at, option in CHANGED_BEFORE.items():
            receipts += console.press(PEOPLE[at], action([post], option))
        early = [tally(console, each, "lunch") for each in (MEI, PEOPLE[5])]
        written = console.leave_and_read()
    hits_while_open = hits(data, PEOPLE)
    with Console(data, founded.passphrase) as console:
        console.advance("24h")
        early += [tally(console, each, "lunch") for each in (MEI, PEOPLE[5])]
        # Counted answers: a tap changes nothing any more, a code does.
        console.press(PEOPLE[3], action([post], "Later"))
        for at, option in CHANGED_AFTER.items():
            code = of_kind(coded[at], "receipt")[0]["data"]["code"]
            console.submit(PEOPLE[at], "change:lunch", code=code, answer=option)
        console.advance("47h")
        early.append(tally(console, MEI, "lunch"))
        closing_answers = console.advance("1h")
        late = [tally(console, each, "lunch") for each in (MEI, PEOPLE[5])]
        written += console.leave_and_read()
    (certificate,) = of_kind(closing_answers, "certificate")
    return Day(
        data=data,
        early=early,
        late=late,
        closing=closing_answers,
        receipts=receipts,
        certificate=Path(certificate["data"]["file"]),
        mark=of_kind(coded[31], "receipt")[0]["data"].get("mark", ""),
        written=written,
        hits_while_open=hits_while_open,
    )


def true_counts() -> Counter[str]:
    """Return how many people really chose what, in the end."""
    final = {at: option for option, places in FIRST.items() for at in places}
    final |= WITH_CODE | CHANGED_BEFORE | CHANGED_AFTER
    return Counter(final.values())


@pytest.mark.timeout(240)
def test_nobody_sees_a_result_before_the_close(day: Day) -> None:
    """Before the close there is a turnout floor alone, for organizers too."""
    assert [seen["released"] for seen in day.early] == [None] * 5
    assert [seen["turnout_floor"] for seen in day.early] == [0, 0, 30, 30, 30]
    assert {seen["state"] for seen in day.early} == {"open"}


@pytest.mark.timeout(240)
def test_table_follows_from_the_true_counts(day: Day) -> None:
    """After it everybody sees the table that the rules release of 33 answers."""
    assert true_counts().total() == sum(len(each) for each in FIRST.values()) + 2

    assert [seen["released"] for seen in day.late] == [
        expected_table(true_counts())
    ] * 2
    assert {seen["state"] for seen in day.late} == {"published"}
    posted = next(a for a in of_kind(day.closing, "tally") if a["to"] is None)
    assert posted["place"] == "channel:general"
    assert posted["data"]["released"] == day.late[0]["released"]


@pytest.mark.timeout(240)
def test_replies_to_taps_are_the_same_bytes(day: Day) -> None:
    """A first answer and a changed one get the same reply, but for who sees it."""
    faces = {
        json.dumps({**each, "re": 0, "to": ""}, sort_keys=True) for each in day.receipts
    }

    assert len(day.receipts) == 31 + len(CHANGED_BEFORE)
    assert len(faces) == 1


@pytest.mark.timeout(240)
def test_certificate_is_genuine_and_any_changed_byte_is_refused(day: Day) -> None:
    """`verify` takes the posted file, and no file that differs from it in one byte."""
    content = day.certificate.read_bytes()
    verify_file(content)

    step = max(1, len(content) // 200)
    for at in range(0, len(content), step):
        changed = bytearray(content)
        changed[at] ^= 1
        with pytest.raises((NotGenuine, Malformed)):
            verify_file(bytes(changed))


@pytest.mark.timeout(120)
def test_command_line_verifies(day: Day, tmp_path: Path) -> None:
    """The program says 0 for the file and shows the table, 1 or 2 if it was changed."""
    good = command_line("verify", str(day.certificate))
    marked = command_line("verify", str(day.certificate), "--receipt", day.mark)
    absent = command_line("verify", str(day.certificate), "--receipt", "0" * 16)
    content = day.certificate.read_bytes()
    refusals: list[int] = []
    for at in (0, len(content) // 3, len(content) - 3):
        changed = bytearray(content)
        changed[at] ^= 1
        (tmp_path / "changed").write_bytes(bytes(changed))
        refusals.append(command_line("verify", str(tmp_path / "changed")).returncode)
    forged = json.loads(content)
    forged["certificate"]["released"]["rows"][3]["shown"] = "10"
    (tmp_path / "forged").write_text(json.dumps(forged))
    forgery = command_line("verify", str(tmp_path / "forged"))

    assert (good.returncode, marked.returncode, absent.returncode) == (0, 0, 1)
    assert "GENUINE" in good.stdout
    assert "At least 30 people answered" in good.stdout
    assert set(refusals) <= {1, 2}
    assert forgery.returncode == 1
    assert "Traceback" not in forgery.stderr


@pytest.mark.timeout(240)
def test_no_file_and_no_log_holds_a_person(day: Day) -> None:
    """Nobody's id is in any file, while the poll is open or after, nor in a log."""
    logs = day.written.split("\x00")[1::2]

    assert day.hits_while_open == 0
    assert hits(day.data, PEOPLE) == 0
    assert not any(person in log for person in PEOPLE for log in logs)
    assert any('"event": "slot_ended"' in log for log in logs)


def test_search_finds_a_vote_in_clear(tmp_path: Path) -> None:
    """The control: a poll bot that stores who voted what is found, in any disguise."""
    database = tmp_path / "votes.db"
    with closing(sqlite3.connect(database)) as votes:
        votes.execute("CREATE TABLE votes (voter TEXT, choice TEXT)")
        votes.execute("INSERT INTO votes VALUES (?, 'Yes')", (MEI,))
        votes.commit()
    for number, disguise in enumerate(
        (
            MEI.encode().hex(),
            base64.b64encode(f"x{MEI}".encode()).decode(),
            base64.b64encode(f"xy{MEI}".encode()).decode(),
        )
    ):
        (tmp_path / str(number)).write_text(disguise)
    (tmp_path / "wide").write_bytes(SAM.encode("utf-16-le"))

    assert hits(tmp_path, PEOPLE) == 5


def hits(folder: Path, people: tuple[str, ...]) -> int:
    """Count people's ids in all files but the simulated platform's own member list."""
    found = 0
    for path in folder.rglob("*"):
        if path.is_file() and path != folder / "people":
            content = path.read_bytes()
            found += sum(
                pattern in content for one in people for pattern in patterns(one)
            )
    return found


def patterns(person: str) -> set[bytes]:
    """Return an id as it is, in hexadecimal, in UTF-16 and in base64."""
    raw = person.encode()
    # The signs that stand for the id alone, wherever in three bytes it begins.
    inside = {
        base64.b64encode(bytes(before) + raw)[first : (before + len(raw)) * 8 // 6]
        for before, first in enumerate((0, 2, 3))
    }
    return {raw, raw.hex().encode(), person.encode("utf-16-le"), *inside}


# Few answers, confirmation, invites --------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Console, str]]:
    """Yield a running console with 40 people, and the first invite."""
    data = tmp_path / "data"
    founded = found_cheaply(data)
    with Console(data, founded.passphrase) as console:
        console.ask(people=list(PEOPLE))
        yield console, founded.invite


@pytest.mark.timeout(180)
def test_nine_answers_publish_nothing(house: tuple[Console, str]) -> None:
    """Under ten answers there is no table, no certificate, and no number anywhere."""
    console, invite = house
    console.submit(MEI, "join", code=invite)
    post = start_poll(console, MEI, "small", closes="24h")
    for person in PEOPLE[:9]:
        console.press(person, action([post], "Yes"))

    answers = console.advance("24h")
    seen = tally(console, MEI, "small")

    assert not of_kind(answers, "certificate")
    assert not (console.data / "certificates").exists()
    assert seen["released"] is None
    assert seen["turnout_floor"] == 0
    result = next(a for a in of_kind(answers, "tally"))["text"]
    assert re.findall(r"\d+", result.replace("Fewer than 10", "")) == []


@pytest.mark.timeout(180)
def test_second_organizer_confirms(house: tuple[Console, str]) -> None:
    """With two organizers, a poll starts when the one who did not write it agrees."""
    console, invite = house
    console.submit(MEI, "join", code=invite)
    page = console.command(MEI, "organizers")
    asked = console.press(MEI, action(page, "Invite an organizer"))
    second = next(code for a in asked if (code := code_in(a["text"])))
    joined = console.submit(SAM, "join", code=second)
    draft = console.submit(MEI, "poll", **poll_form("lunch"))
    waiting = console.press(MEI, action(draft, "Ask a second organizer"))
    alone = console.command(MEI, "confirm lunch")
    offered = console.command(SAM, "confirm lunch")
    started = console.press(SAM, action(offered, "Start it"))

    assert not of_kind(joined, "refusal")
    assert all(each["to"] == MEI for each in waiting), "nothing is posted yet"
    assert not any(a["label"] == "Start it" for each in alone for a in each["actions"])
    assert any(each["to"] is None for each in of_kind(started, "drive"))
    assert tally(console, SAM, "lunch")["state"] == "open"


@pytest.mark.timeout(180)
def test_invites_work_once(house: tuple[Console, str]) -> None:
    """A wrong invite, a mistyped one and a used one are refused."""
    console, invite = house
    good = console.submit(MEI, "join", code=invite.lower().replace(" ", "-"))
    used = console.submit(SAM, "join", code=invite)
    mistyped = console.submit(SAM, "join", code=f"{invite[:-1]}U")
    outsider = console.submit("U0NOTAMEMBER", "join", code=invite)

    assert not of_kind(good, "refusal")
    assert len(of_kind(used, "refusal")) == 1
    assert len(of_kind(mistyped, "refusal")) == 1
    assert len(of_kind(outsider, "refusal")) == 1
    assert of_kind(console.command(SAM, "organize"), "refusal")


def code_in(text: str) -> str:
    """Return the code that stands in a text, or nothing."""
    found = re.search(r"(?:[0-9A-HJKMNP-TV-Z]{4} ){6}[0-9A-HJKMNP-TV-Z]{2}", text)
    return found[0] if found else ""


# The console itself ------------------------------------------------------------------


@pytest.mark.timeout(180)
def test_console_lives_on_after_lines_that_ask_nothing(
    house: tuple[Console, str],
) -> None:
    """Whatever a line holds, it is refused under its id, and the next one is done."""
    console, _ = house
    bad = [
        *(
            "garbage",
            "",
            "[1]",
            "null",
            '{"id": {}}',
            "\x00",
            '"\\ud800"',
            "{" * 99_999,
        ),
        *("{" * 99_999, '{"id": true, "as": "x"}', '{"as": "x", "command": "/rr"', "é"),
    ]
    for line in bad:
        console.send_line(line)
        (answer,) = console.answers([None])[None]
        assert (answer["kind"], answer["re"]) == ("refusal", None)
    for request in (
        {},
        {"as": MEI},
        {"as": MEI, "dance": "waltz"},
        {"as": MEI, "command": 7},
        {"as": MEI, "command": "/rr", "dm": "x"},
        {"as": ["x"], "command": "/rr"},
        {"people": "mei"},
        {"people": ["two words"]},
        {"advance": "soon"},
        {"advance": "-1h"},
        {"as": MEI, "submit": "answer:lunch", "fields": [1]},
        {"as": MEI, "submit": "answer:lunch", "fields": {"answer": {"a": 1}}},
        {"as": MEI, "submit": "nonsense", "fields": {}},
        {"as": MEI, "press": "nonsense"},
        {"as": "stranger", "command": "/rr"},
        {"as": MEI, "command": "/other"},
        {"as": MEI, "command": "rr"},
    ):
        re_ = console.send(request)
        (answer,) = console.answers([re_])[re_]
        assert answer["kind"] == "refusal", request
    (menu,) = console.command(MEI, "")

    assert menu["kind"] == "menu"
    assert console.leave() == 0


@pytest.mark.timeout(180)
def test_killed_console_goes_on(tmp_path: Path) -> None:
    """Acknowledged answers, clock and members outlive a console that was killed."""
    data = tmp_path / "data"
    founded = found_cheaply(data)
    with Console(data, founded.passphrase) as console:
        console.ask(people=list(PEOPLE))
        console.submit(MEI, "join", code=founded.invite)
        post = start_poll(console, MEI, "lunch", closes="24h")
        console.advance("1h")
        for person in PEOPLE[:12]:
            console.press(person, action([post], "Yes"))
        clock = (data / "clock").read_text()
        console.kill()
    with Console(data, founded.passphrase) as console:
        assert (data / "clock").read_text() == clock
        for person in PEOPLE[12:15]:
            console.press(person, action([post], "No"))
        console.advance("23h")
        seen = tally(console, MEI, "lunch")

    assert seen["released"] == expected_table(Counter(Yes=12, No=3))


@pytest.mark.timeout(180)
def test_requests_may_be_sent_without_waiting(house: tuple[Console, str]) -> None:
    """Thousands in flight are all answered, each person's in the order sent."""
    console, invite = house
    console.submit(MEI, "join", code=invite)
    post = start_poll(console, MEI, "lunch", closes="24h")
    yes, no = action([post], "Yes"), action([post], "No")
    sent = [
        console.send({"as": person, "press": yes if turn % 2 else no})
        for turn in range(25)
        for person in PEOPLE
    ]
    last = console.send({"advance": "24h"})
    found = console.answers([*sent, last])

    assert all(of_kind(found[re_], "receipt") for re_ in sent)
    released = tally(console, MEI, "lunch")["released"]
    assert released == expected_table(Counter(No=40))
    assert of_kind(found[last], "certificate"), "a barrier carries what it causes"


@pytest.mark.timeout(180)
def test_end_of_input_ends_what_is_in_flight(tmp_path: Path) -> None:
    """A program that sends everything at once and closes gets all answers, and 0."""
    data = tmp_path / "data"
    founded = found_cheaply(data)
    requests: list[dict[str, Any]] = [
        {"id": "p", "people": list(PEOPLE)},
        {"id": "j", "as": MEI, "submit": "join", "fields": {"code": founded.invite}},
        *({"id": each, "as": each, "command": "/rr"} for each in PEOPLE),
    ]
    typed = "\n".join(json.dumps(each) for each in requests)

    run = command_line(
        *("console", "--data", str(data), "--jsonl"),
        passphrase=founded.passphrase,
        typed=typed,
    )

    done = [
        each["re"]
        for line in run.stdout.splitlines()
        if (each := json.loads(line)).get("done")
    ]
    assert run.returncode == 0
    assert sorted(done) == sorted(str(each["id"]) for each in requests)


@pytest.mark.timeout(180)
def test_one_gate_at_a_time(house: tuple[Console, str]) -> None:
    """A second console on the same folder, and a wipe, are refused in one line."""
    console, _ = house
    words = ("console", "--data", str(console.data), "--jsonl")
    second = command_line(*words, passphrase=console.passphrase)
    wiped = command_line("wipe", "--data", str(console.data), "--yes")

    assert (second.returncode, wiped.returncode) == (1, 1)
    assert len(second.stderr.splitlines()) == 1
    assert len(wiped.stderr.splitlines()) == 1
    assert (console.data / "gate" / "keystore").exists()
    assert console.command(MEI, "")[0]["kind"] == "menu"
