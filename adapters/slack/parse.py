"""From what Slack sends to what it asks for (pure).

Nothing of a payload outlives its request. What is missing or of another type counts as
empty, so that no payload can raise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, cast

from adapters.slack.names import ACTION_CHECK, ACTION_MANY, ACTION_PLACE, reference_of
from bot.core.actors import Actor
from bot.requests import Command, DirectMessage, Press, Request, Submit

PLATFORM = "slack"
# A form of ours has a dozen fields; Slack allows 100 blocks.
FIELDS_MAX = 100
# Slack's longest names.
NAME_CHARS_MAX = 80
# Slack's messages hold 40,000 characters; all forms take less.
TEXT_CHARS_MAX = 40_000
# What may be chosen from the whole window, and from a message's own menu.
SHORTCUTS = {"shortcut": "report", "message_action": "quote"}

Payload: TypeAlias = Mapping[str, object]

_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
# What a person writes; any other subtype tells of an edit, or of something that passed.
_WRITTEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})
# Direct messages; what is asked in a channel has a C or a G in front.
_DIRECT = re.compile(r"D[A-Z0-9]+")


class Way(StrEnum):
    """Where somebody did something: it decides where they are answered."""

    COMMAND = "command"
    # A button: under a post, on a private message, in the chat with the bot.
    CHANNEL = "channel"
    PRIVATE = "private"
    DIRECT = "direct"
    # A button on a page of the form window, and on the home page.
    PAGE = "page"
    HOME = "home"
    SHORTCUT = "shortcut"
    FORM = "form"
    # No button: a message to the bot, and the home page coming into sight.
    WRITTEN = "written"
    HOME_OPENED = "home_opened"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Present(Actor):
    """An account that pressed a button in a channel, and so is in it."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrival:
    """One request, and all that is needed to answer it once.

    `once` tells it from all others: Slack may deliver it twice. `trigger` opens a form
    within three seconds, `reply_to` takes private messages, `view_id` and `view` are
    the form window as it stood, `channel` the chat with the bot.
    """

    way: Way
    request: Request
    once: str
    trigger: str = ""
    reply_to: str = ""
    view_id: str = ""
    view: Payload | None = None
    channel: str = ""


def read_payload(payload: Payload) -> Arrival | None:
    """Return what a payload asks for, or nothing if it is not for us."""
    if "command" in payload:
        return _command(payload)
    match _text(payload, "type"):
        case "block_actions":
            return _press(payload)
        case "view_submission":
            return _submission(payload)
        case "shortcut" | "message_action" as kind:
            return _shortcut(payload, SHORTCUTS[kind])
        case "event_callback":
            return _event(payload)
        case _:
            return None


def challenge_of(payload: Payload) -> str:
    """Return what Slack wants to read back when an address is entered, if anything."""
    if _text(payload, "type") != "url_verification":
        return ""
    return _text(payload, "challenge")


def about(press: Press, message: Payload) -> Press:
    """Return a button's request with what stands in the message that it is about."""
    words = _unescaped(_text(message, "text"))
    return replace(press, text=words, has_files=_has_files(message))


def _unescaped(text: str) -> str:
    """Return a message's text as it was typed."""
    for escaped, sign in _ESCAPES:
        text = text.replace(escaped, sign)
    return text


def _command(payload: Payload) -> Arrival | None:
    actor = _actor(_text(payload, "user_id"), _text(payload, "team_id"))
    if actor is None:
        return None
    return Arrival(
        way=Way.COMMAND,
        request=Command(
            actor=actor,
            words=_unescaped(_text(payload, "text")),
            place=reference_of(_text(payload, "channel_id")),
        ),
        once=_text(payload, "trigger_id"),
        trigger=_text(payload, "trigger_id"),
        reply_to=_text(payload, "response_url"),
    )


def _press(payload: Payload) -> Arrival | None:
    pressed = _items(payload.get("actions"))
    if not pressed or _text(pressed[0], "type") != "button":
        return None
    channel = _text(payload, "channel", "id")
    place = reference_of(channel)
    way = _way_of_press(payload, channel)
    actor = _person(payload, place if way is Way.CHANNEL else "")
    if actor is None:
        return None
    action = _text(pressed[0], "action_id")
    return Arrival(
        way=way,
        request=Press(actor=actor, action=action, place=place),
        once=_text(payload, "trigger_id"),
        trigger=_text(payload, "trigger_id"),
        reply_to=_text(payload, "response_url"),
        view_id=_text(payload, "view", "id"),
        channel=channel if _DIRECT.fullmatch(channel) else "",
    )


def _way_of_press(payload: Payload, channel: str) -> Way:
    view_type = _text(payload, "view", "type")
    if view_type:
        return Way.HOME if view_type == "home" else Way.PAGE
    if _at(payload, "container", "is_ephemeral") is True:
        return Way.PRIVATE
    return Way.DIRECT if _DIRECT.fullmatch(channel) else Way.CHANNEL


def _submission(payload: Payload) -> Arrival | None:
    actor = _person(payload)
    view = _map(payload.get("view"))
    if actor is None or not view:
        return None
    once = _text(payload, "trigger_id") or f"{_text(view, 'id')} {_text(view, 'hash')}"
    return Arrival(
        way=Way.FORM,
        request=Submit(
            actor=actor,
            form=_text(view, "callback_id"),
            fields=_fields(view),
            names=_names(payload),
        ),
        once=once,
        trigger=_text(payload, "trigger_id"),
        view_id=_text(view, "id"),
        view=view,
    )


def _shortcut(payload: Payload, ours: str) -> Arrival | None:
    """Return what was chosen; of a message's menu Slack sends the text along."""
    actor = _person(payload)
    action = _text(payload, "callback_id")
    if actor is None or action != ours:
        return None
    return Arrival(
        way=Way.SHORTCUT,
        request=about(Press(actor=actor, action=action), _map(payload.get("message"))),
        once=_text(payload, "trigger_id"),
        trigger=_text(payload, "trigger_id"),
        reply_to=_text(payload, "response_url"),
    )


def _event(payload: Payload) -> Arrival | None:
    event = _map(payload.get("event"))
    team = _text(event, "user_team") or _text(event, "team")
    actor = _actor(_text(event, "user"), team or _text(payload, "team_id"))
    if actor is None or "bot_id" in event:
        return None
    once = _text(payload, "event_id")
    match _text(event, "type"), _text(event, "tab"), _text(event, "channel_type"):
        case "app_home_opened", "home", _:
            return Arrival(
                way=Way.HOME_OPENED,
                request=Command(actor=actor, words="menu"),
                once=once,
            )
        case "message", _, "im":
            return _message(event, actor, once)
        case _:
            return None


def _message(event: Payload, actor: Actor, once: str) -> Arrival | None:
    """Return a message that a person wrote to the bot; edits and joins are none."""
    text = _unescaped(_text(event, "text"))
    has_files = _has_files(event)
    if _text(event, "subtype") not in _WRITTEN or not (text or has_files):
        return None
    return Arrival(
        way=Way.WRITTEN,
        request=DirectMessage(
            actor=actor, text=text, reference=_text(event, "ts"), has_files=has_files
        ),
        once=once,
        channel=_text(event, "channel"),
    )


def _has_files(message: Payload) -> bool:
    """Tell whether files hang on a message; nothing of them is read."""
    return bool(_items(message.get("files")))


def _fields(view: Payload) -> dict[str, str | tuple[str, ...] | bool]:
    values = _map(_at(view, "state", "values"))
    found: dict[str, str | tuple[str, ...] | bool] = {}
    for name in list(values)[:FIELDS_MAX]:
        for action, element in _map(values[name]).items():
            found[name] = _value(action, _map(element))
    return found


def _value(action: str, element: Payload) -> str | tuple[str, ...] | bool:
    chosen = tuple(
        _text(option, "value") for option in _items(element.get("selected_options"))
    )
    match action:
        case _ if action == ACTION_CHECK:
            return bool(chosen)
        case _ if action == ACTION_MANY:
            return chosen
        case _ if action == ACTION_PLACE:
            return reference_of(_text(element, "selected_conversation"))
        case _:
            return _text(element, "value") or _text(element, "selected_option", "value")


def _person(payload: Payload, place: str = "") -> Actor | None:
    """Return who pressed or sent; somebody of another workspace keeps their own."""
    team = _text(payload, "user", "team_id") or _text(payload, "team", "id")
    return _actor(_text(payload, "user", "id"), team, place)


def _names(payload: Payload) -> tuple[str, ...]:
    """Return what Slack itself calls whoever sent a form; nothing more is asked for."""
    found = (_text(payload, "user", name) for name in ("name", "username"))
    return tuple(dict.fromkeys(each[:NAME_CHARS_MAX] for each in found if each))


def _actor(user: str, team: str, place: str = "") -> Actor | None:
    if not user or not team:
        return None
    if place:
        return Present(platform=PLATFORM, team=team, user=user, place=place)
    return Actor(platform=PLATFORM, team=team, user=user)


def _at(payload: Payload, *path: str) -> object:
    found: object = payload
    for key in path:
        found = _map(found).get(key)
    return found


def _text(payload: Payload, *path: str) -> str:
    found = _at(payload, *path)
    return found[:TEXT_CHARS_MAX] if isinstance(found, str) else ""


def _map(value: object) -> Payload:
    # What JSON and forms are read into; asking for a `Mapping` takes ten times as long.
    return cast("Payload", value) if isinstance(value, dict) else {}


def _items(value: object) -> Sequence[Payload]:
    if not isinstance(value, list):
        return ()
    return [_map(item) for item in cast("list[object]", value)]
