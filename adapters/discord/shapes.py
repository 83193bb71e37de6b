"""Discord's numbers and bounds, and the few shapes that they are used in (pure).

Numbers and bounds: docs.discord.com/developers (components, interactions, messages).
"""

from dataclasses import dataclass
from enum import IntEnum

from bot.core.canonical import JsonObject, JsonValue

# Message flags: nobody else sees it; no push; made of components alone.
PRIVATE = 1 << 6
SILENT = 1 << 12
COMPONENTS = 1 << 15

# A message: components, nested ones included, and characters over all its texts.
MESSAGE_PARTS_MAX = 40
MESSAGE_CHARS_MAX = 4000
ROW_BUTTONS_MAX = 5
BUTTON_LABEL_CHARS_MAX = 80
ALT_TEXT_CHARS_MAX = 1024
CUSTOM_ID_CHARS_MAX = 100
# A form: its title, its parts, and what stands around an input.
MODAL_TITLE_CHARS_MAX = 45
MODAL_PARTS_MAX = 5
LABEL_CHARS_MAX = 45
DESCRIPTION_CHARS_MAX = 100
INPUT_CHARS_MAX = 4000
# Radio buttons and check boxes; beyond them a list to choose from.
BOXES_MAX = 10
RADIO_MIN = 2
OPTION_CHARS_MAX = 100
CHOICES_MAX = 25


class Part(IntEnum):
    """The kinds of components."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    INPUT = 4
    CHANNELS = 8
    SECTION = 9
    TEXT = 10
    GALLERY = 12
    FILE = 13
    CONTAINER = 17
    LABEL = 18
    RADIO = 21
    BOXES = 22


class Interaction(IntEnum):
    """What people do that the bot hears of."""

    COMMAND = 2
    COMPONENT = 3
    SUGGEST = 4
    FORM = 5


class Callback(IntEnum):
    """How an interaction can be answered."""

    MESSAGE = 4
    LATER = 5
    UPDATE_LATER = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that goes with a message. `alt_text` is empty for what is no picture."""

    name: str
    content: bytes
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    """What a message consists of. It has no `repr`: it may hold a person's words."""

    components: tuple[JsonObject, ...]
    files: tuple[Attached, ...] = ()

    def body(self, *, flags: int = 0) -> JsonObject:
        """Return what is sent: it mentions nobody, whatever its texts say."""
        body: JsonObject = {
            "flags": COMPONENTS | flags,
            "allowed_mentions": {"parse": []},
            "components": list[JsonValue](self.components),
        }
        if self.files:
            body["attachments"] = [
                _attachment(number, each) for number, each in enumerate(self.files)
            ]
        return body


def text(content: str) -> JsonObject:
    """Return a paragraph in Discord's mark-up."""
    return {"type": Part.TEXT.value, "content": content}


def row(*parts: JsonObject) -> JsonObject:
    """Return a row of buttons, or of one list to choose from."""
    return {"type": Part.ROW.value, "components": list[JsonValue](parts)}


def button(custom_id: str, label: str, *, is_first: bool = False) -> JsonObject:
    """Return a button: grey, or blue where it is the one to begin with."""
    return {
        "type": Part.BUTTON.value,
        "style": 1 if is_first else 2,
        "label": label[:BUTTON_LABEL_CHARS_MAX],
        "custom_id": custom_id,
    }


def _attachment(number: int, file: Attached) -> JsonObject:
    found: JsonObject = {"id": str(number), "filename": file.name}
    if file.alt_text:
        found["description"] = file.alt_text[:ALT_TEXT_CHARS_MAX]
    return found
