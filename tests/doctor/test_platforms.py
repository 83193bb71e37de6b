"""What the platforms say of the tokens, asked of small servers on this machine."""

import asyncio
import json
from email.utils import formatdate
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import __main__ as program
from bot.doctor import asking, examine
from bot.doctor.asking import NotReached, ask
from bot.doctor.findings import Finding, Report, State
from bot.doctor.slack import Rights
from bot.doctor.tokens import Kind, kind_of, mix_up
from tests.fakes.platforms import (
    APP_TOKEN,
    BOT_TOKEN,
    DISCORD_TOKEN,
    SCOPES,
    Discord,
    Slack,
    discord_at,
    slack_at,
)
from tests.world import NOON

RIGHTS = Rights(needed=SCOPES, optional=frozenset({"im:history"}))

pytestmark = pytest.mark.timeout(180)


async def examined(data: Path, *, now: int = NOON) -> Report:
    """Return the report on a folder, where the app needs two rights."""
    return await examine(data, now=lambda: now, slack_rights=RIGHTS)


def named(report: Report, name: str) -> Finding:
    """Return the finding of one check."""
    return next(each for each in report.findings if each.name == name)


def names(report: Report) -> set[str]:
    """Return the names of all checks that were made."""
    return {each.name for each in report.findings}


# Tokens by their first letters --------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        (BOT_TOKEN, Kind.SLACK_BOT),
        (APP_TOKEN, Kind.SLACK_APP),
        ("xoxp-1234567890", Kind.SLACK_USER),
        ("xoxe.xoxb-1-abc", Kind.SLACK_OTHER),
        ("0123456789abcdef" * 2, Kind.SLACK_SIGNING),
        (DISCORD_TOKEN, Kind.DISCORD),
        ("", Kind.UNKNOWN),
        ("seven words of a passphrase", Kind.UNKNOWN),
    ],
)
def test_token_is_told_by_its_shape(token: str, kind: Kind) -> None:
    """Each kind of token is known before it is sent anywhere."""
    assert kind_of(token) is kind


def test_mixed_up_token_is_refused_by_name() -> None:
    """A person who pasted the other token reads which one it is."""
    assert mix_up(BOT_TOKEN, Kind.SLACK_APP) == (
        "This is the bot token. We need the one that starts with xapp-."
    )
    assert "the Discord token" in mix_up(DISCORD_TOKEN, Kind.SLACK_BOT)
    assert "does not look like" in mix_up("hello", Kind.DISCORD)
    assert mix_up(APP_TOKEN, Kind.SLACK_APP) == ""


def test_token_without_first_letters_is_for_its_platform_to_judge() -> None:
    """Only what is known to be another secret is refused unsent."""
    assert mix_up("of-another-shape", Kind.DISCORD) == ""
    assert mix_up("of-another-shape", Kind.SLACK_SIGNING) == ""
    assert "does not look like" in mix_up("of-another-shape", Kind.SLACK_BOT)


# Slack --------------------------------------------------------------------------------


@pytest.fixture
def with_slack(data: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give the installation both tokens of Slack."""
    monkeypatch.setenv("ROUNDROBIN_SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("ROUNDROBIN_SLACK_APP_TOKEN", APP_TOKEN)
    return monkeypatch


async def test_slack_that_is_set_up(data: Path, with_slack: pytest.MonkeyPatch) -> None:
    """Both tokens are taken, and the rights are those of the manifest."""
    slack = Slack(date=formatdate(NOON, usegmt=True))
    async with slack_at(slack) as address:
        with_slack.setenv("ROUNDROBIN_SLACK_API_URL", address)
        report = await examined(data)

    assert slack.asked == ["auth.test", "apps.connections.open"]
    assert not report.has_failed
    assert named(report, "clock").why == "the clock agrees with the platform's"
    assert named(report, "slack_scopes").state is State.OK


@pytest.mark.parametrize(
    ("scopes", "state", "why", "mend"),
    [
        (SCOPES | {"im:history"}, "ok", "those of the manifest", ""),
        (frozenset[str](), "warn", "did not say", "compare them"),
        (SCOPES - {"commands"}, "fail", "lacks commands", "paste the manifest of"),
        (SCOPES | {"reactions:read"}, "warn", "reactions:read", "take these rights"),
        (SCOPES | {"channels:history"}, "fail", "channels:history", "reinstall"),
    ],
)
async def test_slack_scopes(
    scopes: frozenset[str],
    state: str,
    why: str,
    mend: str,
    data: Path,
    with_slack: pytest.MonkeyPatch,
) -> None:
    """Rights that are missing, and rights that are too many, are named."""
    async with slack_at(Slack(scopes=scopes)) as address:
        with_slack.setenv("ROUNDROBIN_SLACK_API_URL", address)
        finding = named(await examined(data), "slack_scopes")

    assert finding.state == state
    assert why in finding.why
    assert mend in finding.mend


@pytest.mark.parametrize(
    ("variable", "value", "name", "why"),
    [
        (
            "BOT_TOKEN",
            "xoxb-0000000000-abcdefghijkl",
            "slack_bot_token",
            "invalid_auth",
        ),
        ("BOT_TOKEN", APP_TOKEN, "slack_bot_token", "This is the app-level token"),
        ("APP_TOKEN", BOT_TOKEN, "slack_app_token", "This is the bot token"),
        ("APP_TOKEN", "xapp-1-A0-1234567890-zzz", "slack_app_token", "invalid_auth"),
        ("APP_TOKEN", "", "slack_app_token", "no app-level token"),
    ],
)
async def test_slack_token_that_does_not_fit(
    variable: str,
    value: str,
    name: str,
    why: str,
    data: Path,
    with_slack: pytest.MonkeyPatch,
) -> None:
    """Each token that Slack would not take is named, with where to get another."""
    with_slack.setenv(f"ROUNDROBIN_SLACK_{variable}", value)
    async with slack_at(Slack()) as address:
        with_slack.setenv("ROUNDROBIN_SLACK_API_URL", address)
        finding = named(await examined(data), name)

    assert finding.state is State.FAIL
    assert why in finding.why
    assert finding.mend


@pytest.mark.parametrize(
    ("secret", "bind", "state", "why"),
    [
        ("0123456789abcdef" * 2, "127.0.0.1:3000", State.OK, "checked with it"),
        ("0123456789abcdef" * 2, "", State.FAIL, "on which address"),
        (BOT_TOKEN, "127.0.0.1:3000", State.FAIL, "This is the bot token"),
    ],
)
async def test_slack_over_http(
    secret: str,
    bind: str,
    state: State,
    why: str,
    data: Path,
    with_slack: pytest.MonkeyPatch,
) -> None:
    """Where Slack comes to us, its requests need a secret and an address."""
    with_slack.delenv("ROUNDROBIN_SLACK_APP_TOKEN")
    with_slack.setenv("ROUNDROBIN_SLACK_SIGNING_SECRET", secret)
    with_slack.setenv("ROUNDROBIN_SLACK_HTTP_BIND", bind)
    async with slack_at(Slack()) as address:
        with_slack.setenv("ROUNDROBIN_SLACK_API_URL", address)
        finding = named(await examined(data), "slack_signing_secret")

    assert finding.state is state
    assert why in finding.why


async def test_clock_is_compared_with_the_platforms(
    data: Path, with_slack: pytest.MonkeyPatch
) -> None:
    """A clock that is an hour off is found by the date of an answer."""
    async with slack_at(Slack(date=formatdate(NOON - 3600, usegmt=True))) as address:
        with_slack.setenv("ROUNDROBIN_SLACK_API_URL", address)
        finding = named(await examined(data), "clock")

    assert finding.state is State.FAIL
    assert "60 minutes off" in finding.why


async def test_platform_that_is_not_there(
    data: Path, with_slack: pytest.MonkeyPatch
) -> None:
    """A platform that cannot be reached is said, without an address."""
    with_slack.setenv("ROUNDROBIN_SLACK_API_URL", "http://127.0.0.1:9/api/")
    finding = named(await examined(data), "slack_bot_token")

    assert finding.why == "Slack: it cannot be reached from here"


# Discord ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discord", "state", "why"),
    [
        (Discord(), State.OK, "no more"),
        (Discord(permissions="8"), State.FAIL, "Administrator"),
        (Discord(permissions=str(1 << 13)), State.WARN, "Manage Messages"),
        (Discord(flags=1 << 19), State.WARN, "Message Content"),
        (Discord(flags=1 << 14), State.WARN, "Server Members"),
        (Discord(public=True), State.WARN, "anybody can add"),
    ],
)
async def test_discord_rights(
    discord: Discord,
    state: State,
    why: str,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the bot could do beyond its work is named."""
    monkeypatch.setenv("ROUNDROBIN_DISCORD_TOKEN", DISCORD_TOKEN)
    async with discord_at(discord) as address:
        monkeypatch.setenv("ROUNDROBIN_DISCORD_API_URL", address)
        report = await examined(data)

    assert named(report, "discord_token").state is State.OK
    assert named(report, "discord_rights").state is state
    assert why in named(report, "discord_rights").why


@pytest.mark.parametrize(
    ("token", "discord", "why"),
    [
        (f"{'N' * 24}.{'x' * 6}.{'y' * 38}", Discord(), "does not take it"),
        (BOT_TOKEN, Discord(), "This is the bot token"),
        (DISCORD_TOKEN, Discord(bot=False), "a person's token"),
    ],
)
async def test_discord_token_that_does_not_fit(
    token: str,
    discord: Discord,
    why: str,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token that Discord would not take, or a person's, is refused."""
    monkeypatch.setenv("ROUNDROBIN_DISCORD_TOKEN", token)
    async with discord_at(discord) as address:
        monkeypatch.setenv("ROUNDROBIN_DISCORD_API_URL", address)
        report = await examined(data)

    assert named(report, "discord_token").state is State.FAIL
    assert why in named(report, "discord_token").why
    assert "discord_rights" not in names(report)


# Answers that are none ----------------------------------------------------------------


async def test_answer_that_is_no_json() -> None:
    """A page of a hotel's network is not taken for Slack's word."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>Please log in</html>")

    app = web.Application()
    app.router.add_get("/", page)
    async with TestServer(app) as server:
        with pytest.raises(NotReached, match="not from this platform"):
            await ask("GET", str(server.make_url("/")), authorization="none")


async def test_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits longer than the bound."""

    async def never(_request: web.Request) -> web.Response:
        await asyncio.sleep(2)
        return web.Response()

    monkeypatch.setattr(asking, "ANSWER_SECONDS_MAX", 0.2)
    app = web.Application()
    app.router.add_get("/", never)
    async with TestServer(app) as server:
        with pytest.raises(NotReached, match="does not answer"):
            await ask("GET", str(server.make_url("/")), authorization="none")


# The command --------------------------------------------------------------------------


def test_command_prints_lines_and_ends_with_its_verdict(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person reads the state, why and the mend; the exit code is the verdict."""
    good = program.run_command(["doctor", "--data", str(data)])
    said = capsys.readouterr().out
    (data / "gate").chmod(0o755)
    bad = program.run_command(["doctor", "--data", str(data)])
    said_bad = capsys.readouterr().out

    assert (good, bad) == (0, 1)
    assert "ok    keystores: the keys are there" in said
    assert "To mend: 0." in said
    assert "fail  modes: other users can get into gate.\n      mend: chmod" in said_bad


def test_command_prints_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program gets the level and the checks."""
    code = program.run_command(["doctor", "--data", str(data), "--json"])
    report = json.loads(capsys.readouterr().out)

    assert code == 0
    assert list(report) == ["level", "checks"]
    assert report["level"] == "L0"
    assert all(
        list(each) == ["name", "state", "why", "mend"] for each in report["checks"]
    )
    assert {each["state"] for each in report["checks"]} <= {"ok", "warn"}


def test_report_names_no_secret_and_no_place(
    data: Path, with_slack: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever is shown the report learns neither tokens nor where the folder is."""
    with_slack.setenv("ROUNDROBIN_SLACK_API_URL", "http://127.0.0.1:9/api/")
    program.run_command(["doctor", "--data", str(data)])
    said = capsys.readouterr().out

    assert "cannot be reached" in said
    for secret in (BOT_TOKEN, APP_TOKEN, str(data), "127.0.0.1:9"):
        assert secret not in said
