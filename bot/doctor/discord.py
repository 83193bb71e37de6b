"""Discord: whether it takes the token, and which rights the bot carries."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.doctor.asking import Answer, NotReached, ask, join
from bot.doctor.findings import Finding, fail, fine, warn, worst
from bot.doctor.tokens import Kind, mix_up

if TYPE_CHECKING:
    from bot.config import Settings

_BOT_PAGE = "discord.com/developers/applications"
_UNAUTHORIZED = 401
_OK = 200

# Permissions of a bot in a server (discord.com/developers/docs/topics/permissions):
# with each of them a stolen token could do more than post.
_TOO_BROAD = {
    3: "Administrator",
    1: "Kick Members",
    2: "Ban Members",
    4: "Manage Channels",
    5: "Manage Server",
    7: "View Audit Log",
    13: "Manage Messages",
    28: "Manage Roles",
    29: "Manage Webhooks",
}
# Flags of an application: intents that Discord calls privileged, each as granted in
# full and as granted to small bots.
_PRESENCE = (1 << 12) | (1 << 13)
_MESSAGE_CONTENT = (1 << 18) | (1 << 19)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DiscordBot:
    """What Discord says of a bot's token, and what the bot may do in its servers."""

    fault: str = ""
    shape: str = ""
    application: str = ""
    bot_name: str = ""
    flags: int = 0
    is_public: bool = False
    permissions: tuple[int, ...] = ()
    second: int | None = None


async def ask_about_bot(token: str, api: str) -> DiscordBot:
    """Ask Discord whose token this is and what the bot may do."""
    try:
        user = await call(api, "users/@me", token)
        if fault := fault_of(user):
            return DiscordBot(fault=fault, second=user.second)
        if user.value("bot") is not True:
            return DiscordBot(fault="this is a person's token, not a bot's")
        application = await call(api, "applications/@me", token)
        guilds = await call(api, "users/@me/guilds", token)
    except NotReached as reason:
        return DiscordBot(fault=f"Discord: {reason}")
    flags = application.value("flags")
    return DiscordBot(
        fault=fault_of(application),
        application=application.text("id"),
        bot_name=user.text("username"),
        flags=flags if isinstance(flags, int) else 0,
        is_public=application.value("bot_public") is True,
        permissions=tuple(_bits(row.text("permissions")) for row in guilds.rows()),
        second=user.second,
    )


async def look_at_discord(settings: "Settings") -> DiscordBot:
    """Ask Discord about the token in the settings, if its shape is right."""
    token = settings.discord_token.get_secret_value()
    if shape := mix_up(token, Kind.DISCORD):
        return DiscordBot(shape=shape)
    return await ask_about_bot(token, settings.discord_api_url)


def judge_discord(bot: DiscordBot) -> list[Finding]:
    """Say whether the bot can work with this token, and could do too much."""
    page = f"copy it again from {_BOT_PAGE}, Bot, Reset Token"
    if bot.shape or bot.fault:
        return [fail("discord_token", bot.shape or bot.fault, page)]
    return [fine("discord_token", "Discord takes it"), *_judge_rights(bot)]


async def call(api: str, path: str, token: str) -> Answer:
    """Ask Discord for something that the bot may read."""
    return await ask("GET", join(api, path), authorization=f"Bot {token}")


def fault_of(answer: Answer) -> str:
    """Return why Discord refused, in words of ours, or nothing."""
    if answer.status == _OK:
        return ""
    if answer.status == _UNAUTHORIZED:
        return "Discord does not take it"
    return f"Discord answers with {answer.status}"


def _judge_rights(bot: DiscordBot) -> list[Finding]:
    faults: list[Finding] = []
    held = {
        name
        for bit, name in _TOO_BROAD.items()
        if any(permissions >> bit & 1 for permissions in bot.permissions)
    }
    if held:
        faults.append(
            (fail if "Administrator" in held else warn)(
                "discord_rights",
                f"the bot may do more than it needs: {', '.join(sorted(held))}",
                "take these permissions from the bot's role in the server's settings",
            )
        )
    if bot.flags & (_PRESENCE | _MESSAGE_CONTENT):
        faults.append(
            warn(
                "discord_rights",
                "the bot may read all messages, or see who is online",
                f"switch both intents off: {_BOT_PAGE}, Bot",
            )
        )
    if bot.is_public:
        faults.append(
            warn(
                "discord_rights",
                "anybody can add this bot to a server of theirs",
                f"switch Public Bot off: {_BOT_PAGE}, Bot",
            )
        )
    return worst(
        faults, fine("discord_rights", "the bot may do what it needs, no more")
    )


def _bits(text: str) -> int:
    return int(text) if text.isdecimal() else 0
