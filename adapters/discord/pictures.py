"""The pictures of a card's charts, drawn beside the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.views.widgets import Card, Chart, Shown

Drawn: TypeAlias = Callable[[Card], Awaitable[tuple[bytes, ...]]]
Draw: TypeAlias = Callable[[Shown], bytes]


def drawer(draw: Draw | None) -> Drawn:
    """Return what draws a card's charts; without `draw` they are left to the words."""

    async def drawn(card: Card) -> tuple[bytes, ...]:
        charts = [block for block in card.blocks if isinstance(block, Chart)]
        if draw is None:
            return ()
        return tuple([await asyncio.to_thread(draw, each.shown) for each in charts])

    return drawn
