"""A chat platform in memory: channels with members, and the messages in them."""

from dataclasses import dataclass, field

from bot.core.actors import Actor
from bot.core.errors import NotAMember
from bot.core.terms import Terms
from bot.requests import NotShown
from bot.views.widgets import Card, CardKind


def account(name: str, *, guest: bool = False) -> Actor:
    """Return the account of somebody in the workspace."""
    return Actor(platform="chat", team="T1", user=name, guest=guest)


@dataclass
class Message:
    place: str
    revisions: list[Card]

    @property
    def card(self) -> Card:
        return self.revisions[-1]


@dataclass
class Chat:
    """Takes what a vendor takes. A channel in `muted` takes no message now."""

    channels: dict[str, set[str]]
    muted: set[str] = field(default_factory=set)
    refusal: NotShown = field(default_factory=NotShown)
    private: set[str] = field(default_factory=set)
    name: str = "chat"
    messages: dict[str, Message] = field(default_factory=dict)
    # What people were sent, and who takes no messages.
    confirmed: list[tuple[str, Card]] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)

    async def post(self, place: str, card: Card) -> str:
        if place in self.muted:
            raise self.refusal
        reference = f"m{len(self.messages)}"
        self.messages[reference] = Message(place, [card])
        return reference

    async def revise(self, place: str, reference: str, card: Card) -> None:
        if place in self.muted:
            raise self.refusal
        assert self.messages[reference].place == place
        self.messages[reference].revisions.append(card)

    async def confirm(self, actor: Actor, card: Card) -> None:
        if actor.user in self.unreachable:
            raise self.refusal
        self.confirmed.append((actor.user, card))

    async def audience(self, place: str) -> int:
        return len(self.channels[place])

    async def is_public(self, place: str) -> bool:
        return place not in self.private

    async def members(self, place: str) -> frozenset[str]:
        return frozenset(self.channels[place])

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        if not any(actor.user in members for members in self.channels.values()):
            raise NotAMember
        if actor.guest and not terms.guests:
            return False
        return any(actor.user in self.channels.get(place, ()) for place in terms.places)

    def place_named(self, name: str) -> str | None:
        return name if name in self.channels else None

    def shown(self, kind: CardKind) -> list[Card]:
        """Return the channel messages of one kind, as they stand now."""
        cards = [message.card for message in self.messages.values()]
        return [card for card in cards if card.kind is kind]
