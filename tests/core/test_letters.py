"""What gate and counter say to each other: six kinds of letter, one encoding each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import JsonObject, Malformed
from bot.core.letters import (
    Closed,
    Counted,
    Draft,
    Extended,
    Keyed,
    LetterBody,
    SlotEnded,
    letter_of,
    letter_to_json,
)
from bot.core.manifest import DriveId
from bot.core.records import SlotEnd, SlotKey
from bot.core.slots import SLOTS_MAX
from tests.core.lunch import DRIVE, LUNCH, keys_of_32, spoiled, terms, texts
from tests.vectors.reading import vectors

numbers = st.integers(0, canonical.INTEGER_MAX)
slots = st.integers(0, 2**32 - 1)
signatures = st.binary(min_size=64, max_size=64)
drive_ids = st.binary(min_size=16, max_size=16).map(DriveId)


@st.composite
def slot_keys(draw: st.DrawFn, drive_id: DriveId) -> tuple[SlotKey, ...]:
    """Draw some slot keys of a drive."""
    keys = st.builds(
        SlotKey,
        drive_id=st.just(drive_id),
        slot=slots,
        public=keys_of_32,
        signature=signatures,
    )
    return tuple(draw(st.lists(keys, max_size=3)))


@st.composite
def letters(draw: st.DrawFn) -> LetterBody:
    """Draw any letter."""
    drive_id = draw(drive_ids)
    certificate = draw(texts).encode()
    kinds: list[st.SearchStrategy[LetterBody]] = [
        st.builds(
            Draft,
            drive_id=st.just(drive_id),
            terms=terms(),
            length=numbers,
            closes_at=numbers,
            gate_commitment=keys_of_32,
            k_mac=keys_of_32,
        ),
        st.builds(
            SlotEnded,
            slot_end=st.builds(
                SlotEnd,
                drive_id=st.just(drive_id),
                slot=slots,
                size=numbers,
                root=keys_of_32,
            ),
            ended_at=numbers,
            final=st.booleans(),
        ),
        st.builds(
            Keyed,
            drive_id=st.just(drive_id),
            manifest=texts.map(str.encode),
            signature=signatures,
            keys=slot_keys(drive_id),
        ),
        st.builds(Counted, drive_id=st.just(drive_id), floor=numbers),
        st.builds(Extended, drive_id=st.just(drive_id), keys=slot_keys(drive_id)),
        st.builds(
            Closed,
            drive_id=st.just(drive_id),
            certificate=st.just(certificate),
            signature=signatures if certificate else st.just(b""),
        ),
    ]
    return draw(st.one_of(kinds))


@given(letters())
def test_round_trip(letter: LetterBody) -> None:
    """What one side writes the other reads."""
    assert letter_of(*letter_to_json(letter)) == letter


@pytest.mark.parametrize("vector", vectors("mail", "ok"))
def test_good_vectors(vector: dict[str, Any]) -> None:
    """Each kind of letter is read and written as it stands."""
    letter = letter_of(vector["kind"], vector["body"])

    assert letter_to_json(letter) == (vector["kind"], vector["body"])


@given(st.sampled_from(vectors("mail", "ok")), st.data())
def test_spoiled_letter_is_a_letter_or_malformed(vector, data: st.DataObject) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    (good,) = vector.values
    body = data.draw(spoiled(good["body"]))
    if not isinstance(body, dict):
        return
    try:
        letter = letter_of(good["kind"], body)
    except Malformed:
        return

    kind, written = letter_to_json(letter)
    assert kind == good["kind"]
    assert canonical.encode(written) == canonical.encode(grown(body))


def grown(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body with what letters of an older version did not have."""
    if not {"reports", "words"} <= body.keys():
        return body
    reports = [{"passed_over": False} | report for report in body["reports"]]
    words = [[*part, False] if len(part) == 2 else part for part in body["words"]]
    return body | {"reports": reports, "words": words}


@pytest.mark.parametrize("kind", ["", "Draft", "vote", "slot_ended"])
def test_unknown_kind(kind: str) -> None:
    """A letter of a kind that is not known was not written by this program."""
    with pytest.raises(Malformed):
        letter_of(kind, {})


def test_keys_are_bounded() -> None:
    """A letter brings the keys of 400 slots and no more."""
    key: canonical.JsonValue = [0, "00" * 32, "00" * 64]
    most: list[canonical.JsonValue] = [key] * SLOTS_MAX
    body: JsonObject = {"drive": DRIVE.hex(), "keys": most}
    found = letter_of("extended", body)

    assert isinstance(found, Extended)
    assert len(found.keys) == SLOTS_MAX
    with pytest.raises(Malformed):
        letter_of("extended", {"drive": DRIVE.hex(), "keys": [*most, key]})


def test_draft_prints_no_key() -> None:
    """The MAC key does not land in a message."""
    draft = Draft(
        drive_id=DRIVE,
        terms=LUNCH,
        length=60,
        closes_at=0,
        gate_commitment=bytes(32),
        k_mac=b"canary" + bytes(26),
    )

    assert "canary" not in repr(draft)
