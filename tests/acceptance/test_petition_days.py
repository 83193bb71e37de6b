"""Petitions from beginning to end, driven from outside, opened by their trustees."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.shares import decode_shares
from bot.core.trustees import encode_key_file, key_line, read_trustees
from bot.crypto.petition_keys import public_of_secret, public_of_seed, secret_of
from bot.crypto.unsealing import join_parts
from tests.core.petition import SECRETS
from tests.fakes.program import (
    Answer,
    Console,
    action,
    command_line,
    found_cheaply,
    of_kind,
)
from tests.games.traces import hits

PEOPLE = tuple(f"U0{pow(7, 13 + number, 2**39):010X}" for number in range(1200))
MEI = PEOPLE[0]
LEGAL_LINE = "30 %; 2015-09-01; https://example.org/rule; For an election."
SIGNERS, LEAVERS = PEOPLE[:1043], PEOPLE[100:120]
# A thousand people over a console take their time.
PATIENCE = pytest.mark.timeout(600)


def name_of(person: str) -> str:
    """Return what somebody signs with: nobody's account."""
    return f"Canary Ødegård {PEOPLE.index(person):04}"


@dataclass(frozen=True, kw_only=True)
class Trustees:
    """What three trustees have before a petition: keys, shares, and a line."""

    folder: Path
    line: str


@pytest.fixture(scope="module")
def trustees(tmp_path_factory: pytest.TempPathFactory) -> Trustees:
    """Let three trustees make keys, and one of them split the petition's key."""
    folder = tmp_path_factory.mktemp("trustees")
    for name, secret in zip("abc", SECRETS, strict=True):
        (folder / name).write_bytes(encode_key_file(secret))
    lines = [key_line(public_of_secret(secret)) for secret in SECRETS]
    split = command_line("trustee", "split", "--out", str(folder / "shares"), *lines)
    return Trustees(folder=folder, line=split.stdout.strip())


def start(console: Console, organizer: str, **fields: str) -> Answer:
    """Start a petition as the only organizer, and return its post."""
    draft = console.submit(organizer, "petition", **fields)
    answers = console.press(organizer, action(draft, "Start it"))
    return next(each for each in of_kind(answers, "drive") if each["to"] is None)


@dataclass(frozen=True, kw_only=True)
class Days:
    """What the days left behind."""

    data: Path
    post: Answer
    replies: list[Answer]
    closing: list[Answer]
    early: list[Answer]
    hits_while_open: list[str]


def play(folder: Path, trustees: Trustees, threshold: int) -> Days:
    """Let 1,043 of 1,200 people sign over two days, and 20 of them take it back."""
    data = folder / "data"
    founded = found_cheaply(data)
    with (data / "roundrobin.toml").open("a") as settings:
        settings.write(f'legal_lines = "{LEGAL_LINE}"\n')
    with Console(data, founded.passphrase) as console:
        console.ask(people=list(PEOPLE))
        console.submit(MEI, "join", code=founded.invite)
        post = start(
            console,
            MEI,
            text="We ask for a paid break of 30 minutes.",
            title="Paid breaks",
            addressee="the site management",
            threshold=str(threshold),
            closes="3d",
            trustees=trustees.line,
            ask="affiliation",
            name="breaks",
        )
        replies = [
            *sign(console, SIGNERS[:500]),
            *console.advance("7h"),
            *sign(console, SIGNERS[500:]),
        ]
        early = console.command(MEI, "results breaks")
        # Ten with their account, ten with their code from another's.
        replies += take_off(console, LEAVERS[:10], {})
        codes = {
            reply["to"]: reply["data"]["code"]
            for reply in replies
            if reply["kind"] == "receipt"
        }
        replies += take_off(console, LEAVERS[10:], codes)
        hits = names_in_files(data)
        closed = console.advance("4d")
    return Days(
        data=data,
        post=post,
        replies=[each for each in replies if each["kind"] == "receipt"],
        closing=closed,
        early=early,
        hits_while_open=hits,
    )


def sign(console: Console, people: tuple[str, ...]) -> Iterator[Answer]:
    """Let people sign, many at once."""
    sent = [
        console.send(
            {
                "as": person,
                "submit": "sign:breaks",
                "fields": {
                    "name": name_of(person),
                    "affiliation": "Dock 4",
                    "consent": True,
                },
            }
        )
        for person in people
    ]
    for answers in console.answers(sent).values():
        yield from answers


def take_off(
    console: Console, people: tuple[str, ...], codes: dict[str, str]
) -> Iterator[Answer]:
    """Let people take their names off; with a code, from somebody else's account."""
    for person in people:
        fields: dict[str, Any] = {"withdraw": True}
        account = person
        if person in codes:
            fields["code"] = codes[person]
            account = PEOPLE[-1]
        yield from console.ask(as_=account, submit="unsign:breaks", fields=fields)


def names_in_files(data: Path) -> list[str]:
    """Return the files that hold somebody's name."""
    files = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    return hits(files, [b"Canary"])


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory, trustees: Trustees) -> Days:
    """A petition that needed a thousand."""
    return play(tmp_path_factory.mktemp("reached"), trustees, 1000)


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory, trustees: Trustees) -> Days:
    """The same petition, which needed 1,100."""
    return play(tmp_path_factory.mktemp("failed"), trustees, 1100)


@PATIENCE
def test_list_is_exactly_who_signed(
    reached: Days, trustees: Trustees, tmp_path: Path
) -> None:
    """1,023 names come out: all who signed and did not take it back."""
    (certificate,) = of_kind(reached.closing, "certificate")
    out = tmp_path / "names.csv"
    folder = trustees.folder
    run = command_line(
        *("trustee", "unseal", str(reached.data / certificate["data"]["file"])),
        *("--shares", str(folder / "shares"), "--key", str(folder / "a")),
        *("--key", str(folder / "c"), "--csv", str(out)),
    )
    with out.open(newline="") as lines:
        names = sorted(row["name"] for row in csv.DictReader(lines))

    assert run.returncode == 0, run.stderr
    assert names == sorted(name_of(p) for p in SIGNERS if p not in LEAVERS)
    assert len(names) == 1023


@PATIENCE
def test_result_is_told(reached: Days) -> None:
    """The count is exact at the close, and everybody reads the same."""
    (tally,) = of_kind(reached.closing, "tally")

    assert tally["data"]["signed"] == 1023
    assert "1,023 of about 1,200 people signed" in tally["text"]


@PATIENCE
def test_post_has_the_line_of_the_law(reached: Days) -> None:
    """Whoever runs the bot can mark what a law asks for, of those who can sign."""
    shown = " ".join(reached.post["text"].split())

    assert "30 % of about 1,200 people is 360." in shown
    assert "Rule of 2015-09-01: https://example.org/rule" in shown


@PATIENCE
def test_no_early_look(reached: Days) -> None:
    """Before the close there is a floor in steps, and no count."""
    (tally,) = of_kind(reached.early, "tally")

    assert tally["data"]["signed"] is None
    assert tally["data"]["turnout_floor"] == 500


@PATIENCE
def test_below_the_threshold_nothing_comes_out(failed: Days, tmp_path: Path) -> None:
    """No names are handed out, and no box is left that somebody could open."""
    files = of_kind(failed.closing, "certificate")
    (tally,) = of_kind(failed.closing, "tally")

    assert "did not get them" in tally["text"]
    assert tally["data"]["signed"] == 1023
    for each in files:
        path = failed.data / each["data"]["file"]
        assert len(path.read_bytes().splitlines()) == 1
        words = ("trustee", "unseal", str(path), "--words", "--csv", "x")
        assert command_line(*words).returncode == 1
    with closing(sqlite3.connect(failed.data / "shared" / "roundrobin.db")) as base:
        assert base.execute("SELECT count(*) FROM states").fetchone() == (0,)


@PATIENCE
@pytest.mark.parametrize("which", ["reached", "failed"])
def test_no_name_in_any_file(which: str, request: pytest.FixtureRequest) -> None:
    """Neither while it was open nor after the close does a file hold a name."""
    days: Days = request.getfixturevalue(which)

    assert days.hits_while_open == []
    assert names_in_files(days.data) == []


@PATIENCE
@pytest.mark.parametrize("which", ["reached", "failed"])
def test_no_key_of_the_trustees_in_any_file(
    which: str, trustees: Trustees, request: pytest.FixtureRequest
) -> None:
    """TK's secret half is in no file, in no form; its public half is in the terms."""
    days: Days = request.getfixturevalue(which)
    shares = decode_shares((trustees.folder / "shares").read_bytes())
    line = read_trustees(trustees.line)
    seed = join_parts(shares, SECRETS[:2], line)
    files = {path: path.read_bytes() for path in days.data.rglob("*") if path.is_file()}

    assert public_of_seed(seed) == line.public
    assert hits(files, [seed, secret_of(seed), *SECRETS]) == []
    # The control: the same search finds the public half.
    assert hits(files, [line.line().encode()])


@PATIENCE
def test_search_finds_a_name_that_is_there(reached: Days, tmp_path: Path) -> None:
    """The control: a name that somebody wrote down is found."""
    assert reached.hits_while_open == []
    (tmp_path / "log").write_bytes(b"x" + name_of(MEI).encode() + b"y")

    assert names_in_files(tmp_path) == ["log"]


@PATIENCE
def test_replies_are_all_alike(reached: Days) -> None:
    """Signing and taking a name off are answered alike, but for the codes."""
    shown = {_without_code(reply) for reply in reached.replies}

    assert len(reached.replies) == 1043 + 20
    assert len(shown) == 1


def _without_code(reply: Answer) -> tuple[object, ...]:
    """Return a reply's length and its lines, without its code and its mark."""
    text, code = reply["text"], reply["data"]["code"]
    kept = [
        line
        for line in text.splitlines()
        if line.strip() not in code and "receipt" not in line
    ]
    return (len(text), *kept)
