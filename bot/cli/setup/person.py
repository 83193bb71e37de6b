"""Whoever sits at the terminal: is told things, and asked one thing at a time."""

from collections.abc import Callable

import typer

from bot.cli.shield import CannotDo
from bot.views import setup as words

# Five wrong answers, and the person needs to look something up first.
TRIES_MAX = 5


def tell(text: str) -> None:
    """Print a text."""
    typer.echo(text.rstrip("\n"))


def ask(
    question: str,
    fault_of: Callable[[str], str],
    *,
    proposed: str = "",
    hidden: bool = False,
    stopped: str = words.STOPPED,
) -> str:
    """Return an answer in which `fault_of` finds no fault; tell each fault it finds.

    Raises:
        CannotDo: no answer fitted; `stopped` says what became of the rest.
    """
    for _ in range(TRIES_MAX):
        typed: str = typer.prompt(
            question, default=proposed, show_default=bool(proposed), hide_input=hidden
        )
        if not (fault := fault_of(typed.strip())):
            return typed.strip()
        tell(fault)
    raise CannotDo(stopped)


def confirm(question: str) -> bool:
    """Return whether the person says yes; Enter alone is no."""
    return typer.confirm(question, default=False)
