"""Processes that die before or after a chosen durable step, and what comes back.

A step is a commit or a rewrite of the store, a replaced keystore, or an inbox that is
opened, finished or removed. Death is a `BaseException`: nothing catches it, and what
was in memory is thrown away. The answers themselves are each a step as well.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.ports import Keystore
from tests.world import World


class Died(BaseException):
    """The process ended here."""


class Fuse:
    """Counts the points at which a process may die, and ends it at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.points = 0
        self.names: list[str] = []

    @property
    def is_blown(self) -> bool:
        """Whether the death took place."""
        return self.at is not None and self.points > self.at

    def point(self, name: str) -> None:
        """Die here if it is time."""
        number = self.points
        self.points += 1
        self.names.append(name)
        if number == self.at:
            raise Died


class DyingKeystore:
    """A keystore whose process may die around each replacement."""

    def __init__(self, inner: Keystore, fuse: Fuse, name: str) -> None:
        self._inner, self._fuse, self._name = inner, fuse, name

    @property
    def content(self) -> bytes:
        """The secrets as last replaced."""
        return self._inner.content

    def replace(self, content: bytes) -> None:
        """Replace, and perhaps die before or after."""
        self._fuse.point(f"before {self._name} keystore")
        self._inner.replace(content)
        self._fuse.point(f"after {self._name} keystore")


def dying_store(store: Any, fuse: Fuse, name: str) -> Any:
    """Let the process die around each commit and each rewrite of `store`."""
    commit, rewrite = store.commit, store.rewrite

    async def dying_commit(changes: Sequence[Any]) -> None:
        fuse.point(f"before {name} commit")
        await commit(changes)
        fuse.point(f"after {name} commit")

    async def dying_rewrite() -> None:
        fuse.point(f"before {name} rewrite")
        await rewrite()
        fuse.point(f"after {name} rewrite")

    store.commit, store.rewrite = dying_commit, dying_rewrite
    return store


def dying_inboxes(inboxes: Any, fuse: Fuse) -> Any:
    """Let the process die around what is done to inboxes, answers included."""
    open_inner, remove = inboxes.open, inboxes.remove
    opened: list[Any] = []

    def dying_open(*args: Any, **named: Any) -> Any:
        try:
            fuse.point("before opening an inbox")
            inbox = open_inner(*args, **named)
            opened.append(inbox)
            fuse.point("after opening an inbox")
        except Died:
            # Their threads would die with the process.
            for each in opened:
                each.close()
            raise
        finish, append = inbox.finish, inbox.append

        async def dying_finish() -> Any:
            fuse.point("before finishing an inbox")
            envelopes = await finish()
            fuse.point("after finishing an inbox")
            return envelopes

        def dying_append(record: bytes) -> asyncio.Future[Any]:
            return asyncio.ensure_future(answer(record))

        async def answer(record: bytes) -> Any:
            fuse.point("before an answer")
            envelope = await append(record)
            fuse.point("after an answer")
            return envelope

        inbox.finish, inbox.append = dying_finish, dying_append
        return inbox

    def dying_remove(*args: Any) -> None:
        fuse.point("before removing an inbox")
        remove(*args)
        fuse.point("after removing an inbox")

    inboxes.open, inboxes.remove = dying_open, dying_remove
    return inboxes


def put_fuses(world: World, *, gate: Fuse, counter: Fuse) -> None:
    """Let gate and counter of a world die by these fuses, from the next start on.

    The counter's death is noticed by nobody: the gate goes on without it.
    """
    world.around_gate_store = lambda store: dying_store(store, gate, "gate")
    world.around_gate_keystore = lambda inner: DyingKeystore(inner, gate, "gate")
    world.around_inboxes = lambda inner: dying_inboxes(inner, gate)
    world.around_counter_store = lambda store: dying_store(store, counter, "counter")
    world.around_counter_keystore = lambda inner: DyingKeystore(
        inner, counter, "counter"
    )

    async def wake() -> None:
        try:
            await world.wake_counter()
        except Died:
            if gate is counter:
                raise

    world.wake = wake


def put_out(world: World) -> None:
    """Let nobody die any more, from the next start on."""
    world.around_gate_store = world.around_gate_keystore = None
    world.around_inboxes = world.wake = None
    world.around_counter_store = world.around_counter_keystore = None
