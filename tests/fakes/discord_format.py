"""What Discord takes and gives: its published description, and bounds beyond that.

The description (OpenAPI) finds wrong types and long texts. What it does not know, and
Discord refuses, stands in the small table below.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_ROOT = "urn:discord"
_SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"

CUSTOM_ID_CHARS = 100
MODAL_PARTS = 5
CONTENT_CHARS = 2000
MESSAGE_PARTS = 40
MESSAGE_CHARS = 4000
ROW_BUTTONS = 5
DESCRIPTION_CHARS = 100
COMMAND_CHARS = 4000
PRIVATE, COMPONENTS = 64, 32768
ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, LABEL, RADIO = 1, 2, 3, 4, 9, 10, 18, 21
_CHOOSERS = (3, 5, 6, 7, 8)


def specification() -> Path:
    """Return where the description lies; skip the test without it, but not under CI."""
    folder = Path(os.environ.get("ROUNDROBIN_SPECS") or _SPECS)
    path = folder / "discord-openapi.json"
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip("Discord's published description is not on this machine")
    return path


class Format:
    """Finds what is wrong with a request or an answer, in words for who tests."""

    def __init__(self, path: Path) -> None:
        self._whole: dict[str, Any] = json.loads(path.read_text())
        resource: Any = DRAFT202012.create_resource(self._whole)
        self._registry: Any = Registry().with_resource(_ROOT, resource)
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}
        self._templates = [
            (re.compile(re.sub(r"\{\w+\}", "([^/]+)", each)), each)
            for each in sorted(self._whole["paths"], key=lambda path: path.count("{"))
        ]

    @classmethod
    def load(cls) -> "Format":
        """Return the one of this process; reading a megabyte takes its time."""
        return _load(specification())

    def template(self, path: str) -> str | None:
        """Return the path with names in place of ids, as the description has it."""
        return next((t for found, t in self._templates if found.fullmatch(path)), None)

    def wrong_request(self, method: str, path: str, body: Any) -> list[str]:
        """Return what is wrong with the body of a request."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"there is no {method} {path}"]
        asked = operation.get("requestBody")
        if asked is None:
            return [] if body is None else ["a body that is not asked for"]
        pointer = (*self._at(method, path), "requestBody", "content")
        return self._wrong((*pointer, "application/json", "schema"), body)

    def wrong_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with the body of an answer of the fake."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"there is no {method} {path}"]
        responses = operation["responses"]
        known = str(status) if str(status) in responses else f"{status // 100}XX"
        if known not in responses:
            # 5XX stands nowhere in the description.
            return [] if status >= 500 else [f"no answer {status}"]
        if body is None:
            return []
        if "$ref" in responses[known]:
            name = responses[known]["$ref"].rsplit("/", 1)[1]
            pointer: tuple[str, ...] = ("components", "responses", name)
        else:
            pointer = (*self._at(method, path), "responses", known)
        return self._wrong((*pointer, "content", "application/json", "schema"), body)

    def wrong_part(self, schema: str, value: Any) -> list[str]:
        """Return what is wrong with a value of a named schema."""
        return self._wrong(("components", "schemas", schema), value)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        found = self._whole["paths"].get(self.template(path) or "")
        return None if found is None else found.get(method.lower())

    def _at(self, method: str, path: str) -> tuple[str, ...]:
        return ("paths", str(self.template(path)), method.lower())

    def _wrong(self, pointer: tuple[str, ...], value: Any) -> list[str]:
        escaped = (each.replace("~", "~0").replace("/", "~1") for each in pointer)
        ref = f"{_ROOT}#/{'/'.join(_uri(each) for each in escaped)}"
        if ref not in self._validators:
            self._validators[ref] = jsonschema.Draft202012Validator(
                {"$ref": ref}, registry=self._registry
            )
        errors = self._validators[ref].iter_errors(value)
        return [f"{each.json_path}: {each.message}"[:400] for each in errors]


@cache
def _load(path: Path) -> Format:
    return Format(path)


def _uri(part: str) -> str:
    return part.replace("{", "%7B").replace("}", "%7D")


def over_the_caps(body: Any) -> list[str]:
    """Return what Discord refuses, though its description allows it."""
    if not isinstance(body, dict):
        return []
    if "title" in body:
        return [*_wrong_modal(body), *_wrong_parts(body["components"])]
    parts = body.get("components") or []
    return [*_wrong_parts(parts), *_wrong_message(body, list(walk(parts)))]


def _wrong_message(body: dict[str, Any], everything: list[dict[str, Any]]) -> list[str]:
    second_kind = bool((body.get("flags") or 0) & COMPONENTS)
    chars = sum(len(each["content"]) for each in everything if each["type"] == TEXT)
    newer = any(each["type"] >= SECTION for each in everything)
    content = str(body.get("content") or "")
    found = {
        "content of more than 2,000 characters": len(content) > CONTENT_CHARS,
        "components of the second kind without their flag": newer and not second_kind,
        "text beside components": second_kind and bool(content or body.get("embeds")),
        "an empty message": second_kind and not everything,
        f"{len(everything)} components": len(everything) > MESSAGE_PARTS,
        f"{chars} characters": chars > MESSAGE_CHARS,
    }
    return [words for words, is_so in found.items() if is_so]


def wrong_commands(commands: Any) -> list[str]:
    """Return what Discord refuses in a list of commands."""
    found: list[str] = []
    for command in commands:
        words = json.dumps([command.get("name"), command.get("options", [])])
        if command.get("type", 1) == 1 and not command.get("description"):
            found.append("a command without a description")
        if len(re.sub(r'"(type|name|description|options|autocomplete)"', "", words)) > (
            COMMAND_CHARS
        ):
            found.append("a command of more than 4,000 characters")
    return found


def walk(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield components with all that is in them."""
    for part in parts:
        yield part
        yield from walk(part.get("components") or [])
        for key in ("accessory", "component"):
            if key in part:
                yield from walk([part[key]])


def _wrong_modal(body: dict[str, Any]) -> list[str]:
    parts = body["components"]
    found = ["more parts in a form than fit"] if len(parts) > MODAL_PARTS else []
    found += [
        f"a form with a component of type {part['type']}"
        for part in parts
        if part["type"] not in (LABEL, TEXT)
    ]
    found += [
        "a present value that is too long"
        for each in walk(parts)
        if each["type"] == INPUT and len(each.get("value") or "") > each["max_length"]
    ]
    return found


def _wrong_parts(parts: list[dict[str, Any]]) -> list[str]:
    everything = list(walk(parts))
    ids = [str(e["custom_id"] or "") for e in everything if "custom_id" in e]
    found = ["an id twice"] if len(ids) != len(set(ids)) else []
    found += [
        "an id of a wrong length"
        for each in ids
        if not 1 <= len(each) <= CUSTOM_ID_CHARS
    ]
    for each in everything:
        if each["type"] == BUTTON and not (each.get("custom_id") and each.get("label")):
            found.append("a button without an id or a label")
        if each["type"] == ROW:
            found += _wrong_row(each["components"])
        if "options" in each:
            found += _wrong_options(each)
    return found


def _wrong_row(parts: list[dict[str, Any]]) -> list[str]:
    choosers = [each for each in parts if each["type"] in _CHOOSERS]
    if choosers and len(parts) > 1:
        return ["a list beside something else in a row"]
    return ["a row that is too long"] if len(parts) > ROW_BUTTONS else []


def _wrong_options(part: dict[str, Any]) -> list[str]:
    options = part["options"]
    values = [each["value"] for each in options]
    chosen = [each for each in options if each.get("default")]
    most = 1 if part["type"] == RADIO else part.get("max_values") or 1
    found: list[str] = []
    if len(set(values)) != len(values):
        found.append("a value twice")
    if len(chosen) > most:
        found.append("more chosen beforehand than may be")
    if most > len(options):
        found.append("more to choose than there is")
    return found
