"""What a code opens: a case, and what organizers reply."""

import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.cases import By, decode_case
from bot.core.manifest import DriveId
from bot.core.reports import CaseId
from bot.crypto.cases import (
    case_id_of,
    open_case,
    open_reply,
    reply_key_of,
    seal_case,
    seal_reply,
)
from bot.crypto.codes import code_key
from bot.crypto.mutes import open_mute, seal_mute
from tests.vectors.reading import Vector, vectors

KEY = code_key(bytes(range(15)))
DRIVE = DriveId(b"d" * 16)
CASE = CaseId(b"c" * 16)


def opened(vector: Vector) -> bytes:
    """Return a case's content, or raise."""
    return open_case(
        bytes.fromhex(vector["key"]),
        bytes.fromhex(vector["hex"]),
        case_id=CaseId(bytes.fromhex(vector["case"])),
        box=DriveId(bytes.fromhex(vector["drive"])),
        ends_at=vector["ends_at"],
    )


def decoded(vector: Vector):
    """Return the case in a vector, or raise."""
    case_id = CaseId(bytes.fromhex(vector["case"]))
    drive = DriveId(bytes.fromhex(vector["drive"]))
    return decode_case(opened(vector), case_id, drive, vector["ends_at"])


@pytest.mark.parametrize("vector", vectors("cases", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A case opens with its key, and its replies with its code."""
    key = code_key(bytes.fromhex(vector["code"]))
    found = decoded(vector)
    boxes = [turn.box for turn in found.turns if turn.by is By.ORGANIZERS]

    assert found.encode() == opened(vector)
    assert case_id_of(key).hex() == vector["case"]
    assert found.reply_key == reply_key_of(key)
    assert [open_reply(box, key) for box in boxes] == ["Thank you."]


@pytest.mark.parametrize("vector", vectors("cases", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """One thing wrong is enough."""
    with pytest.raises(Malformed):
        decoded(vector)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_only_the_code_opens_a_reply(text: str) -> None:
    """Another code opens nothing, and the box says nothing of the reply's length."""
    box = seal_reply(text, reply_key_of(KEY))

    assert open_reply(box, KEY) == text
    assert len(box) == 48 + 4096
    with pytest.raises(Malformed):
        open_reply(box, code_key(bytes(15)))


@pytest.mark.parametrize("size", [0, 4095, 4096])
def test_a_case_is_sealed_to_its_row(size: int) -> None:
    """It opens with its own id, box and end alone, and has few lengths."""
    plain, key = b"x" * size, b"k" * 32
    nonce = secrets.token_bytes(24)
    bound: dict[str, Any] = {"case_id": CASE, "box": DRIVE, "ends_at": 7}
    sealed = seal_case(key, plain, nonce=nonce, **bound)

    assert open_case(key, sealed, **bound) == plain
    assert (len(sealed) - 40) % 4096 == 0
    others: list[dict[str, Any]] = [
        {"case_id": CaseId(bytes(16))},
        {"ends_at": 8},
        {"box": DriveId(CASE)},
    ]
    for other in others:
        with pytest.raises(Malformed):
            open_case(key, sealed, **(bound | other))


def test_a_mute_box_opens_for_its_release_alone() -> None:
    """Another release's key, or another box's drive, opens nothing."""
    secret = b"m" * 32
    sealed = seal_mute(secret, box=DRIVE, tag=b"t" * 16)

    assert open_mute(secret, sealed, box=DRIVE) == b"t" * 16
    assert open_mute(secret, sealed, box=DriveId(bytes(16))) is None
    assert open_mute(b"n" * 32, sealed, box=DRIVE) is None
