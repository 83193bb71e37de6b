"""The pictures of a card's charts, drawn beside the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.core.publication import ReleasedTable
from bot.views.widgets import Card, Chart

Drawn: TypeAlias = Callable[[Card], Awaitable[tuple[bytes, ...]]]
DrawTable: TypeAlias = Callable[[ReleasedTable], bytes]


def drawer(draw: DrawTable | None) -> Drawn:
    """Return what draws a card's charts; without `draw` they are left to the words."""

    async def drawn(card: Card) -> tuple[bytes, ...]:
        charts = [block for block in card.blocks if isinstance(block, Chart)]
        if draw is None:
            return ()
        return tuple([await asyncio.to_thread(draw, each.table) for each in charts])

    return drawn
