"""From what Discord sends to what it asks for (pure).

Ids of buttons and forms are the core's own, so that those of before a restart work.
Whatever lacks a field that is needed is `Malformed`, and nothing worse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from adapters.discord import markup, pages
from adapters.discord.commands import MESSAGE_COMMAND
from adapters.discord.reading import (
    Malformed,
    list_in,
    number_in,
    object_in,
    objects_in,
    text_in,
)
from adapters.discord.shapes import PRIVATE, Interaction, Part
from bot.core.actors import Actor
from bot.core.canonical import JsonObject
from bot.requests import (
    ABOUT_A_MESSAGE,
    LOOKED_AT_AGAIN,
    Command,
    DirectMessage,
    Press,
    Request,
    Submit,
)

# An account is the same in all servers and in direct messages: it counts once.
TEAM = markup.PLATFORM
# Threads answer for the channel that they hang on.
_THREADS = (10, 11, 12)
# Discord's longest names.
NAME_CHARS_MAX = 32
# A message that somebody wrote, and one that answers another.
_WRITTEN = (0, 19)
_SUBCOMMAND = 1
# Doing nothing with a direct message, and emptying one of the bot's, change the message
# with the button itself into the answer.
_REPLACES = frozenset({"nothing", "forget"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ticket:
    """How one interaction is answered: within 3 seconds, and for 15 minutes after."""

    interaction: str
    token: str
    application: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ask:
    """A request for the core. Its answer `replaces` the message with the button."""

    request: Request
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fetch:
    """A button about a message, whose text is to be fetched first."""

    press: Press
    channel: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Suggest:
    """Somebody types a drive's name; what was typed only chooses among suggestions."""

    actor: Actor
    argument: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PageAct:
    """Something on a page that only changes the page, whose parts come with it.

    `values` is None where a text is to be changed in a form of its own.
    """

    actor: Actor
    custom_id: str
    parts: tuple[JsonObject, ...]
    values: tuple[str, ...] | None = None


Act: TypeAlias = Ask | Fetch | Suggest | PageAct


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Heard:
    """An interaction, understood.

    `channels` are where the person is, as the interaction itself says: none in a
    direct message.
    """

    ticket: Ticket
    act: Act
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written:
    """A direct message, and the channel that answers go to."""

    channel: str
    request: DirectMessage


def read_interaction(payload: JsonObject) -> Heard | None:
    """Return what an interaction asks for; None for what is none of a person's."""
    if payload.get("type") not in list(Interaction):
        return None
    ticket = Ticket(
        interaction=text_in(payload, "id"),
        token=text_in(payload, "token"),
        application=text_in(payload, "application_id"),
    )
    place = _Place.of(payload)
    return Heard(ticket=ticket, act=_act(payload, place), channels=place.seen)


def read_message(payload: JsonObject) -> Written | None:
    """Return a direct message that a person wrote, or None for any other."""
    author = object_in(payload.get("author"))
    if payload.get("guild_id") is not None or payload.get("webhook_id") is not None:
        return None
    if author.get("bot") or payload.get("type") not in _WRITTEN:
        return None
    return Written(
        channel=text_in(payload, "channel_id"),
        request=DirectMessage(
            actor=actor_of(text_in(author, "id")),
            text=str(payload.get("content") or ""),
            reference=text_in(payload, "id"),
            has_files=_has_files(payload),
        ),
    )


def about(press: Press, message: JsonObject) -> Press:
    """Return a button's request with what stands in the message that it is about."""
    words = str(message.get("content") or "")
    return replace(press, text=words, has_files=_has_files(message))


def actor_of(user: str) -> Actor:
    """Return a person's account."""
    return Actor(platform=markup.PLATFORM, team=TEAM, user=user)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Place:
    """Who does it and where; `reference` is empty in direct messages.

    `names` go into a form that was sent, and nowhere else.
    """

    actor: Actor
    channel: str
    reference: str
    seen: frozenset[str]
    names: tuple[str, ...]

    @classmethod
    def of(cls, payload: JsonObject) -> "_Place":
        member = object_in(payload.get("member"))
        user = object_in(member.get("user") or payload.get("user"))
        if user.get("bot"):
            raise Malformed("a bot")
        in_server = payload.get("guild_id") is not None and bool(member)
        channel = str(payload.get("channel_id") or "")
        shown = object_in(payload.get("channel"))
        outer = channel
        if shown.get("type") in _THREADS:
            outer = str(shown.get("parent_id") or channel)
        seen = frozenset({channel, outer} - {""}) if in_server else frozenset[str]()
        return cls(
            actor=actor_of(text_in(user, "id")),
            channel=channel,
            reference=f"{markup.PLATFORM}/{outer}" if in_server and outer else "",
            seen=seen,
            names=_names(member, user),
        )


def _names(member: JsonObject, user: JsonObject) -> tuple[str, ...]:
    """Return what Discord itself calls a person: here, everywhere, and as a handle."""
    found = (member.get("nick"), user.get("global_name"), user.get("username"))
    named = [each[:NAME_CHARS_MAX] for each in found if isinstance(each, str) and each]
    return tuple(dict.fromkeys(named))


def _act(payload: JsonObject, place: _Place) -> Act:
    asked = object_in(payload.get("data"))
    match payload["type"]:
        case Interaction.COMMAND if asked.get("name") == MESSAGE_COMMAND:
            return _about_message(asked, place)
        case Interaction.COMMAND:
            return _command(asked, place)
        case Interaction.COMPONENT:
            return _component(payload, asked, place)
        case Interaction.SUGGEST:
            return _suggest(asked, place)
        case _:
            return _form(payload, asked, place)


def _command(asked: JsonObject, place: _Place) -> Ask:
    sub = _subcommand(asked)
    values = [str(each.get("value", "")) for each in objects_in(sub.get("options"))]
    words = " ".join([text_in(sub, "name"), *values])
    command = Command(actor=place.actor, words=words, place=place.reference)
    return Ask(request=command)


def _about_message(asked: JsonObject, place: _Place) -> Ask:
    """Return that somebody chose a message; its text came with it, and goes no way."""
    messages = object_in(object_in(asked.get("resolved")).get("messages"))
    message = object_in(messages.get(text_in(asked, "target_id")))
    press = Press(actor=place.actor, action="quote", place=place.reference)
    return Ask(request=about(press, message))


def _has_files(message: JsonObject) -> bool:
    """Tell whether files hang on a message; nothing of them is read."""
    return bool(list_in(message.get("attachments")))


def _suggest(asked: JsonObject, place: _Place) -> Suggest:
    options = objects_in(_subcommand(asked).get("options"))
    focused = next((each for each in options if each.get("focused")), None)
    if focused is None:
        raise Malformed("no option is being typed")
    return Suggest(
        actor=place.actor,
        argument=text_in(focused, "name"),
        typed=str(focused.get("value", "")),
    )


def _component(payload: JsonObject, asked: JsonObject, place: _Place) -> Act:
    custom_id = text_in(asked, "custom_id")
    message = object_in(payload.get("message"))
    parts = tuple(objects_in(message.get("components")))
    if custom_id.startswith(pages.SEND):
        form = custom_id.removeprefix(pages.SEND)
        return Ask(request=_submit(form, pages.values_in(parts), place), replaces=True)
    if custom_id.startswith(pages.CHANGE):
        return PageAct(actor=place.actor, custom_id=custom_id, parts=parts)
    if custom_id.startswith(pages.CHOOSE):
        values = tuple(map(str, list_in(asked.get("values"))))
        return PageAct(
            actor=place.actor, custom_id=custom_id, parts=parts, values=values
        )
    press = Press(actor=place.actor, action=custom_id, place=place.reference)
    word, _, reference = custom_id.partition(":")
    if word in ABOUT_A_MESSAGE and reference.isdecimal():
        return Fetch(press=press, channel=place.channel, message=reference)
    is_private = bool(number_in(message, "flags") & PRIVATE)
    replaces = custom_id in _REPLACES and not place.reference and not is_private
    return Ask(request=press, replaces=replaces)


def _form(payload: JsonObject, asked: JsonObject, place: _Place) -> Act:
    custom_id = text_in(asked, "custom_id")
    values = _values(asked)
    if custom_id.startswith(pages.CHANGE):
        parts = objects_in(object_in(payload.get("message")).get("components"))
        typed = str(next(iter(values.values()), ""))
        return _typed(place, custom_id, parts, typed)
    return Ask(request=_submit(custom_id, values, place))


def _typed(
    place: _Place, custom_id: str, parts: Sequence[JsonObject], typed: str
) -> Act:
    """Return that a text of a page was changed; the core may want to look at it."""
    verb, _, rest = pages.form_in(parts).partition(":")
    changed = pages.with_text(parts, custom_id, typed)
    if changed is not None and verb in LOOKED_AT_AGAIN:
        values = pages.values_in(changed.components)
        form = f"{LOOKED_AT_AGAIN[verb]}:{rest}"
        return Ask(request=_submit(form, values, place), replaces=True)
    return PageAct(
        actor=place.actor, custom_id=custom_id, parts=tuple(parts), values=(typed,)
    )


def _submit(form: str, values: pages.Values, place: _Place) -> Submit:
    return Submit(
        actor=place.actor,
        form=form,
        fields=values,
        place=place.reference,
        names=place.names,
    )


def _values(asked: JsonObject) -> Mapping[str, str | tuple[str, ...] | bool]:
    """Return what stands in the fields of a modal that was sent."""
    found: dict[str, str | tuple[str, ...] | bool] = {}
    for label in objects_in(asked.get("components")):
        sent = object_in(label.get("component"))
        if sent:
            found[text_in(sent, "custom_id")] = _value(sent)
    return found


def _value(sent: JsonObject) -> str | tuple[str, ...] | bool:
    match sent.get("type"):
        case Part.CHANNELS.value:
            chosen = [f"{markup.PLATFORM}/{e}" for e in list_in(sent.get("values"))]
            return "".join(chosen[:1])
        case Part.SELECT.value | Part.BOXES.value:
            return tuple(map(str, list_in(sent.get("values"))))
        case _:
            value = sent.get("value")
            return value if isinstance(value, bool) else str(value or "")


def _subcommand(asked: JsonObject) -> JsonObject:
    for option in objects_in(asked.get("options")):
        if option.get("type") == _SUBCOMMAND:
            return option
    raise Malformed("no subcommand")
