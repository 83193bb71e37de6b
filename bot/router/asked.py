"""What a page is asked for, whichever way: a command, a button or a form."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.core.actors import Actor
from bot.core.errors import TextMissing, TextTooLong
from bot.core.records import Drive
from bot.views.widgets import Card, Form

FieldValue: TypeAlias = "str | tuple[str, ...] | bool"
View: TypeAlias = Card | Form

# No field of ours takes more; vendors stop at 3,000 or 4,000 characters.
FIELD_CHARS_MAX = 4_000
# Twice the options of the largest poll: more is no form of ours.
FIELD_VALUES_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """A request as a page needs it.

    `arguments` are the words of a button's id, or the first word behind a command, in
    small letters; `words` is all that stood behind a command. `pressed` tells buttons
    and forms from commands: what they name is known to have been there. `has_files`
    tells that files hung on the message that a button is about. `names` are what the
    platform calls the person, where it says so by itself: for one look at their text.
    `draft` is what a form changes, if there is something already.
    """

    actor: Actor
    arguments: tuple[str, ...] = ()
    words: str = ""
    place: str = ""
    pressed: bool = False
    has_files: bool = False
    names: tuple[str, ...] = ()
    fields: Mapping[str, FieldValue] = field(default_factory=dict[str, FieldValue])
    draft: Drive | None = None

    @property
    def name(self) -> str:
        """The first argument, or nothing."""
        return self.arguments[0] if self.arguments else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return what was chosen or typed in a field: one text, several or none."""
        value = self.fields.get(name, "")
        if isinstance(value, bool):
            return ()
        values = (value,) if isinstance(value, str) else value
        if len(values) > FIELD_VALUES_MAX:
            raise TextTooLong(label=name, limit=FIELD_CHARS_MAX)
        if sum(map(len, values)) > FIELD_CHARS_MAX:
            raise TextTooLong(label=name, limit=FIELD_CHARS_MAX)
        return values

    def text(self, name: str) -> str:
        """Return a field as one text; several values stand one on a line."""
        return "\n".join(self.texts(name)).strip()

    def required(self, name: str) -> str:
        """Return a field's text, or raise if it is empty."""
        typed = self.text(name)
        if not typed:
            raise TextMissing(label=name)
        return typed

    def is_checked(self, name: str) -> bool:
        """Tell whether a check mark was set."""
        if isinstance(self.fields.get(name), bool):
            return bool(self.fields[name])
        return self.text(name).lower() in {"true", "yes", "on"}


Page: TypeAlias = Callable[[Asked], Awaitable[View]]
