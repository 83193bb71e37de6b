"""From a warning to an answered poll: what somebody who installs goes through."""

import asyncio
import re
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.slack.manifest import DIRECT_SCOPES, SCOPES
from tests.fakes.discord import TOKEN, running_discord, until
from tests.fakes.discord_people import text_of
from tests.fakes.program import ROUNDROBIN, environment
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, Slack
from tests.fakes.slack_house import MEI, SAM, STAFF
from tests.fakes.terminal import Terminal

ASKED = r"(: |\? \[y/N\]: |\]: )$"
# Ten minutes are what somebody has who has never seen it; a program types faster.
pytestmark = pytest.mark.timeout(180)


def hold_conversation(
    data: Path, settings: dict[str, str], first: tuple[str, ...], then: tuple[str, ...]
) -> tuple[str, str]:
    """Set up an installation; return its passphrase and the first invite.

    `first` is answered before the passphrase is shown, `then` after it was typed back.
    """
    terminal = Terminal.running(("init", "--data", str(data)), settings)
    for typed in first:
        terminal.answer(ASKED, typed)
    passphrase: list[str] = []
    for _ in range(2):
        drawn = terminal.wait_for(r"Type word \d: $")
        shown = re.search(r"shown once:\s+([a-z-]+(?: [a-z-]+){6})\s", drawn)
        passphrase = shown[1].split() if shown else passphrase
        terminal.type(passphrase[int(drawn[-3]) - 1])
    for typed in then:
        terminal.answer(ASKED, typed)
    said = terminal.end()
    invite = re.search(r"for 7 days:\s+([0-9A-Z ]+)", said)
    assert terminal.process.returncode == 0, said
    assert invite
    return " ".join(passphrase), invite[1].strip()


def look_over(data: Path, settings: dict[str, str]) -> str:
    """Return what the doctor says."""
    run = subprocess.run(
        [*ROUNDROBIN, "doctor", "--data", str(data)],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout


@asynccontextmanager
async def running(data: Path, settings: dict[str, str]) -> AsyncIterator[None]:
    """Run the bot, and end it as a service is ended."""
    program = await asyncio.create_subprocess_exec(
        *ROUNDROBIN, "run", "--data", str(data), env=settings
    )
    try:
        yield
    finally:
        program.send_signal(signal.SIGTERM)
        code = await program.wait()
    assert code == 0


async def test_first_evening_on_discord(tmp_path: Path) -> None:
    """init, doctor, run, the first organizer, a poll, and somebody's answer."""
    data = tmp_path / "office"
    async with running_discord() as discord:
        told = environment() | {
            "ROUNDROBIN_DISCORD_API_URL": discord.base,
            "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
        }
        names = ("Shop workers", "Ada and Sam", "", "")
        passphrase, invite = await asyncio.to_thread(
            hold_conversation,
            data,
            told,
            ("y", "discord", "0"),
            (*names, TOKEN, "", "#general"),
        )
        (hello,) = discord.posted_in(discord.general)
        seen = await asyncio.to_thread(look_over, data, told)
        discord.gateway.after_ready = [("GUILD_CREATE", discord.guild_create())]
        async with running(data, told | {"ROUNDROBIN_PASSPHRASE": passphrase}):
            await discord.gateway.connected(seconds=40)
            says, mei, sam = discord.says, discord.person("mei"), discord.person("sam")
            opened = await says.command(mei, "invite", at=discord.general)
            joined = await says.submit(mei, opened, code=invite)
            page = await says.command(mei, "organize", at=discord.general)
            form = await says.press(mei, "New poll", page)
            poll = {"question": "Lunch?", "options": "Yes\nNo", "closes": "72h"}
            drafted = await says.submit(mei, form, **poll)
            await says.press(mei, "Start it", drafted)
            await until(lambda: len(discord.posted_in(discord.general)) > 1)
            post = discord.posted_in(discord.general)[-1]
            received = await says.press(sam, "Yes", post)

    assert "rounded totals only" in hello.body["content"]
    assert "To mend: 0." in seen, seen
    assert "organizer" in joined.text
    assert "Lunch?" in text_of(post.body)
    assert received.text.startswith("**Received")


async def test_first_evening_on_slack(tmp_path: Path) -> None:
    """The same evening in a workspace, with the two tokens that Slack wants."""
    data = tmp_path / "office"
    slack = await Slack(scopes=(*SCOPES, *DIRECT_SCOPES)).open()
    slack.add_channel("C0GENERAL", "general")
    slack.add_people(MEI, SAM, *STAFF)
    mei, sam = slack.person(MEI), slack.person(SAM)
    told = environment() | {"ROUNDROBIN_SLACK_API_URL": slack.api_url}
    names = ("Shop workers", "Ada and Sam", "", "")
    try:
        passphrase, invite = await asyncio.to_thread(
            hold_conversation,
            data,
            told,
            ("y", "slack", "0"),
            (*names, BOT_TOKEN, APP_TOKEN, "#general"),
        )
        (hello,) = slack.posts()
        seen = await asyncio.to_thread(look_over, data, told)
        async with running(data, told | {"ROUNDROBIN_PASSPHRASE": passphrase}):
            await slack.connected(40)
            joined = await mei.submit(await mei.command("invite"), code=invite)
            form = await mei.press(await mei.command("organize"), "New poll")
            preview = await mei.submit(form, question="Lunch?", options="Yes\nNo")
            await mei.press(preview, "Start it")
            await until(lambda: len(slack.posts()) > 1)
            post = slack.posts()[-1]
            received = await sam.press(post, "Yes")
    finally:
        await slack.close()

    assert "rounded totals only" in hello.words
    assert "To mend: 0." in seen, seen
    assert "organizer" in joined.words
    assert "Lunch?" in post.words
    assert "Received" in received.words
    assert slack.broken == []
