"""What Slack sends, taken once each, acknowledged in time, and answered.

One middleware behind the check of signatures answers for the whole of bolt: its
listeners look for an acknowledgement every ten milliseconds, and what comes after one
could undo it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.answers import Answers, View
from adapters.slack.calls import Busy, Declined, Web
from adapters.slack.digests import Recent
from adapters.slack.parse import (
    Arrival,
    Way,
    about,
    challenge_of,
    read_payload,
)
from adapters.slack.render import page_of
from bot import log
from bot.core.canonical import JsonObject
from bot.requests import ABOUT_A_MESSAGE, Press, Reply, Request
from bot.views import cards, form_text

# Slack shows a warning after three seconds; what takes longer is answered later.
ACKNOWLEDGE_SECONDS_MAX = 2.0


class Routes(Protocol):
    """What a person's request leads to (`bot.service.Service`)."""

    async def handle(self, request: Request) -> list[Reply]:
        """Return what the person sees next."""
        ...


class Listener(AsyncMiddleware):
    """Takes every request that Slack sends. It is to stand behind the signatures."""

    def __init__(
        self,
        *,
        service: Routes,
        web: Web,
        recent: Recent,
        tasks: asyncio.TaskGroup,
    ) -> None:
        """Join the parts; what goes on after an acknowledgement runs in `tasks`."""
        self._service = service
        self._web = web
        self._answers = Answers(web)
        self._recent = recent
        self._tasks = tasks

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - bolt's own name
    ) -> BoltResponse:
        """Return the acknowledgement. Nothing that goes wrong takes it back."""
        del resp, next
        if challenge := challenge_of(req.body):
            return _acknowledgement({"challenge": challenge})
        arrival = read_payload(req.body)
        if arrival is None:
            return _acknowledgement(None)
        if not self._recent.is_new(arrival.once):
            return _acknowledgement(_again(arrival))
        return _acknowledgement(await self._take(arrival))

    async def _take(self, arrival: Arrival) -> JsonObject | None:
        """Return what goes with the acknowledgement; the rest follows by itself."""
        work = self._tasks.create_task(self._view(arrival))
        done, _ = await asyncio.wait({work}, timeout=ACKNOWLEDGE_SECONDS_MAX)
        if not done:
            self._tasks.create_task(self._show_later(arrival, work))
            return _working(arrival)
        view = work.result()
        shown = self._answers.in_acknowledgement(arrival, view)
        if shown is None:
            self._tasks.create_task(self._answers.show(arrival, view))
        return shown

    async def _show_later(self, arrival: Arrival, work: "asyncio.Task[View]") -> None:
        if arrival.way in (Way.PAGE, Way.PRIVATE):
            await self._answers.show(arrival, cards.notice(form_text.WORKING))
        await self._answers.show(arrival, await work)

    async def _view(self, arrival: Arrival) -> View:
        """Return what the person sees next. This is where a request's faults end."""
        try:
            [reply] = await self._service.handle(await self._request(arrival))
        except Exception as error:  # noqa: BLE001 - where a request ends
            log.failure("request_failed", error)
            self._recent.forget(arrival.once)
            return cards.fault()
        return reply.view

    async def _request(self, arrival: Arrival) -> Request:
        """Return the request, with the text of the message that it is about."""
        request = arrival.request
        if not isinstance(request, Press) or not arrival.channel:
            return request
        verb, _, reference = request.action.partition(":")
        if verb not in ABOUT_A_MESSAGE:
            return request
        try:
            message = await self._web.written(
                arrival.channel, reference, request.actor.user
            )
        except (Busy, Declined) as error:
            log.failure("message_not_read", error)
            message = {}
        return about(request, message)


def _working(arrival: Arrival) -> JsonObject | None:
    """Return what is seen until the answer comes: an empty one would close the form."""
    if arrival.way is not Way.FORM:
        return None
    page = page_of(cards.notice(form_text.WORKING))
    return {"response_action": "update", "view": page}


def _again(arrival: Arrival) -> JsonObject | None:
    """Return what is seen of a request that came twice."""
    if arrival.way is not Way.FORM:
        return None
    page = page_of(cards.notice(form_text.SENT_ALREADY))
    return {"response_action": "update", "view": page}


def _acknowledgement(shown: JsonObject | None) -> BoltResponse:
    return BoltResponse(status=200, body="" if shown is None else shown)
