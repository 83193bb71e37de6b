"""What `run` serves: time is kept, posts go out, requests wake both."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot import service
from bot.core.drives import State
from bot.core.records import Role
from bot.outbox import Outbox
from bot.ports import CannotConnect, StorageError
from bot.requests import Command, Press, Reply, Submit, is_quiet
from bot.service import Keeper, Service, serve
from bot.views.widgets import Card
from tests.fakes.chat import Chat
from tests.fakes.workplace import (
    DAY,
    LUNCH,
    MEI,
    SCENE,
    STAFF,
    Workplace,
    action_of,
    workplace,
)


class Line:
    """A connection on which one organizer acts, and which may break for good."""

    def __init__(
        self, platform: Chat, act: Callable[[Service], Awaitable[None]]
    ) -> None:
        self.platform = platform
        self._act = act

    async def serve(self, service: Service) -> None:
        await self._act(service)


def parts(place: Workplace) -> tuple[Service, Outbox, Keeper]:
    """Join what `run` joins."""
    outbox = Outbox(place.gate, place.store, SCENE, place.chat)
    keeper = Keeper(place.gate, place.clock, [outbox])
    return Service(place.router, keeper), outbox, keeper


def start_of(replies: list[Reply]) -> str:
    """Return the action that starts the poll of a preview."""
    [reply] = replies
    assert isinstance(reply.view, Card)
    return action_of(reply.view, "Start it")


async def until(what: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(5):
        while not what():  # noqa: ASYNC110 - what is waited for is a plain value
            await asyncio.sleep(0.005)


async def test_start_is_posted_and_the_close_too(tmp_path: Path) -> None:
    """A poll that somebody starts is posted, and its result when its time is over."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        served, outbox, keeper = parts(place)

        async def day(service: Service) -> None:
            start = start_of(
                await service.handle(Submit(actor=MEI, form="poll", fields=LUNCH))
            )
            await service.handle(Press(actor=MEI, action=start))
            await until(lambda: bool(place.chat.messages))
            name = place.gate.drives()[0].name
            for actor in STAFF[:20]:
                await service.handle(Press(actor=actor, action=f"vote:{name}:0"))
            place.clock.seconds += DAY
            keeper.wake()
            await until(lambda: len(place.chat.messages) == 3)
            raise CannotConnect("The day is over.")

        with pytest.raises(ExceptionGroup) as raised:
            await serve([(Line(place.chat, day), served, outbox)], keeper)
        assert isinstance(raised.value.exceptions[0], CannotConnect)
        assert place.gate.drives()[0].state is State.PUBLISHED


async def test_time_alone_moves_what_is_due(tmp_path: Path) -> None:
    """The next look is when something is due, and no later than a minute."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        _, _, keeper = parts(place)
        idle = await keeper.look()
        await place.start_poll(MEI)
        far = await keeper.look()
        place.clock.seconds += DAY - 20
        near = await keeper.look()

        assert (idle, far, near) == (service.LOOK_SECONDS_MAX,) * 2 + (20,)


async def test_fault_of_the_disk_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that fails for a while stops neither the keeper nor the outbox."""
    monkeypatch.setattr(service, "FAULT_SECONDS", 0.01)
    monkeypatch.setattr("bot.outbox.RETRY_SECONDS_MAX", 0.01)
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        served, outbox, keeper = parts(place)
        real = place.store.posts, place.store.mail
        faults = 0

        async def broken(*_: object) -> list[object]:
            nonlocal faults
            faults += 1
            raise StorageError("The disk is full.")

        monkeypatch.setattr(place.store, "posts", broken)
        monkeypatch.setattr(place.store, "mail", broken)

        async def wait(service: Service) -> None:
            del service
            await until(lambda: faults > 4)
            monkeypatch.setattr(place.store, "posts", real[0])
            monkeypatch.setattr(place.store, "mail", real[1])
            start = start_of(
                await place.replies(Submit(actor=MEI, form="poll", fields=LUNCH))
            )
            await served.handle(Press(actor=MEI, action=start))
            await until(lambda: bool(place.chat.messages))
            raise CannotConnect

        with suppress(ExceptionGroup):
            await serve([(Line(place.chat, wait), served, outbox)], keeper)
        assert len(place.chat.messages) == 1


@pytest.mark.parametrize(
    ("request_", "quiet"),
    [
        (Command(actor=MEI, words="menu"), True),
        (Press(actor=MEI, action="vote:lunch:0"), True),
        (Press(actor=MEI, action="start:lunch:ab"), False),
        (Submit(actor=MEI, form="answer:lunch", fields={}), True),
        (Submit(actor=MEI, form="poll", fields={}), False),
    ],
)
def test_answers_cause_nothing_at_once(
    request_: Command | Press | Submit, *, quiet: bool
) -> None:
    """An answer wakes nobody: nothing of it may be seen before a count."""
    assert is_quiet(request_) is quiet
