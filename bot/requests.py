"""The values that cross the seam between a platform's adapter and the core.

An adapter turns what a vendor sends into one of the requests here; the router
answers with replies. Nothing here knows a vendor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.core.actors import Actor
from bot.views.widgets import Card, Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Somebody typed the root command; `words` is what stood behind it.

    `place` is the channel's reference, where the platform tells it.
    """

    actor: Actor
    words: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Somebody pressed the button with this id."""

    actor: Actor
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Somebody sent a form. A field holds one text, several, or a check mark."""

    actor: Actor
    form: str
    fields: Mapping[str, str | tuple[str, ...] | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectMessage:
    """Somebody wrote to the bot. `text` is not kept."""

    actor: Actor
    text: str


Request: TypeAlias = Command | Press | Submit | DirectMessage


class NotShown(Exception):
    """A platform did not take a message now. It stays in the outbox."""


class Place(StrEnum):
    """Where a reply appears. Only the person sees it, in every case."""

    EPHEMERAL = "ephemeral"
    DM = "dm"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the person sees next: a private message or a form."""

    place: Place
    view: Card | Form
