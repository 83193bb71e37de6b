"""The calls to Slack's Web API, and what its refusals mean (docs.slack.dev).

Errors carry Slack's own word for what is wrong and nothing of what was asked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Protocol, TypeAlias, cast

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import log
from bot.core.canonical import JsonObject

# Slack answers in well under a second; a person's form opens within three.
CALL_SECONDS_MAX = 10
# Slack's largest page of people or channels.
PAGE_ROWS_MAX = 999
# 80,000 members come in 81 pages; twice as many are no workspace.
PAGES_MAX = 200
# A rush of private answers must not keep acknowledgements and forms waiting.
ANSWERS_AT_ONCE_MAX = 16
# What a 429 without Retry-After asks for.
BUSY_SECONDS = 30.0

# Slack's words for "not now".
_BUSY = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
    }
)
# Slack's words for "this token is no good, and will not become any better".
_REVOKED = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_authed",
        "not_allowed_token_type",
        "token_expired",
        "token_revoked",
    }
)

Row: TypeAlias = JsonObject


class _Answer(Protocol):
    """An answer of Slack's, as far as it is looked at."""

    status_code: int
    headers: Mapping[str, str]

    def get(self, key: str) -> object:
        """Return a part of it, or None."""
        ...


class _Client(Protocol):
    """The library's client, as far as it is used; its own types are half unknown."""

    async def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        json: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
    ) -> _Answer:
        """Call a method."""
        ...

    async def files_upload_v2(
        self,
        *,
        filename: str,
        title: str,
        content: bytes,
        channel: str | None,
        initial_comment: str | None,
        alt_txt: str | None,
    ) -> _Answer:
        """Upload a file by three calls."""
        ...


class Declined(Exception):
    """Slack says no, in one word of its own."""

    def __init__(self, word: str) -> None:
        """Keep the word, for whoever knows what it means."""
        super().__init__()
        self.word = word

    @property
    def is_final(self) -> bool:
        """Tell whether the token itself is refused."""
        return self.word in _REVOKED


class Busy(Exception):
    """Slack cannot be reached, or asks to be left alone for some seconds."""

    def __init__(self, retry_after: float = 0.0) -> None:
        """Keep for how long."""
        super().__init__()
        self.retry_after = retry_after


class Web:
    """Slack's Web API, as far as the bot needs it. It keeps nothing that it is told."""

    def __init__(self, *, token: str, address: str) -> None:
        """Talk to the API at `address`; `open` must come first."""
        self.client = AsyncWebClient(
            token=token,
            base_url=address,
            timeout=CALL_SECONDS_MAX,
            logger=log.library("slack_sdk"),
            # A call that is repeated unasked could post a message twice.
            retry_handlers=[],
        )
        self._client = cast("_Client", self.client)
        self._answering = asyncio.Semaphore(ANSWERS_AT_ONCE_MAX)

    async def open(self) -> None:
        """Open the connections that all calls share."""
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS_MAX),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """Close them."""
        if self.client.session is not None:
            await self.client.session.close()

    # The bot itself ----------------------------------------------------------

    async def own_team(self) -> str:
        """Return the workspace that the token belongs to."""
        return str((await self._call("auth.test")).get("team_id"))

    # People and channels -----------------------------------------------------

    async def people(self) -> AsyncIterator[list[Row]]:
        """Yield all accounts of the workspace, page by page."""
        async for page in self._pages("users.list"):
            yield cast("list[Row]", page.get("members") or [])

    async def members(self, channel: str) -> AsyncIterator[list[str]]:
        """Yield the ids of a channel's members, page by page."""
        async for page in self._pages("conversations.members", channel=channel):
            yield cast("list[str]", page.get("members") or [])

    async def own_channels(self) -> AsyncIterator[list[Row]]:
        """Yield the channels that the bot is in, page by page."""
        async for page in self._pages(
            "users.conversations",
            types="public_channel,private_channel",
            exclude_archived="true",
        ):
            yield cast("list[Row]", page.get("channels") or [])

    async def channel(self, channel: str) -> Row:
        """Return what Slack tells of a channel."""
        found = await self._read("conversations.info", channel=channel)
        return cast("Row", found.get("channel") or {})

    # Messages ----------------------------------------------------------------

    async def post(self, channel: str, message: JsonObject) -> str:
        """Post a message; return Slack's name of it."""
        where: JsonObject = {"channel": channel, "link_names": False}
        return str((await self._call("chat.postMessage", message | where)).get("ts"))

    async def revise(self, channel: str, reference: str, message: JsonObject) -> None:
        """Show `message` in place of an earlier one."""
        where: JsonObject = {"channel": channel, "ts": reference, "link_names": False}
        await self._call("chat.update", message | where)

    async def written(self, channel: str, reference: str, user: str) -> Row:
        """Return a message that `user` wrote to the bot, or an empty one."""
        found = await self._read(
            "conversations.history",
            channel=channel,
            latest=reference,
            inclusive="true",
            limit="1",
        )
        for message in cast("list[Row]", found.get("messages") or []):
            if message.get("ts") == reference and message.get("user") == user:
                return message
        return {}

    async def respond(self, address: str, message: JsonObject) -> None:
        """Answer through the address that came with a request."""
        hook = AsyncWebhookClient(
            address,
            timeout=CALL_SECONDS_MAX,
            session=self.client.session,
            logger=log.library("slack_sdk"),
            retry_handlers=[],
        )
        try:
            async with self._answering:
                answer = await hook.send_dict(dict(message))
        except (aiohttp.ClientError, TimeoutError, SlackClientError):
            raise Busy from None
        _check_status(answer.status_code, answer.headers.get("Retry-After"))
        # Taken is "ok", or an object that says so; an old address may say no in a 200.
        if '"ok":false' in answer.body.replace(" ", ""):
            raise Declined("address_refused")

    async def upload(
        self, name: str, content: bytes, *, words: str = "", channel: str = ""
    ) -> str:
        """Upload a file, into a channel if one is named; return Slack's id of it.

        `words` stand above a file in a channel, and are its description elsewhere.
        """
        sent = await _asked(
            self._client.files_upload_v2(
                filename=name,
                title=name,
                content=content,
                channel=channel or None,
                initial_comment=words if channel else None,
                alt_txt=words if words and not channel else None,
            )
        )
        files = cast("list[Row]", sent.get("files") or [{}])
        return str(files[0].get("id"))

    # Views -------------------------------------------------------------------

    async def open_view(self, trigger: str, view: JsonObject) -> None:
        """Open a form window for whoever's request this trigger came with."""
        await self._call("views.open", {"trigger_id": trigger, "view": view})

    async def update_view(self, view_id: str, view: JsonObject) -> None:
        """Show another page in a form window."""
        await self._call("views.update", {"view_id": view_id, "view": view})

    async def publish_home(self, user: str, view: JsonObject) -> None:
        """Show the home page to whoever looks at it."""
        await self._call("views.publish", {"user_id": user, "view": view})

    # Private -----------------------------------------------------------------

    async def _call(self, method: str, asked: JsonObject | None = None) -> _Answer:
        return await _asked(self._client.api_call(method, json=asked or {}))

    async def _read(self, method: str, **asked: str) -> _Answer:
        # Slack's reading methods take no JSON.
        return await _asked(
            self._client.api_call(method, http_verb="GET", params=asked)
        )

    async def _pages(self, method: str, **asked: str) -> AsyncIterator[_Answer]:
        asked["limit"] = str(PAGE_ROWS_MAX)
        for _ in range(PAGES_MAX):
            page = await self._read(method, **asked)
            yield page
            told = cast("Row", page.get("response_metadata") or {})
            asked["cursor"] = str(told.get("next_cursor") or "")
            if not asked["cursor"]:
                return


def word_of(error: SlackClientError) -> str:
    """Return Slack's own word for what is wrong, or nothing if it said none."""
    response: object = getattr(error, "response", None)
    if not isinstance(response, AsyncSlackResponse):
        return ""
    try:
        return str(cast("_Answer", response).get("error") or "")
    except AttributeError:
        # Text from somebody in between, in which the library looks for words.
        return ""


async def _asked(call: Awaitable[_Answer]) -> _Answer:
    """Return Slack's answer, or raise `Busy` or `Declined` and nothing else."""
    try:
        return await call
    except SlackClientError as error:
        raise _meaning(error) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Busy from None
    except (AttributeError, TypeError, ValueError):
        # Somebody in between answered with a page of their own; the library trips.
        raise Busy from None


def _meaning(error: SlackClientError) -> Busy | Declined:
    response: object = getattr(error, "response", None)
    if not isinstance(response, AsyncSlackResponse):
        # No answer of the API: an upload that was not taken, or somebody's own page.
        return Busy()
    answer = cast("_Answer", response)
    try:
        _check_status(answer.status_code, answer.headers.get("Retry-After"))
    except (Busy, Declined) as meant:
        return meant
    word = word_of(error) or "unknown_error"
    return Busy(_seconds(None)) if word in _BUSY else Declined(word)


def _check_status(status: int, retry_after: str | None) -> None:
    if status == 429:  # noqa: PLR2004 - HTTP's word for "too many requests"
        raise Busy(_seconds(retry_after))
    if status >= 500:  # noqa: PLR2004 - a fault of the server
        raise Busy
    if status >= 400:  # noqa: PLR2004 - a fault of the request
        raise Declined("http_error")


def _seconds(told: str | None) -> float:
    return float(told) if told and told.isascii() and told.isdecimal() else BUSY_SECONDS
