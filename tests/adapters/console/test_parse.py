"""Lines of JSON, and lines that a person types: what they ask for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.parse import (
    ADVANCE_SECONDS_MAX,
    FIELDS_MAX,
    LINE_BYTES_MAX,
    TEXT_CHARS_MAX,
    Advance,
    Line,
    NoCommand,
    NotARequest,
    SetPeople,
    read_duration,
    read_line,
)
from adapters.console.typed import Ask, Push, Speak, read_typed
from bot.requests import Command, DirectMessage, Press, Submit


def line_of(**fields: object) -> Line:
    """Return what a request in JSON asks for; `as_` stands for "as"."""
    named = {name.removesuffix("_"): value for name, value in fields.items()}
    return read_line(json.dumps(named).encode(), command="rr")


def test_command_loses_its_root() -> None:
    """The words behind the root command are asked, in the general channel."""
    asked = line_of(id=1, as_="mei", command=" /RR  tally lunch ").asked

    assert isinstance(asked, Command)
    assert (asked.words, asked.place) == ("tally lunch", "general")
    assert (asked.actor.platform, asked.actor.user) == ("console", "mei")


@pytest.mark.parametrize("typed", ["/other", "rr", "", "/rrx", "// rr"])
def test_other_commands_are_nobodys(typed: str) -> None:
    """A command of another root is not the bot's."""
    assert isinstance(line_of(id=1, as_="mei", command=typed).asked, NoCommand)


def test_each_verb() -> None:
    """Press, message and form arrive as they were sent."""
    press = line_of(as_="mei", press="vote:lunch:0").asked
    message = line_of(as_="mei", dm="hello").asked
    form = line_of(
        as_="mei",
        submit="poll",
        fields={"a": "x", "b": ["y", "z"], "c": True, "d": 3, "e": None},
    ).asked

    assert isinstance(press, Press)
    assert press.action == "vote:lunch:0"
    assert isinstance(message, DirectMessage)
    assert message.text == "hello"
    assert isinstance(form, Submit)
    assert form.form == "poll"
    assert dict(form.fields) == {"a": "x", "b": ("y", "z"), "c": True, "d": "3"}


def test_people_and_time() -> None:
    """Members of the workspace, of a channel, and time that passes."""
    assert line_of(people=["mei", "sam"]).asked == SetPeople(names=("mei", "sam"))
    assert line_of(people=["mei"], channel="night").asked == SetPeople(
        names=("mei",), channel="night"
    )
    assert line_of(advance="15m").asked == Advance(seconds=900)


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [
        (7, 7),
        ("seven", "seven"),
        (0.5, 0.5),
        (True, None),
        (None, None),
        ({}, None),
        ("x" * 300, None),
    ],
)
def test_ids(given_id: object, kept: object) -> None:
    """An id that can be repeated as it stands is kept, any other is none."""
    assert line_of(id=given_id, advance="1h").re == kept


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"as_": "mei"},
        {"command": "/rr"},
        {"as_": "two words", "command": "/rr"},
        {"as_": "@mei", "command": "/rr"},
        {"as_": 7, "command": "/rr"},
        {"as_": "mei", "command": "/rr", "dm": "x"},
        {"as_": "mei", "dm": 7},
        {"as_": "mei", "dm": "x" * (TEXT_CHARS_MAX + 1)},
        {"as_": "mei", "submit": "poll", "fields": "x"},
        {"as_": "mei", "submit": "poll", "fields": {"a": {}}},
        {"as_": "mei", "submit": "poll", "fields": {"a": [1]}},
        {"as_": "mei", "submit": "poll", "fields": {str(n): "" for n in range(101)}},
        {"people": "mei"},
        {"people": [1]},
        {"people": ["", "mei"]},
        {"people": ["mei"], "channel": "two words"},
        {"advance": 24},
        {"advance": "24"},
        {"advance": "9999999d"},
    ],
)
def test_what_is_no_request(fields: dict[str, object]) -> None:
    """Anything else asks for nothing, keeps its id, and no error quotes it."""
    found = line_of(id=9, **fields)

    assert isinstance(found.asked, NotARequest)
    assert found.re == 9
    assert found.person is None
    assert FIELDS_MAX == 100


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"\xff", b"[" * 10_000, b'"\\ud800"', b" " * (LINE_BYTES_MAX + 1)],
)
def test_what_is_no_json(line: bytes) -> None:
    """Bytes that are no JSON have no id."""
    found = read_line(line, command="rr")

    assert found.re is None
    assert isinstance(found.asked, NotARequest)


@given(st.binary() | st.text().map(str.encode))
def test_no_line_breaks_the_reader(line: bytes) -> None:
    """Whatever the bytes, the answer is a request or a refusal."""
    read_line(line, command="rr")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_breaks_the_reader(value: object) -> None:
    """Whatever the JSON, the answer is a request or a refusal."""
    for fields in (value, {"as": "mei", "submit": "x", "fields": value}):
        read_line(json.dumps(fields).encode(), command="rr")


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("15m", 900), ("24h", 86400), ("7d", 604800)]
)
def test_durations(text: str, seconds: int) -> None:
    """Seconds, minutes, hours and days."""
    assert read_duration(text) == seconds


def test_longest_duration() -> None:
    """Ten years at a time and no more."""
    assert read_duration(f"{ADVANCE_SECONDS_MAX}s") == ADVANCE_SECONDS_MAX
    with pytest.raises(NotARequest):
        read_duration(f"{ADVANCE_SECONDS_MAX + 1}s")


# Typed by a person --------------------------------------------------------------------


def typed(line: str, speaker: str = "mei") -> object:
    """Return what a typed line asks for."""
    return read_typed(line, speaker=speaker, command="rr")


def test_typed_lines() -> None:
    """Names, words and numbers are told apart."""
    assert typed("help") is Ask.HELP
    assert typed(" QUIT ") is Ask.QUIT
    assert typed("people") is Ask.WHO
    assert typed("channel") is Ask.CHANNEL
    assert typed("people mei, @sam") == SetPeople(names=("mei", "sam"))
    assert typed("people #night mei") == SetPeople(names=("mei",), channel="night")
    assert typed("advance 24h") == Advance(seconds=86400)
    assert typed("@sam") == Speak(person="sam")
    assert typed("@sam 3") == Push(person="sam", button="3")
    assert typed("Ask me later") == Push(person="mei", button="Ask me later")
    command = typed("@sam /rr organize")
    assert isinstance(command, Command)
    assert (command.actor.user, command.words) == ("sam", "organize")
    assert isinstance(typed("/weather"), NoCommand)
    message = typed("dm  hello there")
    assert isinstance(message, DirectMessage)
    assert message.text == "hello there"


@pytest.mark.parametrize(
    "line", ["@", "@ mei", "advance", "advance soon", "people a/ #"]
)
def test_typed_nonsense(line: str) -> None:
    """What cannot be asked is answered with what to write."""
    with pytest.raises(NotARequest):
        typed(line)


def test_typed_by_nobody() -> None:
    """While there is nobody, somebody has to be named."""
    with pytest.raises(NotARequest):
        typed("/rr", speaker="")
