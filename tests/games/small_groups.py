"""G9 and G5: what a released table tells about one person (docs/publication.md).

Two worlds differ in one answer: the target chose the first option, or the second. The
others choose the first with chance p. The attacker knows the target, p, how many
answered, and the answers of some others; they see what is published and guess. Every
figure is an exact sum over all cases of the real publisher: nothing is sampled.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
import numpy.typing as npt

from bot.core.publication import Rules, release_table
from bot.core.tallies import Choice, RawTally, SegmentTally

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
# Counts of the first and the second option -> what everybody then sees.
Publisher = Callable[[int, int], object]

CHANCES = np.arange(1, 20) / 20
# Everybody else answers alike.
UNANIMOUS = np.array([0.0, 1.0])

SMALL = range(10, 25)
MIDDLE = range(25, 100)
LARGE = (*range(100, 125), 149, 150, 199, 200, 201, 250, 300)
CERTAINTY_BAR = 0.02
# A control below this is no attack, and the game says nothing.
CONTROL_BAR = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the attacker gains: |2p - 1|, and how often there is no doubt left."""

    advantage: float
    certainty: float


def publish(first: int, second: int) -> object:
    """Publish a poll of two options as the counter does."""
    return release_table(tally_of(first, second), Rules())


def publish_every_cell(first: int, second: int) -> object:
    """Publish as is obvious, and broken: every cell to the nearest base."""
    return tuple(
        "0–4" if cell < 5 else (2 * cell + 5) // 10 * 5 for cell in (first, second)
    )


def tally_of(*cells: int, segments: tuple[SegmentTally, ...] = ()) -> RawTally:
    """Return the tally of a poll with one answer a person."""
    return RawTally(
        choice=Choice.SINGLE,
        labels=tuple("ABCD"[: len(cells)]),
        answers=sum(cells),
        cells=cells,
        segments=segments,
    )


def numbered(seen: Iterable[object]) -> Whole:
    """Give each different thing seen a number of its own, in order."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(thing, len(numbers)) for thing in seen])


@cache
def seen_by_count(publisher: Publisher, answers: int) -> Whole:
    """Return what is seen for each count of the first option, 0 to `answers`."""
    return numbered(publisher(first, answers - first) for first in range(answers + 1))


def binomial(people: int, chances: Floats = CHANCES) -> Floats:
    """Return the chance of each count, one row for each of `chances`."""
    counts = np.arange(people + 1)
    ways = np.array([float(comb(people, int(count))) for count in counts])
    p = chances[:, np.newaxis]
    return np.asarray(ways * p**counts * (1 - p) ** (people - counts))


def views(
    seen: Whole, known_first: int, unknown: int, chances: Floats = CHANCES
) -> tuple[Floats, Floats]:
    """Return the chance of each view in both worlds, one row for each of `chances`."""
    kinds = np.eye(int(seen.max()) + 1)[seen]
    weights = binomial(unknown, chances)
    second = slice(known_first, known_first + unknown + 1)
    first = slice(known_first + 1, known_first + unknown + 2)
    return weights @ kinds[first], weights @ kinds[second]


def compared(one: Floats, other: Floats) -> Floats:
    """Return advantage and certainty between two rows of views (the last axis)."""
    gained = np.abs(one - other).sum(-1) / 2
    proved = (one * (other == 0) + other * (one == 0)).sum(-1) / 2
    return np.stack([gained, proved])


def averaged(both: Floats) -> Figures:
    """Return the average over the chances (the last axis)."""
    advantage, certainty = both.mean(-1)
    return Figures(advantage=float(advantage), certainty=float(certainty))


def play(
    answers: int,
    known: int,
    *,
    publisher: Publisher = publish,
    chances: Floats = CHANCES,
) -> Figures:
    """Play G9 where the attacker knows the answers of `known` others."""
    seen = seen_by_count(publisher, answers)
    weights = binomial(known, chances)
    total = np.zeros((2, len(chances)))
    for first in range(known + 1):
        one, other = views(seen, first, answers - 1 - known, chances)
        total += weights[:, first] * compared(one, other)
    return averaged(total)


def half(answers: int) -> int:
    """Return how many of the others are at most half of them."""
    return (answers - 1) // 2


def all_others(answers: int) -> int:
    """Return everybody but the target."""
    return answers - 1


def nobody(answers: int) -> int:
    """Return that no other answer is known, however many there are."""
    return 0 * answers


def worst(
    sizes: Iterable[int],
    known: Callable[[int], int],
    *,
    publisher: Publisher = publish,
) -> Figures:
    """Return the highest of both figures over the sizes."""
    return highest(play(size, known(size), publisher=publisher) for size in sizes)


def highest(figures: Iterable[Figures]) -> Figures:
    """Return the highest of both figures, each for itself."""
    found = list(figures)
    return Figures(
        advantage=max(each.advantage for each in found),
        certainty=max(each.certainty for each in found),
    )


def play_segment(
    own: int, outside: int, known: int, *, publisher: Callable[..., object]
) -> Figures:
    """Play G9 inside a segment, against one who knows every answer outside of it.

    Knowing all other segments' answers is as much as their tables could tell, so one
    `outside` stands for any number of them.
    """
    weights, weights_outside = binomial(known), binomial(outside)
    total = np.zeros((2, len(CHANCES)))
    for there in range(outside + 1):
        seen = numbered(
            publisher((here, own - here), (there, outside - there))
            for here in range(own + 1)
        )
        for first in range(known + 1):
            one, other = views(seen, first, own - 1 - known)
            likely = weights[:, first] * weights_outside[:, there]
            total += likely * compared(one, other)
    return averaged(total)


def publish_breakdown(own: Sequence[int], outside: Sequence[int]) -> object:
    """Publish a poll with two segments as the counter does."""
    table = release_table(
        tally_of(
            own[0] + outside[0],
            own[1] + outside[1],
            segments=(segment_of("Day", own), segment_of("Night", outside)),
        ),
        Rules(),
    )
    assert table is not None
    assert len(table.segments) == 2
    return table


def publish_each_alone(own: Sequence[int], outside: Sequence[int]) -> object:
    """Publish the whole and each segment by R2, segments of ten too: not enough."""
    whole = (own[0] + outside[0], own[1] + outside[1])
    return tuple(publish(*cells) for cells in (whole, own, outside))


def segment_of(label: str, cells: Sequence[int]) -> SegmentTally:
    """Return the tally of one segment."""
    return SegmentTally(label=label, answers=sum(cells), cells=tuple(cells))


def publish_option(chosen: int, not_chosen: int) -> object:
    """Publish one option of a poll with several choices, as the counter does."""
    people = chosen + not_chosen
    tally = RawTally(
        choice=Choice.MULTI, labels=("A", "B"), answers=people, cells=(chosen, people)
    )
    table = release_table(tally, Rules())
    return table and table.tables[0]


def play_options(answers: int, known: int) -> Figures:
    """Play G9 over two tables: the target chose the first option, or the second."""
    seen = seen_by_count(publish_option, answers)
    weights = binomial(known)
    worlds = [views(seen, first, answers - 1 - known) for first in range(known + 1)]
    yes = np.stack([one for one, _ in worlds], axis=1)
    no = np.stack([other for _, other in worlds], axis=1)
    figures: list[Floats] = []
    for p in range(len(CHANCES)):
        pair = (known + 1, known + 1, -1)
        one = np.einsum("ia,jb->ijab", yes[p], no[p]).reshape(pair)
        other = np.einsum("ia,jb->ijab", no[p], yes[p]).reshape(pair)
        likely = np.outer(weights[p], weights[p])
        figures.append((likely * compared(one, other)).sum((1, 2)))
    return averaged(np.stack(figures, axis=-1))


def trinomial(people: int) -> tuple[list[tuple[int, int]], Floats]:
    """Return all counts of the first two of three options, and their chances.

    The second and the third share evenly what p leaves.
    """
    counts = [(a, b) for a in range(people + 1) for b in range(people + 1 - a)]
    ways = np.array([float(comb(people, a) * comb(people - a, b)) for a, b in counts])
    a = np.array([a for a, _ in counts])
    p = CHANCES[:, np.newaxis]
    return counts, np.asarray(ways * p**a * ((1 - p) / 2) ** (people - a))


def play_three(answers: int, known: int) -> Figures:
    """Play G9 in a poll of three options."""
    size = answers + 1
    cells = [(a, b) for a in range(size) for b in range(size - a)]
    seen = np.zeros((size, size), dtype=np.intp)
    seen[tuple(np.array(cells).T)] = numbered(
        release_table(tally_of(a, b, answers - a - b), Rules()) for a, b in cells
    )
    kinds = np.eye(int(seen.max()) + 1)
    knowns, weights = trinomial(known)
    unknowns, chances = trinomial(answers - 1 - known)
    a, b = np.array(unknowns).T
    total = np.zeros((2, len(CHANCES)))
    for at, (first, second) in enumerate(knowns):
        one = chances @ kinds[seen[first + a + 1, second + b]]
        other = chances @ kinds[seen[first + a, second + b + 1]]
        total += weights[:, at] * compared(one, other)
    return averaged(total)
