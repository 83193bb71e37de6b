"""From cards and forms to plain text and to lines of JSON (pure)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.console.parse import Id
from bot.core.canonical import JsonObject, JsonValue
from bot.views.widgets import Button, Buttons, Card, CardKind, Field, Form, Line

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something that appears: `to` is the one person who sees it, or nobody's name.

    `re` is the request that caused it. `place` is "ephemeral", "dm", "form" or
    "channel:NAME". `file` is where the card's attachment was saved.
    """

    re: Id
    to: str | None
    place: str
    view: Card | Form
    file: Path | None = None


def plain(text: str) -> str:
    """Return a text without its mark-up."""
    return _BOLD.sub(r"\1", text)


def text_of(view: Card | Form) -> str:
    """Return everything that a card or a form says above its fields."""
    parts = [view.title] if isinstance(view, Form) else []
    parts += [block.words for block in view.blocks if isinstance(block, Line)]
    return plain("\n".join(parts))


def buttons_of(view: Card | Form) -> list[Button]:
    """Return a card's buttons from top to bottom."""
    if isinstance(view, Form):
        return []
    rows = [block.buttons for block in view.blocks if isinstance(block, Buttons)]
    return [button for row in rows for button in row]


def shown_line(shown: Shown) -> str:
    """Return the line of JSON for something that appears."""
    view = _view_to_json(shown.view, shown.file)
    return _dump({"re": shown.re, "to": shown.to, "place": shown.place, **view})


def done_line(re: Id) -> str:
    """Return the line that ends the answers to a request."""
    return _dump({"re": re, "done": True})


def _view_to_json(view: Card | Form, file: Path | None) -> JsonObject:
    if isinstance(view, Form):
        return {
            "kind": "form",
            "text": text_of(view),
            "actions": [],
            "form": view.form,
            "fields": [_field(field) for field in view.fields],
            "data": {"submit": view.submit},
        }
    if view.kind is CardKind.CASES:
        # Programs read a list here, where other cards have an object.
        return _card(view, view.data[CardKind.CASES.value])
    data: JsonObject = dict(view.data)
    return _card(view, data if file is None else data | {"file": str(file)})


def _card(view: Card, data: JsonValue) -> JsonObject:
    return {
        "kind": view.kind.value,
        "text": text_of(view),
        "actions": [
            {"id": button.action, "label": button.label} for button in buttons_of(view)
        ],
        "form": None,
        "fields": [],
        "data": data,
    }


def _field(field: Field) -> JsonValue:
    found: JsonObject = {
        "name": field.name,
        "label": plain(field.label),
        "type": field.type.value,
        "required": field.required,
        "options": list(field.options),
    }
    if field.hint:
        found["hint"] = plain(field.hint)
    if field.value:
        found["value"] = field.value
    return found


def _dump(value: Mapping[str, object]) -> str:
    # ASCII alone: some programs break lines at other signs than the line's end.
    return json.dumps(value, separators=(",", ":"))
