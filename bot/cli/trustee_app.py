"""`roundrobin trustee …`: what the commands of a petition's key holders take.

Like the other commands, each imports what it needs when it runs.
"""

# ruff: noqa: PLC0415 - see above

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.examples import example
from bot.cli.shield import DONE

trustee = typer.Typer(
    name="trustee",
    invoke_without_command=True,
    epilog=example("roundrobin trustee", "roundrobin trustee keygen --out my-key"),
)


@trustee.callback()
def trustee_menu(context: typer.Context) -> int:
    """Keep a petition's key, and open its names: for those who hold the keys.

    Alone, it shows a numbered menu. All of it works offline.

    The count in a petition's file is the word of whoever runs the bot. Wait for the
    closing post, and compare its mark and its count before you give your share.
    """
    if context.invoked_subcommand is not None:
        return DONE
    from bot.cli.trustee_menu import show_menu

    return show_menu()


@trustee.command(epilog=example("roundrobin trustee keygen --out my-key"))
def keygen(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where your key is kept.")
    ],
) -> int:
    """Make your key, and print the line that others need of it."""
    from bot.cli.trustees import make_key

    return make_key(out)


@trustee.command(
    epilog=example(
        "roundrobin trustee split --needed 2 --out shares rrkey1-… rrkey1-… rrkey1-…",
        "roundrobin trustee split --needed 2 --words 3",
    )
)
def split(
    *,
    public: Annotated[
        list[str] | None,
        typer.Argument(metavar="PUB…", help="The lines of the key holders."),
    ] = None,
    needed: Annotated[
        int | None,
        typer.Option(
            metavar="T", help="How many open the names. Left out: more than half."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="SHARES", help="Where the split key goes."),
    ] = None,
    words: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Instead of lines: words on paper for N people."
        ),
    ] = None,
) -> int:
    """Make a petition's key, split it, and print the line for the bot."""
    from bot.cli.trustees import split_key

    return split_key(public or [], needed=needed, out=out, words=words)


@trustee.command(
    epilog=example(
        "roundrobin trustee unseal lunch.petition --shares shares "
        "--key my-key --key another-key --csv names.csv --pdf petition.pdf",
    )
)
def unseal(  # noqa: PLR0913 - one for each option of the command
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The petition's signed file.")
    ],
    shares: Annotated[
        Path | None,
        typer.Option(metavar="SHARES", help="The file with the split key."),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(metavar="KEYFILE", help="A key; named once for each key."),
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="Ask for words instead of files.")
    ] = False,
    manifest: Annotated[
        str,
        typer.Option(
            metavar="MARK", help="The mark of the terms, as the petition showed it."
        ),
    ] = "",
    csv: Annotated[
        Path, typer.Option("--csv", metavar="OUT", help="Where the table goes.")
    ],
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", metavar="OUT", help="Where the paper goes."),
    ] = None,
    plain: Annotated[
        Path | None,
        typer.Option("--list", metavar="OUT", help="Where a plain list goes."),
    ] = None,
) -> int:
    """Open a petition's names, if enough people signed and enough keys are here.

    The count is the word of whoever runs the bot. Wait for the closing post in the
    channel, and compare its mark and its count with the file's first.
    """
    from bot.cli.opening import Outputs
    from bot.cli.trustees import unseal as open_petition

    return open_petition(
        file,
        key or [],
        shares=shares,
        words=words,
        mark=manifest,
        outputs=Outputs(table=csv, paper=pdf, lines=plain),
    )
