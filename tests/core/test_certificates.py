"""The one file in which a result is handed out: what it says, and what it refuses."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.board import EMPTY_HEAD, chain, tree_root
from bot.core.canonical import Malformed
from bot.core.certificates import (
    Certificate,
    CertificateFile,
    NotGenuine,
    decode_certificate,
    decode_file,
    fits,
    split_hashes,
)
from bot.core.manifest import Manifest
from bot.core.publication import release_table
from bot.core.running import start_running
from bot.core.slots import DAY, SLOTS_EXTENDED_MAX, SLOTS_MAX, poll_schedule
from bot.core.tallies import Choice, tally_from_counts
from bot.core.terms import PollTerms
from tests.core.boxed import BOX
from tests.core.lunch import DRIVE, LUNCH, NOON, damaged, spoiled
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = bytes_of(read("certificates")[0])
FILE = decode_file(GOOD)
# Every byte of a file would take long: one slot less makes it short enough.
GOOD_VALUE = json.loads(GOOD)


@pytest.mark.parametrize("vector", vectors("certificates", "ok", "not genuine"))
def test_readable_vectors(vector: Vector) -> None:
    """A file is read and written with the same bytes, genuine or not."""
    assert decode_file(bytes_of(vector)).encode() == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("certificates", "malformed"))
def test_unreadable_vectors(vector: Vector) -> None:
    """What is not the one encoding of a file is refused before any signature."""
    with pytest.raises(Malformed):
        decode_file(bytes_of(vector))


@given(st.binary() | damaged(GOOD) | spoiled(GOOD_VALUE).map(canonical.encode))
def test_bytes_are_a_file_or_malformed(data: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        file = decode_file(data)
    except Malformed:
        return

    assert file.encode() == data


@given(
    st.binary()
    | damaged(FILE.certificate.encode())
    | spoiled(GOOD_VALUE["certificate"]).map(canonical.encode)
)
def test_bytes_are_a_certificate_or_malformed(data: bytes) -> None:
    """The same holds for the part that DS signs."""
    try:
        certificate = decode_certificate(data)
    except Malformed:
        return

    assert certificate.encode() == data


def test_board_that_fits() -> None:
    """The hashes give the head that was signed."""
    FILE.check_board()
    FILE.check_terms()


@pytest.mark.parametrize(
    "board",
    [
        pytest.param(FILE.board[:-1], id="a slot less"),
        pytest.param((*FILE.board, b""), id="a slot more"),
        pytest.param(FILE.board[::-1], id="another order"),
        pytest.param((FILE.board[0][32:], *FILE.board[1:]), id="a hash less"),
    ],
)
def test_board_that_does_not_fit(board: tuple[bytes, ...]) -> None:
    """Hashes that do not give the head are noticed."""
    with pytest.raises(NotGenuine, match="board"):
        replace(FILE, board=board).check_board()


def test_owner_of_a_receipt_finds_it() -> None:
    """Each hash on the board is found by its first 16 characters."""
    marks = [entry.hex()[:16] for part in FILE.board for entry in split_hashes(part)]

    assert len(marks) == 6
    assert all(FILE.has_mark(mark) for mark in marks)
    assert not FILE.has_mark("0" * 16)


def test_hashes_are_split() -> None:
    """Hashes stand joined, 32 bytes each."""
    assert split_hashes(b"a" * 32 + b"b" * 32) == [b"a" * 32, b"b" * 32]
    assert split_hashes(b"") == []


# --- what the terms allow -------------------------------------------------------------


def result(manifest: Manifest, *cells: int, slots: int = 1) -> Certificate:
    """Return the certificate of these counts."""
    terms = manifest.terms
    assert isinstance(terms, PollTerms)
    empty = start_running(terms).tally
    several = terms.choice is Choice.MULTI
    answers = max(cells) if several else sum(cells)
    tally = tally_from_counts(empty, answers=answers, cells=cells)
    released = release_table(tally, terms.rules)
    assert released is not None
    head = EMPTY_HEAD
    for slot in range(slots):
        head = chain(head, slot, tree_root([]))
    return Certificate(
        manifest_digest=manifest.digest,
        chain_head=head,
        slots=slots,
        released=released,
    )


MANIFEST = Manifest(
    drive_id=DRIVE,
    terms=LUNCH,
    schedule=poll_schedule(NOON, NOON + 3 * DAY),
    signer=bytes(32),
    gate_commitment=bytes(32),
)
SEVERAL = replace(
    MANIFEST, terms=replace(LUNCH, choice=Choice.MULTI, segments=(), extend=True)
)


@pytest.mark.parametrize(
    ("manifest", "cells"),
    [(MANIFEST, (20, 10, 1)), (MANIFEST, (0, 200, 30)), (SEVERAL, (120, 10, 1))],
)
def test_what_is_released_fits(manifest: Manifest, cells: tuple[int, ...]) -> None:
    """What the rules release of a poll fits its terms."""
    assert fits(result(manifest, *cells), manifest)


@pytest.mark.parametrize(
    ("slots", "extend", "fit"), [(3, False, True), (4, False, False), (6, True, True)]
)
def test_slots_are_the_schedules(slots: int, *, extend: bool, fit: bool) -> None:
    """A drive has the slots of its schedule, and as many again if it may extend."""
    manifest = replace(MANIFEST, terms=replace(LUNCH, extend=extend))

    assert fits(result(manifest, 20, 10, 1, slots=slots), manifest) is fit


def test_seven_slots_are_too_many() -> None:
    """There is one extension."""
    assert not fits(result(SEVERAL, 20, 10, 1, slots=7), SEVERAL)


def test_table_of_another_choice_does_not_fit() -> None:
    """A poll with one choice has no table for each option."""
    assert not fits(result(SEVERAL, 20, 10, 1), MANIFEST)


def test_a_report_box_has_no_certificate() -> None:
    """A table of reports is organizers' alone, and no file vouches for it."""
    certificate = result(MANIFEST, 20, 10, 1)

    assert not fits(certificate, replace(MANIFEST, terms=BOX))


def test_file_of_a_drive_with_800_slots_is_read() -> None:
    """An extension of 400 slots may follow 400: the file is still read."""
    manifest = replace(SEVERAL, schedule=poll_schedule(NOON, NOON + SLOTS_MAX * DAY))
    certificate = result(manifest, 20, 10, 1, slots=SLOTS_EXTENDED_MAX)
    file = CertificateFile(
        manifest=manifest,
        manifest_signature=bytes(64),
        certificate=certificate,
        signature=bytes(64),
        board=(b"",) * SLOTS_EXTENDED_MAX,
    )

    assert decode_file(file.encode()) == file
    file.check_terms()
    file.check_board()


def test_result_of_other_terms() -> None:
    """A result names the terms it belongs to."""
    other = replace(MANIFEST, terms=replace(LUNCH, question="And tomorrow?"))
    file = replace(FILE, manifest=other)

    with pytest.raises(NotGenuine, match="other terms"):
        file.check_terms()
