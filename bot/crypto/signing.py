"""Ed25519 signatures, each bound to what it is for (RFC 8032; protocol.md §3)."""

from typing import NewType

from nacl.bindings import (
    crypto_scalarmult_base,
    crypto_sign_BYTES,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.bindings import crypto_sign as _crypto_sign
from nacl.exceptions import CryptoError

from bot.core.manifest import DriveId
from bot.core.records import SlotKey

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


def sign_slot_key(seed: bytes, drive_id: DriveId, slot: int, secret: bytes) -> SlotKey:
    """Return the public half of a slot's X25519 `secret`, signed by DS."""
    public = crypto_scalarmult_base(secret)
    signature = sign(seed, SLOT_KEY, _slot_key(drive_id, slot, public))
    return SlotKey(drive_id=drive_id, slot=slot, public=public, signature=signature)


def is_slot_key(signer: bytes, key: SlotKey) -> bool:
    """Tell whether DS signed this key for this slot of this drive."""
    message = _slot_key(key.drive_id, key.slot, key.public)
    return is_signed(signer, SLOT_KEY, message, key.signature)


def _slot_key(drive_id: bytes, slot: int, public: bytes) -> bytes:
    return drive_id + slot.to_bytes(4, "big") + public


def _bound(purpose: Purpose, message: bytes) -> bytes:
    return purpose + b"\x00" + message
