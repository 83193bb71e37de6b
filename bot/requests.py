"""The values that cross the seam between a platform's adapter and the core.

An adapter turns what a vendor sends into one of the requests here; the router
answers with replies. Nothing here knows a vendor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Somebody pressed the button with this id.

    `text` is what stands in the message that the button is about, where its first word
    is one of `ABOUT_A_MESSAGE`: the adapter fetches it anew, since nobody kept it.
    `has_files` tells that files hung on that message; nothing of them is fetched.
    """

    actor: Actor
    action: str
    place: str = ""
    text: str = ""
    has_files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Somebody sent a form. A field holds one text, several, or a check mark.

    `names` are the handle and display names that the platform sent with the form. They
    are looked for in a report's text, and go with the request: nothing keeps them.
    """

    actor: Actor
    form: str
    fields: Mapping[str, str | tuple[str, ...] | bool]
    place: str = ""
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectMessage:
    """Somebody wrote to the bot. `text` is not kept.

    `reference` is the platform's name of the message, for buttons that fetch it again.
    `has_files` tells that files hung on it; nothing of them is fetched.
    """

    actor: Actor
    text: str
    reference: str = ""
    has_files: bool = False


Request: TypeAlias = Command | Press | Submit | DirectMessage


# Buttons that are about somebody's message: their first words.
ABOUT_A_MESSAGE = frozenset({"dmsend", "quote"})

# Pages that show what was found in a text: where a platform tells of a change before
# the page is sent, the second form is sent instead, and shows what is found now.
LOOKED_AT_AGAIN = {"send": "look"}

# The first words of buttons and forms that cause no post: they only read, or hand in
# an answer, which shows nowhere before a count.
_QUIET = frozenset(
    {
        *("vote", "answer", "change", "send", "look", "case", "takeback"),
        *("joining", "forget"),
    }
)


def is_quiet(request: Request) -> bool:
    """Tell whether nothing can be due because of a request."""
    match request:
        case Press(action=name) | Submit(form=name):
            return name.partition(":")[0] in _QUIET
        case _:
            return True


class NotShown(Exception):
    """A platform did not take a message now. It stays in the outbox."""

    def __init__(self, *, retry_after: float = 0.0) -> None:
        """Keep for how many seconds the platform asked to be left alone, if it did."""
        super().__init__()
        self.retry_after = retry_after


class NeverShown(NotShown):
    """A platform will not take a message until somebody mends something.

    Such as a channel that is gone, or one that the bot may not write in.
    """


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
