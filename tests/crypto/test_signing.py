"""Signatures: each for one purpose, over one message, by one key."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_scalarmult_base, crypto_sign, crypto_sign_seed_keypair

from bot.core.manifest import DriveId
from bot.core.records import SlotKey
from bot.crypto import signing
from bot.crypto.signing import (
    CERTIFICATE,
    MAIL,
    MANIFEST,
    SLOT_KEY,
    is_signed,
    is_slot_key,
    public_of,
    sign,
    sign_slot_key,
)
from tests.core.lunch import DRIVE, damaged
from tests.vectors.reading import Vector, vectors

SEED = b"\x11" * 32
PURPOSES = [MANIFEST, SLOT_KEY, CERTIFICATE, MAIL]
seeds = st.binary(min_size=32, max_size=32)
SIGNATURE = sign(SEED, MAIL, b"message")


@pytest.mark.parametrize("vector", vectors("ed25519"))
def test_published_vectors(vector: Vector) -> None:
    """RFC 8032's seeds have these keys, and sign so."""
    seed, message = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["message"])
    _, secret = crypto_sign_seed_keypair(seed)

    assert public_of(seed).hex() == vector["public"]
    assert crypto_sign(message, secret)[:64].hex() == vector["expect"]


@given(seeds, st.sampled_from(PURPOSES), st.binary(max_size=100))
def test_signature_is_over_purpose_and_message(
    seed: bytes, purpose: signing.Purpose, message: bytes
) -> None:
    """What is signed is the purpose, a zero, and the message."""
    _, secret = crypto_sign_seed_keypair(seed)
    signature = sign(seed, purpose, message)

    assert signature == crypto_sign(purpose + b"\0" + message, secret)[:64]
    assert is_signed(public_of(seed), purpose, message, signature)


@pytest.mark.parametrize("signed", PURPOSES)
@pytest.mark.parametrize("asked", PURPOSES)
def test_purposes_stay_apart(signed: signing.Purpose, asked: signing.Purpose) -> None:
    """A signature for one purpose holds for no other."""
    signature = sign(SEED, signed, b"message")

    assert is_signed(public_of(SEED), asked, b"message", signature) is (signed == asked)


def test_purposes_are_no_beginnings_of_each_other() -> None:
    """No message can turn one purpose into another: none holds a zero."""
    assert not any(purpose.count(b"\0") for purpose in PURPOSES)


@given(damaged(SIGNATURE))
def test_damaged_signature_is_refused(signature: bytes) -> None:
    """One bit, one byte less or one more: it does not hold."""
    assert not is_signed(public_of(SEED), MAIL, b"message", signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=70))
def test_bytes_are_no_signature(public: bytes, signature: bytes) -> None:
    """Whatever the bytes of key and signature: the answer is no, and no error."""
    assert not is_signed(public, MAIL, b"message", signature)


@given(damaged(b"message"))
def test_other_message_is_refused(message: bytes) -> None:
    """A signature is over one message."""
    assert not is_signed(public_of(SEED), MAIL, message, SIGNATURE)


# --- slot keys ------------------------------------------------------------------------


@pytest.mark.parametrize("vector", vectors("slot_keys"))
def test_slot_key_vectors(vector: Vector) -> None:
    """A key is the slot's if DS says so, of this drive and slot, for this purpose."""
    key = SlotKey(
        drive_id=DriveId(bytes.fromhex(vector["drive"])),
        slot=vector["slot"],
        public=bytes.fromhex(vector["public"]),
        signature=bytes.fromhex(vector["signature"]),
    )

    signer = bytes.fromhex(vector["signer"])
    assert is_slot_key(signer, key) is (vector["expect"] == "ok")


@given(seeds, st.integers(0, 2**32 - 1))
def test_slot_key_is_signed(secret: bytes, slot: int) -> None:
    """The public half is the secret's, and DS's signature holds."""
    key = sign_slot_key(SEED, DRIVE, slot, secret)

    assert key.public == crypto_scalarmult_base(secret)
    assert is_slot_key(public_of(SEED), key)
    assert not is_slot_key(public_of(SEED), replace(key, slot=slot ^ 1))
