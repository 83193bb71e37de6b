"""Names in rings: all of them, apart from each other, with no first and no last."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.rings import (
    SIZES,
    Field,
    RingSheet,
    Spoke,
    by_lot,
    lay_rings,
    line_height,
    width_max,
)

FIELD = Field(inner=34, outer=99)
SEED = bytes(32)


def spokes(count: int) -> list[Spoke]:
    """Return names of 8 to 28 letters, some on two lines."""
    return [
        Spoke(
            lines=(f"Person {n}",) * (2 if n % 20 == 0 else 1),
            width=0.19 * (8 + n * 7 % 21),
        )
        for n in range(count)
    ]


def names(sheets: tuple[RingSheet, ...]) -> list[str]:
    """Return all names that stand somewhere."""
    return [spoke.lines[0] for sheet in sheets for spoke in sheet.spokes]


@pytest.mark.parametrize("count", [1, 2, 20, 24, 240, 1000, 2000])
def test_everybody_stands_somewhere_once(count: int) -> None:
    """No name is lost and none stands twice, however many there are."""
    sheets = lay_rings(spokes(count), FIELD, seed=SEED)

    assert sorted(names(sheets)) == sorted(f"Person {n}" for n in range(count))
    assert {sheet.size for sheet in sheets} <= set(SIZES)


@pytest.mark.parametrize("count", [20, 240, 2000])
def test_names_do_not_touch(count: int) -> None:
    """On a ring, each line has its height, and no name reaches the next ring."""
    known = {spoke.lines[0]: spoke for spoke in spokes(count)}
    for sheet in lay_rings(spokes(count), FIELD, seed=SEED):
        radii = sorted({spoke.radius for spoke in sheet.spokes})
        for radius, beyond in zip(radii, [*radii[1:], FIELD.outer], strict=True):
            ring = [each for each in sheet.spokes if each.radius == radius]
            lines = sum(len(each.lines) for each in ring)
            longest = max(known[each.lines[0]].width for each in ring)

            assert lines * line_height(sheet.size) <= 2 * math.pi * radius
            assert radius + longest * sheet.size <= beyond + 1e-9


def test_rings_are_even() -> None:
    """Names on a ring have the same distance from both neighbours: no gap, no end."""
    (sheet,) = lay_rings(spokes(20)[1:], FIELD, seed=SEED)
    angles = sorted(spoke.angle for spoke in sheet.spokes)
    gaps = [
        (after - before) % 360
        for before, after in zip(angles, angles[1:] + angles[:1], strict=True)
    ]

    assert max(gaps) - min(gaps) < 1e-6


def test_places_are_drawn_by_lot() -> None:
    """Over many draws, anybody stands anywhere equally often."""
    sides: Counter[bool] = Counter()
    for draw in range(400):
        (sheet,) = lay_rings(spokes(24), FIELD, seed=draw.to_bytes(4, "big"))
        (mine,) = [each for each in sheet.spokes if each.lines[0] == "Person 3"]
        sides[mine.is_turned] += 1

    # Five standard deviations around one half.
    assert abs(sides[True] - 200) < 50


def test_same_seed_same_sheet() -> None:
    """The seed alone decides."""
    assert lay_rings(spokes(50), FIELD, seed=SEED) == lay_rings(
        spokes(50), FIELD, seed=SEED
    )
    assert lay_rings(spokes(50), FIELD, seed=SEED) != lay_rings(
        spokes(50), FIELD, seed=b"other"
    )


def test_few_names_are_large() -> None:
    """Names get smaller as they become more, and sheets come before glasses."""
    sizes = [lay_rings(spokes(n), FIELD, seed=SEED)[0].size for n in (5, 60, 200)]
    many = lay_rings(spokes(2000), FIELD, seed=SEED)

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 12
    assert len(many) > 5
    assert (
        max(len(sheet.spokes) for sheet in many)
        - min(len(sheet.spokes) for sheet in many)
        <= 1
    )


def test_longest_name_fits_a_sheet_of_its_own() -> None:
    """A name as wide as may be stands at the smallest size."""
    spoke = Spoke(lines=("x",), width=width_max(FIELD))

    assert lay_rings([spoke], FIELD, seed=SEED)[0].size == SIZES[-1]


def test_nobody_needs_no_sheet() -> None:
    """Without names there is nothing to draw."""
    assert lay_rings([], FIELD, seed=SEED) == ()


@given(st.lists(st.integers(), max_size=30), st.binary(max_size=8))
def test_lot_loses_nobody(items: list[int], seed: bytes) -> None:
    """A draw is a permutation."""
    assert Counter(by_lot(items, seed)) == Counter(items)
