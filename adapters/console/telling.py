"""How the demo tells things: it does what people do, draws what they see, judges."""

from collections.abc import Mapping

from adapters.console.interactive import Conversation
from adapters.console.parse import Asked, Line, actor_named
from adapters.console.render import Shown, buttons_of
from adapters.console.screen import Screen
from adapters.console.workspace import Workspace
from bot.core.actors import Actor
from bot.requests import Press, Submit
from bot.views.widgets import Card, CardKind, Form


class Teller:
    """Acts for the made-up people of one workspace, and says what came of it."""

    def __init__(
        self, *, screen: Screen, conversation: Conversation, people: Mapping[str, str]
    ) -> None:
        """Show things on one screen."""
        self.conversation = conversation
        self.ids = list(people)
        self.all_well = True
        self._screen = screen
        self._people = people
        self._seen: list[Shown] = []

    def note(self, shown: Shown) -> None:
        """Keep what appears, so that the story can point at it."""
        self.conversation.note(shown)
        self._seen.append(shown)

    # Doing -------------------------------------------------------------------

    def actor(self, at: int) -> Actor:
        """Return the account of somebody by their place in the list."""
        return actor_named(self.ids[at])

    def name(self, at: int) -> str:
        """Return what somebody is called."""
        return self._people[self.ids[at]]

    async def do(self, workspace: Workspace, asked: Asked) -> list[Shown]:
        """Do something as somebody; return all that appears."""
        self._seen = []
        await workspace.do(Line(re=None, asked=asked))
        return self._seen

    async def send(
        self, workspace: Workspace, at: int, form: str, **fields: str | bool
    ) -> list[Shown]:
        """Send a form as somebody; return all that appears."""
        names = (self.name(at),)
        asked = Submit(actor=self.actor(at), form=form, fields=fields, names=names)
        return await self.do(workspace, asked)

    async def start(
        self, workspace: Workspace, seen: list[Shown], at: int = 0
    ) -> list[Shown]:
        """Press Start in the preview that was just seen."""
        buttons = [button for shown in seen for button in buttons_of(shown.view)]
        action = next(b.action for b in buttons if b.action.startswith("start:"))
        return await self.do(workspace, Press(actor=self.actor(at), action=action))

    # Telling -----------------------------------------------------------------

    def title(self, words: str) -> None:
        """Begin a chapter."""
        self._screen.title(words)

    def say(self, words: str) -> None:
        """Say something plain."""
        self._screen.say(words)

    def draw(self, shown: Shown) -> None:
        """Draw a message as people see it."""
        self.conversation.draw(shown)

    def expect(self, holds: bool, words: str) -> None:  # noqa: FBT001 - a judgement
        """Say something that must be true, and remember if it is not."""
        self.all_well = self.all_well and holds
        self._screen.say(f"{'✓' if holds else 'NOT TRUE:'} {words}")


def card_in(seen: list[Shown], kind: CardKind) -> Card:
    """Return the first message of a kind."""
    cards = [shown.view for shown in seen if isinstance(shown.view, Card)]
    return next(card for card in cards if card.kind is kind)


def form_in(seen: list[Shown]) -> Form:
    """Return the first form."""
    return next(shown.view for shown in seen if isinstance(shown.view, Form))


def kind_of(shown: Shown) -> CardKind | None:
    """Return the kind of a message; forms have none."""
    return shown.view.kind if isinstance(shown.view, Card) else None
