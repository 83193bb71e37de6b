"""What a ballot of a petition says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.name_boxes import NAME_BOX_BYTES
from bot.core.shapes import PETITION
from bot.core.signatures import Act, Signature, decode_signature
from tests.core.petition import BREAKS, COUNTED

BOX = bytes(NAME_BOX_BYTES)


@pytest.mark.parametrize(
    ("signature", "terms"),
    [
        (Signature(act=Act.SIGN, box=BOX), BREAKS),
        (Signature(act=Act.SIGN), COUNTED),
        (Signature(act=Act.WITHDRAW), BREAKS),
        (Signature(act=Act.WITHDRAW), COUNTED),
    ],
)
def test_round_trip(signature, terms) -> None:
    """What was written is read, and fits a petition's record."""
    payload = signature.encode()

    assert decode_signature(payload, terms) == signature
    assert len(payload) <= PETITION.payload_bytes_max


@pytest.mark.parametrize(
    ("payload", "terms"),
    [
        (b"", BREAKS),
        (b"\x00", BREAKS),
        (b"\x03", BREAKS),
        (b"\x01", BREAKS),
        (b"\x01" + BOX[1:], BREAKS),
        (b"\x01" + BOX + b"\0", BREAKS),
        (b"\x02" + BOX, BREAKS),
        (b"\x01" + BOX, COUNTED),
        (b"\x02\x00", COUNTED),
    ],
)
def test_no_signature(payload: bytes, terms) -> None:
    """Another act or another length is refused."""
    with pytest.raises(Malformed):
        decode_signature(payload, terms)


@given(st.binary(max_size=650))
def test_bytes_are_a_signature_or_malformed(payload: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        signature = decode_signature(payload, BREAKS)
    except Malformed:
        return

    assert signature.encode() == payload


def test_signature_shows_no_box() -> None:
    """A name box in an error message shows nothing."""
    assert BOX.hex()[:8] not in repr(Signature(act=Act.SIGN, box=BOX))
