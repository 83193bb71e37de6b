"""Lines that trustees copy, and the file that each of them keeps."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_box_seal

from bot.core.canonical import Malformed
from bot.core.trustees import (
    SMALL_ORDER,
    TRUSTEES_MAX,
    LineMistyped,
    Trustees,
    _checked,
    decode_key_file,
    encode_key_file,
    key_line,
    read_key_line,
    read_trustees,
)
from tests.core.lunch import damaged, keys_of_32
from tests.vectors.reading import Vector, vectors

PUBLIC = bytes(range(32))
GOOD = encode_key_file(PUBLIC)


@pytest.mark.parametrize("vector", vectors("lines", "ok"))
def test_good_lines(vector: Vector) -> None:
    """A line is read, and written as it was."""
    assert read_trustees(vector["text"]).line() == vector["text"]


@pytest.mark.parametrize("vector", vectors("lines", "malformed"))
def test_hostile_lines(vector: Vector) -> None:
    """A line with any mistake is refused, and nothing of it is quoted."""
    with pytest.raises(LineMistyped) as refused:
        read_trustees(vector["text"])

    assert vector["text"] == "" or vector["text"][:20] not in str(refused.value)


@given(keys_of_32)
def test_key_line_round_trip(public: bytes) -> None:
    """Spaces, line ends and capitals of copying do not matter."""
    line = key_line(public)

    assert read_key_line(line) == public
    assert read_key_line(f"  {line[:30]} \n{line[30:].upper()}\n") == public


@given(
    st.integers(0, len(key_line(PUBLIC)) - 1), st.sampled_from("0123456789abcdefrky-")
)
def test_any_one_mistake_is_noticed(at: int, char: str) -> None:
    """A letter that was copied wrongly never makes another key."""
    line = key_line(PUBLIC)
    mistyped = line[:at] + char + line[at + 1 :]
    if mistyped == line:
        return

    with pytest.raises(LineMistyped):
        read_key_line(mistyped)


def test_petition_line_is_no_key() -> None:
    """The two kinds of line are told apart."""
    line = Trustees(public=PUBLIC, count=3, needed=2).line()

    with pytest.raises(LineMistyped):
        read_key_line(line)


@pytest.mark.parametrize(
    ("public", "count", "needed"),
    [
        (PUBLIC[1:], 3, 2),
        (PUBLIC, 3, 4),
        (PUBLIC, 3, 0),
        (PUBLIC, TRUSTEES_MAX + 1, 2),
    ],
)
def test_no_such_trustees(public: bytes, count: int, needed: int) -> None:
    """Who exists can be made and can open."""
    with pytest.raises(ValueError, match=r"trustees|key"):
        Trustees(public=public, count=count, needed=needed)


@given(keys_of_32)
def test_key_file_round_trip(secret: bytes) -> None:
    """A key file is read back, also with the line end that an editor adds."""
    data = encode_key_file(secret)

    assert decode_key_file(data) == secret
    assert decode_key_file(data + b"\n") == secret


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:-1],
        GOOD.replace(b"trustee key", b"shares"),
        GOOD.replace(b'"format":1', b'"format":2'),
        GOOD.replace(b"00", b"0", 1),
    ],
)
def test_no_key_file(data: bytes) -> None:
    """What is no key file is refused."""
    with pytest.raises(Malformed):
        decode_key_file(data)


@given(st.binary() | damaged(GOOD))
def test_bytes_are_a_key_or_malformed(data: bytes) -> None:
    """A damaged key file is refused, or is another key in the one encoding."""
    try:
        secret = decode_key_file(data)
    except Malformed:
        return

    assert json.loads(data)["secret"] == secret.hex()


@pytest.mark.parametrize("point", sorted(SMALL_ORDER))
@pytest.mark.parametrize("bit", [0, 0x80])
def test_key_to_which_nothing_can_be_sealed(point: bytes, bit: int) -> None:
    """A petition with it would refuse every signature: its line is no line."""
    public = point[:-1] + bytes([point[-1] | bit])
    with pytest.raises(RuntimeError):
        crypto_box_seal(b"a name", public)

    with pytest.raises(LineMistyped):
        read_trustees(_checked(f"rrnames1-{public.hex()}-3-2"))
