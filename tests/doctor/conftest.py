"""An installation to break: made once, and copied for each test."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from bot import compose, config


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as `init` makes it, at its full cost."""
    folder = tmp_path_factory.mktemp("made") / "data"
    asyncio.run(compose.found(folder, platform="console"))
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of this test's own, in an environment without settings."""
    for name in list(os.environ):
        if name.startswith(config.PREFIX):
            monkeypatch.delenv(name)
    folder = tmp_path / "office"
    shutil.copytree(made, folder)
    return folder
