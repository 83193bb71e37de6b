"""`roundrobin run` with Discord, as somebody types it."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.fakes.discord import TOKEN, Discord, running_discord, until
from tests.fakes.program import ROUNDROBIN
from tests.world import PASSPHRASE, new_folder


async def start(path: Path, discord: Discord) -> asyncio.subprocess.Process:
    """Start the program on an installation of its own."""
    folder = await new_folder(path / "house")
    token = path / "token"
    token.write_text(f"{TOKEN}\n")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ROUNDROBIN_")}
    return await asyncio.create_subprocess_exec(
        *(*ROUNDROBIN, "run", "--data", str(folder.path)),
        env={
            **kept,
            "ROUNDROBIN_PASSPHRASE": PASSPHRASE,
            "ROUNDROBIN_DISCORD_TOKEN_FILE": str(token),
            "ROUNDROBIN_DISCORD_API_URL": discord.base,
            "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.timeout(180)
async def test_run_serves_until_it_is_asked_to_end(tmp_path: Path) -> None:
    """The bot answers, and SIGTERM ends it quietly with exit code 0."""
    async with running_discord() as discord:
        process = await start(tmp_path, discord)
        await discord.gateway.connected(seconds=40)
        sam = discord.person("sam")
        asked = await discord.says.command(sam, "help", at=discord.general)
        process.send_signal(signal.SIGTERM)
        printed, errors = await process.communicate()
        await until(lambda: not discord.gateway.is_connected)

    assert "What you can type" in asked.text
    assert process.returncode == 0
    assert printed == b""
    assert b"Traceback" not in errors


@pytest.mark.timeout(180)
async def test_final_close_is_one_line(tmp_path: Path) -> None:
    """What Discord refuses for good is one clear line and exit code 1."""
    async with running_discord() as discord:
        discord.gateway.refusals = [4014]
        process = await start(tmp_path, discord)
        _, errors = await process.communicate()
    said = [line for line in errors.decode().splitlines() if not line.startswith("{")]

    assert process.returncode == 1
    assert len(said) == 1
    assert said[0].startswith("roundrobin: Discord does not allow")
    assert TOKEN not in errors.decode()
