"""From what a person types at the console to what it asks for (pure)."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from adapters.console.parse import (
    Advance,
    Asked,
    NotARequest,
    SetPeople,
    actor_named,
    read_command,
    read_duration,
)
from adapters.console.people import GENERAL, is_name
from bot.requests import DirectMessage


class Ask(Enum):
    """What the console itself answers."""

    HELP = auto()
    QUIT = auto()
    WHO = auto()
    CHANNEL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """From now on this person does what is typed."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """This person presses a button, named by its number or its label."""

    person: str
    button: str


Typed: TypeAlias = Asked | Ask | Speak | Push

_WORDS = {
    "help": Ask.HELP,
    "?": Ask.HELP,
    "quit": Ask.QUIT,
    "exit": Ask.QUIT,
    "people": Ask.WHO,
    "channel": Ask.CHANNEL,
}


def read_typed(line: str, *, speaker: str, command: str) -> Typed:
    """Return what a line asks for; `speaker` does what names nobody.

    Raises `NotARequest` with a sentence that says what to write.
    """
    typed = line.strip()
    if typed.startswith("@"):
        name, _, rest = typed[1:].partition(" ")
        if not is_name(name):
            raise NotARequest("A name stands behind the @, like @mei.")
        if not rest.strip():
            return Speak(person=name)
        return _act(name, rest.strip(), command)
    if typed.lower() in _WORDS:
        return _WORDS[typed.lower()]
    verb, _, rest = typed.partition(" ")
    match verb.lower():
        case "people":
            return _people(rest.split())
        case "advance":
            return Advance(seconds=read_duration(rest))
        case _:
            return _act(speaker, typed, command)


def _people(words: list[str]) -> SetPeople:
    channel = GENERAL
    if words and words[0].startswith("#"):
        channel = words.pop(0)[1:]
    names = tuple(word.strip(",").removeprefix("@") for word in words)
    if not is_name(channel) or not all(is_name(name) for name in names):
        raise NotARequest("Write names with a space between them: people mei sam ada")
    return SetPeople(names=names, channel=channel)


def _act(person: str, words: str, command: str) -> Typed:
    if not person:
        raise NotARequest("Say who does it: @mei /rr")
    if words.startswith("/"):
        return read_command(actor_named(person), words, command=command)
    verb, _, rest = words.partition(" ")
    if verb.lower() == "dm":
        return DirectMessage(actor=actor_named(person), text=rest.strip())
    return Push(person=person, button=words)
