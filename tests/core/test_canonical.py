"""One JSON text for one value, and nothing but `Malformed` for all others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import INTEGER_MAX, Malformed, decode, encode
from tests.core.lunch import damaged, json_values
from tests.vectors.reading import Vector, bytes_of, vectors


@pytest.mark.parametrize("vector", vectors("canonical", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """What is canonical is read, and written again just so."""
    assert encode(decode(bytes_of(vector))) == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("canonical", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """Any other text is refused, also if it means the same."""
    with pytest.raises(Malformed):
        decode(bytes_of(vector))


@given(json_values)
def test_round_trip(value: Any) -> None:
    """What was written is read."""
    assert decode(encode(value)) == value


@given(st.binary() | json_values.flatmap(lambda value: damaged(encode(value))))
def test_bytes_are_canonical_or_malformed(data: bytes) -> None:
    """Whatever is read would be written with the same bytes."""
    try:
        value = decode(data)
    except Malformed:
        return

    assert encode(value) == data


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        b"bytes",
        {1: "a key that is no text"},
        {None: 1, "a": 2},
        [{True: 1}],
        INTEGER_MAX + 1,
        -INTEGER_MAX - 1,
        "half a pair: \ud800",
        {"\udfff": 1},
        ("a tuple",),
    ],
)
def test_only_canonical_values_are_written(value: Any) -> None:
    """Nothing is written that would be read as something else."""
    with pytest.raises(Malformed):
        encode(value)


def test_nesting_is_bounded_both_ways() -> None:
    """A value that is nested too deeply is neither written nor read."""
    value: Any = 1
    for _ in range(16):
        value = {"a": value}

    with pytest.raises(Malformed):
        encode(value)
    with pytest.raises(Malformed):
        decode(b'{"a":' * 16 + b"1" + b"}" * 16)


def test_message_quotes_nothing() -> None:
    """A fault names the place and not what stood there."""
    with pytest.raises(Malformed) as refusal:
        canonical.decode_object(b'{"canary":1}', frozenset({"name"}))

    assert "canary" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("value", [None, [], "x", {"a": 1, "b": 2}, {}, {"b": 1}])
def test_object_has_exactly_its_keys(value: Any) -> None:
    """Neither a key more nor a key less, and nothing but an object."""
    assert canonical.object_of({"a": 1}, frozenset("a")) == {"a": 1}
    with pytest.raises(Malformed):
        canonical.object_of(value, frozenset("a"))


@pytest.mark.parametrize("value", [True, False, None, "1", [1], 4, 0])
def test_integer_is_in_its_range(value: Any) -> None:
    """True is no number, and the bounds are included."""
    assert [canonical.integer_of(n, 1, 3) for n in (1, 3)] == [1, 3]
    with pytest.raises(Malformed):
        canonical.integer_of(value, 1, 3)


@pytest.mark.parametrize("value", [True, 2, 0, "1", None])
def test_format_is_that_number(value: Any) -> None:
    """In Python True equals 1; as the number of a format it is refused."""
    canonical.format_of(1, 1)
    with pytest.raises(Malformed):
        canonical.format_of(value, 1)


@pytest.mark.parametrize("value", [None, 1, "four", ["a"]])
def test_text_is_bounded(value: Any) -> None:
    """A text has at most so many code points."""
    assert canonical.text_of("é–\U0001f600", 3) == "é–\U0001f600"
    with pytest.raises(Malformed):
        canonical.text_of(value, 3)


@pytest.mark.parametrize("value", [None, 0, 1, "true", []])
def test_flag_is_true_or_false(value: Any) -> None:
    """Nothing else is a yes or a no."""
    assert [canonical.flag_of(flag) for flag in (True, False)] == [True, False]
    with pytest.raises(Malformed):
        canonical.flag_of(value)


@pytest.mark.parametrize("value", [None, "ab", {}, [1, 2, 3]])
def test_list_is_bounded(value: Any) -> None:
    """A list has at most so many items."""
    assert canonical.list_of([1, 2], 2) == [1, 2]
    with pytest.raises(Malformed):
        canonical.list_of(value, 2)


@pytest.mark.parametrize("value", [None, 10, "0a0", "0a0b0c", "0A0b", "0g0b", " a0b"])
def test_bytes_stand_in_hexadecimal(value: Any) -> None:
    """Bytes have one length and one writing."""
    assert canonical.bytes_of("0a0b", 2) == b"\x0a\x0b"
    with pytest.raises(Malformed):
        canonical.bytes_of(value, 2)
