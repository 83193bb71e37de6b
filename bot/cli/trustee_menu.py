"""`roundrobin trustee` alone: a numbered menu for who has never seen a terminal."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from bot.cli import ceremony_files, opening, trustees
from bot.cli.shield import DONE, CannotDo, say
from bot.cli.word_entry import ask_line, ask_words
from bot.core.trustees import TRUSTEES_MAX, key_line
from bot.crypto.petition_keys import public_of_secret
from bot.crypto.unsealing import StaysClosed, member_of
from bot.hardening import leave_no_memory_behind
from bot.views import ceremony

KEY_NAME = "roundrobin-key"
SHARES_NAME = "roundrobin-shares"
# A person who types nonsense so often has fallen asleep on the keyboard.
CHOICES_MAX = 1000


class _Left(Exception):
    """The person pressed Enter alone, or the input ended."""


def show_menu() -> int:
    """Ask what to do until the person leaves; what fails is said, and asked again."""
    leave_no_memory_behind()
    for _ in range(CHOICES_MAX):
        typer.echo(ceremony.MENU)
        typed = ask_line(ceremony.ASK_NUMBER)
        if not typed:
            break
        page = _PAGES.get(typed)
        if page is None:
            typer.echo(ceremony.MENU_UNKNOWN)
            continue
        try:
            page()
        except _Left:
            continue
        except CannotDo as reason:
            say(str(reason))
    return DONE


def dropped_path(typed: str) -> Path:
    """Return the file that was dragged onto the window, however the terminal quotes it.

    Terminals put quotes around a name with spaces, or a backslash before each.
    """
    text = typed.strip()
    try:
        parts = shlex.split(text)
    except ValueError:
        parts = []
    quoted = parts[0] if len(parts) == 1 else text
    return Path(quoted.removeprefix("file://")).expanduser()


def _make_key() -> None:
    place = Path.home() / KEY_NAME
    typed = ask_line(ceremony.ASK_KEY_PLACE.format(path=place))
    if typed is None:
        raise _Left
    line = trustees.write_key(dropped_path(typed) if typed else place)
    typer.echo(ceremony.KEY_LINE_IS.format(line=line))
    typer.echo(ceremony.KEY_MADE)


def _check_key() -> None:
    secret = ceremony_files.read_secret(_ask_file(ceremony.A_KEY_FILE))
    line = key_line(public_of_secret(secret))
    typer.echo(ceremony.KEY_LINE_IS.format(line=line))
    typed = ask_line(ceremony.ASK_SHARES_TOO)
    if not typed:
        return
    shares = ceremony_files.read_shares(dropped_path(typed))
    counts = {"count": shares.trustees.count, "needed": shares.trustees.needed}
    try:
        member_of(shares, secret)
    except StaysClosed as closed:
        raise CannotDo(ceremony.STAYS_CLOSED[closed.trouble]) from None
    typer.echo(ceremony.KEY_FITS.format(**counts))
    typer.echo(ceremony.CARD.format(**counts))


def _open_petition() -> None:
    path = _ask_file(ceremony.A_PETITION_FILE)
    mark = ask_line(ceremony.ASK_MARK)
    if mark is None:
        raise _Left
    file, holders = opening.check_file(path, mark=_whole_mark(mark))
    typed = ask_line(ceremony.ASK_SHARES_OR_WORDS)
    if typed is None:
        raise _Left
    if typed:
        shares = ceremony_files.read_shares(dropped_path(typed))
        names = [
            ceremony.KEY_FILE_OF.format(number=number, count=holders.needed)
            for number in range(1, holders.needed + 1)
        ]
        keys = [ceremony_files.read_secret(_ask_file(name)) for name in names]
        seed = opening.seed_of(shares, keys, holders)
    else:
        seed = ask_words(holders.needed)
        typer.echo(ceremony.CHECK_WORDS)
    folder = _new_folder(path)
    outputs = opening.Outputs(
        table=folder / "names.csv",
        lines=folder / "names.txt",
        paper=folder / "petition.pdf",
    )
    opening.open_and_write(file, holders, seed, outputs)
    typer.echo(ceremony.WRITTEN_TO.format(folder=folder))
    # Where there is no desktop this does nothing, and the line above says it all.
    if sys.stdout.isatty():
        typer.launch(str(folder))


def _whole_mark(typed: str) -> str:
    """Return a mark that was typed, spaces left out; a part of one says too little."""
    mark = "".join(typed.split()).lower()
    if mark and len(mark) < opening.MARK_CHARS:
        raise CannotDo(ceremony.MARK_SHORT.format(count=opening.MARK_CHARS))
    return mark


def _show_help() -> None:
    typer.echo(ceremony.HELP)


def _prepare() -> None:
    lines: list[str] = []
    while len(lines) < TRUSTEES_MAX:
        typed = ask_line(ceremony.ASK_LINE.format(number=len(lines) + 1))
        if not typed:
            break
        lines.append(typed)
    if not lines:
        raise _Left
    count = len(lines)
    usual = trustees.more_than_half(count)
    needed = ask_line(ceremony.ASK_NEEDED.format(count=count, needed=usual)) or ""
    if needed and needed not in map(str, range(1, count + 1)):
        raise CannotDo(ceremony.NO_SUCH_NUMBER.format(count=count))
    place = Path.home() / SHARES_NAME
    typed = ask_line(ceremony.ASK_SHARES_PLACE.format(path=place))
    out = dropped_path(typed) if typed else place
    typer.echo(trustees.split_into_boxes(lines, needed=int(needed or usual), out=out))
    typer.echo(ceremony.SPLIT_HERE)


_PAGES: dict[str, Callable[[], None]] = {
    "1": _make_key,
    "2": _check_key,
    "3": _open_petition,
    "4": _show_help,
    "5": _prepare,
}


def _ask_file(what: str) -> Path:
    typed = ask_line(ceremony.ASK_FILE.format(what=what))
    if not typed:
        raise _Left
    return dropped_path(typed)


def _new_folder(beside: Path) -> Path:
    """Make a folder of its own for the names, beside the petition's file."""
    folder = beside.parent / f"{beside.stem}-names"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise CannotDo(ceremony.FOLDER_THERE) from None
    return folder
