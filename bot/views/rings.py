"""Where names stand on a sheet in round-robin form: rings around the text (pure).

A name is a spoke that begins at its ring. Rings are even, begin anywhere, and what
stands beside what is drawn by lot: there is no first name and no last one. Lengths are
millimetres, sizes points, angles degrees from three o'clock, counter-clockwise.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

MM_PER_POINT = 25.4 / 72
# Air between two lines of text, in parts of its size.
LEADING = 1.25
# The largest that looks like a name and not like a headline, the smallest that is read
# on paper without a glass; sheets are added before it gets smaller.
SIZES = (16.0, 14.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.5, 7.0, 6.5, 6.0)
RING_GAP = 2.0
# How tightly a ring may be filled, in steps: the loosest that fits is taken.
_DENSITIES = tuple(step / 20 for step in range(1, 21))

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """One name, on one line or several. `width` is that of the longest at size 1."""

    lines: tuple[str, ...]
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSpoke:
    """A name at its place: its middle line at `angle`, its inner end at `radius`."""

    lines: tuple[str, ...]
    angle: float
    radius: float

    @property
    def is_turned(self) -> bool:
        """Whether it has to be written towards the middle, so as not to stand on end.

        What it leaves to the left of the middle would be upside down.
        """
        return math.cos(math.radians(self.angle)) < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSheet:
    """One sheet: the size of its names in points, and where they stand."""

    size: float
    spokes: tuple[PlacedSpoke, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The part of a sheet that names may take: between two circles."""

    inner: float
    outer: float


def lay_rings(
    spokes: Sequence[Spoke], field: Field, *, seed: bytes
) -> tuple[RingSheet, ...]:
    """Return the fewest sheets that hold all names, at the largest size that fits.

    Who stands where follows from `seed` alone. Every spoke must fit into the field at
    the smallest size (`width_max`).
    """
    drawn = by_lot(spokes, seed)
    # Each name fits alone, so there is a number of sheets that holds all.
    for count in range(1, len(drawn) + 1):
        parts = [drawn[number::count] for number in range(count)]
        for size in SIZES:
            sheets = [_fill(part, field, size) for part in parts]
            if None not in sheets:
                return tuple(
                    _place(rings or (), size, seed + number.to_bytes(4, "big"))
                    for number, rings in enumerate(sheets)
                )
    return ()


def width_max(field: Field) -> float:
    """Return how wide a spoke may be at size 1, so that the smallest size holds it."""
    return (field.outer - field.inner) / SIZES[-1]


def by_lot(items: Sequence[_Item], seed: bytes) -> list[_Item]:
    """Return the items in an order that the seed draws."""
    places = sorted(range(len(items)), key=lambda place: _lot(seed, place))
    return [items[place] for place in places]


def line_height(size: float) -> float:
    """Return the height of a line of text of this size, with its air."""
    return size * MM_PER_POINT * LEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ring:
    radius: float
    spokes: tuple[Spoke, ...]

    def outer(self, size: float) -> float:
        """Return where its longest name ends."""
        return self.radius + size * max(spoke.width for spoke in self.spokes)


def _fill(spokes: Sequence[Spoke], field: Field, size: float) -> list[_Ring] | None:
    """Return the fewest rings that hold all, evenly filled; None if they do not fit.

    Short names inside would make rings narrower, and would put one script inside and
    another outside: the lot alone decides.
    """
    tightest = _fill_at(spokes, field, size, density=1.0)
    if tightest is None:
        return None
    tries = (_fill_at(spokes, field, size, density=each) for each in _DENSITIES)
    # The last try is the tightest.
    return next(rings for rings in tries if rings and len(rings) == len(tightest))


def _fill_at(
    spokes: Sequence[Spoke], field: Field, size: float, *, density: float
) -> list[_Ring] | None:
    rings: list[_Ring] = []
    radius, at = field.inner, 0
    while at < len(spokes):
        room = int(2 * math.pi * radius / line_height(size) * density)
        taken, lines = at, 0
        while taken < len(spokes) and lines + len(spokes[taken].lines) <= room:
            lines += len(spokes[taken].lines)
            taken += 1
        ring = _Ring(radius=radius, spokes=tuple(spokes[at:taken]))
        if not ring.spokes or ring.outer(size) > field.outer:
            return None
        rings.append(ring)
        radius, at = ring.outer(size) + RING_GAP, taken
    return rings


def _place(rings: Sequence[_Ring], size: float, seed: bytes) -> RingSheet:
    placed: list[PlacedSpoke] = []
    for number, ring in enumerate(rings):
        # Each line takes as much of the circle as any other.
        step = 360 / sum(len(spoke.lines) for spoke in ring.spokes)
        turn = _lot(seed + b"turn", number)[:4]
        angle = 360 * int.from_bytes(turn, "big") / 2**32
        for spoke in ring.spokes:
            share = step * len(spoke.lines)
            placed.append(
                PlacedSpoke(
                    lines=spoke.lines,
                    angle=(angle + share / 2) % 360,
                    radius=ring.radius,
                )
            )
            angle += share
    return RingSheet(size=size, spokes=tuple(placed))


def _lot(seed: bytes, place: int) -> bytes:
    return hashlib.sha256(seed + place.to_bytes(8, "big")).digest()
