"""A petition's names as a table that runs nothing, and as lines."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.details import Detail
from bot.core.name_boxes import SignedName
from bot.core.petitions import Collects
from bot.views.name_list import details_of, inert, lines_of, table_of
from tests.core.lunch import DRIVE
from tests.core.petition import BREAKS
from tests.core.test_name_boxes import signatures

MEI = SignedName(drive_id=DRIVE, name='Mei "M" Lin, Dr', affiliation="Dock 4")
SAM = SignedName(drive_id=DRIVE, name="Sam")


def rows(names: list[SignedName]) -> list[dict[str, str]]:
    """Return a table as a program reads it."""
    text = table_of(names, BREAKS).decode()
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def test_table_is_read_back() -> None:
    """Quotes and commas in names stay what they are."""
    assert rows([MEI, SAM]) == [
        {"name": 'Mei "M" Lin, Dr', "affiliation": "Dock 4"},
        {"name": "Sam", "affiliation": ""},
    ]


@given(st.lists(signatures(), max_size=5))
def test_no_cell_is_a_formula(names: list[SignedName]) -> None:
    """Whatever somebody signs with: a row each, and no cell begins a formula."""
    found = rows(names)

    assert len(found) == len(names)
    assert not [c for row in found for c in row.values() if c[:1] in set("=+-@|%")]


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-1", "@SUM(A1)", "|calc", "%x", "\uff1d1", "\uff201"]
)
def test_formulas_become_text(text: str) -> None:
    """A quote stands in front of what a spreadsheet would run."""
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Mei", "'Mei", "", "Mei = Sam", "O'Brien"])
def test_other_texts_stay(text: str) -> None:
    """An ordinary name is written as it was signed."""
    assert inert(text) == text


def test_columns_are_what_was_asked() -> None:
    """A table has no column that nobody was asked to fill."""
    interest = replace(BREAKS, collects=Collects.INTEREST, asks=(Detail.PHONE,))

    assert details_of(BREAKS) == (Detail.NAME, Detail.AFFILIATION)
    assert details_of(interest) == (
        Detail.NAME,
        Detail.PHONE,
        Detail.LANGUAGE,
        Detail.EMPLOYER,
        Detail.DATE,
    )


def test_lines() -> None:
    """A plain list has a line for each person."""
    assert lines_of([MEI, SAM]).decode() == 'Mei "M" Lin, Dr, Dock 4\nSam\n'
