"""Discord as the bot sees a platform: channels to post in, and who may answer there.

Nobody is listed and nobody is kept: whoever sees a channel may answer what is asked
there. Discord shows that by letting them press the button; from elsewhere it is asked.
"""

import hashlib
from contextvars import ContextVar

from adapters.discord import markup
from adapters.discord.pictures import Drawn
from adapters.discord.reading import Malformed, number_in, text_in
from adapters.discord.render import channel_message, direct_messages
from adapters.discord.rest import NotAllowed, Rest, Unreachable
from adapters.discord.servers import Servers, may_see
from adapters.discord.shapes import SILENT
from bot.core.actors import Actor
from bot.core.errors import TooBusy, UnknownPlace
from bot.core.terms import Terms
from bot.requests import NeverShown, NotShown
from bot.views.widgets import Card, Line

# Discord: a nonce has at most 25 characters.
NONCE_CHARS = 25
# Ids have 17 digits or more since 2015, and 64 bits hold 20.
_ID_DIGITS_MAX = 20

# The channels where the person is on whose behalf something is asked.
channels_here: ContextVar[frozenset[str]] = ContextVar(
    "channels_here", default=frozenset()
)


class DiscordPlatform:
    """Posts in channels, and tells who may answer (implements `bot.ports.Platform`)."""

    name = markup.PLATFORM

    def __init__(self, rest: Rest, servers: Servers, draw: Drawn) -> None:
        """Join the parts."""
        self._rest = rest
        self._servers = servers
        self._draw = draw

    async def post(self, place: str, card: Card) -> str:
        """Show a message in a channel and return its id.

        It has a nonce made of what it says, so that a second attempt after a crash
        does not show it twice.
        """
        message = channel_message(card, await self._draw(card))
        try:
            return await self._rest.create_message(
                channel_of(place), message, nonce=nonce_of(place, card)
            )
        except NotAllowed:
            raise NeverShown from None
        except Unreachable as refused:
            raise NotShown(retry_after=refused.retry_after) from None

    async def revise(self, place: str, reference: str, card: Card) -> None:
        """Show `card` in place of an earlier message."""
        message = channel_message(card, await self._draw(card))
        try:
            await self._rest.edit_message(channel_of(place), reference, message)
        except NotAllowed:
            raise NeverShown from None
        except Unreachable as refused:
            raise NotShown(retry_after=refused.retry_after) from None

    async def confirm(self, actor: Actor, card: Card) -> None:
        """Send a direct message, which pushes nothing."""
        try:
            channel = await self._rest.direct_channel(actor.user)
            for message in direct_messages(card):
                await self._rest.create_message(channel, message, flags=SILENT)
        except (NotAllowed, Malformed):
            raise NeverShown from None
        except Unreachable as refused:
            raise NotShown(retry_after=refused.retry_after) from None

    async def members(self, place: str) -> frozenset[str] | None:
        """Return None: a list of members needs a privilege that the bot lacks."""
        del place
        return None

    async def audience(self, place: str) -> int:
        """Return about how many members the channel's server has."""
        try:
            channel = await self._rest.channel(channel_of(place))
            guild = await self._rest.guild(text_in(channel, "guild_id"))
        except (NotAllowed, ValueError):
            raise UnknownPlace from None
        except Unreachable:
            raise TooBusy from None
        return number_in(guild, "approximate_member_count")

    async def is_public(self, place: str) -> bool:
        """Tell whether all members of the server see a channel."""
        known = self._servers.is_public(channel_of(place))
        return await self._look_up(place) if known is None else known

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        """Tell whether an account sees one of the channels that a drive is open in."""
        prefix = f"{self.name}/"
        places = [place for place in terms.places if place.startswith(prefix)]
        if channels_here.get() & set(map(channel_of, places)):
            return True
        for place in places:
            if await self._sees(actor, channel_of(place)):
                return True
        return False

    def place_named(self, name: str) -> str | None:
        """Return the channel that a person calls `name`: by its name, id or link."""
        typed = name.strip().removeprefix("<").removesuffix(">").removeprefix("#")
        typed = typed.removeprefix(f"{self.name}/").removeprefix("#")
        if typed.isascii() and typed.isdecimal() and len(typed) <= _ID_DIGITS_MAX:
            return f"{self.name}/{typed}"
        found = self._servers.named(typed)
        return f"{self.name}/{found}" if found else None

    async def _look_up(self, place: str) -> bool:
        """Ask for a channel that the connection has not told of yet."""
        try:
            channel = await self._rest.channel(channel_of(place))
            self._servers.put(await self._rest.guild(text_in(channel, "guild_id")))
            self._servers.put_channel(text_in(channel, "guild_id"), channel)
        except (NotAllowed, Unreachable, ValueError):
            return False
        return self._servers.is_public(channel_of(place)) or False

    async def _sees(self, actor: Actor, channel_id: str) -> bool:
        try:
            channel = await self._rest.channel(channel_id)
            server = text_in(channel, "guild_id")
            guild = await self._rest.guild(server)
            member = await self._rest.member(server, actor.user)
        except (NotAllowed, ValueError):
            return False
        except Unreachable:
            raise TooBusy from None
        return may_see(guild, channel, member)


def channel_of(place: str) -> str:
    """Return a channel's id from its reference."""
    return place.removeprefix(f"{markup.PLATFORM}/")


def nonce_of(place: str, card: Card) -> str:
    """Return the same for the same post: its kind, its drive and its first words."""
    first = next((block.text for block in card.blocks if isinstance(block, Line)), "")
    parts = (place, card.kind.value, str(card.data.get("drive", "")), first)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:NONCE_CHARS]
