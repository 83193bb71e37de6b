"""The commands that make, reopen and end an installation's folder."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.passphrase import find_passphrase
from bot.cli.shield import DONE, CannotDo
from bot.hardening import leave_no_memory_behind
from bot.ports import CannotConnect

if TYPE_CHECKING:
    from bot.compose import Founded
    from bot.config import Platform

PLATFORMS: "tuple[Platform, ...]" = ("console", "slack", "discord")
# Three wrong words, and the person wants something else.
QUESTIONS_MAX = 3

_FOUNDED = """\
This is ready: {data}

Passphrase, shown once:

    {passphrase}

Write it down where only you find it. It opens the keys on this computer.
If it is lost, or if the folder is restored from a backup without its keys, the open
polls end without a result. Nobody can bring it back, and neither can we.

Invite for the first organizer, works once, for 7 days:

    {invite}

They type /rr invite and then this code into the form.

Next:

    roundrobin {next} --data {data}
"""


def make_installation(data: Path, platform: "Platform | None", *, as_json: bool) -> int:
    """Make an installation, and show its passphrase and its invite once."""
    from bot import compose  # noqa: PLC0415 - a question needs no library

    leave_no_memory_behind()
    chosen = platform or ("console" if as_json else _ask_platform())
    founded = asyncio.run(compose.found(data, platform=chosen))
    if as_json:
        typer.echo(
            json.dumps({"passphrase": founded.passphrase, "invite": founded.invite})
        )
    else:
        typer.echo(_in_words(founded, data, chosen), nl=False)
    return DONE


def print_invite(data: Path, passphrase_file: Path | None) -> int:
    """Print a new code for a lead organizer."""
    from bot import compose  # noqa: PLC0415

    leave_no_memory_behind()
    compose.check(data)
    passphrase = find_passphrase(passphrase_file)
    typer.echo(asyncio.run(compose.invite(data, passphrase)))
    if sys.stdout.isatty():
        typer.echo("It works once, for 7 days. Give it by hand, or on paper.")
    return DONE


def wipe_installation(data: Path, *, yes: bool) -> int:
    """Destroy an installation, after a question."""
    from bot import compose  # noqa: PLC0415

    if not yes:
        if not sys.stdin.isatty():
            raise CannotDo("nothing was removed: there is nobody to ask. Say --yes.")
        typer.echo(
            "This destroys the keys and all files of this installation. Open polls\n"
            "end without a result. It cannot be undone."
        )
        if typer.prompt("Type wipe to go on").strip().lower() != "wipe":
            raise CannotDo("nothing was removed.")
    compose.wipe(data)
    typer.echo("Removed: the keys first, then the files.")
    return DONE


def _ask_platform() -> "Platform":
    """Return where people will answer; without a terminal, the console."""
    if not sys.stdin.isatty():
        return "console"
    for number, name in enumerate(PLATFORMS, start=1):
        hint = " (to try things on this computer)" if name == "console" else ""
        typer.echo(f"  {number}  {name}{hint}")
    for _ in range(QUESTIONS_MAX):
        typed = typer.prompt("Where will people answer?", default="console")
        for number, name in enumerate(PLATFORMS, start=1):
            if typed.strip().lower() in (name, str(number)):
                return name
    raise CannotDo("nothing was made: choose console, slack or discord.")


def print_discord_invite(data: Path) -> int:
    """Print the link that installs the bot on Discord."""
    from bot import compose  # noqa: PLC0415 - a quarter of a second

    compose.check(data)
    try:
        link = asyncio.run(compose.discord_invite(data))
    except CannotConnect as refused:
        raise CannotDo(str(refused)) from None
    typer.echo(link)
    return DONE


def _in_words(founded: "Founded", data: Path, platform: "Platform") -> str:
    return _FOUNDED.format(
        data=data,
        passphrase=founded.passphrase,
        invite=founded.invite,
        next="console" if platform == "console" else "run",
    )


def print_manifest(data: Path | None, *, name: str, url: str, hardened: bool) -> int:
    """Print the manifest of the Slack app."""
    from bot import compose  # noqa: PLC0415 - a quarter of a second

    if data is not None:
        compose.check(data)
    try:
        manifest = compose.slack_manifest(data, name=name, url=url, hardened=hardened)
    except CannotConnect as refused:
        raise CannotDo(str(refused)) from None
    typer.echo(manifest)
    return DONE
