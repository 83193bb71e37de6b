"""From a line of JSON to what it asks for (pure)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias, cast

from adapters.console.people import (
    GENERAL,
    PEOPLE_MAX,
    is_name,
)
from bot.core.actors import Actor
from bot.requests import Command, DirectMessage, Press, Request, Submit

PLATFORM = "console"
TEAM = "console"
# A hundred thousand members fit; nothing else comes near.
LINE_BYTES_MAX = 8 * 1024 * 1024
# Some platforms take texts of 40,000 characters; all forms take less.
TEXT_CHARS_MAX = 40_000
FIELDS_MAX = 100
ID_CHARS_MAX = 200
# Ten years: longer than any drive can be.
ADVANCE_SECONDS_MAX = 3650 * 24 * 60 * 60
_UNITS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_VERBS = ("people", "advance", "command", "submit", "press", "dm")

# What a program may use to tell one request from another.
Id: TypeAlias = "str | int | float | None"
Fields: TypeAlias = "dict[str, object]"


class NotARequest(Exception):
    """A line that asks for nothing that exists here. The message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPeople:
    """These are the members of the workspace, or of one more channel."""

    names: tuple[str, ...]
    channel: str = GENERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Let this much time pass."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCommand:
    """A person typed a command that belongs to no bot here."""

    actor: Actor


Asked: TypeAlias = SetPeople | Advance | NoCommand | Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its id, and what it asks for, or why it asks for nothing."""

    re: Id
    asked: Asked | NotARequest

    @property
    def person(self) -> str | None:
        """Who does this, if a person does it."""
        if isinstance(self.asked, (SetPeople, Advance, NotARequest)):
            return None
        return self.asked.actor.user


def read_line(line: bytes, *, command: str) -> Line:
    """Return what a line asks for. `command` is the root command, without its slash."""
    if len(line) > LINE_BYTES_MAX:
        return Line(re=None, asked=NotARequest("That line is too long."))
    try:
        value: object = json.loads(line)
        if rb"\u" in line:
            # Half of a surrogate pair is no text, and nothing could store it.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return Line(re=None, asked=NotARequest("That line is no JSON."))
    if not isinstance(value, dict):
        return Line(re=None, asked=NotARequest("A request is a JSON object."))
    fields = cast("Fields", value)
    try:
        return Line(re=_id(fields), asked=_asked(fields, command))
    except NotARequest as reason:
        return Line(re=_id(fields), asked=reason)


def read_duration(text: object) -> int:
    """Return the seconds of a text like 30s, 15m, 24h or 7d."""
    typed = text.strip() if isinstance(text, str) else ""
    matched = re.fullmatch(r"([0-9]{1,9})([smhd])", typed)
    seconds = int(matched[1]) * _UNITS[matched[2]] if matched else -1
    if not 0 <= seconds <= ADVANCE_SECONDS_MAX:
        raise NotARequest("Write a time like 30s, 15m, 24h or 7d.")
    return seconds


def read_command(actor: Actor, typed: str, *, command: str) -> Command | NoCommand:
    """Return the words behind the root command, if it is that one."""
    root, _, words = typed.strip().partition(" ")
    if root.lower() != f"/{command}":
        return NoCommand(actor=actor)
    return Command(actor=actor, words=words.strip(), place=GENERAL)


def actor_named(name: str) -> Actor:
    """Return the account of a simulated person."""
    return Actor(platform=PLATFORM, team=TEAM, user=name)


def _id(fields: Fields) -> Id:
    """Return a request's id if it can be repeated as it stands."""
    value = fields.get("id")
    if isinstance(value, str):
        return value if len(value) <= ID_CHARS_MAX else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if isfinite(value) else None


def _asked(fields: Fields, command: str) -> Asked:
    verbs = [verb for verb in _VERBS if verb in fields]
    if len(verbs) != 1:
        raise NotARequest(
            "A request has one of: people, advance, or as with command, submit, press "
            "or dm."
        )
    (verb,) = verbs
    if verb == "people":
        return _people(fields)
    if verb == "advance":
        return Advance(seconds=read_duration(fields["advance"]))
    name = fields.get("as")
    if not is_name(name):
        raise NotARequest('Say who does it: "as" with a name.')
    return _act(actor_named(str(name)), verb, fields, command)


def _people(fields: Fields) -> SetPeople:
    names = fields["people"]
    channel = fields.get("channel", GENERAL)
    if not isinstance(names, list) or not is_name(channel):
        raise NotARequest('"people" is a list of names, "channel" one name.')
    listed = cast("list[object]", names)
    if len(listed) > PEOPLE_MAX or not all(is_name(name) for name in listed):
        raise NotARequest(
            "A name has 1 to 64 characters, no space, and begins with none of @ # /."
        )
    return SetPeople(names=tuple(str(name) for name in listed), channel=str(channel))


def _act(actor: Actor, verb: str, fields: Fields, command: str) -> Asked:
    value = fields[verb]
    if not isinstance(value, str) or len(value) > TEXT_CHARS_MAX:
        raise NotARequest(f'"{verb}" is a text.')
    has_files = fields.get("files") is True
    match verb:
        case "command":
            return read_command(actor, value, command=command)
        case "press":
            return Press(actor=actor, action=value, has_files=has_files)
        case "dm":
            return DirectMessage(actor=actor, text=value, has_files=has_files)
        case _:
            return Submit(
                actor=actor,
                form=value,
                fields=_fields(fields.get("fields")),
                # Here an account is called what its owner is called.
                names=(actor.user,),
            )


def _fields(value: object) -> Mapping[str, str | tuple[str, ...] | bool]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(cast("Fields", value)) > FIELDS_MAX:
        raise NotARequest('"fields" is an object of names and values.')
    return {
        name: _field(content)
        for name, content in cast("Fields", value).items()
        if content is not None
    }


def _field(value: object) -> str | tuple[str, ...] | bool:
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        items = cast("list[object]", value)
        if len(items) <= FIELDS_MAX and all(isinstance(item, str) for item in items):
            return tuple(str(item) for item in items)
    raise NotARequest("A field's value is a text, a list of texts, or true or false.")
