"""A form as a private message, where Discord takes no modal or it has no room (pure).

The message itself holds everything: each field's name, its bounds and its present
value. Nobody else keeps it, so what is sent is read back from the message.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeAlias, cast

from adapters.discord import markup, modals, shapes
from adapters.discord.modals import CHECKED
from adapters.discord.reading import objects_in
from adapters.discord.shapes import Message, Part
from bot.core.canonical import JsonObject, JsonValue
from bot.views import text
from bot.views.fitting import cut, fitting
from bot.views.widgets import FORM_FIELDS_MAX, Field, FieldType, Form, Line, Look

# What the ids of a page's own buttons and lists begin with. No action of ours does.
SEND, CHANGE, CHOOSE = "=", "~", "?"
Values: TypeAlias = Mapping[str, str | tuple[str, ...] | bool]

_KINDS = {FieldType.TEXT: "t", FieldType.LONG_TEXT: "l", FieldType.CODE: "c"}
_TYPES = {letter: kind for kind, letter in _KINDS.items()}
_CHANGE_ID = re.compile(
    rf"{CHANGE}(?P<kind>[tlc])(?P<required>[01])(?P<most>[0-9]{{1,4}}):(?P<name>.+)"
)
# One option, several, a check mark, a place: the id says how a list is read back.
_CHOOSE_ID = re.compile(rf"\{CHOOSE}(?P<kind>[omkp]):(?P<name>.+)")


def page_of(form: Form) -> Message:
    """Return a form as a message: its words, its fields with their values, one button.

    It shows as many fields as a modal does, or all of a whole form.
    """
    shown = form.fields if form.whole else form.fields[:FORM_FIELDS_MAX]
    fields = [part for each in shown for part in _field(each)]
    taken = sum(len(str(part.get("content", ""))) for part in _walk(fields))
    words = fitting(
        [_words(line) for line in form.blocks], shapes.MESSAGE_CHARS_MAX - taken
    )
    send = shapes.button(f"{SEND}{form.form}", form.submit, is_first=True)
    return Message(components=(*map(shapes.text, words), *fields, shapes.row(send)))


def values_in(components: Sequence[JsonObject]) -> Values:
    """Return the values of all fields of a page, as the form's own modal sends them."""
    found: dict[str, str | tuple[str, ...] | bool] = {}
    for part in _walk(components):
        custom_id = str(part.get("custom_id", ""))
        if chosen := _CHOOSE_ID.fullmatch(custom_id):
            found[chosen["name"]] = _chosen(chosen["kind"], part)
        elif part.get("type") == Part.SECTION.value:
            name, value = _written(part)
            found[name] = value
    return found


def form_in(components: Sequence[JsonObject]) -> str:
    """Return the id of the form that a page sends, or nothing if it is no page."""
    ids = (str(part.get("custom_id", "")) for part in _walk(components))
    return next((e.removeprefix(SEND) for e in ids if e.startswith(SEND)), "")


def modal_for(components: Sequence[JsonObject], custom_id: str) -> JsonObject | None:
    """Return the modal that changes the text whose button has `custom_id`."""
    matched = _CHANGE_ID.fullmatch(custom_id)
    section = _section(components, custom_id)
    if matched is None or section is None:
        return None
    _, value = _written(section)
    field = Field(
        name=matched["name"],
        label=_label(section),
        type=_TYPES[matched["kind"]],
        required=matched["required"] == "1",
        value=value,
        chars_max=int(matched["most"]),
    )
    return {
        "custom_id": custom_id,
        "title": cut(field.label, shapes.MODAL_TITLE_CHARS_MAX),
        "components": [modals.labelled(field)],
    }


def with_text(
    components: Sequence[JsonObject], custom_id: str, value: str
) -> Message | None:
    """Return the page with another text in the field of that button."""
    copied = deepcopy(list(components))
    section = _section(copied, custom_id)
    if section is None:
        return None
    label = _label(section)
    others = objects_in(section.get("components"))[1:]
    section["components"] = [shapes.text(_labelled(label, value)), *others]
    return Message(components=tuple(map(_clean, copied)))


def with_choice(
    components: Sequence[JsonObject], custom_id: str, values: Sequence[str]
) -> Message | None:
    """Return the page with other values chosen in that list."""
    copied = deepcopy(list(components))
    found = next((p for p in _walk(copied) if p.get("custom_id") == custom_id), None)
    if found is None:
        return None
    if found["type"] == Part.CHANNELS.value:
        found["default_values"] = [{"id": each, "type": "channel"} for each in values]
    for option in objects_in(found.get("options")):
        option["default"] = option.get("value") in values
    return Message(components=tuple(map(_clean, copied)))


def _words(line: Line) -> str:
    words = markup.shown(line)
    if line.look is Look.HEADING:
        words = f"## {words}"
    elif line.look is Look.NOTE:
        words = markup.note(words)
    return words


def _field(field: Field) -> list[JsonObject]:
    if field.type in _KINDS:
        return [_text_field(field)]
    label = shapes.text("\n".join([f"**{markup.escape(field.label)}**", *_hint(field)]))
    if field.type is FieldType.PLACE:
        chooser = modals.channels(field)
        chooser["custom_id"] = f"{CHOOSE}p:{field.name}"
        return [label, shapes.row(chooser)]
    options = modals.options_of(field)
    letter = {FieldType.MANY: "m", FieldType.CHECK: "k"}.get(field.type, "o")
    several = len(options) if field.type is FieldType.MANY else 1
    return [
        label,
        shapes.row(
            {
                "type": Part.SELECT.value,
                "custom_id": f"{CHOOSE}{letter}:{field.name}",
                "min_values": 1 if field.required else 0,
                "max_values": several,
                "options": options,
            }
        ),
    ]


def _text_field(field: Field) -> JsonObject:
    most = min(field.chars_max or shapes.INPUT_CHARS_MAX, shapes.INPUT_CHARS_MAX)
    custom_id = f"{CHANGE}{_KINDS[field.type]}{int(field.required)}{most}:{field.name}"
    return {
        "type": Part.SECTION.value,
        "components": [
            shapes.text(_labelled(field.label, field.value)),
            *map(shapes.text, _hint(field)),
        ],
        "accessory": shapes.button(custom_id, text.CHANGE_IT),
    }


def _hint(field: Field) -> list[str]:
    return [markup.note(markup.escape(field.hint))] if field.hint else []


def _labelled(label: str, value: str) -> str:
    """Return a label above a text. Escaped, so that `_written` finds the very text."""
    return f"**{markup.escape(label)}**\n{markup.escape(value)}".rstrip("\n")


def _label(section: JsonObject) -> str:
    first = _content(section).split("\n", 1)[0]
    return markup.unescape(first.removeprefix("**").removesuffix("**"))


def _written(section: JsonObject) -> tuple[str, str]:
    accessory = section.get("accessory")
    custom_id = accessory.get("custom_id") if isinstance(accessory, dict) else ""
    matched = _CHANGE_ID.fullmatch(str(custom_id))
    name = matched["name"] if matched else ""
    return name, markup.unescape(_content(section).partition("\n")[2])


def _content(section: JsonObject) -> str:
    texts = objects_in(section.get("components"))
    return str(texts[0].get("content", "")) if texts else ""


def _section(components: Sequence[JsonObject], custom_id: str) -> JsonObject | None:
    for part in _walk(components):
        accessory = part.get("accessory")
        if isinstance(accessory, dict) and accessory.get("custom_id") == custom_id:
            return part
    return None


def _chosen(kind: str, part: JsonObject) -> str | tuple[str, ...] | bool:
    options = objects_in(part.get("options"))
    values = tuple(str(each["value"]) for each in options if each.get("default"))
    match kind:
        case "k":
            return CHECKED in values
        case "m":
            return values
        case "p":
            defaults = objects_in(part.get("default_values"))
            ids = [f"{markup.PLATFORM}/{each['id']}" for each in defaults]
            return "".join(ids[:1])
        case _:
            return "".join(values[:1])


def _walk(components: Sequence[JsonObject]) -> Iterator[JsonObject]:
    for part in components:
        yield part
        yield from _walk(objects_in(part.get("components")))


def _clean(part: JsonObject) -> JsonObject:
    """Return a component as it is sent: what Discord added to it is left out."""
    cleaned: JsonObject = {
        key: value for key, value in part.items() if key not in {"id", "disabled"}
    }
    if nested := objects_in(part.get("components")):
        cleaned["components"] = cast("list[JsonValue]", [_clean(e) for e in nested])
    if isinstance(accessory := part.get("accessory"), dict):
        cleaned["accessory"] = _clean(accessory)
    return cleaned
