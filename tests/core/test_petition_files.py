"""The file that trustees get: damage is told from forgery."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import petition_files
from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.core.petition_files import (
    decode_petition,
    is_petition_file,
    seal_boxes,
)
from tests.core.lunch import damaged
from tests.core.petition import BREAKS, COUNTED, Closed, boxes_of, closed_by, people
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = bytes_of(read("petitions")[0])
FILE = decode_petition(GOOD)


@pytest.mark.parametrize("vector", vectors("petitions", "ok", "not genuine"))
def test_readable_vectors(vector: Vector) -> None:
    """A file is read and written with the same bytes, genuine or not."""
    data = bytes_of(vector)

    assert decode_petition(data).encode() == data
    assert is_petition_file(data)


@pytest.mark.parametrize("vector", vectors("petitions", "malformed"))
def test_unreadable_vectors(vector: Vector) -> None:
    """A first line that is not the one encoding is refused."""
    with pytest.raises(Malformed):
        decode_petition(bytes_of(vector))


@given(st.binary() | damaged(GOOD))
def test_bytes_are_a_file_or_malformed(data: bytes) -> None:
    """Any bytes are refused, or read line by line."""
    try:
        file = decode_petition(data)
    except Malformed:
        return

    assert file.encode() == data.removesuffix(b"\n") + b"\n"


def test_poll_is_no_petition() -> None:
    """The two kinds of certificate file are told apart by their first line."""
    assert not is_petition_file(bytes_of(read("certificates")[0]))


def test_order_of_boxes_is_that_of_their_hashes() -> None:
    """Whoever signs in whatever order: the file is the same."""
    boxes = boxes_of(people(30))

    assert seal_boxes(boxes) == seal_boxes(boxes[::-1])


def test_whole_file() -> None:
    """In a whole file each box is there, once and in its place."""
    assert FILE.is_whole
    assert [box for box in FILE.boxes if box] == [
        bytes.fromhex(line.decode()) for line in FILE.lines
    ]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(FILE.lines[1:], id="one missing"),
        pytest.param((*FILE.lines, FILE.lines[0]), id="one twice"),
        pytest.param(FILE.lines[::-1], id="another order"),
        pytest.param((FILE.lines[0].upper(), *FILE.lines[1:]), id="in capitals"),
        pytest.param((b"no box", *FILE.lines[1:]), id="no hexadecimal"),
        pytest.param((b"\xff", *FILE.lines[1:]), id="no text"),
        pytest.param((FILE.lines[0][:-2], *FILE.lines[1:]), id="a byte short"),
    ],
)
def test_file_that_is_not_whole(lines: tuple[bytes, ...]) -> None:
    """Whatever happened to a box is noticed, and the others are still there."""
    file = replace(FILE, lines=lines)

    assert not file.is_whole
    assert [box for box in file.boxes if box] == [
        box for box in FILE.boxes if box in file.boxes
    ]
    assert len([box for box in file.boxes if box]) >= len(FILE.lines) - 1


def test_foreign_box_is_nobodys() -> None:
    """A box that was put in place of another is not among the boxes."""
    (foreign,) = boxes_of(people(1))
    file = replace(FILE, lines=(foreign.hex().encode(), *FILE.lines[1:]))

    assert foreign not in file.boxes
    assert file.boxes[0] is None


@pytest.mark.parametrize(
    ("count", "threshold", "names"),
    [(24, 100, False), (25, 100, True), (20, 20, False), (19, 20, False)],
)
def test_what_is_said_without_names(count: int, threshold: int, names) -> None:
    """A count without names is given from 25 on, if the threshold was not reached."""
    closed = Closed(terms=replace(BREAKS, threshold=threshold), count=count)

    if names:
        closed.file().check_terms()
    else:
        with pytest.raises(NotGenuine, match="terms"):
            closed.file().check_terms()


def test_count_alone() -> None:
    """A petition that only counts gives its count at the threshold, and no boxes."""
    file = Closed(terms=COUNTED, count=20).file()

    file.check_terms()
    file.check_boxes()


def test_result_of_other_terms() -> None:
    """A certificate names its terms."""
    file = closed_by(people(20)).file()
    other = Closed(terms=replace(BREAKS, title="More pay"), count=20).file()

    with pytest.raises(NotGenuine, match="other terms"):
        replace(file, manifest=other.manifest).check_terms()


def test_slots_are_the_schedules() -> None:
    """Three days have twelve slots of six hours."""
    closed = closed_by(people(20))
    replace(closed, slots=12).file().check_terms()

    with pytest.raises(NotGenuine, match="fit"):
        replace(closed, slots=13).file().check_terms()


def test_file_of_too_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of endless lines is refused before they are read."""
    monkeypatch.setattr(petition_files, "NAMES_MAX", 3)
    decode_petition(GOOD)

    with pytest.raises(Malformed, match="lines"):
        decode_petition(GOOD + b"x\n")


def test_marks_are_found() -> None:
    """The owner of a receipt finds the mark on the board."""
    assert FILE.has_mark(FILE.board[0][:8].hex())
    assert not FILE.has_mark("0" * 16)
