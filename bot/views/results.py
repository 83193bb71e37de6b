"""A released table in words (protocol.md §7): nothing here knows more than the table.

Rows stand in the order of the terms. From the words, what the table shows can be read
back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.certificates import SIGNATURE_BYTES, decode_certificate
from bot.core.publication import ReleasedRow, ReleasedTable, about, statistics
from bot.core.records import Drive
from bot.core.released import FEW, REST, TOP
from bot.core.terms import OPTION_CHARS_MAX
from bot.views import text
from bot.views.names import quoted

# Discord: the description of a picture has at most 1,024 characters.
ALT_TEXT_CHARS_MAX = 1024
_BETWEEN = " · "
# The eleven rows of an NPS still stand in a sample.
SAMPLE_ROWS_MAX = 11
SAMPLE_CHARS_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How one kind of row is said: `rest_about` and `number` hold a number."""

    rest_about: str
    rest: str
    top: str
    number: str
    few: str
    label_chars_max: int = OPTION_CHARS_MAX


_WRITTEN = _Words(
    rest_about=text.ROW_REST_ABOUT,
    rest=text.ROW_REST,
    top=text.ROW_TOP,
    number=text.ROW_NUMBER,
    few=text.ROW_FEW,
)
# The whole labels stand beside a sample; a platform's message has room for them once.
_SAMPLE = replace(_WRITTEN, label_chars_max=25)
_SPOKEN = _Words(
    rest_about=text.CHART_REST_ABOUT,
    rest=text.CHART_REST,
    top=text.CHART_TOP,
    number=text.CHART_NUMBER,
    few=text.CHART_FEW,
)


def released_of(drive: Drive) -> ReleasedTable | None:
    """Return the table that a drive has published, or nothing."""
    if not drive.certificate:
        return None
    return decode_certificate(drive.certificate[SIGNATURE_BYTES:]).released


def paragraphs(table: ReleasedTable) -> list[str]:
    """Return the table in words: rows, total, groups, and what the words mean."""
    said = [_titled(label, rows) for label, rows in _parts(table, _WRITTEN)]
    said.append(text.RESULT_TOTAL.format(total=table.total))
    for part in table.segments:
        rows = _rows(part.rows, part.total, part.base, _WRITTEN)
        total = text.RESULT_PART_TOTAL.format(total=part.total)
        said.append(f"{_titled(part.label, rows)}\n{total}")
    return said


def explanation(table: ReleasedTable) -> str:
    """Return the sentences that say what "the rest", "too close" and "0–4" mean."""
    shown = {row.shown for rows in table.all_rows() for row in rows}
    shown |= {row.shown for part in table.segments for row in part.rows}
    sentences = [text.EXPLAIN_TOP] if TOP in shown else []
    sentences.append(text.EXPLAIN_REST if REST in shown else text.EXPLAIN_FEW)
    return " ".join(sentences)


def numbers(table: ReleasedTable) -> str:
    """Return the mean of a scale or the NPS in words, or nothing."""
    found = statistics(table)
    if found is None:
        return ""
    if found.mean_tenths is not None:
        whole, tenth = divmod(found.mean_tenths, 10)
        return text.MEAN.format(mean=f"{whole}.{tenth}")
    return text.NPS.format(nps=found.nps)


def in_one_line(table: ReleasedTable) -> str:
    """Return the rows side by side, as a sample shows them, and the total.

    Long labels are cut: the whole ones stand beside a sample. So is a table of many
    rows, because Discord's messages hold 4,000 characters in all.
    """
    total = text.RESULT_TOTAL.format(total=table.total)
    said = "\n".join(_side_by_side(table))
    if len(table.tables or table.rows) > SAMPLE_ROWS_MAX:
        said = f"{said[:SAMPLE_CHARS_MAX].rpartition(_BETWEEN)[0]}{_BETWEEN}…"
    return f"{said}\n{total}"


def alt_text(table: ReleasedTable) -> str:
    """Return what a picture of the table shows, for people who hear it."""
    parts = _parts(table, _SPOKEN)
    lines = sum(len(rows) for _, rows in parts)
    said = [text.CHART.format(lines=lines)]
    for label, rows in parts:
        said += [text.CHART_PART.format(label=label), *rows] if label else rows
    words = " ".join(said)
    return words if len(words) <= ALT_TEXT_CHARS_MAX else said[0]


def _side_by_side(table: ReleasedTable) -> list[str]:
    return [
        f"{quoted(_cut(label, _SAMPLE.label_chars_max))}: {_BETWEEN.join(rows)}"
        if label
        else _BETWEEN.join(rows)
        for label, rows in _parts(table, _SAMPLE)
    ]


def _cut(label: str, chars_max: int) -> str:
    return label if len(label) <= chars_max else f"{label[: chars_max - 1]}…"


def _parts(table: ReleasedTable, words: _Words) -> list[tuple[str, list[str]]]:
    """Return each table with its label, which is empty where there is one alone."""
    if table.tables:
        return [
            (part.label, _rows(part.rows, table.total, table.base, words))
            for part in table.tables
        ]
    return [("", _rows(table.rows, table.total, table.base, words))]


def _titled(label: str, rows: Sequence[str]) -> str:
    lines = [text.BULLET.format(row=row) for row in rows]
    if label:
        lines.insert(0, text.RESULT_PART.format(label=quoted(label)))
    return "\n".join(lines)


def _rows(
    rows: Sequence[ReleasedRow], total: int, base: int, words: _Words
) -> list[str]:
    left = about(rows, total=total, base=base)
    return [_row(row, left, words) for row in rows]


def _row(row: ReleasedRow, left: int | None, words: _Words) -> str:
    label = quoted(_cut(row.label, words.label_chars_max))
    if row.shown == REST and left is not None:
        return words.rest_about.format(label=label, about=left)
    fixed = {REST: words.rest, TOP: words.top, FEW: words.few}
    if row.shown in fixed:
        return fixed[row.shown].format(label=label)
    return words.number.format(label=label, number=row.number)
