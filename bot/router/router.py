"""From a request to what the person sees next: three tables, one place for refusals.

Ids of buttons and forms are words joined by colons. They carry all that is needed, so
that they work after a restart; whatever is unknown is too old.
"""

import asyncio
from typing import assert_never

from bot import log
from bot.core.errors import MessageTooOld, Refused, StorageFailed
from bot.core.petitions import PetitionTerms
from bot.core.polls import has_quotes
from bot.core.terms import BoxTerms, PollTerms
from bot.desk import Desk
from bot.gate import Gate
from bot.ports import Clock, Platform, StorageError
from bot.requests import Command, DirectMessage, Place, Press, Reply, Request, Submit
from bot.router.asked import Asked, Page, View
from bot.router.boxing import BoxPages
from bot.router.casework import CasePages
from bot.router.confirming import ConfirmPages
from bot.router.drafting import DraftPages
from bot.router.members import MemberPages
from bot.router.office import Office
from bot.router.people import PeoplePages
from bot.router.petitioning import PetitionPages
from bot.router.polling import PollPages
from bot.router.reporting import ReportPages
from bot.router.signing import SignPages
from bot.views import cards
from bot.views.scene import Scene
from bot.views.widgets import ACTION_CHARS_MAX, Form

# What organizers type means something else where a member types it.
_MEMBERS_WORDS = {
    "poll": "vote",
    "petition": "sign",
    "interest": "sign",
    "membership": "sign",
}


class Router:
    """Answers every request. It keeps nothing about anybody."""

    def __init__(
        self,
        *,
        gate: Gate,
        desk: Desk,
        platform: Platform,
        clock: Clock,
        scene: Scene,
        lock: asyncio.Lock | None = None,
    ) -> None:
        """Join the parts, and read the tables of all pages.

        Routers of one installation share one `lock`: organizers decide one at a time.
        """
        office = Office(
            gate=gate,
            desk=desk,
            platform=platform,
            clock=clock,
            scene=scene,
            lock=lock or asyncio.Lock(),
        )
        members = MemberPages(gate=gate, platform=platform, scene=scene)
        reporting = ReportPages(gate=gate, platform=platform, scene=scene)
        polls = PollPages(office)
        boxes = BoxPages(office)
        petitions = PetitionPages(office)
        signing = SignPages(gate=gate, platform=platform, clock=clock, scene=scene)
        pages = (
            members,
            reporting,
            boxes,
            petitions,
            signing,
            polls,
            DraftPages(
                office,
                {PollTerms: polls, BoxTerms: boxes, PetitionTerms: petitions},
            ),
            ConfirmPages(office),
            PeoplePages(office),
            CasePages(office),
        )
        self._gate = gate
        self._desk = desk
        self._scene = scene
        self._members = members
        self._commands: dict[str, Page] = {}
        self._actions: dict[tuple[str, int], Page] = {}
        self._forms: dict[tuple[str, int], Page] = {}
        for each in pages:
            self._commands |= each.commands()
            self._actions |= each.actions()
            self._forms |= each.forms()

    async def handle(self, request: Request) -> list[Reply]:
        """Return what the person sees. Only this method turns refusals into words."""
        try:
            view = await self._view(request)
        except Refused as refused:
            view = cards.refusal(refused, self._scene)
        except StorageError as error:
            log.failure("request_failed", error)
            view = cards.refusal(StorageFailed(), self._scene)
        place = Place.FORM if isinstance(view, Form) else Place.EPHEMERAL
        if isinstance(request, DirectMessage):
            place = Place.DM
        return [Reply(place=place, view=view)]

    async def _view(self, request: Request) -> View:
        match request:
            case Command():
                return await self._command(request)
            case Press():
                page, arguments = _found(self._actions, request.action)
                asked = Asked(
                    actor=request.actor,
                    arguments=arguments,
                    words=request.text,
                    place=request.place,
                    pressed=True,
                    has_files=request.has_files,
                )
                return await page(asked)
            case Submit():
                page, arguments = _found(self._forms, request.form)
                asked = Asked(
                    actor=request.actor,
                    arguments=arguments,
                    place=request.place,
                    pressed=True,
                    names=request.names,
                    fields=request.fields,
                )
                return await page(asked)
            case DirectMessage():
                return await self._members.message(
                    request.reference, has_files=request.has_files
                )
            case _ as never:
                assert_never(never)

    async def _command(self, request: Command) -> View:
        word, words = _split(request.words)
        if word in _MEMBERS_WORDS and not await self._is_organizer(request):
            word = _MEMBERS_WORDS[word]
        page = self._commands.get(word, self._members.unknown)
        first, _ = _split(words)
        # Words in quotes are a question and answers; no drive has such a name.
        is_name = bool(first) and not has_quotes(words)
        asked = Asked(
            actor=request.actor,
            arguments=(first,) if is_name else (),
            words=words,
            place=request.place,
        )
        return await page(asked)

    async def _is_organizer(self, request: Command) -> bool:
        tag = self._gate.organizer_tag(request.actor)
        return await self._desk.find(tag) is not None


def _split(words: str) -> tuple[str, str]:
    """Return the first word in small letters, and all that stands behind it."""
    parts = words.split(maxsplit=1)
    return "".join(parts[:1]).lower(), "".join(parts[1:]).strip()


def _found(
    pages: dict[tuple[str, int], Page], written: str
) -> tuple[Page, tuple[str, ...]]:
    verb, *arguments = written[: ACTION_CHARS_MAX + 1].split(":")
    page = pages.get((verb, len(arguments)))
    if page is None or len(written) > ACTION_CHARS_MAX or not all(arguments):
        raise MessageTooOld
    return page, tuple(arguments)
