"""How fields of what Discord sends are read: nothing there is taken on trust (pure)."""

from bot.core.canonical import JsonObject, JsonValue


class Malformed(ValueError):
    """Something that Discord does not send. The message quotes nothing of it."""


def text_in(fields: JsonObject, key: str) -> str:
    """Return a text that cannot be missing."""
    value = fields.get(key)
    if not isinstance(value, str) or not value:
        raise Malformed("a field is missing")
    return value


def number_in(fields: JsonObject, key: str) -> int:
    """Return a whole number, which Discord also writes as a text; else 0."""
    written = str(fields.get(key))
    return int(written) if written.isascii() and written.isdecimal() else 0


def object_in(value: JsonValue) -> JsonObject:
    """Return an object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def list_in(value: JsonValue) -> list[JsonValue]:
    """Return a list, an empty one where there is none."""
    return value if isinstance(value, list) else []


def objects_in(value: JsonValue) -> list[JsonObject]:
    """Return the objects of a list."""
    return [each for each in list_in(value) if isinstance(each, dict)]
