"""Each test of the counter gets an installation of its own, running at noon."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.world import World, running_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Yield an installation whose gate runs."""
    async with running_world(tmp_path / "house") as running:
        yield running
