"""The simulated workspace as the bot sees a platform: channels, and who is in them."""

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path, PurePath

from adapters.console.clock import replace_bytes
from adapters.console.parse import PLATFORM, Id
from adapters.console.people import People
from adapters.console.render import Shown
from bot.core.actors import Actor
from bot.core.terms import Terms
from bot.requests import Place
from bot.views.widgets import Card, Form

# The request on whose behalf something appears.
current_request: ContextVar[Id] = ContextVar("current_request", default=None)


class ConsolePlatform:
    """Shows what is posted, through `show`, and keeps none of it."""

    def __init__(
        self, *, certificates: Path, people: People, show: Callable[[Shown], None]
    ) -> None:
        """Save certificates in the folder `certificates`."""
        self._certificates = certificates
        self._people = people
        self._show = show
        self._posted = 0

    @property
    def name(self) -> str:
        """What accounts of this platform begin with."""
        return PLATFORM

    async def post(self, place: str, card: Card) -> str:
        """Show a message in a channel and return the name of it."""
        self._posted += 1
        self._appear(None, f"channel:{place}", card)
        return f"{place}/{self._posted}"

    async def revise(self, place: str, reference: str, card: Card) -> None:
        """Show `card` in place of an earlier message."""
        del reference
        self._appear(None, f"channel:{place}", card)

    async def confirm(self, actor: Actor, card: Card) -> None:
        """Show a direct message to one person."""
        self.show_to(actor.user, Place.DM, card)

    async def members(self, place: str) -> frozenset[str]:
        """Return who could answer in a channel."""
        return self._people.members(place)

    async def audience(self, place: str) -> int:
        """Return how many people could answer in a channel."""
        return len(self._people.members(place))

    async def is_public(self, place: str) -> bool:
        """Tell whether everybody may know of a channel: here of each."""
        return place in self._people.channels

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        """Tell whether an account belongs to the audience that `terms` name."""
        return any(self._people.is_member(actor.user, place) for place in terms.places)

    def place_named(self, name: str) -> str | None:
        """Return the channel that a person calls `name`, with or without #."""
        channel = name.strip().removeprefix("#")
        return channel if channel in self._people.channels else None

    def show_to(self, person: str | None, place: str, view: Card | Form) -> None:
        """Show something to one person alone, or to whoever runs the console."""
        self._appear(person, place, view)

    def _appear(self, to: str | None, place: str, view: Card | Form) -> None:
        shown = Shown(
            re=current_request.get(),
            to=to,
            place=place,
            view=view,
            file=self._saved(view),
        )
        self._show(shown)

    def _saved(self, view: Card | Form) -> Path | None:
        """Put a card's attachment, which is public, in a file that people can take."""
        if isinstance(view, Form) or view.attachment is None:
            return None
        self._certificates.mkdir(mode=0o700, exist_ok=True)
        name, content = view.attachment
        path = self._certificates / PurePath(name).name
        replace_bytes(path, content)
        return path
