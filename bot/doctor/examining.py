"""The examination: every check in the order in which faults are best mended."""

from collections.abc import Callable
from pathlib import Path

from bot.config import Settings
from bot.doctor import computer, discord, secrecy, slack, store
from bot.doctor.findings import Finding, Report, fail, fine
from bot.doctor.folder import (
    judge_copies,
    judge_keystores,
    judge_layout,
    judge_level,
    judge_modes,
    judge_owners,
    level_of,
    look_at_folder,
)


async def examine(
    path: Path, *, now: Callable[[], int], slack_rights: slack.Rights
) -> Report:
    """Look at an installation and at this computer, ask its platforms, and judge.

    `slack_rights` are those that the app's manifest asks for.
    """
    folder = look_at_folder(path)
    settings, finding = secrecy.read_settings(path)
    level = level_of(folder, settings.level if settings else 0)
    findings = [
        judge_layout(folder),
        finding,
        *judge_modes(folder, level),
        *judge_owners(folder),
        *judge_keystores(folder, level),
        *judge_copies(folder),
        judge_level(folder, settings.level if settings else 0),
        *secrecy.judge_secrets(secrecy.look_at_secrets(path)),
        *(await store.check_database(path)),
        *computer.judge_memory(computer.look_at_memory()),
        computer.judge_logs(computer.look_at_logs()),
        *computer.judge_versions(computer.look_at_versions()),
    ]
    asked, seconds_off = await _ask_platforms(settings, now, slack_rights)
    clock = computer.judge_clock(
        is_kept=computer.is_clock_kept(), seconds_off=seconds_off
    )
    return Report(level=level, findings=(*findings, clock, *asked))


async def _ask_platforms(
    settings: Settings | None, now: Callable[[], int], rights: slack.Rights
) -> tuple[list[Finding], int | None]:
    """Return what the platforms say, and how far this clock is off from theirs."""
    if settings is None:
        return [fine("platforms", "not asked: the settings cannot be used")], None
    findings: list[Finding] = []
    second: int | None = None
    if settings.slack_bot_token.get_secret_value():
        look = await slack.look_at_slack(settings)
        findings += slack.judge_slack(look, settings, rights)
        second = look.bot.second
    if settings.discord_token.get_secret_value():
        bot = await discord.look_at_discord(settings)
        findings += discord.judge_discord(bot)
        second = second or bot.second
    if not findings:
        findings.append(_nothing_to_ask(settings))
    return findings, None if second is None else now() - second


def _nothing_to_ask(settings: Settings) -> Finding:
    if settings.platform == "console":
        return fine("platforms", "not asked: the console needs no token")
    return fail(
        "platforms",
        f"not asked: there is no token for {settings.platform.capitalize()} yet",
        "roundrobin init --data DIR goes on where it was and asks for it",
    )
