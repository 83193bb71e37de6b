"""The plain record of an answer: one layout, one length."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ballots import (
    BALLOT_VERSION,
    NO_CODE,
    NO_SEGMENT,
    POLL_ENVELOPE_BYTES,
    POLL_PAYLOAD_BYTES_MAX,
    POLL_RECORD_BYTES,
    Answer,
    Ballot,
    Kind,
    Tag,
    decode_answer,
    decode_ballot,
    is_offered,
    pad_record,
    split_record,
)
from bot.core.canonical import Malformed
from bot.core.manifest import DriveId
from bot.core.shapes import HEADER_BYTES
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from tests.core.lunch import DRIVE, LUNCH, damaged, keys_of_32, terms

MAC = b"\x33" * 32


@st.composite
def ballots(draw: st.DrawFn) -> Ballot:
    """Draw any ballot."""
    return Ballot(
        kind=draw(st.sampled_from(Kind)),
        drive_id=DriveId(draw(st.binary(min_size=16, max_size=16))),
        slot=draw(st.integers(0, 2**32 - 1)),
        tag=Tag(draw(keys_of_32)),
        seq=draw(st.integers(0, 2**64 - 1)),
        ballot_id=draw(st.binary(min_size=16, max_size=16)),
        code_key=draw(keys_of_32 | st.just(NO_CODE)),
        payload=draw(st.binary(max_size=POLL_PAYLOAD_BYTES_MAX)),
    )


def ballot(payload: bytes = b"") -> Ballot:
    """Return a ballot whose every field can be told apart."""
    return Ballot(
        kind=Kind.ANSWER,
        drive_id=DRIVE,
        slot=0x01020304,
        tag=Tag(b"\x11" * 32),
        seq=0x0A0B0C0D0E0F1011,
        ballot_id=b"\x22" * 16,
        code_key=b"\x44" * 32,
        payload=payload,
    )


def test_layout() -> None:
    """Each field stands where protocol.md §6 says."""
    record = pad_record(ballot(b"\x55" * 5).encode(), MAC)

    assert record[:32] == MAC
    assert record[32:34] == bytes([BALLOT_VERSION, 1])
    assert record[34:50] == DRIVE
    assert record[50:54] == bytes([1, 2, 3, 4])
    assert record[54:86] == b"\x11" * 32
    assert record[86:94] == bytes.fromhex("0a0b0c0d0e0f1011")
    assert record[94:110] == b"\x22" * 16
    assert record[110:142] == b"\x44" * 32
    assert record[142:147] == b"\x55" * 5
    assert record[147:] == b"\x80" + bytes(108)


def test_lengths() -> None:
    """The figures of protocol.md §6."""
    assert (HEADER_BYTES, POLL_PAYLOAD_BYTES_MAX) == (110, 113)
    assert (POLL_RECORD_BYTES, POLL_ENVELOPE_BYTES) == (256, 304)


@given(ballots(), keys_of_32)
def test_round_trip_at_one_length(drawn: Ballot, mac: bytes) -> None:
    """Whatever it holds, a record is 256 bytes long, and comes back as it was."""
    record = pad_record(drawn.encode(), mac)
    found, body = split_record(record)

    assert len(record) == POLL_RECORD_BYTES
    assert found == mac
    assert decode_ballot(body) == drawn


@pytest.mark.parametrize("payload", [b"\x80", b"\x00", b"\x80\x00", b"", b"\x80" * 113])
def test_padding_takes_nothing_away(payload: bytes) -> None:
    """A payload may end in the bytes of the padding."""
    record = pad_record(ballot(payload).encode(), MAC)

    assert split_record(record)[1][HEADER_BYTES:] == payload


def test_payload_that_is_too_long_is_a_bug() -> None:
    """A longer payload would give itself away by its length."""
    with pytest.raises(AssertionError):
        pad_record(ballot(bytes(POLL_PAYLOAD_BYTES_MAX + 1)).encode(), MAC)
    with pytest.raises(AssertionError):
        pad_record(ballot().encode(), MAC[1:])


@given(st.binary(max_size=300) | st.binary(min_size=256, max_size=256))
def test_bytes_are_a_record_or_malformed(data: bytes) -> None:
    """Whatever is split would be joined with the same bytes."""
    try:
        mac, body = split_record(data)
    except Malformed:
        return

    assert pad_record(body, mac) == data


@given(damaged(pad_record(ballot(b"\x55" * 5).encode(), MAC)))
def test_damaged_record_is_another_or_malformed(data: bytes) -> None:
    """No two records mean the same."""
    try:
        mac, body = split_record(data)
        found = decode_ballot(body)
    except Malformed:
        return

    assert (mac, found) != (MAC, ballot(b"\x55" * 5))


@given(st.binary(max_size=HEADER_BYTES + POLL_PAYLOAD_BYTES_MAX + 4))
def test_bytes_are_a_ballot_or_malformed(body: bytes) -> None:
    """A body that is read would be written with the same bytes."""
    for version in (b"", b"\x01\x00", b"\x01\x01"):
        data = version + body[len(version) :]
        try:
            found = decode_ballot(data)
        except Malformed:
            continue

        assert found.encode() == data


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda body: body[:-1], id="cut off"),
        pytest.param(lambda body: body + bytes(114), id="too long"),
        pytest.param(lambda body: b"\x02" + body[1:], id="another version"),
        pytest.param(lambda body: body[:1] + b"\x09" + body[2:], id="another kind"),
    ],
)
def test_ballot_that_is_refused(change) -> None:
    """Length, version and kind are checked before anything is read."""
    with pytest.raises(Malformed):
        decode_ballot(change(ballot().encode()))


# --- answers --------------------------------------------------------------------------


@given(terms(), st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_answer_is_offered_or_malformed(
    drawn: PollTerms, chosen: int, segment: int
) -> None:
    """What the terms do not offer is no answer, whoever sealed it."""
    payload = struct.pack(">IB", chosen, segment)

    assert Answer(chosen=chosen, segment=segment).encode() == payload
    assert Answer.decode(payload) == Answer(chosen=chosen, segment=segment)
    if is_offered(chosen, segment, drawn):
        assert decode_answer(payload, drawn) == Answer(chosen=chosen, segment=segment)
    else:
        with pytest.raises(Malformed):
            decode_answer(payload, drawn)


@given(st.binary(max_size=12))
def test_payload_is_an_answer_or_malformed(payload: bytes) -> None:
    """A payload that is read would be written with the same bytes."""
    try:
        found = decode_answer(payload, LUNCH)
    except Malformed:
        return

    assert found.encode() == payload


SEVERAL = PollTerms(
    name="several",
    question="Which?",
    choice=Choice.MULTI,
    options=("A", "B", "C"),
    place="general",
    audience=20,
)


@pytest.mark.parametrize(
    ("terms_of_poll", "chosen", "segment", "offered"),
    [
        (LUNCH, 0b001, NO_SEGMENT, True),
        (LUNCH, 0b100, 0, True),
        (LUNCH, 0b100, 1, True),
        (LUNCH, 0b100, 2, False),
        (LUNCH, 0b011, NO_SEGMENT, False),
        (LUNCH, 0, NO_SEGMENT, False),
        (LUNCH, 0b1000, NO_SEGMENT, False),
        (LUNCH, -1, NO_SEGMENT, False),
        (SEVERAL, 0b111, NO_SEGMENT, True),
        (SEVERAL, 0b1001, NO_SEGMENT, False),
        (SEVERAL, 0, NO_SEGMENT, False),
        (SEVERAL, 0b001, 0, False),
    ],
)
def test_what_terms_offer(
    terms_of_poll: PollTerms, chosen: int, segment: int, *, offered: bool
) -> None:
    """One option, or any in a poll with several choices; a segment that is there."""
    assert is_offered(chosen, segment, terms_of_poll) is offered


def test_nothing_is_printed_of_an_answer() -> None:
    """A ballot and an answer that land in a message say nothing."""
    for value in (ballot(b"\x55" * 5), Answer(chosen=5, segment=1)):
        assert repr(value).startswith("<bot.core.ballots.")
        assert "5" not in repr(value).partition(" object at ")[0]
