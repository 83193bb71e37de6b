"""What tests of the Discord adapter get: the bot at work in a server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord_house import House, running_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Yield an installation that is connected to a Discord of its own."""
    async with running_house(tmp_path / "house") as running:
        yield running
