"""Judges what would reach Slack: its published schema, its SDK, and a table of caps.

The schema and slack_sdk's validators miss the caps of nested texts, so those stand
here, as docs.slack.dev names them.
"""

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.specs import published

SCHEMA = "slack-blockkit.schema.json"
# Characters of a text, by where it stands.
CAPS = {
    ("header", "text"): 150,
    ("section", "text"): 3000,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("button", "text"): 75,
    ("option", "text"): 75,
    ("option", "description"): 75,
    ("view", "title"): 24,
    ("view", "submit"): 24,
    ("view", "close"): 24,
    ("element", "placeholder"): 150,
}
STRINGS = {
    "action_id": 255,
    "block_id": 255,
    "value": 2000,
    "accessibility_label": 75,
    "alt_text": 2000,
    "callback_id": 255,
    "private_metadata": 3000,
}
BLOCKS_MAX = {"message": 50, "modal": 100, "home": 100}
OPTIONS_MAX = {
    "radio_buttons": 10,
    "checkboxes": 10,
    "static_select": 100,
    "multi_static_select": 100,
}
MESSAGE_CHARS_MAX = 13_000
TEXT_CHARS_MAX = 4_000


@cache
def _schema(kind: str) -> Draft7Validator | None:
    schema = published(SCHEMA)
    if schema is None:
        return None
    reference = {"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]}
    return Draft7Validator(reference)


def message_faults(message: dict[str, Any]) -> list[str]:
    """Return what Slack would refuse of a message; the same one is judged once."""
    return list(_judged(json.dumps(message, sort_keys=True)))


@lru_cache(maxsize=256)
def _judged(dumped: str) -> list[str]:
    message: dict[str, Any] = json.loads(dumped)
    blocks = message.get("blocks", [])
    found = [*_block_faults(blocks, "message")]
    if not message.get("text"):
        found.append("a message has no text for who hears it")
    if len(message.get("text", "")) > TEXT_CHARS_MAX:
        found.append("the text of a message is cut")
    if sum(map(len, _texts(blocks))) > MESSAGE_CHARS_MAX:
        found.append("a message is too long as a whole")
    found += ["an input in a message" for each in blocks if each["type"] == "input"]
    return found


def view_faults(view: dict[str, Any]) -> list[str]:
    """Return what Slack would refuse of a view."""
    kind = view.get("type", "")
    found = [*_block_faults(view.get("blocks", []), kind)]
    schema = _schema("ModalView" if kind == "modal" else "HomeView")
    if schema is not None:
        found += [each.message[:200] for each in schema.iter_errors(view)]
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        found.append(str(error))
    inputs = any(each["type"] == "input" for each in view.get("blocks", []))
    if kind == "modal" and inputs and not view.get("submit"):
        found.append("a form has no button to send it")
    for name in ("title", "submit", "close"):
        if view.get(name):
            found += _cap("view", name, view[name])
    found += _strings(view)
    return found


def _block_faults(blocks: list[dict[str, Any]], kind: str) -> Iterator[str]:
    if len(blocks) > BLOCKS_MAX[kind]:
        yield f"{len(blocks)} blocks in a {kind}"
    schema = _schema("KnownBlock")
    names = [each["block_id"] for each in blocks if "block_id" in each]
    if len(set(names)) != len(names):
        yield "two blocks have one name"
    for block in blocks:
        if schema is not None and not schema.is_valid(block):
            yield f"not in the schema: {block}"
        try:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
        except (SlackObjectFormationError, AssertionError) as error:
            yield f"{block['type']}: {error}"
        yield from _strings(block)
        yield from _part_faults(block)


def _part_faults(block: dict[str, Any]) -> Iterator[str]:
    for name in ("text", "label", "hint"):
        if isinstance(block.get(name), dict):
            yield from _cap(block["type"], name, block[name])
    elements = [
        *block.get("elements", []),
        block.get("element"),
        block.get("accessory"),
    ]
    elements = [each for each in elements if each]
    if len(elements) > (25 if block["type"] == "actions" else 10):
        yield "too many elements in a row"
    actions = [each["action_id"] for each in elements if "action_id" in each]
    if len(set(actions)) != len(actions):
        yield "two elements of a block have one name"
    for element in elements:
        yield from _strings(element)
        yield from _element_faults(element)


def _element_faults(element: dict[str, Any]) -> Iterator[str]:
    kind = element["type"]
    if kind == "button":
        yield from _cap("button", "text", element["text"])
    if kind in {"mrkdwn", "plain_text"}:
        yield from _cap("section", "text", element)
    if "placeholder" in element:
        yield from _cap("element", "placeholder", element["placeholder"])
    yield from _option_faults(element)
    most = element.get("max_length", 3000)
    if not 1 <= most <= 3000 or len(element.get("initial_value", "")) > most:
        yield "a field holds more than it takes"


def _option_faults(element: dict[str, Any]) -> Iterator[str]:
    kind = element["type"]
    options = element.get("options", [])
    if len(options) > OPTIONS_MAX.get(kind, 0) or (kind in OPTIONS_MAX and not options):
        yield f"{len(options)} options in {kind}"
    if len({option["value"] for option in options}) != len(options):
        yield "two options have one value"
    for option in options:
        yield from _cap("option", "text", option["text"])
        if len(option["value"]) > 150:
            yield "the value of an option is too long"
    chosen = [*element.get("initial_options", []), element.get("initial_option")]
    if any(each not in options for each in chosen if each):
        yield "what is chosen is none of the options"


def _cap(kind: str, name: str, text: dict[str, Any]) -> Iterator[str]:
    most = CAPS.get((kind, name), 3000)
    if not 1 <= len(text["text"]) <= most:
        yield f"{kind} {name}: {len(text['text'])} characters"
    if text["type"] == "plain_text" and text.get("emoji", True):
        yield f"{kind} {name}: emoji are not switched off"


def _strings(part: dict[str, Any]) -> Iterator[str]:
    for name, most in STRINGS.items():
        if isinstance(part.get(name), str) and len(part[name]) > most:
            yield f"{name}: {len(part[name])} characters"


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    if isinstance(part, list):
        for value in part:
            yield from _texts(value)
