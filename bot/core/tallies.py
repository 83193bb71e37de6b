"""What a count knows about a drive before anything is released (protocol.md §7).

A tally is raw: it exists in the counter alone, and only `bot.core.publication` turns
it into something that may leave. For that reason no `repr` here shows a count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Choice(StrEnum):
    """How a poll is answered."""

    SINGLE = "single"
    MULTI = "multi"
    SCALE = "scale"
    NPS = "nps"


# The answers of a scale and of "how likely are you to recommend us" are fixed.
FIXED_LABELS = {
    Choice.SCALE: tuple(str(n) for n in range(1, 6)),
    Choice.NPS: tuple(str(n) for n in range(11)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTally:
    """The answers of those who named this segment as theirs."""

    label: str
    answers: int = field(repr=False)
    cells: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTally:
    """How many people were counted, and how many of them chose each option.

    `labels` and `segments` stand in the manifest's order. People who named no segment
    are in `answers` and `cells` alone. A tally that exists adds up: outside `multi`,
    cells sum to answers, and no segment holds more than the whole.
    """

    choice: Choice
    labels: tuple[str, ...]
    answers: int = field(repr=False)
    cells: tuple[int, ...] = field(repr=False)
    segments: tuple[SegmentTally, ...] = ()

    def __post_init__(self) -> None:
        if len(self.labels) < 2 or len(set(self.labels)) != len(self.labels):  # noqa: PLR2004 - one option alone is no choice
            raise ValueError("a tally needs two labels or more, all different")
        if FIXED_LABELS.get(self.choice, self.labels) != self.labels:
            raise ValueError("a scale has other labels than the tally")
        if len({part.label for part in self.segments}) != len(self.segments):
            raise ValueError("two segments have the same label")
        unnamed = self.without_segment()
        for part in (*self.segments, unnamed):
            if len(part.cells) != len(self.labels) or not _adds_up(self.choice, part):
                raise ValueError("a tally does not add up")

    def without_segment(self) -> SegmentTally:
        """Return the answers of those who named no segment (its label is empty)."""
        cells = list(self.cells)
        for part in self.segments:
            for option, count in enumerate(part.cells[: len(cells)]):
                cells[option] -= count
        answers = self.answers - sum(part.answers for part in self.segments)
        return SegmentTally(label="", answers=answers, cells=tuple(cells))


def empty_tally(
    choice: Choice, labels: Sequence[str], *, segments: Sequence[str] = ()
) -> RawTally:
    """Return the tally of nobody, from the manifest's labels and segments."""
    cells = (0,) * len(labels)
    return RawTally(
        choice=choice,
        labels=tuple(labels),
        answers=0,
        cells=cells,
        segments=tuple(
            SegmentTally(label=label, answers=0, cells=cells) for label in segments
        ),
    )


def tally_from_counts(
    empty: RawTally,
    *,
    answers: int,
    cells: Sequence[int],
    segments: Sequence[tuple[int, Sequence[int]]] = (),
) -> RawTally:
    """Return the tally with these counts, checked once for all of them.

    `empty` gives choice and labels. `segments` are (answers, cells) in its order, or
    nothing where nobody named a segment.
    """
    parts = segments or [(part.answers, part.cells) for part in empty.segments]
    return replace(
        empty,
        answers=answers,
        cells=tuple(cells),
        segments=tuple(
            replace(part, answers=people, cells=tuple(counts))
            for part, (people, counts) in zip(empty.segments, parts, strict=True)
        ),
    )


def with_answer(
    tally: RawTally, chosen: Sequence[int], segment: int | None, *, sign: int = 1
) -> RawTally:
    """Return the tally with one person's answer added, or with `sign=-1` taken back.

    `chosen` are the indices of the options, one of them except in `multi`, where it
    may be any number. `segment` is the index of the person's segment.
    """
    if sign not in (1, -1):
        raise ValueError("one answer is added or taken back")
    single = tally.choice is not Choice.MULTI
    if len(set(chosen)) != len(chosen) or (single and len(chosen) != 1):
        raise ValueError("an answer chooses one option, or different ones in multi")
    if not set(chosen) <= set(range(len(tally.labels))):
        raise ValueError("an answer chooses an option that is not there")
    segments = list(tally.segments)
    if segment is not None:
        if segment not in range(len(segments)):
            raise ValueError("an answer names a segment that is not there")
        part = segments[segment]
        segments[segment] = replace(
            part,
            answers=part.answers + sign,
            cells=_moved(part.cells, chosen, sign),
        )
    return replace(
        tally,
        answers=tally.answers + sign,
        cells=_moved(tally.cells, chosen, sign),
        segments=tuple(segments),
    )


def _adds_up(choice: Choice, part: SegmentTally) -> bool:
    if min(part.cells) < 0 or max(part.cells) > part.answers:
        return False
    return choice is Choice.MULTI or sum(part.cells) == part.answers


def _moved(cells: tuple[int, ...], chosen: Sequence[int], by: int) -> tuple[int, ...]:
    return tuple(
        count + by if option in chosen else count for option, count in enumerate(cells)
    )
