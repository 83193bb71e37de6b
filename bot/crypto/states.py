"""What the counter seals for itself: running counts and revision rows (§7, §8)."""

import hashlib

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

from bot.core.canonical import Malformed
from bot.core.manifest import DriveId
from bot.core.running import REVISION_BOX_BYTES
from bot.crypto.prf import REVISION, prf

NONCE_BYTES = 24
_STATE_LABEL = b"rr/state/v1"
_REVISION_LABEL = b"rr/revision/v1"
_T2_BYTES = 16
# Poly1305's.
_TAG_BYTES = 16


def seal_state(
    key: bytes, *, drive_id: DriveId, generation: int, nonce: bytes, plain: bytes
) -> bytes:
    """Return nonce 24 and ciphertext of a running count, bound to its generation."""
    extra = _state_extra(drive_id, generation)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, extra, nonce, key)


def open_state(key: bytes, *, drive_id: DriveId, generation: int, box: bytes) -> bytes:
    """Return the running count in `box`, or raise `Malformed`."""
    if len(box) < NONCE_BYTES + _TAG_BYTES:
        raise Malformed("a sealed running count is cut off")
    extra = _state_extra(drive_id, generation)
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            box[NONCE_BYTES:], extra, box[:NONCE_BYTES], key
        )
    except CryptoError:
        raise Malformed("a running count that this key does not open") from None


def state_digest(box: bytes) -> bytes:
    """Return what the keystore remembers of a sealed count."""
    return hashlib.sha256(box).digest()


def revision_id(code_key: bytes, tag: bytes) -> bytes:
    """Return the id of a person's row: another for each person, also with one code."""
    return prf(code_key, REVISION, tag)


def seal_revision(
    code_key: bytes, *, public: bytes, nonce: bytes, tag: bytes, answer: bytes
) -> bytes:
    """Return a row that takes both the code and RK to open: 109 bytes."""
    inner = crypto_box_seal(tag + answer, public)
    box = nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(
        inner, _REVISION_LABEL, nonce, code_key
    )
    assert len(box) == REVISION_BOX_BYTES
    return box


def open_revision(code_key: bytes, *, secret: bytes, box: bytes) -> tuple[bytes, bytes]:
    """Return tag and counted answer of a row, or raise `Malformed`."""
    if len(box) != REVISION_BOX_BYTES:
        raise Malformed("a revision row has another length")
    try:
        inner = crypto_aead_xchacha20poly1305_ietf_decrypt(
            box[NONCE_BYTES:], _REVISION_LABEL, box[:NONCE_BYTES], code_key
        )
        plain = crypto_box_seal_open(inner, crypto_scalarmult_base(secret), secret)
    except CryptoError:
        raise Malformed("a revision row that this code does not open") from None
    return plain[:_T2_BYTES], plain[_T2_BYTES:]


def _state_extra(drive_id: DriveId, generation: int) -> bytes:
    return _STATE_LABEL + drive_id + generation.to_bytes(8, "big")
