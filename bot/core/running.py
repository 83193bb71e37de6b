"""The running count of one drive between two counts (protocol.md §7).

It holds who was counted (second tags, sorted) and how many chose what, side by side
and never joined, and the revision rows, which only a person's code opens.
"""

import struct
from dataclasses import dataclass

import numpy as np

from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.canonical import Malformed
from bot.core.fold import TAG2_BYTES, Tags, no_tags
from bot.core.states import NUMBER, Reader, frame
from bot.core.tallies import RawTally, empty_tally, tally_from_counts, with_answer
from bot.core.terms import PollTerms

STATE_MAGIC = b"RRST"
STATE_VERSION = 1
# A sealed count is padded to multiples of this, so that its length gives the number
# of people in steps of hundreds at the finest.
STATE_STEP_BYTES = 16384
REVISION_ID_BYTES = 32
# nonce 24, Poly1305 tag 16, sealed box 48, t2 16, answer 5.
REVISION_BOX_BYTES = 109
# Revision rows are padded with random ones to a multiple of this.
REVISIONS_STEP = 16

_HEAD = struct.Struct(">4sBQIHH")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Running:
    """A count so far. `generation` rises by one with each round.

    `revisions` maps the id of a row (32 B) to its box (109 B).
    """

    generation: int
    tally: RawTally
    seen: Tags
    revisions: dict[bytes, bytes]


def start_running(terms: PollTerms) -> Running:
    """Return the count of nobody."""
    return Running(
        generation=0,
        tally=empty_tally(terms.choice, terms.options, segments=terms.segments),
        seen=no_tags(),
        revisions={},
    )


def add_answers(tally: RawTally, answers: list[tuple[Answer, int]]) -> RawTally:
    """Return `tally` with each of `answers` added as often as it was given."""
    total = tally.answers
    cells = list(tally.cells)
    segments = [(part.answers, list(part.cells)) for part in tally.segments]
    for answer, count in answers:
        total += count
        for option in chosen_options(answer):
            cells[option] += count
        if answer.segment != NO_SEGMENT:
            people, counts = segments[answer.segment]
            for option in chosen_options(answer):
                counts[option] += count
            segments[answer.segment] = (people + count, counts)
    return tally_from_counts(tally, answers=total, cells=cells, segments=segments)


def change_answer(tally: RawTally, old: Answer, new: Answer) -> RawTally:
    """Return `tally` with one person's counted answer replaced."""
    without = with_answer(tally, chosen_options(old), _segment(old), sign=-1)
    return with_answer(without, chosen_options(new), _segment(new))


def chosen_options(answer: Answer) -> list[int]:
    """Return the positions of the options that an answer chose."""
    return [at for at in range(answer.chosen.bit_length()) if answer.chosen >> at & 1]


def encode_running(running: Running) -> bytes:
    """Return the count's bytes, padded to a multiple of `STATE_STEP_BYTES`."""
    tally = running.tally
    parts = [
        _HEAD.pack(
            STATE_MAGIC,
            STATE_VERSION,
            running.generation,
            tally.answers,
            len(tally.cells),
            len(tally.segments),
        ),
        _numbers(tally.cells),
    ]
    for part in tally.segments:
        parts += [NUMBER.pack(part.answers), _numbers(part.cells)]
    parts += [NUMBER.pack(len(running.seen)), running.seen.tobytes()]
    parts.append(NUMBER.pack(len(running.revisions)))
    for row_id in sorted(running.revisions):
        parts += [row_id, running.revisions[row_id]]
    return frame(parts, step=STATE_STEP_BYTES)


def decode_running(data: bytes, terms: PollTerms) -> Running:
    """Return the count in `data`, or raise `Malformed`."""
    reader = Reader(data, step=STATE_STEP_BYTES)
    try:
        return _decode(reader, terms)
    except (struct.error, ValueError):
        raise Malformed("a running count that cannot be") from None


def _decode(reader: Reader, terms: PollTerms) -> Running:
    magic, version, generation, answers, cells, segments = _HEAD.unpack(
        reader.take(_HEAD.size)
    )
    if (magic, version) != (STATE_MAGIC, STATE_VERSION):
        raise Malformed("a running count of another format")
    if (cells, segments) != (len(terms.options), len(terms.segments)):
        raise Malformed("a running count of another poll")
    counted = reader.numbers(cells)
    parts: list[tuple[int, list[int]]] = []
    for _ in range(segments):
        people = reader.number()
        parts.append((people, reader.numbers(cells)))
    seen = np.frombuffer(
        reader.take(reader.number() * TAG2_BYTES), dtype=f"S{TAG2_BYTES}"
    )
    # Each of them was counted once. Out of order, some would be counted again.
    if len(seen) != answers or not (seen[:-1] < seen[1:]).all():
        raise Malformed("a running count of other people")
    revisions: dict[bytes, bytes] = {}
    before = b""
    for _ in range(reader.number()):
        row_id = reader.take(REVISION_ID_BYTES)
        if row_id <= before:
            raise Malformed("a running count with its rows out of order")
        revisions[row_id] = reader.take(REVISION_BOX_BYTES)
        before = row_id
    reader.end()
    empty = empty_tally(terms.choice, terms.options, segments=terms.segments)
    return Running(
        generation=generation,
        tally=tally_from_counts(empty, answers=answers, cells=counted, segments=parts),
        seen=seen,
        revisions=revisions,
    )


def _numbers(counts: tuple[int, ...]) -> bytes:
    return b"".join(NUMBER.pack(count) for count in counts)


def _segment(answer: Answer) -> int | None:
    return None if answer.segment == NO_SEGMENT else answer.segment
