"""Level 1 at work: the bot runs with half of the keys, and a timer counts."""

import asyncio
from pathlib import Path

import pytest

from bot import compose
from storage.keystore import CHEAPEST
from tests.acceptance.test_first_evening import running
from tests.fakes.discord import TOKEN, running_discord, until
from tests.fakes.discord_people import text_of
from tests.fakes.program import ROUNDROBIN, environment


async def count(data: Path, passphrase: str) -> int | None:
    """Count once, as the counter's timer does."""
    process = await asyncio.create_subprocess_exec(
        *ROUNDROBIN,
        *("count", "--data", str(data)),
        env=environment() | {"ROUNDROBIN_COUNTER_PASSPHRASE": passphrase},
    )
    return await process.wait()


@pytest.mark.timeout(120)
async def test_counter_of_another_account_keys_a_poll(tmp_path: Path) -> None:
    """The bot never has the counter's passphrase, and waits for the counter to come."""
    data = tmp_path / "office"
    founded = await compose.found(data, platform="discord", level=1, cost=CHEAPEST)
    async with running_discord() as discord:
        told = environment(founded.passphrase) | {
            "ROUNDROBIN_DISCORD_TOKEN": TOKEN,
            "ROUNDROBIN_DISCORD_API_URL": discord.base,
            "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
        }
        discord.gateway.after_ready = [("GUILD_CREATE", discord.guild_create())]
        async with running(data, told):
            await discord.gateway.connected(seconds=40)
            says, mei, sam = discord.says, discord.person("mei"), discord.person("sam")
            opened = await says.command(mei, "invite", at=discord.general)
            await says.submit(mei, opened, code=founded.invite)
            page = await says.command(mei, "organize", at=discord.general)
            form = await says.press(mei, "New poll", page)
            poll = {"question": "Lunch?", "options": "Yes\nNo", "closes": "72h"}
            drafted = await says.submit(mei, form, **poll)
            started = await says.press(mei, "Start it", drafted)
            before = discord.posted_in(discord.general)
            counted = await count(data, founded.counter_passphrase)
            # The bot looks once a minute, and whenever somebody sends something.
            asked = await says.command(sam, "invite", at=discord.general)
            await says.submit(sam, asked, code="no such code")
            await until(lambda: discord.posted_in(discord.general))
            (post,) = discord.posted_in(discord.general)

    assert "waits for the counter" in started.text
    assert before == []
    assert counted == 0
    assert "Lunch?" in text_of(post.body)
