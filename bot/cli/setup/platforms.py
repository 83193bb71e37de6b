"""The app on its platform: tokens told apart and checked at once, and a first word."""

import asyncio
import shlex
from collections.abc import Callable
from pathlib import Path

from bot import greeting, setup
from bot.cli.rights import SLACK_RIGHTS
from bot.cli.setup.naming import command_in_words
from bot.cli.setup.person import ask, tell
from bot.cli.shield import CannotDo
from bot.config import load
from bot.doctor import discord, slack
from bot.doctor.findings import State
from bot.doctor.tokens import Kind, mix_up
from bot.greeting import Greeting
from bot.views import setup as words

# As often as somebody goes back to the browser to let the bot into a channel.
CHANNEL_TRIES_MAX = 8


def set_up_slack(folder: Path) -> None:
    """Lead through the making of the app, and take its two tokens."""
    api = load(folder).slack_api_url
    if not setup.has_token(folder, "slack_bot_token"):
        name = shlex.quote(load(folder).display_name)
        place = shlex.quote(str(folder))
        command = f"roundrobin slack manifest --data {place} --name {name}"
        tell(words.SLACK_APP.format(command=command))
        token = _ask_token(
            words.SLACK_BOT_TOKEN_PROMPT,
            Kind.SLACK_BOT,
            lambda token: asyncio.run(slack.ask_about_bot(token, api)).fault,
        )
        bot = asyncio.run(slack.ask_about_bot(token, api))
        tell(words.SLACK_BOT.format(bot=bot.bot_name, workspace=bot.workspace))
        rights = slack.judge_scopes(bot.scopes, SLACK_RIGHTS)
        if rights.state is not State.OK:
            tell(words.RIGHTS.format(why=rights.why, mend=rights.mend))
        setup.keep_token(folder, "slack_bot_token", token)
    if not setup.has_token(folder, "slack_app_token"):
        tell(words.SLACK_APP_TOKEN)
        token = _ask_token(
            words.SLACK_APP_TOKEN_PROMPT,
            Kind.SLACK_APP,
            lambda token: asyncio.run(slack.ask_about_app(token, api)),
        )
        tell(words.APP_TOKEN_TAKEN)
        setup.keep_token(folder, "slack_app_token", token)


def set_up_discord(folder: Path) -> None:
    """Lead through the making of the bot, take its token, and let it into a server."""
    settings = load(folder)
    api = settings.discord_api_url
    if not setup.has_token(folder, "discord_token"):
        tell(words.DISCORD_APP.format(name=settings.display_name))
        token = _ask_token(
            words.DISCORD_TOKEN_PROMPT,
            Kind.DISCORD,
            lambda token: asyncio.run(discord.ask_about_bot(token, api)).fault,
        )
        setup.keep_token(folder, "discord_token", token)
    token = load(folder).discord_token.get_secret_value()
    bot = asyncio.run(discord.ask_about_bot(token, api))
    tell(words.DISCORD_BOT.format(bot=bot.bot_name))
    for finding in discord.judge_discord(bot):
        if finding.state is not State.OK:
            tell(words.RIGHTS.format(why=finding.why, mend=finding.mend))
    tell(words.DISCORD_LINK.format(link=greeting.invitation_link(bot.application)))
    ask(
        words.DISCORD_JOINED,
        lambda _: (
            ""
            if asyncio.run(greeting.has_joined_a_server(token, api))
            else words.DISCORD_NOT_JOINED
        ),
    )


def greet(folder: Path, platform: str) -> None:
    """Let the person choose a channel, and post the bot's first message there."""
    settings = load(folder)
    text = words.FIRST_MESSAGE.format(command=command_in_words(settings, platform))
    tell(words.CHANNEL)
    channel, prompt = "", words.CHANNEL_PROMPT
    for _ in range(CHANNEL_TRIES_MAX):
        channel = ask(prompt, lambda _: "", proposed=channel) or channel
        said = _post(folder, platform, channel, text)
        if said is Greeting.POSTED:
            tell(words.POSTED)
            return
        tell(_what_now(folder, platform, said))
        prompt = words.CHANNEL_AGAIN
    raise CannotDo(words.STOPPED)


def _ask_token(prompt: str, wanted: Kind, fault_of: Callable[[str], str]) -> str:
    """Return a token of the right kind that its platform takes."""

    def fault(typed: str) -> str:
        if wrong := mix_up(typed, wanted):
            return wrong
        refused = fault_of(typed)
        return words.TRY_TOKEN_AGAIN.format(fault=refused) if refused else ""

    return ask(prompt, fault, hidden=True)


def _post(folder: Path, platform: str, channel: str, text: str) -> Greeting:
    settings = load(folder)
    if platform == "slack":
        work = greeting.greet_on_slack(
            channel,
            text,
            token=settings.slack_bot_token.get_secret_value(),
            api=settings.slack_api_url,
        )
    else:
        work = greeting.greet_on_discord(
            channel,
            text,
            token=settings.discord_token.get_secret_value(),
            api=settings.discord_api_url,
        )
    return asyncio.run(work)


def _what_now(folder: Path, platform: str, said: Greeting) -> str:
    if said is Greeting.NO_RIGHT:
        return words.NO_RIGHT_TO_POST
    if said is Greeting.NOT_POSTED:
        return words.NOT_POSTED.format(platform=platform.capitalize())
    return words.NO_SUCH_CHANNEL[platform].format(bot=_bot_name(folder, platform))


def _bot_name(folder: Path, platform: str) -> str:
    """Return how people mention the bot: Slack may have made a name of its own."""
    settings = load(folder)
    if platform != "slack":
        return settings.display_name
    token = settings.slack_bot_token.get_secret_value()
    bot = asyncio.run(slack.ask_about_bot(token, settings.slack_api_url))
    return bot.bot_name or settings.display_name
