"""`doctor`: the report on one installation, in lines or as JSON."""

import asyncio
from pathlib import Path

import typer

from bot import compose
from bot.cli.rights import SLACK_RIGHTS
from bot.cli.shield import DONE, FAILED
from bot.doctor import examine
from bot.doctor.findings import Finding, Report, State


def print_report(data: Path, *, as_json: bool) -> int:
    """Print what is wrong and how to mend it; 1 if anything has to be mended."""
    report = asyncio.run(
        examine(data, now=compose.SystemClock().now, slack_rights=SLACK_RIGHTS)
    )
    typer.echo(report.as_json() if as_json else _in_words(report))
    return FAILED if report.has_failed else DONE


def _in_words(report: Report) -> str:
    lines = [line for each in report.findings for line in _lines(each)]
    failed, warned = report.count(State.FAIL), report.count(State.WARN)
    return "\n".join([*lines, "", f"To mend: {failed}. Could be better: {warned}."])


def _lines(finding: Finding) -> list[str]:
    first = f"{finding.state:4}  {finding.name}: {finding.why}."
    return [first, f"      mend: {finding.mend}."] if finding.mend else [first]
