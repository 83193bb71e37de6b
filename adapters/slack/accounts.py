"""Who of a workspace may not answer: bots and guests, by keyed digests, and no others.

Asking Slack about each person who answers would tell it nothing new, but would soon be
refused for its number; so the list of members is read once an hour, page by page, and
forgotten but for these digests. The bot's own channels are kept by their names.
"""

import asyncio
from contextlib import suppress

from adapters.slack.calls import Busy, Row, Web
from adapters.slack.digests import Digests
from adapters.slack.names import reference_of
from bot import log

REFRESH_SECONDS = 60 * 60
# A drive that opens asks for a fresh list, however many open at once.
REFRESH_SECONDS_MIN = 60
RETRY_SECONDS_MIN = 5.0
RETRY_SECONDS_MAX = 5 * 60.0


class Accounts:
    """Knows which accounts are bots or guests, and the channels that the bot is in."""

    def __init__(self, web: Web, digests: Digests) -> None:
        """Know nobody yet."""
        self._web = web
        self._digests = digests
        self._bots: frozenset[bytes] = frozenset()
        self._guests: frozenset[bytes] = frozenset()
        self._channels: dict[str, str] = {}
        self._wanted = asyncio.Event()
        self.team = ""

    def is_bot(self, user: str) -> bool:
        """Tell whether an account is a program's."""
        return self._digests.of(user) in self._bots

    def is_guest(self, user: str) -> bool:
        """Tell whether an account sees a few channels only."""
        return self._digests.of(user) in self._guests

    def channel_named(self, name: str) -> str:
        """Return the reference of a channel that the bot is in, or nothing."""
        return self._channels.get(name.strip().removeprefix("#").lower(), "")

    def ask_again(self) -> None:
        """Read the list soon: it matters now who is a guest."""
        self._wanted.set()

    async def load(self) -> None:
        """Read the lists, as often as it takes.

        Raises `Declined` if Slack does not let the bot read them at all.
        """
        seconds = RETRY_SECONDS_MIN
        while True:
            try:
                await self._read()
            except Busy as busy:
                log.failure("members_not_read", busy)
                await asyncio.sleep(max(seconds, busy.retry_after))
                seconds = min(2 * seconds, RETRY_SECONDS_MAX)
            else:
                return

    async def keep(self) -> None:
        """Read the lists anew every hour, and when somebody asks for it."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS_MIN)
            with suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS - REFRESH_SECONDS_MIN):
                    await self._wanted.wait()
            self._wanted.clear()
            await self.load()

    async def own_digests(self) -> frozenset[bytes]:
        """Return all who may answer, for a comparison; the caller forgets them."""
        found = set[bytes]()
        async for page in self._web.people():
            found |= {self._digest(row) for row in page if self._is_own(row)}
        return frozenset(found) - self._bots - self._guests

    async def _read(self) -> None:
        bots, guests = set[bytes](), set[bytes]()
        self.team = await self._web.own_team()
        async for page in self._web.people():
            bots |= {self._digest(row) for row in page if _is_bot(row)}
            guests |= {self._digest(row) for row in page if _is_guest(row)}
        channels: dict[str, str] = {}
        async for page in self._web.own_channels():
            for row in page:
                name = str(row.get("name") or "").lower()
                channels[name] = reference_of(str(row.get("id") or ""))
        self._bots, self._guests = frozenset(bots), frozenset(guests)
        self._channels = channels

    def _digest(self, row: Row) -> bytes:
        return self._digests.of(str(row.get("id") or ""))

    def _is_own(self, row: Row) -> bool:
        return row.get("team_id") == self.team and not row.get("deleted")


def _is_bot(row: Row) -> bool:
    # Slack's own helper carries no mark.
    is_program = bool(row.get("is_bot")) or bool(row.get("is_workflow_bot"))
    return is_program or row.get("id") == "USLACKBOT"


def _is_guest(row: Row) -> bool:
    return bool(row.get("is_restricted")) or bool(row.get("is_ultra_restricted"))
