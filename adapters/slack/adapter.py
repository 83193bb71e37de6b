"""Slack's connection as `run` serves it: a platform to post on, people to answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.accounts import Accounts
from adapters.slack.calls import Declined, Web
from adapters.slack.connection import REFUSED, serve_http, serve_socket
from adapters.slack.digests import Digests, Recent
from adapters.slack.listeners import Listener, Routes
from adapters.slack.platform import SlackPlatform
from bot import log
from bot.ports import CannotConnect, Clock, Randomness

BOT_TOKEN = "bot token (it starts with xoxb-)"  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SlackSettings:
    """What Slack's connection needs to know. It has no `repr`: it holds secrets.

    With `http_bind` Slack sends signed requests there, without it the bot opens a
    socket with `app_token`.
    """

    bot_token: str
    api_url: str
    app_token: str = ""
    signing_secret: str = ""
    http_bind: str = ""


class SlackAdapter:
    """Answers the people of one workspace. Made by `open_slack`."""

    def __init__(
        self, settings: SlackSettings, *, clock: Clock, randomness: Randomness
    ) -> None:
        """Join the parts."""
        self._settings = settings
        self._web = Web(token=settings.bot_token, address=settings.api_url)
        digests = Digests(randomness)
        self._recent = Recent(digests, clock)
        self._accounts = Accounts(self._web, digests)
        self._platform = SlackPlatform(
            web=self._web, accounts=self._accounts, digests=digests, clock=clock
        )

    @property
    def platform(self) -> SlackPlatform:
        """Where posts go, and who may answer."""
        return self._platform

    async def open(self) -> None:
        """Open the connections to Slack's Web API."""
        await self._web.open()

    async def close(self) -> None:
        """Close them."""
        await self._web.close()

    async def serve(self, service: Routes) -> None:
        """Answer people until cancelled.

        Raises `CannotConnect` if Slack refuses the bot for good.
        """
        try:
            # Without it nobody knows who is a guest.
            await self._accounts.load()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._accounts.keep())
                await self._answer(service, tasks)
        except BaseExceptionGroup as faults:
            _raise_refused(log.leaf_of(faults))
            raise
        except Declined as declined:
            _raise_refused(declined)
            raise

    async def _answer(self, service: Routes, tasks: asyncio.TaskGroup) -> None:
        settings = self._settings
        listener = Listener(
            service=service, web=self._web, recent=self._recent, tasks=tasks
        )
        app = bolt_app(self._web, listener, signing_secret=settings.signing_secret)
        if settings.http_bind:
            await serve_http(app, settings.http_bind)
        else:
            await serve_socket(app, settings.app_token)


def bolt_app(web: Web, listener: Listener, *, signing_secret: str = "") -> AsyncApp:
    """Return bolt with one listener, right behind the check of signatures.

    Without a secret it refuses whatever does not come over the socket.
    """
    return _App(
        name="roundrobin",
        client=web.client,
        signing_secret=signing_secret,
        before_authorize=listener,
        logger=log.library("slack_bolt"),
    )


@asynccontextmanager
async def open_slack(
    settings: SlackSettings, *, clock: Clock, randomness: Randomness
) -> AsyncGenerator[SlackAdapter]:
    """Open Slack's connection, and close it at the end."""
    adapter = SlackAdapter(settings, clock=clock, randomness=randomness)
    await adapter.open()
    try:
        yield adapter
    finally:
        await adapter.close()


class _App(AsyncApp):
    """Bolt without what it prepares for listeners of its own: there are none.

    For each request it would make a client and a logger that know who asked.
    """

    def _init_context(self, req: AsyncBoltRequest) -> None:
        del req


def _raise_refused(error: BaseException) -> None:
    """Raise `CannotConnect` in place of a refusal that waiting does not mend."""
    if isinstance(error, CannotConnect):
        raise error
    if isinstance(error, Declined):
        raise CannotConnect(REFUSED.format(token=BOT_TOKEN)) from None
