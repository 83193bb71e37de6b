"""From cards to Discord's messages (pure).

A card that is too long for one message becomes several, each within the bounds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.discord import markup, shapes
from adapters.discord.shapes import (
    MESSAGE_CHARS_MAX,
    MESSAGE_PARTS_MAX,
    ROW_BUTTONS_MAX,
    Attached,
    Message,
    Part,
)
from bot.core.canonical import JsonObject, JsonValue
from bot.views.fitting import cut, fitting
from bot.views.widgets import Block, Buttons, Card, Chart, Line, Look

# A private reply takes five more messages where the bot is installed by a person.
MESSAGES_MAX = 5
# A paragraph is not cut at the end of a message, so that each may stay half empty.
PRIVATE_CHARS_MAX = MESSAGES_MAX * MESSAGE_CHARS_MAX // 2
# What stands under a message of the bot's to one person.
_EMPTIES = "forget"


def private_messages(card: Card, pictures: Sequence[bytes] = ()) -> tuple[Message, ...]:
    """Return a card as the messages of a private reply, at least one.

    `pictures` are its charts in order, or none of them.
    """
    parts = _parts(card, pictures)
    if len(found := _messages(parts)) <= MESSAGES_MAX:
        return found
    # Longest texts first: who can see what, and what can be done, stay.
    return _messages(_fitted(parts, PRIVATE_CHARS_MAX))[:MESSAGES_MAX]


def direct_messages(card: Card) -> tuple[Message, ...]:
    """Return a card as messages to one person, each with the button that empties it.

    That button changes the one message in which it stands.
    """
    *first, last = private_messages(card)
    empties = [
        shapes.button(button.action, button.label)
        for block in card.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
        if button.action == _EMPTIES
    ]
    row = shapes.row(*empties)
    whole = (replace(each, components=(*each.components, row)) for each in first)
    return (*whole, last)


def channel_message(card: Card, pictures: Sequence[bytes] = ()) -> Message:
    """Return a card as one message for a channel, in a frame where that fits.

    A text for which there is no room is shortened, so that its buttons stand there.
    """
    parts = _fitted(_parts(card, pictures, is_whole=True), MESSAGE_CHARS_MAX)
    if _size(parts) >= MESSAGE_PARTS_MAX:
        parts = _joined(parts)
    message = _messages(parts)[0]
    if _size(parts) >= MESSAGE_PARTS_MAX:
        return message
    frame: JsonObject = {
        "type": Part.CONTAINER.value,
        "components": list[JsonValue](message.components),
    }
    return Message(components=(frame,), files=message.files)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Piece:
    """One component at the top level, the file that it shows, and how big it is."""

    component: JsonObject
    file: Attached | None = None
    size: int = 1

    @property
    def words(self) -> str:
        """What counts into a message's characters."""
        return str(self.component.get("content", ""))


def _parts(
    card: Card, pictures: Sequence[bytes], *, is_whole: bool = False
) -> list[_Piece]:
    """Return the pieces of a card; a paragraph is one of them where it `is_whole`."""
    parts: list[_Piece] = []
    seen = set[str]()
    numbered = enumerate(pictures)
    for block in card.blocks:
        if is_whole and isinstance(block, Line):
            parts.append(_text(_shown(block)))
        else:
            parts += _block(block, seen, numbered)
    if card.attachment is not None:
        name, content = card.attachment
        shown: JsonObject = {"url": f"attachment://{name}"}
        component: JsonObject = {"type": Part.FILE.value, "file": shown}
        file = Attached(name=name, content=content)
        parts.append(_Piece(component=component, file=file))
    return parts


def _block(
    block: Block, seen: set[str], pictures: Iterator[tuple[int, bytes]]
) -> list[_Piece]:
    match block:
        case Line():
            return [_text(words) for words in _cut_up(_shown(block))]
        case Buttons():
            return _rows(block, seen)
        case Chart():
            picture = next(pictures, None)
            return [] if picture is None else [_chart(block, *picture)]


def _shown(line: Line) -> str:
    match line.look:
        case Look.CODE:
            return markup.code(line.text)
        case Look.HEADING:
            return f"## {markup.shown(line)}"
        case Look.NOTE:
            return markup.note(markup.shown(line))
        case Look.TEXT:
            return markup.shown(line)


def _text(words: str) -> _Piece:
    return _Piece(component=shapes.text(words))


def _rows(block: Buttons, seen: set[str]) -> list[_Piece]:
    """Return rows of buttons. Discord refuses a second one with the same id."""
    buttons: list[JsonObject] = []
    for each in block.buttons:
        if each.action not in seen:
            seen.add(each.action)
            buttons.append(shapes.button(each.action, each.label))
    rows = [
        buttons[at : at + ROW_BUTTONS_MAX]
        for at in range(0, len(buttons), ROW_BUTTONS_MAX)
    ]
    return [_Piece(component=shapes.row(*row), size=1 + len(row)) for row in rows]


def _chart(block: Chart, number: int, picture: bytes) -> _Piece:
    name = f"chart{number}.png"
    alt_text = cut(block.alt_text, shapes.ALT_TEXT_CHARS_MAX)
    shown: JsonObject = {
        "media": {"url": f"attachment://{name}"},
        "description": alt_text,
    }
    return _Piece(
        component={"type": Part.GALLERY.value, "items": [shown]},
        file=Attached(name=name, content=picture, alt_text=alt_text),
    )


def _cut_up(text: str) -> list[str]:
    """Return a text in pieces that a message can hold, cut between lines or words."""
    pieces: list[str] = []
    while len(text) > MESSAGE_CHARS_MAX:
        at = text.rfind("\n", 1, MESSAGE_CHARS_MAX)
        at = at if at > 0 else text.rfind(" ", 1, MESSAGE_CHARS_MAX)
        at = at if at > 0 else MESSAGE_CHARS_MAX
        pieces.append(text[:at])
        text = text[at:].lstrip("\n ")
    return [*pieces, text] if text else pieces


def _fitted(parts: Sequence[_Piece], most: int) -> list[_Piece]:
    """Return the parts with no more characters than there is room for."""
    texts = [part.words for part in parts if part.words]
    fit = iter(fitting(texts, most - len(texts)))
    return [_text(next(fit)) if part.words else part for part in parts]


def _joined(parts: Sequence[_Piece]) -> list[_Piece]:
    """Return the parts with paragraphs that stand together made one."""
    joined: list[_Piece] = []
    for part in parts:
        if joined and joined[-1].words and part.words:
            words = f"{joined[-1].words}\n{part.words}"
            if len(words) <= MESSAGE_CHARS_MAX:
                joined[-1] = _text(words)
                continue
        joined.append(part)
    return joined


def _messages(parts: Sequence[_Piece]) -> tuple[Message, ...]:
    """Return as many messages as the parts need, in order."""
    if _size(parts) > MESSAGE_PARTS_MAX:
        parts = _joined(parts)
    groups: list[list[_Piece]] = [[]]
    for part in parts:
        if groups[-1] and not _fits([*groups[-1], part]):
            groups.append([])
        groups[-1].append(part)
    return tuple(_message(group) for group in groups)


def _fits(parts: Sequence[_Piece]) -> bool:
    chars = sum(len(part.words) for part in parts)
    return _size(parts) <= MESSAGE_PARTS_MAX and chars <= MESSAGE_CHARS_MAX


def _size(parts: Sequence[_Piece]) -> int:
    """Return how many components there are, nested ones included."""
    return sum(part.size for part in parts)


def _message(parts: Sequence[_Piece]) -> Message:
    return Message(
        components=tuple(part.component for part in parts),
        files=tuple(part.file for part in parts if part.file is not None),
    )
