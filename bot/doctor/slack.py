"""Slack: whether it takes the tokens, and which rights they carry."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.doctor.asking import Answer, NotReached, ask, join
from bot.doctor.findings import Finding, fail, fine, warn
from bot.doctor.tokens import Kind, mix_up

if TYPE_CHECKING:
    from bot.config import Settings

# A workspace of twenty thousand channels.
PAGES_MAX = 20

_APP_PAGE = "api.slack.com/apps"
_WORD = re.compile(r"[a-z_]{1,40}")
# Rights with which a stolen token would read what people write to each other.
_READS_MUCH = re.compile(
    r"(channels|groups|mpim):history|users:read\.email|search:.*|admin.*"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SlackBot:
    """What Slack says of a bot token."""

    fault: str = ""
    bot_name: str = ""
    workspace: str = ""
    scopes: frozenset[str] = frozenset()
    second: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the manifest asks for, and what a hardened one does without."""

    needed: frozenset[str]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLook:
    """What was seen of both tokens; a fault of the app's token is empty if it fits."""

    bot: SlackBot
    bot_shape: str
    app_fault: str
    app_shape: str


async def ask_about_bot(token: str, api: str) -> SlackBot:
    """Ask Slack whose token this is and what it may do."""
    try:
        answer = await _call(api, "auth.test", token)
    except NotReached as reason:
        return SlackBot(fault=f"Slack: {reason}")
    return SlackBot(
        fault=_fault_of(answer),
        bot_name=answer.text("user"),
        workspace=answer.text("team"),
        scopes=answer.scopes,
        second=answer.second,
    )


async def ask_about_app(token: str, api: str) -> str:
    """Return why Slack does not open a connection for this token, or nothing."""
    try:
        return _fault_of(await _call(api, "apps.connections.open", token))
    except NotReached as reason:
        return f"Slack: {reason}"


async def look_at_slack(settings: "Settings") -> SlackLook:
    """Ask Slack about the tokens in the settings, those whose shape is right."""
    bot = settings.slack_bot_token.get_secret_value()
    app = settings.slack_app_token.get_secret_value()
    bot_shape, app_shape = mix_up(bot, Kind.SLACK_BOT), mix_up(app, Kind.SLACK_APP)
    api = settings.slack_api_url
    return SlackLook(
        bot=SlackBot() if bot_shape else await ask_about_bot(bot, api),
        bot_shape=bot_shape,
        app_fault="" if app_shape else await ask_about_app(app, api),
        app_shape=app_shape,
    )


def judge_slack(look: SlackLook, settings: "Settings", rights: Rights) -> list[Finding]:
    """Say whether the bot can work with these tokens, and could do too much."""
    findings = [_judge_bot(look), _judge_connection(look, settings)]
    if not look.bot_shape and not look.bot.fault:
        findings.append(judge_scopes(look.bot.scopes, rights))
    return findings


def judge_scopes(given: frozenset[str], rights: Rights) -> Finding:
    """Compare the rights that the token has with those of the manifest."""
    missing = sorted(rights.needed - given)
    more = sorted(given - rights.needed - rights.optional)
    if missing:
        return fail(
            "slack_scopes",
            f"the app lacks {', '.join(missing)}",
            "paste the manifest of roundrobin slack manifest again, reinstall the app",
        )
    if more:
        state = fail if any(_READS_MUCH.fullmatch(scope) for scope in more) else warn
        return state(
            "slack_scopes",
            f"the app may do more than it needs: {', '.join(more)}",
            "take these rights out of the app and reinstall it",
        )
    return fine("slack_scopes", "the rights are those of the manifest")


def _judge_bot(look: SlackLook) -> Finding:
    if look.bot_shape:
        return fail(
            "slack_bot_token",
            look.bot_shape,
            f"copy it from {_APP_PAGE}, OAuth & Permissions",
        )
    if look.bot.fault:
        return fail(
            "slack_bot_token",
            look.bot.fault,
            f"reinstall the app at {_APP_PAGE} and copy its bot token again",
        )
    return fine("slack_bot_token", "Slack takes it")


def _judge_connection(look: SlackLook, settings: "Settings") -> Finding:
    """Say how events come in: through a socket, or through an address of ours."""
    name = "slack_app_token"
    if settings.slack_app_token.get_secret_value():
        if look.app_shape or look.app_fault:
            return fail(
                name,
                look.app_shape or look.app_fault,
                f"make one at {_APP_PAGE}, Basic Information, App-Level Tokens, "
                "with connections:write",
            )
        return fine(name, "Slack opens a connection for it")
    secret = settings.slack_signing_secret.get_secret_value()
    if not secret:
        return fail(
            name,
            "there is no app-level token, so no event can come in",
            "roundrobin init goes on where it was and asks for it",
        )
    if wrong := mix_up(secret, Kind.SLACK_SIGNING):
        return fail(
            "slack_signing_secret",
            wrong,
            f"copy it from {_APP_PAGE}, Basic Information",
        )
    if not settings.slack_http_bind:
        return fail(
            "slack_signing_secret",
            "nothing says on which address Slack's requests arrive",
            "set slack_http_bind to 127.0.0.1:3000, or use an app-level token",
        )
    return fine("slack_signing_secret", "requests are checked with it")


async def _call(api: str, method: str, token: str) -> Answer:
    address = join(api, method)
    return await ask("POST", address, authorization=f"Bearer {token}")


def _fault_of(answer: Answer) -> str:
    if answer.value("ok") is True:
        return ""
    word = answer.text("error")
    # Slack's errors are words; anything else is not repeated.
    return f"Slack does not take it: {word if _WORD.fullmatch(word) else 'no reason'}"
