"""An installation that serves Discord: all of it the product's, but for Discord."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.discord.listeners import DiscordAdapter, Options, open_adapter
from adapters.discord.pictures import Draw
from bot.core.records import Invite, Role, SaveInvite
from bot.crypto.codes import CODE_RANDOM_BYTES, make_code
from bot.desk import Desk
from bot.outbox import Outbox
from bot.platforms import Platforms
from bot.router import Router
from bot.service import Keeper, Service
from bot.views.scene import Scene
from tests.fakes.discord import TOKEN, Discord, running_discord
from tests.fakes.discord_people import Exchange
from tests.fakes.discord_shapes import Channel, Person, Posted
from tests.world import World, running_world

DAY = 24 * 60 * 60
# Long enough for a slow machine, short enough for a test.
PATIENCE_SECONDS = 4.0


@dataclass
class House:
    """The bot at work. `says` is what people do, `discord` what they see."""

    world: World
    discord: Discord
    adapter: DiscordAdapter
    service: Service
    outbox: Outbox

    @property
    def says(self) -> Any:
        return self.discord.says

    async def advance(self, seconds: int) -> None:
        """Let time pass, stopping wherever something is due."""
        end = self.world.clock.time + seconds
        while (due := self.world.gate.next_due()) is not None and due <= end:
            self.world.clock.time = max(self.world.clock.time, due)
            await self.world.gate.settle()
        self.world.clock.time = end
        await self.settle()

    async def settle(self) -> None:
        """Do what is due, and show it."""
        await self.world.gate.settle()
        await self.outbox.deliver()

    async def welcome(self, person: Person, role: Role = Role.ORGANIZER) -> Exchange:
        """Make somebody an organizer, by an invite as `init` makes it."""
        code = make_code(secrets.token_bytes(CODE_RANDOM_BYTES))
        invite = Invite(
            digest=self.world.gate.invite_digest(code),
            role=role,
            expires_at=self.world.clock.now() + DAY,
        )
        await self.world.gate.commit([SaveInvite(invite=invite)])
        opened = await self.says.command(person, "invite", at=self.discord.general)
        joined: Exchange = await self.says.submit(person, opened, code=code)
        return joined

    async def draft(
        self, person: Person, *, at: Channel | None = None, **fields: str
    ) -> Exchange:
        """Fill in the form of a new poll; return what the organizer sees then."""
        page = await self.says.command(
            person, "organize", at=at or self.discord.general
        )
        opened = await self.says.press(person, "New poll", page)
        asked = {
            "question": "Should we ask for paid lunch breaks?",
            "options": "Yes\nNo\nUnsure",
            "closes": "72h",
            **fields,
        }
        drafted: Exchange = await self.says.submit(person, opened, **asked)
        return drafted

    async def poll(self, person: Person, **fields: Any) -> Posted:
        """Start a poll as its only organizer, and return its post."""
        at = fields.get("at") or self.discord.general
        before = len(self.discord.posted_in(at))
        drafted = await self.draft(person, **fields)
        await self.says.press(person, "Start it", drafted)
        await self.settle()
        return self.discord.posted_in(at)[before]


@asynccontextmanager
async def running_house(path: Path, **options: Any) -> AsyncIterator[House]:
    """Yield an installation that is connected to a Discord of its own."""
    async with (
        running_discord() as discord,
        running_world(path) as world,
        house_of(world, discord, **options) as house,
    ):
        await discord.gateway.connected()
        yield house


@asynccontextmanager
async def house_of(
    world: World,
    discord: Discord,
    *,
    around: Callable[[Service], Service] | None = None,
    draw: Draw | None = None,
    **options: Any,
) -> AsyncIterator[House]:
    """Yield an installation that connects to `discord` until the end of it.

    `around` may stand between the adapter and the core; `draw` makes pictures.
    """
    discord.gateway.after_ready = [("GUILD_CREATE", discord.guild_create())]
    told = options_for(discord, **options)
    async with open_adapter(told, draw=draw) as adapter:
        house = _house(world, discord, adapter)
        service = around(house.service) if around else house.service
        serving = asyncio.ensure_future(adapter.serve(service))
        try:
            yield house
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def options_for(discord: Discord, **options: Any) -> Options:
    """Return how that Discord is reached."""
    told: dict[str, Any] = {
        "token": TOKEN,
        "api_url": discord.base,
        "gateway_url": discord.gateway.address,
        "patience_seconds": PATIENCE_SECONDS,
    }
    return Options(**(told | options))


def _house(world: World, discord: Discord, adapter: DiscordAdapter) -> House:
    desk = Desk(roll=world.gate.roll, clock=world.clock, randomness=secrets.token_bytes)
    scene = Scene(platform="discord")
    outbox = Outbox(world.gate, world.store, scene, adapter.platform)
    keeper = Keeper(world.gate, world.clock, [outbox])
    router = Router(
        gate=world.gate,
        desk=desk,
        platform=Platforms(adapter.platform, {"discord": adapter.platform}),
        clock=world.clock,
        scene=scene,
    )
    return House(world, discord, adapter, Service(router, keeper), outbox)
