"""What this installation needs on Slack and on Discord, and how it connects there."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from bot.compose.gates import settings_of
from bot.compose.parts import SystemClock
from bot.ports import CannotConnect

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from adapters.discord.listeners import Options
    from bot.config import Settings
    from bot.service import Adapter

SLACK_URL_NEEDED = (
    "with ROUNDROBIN_SLACK_HTTP_BIND the manifest needs the address at which Slack "
    "reaches the bot: --url https://bot.example.org"
)
# The rights that the app's manifest asks Slack for, and those that a hardened one does
# without.
SLACK_SCOPES = frozenset(
    [
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:read",
        "users:read",
    ]
)
SLACK_SCOPES_OPTIONAL = frozenset(["im:history"])
NO_DISCORD_BOT = (
    "the bot's token is missing. Put it into a file, and name that file in "
    "ROUNDROBIN_DISCORD_TOKEN_FILE."
)


def what_run_needs(folder: Path) -> str:
    """Return which settings `run` lacks in order to connect a platform, or nothing."""
    if open_adapters(settings_of(folder)):
        return ""
    return (
        "no platform is set up. Slack needs ROUNDROBIN_SLACK_BOT_TOKEN and "
        "ROUNDROBIN_SLACK_APP_TOKEN (with ROUNDROBIN_SLACK_HTTP_BIND it needs "
        "ROUNDROBIN_SLACK_SIGNING_SECRET in place of it), Discord needs "
        "ROUNDROBIN_DISCORD_TOKEN; each may be a file, named in the same setting with "
        "_FILE behind it."
    )


def slack_manifest(
    folder: Path | None, *, name: str, url: str = "", hardened: bool = False
) -> str:
    """Return the manifest of a Slack app for an installation, or for one to come."""
    from adapters.slack.manifest import (  # noqa: PLC0415 - see _slack
        NAME_CHARS_MAX,
        ManifestWishes,
        manifest_json,
    )

    settings = settings_of(folder or Path())
    if settings.slack_http_bind and not url.startswith("https://"):
        raise CannotConnect(SLACK_URL_NEEDED)
    if not 0 < len(name) <= NAME_CHARS_MAX:
        raise CannotConnect(f"an app's name has 1 to {NAME_CHARS_MAX} characters")
    wishes = ManifestWishes(
        command=settings.command,
        name=name,
        url=url if settings.slack_http_bind else "",
        hardened=hardened,
    )
    return manifest_json(wishes)


async def discord_invite(folder: Path) -> str:
    """Return the link that installs the bot of this installation on Discord."""
    settings = settings_of(folder)
    if not settings.discord_token:
        raise CannotConnect(NO_DISCORD_BOT)
    from adapters.discord.listeners import install_link  # noqa: PLC0415 - see _discord

    return await install_link(_discord_options(settings))


def discord_link(application: str) -> str:
    """Return the link that installs a bot whose application is known."""
    from adapters.discord.commands import install_link  # noqa: PLC0415 - see _discord

    return install_link(application)


def open_adapters(
    settings: "Settings",
) -> "list[AbstractAsyncContextManager[Adapter]]":
    """Return the connections that the settings allow, not opened yet."""
    found: list[AbstractAsyncContextManager[Adapter]] = []
    if settings.slack_bot_token and (
        settings.slack_signing_secret
        if settings.slack_http_bind
        else settings.slack_app_token
    ):
        found.append(_slack(settings))
    if settings.discord_token:
        found.append(_discord(settings))
    return found


def _slack(settings: "Settings") -> "AbstractAsyncContextManager[Adapter]":
    # Half a second, which only who serves Slack has to pay.
    from adapters.slack.adapter import SlackSettings, open_slack  # noqa: PLC0415

    told = SlackSettings(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        http_bind=settings.slack_http_bind,
        api_url=settings.slack_api_url,
    )
    return open_slack(told, clock=SystemClock(), randomness=secrets.token_bytes)


def _discord(settings: "Settings") -> "AbstractAsyncContextManager[Adapter]":
    # A third of a second, which only who serves Discord has to pay.
    from adapters.discord.listeners import open_adapter  # noqa: PLC0415
    from bot.charts import chart_png  # noqa: PLC0415 - see above

    return open_adapter(_discord_options(settings), draw=chart_png)


def _discord_options(settings: "Settings") -> "Options":
    from adapters.discord.listeners import Options  # noqa: PLC0415 - see _discord

    return Options(
        token=settings.discord_token.get_secret_value(),
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        command=settings.command,
    )
