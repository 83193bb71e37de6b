"""What a report box has waiting between two rounds, in the counter alone (§7, §12).

Counts of the reports that no table has shown yet, who they are by (second tags, never
joined to a count), and the texts that wait for others, each with its author's second
tag, since five different people are needed.
"""

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.core.canonical import Malformed
from bot.core.fold import TAG2_BYTES
from bot.core.released import ReleasedTable
from bot.core.releases import (
    TABLE_SUBMITTERS_MIN,
    Waiting,
    box_tables,
    is_batch,
    ready_texts,
)
from bot.core.reports import CaseId, Consent, decode_report
from bot.core.running import STATE_STEP_BYTES
from bot.core.states import NUMBER, Reader, frame
from bot.core.terms import BoxTerms

PENDING_MAGIC = b"RRGB"
PENDING_VERSION = 2

# magic, version, generation, categories, severities
_HEAD = struct.Struct(">4sBQHH")
# t2, slot, whether it is passed over, length of the payload
_TEXT = struct.Struct(f">{TAG2_BYTES}sIBH")
# Version 1 knew nobody who is passed over.
_TEXT_BEFORE = struct.Struct(f">{TAG2_BYTES}sIH")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pending:
    """What waits in a box. `categories` and `severities` count the same reports."""

    generation: int
    categories: tuple[int, ...]
    severities: tuple[int, ...]
    tags: frozenset[bytes]
    texts: tuple[Waiting, ...]


def start_pending(terms: BoxTerms) -> Pending:
    """Return what waits in an empty box."""
    return Pending(
        generation=0,
        categories=(0,) * len(terms.categories),
        severities=(0,) * len(terms.severities),
        tags=frozenset(),
        texts=(),
    )


def add_reports(pending: Pending, reports: Iterable[Waiting]) -> Pending:
    """Return the next generation: what waited, and the reports of a round with it."""
    categories, severities = list(pending.categories), list(pending.severities)
    tags = set(pending.tags)
    # Two of one case would be one text twice; only a gate that was changed makes them.
    texts = {each.report.case_id: each for each in pending.texts}
    for each in reports:
        if not each.passed_over:
            categories[each.report.category] += 1
            severities[each.report.severity] += 1
            tags.add(each.tag)
        if each.report.consent is Consent.TEXT:
            texts.setdefault(each.report.case_id, each)
    return Pending(
        generation=pending.generation + 1,
        categories=tuple(categories),
        severities=tuple(severities),
        tags=frozenset(tags),
        texts=tuple(texts.values()),
    )


def without_texts(
    pending: Pending, taken_back: Collection[CaseId], slots: Collection[int]
) -> Pending:
    """Return what waits without texts that were taken back, or that came in `slots`."""
    texts = tuple(
        each
        for each in pending.texts
        if each.report.case_id not in taken_back and each.slot not in slots
    )
    return replace(pending, texts=texts)


def take_batch(pending: Pending) -> tuple[Pending, tuple[Waiting, ...]]:
    """Return what still waits, and the texts that can be read now: all or none (R8).

    A text that waits for others on its matter is neither read nor one of the five.
    """
    ready = ready_texts(pending.texts)
    if not is_batch(ready):
        return pending, ()
    out = {each.report.case_id for each in ready}
    left = tuple(each for each in pending.texts if each.report.case_id not in out)
    return replace(pending, texts=left), ready


def take_tables(
    pending: Pending, terms: BoxTerms
) -> tuple[Pending, tuple[ReleasedTable, ...]]:
    """Return what still waits, and the tables of reports that no table has shown (R2).

    The reports of one release are in no other: the counts begin anew.
    """
    if len(pending.tags) < TABLE_SUBMITTERS_MIN:
        return pending, ()
    tables = box_tables(terms, pending.categories, pending.severities)
    empty = start_pending(terms)
    left = replace(
        empty,
        generation=pending.generation,
        texts=pending.texts,
    )
    return left, tables


def encode_pending(pending: Pending) -> bytes:
    """Return the bytes, padded to a multiple of `STATE_STEP_BYTES`."""
    parts = [
        _HEAD.pack(
            PENDING_MAGIC,
            PENDING_VERSION,
            pending.generation,
            len(pending.categories),
            len(pending.severities),
        ),
        *map(NUMBER.pack, pending.categories),
        *map(NUMBER.pack, pending.severities),
        NUMBER.pack(len(pending.tags)),
        *sorted(pending.tags),
        NUMBER.pack(len(pending.texts)),
    ]
    # By case, which is chance: nothing says in which order they came.
    for each in sorted(pending.texts, key=lambda each: each.report.case_id):
        payload = each.report.encode()
        parts += [
            _TEXT.pack(each.tag, each.slot, each.passed_over, len(payload)),
            payload,
        ]
    return frame(parts, step=STATE_STEP_BYTES)


def decode_pending(data: bytes, terms: BoxTerms) -> Pending:
    """Return what waits according to `data`, or raise `Malformed`."""
    reader = Reader(data, step=STATE_STEP_BYTES)
    magic, version, generation, categories, severities = _HEAD.unpack(
        reader.take(_HEAD.size)
    )
    if magic != PENDING_MAGIC or version not in (1, PENDING_VERSION):
        raise Malformed("what waits is of another format")
    if (categories, severities) != (len(terms.categories), len(terms.severities)):
        raise Malformed("what waits is of another box")
    counts = reader.numbers(categories + severities)
    tags = [reader.take(TAG2_BYTES) for _ in range(reader.number())]
    if tags != sorted(set(tags)):
        raise Malformed("what waits names people out of order")
    texts = [_text(reader, version, terms) for _ in range(reader.number())]
    reader.end()
    if sum(counts[:categories]) != sum(counts[categories:]):
        raise Malformed("what waits does not add up")
    cases = [each.report.case_id for each in texts]
    if cases != sorted(set(cases)) or any(
        each.report.consent is not Consent.TEXT for each in texts
    ):
        raise Malformed("what waits holds no texts in order")
    return Pending(
        generation=generation,
        categories=tuple(counts[:categories]),
        severities=tuple(counts[categories:]),
        tags=frozenset(tags),
        texts=tuple(texts),
    )


def _text(reader: Reader, version: int, terms: BoxTerms) -> Waiting:
    if version == 1:
        tag, slot, length = _TEXT_BEFORE.unpack(reader.take(_TEXT_BEFORE.size))
        passed_over = 0
    else:
        tag, slot, passed_over, length = _TEXT.unpack(reader.take(_TEXT.size))
    if passed_over > 1:
        raise Malformed("what waits is neither passed over nor not")
    return Waiting(
        tag=tag,
        slot=slot,
        report=decode_report(reader.take(length), terms),
        passed_over=passed_over == 1,
    )
