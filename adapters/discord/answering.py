"""From what was understood to what the person sees: asks the core, answers Discord."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from adapters.discord import modals, pages, shapes
from adapters.discord.parse import (
    Ask,
    Fetch,
    Heard,
    PageAct,
    Suggest,
    Ticket,
    Written,
    about,
)
from adapters.discord.pictures import Drawn
from adapters.discord.platform import channels_here
from adapters.discord.reading import objects_in
from adapters.discord.render import private_messages
from adapters.discord.rest import NotAllowed, Rest, Unreachable
from adapters.discord.shapes import PRIVATE, SILENT, Callback, Message
from bot import log
from bot.core.canonical import JsonObject, JsonValue
from bot.requests import Command, Place, Press, Reply, Request, Submit
from bot.views import text
from bot.views.fitting import cut
from bot.views.widgets import Card, CardKind, Form, Line

# Discord wants a first answer within 3 seconds; the way there and back takes some.
QUICK_SECONDS = 1.5

_KINDS = {"poll": "poll", "petition": "petition"}


class Service(Protocol):
    """What answers people (`bot.service.Service`)."""

    async def handle(self, request: Request) -> list[Reply]:
        """Return what the person sees next."""
        ...


class Answering:
    """Answers interactions and direct messages. It keeps nothing between two."""

    def __init__(
        self, rest: Rest, draw: Drawn, *, quick_seconds: float = QUICK_SECONDS
    ) -> None:
        """Join the parts."""
        self._rest = rest
        self._draw = draw
        self._quick_seconds = quick_seconds

    async def interaction(self, heard: Heard, service: Service) -> None:
        """Answer an interaction, privately from its first byte."""
        channels_here.set(heard.channels)
        ticket = heard.ticket
        match heard.act:
            case Suggest():
                await self._suggest(ticket, heard.act, service)
            case PageAct():
                await self._change_page(ticket, heard.act, service)
            case Ask() | Fetch():
                await self._ask(ticket, heard.act, service)

    async def message(self, written: Written, service: Service) -> None:
        """Answer a direct message by an ordinary one, which pushes nothing."""
        for reply in await _replies(service.handle, written.request):
            for message in await self._messages(reply):
                await self._rest.create_message(written.channel, message, flags=SILENT)

    # Requests for the core ---------------------------------------------------

    async def _ask(self, ticket: Ticket, act: Ask | Fetch, service: Service) -> None:
        replaces = isinstance(act, Ask) and act.replaces
        late = False
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(self._work(act, service))
            done, _ = await asyncio.wait({work}, timeout=self._quick_seconds)
            if not done:
                late = await self._say_later(ticket, replaces=replaces)
        replies = work.result()
        if late:
            await self._answer_late(ticket, replies, replaces=replaces)
        else:
            follows_form = isinstance(act, Ask) and isinstance(act.request, Submit)
            await self._answer(
                ticket, replies, replaces=replaces, follows_form=follows_form
            )

    async def _work(self, act: Ask | Fetch, service: Service) -> list[Reply]:
        if isinstance(act, Ask):
            return await _replies(service.handle, act.request)
        try:
            message = await self._rest.message(act.channel, act.message)
        except (NotAllowed, Unreachable):
            # It was deleted meanwhile, or cannot be had: as if nothing stood there.
            message = {}
        return await _replies(service.handle, about(act.press, message))

    async def _say_later(self, ticket: Ticket, *, replaces: bool) -> bool:
        """Say that an answer follows. What is under way goes on even if that fails."""
        try:
            await self._rest.answer_later(ticket, replaces=replaces)
        except (NotAllowed, Unreachable) as error:
            log.failure("reply_refused", error)
        return True

    async def _answer(
        self,
        ticket: Ticket,
        replies: Sequence[Reply],
        *,
        replaces: bool,
        follows_form: bool,
    ) -> None:
        first, *more = replies
        form = first.view if isinstance(first.view, Form) else None
        if form is not None and not form.whole and not follows_form:
            await self._rest.answer(ticket, Callback.MODAL, modals.modal_of(form))
        else:
            message, *others = await self._messages(first)
            # A page is replaced by what came of it, and stays where it was refused.
            if replaces and not _is_refusal(first):
                kind, flags = Callback.UPDATE, 0
            else:
                kind, flags = Callback.MESSAGE, PRIVATE
            body = message.body(flags=flags)
            await self._rest.answer(ticket, kind, body, message.files)
            await self._add(ticket, others)
        for reply in more:
            await self._add(ticket, await self._messages(reply))

    async def _answer_late(
        self, ticket: Ticket, replies: Sequence[Reply], *, replaces: bool
    ) -> None:
        messages = [m for reply in replies for m in await self._messages(reply)]
        if replaces and _is_refusal(replies[0]):
            await self._add(ticket, messages)
            return
        await self._rest.edit_answer(ticket, messages[0])
        await self._add(ticket, messages[1:])

    async def _add(self, ticket: Ticket, messages: Sequence[Message]) -> None:
        for message in messages:
            await self._rest.add_answer(ticket, message)

    async def _messages(self, reply: Reply) -> Sequence[Message]:
        """Return a reply as messages; a form that cannot be opened becomes a page."""
        if isinstance(reply.view, Form):
            return [pages.page_of(reply.view)]
        return private_messages(reply.view, await self._draw(reply.view))

    # What the core is not asked ----------------------------------------------

    async def _suggest(self, ticket: Ticket, act: Suggest, service: Service) -> None:
        """Suggest drives that everybody may know of; what was typed goes no further."""
        words = "list" if act.argument == "name" else "menu"
        command = Command(actor=act.actor, words=words)
        replies = await _replies(service.handle, command)
        found = [each for reply in replies for each in _drives(reply)]
        choices = _choices(found, act)
        await self._rest.answer(ticket, Callback.CHOICES, {"choices": choices})

    async def _change_page(
        self, ticket: Ticket, act: PageAct, service: Service
    ) -> None:
        if act.values is None:
            modal = pages.modal_for(act.parts, act.custom_id)
            if modal is not None:
                await self._rest.answer(ticket, Callback.MODAL, modal)
                return
        elif (changed := _changed(act, act.values)) is not None:
            await self._rest.answer(ticket, Callback.UPDATE, changed.body())
            return
        # A page that is not there any more: the core has the words for it.
        stale = Press(actor=act.actor, action=act.custom_id)
        await self._ask(ticket, Ask(request=stale), service)


def _changed(act: PageAct, values: Sequence[str]) -> Message | None:
    if act.custom_id.startswith(pages.CHOOSE):
        return pages.with_choice(act.parts, act.custom_id, values)
    return pages.with_text(act.parts, act.custom_id, "".join(values))


async def _replies(
    handle: Callable[[Request], Awaitable[list[Reply]]], request: Request
) -> list[Reply]:
    """Return the core's replies; a fault of ours is a reply too, and logged."""
    try:
        return await handle(request)
    except Exception as error:  # noqa: BLE001 - where a request ends
        log.failure("request_failed", error)
        card = Card(kind=CardKind.REFUSAL, blocks=(Line(text=text.FAULT),))
        return [Reply(place=Place.EPHEMERAL, view=card)]


def _is_refusal(reply: Reply) -> bool:
    return isinstance(reply.view, Card) and reply.view.kind is CardKind.REFUSAL


def _drives(reply: Reply) -> list[JsonObject]:
    if not isinstance(reply.view, Card):
        return []
    return objects_in(reply.view.data.get("drives"))


def _choices(drives: Sequence[JsonObject], act: Suggest) -> list[JsonValue]:
    """Return the drives whose name or question holds what was typed."""
    typed = act.typed.casefold()
    kind = _KINDS.get(act.argument, "")
    choices: list[JsonValue] = []
    for drive in drives:
        name, question = str(drive.get("drive")), str(drive.get("question", ""))
        fits = not kind or drive.get("kind") == kind
        if fits and typed in f"{name} {question}".casefold():
            shown = cut(question or name, shapes.OPTION_CHARS_MAX)
            choices.append({"name": shown, "value": name})
    return choices[: shapes.CHOICES_MAX]
