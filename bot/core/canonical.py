"""One JSON text for one value, so that a signature covers every byte (protocol.md §2).

The encoding is the part of RFC 8785 that needs no number formatting: objects with
string keys in code point order, no white space, UTF-8, integers only.
"""

import json
from collections.abc import Mapping
from typing import TypeAlias, cast

JsonValue: TypeAlias = (
    "bool | int | str | list[JsonValue] | dict[str, JsonValue] | None"
)
JsonObject: TypeAlias = dict[str, JsonValue]

# RFC 8785 §3.2.2.3: integers beyond 2^53 are read differently by other languages.
INTEGER_MAX = 2**53 - 1
# Deeper nesting has no use here and would exhaust the parser's stack.
DEPTH_MAX = 16


class Malformed(ValueError):
    """Bytes that are not the one encoding of a value that this program accepts.

    The message names the place and never quotes the content.
    """


def encode(value: JsonValue) -> bytes:
    """Return the only encoding of `value` that `decode` accepts."""
    _check(value, DEPTH_MAX)
    return _dump(value)


def decode(data: bytes) -> JsonValue:
    """Return the value of `data`; refuse any bytes that `encode` would not write."""
    try:
        value: JsonValue = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed("not JSON in UTF-8") from None
    _check(value, DEPTH_MAX)
    # One comparison catches white space, key order, doubled keys and escapes.
    if _dump(value) != data:
        raise Malformed("not in canonical form")
    return value


def decode_object(data: bytes, keys: frozenset[str]) -> JsonObject:
    """Return the object in `data`, which has exactly `keys`."""
    return object_of(decode(data), keys)


def object_of(value: JsonValue, keys: frozenset[str]) -> JsonObject:
    """Return `value` as an object with exactly `keys`."""
    if not isinstance(value, dict) or frozenset(value) != keys:
        raise Malformed("an object has other keys than its format names")
    return value


def grown_object_of(
    value: JsonValue, keys: frozenset[str], added: Mapping[str, JsonValue]
) -> JsonObject:
    """Return `value` as an object with exactly `keys`, or with those of a version ago.

    The keys of `added` came together since then. Where none of them stands, each is
    what `added` says.
    """
    if isinstance(value, dict) and not added.keys() & value.keys():
        value = value | dict(added)
    return object_of(value, keys)


def integer_of(value: JsonValue, low: int, high: int) -> int:
    """Return `value` as an integer from `low` to `high`, both included."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed("a number stands elsewhere")
    if not low <= value <= high:
        raise Malformed("a number is out of its range")
    return value


def format_of(value: JsonValue, number: int) -> None:
    """Raise unless `value` is this number of a format; true is not 1 here."""
    integer_of(value, number, number)


def text_of(value: JsonValue, chars_max: int) -> str:
    """Return `value` as a text of at most `chars_max` code points."""
    if not isinstance(value, str) or len(value) > chars_max:
        raise Malformed("a text is missing or too long")
    return value


def flag_of(value: JsonValue) -> bool:
    """Return `value` as true or false."""
    if not isinstance(value, bool):
        raise Malformed("a yes or no is missing")
    return value


def list_of(value: JsonValue, items_max: int) -> list[JsonValue]:
    """Return `value` as a list of at most `items_max` items."""
    if not isinstance(value, list) or len(value) > items_max:
        raise Malformed("a list is missing or too long")
    return value


def bytes_of(value: JsonValue, size: int) -> bytes:
    """Return the `size` bytes that `value` gives in lower-case hexadecimal."""
    if not isinstance(value, str) or len(value) != 2 * size:
        raise Malformed("a field of bytes has another length")
    try:
        data = bytes.fromhex(value)
    except ValueError:
        raise Malformed("a field of bytes is not hexadecimal") from None
    if data.hex() != value:
        raise Malformed("a field of bytes is not in lower case")
    return data


def _dump(value: JsonValue) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a text holds half of a surrogate pair") from None


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise Malformed("nested too deeply")
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > INTEGER_MAX:
                raise Malformed("a number is out of its range")
        case list():
            _check_all(cast("list[object]", value), depth)
        case dict():
            items = cast("dict[object, object]", value)
            # Python would write other keys as texts, and read back another value.
            if not all(isinstance(key, str) for key in items):
                raise Malformed("a key is no text")
            _check_all([*items.values()], depth)
        case _:
            raise Malformed("a value has no place in canonical JSON")


def _check_all(values: list[object], depth: int) -> None:
    for value in values:
        _check(value, depth - 1)
