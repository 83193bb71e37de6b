"""Opening a petition, step by step, each check told in words (protocol.md §13)."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.cli import ceremony_files
from bot.cli.shield import CannotDo, say
from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.core.name_boxes import SignedName
from bot.core.petition_files import PetitionFile
from bot.core.shares import Shares
from bot.core.trustees import Trustees
from bot.crypto.unsealing import (
    OpenedNames,
    StaysClosed,
    check_petition,
    join_parts,
    open_names,
)
from bot.views import ceremony, name_list

# As many as the post shows (bot.views.posts).
MARK_CHARS = 32
BOX_MARK_CHARS = 16
# More numbers than this help nobody.
NUMBERS_SHOWN_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the names go. None is left out."""

    table: Path
    paper: Path | None = None
    lines: Path | None = None


def check_file(path: Path, *, mark: str = "") -> tuple[PetitionFile, Trustees]:
    """Return a petition that may be opened, and tell what was checked."""
    content = ceremony_files.read(path, ceremony_files.PETITION_BYTES_MAX)
    try:
        file, trustees = check_petition(content)
    except Malformed:
        raise CannotDo(ceremony.UNREADABLE) from None
    except NotGenuine as reason:
        raise CannotDo(ceremony.NOT_GENUINE.format(reason=reason)) from None
    except StaysClosed as closed:
        raise CannotDo(ceremony.STAYS_CLOSED[closed.trouble]) from None
    terms, digest = file.terms, file.manifest.digest.hex()
    if not digest.startswith(mark):
        raise CannotDo(ceremony.OTHER_MARK)
    typer.echo(ceremony.CHECK_GENUINE)
    typer.echo(ceremony.CHECK_TITLE.format(title=terms.title))
    typer.echo(
        ceremony.CHECK_THRESHOLD.format(
            threshold=f"{terms.threshold:,}", count=f"{file.certificate.count:,}"
        )
    )
    typer.echo(ceremony.CHECK_MARK.format(mark=digest[:MARK_CHARS]))
    typer.echo(ceremony.COUNT_IS_A_WORD)
    return file, trustees


def seed_of(shares: Shares, keys: Sequence[bytes], trustees: Trustees) -> bytes:
    """Return the seed from a shares file and enough keys, or say what is missing."""
    try:
        seed = join_parts(shares, keys, trustees)
    except StaysClosed as closed:
        said = ceremony.STAYS_CLOSED[closed.trouble].format(needed=trustees.needed)
        raise CannotDo(said) from None
    typer.echo(ceremony.CHECK_KEYS.format(needed=trustees.needed))
    return seed


def open_and_write(
    file: PetitionFile, trustees: Trustees, seed: bytes, outputs: Outputs
) -> None:
    """Open the names, write them, and say what could not be read or drawn."""
    try:
        opened = open_names(file, trustees, seed)
    except StaysClosed as closed:
        raise CannotDo(ceremony.STAYS_CLOSED[closed.trouble]) from None
    if not opened.names:
        raise CannotDo(ceremony.ALL_DAMAGED)
    terms = file.terms
    ceremony_files.write_over(outputs.table, name_list.table_of(opened.names, terms))
    if outputs.lines is not None:
        ceremony_files.write_over(outputs.lines, name_list.lines_of(opened.names))
    if outputs.paper is not None:
        _write_paper(opened, outputs.paper)
    typer.echo(ceremony.CHECK_NAMES.format(count=f"{len(opened.names):,}"))
    if opened.damaged:
        say(_damage(opened))


def _damage(opened: OpenedNames) -> str:
    hashes = opened.file.hashes
    boxes = [
        ceremony.DAMAGED_BOX.format(
            number=number, mark=hashes[32 * (number - 1) :].hex()[:BOX_MARK_CHARS]
        )
        for number in opened.damaged
    ]
    count = f"{opened.file.certificate.count:,}"
    return ceremony.DAMAGED.format(boxes=_shortened(boxes), count=count)


def _write_paper(opened: OpenedNames, path: Path) -> None:
    # Fonts and PDF take half a second to import, which only paper needs.
    from bot.printing import Printed, print_petition  # noqa: PLC0415
    from bot.printing.fonts import Fonts, find_fonts  # noqa: PLC0415

    terms = opened.file.terms
    words = (terms.title, terms.text, terms.addressee)
    fonts: Fonts = find_fonts([*words, *_all_texts(opened.names)])
    drawn: list[tuple[str, str]] = []
    missing: list[int] = []
    for number, name in enumerate(opened.names, start=1):
        text = fonts.drawable(name.name)
        if text is None:
            missing.append(number)
        else:
            drawn.append((text, fonts.legible(name.affiliation)))
    legible = [fonts.legible(text) for text in words]
    printed = Printed(
        title=legible[0],
        text=legible[1],
        addressee=legible[2],
        count=opened.file.certificate.count,
        threshold=terms.threshold,
        mark=opened.file.manifest.digest.hex()[:MARK_CHARS],
        names=tuple(drawn),
        damaged=len(opened.damaged),
        not_drawn=len(missing),
    )
    content = print_petition(printed, fonts, seed=secrets.token_bytes(32))
    ceremony_files.write_over(path, content)
    if missing:
        # The first row of the table is its heading.
        rows = [ceremony.NOT_DRAWN_ROW.format(number=n + 1) for n in missing]
        say(ceremony.NOT_DRAWN.format(rows=_shortened(rows)))
    if any(fonts.drawable(text) is None for text in words if text):
        say(ceremony.TEXT_NOT_DRAWN)


def _all_texts(names: Iterable[SignedName]) -> Iterable[str]:
    for name in names:
        yield name.name
        yield name.affiliation


def _shortened(parts: Sequence[str]) -> str:
    shown = [*parts[:NUMBERS_SHOWN_MAX]]
    if len(parts) > len(shown):
        shown.append(ceremony.DAMAGED_MORE.format(count=len(parts) - len(shown)))
    return ", ".join(shown)
