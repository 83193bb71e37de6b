"""`roundrobin run` serves a workspace, ends in order, and goes on where it stopped."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import compose
from storage.keystore import CHEAPEST
from tests.fakes.program import ROUNDROBIN, environment
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, GENERAL, Shown, Slack
from tests.fakes.slack_house import MEI, SAM, STAFF

START_SECONDS = 30.0


@asynccontextmanager
async def running(
    slack: Slack, data: Path, passphrase: str, *, bot_token: str = BOT_TOKEN
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the program with tokens in the environment; end it as systemd does."""
    process = await asyncio.create_subprocess_exec(
        *(*ROUNDROBIN, "run", "--data", str(data)),
        env=environment(passphrase)
        | {
            "ROUNDROBIN_SLACK_BOT_TOKEN": bot_token,
            "ROUNDROBIN_SLACK_APP_TOKEN": APP_TOKEN,
            "ROUNDROBIN_SLACK_API_URL": slack.api_url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            await process.wait()


@asynccontextmanager
async def workspace() -> AsyncIterator[Slack]:
    """Open a workspace in which nothing breaks a rule."""
    slack = await Slack().open()
    slack.add_channel(GENERAL, "general")
    slack.add_people(MEI, SAM, *STAFF)
    try:
        yield slack
    finally:
        await slack.close()
    assert slack.broken == []


async def started(slack: Slack, invite: str) -> None:
    """Let Mei become an organizer and start a poll."""
    mei = slack.person(MEI)
    await mei.submit(await mei.command("invite"), code=invite)
    preview = await mei.submit(await mei.command('poll "Tea?" "Yes" "No"'), name="tea")
    shown = await mei.press(preview, "Start it")
    while "It is open" not in shown.words:
        shown = await mei.seen()


async def called(slack: Slack, method: str) -> None:
    """Wait until the program has called a method."""
    async with asyncio.timeout(START_SECONDS):
        while not slack.called(method):  # noqa: ASYNC110 - from another process
            await asyncio.sleep(0.05)


async def posted(slack: Slack) -> None:
    """Wait until a post stands in the channel."""
    async with asyncio.timeout(START_SECONDS):
        while not slack.posts():  # noqa: ASYNC110 - it comes from another process
            await asyncio.sleep(0.05)


async def first_poll(slack: Slack, invite: str) -> Shown:
    """Let Mei become an organizer and start a poll; return its post."""
    await started(slack, invite)
    await posted(slack)
    return slack.posts()[0]


@pytest.mark.timeout(120)
async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """A post and a form of the first run are answered by the second one."""
    founded = await compose.found(tmp_path / "data", platform="slack", cost=CHEAPEST)
    async with workspace() as slack:
        sam = slack.person(SAM)
        async with running(slack, tmp_path / "data", founded.passphrase) as first:
            await slack.connected(START_SECONDS)
            post = await first_poll(slack, founded.invite)
            form = await sam.press(post, "Answer with a code")
        async with running(slack, tmp_path / "data", founded.passphrase) as second:
            async with asyncio.timeout(START_SECONDS):
                while slack.connections < 2:  # noqa: ASYNC110 - a plain count
                    await asyncio.sleep(0.05)

            answer = await slack.person(STAFF[0]).press(post, "Yes")
            page = await sam.submit(form, answer="No")

            assert answer.words.startswith("*Received.*")
            assert page.content["title"]["text"] == "Keep this code"
        assert len(slack.posts()) == 1
    assert first.returncode == second.returncode == 0


@pytest.mark.timeout(120)
async def test_post_waits_through_a_restart(tmp_path: Path) -> None:
    """What Slack did not take before the end is posted by the next run, once."""
    founded = await compose.found(tmp_path / "data", platform="slack", cost=CHEAPEST)
    async with workspace() as slack:
        mei = slack.person(MEI)
        slack.fail("chat.postMessage", status=503, times=1_000)
        async with running(slack, tmp_path / "data", founded.passphrase) as first:
            await slack.connected(START_SECONDS)
            await started(slack, founded.invite)
            await called(slack, "chat.postMessage")
        slack.faults.clear()
        async with running(slack, tmp_path / "data", founded.passphrase) as second:
            await posted(slack)
            answer = await mei.press(slack.posts()[0], "Yes")

            assert answer.words.startswith("*Received.*")
        assert len(slack.posts()) == 1
    assert first.returncode == second.returncode == 0


@pytest.mark.timeout(180)
async def test_wrong_token_ends_it_with_one_line(tmp_path: Path) -> None:
    """The line says which token, and shows nothing of it."""
    founded = await compose.found(tmp_path / "data", platform="slack", cost=CHEAPEST)
    async with (
        workspace() as slack,
        running(
            slack, tmp_path / "data", founded.passphrase, bot_token="xoxb-4711"
        ) as process,
    ):
        _, errors = await process.communicate()

    lines = [line for line in errors.decode().splitlines() if line[:1] != "{"]
    assert process.returncode == 1
    assert len(lines) == 1
    assert "Slack refuses the bot token" in lines[0]
    assert "4711" not in errors.decode()
