"""From cards and forms to Slack's blocks, messages and views (pure; docs.slack.dev).

`clear_on_close` ends a form window as a whole, and no metadata holds what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from adapters.slack.marks import (
    BLOCK_CHARS_MAX,
    TEXT_CHARS_MAX,
    chunks,
    linked,
    marked,
    plain,
)
from adapters.slack.names import (
    ACTION_CHECK,
    ACTION_MANY,
    ACTION_PLACE,
    ACTION_VALUE,
    channel_of,
)
from bot.core.canonical import JsonObject, JsonValue
from bot.views import form_text
from bot.views.fitting import cut, fitting
from bot.views.widgets import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    Field,
    FieldType,
    Form,
    Line,
    Look,
)

# Slack's limits, in characters or elements.
# Slack refuses a message with more text than this in all its blocks (msg_too_long).
MESSAGE_CHARS_MAX = 13_000
HEADER_CHARS_MAX = 150
BUTTON_CHARS_MAX = 75
SPOKEN_CHARS_MAX = 75
TITLE_CHARS_MAX = 24
LABEL_CHARS_MAX = 2_000
OPTION_CHARS_MAX = 75
INPUT_CHARS_MAX = 3_000
ALT_CHARS_MAX = 2_000
# Radio buttons and check boxes; more than these are a menu to choose from.
BOXES_MAX = 10

# What the blocks of a refusal are called, so that the next one takes their place.
REFUSAL_BLOCK = "refusal"
_CHECKED = "true"
# What fills an input, and where its state says what was filled in.
_INITIALS = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_conversation": "selected_conversation",
}


def message_of(card: Card, *, picture: str = "") -> JsonObject:
    """Return a message: its blocks, and all of it as text for who hears it.

    `picture` is Slack's id of the chart's picture; without one there is no picture.
    """
    return {
        "text": text_of(card),
        "blocks": _blocks(card.blocks, picture),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def private_of(card: Card, *, replaces: bool = False) -> JsonObject:
    """Return a message that one person sees, or that takes an earlier one's place."""
    return {
        "response_type": "ephemeral",
        "replace_original": replaces,
        "text": text_of(card),
        "blocks": _blocks(card.blocks, ""),
    }


def direct_of(card: Card) -> JsonObject:
    """Return a message to one person: what a lock screen shows of it is neutral."""
    first = next(block.text for block in card.blocks if isinstance(block, Line))
    return {**message_of(card), "text": marked(plain(first))}


def modal_of(form: Form) -> JsonObject:
    """Return a form as a window."""
    return {
        **_window(form.title, form.form),
        "submit": _plain(form.submit, TITLE_CHARS_MAX),
        "blocks": [
            *_blocks(form.blocks, ""),
            *[_input(field) for field in form.fields],
        ],
    }


def page_of(card: Card) -> JsonObject:
    """Return a card as a page of the window: a code is shown here and nowhere else."""
    is_code = any(_is_code(block) for block in card.blocks)
    title = (
        form_text.PAGE_TITLE_CODE if is_code else form_text.PAGE_TITLE[card.kind.value]
    )
    return {**_window(title, "page"), "blocks": _blocks(card.blocks, "")}


def home_of(card: Card) -> JsonObject:
    """Return a card as the home page."""
    return {"type": "home", "blocks": _blocks(card.blocks, "")}


def refused_modal(view: Mapping[str, object], card: Card) -> JsonObject:
    """Return the form that somebody sent once more, under what became of it.

    `view` is the form as Slack sent it along: what was typed stays, and is kept here
    for no longer than this takes.
    """
    values = _found(_found(view, "state"), "values")
    blocks = [
        _filled(block, values)
        for block in cast("list[JsonObject]", view.get("blocks") or [])
        if not str(block.get("block_id")).startswith(REFUSAL_BLOCK)
    ]
    said = cast("list[JsonObject]", _blocks(card.blocks, ""))
    for number, block in enumerate(said):
        block["block_id"] = f"{REFUSAL_BLOCK}{number}"
    kept = {
        key: cast("JsonValue", view[key])
        for key in ("type", "callback_id", "title", "submit", "close", "clear_on_close")
        if view.get(key) is not None
    }
    return {**kept, "blocks": [*said, *blocks]}


def inputs_of(view: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the fields of a form that Slack sent along."""
    blocks = cast("list[JsonObject]", view.get("blocks") or [])
    return frozenset(
        str(block.get("block_id")) for block in blocks if block.get("type") == "input"
    )


def text_of(card: Card) -> str:
    """Return all that a card says, its buttons too, as text alone."""
    said: list[str] = []
    for block in card.blocks:
        match block:
            case Line():
                link = f" {linked(block.link)}" if block.link else ""
                said.append(marked(plain(block.text)) + link)
            case Buttons():
                said.append(marked(" · ".join(each.label for each in block.buttons)))
            case Chart():
                pass
    return cut("\n".join(said), TEXT_CHARS_MAX)


def line_of(card: Card) -> str:
    """Return the lines of a card as text alone, for beside a field."""
    lines = [plain(block.words) for block in card.blocks if isinstance(block, Line)]
    return " ".join(lines)


def _window(title: str, callback: str) -> JsonObject:
    return {
        "type": "modal",
        "callback_id": callback,
        "clear_on_close": True,
        "title": _plain(title, TITLE_CHARS_MAX),
        "close": _plain(form_text.CLOSE_WINDOW, TITLE_CHARS_MAX),
    }


def _blocks(blocks: Sequence[Block], picture: str) -> list[JsonValue]:
    found: list[JsonValue] = []
    for block in _fitted(blocks):
        match block:
            case Line():
                found += _line(block)
            case Buttons():
                elements: list[JsonValue] = [_button(each) for each in block.buttons]
                found.append({"type": "actions", "elements": elements})
            case Chart() if picture:
                found.append(
                    {
                        "type": "image",
                        "slack_file": {"id": picture},
                        "alt_text": cut(block.alt_text, ALT_CHARS_MAX),
                    }
                )
            case Chart():
                pass
    return found


def _fitted(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks for which there is room; the longest texts are shortened."""
    lines = [block.text for block in blocks if isinstance(block, Line)]
    labels = sum(
        len(button.label)
        for block in blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    )
    links = sum(
        len(linked(block.link)) + 1
        for block in blocks
        if isinstance(block, Line) and block.link
    )
    most = MESSAGE_CHARS_MAX - labels - links
    fit = iter(fitting(lines, most, size=lambda text: len(marked(text))))
    return [
        replace(block, text=next(fit)) if isinstance(block, Line) else block
        for block in blocks
    ]


def _line(line: Line) -> list[JsonValue]:
    """Return a paragraph; one that is too long for a block stands in several."""
    match line.look:
        case Look.HEADING if len(plain(line.text)) <= HEADER_CHARS_MAX:
            heading = _plain(plain(line.text), HEADER_CHARS_MAX)
            return [{"type": "header", "text": heading}]
        case Look.HEADING:
            # Stars in it would end the bold.
            return [_section(each) for each in chunks(f"**{plain(line.text)}**")]
        case Look.NOTE:
            return [
                {"type": "context", "elements": [_mrkdwn(each)]}
                for each in _chunks(line)
            ]
        case Look.CODE:
            return [_section(f"```{marked(line.text)}```")]
        case Look.TEXT:
            return [_section(each) for each in _chunks(line)]


def _chunks(line: Line) -> list[str]:
    """Return a paragraph in pieces; its link stands behind the last one, if it fits."""
    pieces = chunks(line.text)
    if not line.link:
        return pieces
    *whole, last = pieces
    link = linked(line.link)
    if len(last) + 1 + len(link) > BLOCK_CHARS_MAX:
        return [*pieces, link]
    return [*whole, f"{last} {link}"]


def _is_code(block: Block) -> bool:
    return isinstance(block, Line) and block.look is Look.CODE


def _section(said: str) -> JsonObject:
    return {"type": "section", "text": _mrkdwn(said)}


def _mrkdwn(said: str) -> JsonObject:
    # `verbatim`: no address, name or channel that somebody typed becomes a link.
    return {"type": "mrkdwn", "text": said, "verbatim": True}


def _plain(said: str, chars_max: int) -> JsonObject:
    return {"type": "plain_text", "text": cut(said, chars_max), "emoji": False}


def _button(button: Button) -> JsonObject:
    found: JsonObject = {
        "type": "button",
        "action_id": button.action,
        "text": _plain(button.label, BUTTON_CHARS_MAX),
    }
    if button.hint:
        found["accessibility_label"] = cut(button.hint, SPOKEN_CHARS_MAX)
    return found


def _input(field: Field) -> JsonObject:
    found: JsonObject = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(plain(field.label), LABEL_CHARS_MAX),
        "optional": not field.required,
        "element": _element(field),
    }
    if field.hint:
        found["hint"] = _plain(plain(field.hint), LABEL_CHARS_MAX)
    return found


def _element(field: Field) -> JsonObject:
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.CODE:
            return _text_element(field)
        case FieldType.ONE:
            return _one_element(field)
        case FieldType.MANY:
            return _many_element(field)
        case FieldType.CHECK:
            return _check_element(field)
        case FieldType.PLACE:
            return _place_element(field)


def _text_element(field: Field) -> JsonObject:
    most = min(field.chars_max or INPUT_CHARS_MAX, INPUT_CHARS_MAX)
    found: JsonObject = {
        "type": "plain_text_input",
        "action_id": ACTION_VALUE,
        "multiline": field.type is FieldType.LONG_TEXT,
        "max_length": most,
    }
    if field.value:
        found["initial_value"] = field.value[:most]
    return found


def _one_element(field: Field) -> JsonObject:
    is_short = len(field.options) <= BOXES_MAX
    found: JsonObject = {
        "type": "radio_buttons" if is_short else "static_select",
        "action_id": ACTION_VALUE,
        "options": [_option(option) for option in field.options],
    }
    if field.value in field.options:
        found["initial_option"] = _option(field.value)
    return found


def _many_element(field: Field) -> JsonObject:
    is_short = len(field.options) <= BOXES_MAX
    found: JsonObject = {
        "type": "checkboxes" if is_short else "multi_static_select",
        "action_id": ACTION_MANY,
        "options": [_option(option) for option in field.options],
    }
    chosen = [line for line in field.value.split("\n") if line in field.options]
    if chosen:
        found["initial_options"] = [_option(option) for option in chosen]
    return found


def _check_element(field: Field) -> JsonObject:
    option: JsonObject = {
        "text": _plain(form_text.CHECK_YES, OPTION_CHARS_MAX),
        "value": _CHECKED,
    }
    found: JsonObject = {
        "type": "checkboxes",
        "action_id": ACTION_CHECK,
        "options": [option],
    }
    if field.value == _CHECKED:
        found["initial_options"] = [option]
    return found


def _place_element(field: Field) -> JsonObject:
    found: JsonObject = {
        "type": "conversations_select",
        "action_id": ACTION_PLACE,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    channel = channel_of(field.value)
    if channel:
        found["initial_conversation"] = channel
    else:
        found["default_to_current_conversation"] = True
    return found


def _option(option: str) -> JsonObject:
    return {"text": _plain(option, OPTION_CHARS_MAX), "value": option}


def _filled(block: JsonObject, values: Mapping[str, object]) -> JsonObject:
    """Return an input with what was typed or chosen in it; other blocks as they are."""
    if block.get("type") != "input":
        return block
    element = dict(cast("JsonObject", block["element"]))
    name, action = str(block.get("block_id")), str(element.get("action_id"))
    state = _found(_found(values, name), action)
    for initial, typed in _INITIALS.items():
        element.pop(initial, None)
        if state.get(typed):
            element[initial] = cast("JsonValue", state[typed])
    if "initial_conversation" in element:
        element.pop("default_to_current_conversation", None)
    return {**block, "element": element}


def _found(payload: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = payload.get(key)
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
