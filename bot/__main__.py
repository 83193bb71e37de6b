"""The command line, `roundrobin`.

It must answer at once: each command imports what it needs when it runs.
"""

# ruff: noqa: PLC0415 - see above

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.examples import example
from bot.cli.shield import DONE, FAILED, WRONG_USAGE, CannotDo, raise_shield, say
from bot.cli.trustee_app import trustee

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERY_SECONDS = 60


app = typer.Typer(
    name="roundrobin",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Polls in workplace chat, counted so that nobody learns who said what.",
    epilog=example(
        "roundrobin demo",
        "roundrobin init --data office",
        "roundrobin console --data office",
    ),
)

app.add_typer(trustee)

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The installation's folder.",
        # With two accounts each role passes through it, and only root lists it.
        readable=False,
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="Read the passphrase from a file. Without it: the file named in "
        "ROUNDROBIN_PASSPHRASE_FILE, else a question in the terminal.",
    ),
]


@app.command(epilog=example("roundrobin demo"))
def demo(
    *,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Show it, ask nothing, and end.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="No colours or frames; for screen readers.")
    ] = False,
) -> int:
    """Show a poll from beginning to end, in half a minute.

    Forty made-up people answer a poll. Then all files are searched for them.
    """
    from bot.cli.roles import play_demo

    return play_demo(no_input=no_input, plain=plain)


@app.command(
    epilog=example(
        "roundrobin init --data office",
        "roundrobin init --data office --platform console --json",
    )
)
def init(  # noqa: PLR0913 - each option of a command is a parameter
    *,
    data: Data,
    platform: Annotated[
        Literal["console", "slack", "discord"] | None,
        typer.Option(help="Where people will answer. Asked if left out."),
    ] = None,
    level: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1,
            help="Who holds the keys: 0 one account, 1 two accounts of this computer, "
            "with a passphrase each.",
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who owns the workspace or server."),
    ] = None,
    keeper: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who runs this bot.")
    ] = None,
    command: Annotated[
        str | None, typer.Option(metavar="WORD", help="The root command; rr if not.")
    ] = None,
    display_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="How the bot is called.")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Ask nothing; print passphrase and invite."),
    ] = False,
) -> int:
    """Make an installation: its folder, its keys, its database, its app.

    In a terminal it is a conversation. Stopped half-way, the same command goes on
    where it was. The passphrase and the first organizer's invite are shown once.
    """
    from bot.cli.folders import make_installation
    from bot.setup import Wishes

    wishes = Wishes(
        level=level,
        owner=owner,
        keeper=keeper,
        command=command,
        display_name=display_name,
    )
    return make_installation(data, platform, wishes, as_json=as_json)


@app.command(epilog=example("roundrobin invite --data office"))
def invite(*, data: Data, passphrase_file: PassphraseFile = None) -> int:
    """Print a one-time code that makes a lead organizer.

    For the day when all organizers are lost. It needs the passphrase.
    """
    from bot.cli.folders import print_invite

    return print_invite(data, passphrase_file)


@app.command(
    epilog=example("roundrobin console --data office", "@mei /rr", "advance 24h")
)
def console(
    *,
    data: Data,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Talk JSON, a line each: for programs.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="No colours or frames; for screen readers.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> int:
    """Open a simulated chat workspace in this terminal.

    You play the people, and the clock moves when you say so.
    """
    from bot.cli.roles import open_console

    return open_console(data, passphrase_file, jsonl=jsonl, plain=plain)


@app.command(epilog=example("roundrobin run --data office"))
def run(*, data: Data, passphrase_file: PassphraseFile = None) -> int:
    """Connect the chat platforms that are set up, and serve them."""
    from bot.cli.roles import connect

    return connect(data, passphrase_file)


slack = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What only Slack needs.",
    epilog=example("roundrobin slack manifest --name 'Lunch bot'"),
)
app.add_typer(slack, name="slack")


@slack.command(epilog=example("roundrobin slack manifest --name 'Lunch bot'"))
def manifest(
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="The installation's folder, if there is one."
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(help="What people see as the app's name.")
    ] = "Roundrobin",
    url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="With ROUNDROBIN_SLACK_HTTP_BIND: where Slack reaches the bot.",
        ),
    ] = "",
    hardened: Annotated[
        bool, typer.Option("--hardened", help="No access to direct messages at all.")
    ] = False,
) -> int:
    """Print the manifest of the Slack app, to paste at api.slack.com/apps."""
    from bot.cli.folders import print_manifest

    return print_manifest(data, name=name, url=url, hardened=hardened)


@app.command(
    epilog=example(
        "roundrobin count --data office", "roundrobin count --data office --watch"
    )
)
def count(
    *,
    data: Data,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and count whenever it is due.")
    ] = False,
    every: Annotated[
        int,
        typer.Option(
            min=1, max=24 * 60 * 60, help="With --watch: seconds between two looks."
        ),
    ] = EVERY_SECONDS,
    passphrase_file: PassphraseFile = None,
    passphrase_stdin: Annotated[
        bool, typer.Option("--passphrase-stdin", hidden=True)
    ] = False,
) -> int:
    """Count what is due, once, and end. This is the counter.

    On one computer the bot starts it by itself.
    """
    from bot.cli.roles import count_due

    return count_due(
        data,
        passphrase_file,
        from_pipe=passphrase_stdin,
        every=every if watch else None,
    )


@app.command(
    epilog=example(
        "roundrobin verify lunch.certificate",
        "roundrobin verify lunch.certificate --receipt 0123456789abcdef",
    )
)
def verify(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A signed result.")],
    manifest: Annotated[
        str,
        typer.Option(
            metavar="MARK",
            help="The mark of the terms, as it stood under the poll.",
        ),
    ] = "",
    receipt: Annotated[
        str,
        typer.Option(
            metavar="MARK", help="The mark of your receipt: 16 letters and digits."
        ),
    ] = "",
) -> int:
    """Check a signed result with nothing but the file.

    Ends with 0 if it is genuine, 1 if it is not, 2 if it cannot be read.
    """
    from bot.cli.checking import verify_certificate

    return verify_certificate(file, manifest=manifest, receipt=receipt)


@app.command(
    epilog=example(
        "roundrobin doctor --data office", "roundrobin doctor --data office --json"
    )
)
def doctor(
    *,
    data: Data,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Check an installation: files, keys, tokens, this computer.

    Each line says ok, warn or fail, why, and how to mend it. Nothing is changed.
    Ends with 1 if anything has to be mended.
    """
    from bot.cli.doctor import print_report

    return print_report(data, as_json=as_json)


@app.command(epilog=example("roundrobin wipe --data office"))
def wipe(
    *,
    data: Data,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> int:
    """Destroy an installation: its keys first, then its files.

    Open polls end without a result. This cannot be undone.
    """
    from bot.cli.folders import wipe_installation

    return wipe_installation(data, yes=yes)


@app.command(epilog=example("roundrobin bench --quick"))
def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Measure how fast it is on this computer, as ratios."""
    from bot.bench.run import main as run_bench

    return run_bench(quick=quick, as_json=as_json)


discord = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What only Discord needs.",
    epilog=example("roundrobin discord invite --data office"),
)
app.add_typer(discord, name="discord")


@discord.command("invite", epilog=example("roundrobin discord invite --data office"))
def discord_invite(*, data: Data) -> int:
    """Print the link that installs the bot in a server, or for one person.

    It asks for what the bot uses and for nothing else: to see a channel, to write
    there, and to attach the picture of a result and its signed file.
    """
    from bot.cli.folders import print_discord_invite

    return print_discord_invite(data)


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Run one command, and end the process with its exit code."""
    raise_shield()
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: "Sequence[str]") -> int:
    """Run one command and return its exit code; whatever goes wrong is one line."""
    try:
        # The bare name asks for help; that is no wrong usage.
        code = app(
            list(arguments) or ["--help"], prog_name="roundrobin", standalone_mode=False
        )
    except CannotDo as reason:
        say(str(reason))
        return FAILED
    except typer.Abort:
        say("stopped.")
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    except Exception as error:  # noqa: BLE001 - where the process ends
        from bot.cli.failures import exit_code_of, line_of

        say(line_of(error))
        return exit_code_of(error)
    # Ctrl-C has a code of its own elsewhere; here it is a command that did not end.
    return code if code in {DONE, FAILED, WRONG_USAGE} else FAILED


if __name__ == "__main__":
    main()
