"""Ed25519 signatures, each bound to what it is for (RFC 8032; protocol.md §3)."""

from typing import NewType

from nacl.bindings import (
    crypto_sign_BYTES,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.bindings import crypto_sign as _crypto_sign
from nacl.exceptions import CryptoError

SIGNATURE_BYTES = crypto_sign_BYTES
SIGNING_SEED_BYTES = 32

Purpose = NewType("Purpose", bytes)

MANIFEST = Purpose(b"rr/sign/manifest/v1")
SLOT_KEY = Purpose(b"rr/sign/slotkey/v1")
CERTIFICATE = Purpose(b"rr/sign/certificate/v1")
MAIL = Purpose(b"rr/sign/mail/v1")


def public_of(seed: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte seed."""
    public, _ = crypto_sign_seed_keypair(seed)
    return public


def sign(seed: bytes, purpose: Purpose, message: bytes) -> bytes:
    """Return the 64-byte signature over `message` for this purpose only."""
    _, secret = crypto_sign_seed_keypair(seed)
    return _crypto_sign(_bound(purpose, message), secret)[:SIGNATURE_BYTES]


def is_signed(
    public: bytes, purpose: Purpose, message: bytes, signature: bytes
) -> bool:
    """Tell whether `signature` is by `public` over `message` for this purpose."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + _bound(purpose, message), public)
    except CryptoError:
        return False
    return True


def slot_key_message(drive_id: bytes, slot: int, public: bytes) -> bytes:
    """Return what DS signs for a slot key: drive 16, slot 4, key 32."""
    return drive_id + slot.to_bytes(4, "big") + public


def _bound(purpose: Purpose, message: bytes) -> bytes:
    return purpose + b"\x00" + message
