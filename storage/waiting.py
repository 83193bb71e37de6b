"""Answers that wait for the disk, between the event loop and an inbox's writer.

The event loop adds answers, and hands them to the sealers as soon as enough came for a
share, without waiting for the writer: asking another thread of this process for
anything costs up to a millisecond while the loop is busy. The writer takes batches of
what is sealed, and seals by itself what was too little to hand over. There is no timer.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from bot.core.ballots import Envelope
from bot.crypto.sealing import seal_records
from bot.ports import QueueFull
from storage.sealers import RUSH_RECORDS_MIN, Sealers

# Whoever waits: for one answer, or for all of a slot.
AnyFuture = asyncio.Future[Envelope] | asyncio.Future[list[Envelope]]

# Two seconds of work. A person whose answer waits longer is told by the platform that
# it failed; refusing at once is kinder.
WAITING_RECORDS_MAX = 50_000
# Handing fewer over costs more than it saves. A group's first shares are as small, so
# that all sealers begin at once; when more wait than these, shares are larger, because
# each costs as much to hand over.
SMALL_SHARE_RECORDS = 24
SMALL_SHARES_MAX = 8
SHARE_RECORDS = 128
# So many take 25 ms to seal on two cores. With half as many in a group a rush of 5,000
# writes a sixth more bytes, because each group moves blocks of those before it. More go
# together when they are sealed already: when the disk is slower than sealing.
GROUP_RECORDS = 1024
BATCH_RECORDS_MAX = 2048
# In a rush the writer waits until the loop hands over what came in the same turn: many
# small groups would write three times the bytes. A loop that is stuck keeps nobody.
TURN_SECONDS_MAX = 0.05


@dataclass(frozen=True, slots=True)
class Finish:
    """The order to write what came before, and to hand everything over."""

    future: "asyncio.Future[list[Envelope]]"


@dataclass(frozen=True, slots=True)
class Stop:
    """The order to stop."""


Order = Finish | Stop


@dataclass(slots=True)
class Batch:
    """What goes to disk together; a `fault` in sealing it is everybody's."""

    futures: "list[asyncio.Future[Envelope]]" = field(
        default_factory=list["asyncio.Future[Envelope]"]
    )
    envelopes: list[Envelope] = field(default_factory=list[Envelope])
    fault: Exception | None = None

    def sealed(self) -> list[Envelope]:
        """Return the envelopes, or raise what went wrong."""
        if self.fault:
            raise self.fault
        return self.envelopes


@dataclass(frozen=True, slots=True)
class _Share:
    """Answers that are being sealed."""

    futures: "list[asyncio.Future[Envelope]]"
    sealed: "Future[list[Envelope]]"


@dataclass(frozen=True, slots=True)
class _Look:
    """The word that something came."""


_Came = tuple[bytes, "asyncio.Future[Envelope]"]


class Waiting:
    """All that waits for one inbox."""

    def __init__(self, public: bytes, sealers: Sealers) -> None:
        """Start with nothing; `public` is the key that is sealed to."""
        self._public = public
        self._sealers = sealers
        # What is in nobody's hands yet. Both threads take from it.
        self._came: deque[_Came] = deque()
        self._queue: SimpleQueue[_Share | _Look | Order] = SimpleQueue()
        # The writer's own: what it took from the queue, and is not written.
        self._shares: deque[_Share] = deque()
        self._order: Order | None = None
        # How many answers came, and how many of them the writer is done with.
        self._added = 0
        self._done = 0
        self._is_told = False

    # On the event loop's thread ------------------------------------------------------

    def add(self, record: bytes) -> "asyncio.Future[Envelope]":
        """Let a record wait, or raise `QueueFull`."""
        waiting = self._added - self._done
        if waiting >= WAITING_RECORDS_MAX:
            raise QueueFull("too many answers wait for the disk")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Envelope] = loop.create_future()
        self._came.append((record, future))
        self._added += 1
        is_small = waiting < SMALL_SHARES_MAX * SMALL_SHARE_RECORDS
        if len(self._came) >= (SMALL_SHARE_RECORDS if is_small else SHARE_RECORDS):
            self._queue.put(self._share(self._take_came()))
        elif not waiting:
            self._queue.put(_Look())
        elif not self._is_told:
            # Once all have come that come in this turn of the loop.
            self._is_told = True
            loop.call_soon(self._tell)
        return future

    def give(self, order: Order) -> None:
        """Give the writer an order. Nothing is added after it."""
        self._queue.put(order)

    def empty(self) -> list[AnyFuture]:
        """Take away what the writer has not begun, and return who waits for it."""
        left: list[AnyFuture] = [future for _, future in self._take_came()]
        with suppress(Empty):
            while True:
                item = self._queue.get_nowait()
                if isinstance(item, _Share):
                    left += item.futures
                elif isinstance(item, Finish):
                    left.append(item.future)
        return left

    def _tell(self) -> None:
        self._is_told = False
        if self._came:
            self._queue.put(_Look())

    # On the writer's thread ----------------------------------------------------------

    def next_batch(self, seconds: float | None) -> Batch | Order | None:
        """Return what is to be written next; once all is written, the order.

        When nothing comes within `seconds`, there is nothing.
        """
        batch = Batch()
        try:
            self._look(batch, 0.0 if self._shares or self._order else seconds)
            self._fill(batch)
        except Exception as fault:  # noqa: BLE001 (whatever it is, people hear it)
            batch.fault = fault
        return batch if batch.futures else self._order

    def wrote(self, batch: Batch) -> None:
        """Count a batch as done, whether or not it was written."""
        self._done += len(batch.futures)

    def _fill(self, batch: Batch) -> None:
        """Add shares, and wait for them to be sealed up to `GROUP_RECORDS`."""
        while self._shares and len(batch.futures) < BATCH_RECORDS_MAX:
            is_enough = len(batch.futures) >= GROUP_RECORDS
            if is_enough and not self._shares[0].sealed.done():
                return
            share = self._shares.popleft()
            batch.futures += share.futures
            batch.envelopes += share.sealed.result()
            if not self._shares:
                self._look(batch, TURN_SECONDS_MAX if self._is_rush(batch) else 0.0)

    def _is_rush(self, batch: Batch) -> bool:
        """Tell whether more came already that the loop is about to hand over."""
        others = self._added - self._done - len(batch.futures)
        is_some = SMALL_SHARE_RECORDS <= len(batch.futures) < GROUP_RECORDS
        return others > 0 and is_some and self._order is None

    def _look(self, batch: Batch, seconds: float | None) -> None:
        """Take over what is in the queue, and what came if the loop's turn is over."""
        is_told = False
        with suppress(Empty):
            item = self._queue.get(timeout=seconds)
            while True:
                if isinstance(item, _Share):
                    self._shares.append(item)
                elif isinstance(item, _Look):
                    is_told = True
                else:
                    self._order = item
                item = self._queue.get_nowait()
        if is_told or self._order:
            self._seal_came(batch)

    def _seal_came(self, batch: Batch) -> None:
        """Hand over what came, or seal it here and now if it is little."""
        came = self._take_came()
        if len(came) < SMALL_SHARE_RECORDS:
            batch.futures += [future for _, future in came]
            batch.envelopes += seal_records([each for each, _ in came], self._public)
            return
        size = max(SMALL_SHARE_RECORDS, -(-len(came) // SMALL_SHARES_MAX))
        self._shares.extend(
            self._share(came[at : at + size]) for at in range(0, len(came), size)
        )

    # On either -----------------------------------------------------------------------

    def _share(self, came: Sequence[_Came]) -> _Share:
        is_rush = self._added - self._done >= RUSH_RECORDS_MIN
        records = [record for record, _ in came]
        try:
            sealed = self._sealers.start(records, self._public, is_rush=is_rush)
        except RuntimeError as fault:
            # The system gives us no thread: whoever waits for this share hears it.
            sealed = Future[list[Envelope]]()
            sealed.set_exception(fault)
        return _Share([future for _, future in came], sealed)

    def _take_came(self) -> list[_Came]:
        came: list[_Came] = []
        # The other thread may take from it or add to it meanwhile.
        with suppress(IndexError):
            while True:
                came.append(self._came.popleft())
        return came
