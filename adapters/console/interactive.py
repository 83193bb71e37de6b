"""The console for a person: they play everybody, and the clock.

What is typed stays in memory, and goes with the process. What is sent goes where the
bot keeps it, and what the terminal itself remembers is its own.
"""

import sys
from collections import deque
from collections.abc import Mapping

from adapters.console.clock import iso_time
from adapters.console.filling import YES, fill, with_values
from adapters.console.listeners import read_lines
from adapters.console.parse import (
    Asked,
    Line,
    NotARequest,
    SetPeople,
    actor_named,
)
from adapters.console.questions import (
    Ended,
    PipedQuestions,
    Questions,
    TerminalQuestions,
)
from adapters.console.render import Shown, buttons_of
from adapters.console.screen import Offer, PlainScreen, RichScreen, Screen
from adapters.console.typed import Ask, Push, Speak, read_typed
from adapters.console.workspace import Workspace
from bot.requests import Press, Submit
from bot.views.widgets import Card, CardKind, Form

# A poll gives nothing with fewer than ten answers; twelve people can show one.
FIRST_PEOPLE = (
    *("mei", "sam", "ada", "bo", "cleo", "dina"),
    *("eli", "femi", "gus", "hana", "ivo", "jo"),
)
# A screen or two of buttons can still be pressed.
OFFERS_MAX = 500
POSTS_MAX = 50
# What completion offers behind the root command.
_VERBS = ("vote", "results", "list", "code", "privacy", "help", "organize", "invite")

WELCOME = (
    "A chat workspace that exists only on this computer. You play everybody.",
    "Try:  @mei /{command}   then a button by its number or label:  3   or   @sam Yes",
    "advance 24h lets a day pass  ·  people lists everybody  ·  help  ·  quit",
)
GOODBYE = (
    "Goodbye. Answers that you sent are sealed in the data folder; questions and names "
    "of people are kept there too. Your terminal may still show what you typed."
)
# A button may be named by the beginning of its label, if that is no slip: "no" must not
# press "Not now".
BEGINNING_CHARS_MIN = 4
HELP = """\
@mei /{command} help     mei types a command; without @mei, the last person does it
@sam 7  or  @sam Yes     sam presses a button, by its number or its label
@ada dm hello            ada writes to the bot
@bo                      from now on bo does what you type
advance 24h              let time pass: 30s, 15m, 24h, 7d
people                   who is here; people mei sam ada sets them,
                         people #night mei sam those of one more channel
channel                  show the last posts again
quit                     leave; everything goes on where it stood"""


class Conversation:
    """One person's play with a workspace."""

    def __init__(
        self,
        *,
        plain: bool,
        screen: Screen | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Show things on `screen`; `names` calls accounts by friendlier names."""
        self._plain = plain or not (sys.stdin.isatty() and sys.stdout.isatty())
        self._screen = screen or (PlainScreen() if self._plain else RichScreen())
        self._names = dict(names or {})
        self._accounts = {name.lower(): each for each, name in self._names.items()}
        self._offers: deque[Offer] = deque(maxlen=OFFERS_MAX)
        self._posts: deque[Shown] = deque(maxlen=POSTS_MAX)
        self._numbers = 0
        self._speaker = ""
        self._form: tuple[str, Form] | None = None
        self._was_refused = False

    def show(self, shown: Shown) -> None:
        """Show what appears, with numbers for its buttons."""
        if isinstance(shown.view, Form) and shown.to is not None:
            self._form = (shown.to, shown.view)
        if isinstance(shown.view, Card) and shown.view.kind is CardKind.REFUSAL:
            self._was_refused = True
        self.note(shown)
        self.draw(shown)

    def note(self, shown: Shown) -> None:
        """Remember what appeared without showing it."""
        if shown.place.startswith("channel:"):
            self._posts.append(shown)

    async def hold(self, workspace: Workspace) -> None:
        """Take lines until the person leaves."""
        questions = self._questions(workspace)
        for line in WELCOME:
            self._screen.say(line.format(command=workspace.command))
        if not workspace.people.names:
            await self._do(workspace, SetPeople(names=FIRST_PEOPLE))
        self._speaker = next(iter(workspace.people.names), "")
        try:
            while True:
                line = await questions.next(self._prompt(), kept=True)
                await self._take(line, workspace, questions)
        except Ended:
            self._screen.say(GOODBYE)

    def _questions(self, workspace: Workspace) -> Questions:
        if self._plain:
            return PipedQuestions(read_lines(sys.stdin.fileno()))
        return TerminalQuestions(lambda: self._completions(workspace))

    def _completions(self, workspace: Workspace) -> list[str]:
        words = ["advance 24h", "people", "channel", "help", "quit"]
        words += [f"/{workspace.command} {verb}" for verb in _VERBS]
        return words + [f"@{self._called(name)} " for name in workspace.people.names]

    def _prompt(self) -> str:
        return f"{self._called(self._speaker) or 'nobody'}> "

    async def _take(
        self, line: str, workspace: Workspace, questions: Questions
    ) -> None:
        if not line.strip():
            return
        try:
            typed = read_typed(
                self._with_account(line.strip()),
                speaker=self._speaker,
                command=workspace.command,
            )
        except NotARequest as reason:
            self._screen.say(str(reason))
            return
        match typed:
            case Ask():
                self._answer(typed, workspace)
            case Speak():
                self._speak(typed.person, workspace)
            case Push():
                await self._push(typed, workspace, questions)
            case _:
                await self._do(workspace, typed)
                await self._fill_forms(workspace, questions)

    def _answer(self, ask: Ask, workspace: Workspace) -> None:
        match ask:
            case Ask.HELP:
                self._screen.say(HELP.format(command=workspace.command))
            case Ask.QUIT:
                raise Ended
            case Ask.WHO:
                names = " ".join(map(self._called, workspace.people.names))
                self._screen.say(f"{names}\nIt is {iso_time(workspace.now)}.")
            case Ask.CHANNEL:
                for shown in self._posts:
                    self.draw(shown)

    def _speak(self, person: str, workspace: Workspace) -> None:
        if person not in workspace.people:
            self._screen.say("Nobody here has that name. Type people.")
            return
        self._speaker = person

    async def _push(
        self, push: Push, workspace: Workspace, questions: Questions
    ) -> None:
        offer = self._offer(push)
        if offer is None:
            self._screen.say("There is no such button. Type help.")
            return
        await self._do(
            workspace, Press(actor=actor_named(push.person), action=offer.action)
        )
        await self._fill_forms(workspace, questions)

    def _offer(self, push: Push) -> Offer | None:
        """Return the newest button of that number or label that the person sees."""
        wanted = push.button.strip().strip("[]").casefold()
        seen = [o for o in reversed(self._offers) if o.to in (None, push.person)]
        for offer in seen:
            if wanted in (str(offer.number), offer.label.casefold()):
                return offer
        if len(wanted) < BEGINNING_CHARS_MIN:
            return None
        begins = [o for o in seen if o.label.casefold().startswith(wanted)]
        return begins[0] if len({o.label for o in begins}) == 1 else None

    async def _do(self, workspace: Workspace, asked: Asked) -> None:
        before = workspace.now
        line = Line(re=None, asked=asked)
        await workspace.do(line)
        if line.person is not None and line.person in workspace.people:
            self._speaker = line.person
        if workspace.now != before:
            self._screen.say(f"It is {iso_time(workspace.now)} now.")

    async def _fill_forms(self, workspace: Workspace, questions: Questions) -> None:
        while self._form is not None:
            person, form = self._form
            self._form = None
            fields = await fill(form, questions, self._screen)
            if fields is None:
                self._screen.say("Nothing was sent.")
                return
            submit = Submit(
                actor=actor_named(person),
                form=form.form,
                fields=fields,
                names=(person,),
            )
            self._was_refused = False
            await self._do(workspace, submit)
            if self._was_refused and self._form is None:
                await self._offer_again(person, with_values(form, fields), questions)

    async def _offer_again(self, person: str, form: Form, questions: Questions) -> None:
        """Open a refused form again with all that was typed, if the person likes."""
        typed = await questions.next("Change it and send it again? [yes] ", kept=False)
        if typed.strip().lower() in {"", *YES}:
            self._form = (person, form)

    def draw(self, shown: Shown) -> None:
        """Draw what appeared, with new numbers for its buttons."""
        offers: list[Offer] = []
        for button in buttons_of(shown.view):
            self._numbers += 1
            offers.append(
                Offer(
                    number=self._numbers,
                    action=button.action,
                    label=button.label,
                    to=shown.to,
                )
            )
        self._offers.extend(offers)
        self._screen.view(self._where(shown), shown.view, offers)
        if shown.file is not None:
            self._screen.say(f"File: {shown.file}")

    def _where(self, shown: Shown) -> str:
        if shown.place.startswith("channel:"):
            return f"#{shown.place.removeprefix('channel:')}, everybody sees this"
        if shown.to is None:
            return "Console"
        return f"Only {self._called(shown.to)} sees this"

    def _called(self, account: str) -> str:
        return self._names.get(account, account)

    def _with_account(self, line: str) -> str:
        """Put the account in the place of a friendly name behind @."""
        if not line.startswith("@"):
            return line
        name, blank, rest = line[1:].partition(" ")
        return f"@{self._accounts.get(name.lower(), name)}{blank}{rest}"
