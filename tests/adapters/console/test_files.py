"""The clock, the members and what is posted: files that go on after a restart."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.console.clock import ClockUnreadable, FileClock, ReadClock
from adapters.console.parse import actor_named
from adapters.console.people import People, PeopleUnreadable
from adapters.console.platform import ConsolePlatform, current_request
from adapters.console.traces import disguises, files_under, search_apart, search_files
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from bot.views.widgets import Card, CardKind

if TYPE_CHECKING:
    from adapters.console.render import Shown

# 2031-05-01T12:00:00Z
NOON = 1_935_403_200
TERMS = PollTerms(
    name="lunch",
    question="Lunch?",
    choice=Choice.SINGLE,
    options=("Yes", "No"),
    place="night",
    audience=2,
)


def test_clock_begins_and_goes_on(tmp_path: Path) -> None:
    """A new clock starts where it is told; an old one where it stood."""
    first = FileClock.open(tmp_path, first=NOON)
    first.move_to(NOON + 60)
    second = FileClock.open(tmp_path, first=NOON + 999)

    assert (tmp_path / "clock").read_text() == "2031-05-01T12:01:00Z\n"
    assert first.now() == second.now() == ReadClock(tmp_path).now() == NOON + 60


@pytest.mark.parametrize("text", ["", "noon", "2031-05-01", "1935403200"])
def test_clock_that_holds_no_time(tmp_path: Path, text: str) -> None:
    """A clock's file that was edited by mistake is said to be none."""
    (tmp_path / "clock").write_text(text)

    with pytest.raises(ClockUnreadable):
        FileClock.open(tmp_path, first=NOON)


def test_people_go_on(tmp_path: Path) -> None:
    """Members and channels are kept, in the order and number they were named."""
    people = People.open(tmp_path)
    people.put(["mei", "sam", "mei", "ada"])
    people.put(["sam", "stranger"], "night")
    again = People.open(tmp_path)

    assert again.names == ("mei", "sam", "ada")
    assert again.channels == ("general", "night")
    assert again.members("night") == {"sam"}, "who left the workplace left its channels"
    assert again.members("nowhere") == frozenset()
    assert again.is_member("sam", "night")
    assert not again.is_member("stranger", "night")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"people": [1]}',
        '{"people": [], "channels": []}',
        '{"people": 1}',
    ],
)
def test_people_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    """A list of members that is none is refused, not replaced."""
    (tmp_path / "people").write_text(text)

    with pytest.raises(PeopleUnreadable):
        People.open(tmp_path)


async def test_platform_knows_channels_and_members(tmp_path: Path) -> None:
    """Who may answer is who is in the poll's channel now."""
    people = People.open(tmp_path)
    people.put(["mei", "sam"])
    people.put(["sam"], "night")
    shown: list[Shown] = []
    platform = ConsolePlatform(
        certificates=tmp_path / "certificates", people=people, show=shown.append
    )

    assert platform.place_named("#night ") == "night"
    assert platform.place_named("day") is None
    assert await platform.members("general") == {"mei", "sam"}
    assert await platform.may_answer(actor_named("sam"), TERMS)
    assert not await platform.may_answer(actor_named("mei"), TERMS)


async def test_platform_saves_what_is_attached(tmp_path: Path) -> None:
    """A certificate lies in a file; a name with a path in it leads nowhere else."""
    shown: list[Shown] = []
    platform = ConsolePlatform(
        certificates=tmp_path / "certificates",
        people=People.open(tmp_path),
        show=shown.append,
    )
    card = Card(
        kind=CardKind.CERTIFICATE, blocks=(), attachment=("../../lunch.cert", b"signed")
    )
    token = current_request.set(7)
    reference = await platform.post("general", card)
    await platform.revise("general", reference, card)
    current_request.reset(token)

    assert [each.re for each in shown] == [7, 7]
    saved = tmp_path / "certificates" / "lunch.cert"
    assert [each.file for each in shown] == [saved, saved]
    assert saved.read_bytes() == b"signed"


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_disguises_are_found_wherever_they_stand(tmp_path: Path, before: bytes) -> None:
    """Base64 turns three bytes into four signs: an id is found in each position."""
    import base64  # noqa: PLC0415 - beside its one use

    person = "U0A1B2C3D4E5"
    (tmp_path / "file").write_bytes(base64.b64encode(before + person.encode() + b"xyz"))

    assert search_files([tmp_path / "file"], [person]).hits == 1


async def test_search_counts_files_and_hits(tmp_path: Path) -> None:
    """A search tells how much it read, and finds people where they are."""
    (tmp_path / "a").write_bytes(b"voter U0A1B2C3D4E5 said yes")
    (tmp_path / "b").write_bytes("U0A1B2C3D4E5".encode("utf-16-be").hex().encode())
    (tmp_path / "people").write_text("U0A1B2C3D4E5")

    files = files_under(tmp_path, without=[tmp_path / "people"])
    found = await search_apart(files, ["U0A1B2C3D4E5", "U0FFFFFFFFFF"])

    assert (found.files, found.hits) == (2, 2)


def test_short_needles_are_refused() -> None:
    """A short text would be found in random bytes."""
    with pytest.raises(ValueError, match="random"):
        disguises("mei")
