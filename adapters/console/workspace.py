"""One simulated workspace: people act, time passes, and what follows is shown.

Whatever a request causes is shown before `act`, `advance` or `put_people` returns, and
carries the request's id.
"""

import asyncio
from typing import Protocol

from adapters.console.clock import SECOND_MAX, FileClock
from adapters.console.parse import (
    Advance,
    Asked,
    Line,
    NoCommand,
    NotARequest,
    SetPeople,
)
from adapters.console.people import CHANNELS_MAX, GENERAL, People
from adapters.console.platform import ConsolePlatform, current_request
from bot import log
from bot.core.errors import NotAMember
from bot.gate import Gate
from bot.ports import StorageError
from bot.requests import Reply, Request, is_quiet
from bot.views.widgets import Card, CardKind
from bot.views.widgets import Line as Paragraph

# A day of slots and posts at one moment; more means that something does not move on.
STOPS_MAX = 100_000

FAULT = (
    "That did not work: a fault in the bot. If you sent an answer, please send it "
    "again. It can't count twice."
)
NO_SUCH_COMMAND = "No app here has that command. Type /{command}."


class Routes(Protocol):
    """What a person's request leads to (`bot.router.Router`)."""

    async def handle(self, request: Request) -> list[Reply]:
        """Do what a person asked for, and return what they see next."""
        ...


class Posts(Protocol):
    """What waits to be shown in channels (`bot.outbox.Outbox`)."""

    async def deliver(self) -> float | None:
        """Show every post that waits, in order, each once."""
        ...


class Workspace:
    """The gate's world, as one person at a keyboard or one program plays it."""

    def __init__(  # noqa: PLR0913 - the composition root joins the parts, once
        self,
        *,
        gate: Gate,
        router: Routes,
        outbox: Posts,
        platform: ConsolePlatform,
        clock: FileClock,
        people: People,
        command: str,
    ) -> None:
        """Join the parts; `open` does the rest."""
        self._gate = gate
        self._router = router
        self._outbox = outbox
        self._platform = platform
        self._clock = clock
        self.people = people
        self.command = command
        # One at a time does what may end in a post, so that each post is shown on
        # behalf of the request that caused it. Answers cause none and wait for nobody.
        self._one_at_a_time = asyncio.Lock()
        self._owed = True

    async def open(self) -> None:
        """Do what was due when the last run ended; show nothing yet."""
        await self._gate.settle()

    async def do(self, line: Line) -> None:
        """Do what a line asks for. Whatever goes wrong is shown, and nothing raised."""
        token = current_request.set(line.re)
        try:
            await self._do(line.asked)
        except StorageError as error:
            log.failure("request_failed", error)
            self._refuse(line.person, str(error))
        except Exception as error:  # noqa: BLE001 - where a request ends
            log.failure("request_failed", error)
            self._refuse(line.person, FAULT)
        finally:
            current_request.reset(token)

    async def _do(self, asked: Asked | NotARequest) -> None:
        match asked:
            case NotARequest():
                self._refuse(None, str(asked))
            case SetPeople():
                self._put_people(asked)
            case Advance():
                await self._advance(asked.seconds)
            case _ if asked.actor.user not in self.people:
                self._refuse(asked.actor.user, NotAMember().text)
            case NoCommand():
                words = NO_SUCH_COMMAND.format(command=self.command)
                self._refuse(asked.actor.user, words)
            case _:
                await self._act(asked)

    @property
    def now(self) -> int:
        """The simulated time."""
        return self._clock.now()

    def _put_people(self, asked: SetPeople) -> None:
        new = asked.channel not in self.people.channels
        if new and len(self.people.channels) >= CHANNELS_MAX:
            self._refuse(None, "There are too many channels.")
            return
        self.people.put(asked.names, asked.channel)
        here = len(self.people.members(asked.channel))
        where = "this workspace" if asked.channel == GENERAL else f"#{asked.channel}"
        self._notice(f"{here} people are in {where} now.")

    async def _act(self, request: Request) -> None:
        if not self._owed and is_quiet(request):
            self._show(request, await self._router.handle(request))
            return
        async with self._one_at_a_time:
            self._show(request, await self._router.handle(request))
            await self._settle()

    async def _advance(self, seconds: int) -> None:
        target = min(self._clock.now() + seconds, SECOND_MAX)
        async with self._one_at_a_time:
            await self._settle()
            for _ in range(STOPS_MAX):
                due = self._gate.next_due()
                # What is due now and stays due cannot be done: a counter that fails
                # must not stop the clock.
                if due is None or not self._clock.now() < due < target:
                    break
                self._clock.move_to(due)
                await self._settle()
            self._clock.move_to(target)
            await self._settle()

    async def _settle(self) -> None:
        await self._gate.settle()
        await self._outbox.deliver()
        self._owed = False

    def _show(self, request: Request, replies: list[Reply]) -> None:
        for reply in replies:
            self._platform.show_to(request.actor.user, reply.place.value, reply.view)

    def _refuse(self, person: str | None, words: str) -> None:
        self._say(person, CardKind.REFUSAL, words)

    def _notice(self, words: str) -> None:
        self._say(None, CardKind.NOTICE, words)

    def _say(self, person: str | None, kind: CardKind, words: str) -> None:
        card = Card(kind=kind, blocks=(Paragraph(text=words),))
        self._platform.show_to(person, "ephemeral", card)
