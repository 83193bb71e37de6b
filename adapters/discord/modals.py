"""From forms to Discord's modals (pure).

Of a modal's five parts the first says who can see what; four fields follow. The others
of a form are left out: each of them is optional.
"""

from adapters.discord import markup, shapes
from adapters.discord.shapes import (
    BOXES_MAX,
    CHOICES_MAX,
    DESCRIPTION_CHARS_MAX,
    INPUT_CHARS_MAX,
    LABEL_CHARS_MAX,
    OPTION_CHARS_MAX,
    RADIO_MIN,
    Part,
)
from bot.core.canonical import JsonObject, JsonValue
from bot.views import text
from bot.views.fitting import cut, fitting
from bot.views.widgets import FORM_FIELDS_MAX, Field, FieldType, Form, Line, Look

# The value of a check mark that is set.
CHECKED = "yes"
# Text channels and announcements: where the bot's posts can stand.
_CHANNEL_TYPES: list[JsonValue] = [0, 5]


def modal_of(form: Form) -> JsonObject:
    """Return a form as a modal; its id is the form's, so that it outlives a restart."""
    shown = [_shown(line) for line in form.blocks]
    words = "\n".join(fitting(shown, shapes.MESSAGE_CHARS_MAX - len(shown)))
    parts = [shapes.text(words)] if words else []
    parts += [labelled(field) for field in form.fields[:FORM_FIELDS_MAX]]
    return {
        "custom_id": form.form,
        "title": cut(form.title, shapes.MODAL_TITLE_CHARS_MAX),
        "components": list[JsonValue](parts),
    }


def labelled(field: Field) -> JsonObject:
    """Return a field with its label. Room for a long label is in the description."""
    label = cut(field.label, LABEL_CHARS_MAX)
    hint = field.hint if label == field.label else f"{field.label} {field.hint}"
    found: JsonObject = {
        "type": Part.LABEL.value,
        "label": label,
        "component": _input(field),
    }
    if hint.strip():
        found["description"] = cut(hint.strip(), DESCRIPTION_CHARS_MAX)
    return found


def values_of(field: Field) -> tuple[str, ...]:
    """Return which of a choice's options are chosen beforehand."""
    if field.type is FieldType.CHECK:
        return (CHECKED,) if field.value.lower() in {"true", "yes", "on"} else ()
    chosen = field.value.split("\n")
    return tuple(option for option in field.options if option in chosen)


def options_of(field: Field) -> list[JsonValue]:
    """Return the options of a choice; what is chosen beforehand is marked."""
    if field.type is FieldType.CHECK:
        options = {CHECKED: text.CHECKED}
    else:
        options = {each: each for each in field.options[:CHOICES_MAX]}
    chosen = values_of(field)
    return [
        _option(value, label, is_chosen=value in chosen)
        for value, label in options.items()
    ]


def channels(field: Field) -> JsonObject:
    """Return a list of channels to choose one from."""
    found: JsonObject = {
        "type": Part.CHANNELS.value,
        "custom_id": field.name,
        "channel_types": _CHANNEL_TYPES,
        "min_values": 1 if field.required else 0,
        "max_values": 1,
    }
    platform, _, channel = field.value.partition("/")
    if platform == markup.PLATFORM and channel.isdecimal():
        found["default_values"] = [{"id": channel, "type": "channel"}]
    return found


def _shown(line: Line) -> str:
    """Return a paragraph. A modal is small: its headings are bold and no larger."""
    words = markup.shown(line)
    match line.look:
        case Look.HEADING:
            return f"**{words}**"
        case Look.NOTE:
            return markup.note(words)
        case Look.CODE:
            return markup.code(line.text)
        case Look.TEXT:
            return words


def _input(field: Field) -> JsonObject:
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.CODE:
            return _text_input(field)
        case FieldType.PLACE:
            return {**channels(field), "required": field.required}
        case FieldType.ONE:
            radio = RADIO_MIN <= len(field.options) <= BOXES_MAX
            kind = Part.RADIO if radio else Part.SELECT
            return {**_choice(field), "type": kind.value}
        case FieldType.MANY | FieldType.CHECK:
            kind = Part.BOXES if len(field.options) <= BOXES_MAX else Part.SELECT
            return {**_boxes(field), "type": kind.value}


def _text_input(field: Field) -> JsonObject:
    most = min(field.chars_max or INPUT_CHARS_MAX, INPUT_CHARS_MAX)
    found: JsonObject = {
        "type": Part.INPUT.value,
        "custom_id": field.name,
        "style": 2 if field.type is FieldType.LONG_TEXT else 1,
        "required": field.required,
        "max_length": most,
    }
    if field.value:
        found["value"] = field.value[:most]
    return found


def _choice(field: Field) -> JsonObject:
    return {
        "custom_id": field.name,
        "required": field.required,
        "options": options_of(field),
    }


def _boxes(field: Field) -> JsonObject:
    options = options_of(field)
    return {
        **_choice(field),
        "min_values": 1 if field.required else 0,
        "max_values": len(options),
    }


def _option(value: str, label: str, *, is_chosen: bool) -> JsonValue:
    found: JsonObject = {
        "label": cut(label, OPTION_CHARS_MAX),
        "value": value[:OPTION_CHARS_MAX],
    }
    if is_chosen:
        found["default"] = True
    return found
