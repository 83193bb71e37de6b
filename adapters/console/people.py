"""Who is in the simulated workspace, and in which of its channels: DIR/people.

Only here is there such a list; it stands for what a chat platform knows anyway.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from adapters.console.clock import replace_text
from bot.ports import StorageError

PEOPLE_FILE = "people"
# The channel that everybody is in.
GENERAL = "general"
# A large workplace ten times over: enough for tests of size, and a bound.
PEOPLE_MAX = 100_000
CHANNELS_MAX = 100
# Platforms give accounts and channels short names.
NAME_CHARS_MAX = 64


class PeopleUnreadable(StorageError):
    """DIR/people does not hold a list of members."""


class People:
    """The members of the workspace and of its channels."""

    def __init__(self, path: Path, channels: dict[str, tuple[str, ...]]) -> None:
        self._path = path
        self._names = channels
        self._members = {name: frozenset(who) for name, who in channels.items()}

    @classmethod
    def open(cls, folder: Path) -> "People":
        """Go on with the members that `folder` knows, or with nobody."""
        path = folder / PEOPLE_FILE
        if not path.exists():
            return cls(path, {GENERAL: ()})
        return cls(path, _read(path))

    @property
    def names(self) -> tuple[str, ...]:
        """All members, in the order in which they were named."""
        return self._names[GENERAL]

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels, the one with everybody first."""
        return tuple(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._members[GENERAL]

    def members(self, channel: str) -> frozenset[str]:
        """Return who is in a channel; nobody is in one that does not exist."""
        return self._members.get(channel, frozenset()) & self._members[GENERAL]

    def is_member(self, name: str, channel: str) -> bool:
        """Tell whether somebody is in a channel."""
        return name in self and name in self._members.get(channel, frozenset())

    def put(self, names: Sequence[str], channel: str = GENERAL) -> None:
        """Set the members of the workspace, or of one more channel of it."""
        channels = {**self._names, channel: tuple(dict.fromkeys(names))}
        everybody, *_ = channels.items()
        replace_text(
            self._path,
            json.dumps({"people": everybody[1], "channels": dict(_others(channels))})
            + "\n",
        )
        self._names = channels
        self._members[channel] = frozenset(channels[channel])


def is_name(value: object) -> bool:
    """Tell whether a value can name a person or a channel here."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= NAME_CHARS_MAX
        and value.isprintable()
        and not any(char.isspace() for char in value)
        and not value.startswith(("@", "#", "/"))
    )


def _others(channels: dict[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, who) for name, who in channels.items() if name != GENERAL]


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        kept: object = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise PeopleUnreadable("DIR/people is no JSON") from None
    fields = cast("dict[str, object]", kept) if isinstance(kept, dict) else {}
    others = fields.get("channels", {})
    if not isinstance(others, dict):
        raise PeopleUnreadable("DIR/people does not list its channels")
    found = {GENERAL: _names(fields.get("people"))}
    for name, who in cast("dict[str, object]", others).items():
        found[name] = _names(who)
    return found


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise PeopleUnreadable("DIR/people does not list its members")
    names = cast("list[object]", value)
    if not all(is_name(name) for name in names):
        raise PeopleUnreadable("DIR/people names somebody in a way that cannot be")
    return tuple(str(name) for name in names)
