"""The way in: a socket that the bot opens itself, or signed requests over HTTP.

No request is written to any log, and none outlives its answer.
"""

import asyncio
from time import monotonic

from aiohttp import ClientWebSocketResponse, WSMessage, WSMsgType, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.calls import word_of
from bot import log
from bot.ports import CannotConnect

# Where Slack sends its requests in HTTP mode, behind the address that people entered.
HTTP_PATH = "/slack/events"
# Slack's largest payload is a form of a hundred fields; a megabyte is no form.
HTTP_BYTES_MAX = 1024 * 1024
PING_SECONDS = 5.0
# A connection that is kept open holds the last request that came over it.
KEEP_ALIVE_SECONDS = 5.0
# How often a lost socket is looked for, and how long one may be lost until Slack is
# asked for a new address: an address works once.
WATCH_SECONDS = 2.0

REFUSED = "Slack refuses the {token}. Check it, or install the app again."
APP_TOKEN = "app token (it starts with xapp-)"  # noqa: S105 - no secret
CANNOT_LISTEN = "nothing can listen at ROUNDROBIN_SLACK_HTTP_BIND: is it in use?"

# Slack's words for an app token that will not become any better.
_FINAL = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_revoked",
    }
)


class Socket(SocketModeClient):
    """Slack's client, but for what it receives: it keeps no message that it was told.

    The original holds the last one until the next comes.
    """

    async def receive_messages(self) -> None:
        """Take what comes until the session is another."""
        session = self.current_session
        while session is not None and session is self.current_session:
            if self.closed:
                return
            try:
                await self._receive(session)
            except (OSError, RuntimeError, ValueError) as error:
                log.failure("socket_failed", error)
                await asyncio.sleep(self.ping_interval)

    async def _receive(self, session: ClientWebSocketResponse) -> None:
        await self._take(session, await session.receive())

    async def _take(self, session: ClientWebSocketResponse, message: WSMessage) -> None:
        match message.type:
            case WSMsgType.TEXT:
                await self.enqueue_message(message.data)
            case WSMsgType.PING:
                await session.pong(message.data)
            case WSMsgType.PONG:
                self.last_ping_pong_time = _ping_time(message.data)
            case WSMsgType.CLOSE:
                await self.connect_to_new_endpoint()
            case _:
                # Closed: the monitor opens another session, and ends this loop.
                await asyncio.sleep(self.ping_interval)


async def serve_socket(app: AsyncApp, app_token: str) -> None:
    """Answer over a socket until cancelled; one that is lost is opened again.

    Raises `CannotConnect` if Slack refuses the app token.
    """
    client = Socket(
        app_token=app_token,
        logger=log.library("slack_sdk"),
        web_client=app.client,
        ping_interval=PING_SECONDS,
    )

    async def answer(
        socket: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        response = await run_async_bolt_app(app, request)
        await send_async_response(socket, request, response, monotonic())

    client.socket_mode_request_listeners.append(answer)
    try:
        await _check_token(client)
        # The library wrote no types for these two.
        await client.connect()  # type: ignore[no-untyped-call]
        log.event("slack_connected")
        await _watch(client)
    finally:
        await client.close()  # type: ignore[no-untyped-call]


async def serve_http(app: AsyncApp, bind: str) -> None:
    """Answer signed requests at HOST:PORT until cancelled."""

    async def answer(request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
        except (AttributeError, RecursionError, TypeError, ValueError):
            # No payload of Slack's. Nothing was looked at yet, not even its signature.
            return web.Response(status=400)
        return await to_aiohttp_response(await app.async_dispatch(asked))

    served = web.Application(client_max_size=HTTP_BYTES_MAX)
    served.router.add_post(HTTP_PATH, answer)
    runner = web.AppRunner(
        served,
        access_log=None,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        shutdown_timeout=PING_SECONDS,
    )
    host, _, port = bind.rpartition(":")
    await runner.setup()
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        log.event("slack_listening")
        await asyncio.Event().wait()
    except (OSError, OverflowError):
        raise CannotConnect(CANNOT_LISTEN) from None
    finally:
        await runner.cleanup()


async def _check_token(client: Socket) -> None:
    """Ask for the first address; raise if Slack will never give one."""
    while True:
        try:
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            if word_of(error) in _FINAL:
                raise CannotConnect(REFUSED.format(token=APP_TOKEN)) from None
            log.failure("socket_failed", error)
        except Exception as error:  # noqa: BLE001 - where an attempt ends
            log.failure("socket_failed", error)
        else:
            return
        await asyncio.sleep(WATCH_SECONDS)


async def _watch(client: Socket) -> None:
    """Look after the socket: without this a stale address would be tried for ever."""
    lost = False
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        if await client.is_connected():
            lost = False
            continue
        if not lost:
            log.event("slack_disconnected")
            lost = True
        client.wss_uri = None
        # The client's own monitor looks less often, and not while it connects.
        try:
            await client.connect_to_new_endpoint()
        except Exception as error:  # noqa: BLE001 - where an attempt ends
            log.failure("socket_failed", error)


def _ping_time(sent: object) -> float | None:
    words = bytes(sent).decode("ascii", "replace") if isinstance(sent, bytes) else ""
    _, _, seconds = words.partition(":")
    try:
        return float(seconds)
    except ValueError:
        return None
