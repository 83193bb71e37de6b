"""Neutral pieces of a screen, within limits that every platform meets (pure values).

Text uses one mark-up only: `**bold**`. Adapters escape everything else.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from bot.core.canonical import JsonValue
from bot.core.publication import ReleasedTable

# Discord shows five buttons in a row and cuts labels; 25 fits both platforms.
BUTTON_LABEL_CHARS_MAX = 75
# Discord: custom_id 100.
ACTION_CHARS_MAX = 100
# Discord allows five parts in a modal, text included; one is the privacy line.
FORM_FIELDS_MAX = 4
# A field takes four of the 40 components of a message on Discord; two paragraphs and a
# button in its row take the rest.
PAGE_FIELDS_MAX = 9


class Look(StrEnum):
    """How a line of text stands on the screen."""

    HEADING = "heading"
    TEXT = "text"
    NOTE = "note"
    # To be copied by hand: every character has the same width.
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph. It may hold line breaks.

    `link` is an address that `bot.core.links` allows; it stands behind the text, and
    people can press it where the platform can do that. No other address is a link.
    """

    text: str
    look: Look = Look.TEXT
    link: str = ""

    @property
    def words(self) -> str:
        """All that it says, for where nothing can be pressed."""
        return f"{self.text} {self.link}" if self.link else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press. `hint` is what a screen reader says, where it can."""

    action: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """One row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How far something is: at least `reached` of the `wanted`, both above 0.

    `people` is of how many the reached are, or 0 where nobody knows.
    """

    reached: int
    wanted: int
    people: int = 0


# All that a picture shows: what was released, and nothing else.
Shown: TypeAlias = ReleasedTable | Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of what was released; `alt_text` says the same in words."""

    shown: Shown
    alt_text: str


Block: TypeAlias = Line | Buttons | Chart


class CardKind(StrEnum):
    """What a card is, for programs (and for nothing that people see)."""

    MENU = "menu"
    RECEIPT = "receipt"
    REFUSAL = "refusal"
    DRIVE = "drive"
    TALLY = "tally"
    CERTIFICATE = "certificate"
    CASE = "case"
    CASES = "cases"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message: blocks from top to bottom, and what programs read of it.

    `attachment` is a file that goes with it: its name and its bytes.
    """

    kind: CardKind
    blocks: tuple[Block, ...]
    data: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    attachment: tuple[str, bytes] | None = None


class FieldType(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE = "one"
    MANY = "many"
    CODE = "code"
    CHECK = "check"
    # A channel; what is sent is its reference, or its name where there is no list.
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form. A choice's value is one of its `options`."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    options: tuple[str, ...] = ()
    hint: str = ""
    value: str = ""
    chars_max: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: text first (who can see what), then fields, then one button.

    The first `FORM_FIELDS_MAX` fields are enough. An adapter that has no room for the
    others leaves them out: each of them is optional. A `whole` form is shown with all
    of them, as a page where a form has no room; it has `PAGE_FIELDS_MAX` at most.
    """

    form: str
    title: str
    blocks: tuple[Line, ...]
    fields: tuple[Field, ...]
    submit: str
    whole: bool = False
