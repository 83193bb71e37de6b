"""Several platforms as one: each place and each account is asked about at its own.

One installation may serve Slack and Discord together. A drive that is open on both
counts a person once for each account, and its terms say so.
"""

from collections.abc import Mapping

from bot.core.actors import Actor
from bot.core.terms import Terms
from bot.ports import Platform
from bot.views.widgets import Card

_MARK = "/"


def is_of(place: str, platform: Platform) -> bool:
    """Tell whether a place is on a platform; bare names are the console's."""
    owner, mark, _ = place.partition(_MARK)
    return not mark or owner == platform.name


def is_beside(place: str, other: str) -> bool:
    """Tell whether two places are different ones on the same platform."""
    owners = {
        each.partition(_MARK)[0] if _MARK in each else "" for each in (place, other)
    }
    return place != other and len(owners) == 1


class Platforms:
    """One platform's view of all of them (implements `bot.ports.Platform`).

    What names no platform, such as a channel's name that somebody typed, is looked up
    on the platform that the person is on.
    """

    def __init__(self, own: Platform, others: Mapping[str, Platform]) -> None:
        """Speak for `own`; `others` are all that are connected, by name."""
        self._own = own
        self._all = {**others, own.name: own}

    @property
    def name(self) -> str:
        """The name of the platform that the person is on."""
        return self._own.name

    async def post(self, place: str, card: Card) -> str:
        """Show a message in a channel and return the platform's name of it."""
        return await self._at(place).post(place, card)

    async def revise(self, place: str, reference: str, card: Card) -> None:
        """Show `card` in place of an earlier message."""
        await self._at(place).revise(place, reference, card)

    async def confirm(self, actor: Actor, card: Card) -> None:
        """Send what somebody asked for to their account, on their own platform."""
        await self._own.confirm(actor, card)

    async def members(self, place: str) -> frozenset[str] | None:
        """Return who could answer in a channel, or None if nobody tells."""
        return await self._at(place).members(place)

    async def audience(self, place: str) -> int:
        """Return how many people could answer in a channel."""
        return await self._at(place).audience(place)

    async def is_public(self, place: str) -> bool:
        """Tell whether everybody may know of a channel."""
        return await self._at(place).is_public(place)

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        """Tell whether an account belongs to the audience on its own platform."""
        return await self._own.may_answer(actor, terms)

    def place_named(self, name: str) -> str | None:
        """Return the reference of the channel that a person calls `name`."""
        owner, mark, _ = name.partition(_MARK)
        platform = self._all.get(owner, self._own) if mark else self._own
        return platform.place_named(name)

    def _at(self, place: str) -> Platform:
        owner, mark, _ = place.partition(_MARK)
        # A drive of a platform that is not connected now is asked about here; its
        # answer is a refusal, as for any place that the platform does not know.
        return self._all.get(owner, self._own) if mark else self._own
