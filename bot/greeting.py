"""The bot's first message in a channel, sent by `init` before the bot runs.

It shows that the tokens, the rights and the channel fit together. The channel is kept
nowhere.
"""

import re
from enum import Enum, auto
from urllib.parse import urlencode

from bot.doctor.asking import Answer, NotReached, ask, join
from bot.doctor.discord import call as call_discord

# A workspace of twenty thousand channels.
PAGES_MAX = 20
PAGE_CHANNELS = 1000
# A bot that is only for one shop is in one server; more are looked through up to here.
SERVERS_MAX = 20

# View channels, send messages, attach files (discord.com/developers/docs/topics).
DISCORD_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 15
_OK = range(200, 300)
_FORBIDDEN = 403
_NOT_FOUND = 404
_TEXT_CHANNEL = 0

_SLACK_ID = re.compile(r"(?:https://\S+/archives/)?([CG][A-Z0-9]{6,20})(?:[/?]\S*)?")
_DISCORD_ID = re.compile(r"(?:https://\S+/channels/\d+/)?(\d{15,20})(?:/\d+)?")
_NOT_IN_CHANNEL = frozenset(["not_in_channel", "channel_not_found"])
_NO_RIGHT = frozenset(["restricted_action", "missing_scope", "is_archived"])


class Greeting(Enum):
    """What became of the first message."""

    POSTED = auto()
    NO_SUCH_CHANNEL = auto()
    NO_RIGHT = auto()
    NOT_POSTED = auto()


async def greet_on_slack(typed: str, words: str, *, token: str, api: str) -> Greeting:
    """Find a channel by its name, number or link, and post there."""
    try:
        channel = await _slack_channel(typed, token=token, api=api)
        if not channel:
            return Greeting.NO_SUCH_CHANNEL
        answer = await ask(
            "POST",
            join(api, "chat.postMessage"),
            authorization=f"Bearer {token}",
            form={
                "channel": channel,
                "text": words.replace("&", "&amp;").replace("<", "&lt;"),
                "unfurl_links": "false",
                "unfurl_media": "false",
            },
        )
    except NotReached:
        return Greeting.NOT_POSTED
    if answer.value("ok") is True:
        return Greeting.POSTED
    if answer.text("error") in _NOT_IN_CHANNEL:
        return Greeting.NO_SUCH_CHANNEL
    return _refused(answer.text("error") in _NO_RIGHT)


async def greet_on_discord(typed: str, words: str, *, token: str, api: str) -> Greeting:
    """Find a channel by its name, number or link, and post there."""
    try:
        channel = await _discord_channel(typed, token=token, api=api)
        if not channel:
            return Greeting.NO_SUCH_CHANNEL
        answer = await ask(
            "POST",
            join(api, f"channels/{channel}/messages"),
            authorization=f"Bot {token}",
            # Nobody is mentioned, whatever the words are.
            content={"content": words, "allowed_mentions": {"parse": []}},
        )
    except NotReached:
        return Greeting.NOT_POSTED
    if answer.status in _OK:
        return Greeting.POSTED
    if answer.status == _NOT_FOUND:
        return Greeting.NO_SUCH_CHANNEL
    return _refused(answer.status == _FORBIDDEN)


async def has_joined_a_server(token: str, api: str) -> bool:
    """Tell whether the bot is in a server of Discord's."""
    try:
        return bool((await call_discord(api, "users/@me/guilds", token)).rows())
    except NotReached:
        return False


def invitation_link(application: str) -> str:
    """Return the link with which a server's owner lets the bot in."""
    asked = urlencode(
        {
            "client_id": application,
            "scope": "bot applications.commands",
            "permissions": DISCORD_PERMISSIONS,
        }
    )
    return f"https://discord.com/oauth2/authorize?{asked}"


def _refused(no_right: bool) -> Greeting:  # noqa: FBT001 - the one question
    return Greeting.NO_RIGHT if no_right else Greeting.NOT_POSTED


async def _slack_channel(typed: str, *, token: str, api: str) -> str:
    if matched := _SLACK_ID.fullmatch(typed):
        return matched[1]
    name, cursor = typed.lstrip("#").casefold(), ""
    for _ in range(PAGES_MAX):
        page = await ask(
            "POST",
            # Those that the bot was let into; in others it could not post anyway.
            join(api, "users.conversations"),
            authorization=f"Bearer {token}",
            form={
                "types": "public_channel,private_channel",
                "exclude_archived": "true",
                "limit": str(PAGE_CHANNELS),
                "cursor": cursor,
            },
        )
        if found := _named(page.rows("channels"), name):
            return found
        cursor = page.text("response_metadata", "next_cursor")
        if not cursor:
            break
    return ""


async def _discord_channel(typed: str, *, token: str, api: str) -> str:
    if matched := _DISCORD_ID.fullmatch(typed):
        return matched[1]
    name = typed.lstrip("#").casefold()
    servers = await call_discord(api, "users/@me/guilds", token)
    for server in servers.rows()[:SERVERS_MAX]:
        path = f"guilds/{server.text('id')}/channels"
        channels = (await call_discord(api, path, token)).rows()
        texts = [each for each in channels if each.value("type") == _TEXT_CHANNEL]
        if found := _named(texts, name):
            return found
    return ""


def _named(channels: list[Answer], name: str) -> str:
    return next(
        (each.text("id") for each in channels if each.text("name").casefold() == name),
        "",
    )
