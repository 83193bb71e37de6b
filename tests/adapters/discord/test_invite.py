"""`roundrobin discord invite`, as somebody types it."""

import asyncio
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes.discord import TOKEN, Discord, running_discord
from tests.fakes.discord_shapes import BOT_ID
from tests.fakes.program import ROUNDROBIN
from tests.world import new_folder

# Programs start, which takes its time on a busy machine.
pytestmark = pytest.mark.timeout(180)


async def invited(path: Path, discord: Discord, token: str) -> tuple[int, str, str]:
    """Return the exit code of the command, and what it printed."""
    folder = await new_folder(path / "house")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ROUNDROBIN_")}
    told = {"ROUNDROBIN_DISCORD_TOKEN": token} if token else {}
    process = await asyncio.create_subprocess_exec(
        *(*ROUNDROBIN, "discord", "invite", "--data", str(folder.path)),
        env={
            **kept,
            **told,
            "ROUNDROBIN_DISCORD_API_URL": discord.base,
            "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, errors = await process.communicate()
    return process.returncode or 0, printed.decode(), errors.decode()


async def test_link_is_printed(tmp_path: Path) -> None:
    """The link names this bot's application, as Discord tells it."""
    async with running_discord() as discord:
        code, printed, errors = await invited(tmp_path, discord, TOKEN)

    asked = parse_qs(urlsplit(printed.strip()).query)
    assert (code, errors) == (0, "")
    assert asked["client_id"] == [BOT_ID]
    assert asked["scope"] == ["bot applications.commands"]


async def test_wrong_token_is_one_line(tmp_path: Path) -> None:
    """A token that Discord does not know is told in one line, and not repeated."""
    async with running_discord() as discord:
        code, printed, errors = await invited(tmp_path, discord, "MTEx.not.one")

    assert (code, printed) == (1, "")
    assert errors.startswith("roundrobin: Discord does not know the bot's token.")
    assert len(errors.splitlines()) == 1
    assert "MTEx" not in errors


async def test_missing_token_is_one_line(tmp_path: Path) -> None:
    """Without a token the command says where one belongs."""
    async with running_discord() as discord:
        code, printed, errors = await invited(tmp_path, discord, "")

    assert (code, printed) == (1, "")
    assert "ROUNDROBIN_DISCORD_TOKEN_FILE" in errors


async def test_discord_that_is_away_is_one_line(tmp_path: Path) -> None:
    """Without an answer of Discord the command says so, and ends."""
    async with running_discord() as discord:
        discord.fail("GET", "/users/@me", 429, retry_after=60)
        code, _, errors = await invited(tmp_path, discord, TOKEN)

    assert code == 1
    assert errors == (
        "roundrobin: Discord does not answer now. Try again a little later.\n"
    )
