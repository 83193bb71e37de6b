"""Bolt and our listener on a stand: to be measured without a network in between."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.accounts import Accounts
from adapters.slack.adapter import bolt_app
from adapters.slack.calls import Row, Web
from adapters.slack.digests import Digests, Recent
from adapters.slack.listeners import Listener, Routes
from adapters.slack.platform import SlackPlatform
from bot.core.canonical import JsonObject
from bot.ports import Clock, Randomness

TEAM = "T0BENCH"
CHANNEL = "C0BENCH"

Tap = Callable[[str, str], Awaitable[None]]


class Stand:
    """A workspace of one public channel, whose Slack takes every answer at once."""

    def __init__(self, *, clock: Clock, randomness: Randomness) -> None:
        """Join the parts."""
        self._web = _NoNetwork()
        self._digests = Digests(randomness)
        self._clock = clock
        self._accounts = Accounts(self._web, self._digests)
        self._number = 0
        self.platform = SlackPlatform(
            web=self._web,
            accounts=self._accounts,
            digests=self._digests,
            clock=clock,
        )

    async def load(self) -> None:
        """Read who is there."""
        await self._accounts.load()

    def taps(self, service: Routes, tasks: asyncio.TaskGroup) -> Tap:
        """Return what lets somebody tap a button, until it is acknowledged."""
        listener = Listener(
            service=service,
            web=self._web,
            recent=Recent(self._digests, self._clock),
            tasks=tasks,
        )
        app = bolt_app(self._web, listener)

        async def tap(user: str, action: str) -> None:
            told = json.loads(self._sent(user, action))
            request = SocketModeRequest(
                type=told["type"],
                envelope_id=told["envelope_id"],
                payload=told["payload"],
            )
            response = await run_async_bolt_app(app, request)
            assert response.status == 200  # noqa: PLR2004 - HTTP's word for "taken"

        return tap

    def _sent(self, user: str, action: str) -> str:
        """Return what comes over the socket when somebody taps a button."""
        self._number += 1
        return json.dumps(
            {
                "type": "interactive",
                "envelope_id": f"E{self._number}",
                "payload": {
                    "type": "block_actions",
                    "trigger_id": f"1.2.{self._number}",
                    "user": {"id": user, "team_id": TEAM},
                    "team": {"id": TEAM},
                    "channel": {"id": CHANNEL},
                    "container": {"type": "message", "is_ephemeral": False},
                    "response_url": "https://localhost/",
                    "actions": [{"type": "button", "action_id": action}],
                },
            }
        )


class _NoNetwork(Web):
    """Slack's Web API without Slack."""

    def __init__(self) -> None:
        """Take no token of Slack's: nothing is asked."""
        super().__init__(token="-", address="https://localhost/")  # noqa: S106 - none

    async def own_team(self) -> str:
        """Return the one workspace."""
        return TEAM

    async def people(self) -> AsyncIterator[list[Row]]:
        """Yield nobody: no bot and no guest is there."""
        yield []

    async def own_channels(self) -> AsyncIterator[list[Row]]:
        """Yield no channel by its name."""
        yield []

    async def channel(self, channel: str) -> Row:
        """Return a public channel."""
        return {"id": channel, "is_member": True}

    async def respond(self, address: str, message: JsonObject) -> None:
        """Take an answer."""
        del address, message
