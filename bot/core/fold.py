"""Which answers of a round count: one for each person, the last one (protocol.md §7).

Everything here is arrays, so that a million answers fold in about 45 MB. Nothing
that leaves this module joins a tag to an answer, except where a code does.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt

from bot.core.ballots import NO_CODE, Answer

TAG2_BYTES = 16
# Sorting so many answers takes 5 MB beside the round itself.
PART_ROWS_MAX = 65_536
Tags: TypeAlias = npt.NDArray[np.bytes_]
_Rows: TypeAlias = npt.NDArray[np.intp]
_Flags: TypeAlias = npt.NDArray[np.bool_]


class Round:
    """The valid answers of a round, in columns, in the order in which they opened."""

    __slots__ = ("_chosen", "_codes", "_segments", "_seqs", "_tags")

    def __init__(self) -> None:
        """Start with no answers."""
        self._tags = bytearray()
        self._seqs: array[int] = array("Q")
        self._chosen: array[int] = array("I")
        self._segments: array[int] = array("B")
        self._codes: dict[int, bytes] = {}

    def __len__(self) -> int:
        """How many answers there are, repeated ones included."""
        return len(self._seqs)

    def add(self, tag: bytes, seq: int, code_key: bytes, answer: Answer) -> None:
        """Add one answer; `tag` is t2 (16 B), `seq` its place in the gate's order."""
        if code_key != NO_CODE:
            self._codes[len(self._seqs)] = code_key
        self._tags += tag
        self._seqs.append(seq)
        self._chosen.append(answer.chosen)
        self._segments.append(answer.segment)

    def extend(self, more: "Round") -> None:
        """Add all answers of another part of the round."""
        start = len(self._seqs)
        self._tags += more._tags  # noqa: SLF001 - one of its own kind
        self._seqs += more._seqs  # noqa: SLF001 - one of its own kind
        self._chosen += more._chosen  # noqa: SLF001 - one of its own kind
        self._segments += more._segments  # noqa: SLF001 - one of its own kind
        codes = more._codes  # noqa: SLF001 - one of its own kind
        self._codes |= {start + row: key for row, key in codes.items()}

    def tags(self) -> Tags:
        """Return the tags as an array of 16-byte strings."""
        return np.frombuffer(self._tags, dtype=f"S{TAG2_BYTES}")

    def seqs(self) -> npt.NDArray[np.uint64]:
        """Return the answers' places in the gate's order."""
        return np.frombuffer(self._seqs, dtype=np.uint64)

    def parts(self) -> Iterator[_Rows]:
        """Yield rows, a part at a time; a person's are in one, parts are in tag order.

        A large round is not sorted at once: that would take three times its memory.
        """
        if len(self) <= PART_ROWS_MAX:
            yield np.arange(len(self))
            return
        # Tags are keyed hashes, so that their first half-bytes part them evenly.
        leads = np.frombuffer(self._tags, dtype=np.uint8)[::TAG2_BYTES] >> 4
        for lead in range(16):
            yield np.flatnonzero(leads == lead)

    def kinds_at(self, rows: _Rows) -> list[tuple[int, int]]:
        """Return each different answer among `rows` as a number, and how often."""
        # Twenty options and a segment fit in 28 bits.
        kinds = np.frombuffer(self._chosen, dtype=np.uint32)[rows] << np.uint32(8)
        kinds |= np.frombuffer(self._segments, dtype=np.uint8)[rows]
        kinds, counts = np.unique(kinds, return_counts=True)
        return [
            (int(kind), int(count)) for kind, count in zip(kinds, counts, strict=True)
        ]

    def take_tags(self, is_kept: _Flags) -> Tags:
        """Return these rows' tags, sorted, and forget all answers.

        The other columns go first, so that the tags can be copied in their place.
        """
        self._seqs, self._chosen, self._segments = array("Q"), array("I"), array("B")
        kept = self.tags()[is_kept]
        self._tags, self._codes = bytearray(), {}
        kept.sort()
        return kept

    def in_order(self, rows: list[int]) -> list[int]:
        """Return `rows` in the gate's order."""
        return sorted(rows, key=lambda row: self._seqs[row])

    def coded_at(self, rows: _Rows) -> list[int]:
        """Return those of `rows` whose answers carry a code, in this order."""
        if not self._codes:
            return []
        each = cast("list[int]", rows.tolist())
        return [row for row in each if row in self._codes]

    def coded(self, row: int) -> "Coded":
        """Return an answer that carries a code."""
        at = row * TAG2_BYTES
        return Coded(
            tag=bytes(self._tags[at : at + TAG2_BYTES]),
            code_key=self._codes[row],
            answer=Answer(chosen=self._chosen[row], segment=self._segments[row]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Coded:
    """An answer that came with a code: the one thing that joins tag and answer."""

    tag: bytes
    code_key: bytes
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Folded:
    """What a round adds to the count.

    `answers` are those of people not seen before, each answer once with its number;
    `first` are those among them that came with a code. `later` are answers with a
    code by people who were counted before, in the gate's order: the caller keeps
    those whose code opens a revision row. `new_tags` are sorted.
    """

    new_tags: Tags
    answers: list[tuple[Answer, int]]
    first: list[Coded]
    later: list[Coded] = field(default_factory=list[Coded])


def no_tags() -> Tags:
    """Return the tags of nobody."""
    return np.empty(0, dtype=f"S{TAG2_BYTES}")


def fold(votes: Round, seen: Tags) -> Folded:
    """Return what `votes` add to a count that has `seen` these people (sorted).

    Of a person not seen before the last answer counts, with or without a code. Of a
    person seen before only answers with a code go on, as `later`. No vote is left.
    """
    is_kept = np.zeros(len(votes), dtype=np.bool_)
    kinds: dict[int, int] = {}
    first: list[Coded] = []
    changes: list[int] = []
    for rows in votes.parts():
        order = _by_person(votes, rows)
        tags = votes.tags()[order]
        known = _is_in(tags, seen)
        new = order[_ends_run(tags) & ~known]
        is_kept[new] = True
        for kind, count in votes.kinds_at(new):
            kinds[kind] = kinds.get(kind, 0) + count
        first += [votes.coded(row) for row in votes.coded_at(new)]
        changes += votes.coded_at(order[known])
    # Back into the gate's order: the last of a person's changes wins.
    later = [votes.coded(row) for row in votes.in_order(changes)]
    return Folded(
        new_tags=votes.take_tags(is_kept),
        answers=[
            (Answer(chosen=kind >> 8, segment=kind & 255), kinds[kind])
            for kind in sorted(kinds)
        ],
        first=first,
        later=later,
    )


def join_tags(seen: Tags, new_tags: Tags) -> Tags:
    """Return both together, sorted as each of them is."""
    if not len(seen):
        return new_tags
    joined = np.concatenate([seen, new_tags])
    joined.sort()
    return joined


def _by_person(votes: Round, rows: _Rows) -> _Rows:
    """Return `rows` sorted by tag, and for each tag in the gate's order."""
    halves = votes.tags()[rows].view(">u8").reshape(-1, 2)
    # lexsort's last key leads; both halves are read as numbers of this machine.
    low, high = (halves[:, at].astype(np.uint64) for at in (1, 0))
    return rows[np.lexsort((votes.seqs()[rows], low, high))]


def _ends_run(tags: Tags) -> _Flags:
    last = np.ones(len(tags), dtype=np.bool_)
    last[:-1] = tags[1:] != tags[:-1]
    return last


def _is_in(tags: Tags, seen: Tags) -> _Flags:
    if not len(seen):
        return np.zeros(len(tags), dtype=np.bool_)
    at = np.searchsorted(seen, tags)
    at[at == len(seen)] = 0
    found: _Flags = seen[at] == tags
    return found
