"""One installation that serves Slack and Discord together, through real clients."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.discord.listeners import open_adapter
from adapters.slack.adapter import SlackSettings, open_slack
from bot import compose
from bot.core.actors import Actor
from bot.core.publication import to_json
from bot.core.records import Role
from bot.outbox import Outbox
from bot.platforms import Platforms
from bot.router import Router
from bot.service import Adapter, Keeper, Service, serve
from bot.views.results import released_of
from bot.views.scene import Scene
from storage.keystore import CHEAPEST
from tests.acceptance.test_first_evening import running
from tests.fakes.discord import TOKEN, Discord, running_discord, until
from tests.fakes.discord_house import options_for
from tests.fakes.discord_people import text_of
from tests.fakes.discord_shapes import Posted
from tests.fakes.program import environment
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, GENERAL, TEAM, Shown, Slack
from tests.fakes.slack_house import MEI, SAM, STAFF
from tests.fakes.workplace import Workplace, workplace

DAY = 24 * 60 * 60
ONCE = "Each account counts once"
POLL = {"question": "Lunch?", "options": "Yes\nNo", "closes": "3d", "also": "general"}
VOTERS = 12


@asynccontextmanager
async def slack_of(*people: str) -> AsyncIterator[Slack]:
    """Open a workspace in which nothing breaks a rule."""
    slack = await Slack().open()
    slack.add_channel(GENERAL, "general")
    slack.add_people(*people)
    try:
        yield slack
    finally:
        await slack.close()
    assert slack.broken == []


@dataclass
class Both:
    """One installation between two platforms."""

    slack: Slack
    discord: Discord
    place: Workplace
    keeper: Keeper

    async def advance(self, seconds: int) -> None:
        """Let time pass, stopping wherever something is due."""
        clock, gate = self.place.clock, self.place.gate
        end = clock.seconds + seconds
        while (due := gate.next_due()) is not None and due <= end:
            clock.seconds = max(clock.seconds, due)
            await self.keeper.look()
        clock.seconds = end
        await self.keeper.look()

    async def poll(self) -> tuple[Shown, Posted]:
        """Let Mei ask in Slack and on Discord; return both posts."""
        mei = self.slack.person(MEI)
        preview = await mei.submit(await mei.command("poll"), **POLL)
        assert ONCE in preview.words
        await mei.press(preview, "Start it")
        general = self.discord.general
        await until(lambda: self.slack.posts() and self.discord.posted_in(general))
        return self.slack.posts()[0], self.discord.posted_in(general)[0]


@asynccontextmanager
async def both_served(path: Path) -> AsyncIterator[Both]:
    """Serve both with a clock that stands still until somebody moves it."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(slack_of(MEI, SAM, *STAFF))
        discord = await stack.enter_async_context(running_discord())
        discord.gateway.after_ready = [("GUILD_CREATE", discord.guild_create())]
        place = await stack.enter_async_context(workplace(path))
        settings = SlackSettings(
            bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=slack.api_url
        )
        on_slack = await stack.enter_async_context(
            open_slack(settings, clock=place.clock, randomness=secrets.token_bytes)
        )
        on_discord = await stack.enter_async_context(open_adapter(options_for(discord)))
        served, keeper = joined(place, [on_slack, on_discord])
        serving = asyncio.ensure_future(serve(served, keeper))
        try:
            await slack.connected()
            await discord.gateway.connected()
            mei = Actor(platform="slack", team=TEAM, user=MEI)
            await place.welcome(mei, Role.LEAD)
            yield Both(slack, discord, place, keeper)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def joined(
    place: Workplace, adapters: list[Adapter]
) -> tuple[list[tuple[Adapter, Service, Outbox]], Keeper]:
    """Join one gate with several adapters, as the program does."""
    platforms = {each.platform.name: each.platform for each in adapters}
    scenes = {
        name: Scene(platform=name, elsewhere=tuple(platforms.keys() - {name}))
        for name in platforms
    }
    outboxes = [
        Outbox(place.gate, place.store, scenes[each.platform.name], each.platform)
        for each in adapters
    ]
    keeper = Keeper(place.gate, place.clock, outboxes)
    lock = asyncio.Lock()
    services = [
        Service(
            Router(
                gate=place.gate,
                desk=place.desk,
                platform=Platforms(each.platform, platforms),
                clock=place.clock,
                scene=scenes[each.platform.name],
                lock=lock,
            ),
            keeper,
        )
        for each in adapters
    ]
    return list(zip(adapters, services, outboxes, strict=True)), keeper


@pytest.mark.timeout(60)
async def test_each_account_counts_once(tmp_path: Path) -> None:
    """Whoever has an account in each app counts in each, and the terms say so."""
    async with both_served(tmp_path) as both:
        on_slack, on_discord = await both.poll()
        people = [both.discord.person(f"worker{n}") for n in range(VOTERS)]
        for name, person in zip(STAFF[:VOTERS], people, strict=True):
            # Two taps in each app: the last one of each account counts.
            for answer in ("No", "Yes"):
                await both.slack.person(name).press(on_slack, answer)
                await both.discord.says.press(person, answer, on_discord)
        await both.advance(4 * DAY)
        [drive] = both.place.gate.drives()
        table = released_of(drive)
        assert table is not None
        general = both.discord.general
        await until(lambda: len(both.discord.posted_in(general)) > 1)
        await until(lambda: len(both.slack.posts()) > 1)
        results = [
            both.slack.posts()[1].words.replace("*", ""),
            text_of(both.discord.posted_in(general)[1].body).replace("*", ""),
        ]

    assert ONCE in on_slack.words
    assert ONCE in text_of(on_discord.bodies[0])
    assert drive.terms.places == (f"slack/{GENERAL}", f"discord/{general.id}")
    # 24 accounts of 12 people, shown in steps of five; twelve would have shown ten.
    assert to_json(table)["total"] == 20
    assert all("At least 20 people answered" in each for each in results), results


@pytest.mark.timeout(120)
async def test_run_serves_both(tmp_path: Path) -> None:
    """`roundrobin run` with both configured: one poll, two places, two answers."""
    data = tmp_path / "office"
    founded = await compose.found(data, platform="slack", cost=CHEAPEST)
    async with slack_of(MEI, SAM, *STAFF) as slack, running_discord() as discord:
        discord.gateway.after_ready = [("GUILD_CREATE", discord.guild_create())]
        told = environment(founded.passphrase) | {
            "ROUNDROBIN_SLACK_BOT_TOKEN": BOT_TOKEN,
            "ROUNDROBIN_SLACK_APP_TOKEN": APP_TOKEN,
            "ROUNDROBIN_SLACK_API_URL": slack.api_url,
            "ROUNDROBIN_DISCORD_TOKEN": TOKEN,
            "ROUNDROBIN_DISCORD_API_URL": discord.base,
            "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
        }
        async with running(data, told):
            await slack.connected(40)
            await discord.gateway.connected(seconds=40)
            mei, general = slack.person(MEI), discord.general
            await mei.submit(await mei.command("invite"), code=founded.invite)
            preview = await mei.submit(await mei.command("poll"), **POLL)
            await mei.press(preview, "Start it")
            await until(
                lambda: slack.posts() and discord.posted_in(general), seconds=40
            )
            (post,) = discord.posted_in(general)
            answers = [
                (await slack.person(SAM).press(slack.posts()[0], "Yes")).words,
                (await discord.says.press(discord.person("sam"), "Yes", post)).text,
            ]

    assert ONCE in preview.words
    assert ONCE in text_of(post.body)
    assert all("Received." in each for each in answers)
