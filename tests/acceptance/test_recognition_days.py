"""What unions need, driven from outside: a membership meter, and confirmations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.views import confirmation_text
from tests.core.petition import JOIN_LINK, shares
from tests.fakes.program import Answer, Console, action, found_cheaply, of_kind
from tests.games.traces import hits

PEOPLE = tuple(f"U0{pow(7, 13 + number, 2**39):010X}" for number in range(60))
MEI, IDA = PEOPLE[:2]
PHONE = "+1 555 0199"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of an installation."""
    return tmp_path / "data"


@pytest.fixture
def console(data: Path) -> Iterator[Console]:
    """A workplace of sixty, where Mei is the only organizer."""
    founded = found_cheaply(data)
    with Console(data, founded.passphrase) as opened:
        opened.ask(people=list(PEOPLE))
        opened.submit(MEI, "join", code=founded.invite)
        yield opened


def start(console: Console, form: str, **fields: str) -> Answer:
    """Start what a form describes, and return its post."""
    answers = console.press(
        MEI, action(console.submit(MEI, form, closes="6h", **fields), "Start it")
    )
    return next(each for each in of_kind(answers, "drive") if each["to"] is None)


def files(data: Path) -> dict[Path, bytes]:
    """Return all files of the installation but the console's own list of members."""
    found = [path for path in data.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in found if path.name != "people"}


def test_members_are_counted(console: Console, data: Path) -> None:
    """Forty say that they are members; post and result say of how many, and where."""
    post = start(
        console,
        "membership",
        text="Are you in the union?",
        link=JOIN_LINK,
        threshold="30",
        people="400",
        name="union",
    )
    for person in PEOPLE[:40]:
        console.submit(person, "sign:union", consent=True)
    told = console.press(IDA, "joining:union")
    (tally,) = of_kind(console.advance("7h"), "tally")

    assert "About 400 people work here" in post["text"]
    assert JOIN_LINK in post["text"]
    assert JOIN_LINK in told[0]["text"]
    assert "40 of about 400 people said that they are members" in tally["text"]
    assert tally["data"]["signed"] == 40
    assert hits(files(data), [each.encode() for each in PEOPLE[2:]]) == []


def test_confirmation_is_shown_to_its_signer_alone(
    console: Console, data: Path
) -> None:
    """It is a direct message of that request, and no file holds a word of it."""
    start(
        console,
        "interest",
        text="We bargain together.",
        threshold="30",
        trustees=shares().trustees.line(),
        employer="Ware House",
        confirmation="yes",
        name="union",
    )
    form = console.press(IDA, "sign:union")
    typed = {"name": "Canary Sealsdotter", "contact": "c@example.org", "phone": PHONE}
    shown = console.submit(IDA, "sign:union", **typed, consent=confirmation_text.YES)
    direct = [each for each in shown if each["place"] == "dm"]
    silent = console.submit(MEI, "sign:union", **typed, consent=confirmation_text.NO)
    needles = [each.encode() for each in (IDA, "Sealsdotter", PHONE)]
    held = hits(files(data), needles)
    console.advance("7h")

    (consent,) = (each for each in form[0]["fields"] if each["name"] == "consent")
    assert consent["options"] == [confirmation_text.YES, confirmation_text.NO]
    assert "value" not in consent
    assert [each["to"] for each in direct] == [IDA]
    assert all(value in direct[0]["text"] for value in typed.values())
    assert [each["place"] for each in silent] == ["ephemeral"]
    assert held + hits(files(data), needles) == []
