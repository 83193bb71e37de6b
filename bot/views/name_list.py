"""A petition's names as a table and as plain lines (pure).

Whoever opens the table in a spreadsheet runs nothing that somebody signed with.
"""

import csv
import io
from collections.abc import Sequence

from bot.core.details import Detail
from bot.core.name_boxes import SignedName
from bot.core.petitions import Collects, PetitionTerms

# What spreadsheets take for the beginning of a formula, in both widths.
_FORMULA_SIGNS = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
# A quote in front makes it text, in every spreadsheet.
_INERT = "'"


def table_of(names: Sequence[SignedName], terms: PetitionTerms) -> bytes:
    """Return the names as CSV (RFC 4180, UTF-8), in the order in which they come."""
    details = details_of(terms)
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([detail.value for detail in details])
    for name in names:
        writer.writerow([inert(name.detail(detail)) for detail in details])
    return lines.getvalue().encode()


def lines_of(names: Sequence[SignedName]) -> bytes:
    """Return one line for each person: the name, and where they work if they said."""
    texts = [
        ", ".join(part for part in (name.name, name.affiliation) if part)
        for name in names
    ]
    return "".join(f"{text}\n" for text in texts).encode()


def details_of(terms: PetitionTerms) -> tuple[Detail, ...]:
    """Return the columns: the name, what was asked for, and what interest needs."""
    asked = {Detail.NAME, *terms.asks}
    if terms.collects is Collects.INTEREST:
        asked |= {Detail.LANGUAGE, Detail.EMPLOYER, Detail.DATE}
    return tuple(detail for detail in Detail if detail in asked)


def inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return _INERT + text if text[:1] in _FORMULA_SIGNS else text
