"""Fifty people do everything there is; then their ids are looked for everywhere.

The bot runs as a program of its own, as `roundrobin run` runs it. When it is asked to,
it searches every object that its garbage collector can reach.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.slack.connection import HTTP_PATH, KEEP_ALIVE_SECONDS
from bot import compose
from bot.views import confirmation_text
from storage.keystore import CHEAPEST
from tests.core.petition import shares
from tests.fakes.program import environment
from tests.fakes.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    GENERAL,
    SIGNING_SECRET,
    Person,
    Shown,
    Slack,
)
from tests.fakes.slack_house import free_port, listening
from tests.games.traces import hits

ROOT = Path(__file__).parents[2]
CANARIES = tuple(f"U0CANARY{number:04}" for number in range(50))
LEAD = CANARIES[0]
# A busy machine takes its time over a new process.
START_SECONDS = 30.0

UNION = {
    "trustees": shares().trustees.line(),
    "employer": "Ware House",
    "confirmation": "yes",
}
SIGNED = {
    "contact": "somebody@example.org",
    "phone": "+1 555 0100",
    "consent": confirmation_text.YES,
}

# `run`, and a search of its memory for each line on standard input. What is looked for
# is put together there, so that the search does not find itself.
_PROGRAM = """
import asyncio, gc, re, sys
from pathlib import Path
from bot import compose, log

NEEDLE = re.compile("U0CAN" + "ARY[0-9]{4}")

def found():
    gc.collect()
    seen, stack, hits = set(), gc.get_objects(), []
    del stack[-1:]
    while stack:
        each = stack.pop()
        if id(each) in seen or each is seen or each is hits or each is stack:
            continue
        seen.add(id(each))
        if isinstance(each, (bytes, bytearray)):
            each = bytes(each).decode("latin-1")
        if isinstance(each, str):
            hits += NEEDLE.findall(each)
        else:
            stack += gc.get_referents(each)
    return len(set(hits))

async def main(folder, passphrase):
    run = asyncio.ensure_future(compose.run(Path(folder), passphrase))
    while await asyncio.to_thread(sys.stdin.readline):
        print(found(), flush=True)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)

if sys.argv[3] == "careless":
    from adapters.slack.connection import Socket
    from slack_sdk.socket_mode.aiohttp import SocketModeClient
    Socket.receive_messages = SocketModeClient.receive_messages
log.start(now=compose.SystemClock().now)
asyncio.run(main(*sys.argv[1:3]))
"""


@dataclass
class Bot:
    """The running program, its folder, and the workspace that it serves."""

    slack: Slack
    data: Path
    process: asyncio.subprocess.Process
    invite: str

    async def hits(self) -> int:
        """Return how many of the fifty its memory holds."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(b"search\n")
        return int(await self.process.stdout.readline())

    def person(self, name: str) -> Person:
        return self.slack.person(name)


@asynccontextmanager
async def running_bot(
    folder: Path, *, http: bool = False, careless: bool = False
) -> AsyncIterator[Bot]:
    """Run the bot as a program for a workspace of fifty."""
    slack = await Slack().open()
    slack.add_channel(GENERAL, "general")
    slack.add_people(*CANARIES)
    founded = await compose.found(folder / "data", platform="slack", cost=CHEAPEST)
    bind = f"127.0.0.1:{free_port()}"
    told = {
        "ROUNDROBIN_SLACK_BOT_TOKEN": BOT_TOKEN,
        "ROUNDROBIN_SLACK_APP_TOKEN": APP_TOKEN,
        "ROUNDROBIN_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "ROUNDROBIN_SLACK_API_URL": slack.api_url,
    }
    if http:
        told["ROUNDROBIN_SLACK_HTTP_BIND"] = bind
    with (folder / "log").open("wb") as log_file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _PROGRAM, str(folder / "data")),
            *(founded.passphrase, "careless" if careless else "careful"),
            cwd=ROOT,
            env=environment() | told,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log_file,
        )
        try:
            if http:
                await listening(bind, seconds=START_SECONDS)
                slack.app_url = f"http://{bind}{HTTP_PATH}"
            else:
                await slack.connected(START_SECONDS)
            yield Bot(slack, folder / "data", process, founded.invite)
        finally:
            assert process.stdin
            process.stdin.close()
            async with asyncio.timeout(20):
                await process.wait()
            await slack.close()
    assert process.returncode == 0


async def do_everything(bot: Bot) -> None:
    """Let the fifty become organizers, make a poll, answer, ask, write and look."""
    lead = bot.person(LEAD)
    await lead.submit(await lead.command("invite"), code=bot.invite)
    await start(lead, await lead.command("box"), name="Report box")
    form = await lead.command('poll "Should we?" "Yes" "No"')
    await start(lead, form, name="should", channel=GENERAL)
    form = await lead.command('interest "We bargain together." "50"')
    await start(lead, form, name="union", channel=GENERAL, **UNION)
    async with asyncio.timeout(20):
        while len(bot.slack.posts()) < 3:  # noqa: ASYNC110 - from another process
            await asyncio.sleep(0.05)
    _, post, union = bot.slack.posts()
    for at in range(0, len(CANARIES), 5):
        five = CANARIES[at : at + 5]
        await asyncio.gather(*(act(bot.person(name), post) for name in five))
        await asyncio.gather(*(confirm(bot.person(name), union) for name in five))
    assert bot.slack.broken == []


async def start(lead: Person, form: Shown, **values: str) -> None:
    """Start what a form describes."""
    shown = await lead.press(await lead.submit(form, **values), "Start it")
    while "is open" not in shown.words:
        # The counter's first start may take longer than the page waits.
        shown = await lead.seen()


async def act(person: Person, post: Shown) -> None:
    """Do what a member can do, one thing after the other."""
    await person.press(post, "Yes")
    form = await person.press(post, "Answer with a code")
    await person.submit(form, answer="No")
    await person.command("list")
    await person.command("code")
    await person.open_home()
    choice = await person.write(f"I am {person.name}")
    await person.press(choice, "Do nothing")
    form = await person.shortcut()
    page = await person.submit(
        form,
        category="Pay",
        severity="It hurts people",
        consent="Read my text",
        text=f"{person.handle} was not paid.",
    )
    assert f"*{person.handle}*" in page.words
    await person.submit(await person.submit(page, text="At 9:30 it was not."))


async def confirm(person: Person, union: Shown) -> None:
    """Sign, and be sent what was signed: the message names who they are."""
    form = await person.press(union, "Sign")
    told = [await person.submit(form, name=person.name, **SIGNED)]
    told.append(await person.seen())
    direct = next(each for each in told if each.kind == "direct")

    assert person.name in direct.words


@pytest.mark.timeout(240)
@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_nobody_is_left_in_memory_logs_and_files(
    tmp_path: Path, *, http: bool
) -> None:
    """A moment after the last request the program knows none of the fifty."""
    async with running_bot(tmp_path, http=http) as bot:
        await do_everything(bot)
        await asyncio.sleep(KEEP_ALIVE_SECONDS + 2)

        assert await bot.hits() == 0

        files = {
            path: path.read_bytes() for path in bot.data.rglob("*") if path.is_file()
        }
    files[tmp_path / "log"] = (tmp_path / "log").read_bytes()
    assert files[tmp_path / "log"]
    assert hits(files, [name.encode() for name in CANARIES]) == []


@pytest.mark.timeout(240)
async def test_search_finds_what_the_library_would_keep(tmp_path: Path) -> None:
    """The control: the client as it comes holds the last message that it received."""
    async with running_bot(tmp_path, careless=True) as bot:
        await do_everything(bot)
        await asyncio.sleep(2)

        assert await bot.hits() > 0


async def test_search_of_files_finds_a_name(tmp_path: Path) -> None:
    """The control for files and logs."""
    (tmp_path / "log").write_text(json.dumps({"user": LEAD}), encoding="utf-8")

    assert hits({tmp_path / "log": (tmp_path / "log").read_bytes()}, [LEAD.encode()])
