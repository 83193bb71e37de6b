"""Mail between gate and counter: by the other, to this reader, with this number."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.letters import LetterBody, letter_of, letter_to_json
from bot.core.records import Mail, Party
from bot.crypto.keypairs import OwnKeys
from bot.crypto.mail import Letter, is_by, read_mail, write_mail
from tests.core.lunch import damaged, json_values, texts
from tests.vectors.reading import Vector, vectors

GATE = OwnKeys(signing_seed=b"\x21" * 32, box_secret=b"\x22" * 32)
COUNTER = OwnKeys(signing_seed=b"\x23" * 32, box_secret=b"\x24" * 32)
LETTER = Letter(kind="counted", body={"floor": 10}, ack=4)
MAIL = write_mail(LETTER, reader=Party.COUNTER, number=5, own=GATE, peer=COUNTER.public)


def read(mail: Mail) -> Letter:
    """Read mail as the counter does."""
    return read_mail(mail, own=COUNTER, peer=GATE.public)


def understood(mail: Mail) -> LetterBody:
    """Read mail, and the letter in it."""
    letter = read(mail)
    return letter_of(letter.kind, letter.body)


def mail_of(parts: dict[str, Any]) -> Mail:
    """Return a vector's message."""
    return Mail(
        reader=Party(parts["reader"]),
        number=parts["number"],
        box=bytes.fromhex(parts["box"]),
        signature=bytes.fromhex(parts["signature"]),
    )


@pytest.mark.parametrize("vector", vectors("mail", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A message is opened, and its letter is read."""
    letter = read(mail_of(vector["mail"]))

    assert (letter.kind, letter.ack) == (vector["kind"], 4)
    assert letter.body == vector["body"]
    assert letter_to_json(letter_of(letter.kind, letter.body)) == (
        vector["kind"],
        vector["body"],
    )


@pytest.mark.parametrize("vector", vectors("mail", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """One thing wrong, in front of the signature or behind it, is enough."""
    with pytest.raises(Malformed):
        understood(mail_of(vector["mail"]))


@given(
    st.dictionaries(texts, json_values, max_size=3),
    st.integers(1, 2**53 - 1),
    st.integers(0, 2**53 - 1),
)
def test_round_trip(body: dict[str, Any], number: int, ack: int) -> None:
    """What one side writes the other reads, and both can tell who wrote it."""
    letter = Letter(kind="any", body=body, ack=ack)
    mail = write_mail(
        letter, reader=Party.COUNTER, number=number, own=GATE, peer=COUNTER.public
    )

    assert read(mail) == letter
    assert is_by(GATE.public.signing, mail)
    assert not is_by(COUNTER.public.signing, mail)


def test_only_the_reader_opens() -> None:
    """Whoever wrote a message cannot read it again."""
    with pytest.raises(Malformed):
        read_mail(MAIL, own=GATE, peer=GATE.public)


@pytest.mark.parametrize("number", [6, 0, -1, 2**64])
def test_number_is_signed(number: int) -> None:
    """Another number, also one that no message has, is refused."""
    mail = replace(MAIL, number=number)

    assert not is_by(GATE.public.signing, mail)
    with pytest.raises(Malformed):
        read(mail)


@given(damaged(MAIL.box))
def test_damaged_box_is_refused(box: bytes) -> None:
    """The signature covers every byte of the box."""
    with pytest.raises(Malformed):
        read(replace(MAIL, box=box))


@given(damaged(MAIL.signature))
def test_damaged_signature_is_refused(signature: bytes) -> None:
    """One bit, one byte less or one more."""
    with pytest.raises(Malformed):
        read(replace(MAIL, signature=signature))


@given(
    st.sampled_from(Party),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=100),
    st.binary(max_size=70),
)
def test_any_row_is_refused(
    reader: Party, number: int, box: bytes, signature: bytes
) -> None:
    """Whatever somebody writes into the database is `Malformed` and nothing else."""
    with pytest.raises(Malformed):
        read(Mail(reader=reader, number=number, box=box, signature=signature))


def test_letter_is_not_printed() -> None:
    """A letter may hold a key: nothing of it lands in a message."""
    assert "floor" not in repr(LETTER)
