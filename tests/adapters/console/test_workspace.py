"""Where a request ends: whatever goes wrong is said, logged by type, and no more."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from adapters.console.clock import FileClock
from adapters.console.parse import Line, SetPeople, actor_named
from adapters.console.people import CHANNELS_MAX, People
from adapters.console.platform import ConsolePlatform
from adapters.console.render import Shown, text_of
from adapters.console.workspace import FAULT, Posts, Workspace
from bot import log
from bot.ports import StorageError
from bot.requests import Press, Reply, Request
from bot.views.widgets import Card

if TYPE_CHECKING:
    from bot.gate import Gate

CANARY = "mei-canary-4711"
NOON = 1_935_403_200


class Failing:
    """What a request leads to when something is wrong with the world."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle(self, request: Request) -> list[Reply]:
        raise self.error


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Yield what is logged, and leave the process as it was."""
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.start(now=lambda: NOON, stream=stream)
    yield stream
    log.stop()
    root.handlers[:] = handlers
    root.setLevel(level)


def workspace(folder: Path, error: Exception, shown: list[Shown]) -> Workspace:
    """Return a workspace in which every request of a person fails."""
    people = People.open(folder)
    people.put(["mei"])
    return Workspace(
        gate=cast("Gate", None),
        router=Failing(error),
        outbox=cast("Posts", None),
        platform=ConsolePlatform(
            certificates=folder / "certificates", people=people, show=shown.append
        ),
        clock=FileClock.open(folder, first=NOON),
        people=people,
        command="rr",
    )


async def test_fault_is_said_and_logged_by_type(
    tmp_path: Path, log_lines: io.StringIO
) -> None:
    """A bug answers with what became of an answer, and never ends the console."""
    shown: list[Shown] = []
    world = workspace(tmp_path, ValueError(CANARY), shown)

    await world.do(Line(re=1, asked=Press(actor=actor_named("mei"), action="vote:x:0")))

    (answer,) = shown
    assert (answer.re, answer.to, text_of(answer.view)) == (1, "mei", FAULT)
    assert json.loads(log_lines.getvalue())["error_type"] == "ValueError"
    assert CANARY not in log_lines.getvalue()


async def test_disk_that_fails_is_said_in_its_words(
    tmp_path: Path, log_lines: io.StringIO
) -> None:
    """What storage says is written for people, and says what to do."""
    shown: list[Shown] = []
    world = workspace(tmp_path, StorageError("The disk is full."), shown)

    await world.do(Line(re=1, asked=Press(actor=actor_named("mei"), action="start:x")))

    assert text_of(shown[0].view) == "The disk is full."
    assert json.loads(log_lines.getvalue())["event"] == "request_failed"


async def test_channels_are_bounded(tmp_path: Path) -> None:
    """A program cannot make channels without end; those that are there can change."""
    shown: list[Shown] = []
    world = workspace(tmp_path, ValueError(), shown)
    for number in range(CHANNELS_MAX + 1):
        asked = SetPeople(names=("mei",), channel=f"channel{number}")
        await world.do(Line(re=number, asked=asked))
    await world.do(Line(re=0, asked=SetPeople(names=(), channel="channel0")))

    kinds = [view.kind.value for each in shown if isinstance(view := each.view, Card)]
    assert len(world.people.channels) == CHANNELS_MAX
    assert kinds[-3:] == ["refusal", "refusal", "notice"]
