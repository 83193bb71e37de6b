"""Brings the router's answers back to where somebody did something.

An answer that is ready in time goes with the acknowledgement, where Slack takes one
there; any other follows by itself. A code is shown on a page of the form window and
nowhere else, and whatever goes wrong here has no influence on an acknowledgement.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.slack.calls import Busy, Declined, Web
from adapters.slack.parse import Arrival, Way
from adapters.slack.render import (
    direct_of,
    home_of,
    inputs_of,
    line_of,
    modal_of,
    page_of,
    private_of,
    refused_modal,
)
from bot import log
from bot.core.canonical import JsonObject
from bot.requests import Press
from bot.views import cards, form_text
from bot.views.widgets import Card, CardKind, Form

# An answer may wait for Slack as long as its address lives: half an hour.
WAITS_MAX = 4
WAIT_SECONDS_MAX = 60.0
# Buttons that read: what stood there before stays.
_READING = frozenset({"privacy", "verify"})

View: TypeAlias = Card | Form
_Call: TypeAlias = Callable[[], Awaitable[None]]


class Answers:
    """Shows what people see next. It keeps one message, which is the same for all."""

    def __init__(self, web: Web) -> None:
        """Answer through Slack's Web API."""
        self._web = web
        # All who answer a poll are shown the same: it is put into Slack's shape once.
        self._said: tuple[Card, bool, JsonObject] | None = None

    def in_acknowledgement(self, arrival: Arrival, view: View) -> JsonObject | None:
        """Return the acknowledgement that shows `view`, or nothing if none can."""
        try:
            return self._acknowledging(arrival, view)
        except Exception as error:  # noqa: BLE001 - what is wrong with a view ends here
            log.failure("answer_not_shown", error)
            return self._acknowledging(arrival, cards.fault())

    async def show(self, arrival: Arrival, view: View) -> None:
        """Show `view` after the acknowledgement. Whatever goes wrong is logged."""
        try:
            await self._show(arrival, view)
        except Exception as error:  # noqa: BLE001 - where a request ends
            log.failure("answer_not_shown", error)

    def _acknowledging(self, arrival: Arrival, view: View) -> JsonObject | None:
        match arrival.way, view:
            case Way.COMMAND, Card():
                return private_of(view)
            case Way.FORM, Form():
                return {"response_action": "update", "view": modal_of(view)}
            case Way.FORM, Card(kind=CardKind.REFUSAL):
                return _refused(arrival, view)
            case Way.FORM, Card():
                return {"response_action": "update", "view": page_of(view)}
            case _:
                return None

    async def _show(self, arrival: Arrival, view: View) -> None:
        web = self._web
        match arrival.way:
            case Way.FORM | Way.PAGE:
                window = self._window(arrival, view)
                await _patiently(lambda: web.update_view(arrival.view_id, window))
            case Way.WRITTEN if isinstance(view, Card):
                message = direct_of(view)
                await _patiently(lambda: _post(web, arrival.channel, message))
            case Way.HOME_OPENED if isinstance(view, Card):
                who, home = arrival.request.actor.user, home_of(view)
                await _patiently(lambda: web.publish_home(who, home))
            case Way.COMMAND | Way.CHANNEL | Way.PRIVATE | Way.DIRECT if isinstance(
                view, Card
            ):
                await self._respond(arrival, view)
            case _:
                await self._open(arrival, view)

    async def _respond(self, arrival: Arrival, card: Card) -> None:
        """Send a private message; where its address is over, a page says the same."""
        message = self._private(card, replaces=_replaces(arrival))
        try:
            await _patiently(lambda: self._web.respond(arrival.reply_to, message))
        except Declined:
            # An address takes five messages in half an hour.
            await self._web.open_view(arrival.trigger, page_of(card))

    async def _open(self, arrival: Arrival, view: View) -> None:
        """Open a form window; where that fails, say so if there is a place to."""
        window = modal_of(view) if isinstance(view, Form) else page_of(view)
        try:
            await self._web.open_view(arrival.trigger, window)
        except (Busy, Declined):
            if not arrival.reply_to:
                raise
            late = private_of(cards.notice(form_text.FORM_TOO_LATE))
            await _patiently(lambda: self._web.respond(arrival.reply_to, late))

    def _private(self, card: Card, *, replaces: bool) -> JsonObject:
        said = self._said
        if said is not None and said[1] is replaces and said[0] == card:
            return said[2]
        message = private_of(card, replaces=replaces)
        # A code is its owner's alone, and stays nowhere.
        if card.kind is CardKind.RECEIPT and not card.data:
            self._said = (card, replaces, message)
        return message

    def _window(self, arrival: Arrival, view: View) -> JsonObject:
        if isinstance(view, Form):
            return modal_of(view)
        if view.kind is CardKind.REFUSAL and arrival.view is not None:
            return refused_modal(arrival.view, view)
        return page_of(view)


def _replaces(arrival: Arrival) -> bool:
    """Tell whether an answer stands in the place of the message with the button.

    A post stays as it is for everybody; a private message is turned like a page.
    """
    request = arrival.request
    reads = isinstance(request, Press) and request.action.partition(":")[0] in _READING
    return arrival.way in (Way.PRIVATE, Way.DIRECT) and not reads


def _refused(arrival: Arrival, card: Card) -> JsonObject:
    """Return a refusal beside the field that it is about, or above the whole form."""
    view = arrival.view or {}
    field = card.data.get("field")
    if isinstance(field, str) and field in inputs_of(view):
        return {"response_action": "errors", "errors": {field: line_of(card)}}
    return {"response_action": "update", "view": refused_modal(view, card)}


async def _post(web: Web, channel: str, message: JsonObject) -> None:
    await web.post(channel, message)


async def _patiently(call: _Call) -> None:
    """Make a call, and make it again when Slack asks to wait for a while."""
    for _ in range(WAITS_MAX):
        try:
            await call()
        except Busy as busy:
            await asyncio.sleep(min(max(busy.retry_after, 1.0), WAIT_SECONDS_MAX))
        else:
            return
    await call()
