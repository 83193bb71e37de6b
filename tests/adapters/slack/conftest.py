"""Workspaces in which something may go wrong, and what the log writes of it."""

import io
import logging
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.slack import connection
from bot import log
from bot.service import Service
from tests.fakes.services import Slow
from tests.fakes.slack_house import House, slack_house


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


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a lost socket more often than every two seconds."""
    monkeypatch.setattr(connection, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)
