"""Slack as the bot sees a platform: channels, who is in them, and posts (a port).

Nothing of a list of members is kept: it is read page by page and compared.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from adapters.slack.accounts import Accounts
from adapters.slack.calls import Busy, Declined, Row, Web
from adapters.slack.digests import Digests
from adapters.slack.marks import marked
from adapters.slack.names import channel_of, typed_channel
from adapters.slack.parse import PLATFORM, Present
from adapters.slack.render import direct_of, line_of, message_of
from bot import log
from bot.charts import chart_png
from bot.core.actors import Actor
from bot.core.canonical import JsonObject
from bot.core.errors import NotInChannel, TooBusy, UnknownPlace
from bot.core.terms import Terms
from bot.ports import Clock
from bot.requests import NeverShown, NotShown
from bot.views.widgets import Card, CardKind, Chart

# Slack looks at a picture for a while before a message may show it.
PICTURE_WAITS_SECONDS = (1.0, 2.0, 4.0)
# A channel may be made private; until then its polls stand in the lists.
PUBLIC_SECONDS = 10 * 60
# Lists name at most 200 drives, of as many channels.
PUBLIC_MAX = 1_000
CHART_FILE = "chart.png"
_Sent = TypeVar("_Sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """What is asked about a channel. `shared`: people of other workspaces are in it."""

    public: bool
    joined: bool
    shared: bool


class SlackPlatform:
    """Posts in channels, and tells who may answer there."""

    def __init__(
        self, *, web: Web, accounts: Accounts, digests: Digests, clock: Clock
    ) -> None:
        """Join the parts."""
        self._web = web
        self._accounts = accounts
        self._digests = digests
        self._clock = clock
        self._public: dict[bytes, tuple[bool, int]] = {}

    @property
    def name(self) -> str:
        """What accounts and places of Slack begin with."""
        return PLATFORM

    # Posts -------------------------------------------------------------------

    async def post(self, place: str, card: Card) -> str:
        """Show a message in a channel and return Slack's name of it."""
        if card.kind is CardKind.DRIVE:
            self._accounts.ask_again()
        channel = channel_of(place)
        try:
            if card.attachment is not None:
                name, content = card.attachment
                words = marked(line_of(card))
                return await self._web.upload(
                    name, content, words=words, channel=channel
                )
            return await self._send(partial(self._web.post, channel), card)
        except Busy as busy:
            raise NotShown(retry_after=busy.retry_after) from None
        except Declined:
            raise NeverShown from None

    async def revise(self, place: str, reference: str, card: Card) -> None:
        """Show `card` in place of an earlier message, if that is still there."""
        try:
            earlier = partial(self._web.revise, channel_of(place), reference)
            await self._send(earlier, card)
        except Busy as busy:
            raise NotShown(retry_after=busy.retry_after) from None
        except Declined as declined:
            # Somebody removed it: there is nothing to revise, and nothing to wait for.
            if declined.word != "message_not_found":
                raise NeverShown from None

    async def confirm(self, actor: Actor, card: Card) -> None:
        """Send a direct message; an account's id stands for the chat with it."""
        try:
            await self._web.post(actor.user, direct_of(card))
        except Busy as busy:
            raise NotShown(retry_after=busy.retry_after) from None
        except Declined:
            raise NeverShown from None

    async def _send(
        self, send: Callable[[JsonObject], Awaitable[_Sent]], card: Card
    ) -> _Sent:
        """Send a card with its picture, as soon as Slack has looked at that one."""
        picture = await self._picture(card)
        if picture:
            for seconds in PICTURE_WAITS_SECONDS:
                try:
                    return await send(message_of(card, picture=picture))
                except Declined as declined:
                    if declined.word != "invalid_blocks":
                        raise
                    await asyncio.sleep(seconds)
        return await send(message_of(card))

    async def _picture(self, card: Card) -> str:
        """Return the chart's picture, or nothing: the words alone say as much."""
        for block in card.blocks:
            if isinstance(block, Chart):
                try:
                    png = await asyncio.to_thread(chart_png, block.shown)
                    return await self._web.upload(CHART_FILE, png, words=block.alt_text)
                except (Busy, Declined, ValueError) as error:
                    if isinstance(error, Busy) and error.retry_after:
                        raise
                    log.failure("picture_not_uploaded", error)
        return ""

    # Who may answer ----------------------------------------------------------

    async def members(self, place: str) -> frozenset[str] | None:
        """Return what stands for those who could answer in a channel."""
        return frozenset(each.hex() for each in await self._members(place))

    async def audience(self, place: str) -> int:
        """Return how many people could answer in a channel; bots are none."""
        return len(await self._members(place))

    async def is_public(self, place: str) -> bool:
        """Tell whether everybody may know of a channel; if Slack can't say: no."""
        key, now = self._digests.of(place), self._clock.now()
        known, until = self._public.get(key, (False, 0))
        if now < until:
            return known
        try:
            known = (await self._channel(place)).public
        except (Busy, Declined, UnknownPlace):
            return False
        if len(self._public) >= PUBLIC_MAX:
            self._public.clear()
        self._public[key] = (known, now + PUBLIC_SECONDS)
        return known

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        """Tell whether an account belongs to the audience that `terms` name.

        Not bots, not members of another workspace in a shared channel, and guests only
        where the terms say so. Who pressed a button in a private channel is in it.
        """
        place = next((each for each in terms.places if channel_of(each)), "")
        accounts = self._accounts
        if not place or actor.team != accounts.team or accounts.is_bot(actor.user):
            return False
        is_guest = accounts.is_guest(actor.user)
        if is_guest and not terms.guests:
            return False
        if isinstance(actor, Present) and actor.place == place:
            return True
        # Members see every public channel; guests see those that they are in.
        if not is_guest and await self.is_public(place):
            return True
        return await self._is_in(place, actor.user)

    def place_named(self, name: str) -> str | None:
        """Return the reference of a channel that was chosen, pasted or typed."""
        return typed_channel(name) or self._accounts.channel_named(name) or None

    async def _members(self, place: str) -> frozenset[bytes]:
        try:
            channel = await self._channel(place)
            if not channel.joined:
                raise NotInChannel
            found = set[bytes]()
            async for page in self._web.members(channel_of(place)):
                found |= {
                    self._digests.of(user)
                    for user in page
                    if not self._accounts.is_bot(user)
                    and not self._accounts.is_guest(user)
                }
            if channel.shared:
                found &= await self._accounts.own_digests()
        except (Busy, Declined):
            raise TooBusy from None
        return frozenset(found)

    async def _is_in(self, place: str, user: str) -> bool:
        try:
            async for page in self._web.members(channel_of(place)):
                if user in page:
                    return True
        except (Busy, Declined):
            raise TooBusy from None
        return False

    async def _channel(self, place: str) -> _Channel:
        try:
            row = await self._web.channel(channel_of(place))
        except Declined as declined:
            if declined.word == "channel_not_found":
                raise UnknownPlace from None
            raise
        if _is_set(row, "is_im", "is_mpim", "is_archived"):
            raise UnknownPlace
        return _Channel(
            public=not _is_set(row, "is_private", "is_group"),
            joined=_is_set(row, "is_member"),
            shared=_is_set(row, "is_ext_shared", "is_shared", "is_org_shared"),
        )


def _is_set(row: Row, *names: str) -> bool:
    return any(row.get(name) for name in names)
