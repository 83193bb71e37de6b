"""The commands that make, reopen and end an installation's folder."""

import asyncio
import json
import shutil
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
    from bot.setup import Wishes

_NAME = "roundrobin"

_FOUNDED = """\
This is ready: {data}

Passphrase, shown once:

    {passphrase}
{counter}
Write it down where only you find it. It opens the keys on this computer.
If it is lost, or if the folder is restored from a backup without its keys, the open
polls end without a result. Nobody can bring it back, and neither can we.

Invite for the first organizer, works once, for 7 days:

    {invite}

They type /{command} invite and then this code into the form.

Next:

    {program} {next} --data {data}
"""
_COUNTER = """
Passphrase of the counter, shown once:

    {passphrase}
"""


def make_installation(
    data: Path, platform: "Platform | None", wishes: "Wishes", *, as_json: bool
) -> int:
    """Make an installation: in a conversation, or with what the flags say."""
    from bot import setup  # noqa: PLC0415 - help needs no library

    leave_no_memory_behind()
    setup.check_wishes(wishes)
    at_terminal = sys.stdin.isatty() and not as_json
    if at_terminal and (setup.step_of(data) or platform != "console"):
        from bot.cli.setup import begin, go_on  # noqa: PLC0415

        if setup.step_of(data):
            return go_on(data, wishes)
        return begin(data, platform, wishes)
    return _found(data, platform or "console", wishes, as_json=as_json)


def _found(data: Path, platform: "Platform", wishes: "Wishes", *, as_json: bool) -> int:
    """Make an installation without a question, and print its secrets once."""
    from bot import compose, setup  # noqa: PLC0415

    founded = asyncio.run(
        compose.found(data, platform=platform, level=wishes.level or 0)
    )
    setup.keep_wishes(data, wishes)
    if as_json:
        if wishes.level:
            setup.hand_over(data)
        typer.echo(_as_json(founded))
        return DONE
    typer.echo(_in_words(founded, data, platform, wishes.command or "rr"), nl=False)
    if wishes.level:
        from bot.cli.setup import accounts_in_words  # noqa: PLC0415

        typer.echo(accounts_in_words(data))
    return DONE


def print_invite(data: Path, passphrase_file: Path | None) -> int:
    """Print a new code for a lead organizer."""
    from bot import compose  # noqa: PLC0415

    leave_no_memory_behind()
    compose.check(data)
    passphrase = find_passphrase(passphrase_file, folder=data)
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


def _as_json(founded: "Founded") -> str:
    counters = founded.counter_passphrase
    return json.dumps(
        {
            "passphrase": founded.passphrase,
            **({"counter_passphrase": counters} if counters else {}),
            "invite": founded.invite,
        }
    )


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


def _in_words(
    founded: "Founded", data: Path, platform: "Platform", command: str
) -> str:
    counters = founded.counter_passphrase
    return _FOUNDED.format(
        data=data,
        passphrase=founded.passphrase,
        counter=_COUNTER.format(passphrase=counters) if counters else "",
        invite=founded.invite,
        command=command,
        program=_program(),
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


def _program() -> str:
    """Return how this program is called here, so that what is printed can be typed."""
    called = sys.argv[0]
    if Path(called).name == "__main__.py":
        return f"{sys.executable} -m bot"
    found = shutil.which(_NAME)
    if found is not None and Path(found).resolve() == Path(called).resolve():
        return _NAME
    return called or _NAME
