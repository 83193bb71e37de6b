"""How the conversation looks: framed and coloured, or plain for screen readers."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.console.render import plain
from bot.core.publication import ReleasedTable, about
from bot.core.released import FEW, REST
from bot.views.widgets import Buttons, Card, Chart, Field, Form, Line, Look, Shown

WIDTH_MAX = 88
_BAR_CHARS = 32
# Okabe and Ito's colours, which most people can tell apart; words say the same.
_PRIVATE = "#56B4E9"
_PUBLIC = "#E69F00"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A button on the screen: `to` may press it, or everybody if it is nobody's."""

    number: int
    action: str
    label: str
    to: str | None


class Screen(Protocol):
    """Where the conversation is shown."""

    def view(self, where: str, view: Card | Form, offers: Sequence[Offer]) -> None:
        """Show a card, or what stands above a form's fields."""
        ...

    def field(self, field: Field, number: int, count: int) -> None:
        """Show what a field asks for."""
        ...

    def say(self, words: str) -> None:
        """Show a sentence of the console's own."""
        ...

    def title(self, words: str) -> None:
        """Show where a new part begins."""
        ...


class PlainScreen:
    """Lines of text alone, each saying what it is."""

    def view(self, where: str, view: Card | Form, offers: Sequence[Offer]) -> None:
        """Show a card line by line, and its buttons in one line."""
        self.say(f"\n{where}:")
        if isinstance(view, Form):
            self.say(view.title)
        for block in view.blocks:
            if isinstance(block, Line):
                self.say(plain(block.words))
        if offers:
            named = ". ".join(f"{offer.number} {offer.label}" for offer in offers)
            self.say(f"Buttons: {named}.")

    def field(self, field: Field, number: int, count: int) -> None:
        """Show a field's label, what it takes, and its options by number."""
        self.say(f"\nField {number} of {count}: {plain(field.label)}")
        if field.hint:
            self.say(plain(field.hint))
        for at, option in enumerate(field.options, start=1):
            self.say(f"{at} {option}")

    def title(self, words: str) -> None:
        """Print a line with space above it."""
        self.say(f"\n{words}\n")

    def say(self, words: str) -> None:
        """Print a line."""
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()


class RichScreen:
    """Frames and colours; whatever a colour says stands in words as well."""

    def __init__(self, console: Console | None = None) -> None:
        """Draw on the terminal, or on the console given."""
        self.console = console or Console(highlight=False)
        self._width = min(self.console.width, WIDTH_MAX)

    def view(self, where: str, view: Card | Form, offers: Sequence[Offer]) -> None:
        """Show a card in a frame, its buttons where they stand."""
        left = list(offers)
        parts: list[RenderableType] = []
        if isinstance(view, Form):
            parts.append(Text(view.title, style="bold"))
        for block in view.blocks:
            match block:
                case Line():
                    parts.append(_line(block))
                case Buttons():
                    here = [left.pop(0) for _ in block.buttons]
                    parts.append(_buttons(here))
                case Chart():
                    parts.append(_chart(block.shown))
        self.console.print(
            Panel(
                Group(*parts),
                title=Text(f" {where} "),
                title_align="left",
                border_style=_PUBLIC if where.startswith("#") else _PRIVATE,
                width=self._width,
                padding=(0, 1),
            )
        )

    def field(self, field: Field, number: int, count: int) -> None:
        """Show a field's label, what it takes, and its options by number."""
        asked = Text()
        asked.append(f"{number}/{count} ", style="dim")
        asked.append(plain(field.label), style="bold")
        if field.hint:
            asked.append(f"  {plain(field.hint)}", style="dim")
        for at, option in enumerate(field.options, start=1):
            asked.append(f"\n   {at} ", style=_PRIVATE)
            asked.append(option)
        self.console.print(asked, width=self._width)

    def title(self, words: str) -> None:
        """Draw a line across."""
        self.console.print()
        rule = Rule(Text(words, style="bold"), align="left", style=_PUBLIC)
        self.console.print(rule, width=self._width)

    def say(self, words: str) -> None:
        """Print a line."""
        self.console.print(Text(words), width=self._width, soft_wrap=False)


def _line(line: Line) -> Text:
    style = {Look.HEADING: "bold", Look.CODE: "bold", Look.NOTE: "dim", Look.TEXT: ""}[
        line.look
    ]
    text = Text(style=style)
    end = 0
    for found in _BOLD.finditer(line.text):
        text.append(line.text[end : found.start()])
        text.append(found[1], style="bold")
        end = found.end()
    text.append(line.text[end:])
    if line.link:
        # As text, so that terminals which know links make it one, and others show it.
        text.append(f" {line.link}", style="underline")
    return text


def _buttons(offers: Sequence[Offer]) -> Text:
    text = Text()
    for offer in offers:
        text.append(f"[{offer.number}]", style=f"bold {_PRIVATE}")
        text.append(f" {offer.label}    ")
    return text


def _chart(shown: Shown) -> RenderableType:
    if isinstance(shown, ReleasedTable):
        return _bars(shown)
    part = min(shown.reached, shown.wanted) * _BAR_CHARS // shown.wanted
    return Text("━" * part + "·" * (_BAR_CHARS - part), style=_PUBLIC)


def _bars(table: ReleasedTable) -> RenderableType:
    """Draw what the table shows, and nothing more: "0–4" is a dot."""
    drawn = Table.grid(padding=(0, 2))
    for row in table.rows:
        size = row.number
        if row.shown == REST:
            size = about(table.rows, total=table.total, base=table.base)
        bar = "·" if row.shown == FEW else "~" * 8
        if size is not None:
            bar = "━" * max(1, size * _BAR_CHARS // max(table.total, 1))
        drawn.add_row(row.label, Text(bar, style=_PUBLIC), row.shown)
    return drawn
