"""What a code opens beside an answer: a case, and what organizers reply (§12).

From a code's key come the case's id and an X25519 key pair. The report carries id and
public half; the code alone gives the other half, and the gate forgets it with the
reply. What lies on disk of a case is sealed under a key of its own (CK).
"""

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
from bot.core.reports import CASE_ID_BYTES, CaseId
from bot.crypto.prf import CASE, REPLY, prf

NONCE_BYTES = 24
# Both are padded to multiples of this, so that lengths on disk say little.
STEP_BYTES = 4096
_CASE_LABEL = b"rr/case/v1"
_PAD_MARK = b"\x80"


def case_id_of(code_key: bytes) -> CaseId:
    """Return the id of the case that a code opens; it gives nothing of the code."""
    return CaseId(prf(code_key, CASE, b"")[:CASE_ID_BYTES])


def reply_key_of(code_key: bytes) -> bytes:
    """Return the public half to which organizers' replies are sealed."""
    return crypto_scalarmult_base(_reply_secret(code_key))


def seal_reply(text: str, reply_key: bytes) -> bytes:
    """Return a reply that only the code of its case opens."""
    return crypto_box_seal(_padded(text.encode("utf-8")), reply_key)


def open_reply(box: bytes, code_key: bytes) -> str:
    """Return a reply, or raise `Malformed` if this code does not open it."""
    try:
        plain = crypto_box_seal_open(
            box, reply_key_of(code_key), _reply_secret(code_key)
        )
        return _stripped(plain).decode("utf-8")
    except (CryptoError, UnicodeDecodeError):
        raise Malformed("a reply that this code does not open") from None


def seal_case(
    key: bytes,
    plain: bytes,
    *,
    case_id: CaseId,
    box: DriveId,
    ends_at: int,
    nonce: bytes,
) -> bytes:
    """Return nonce 24 and ciphertext of a case, bound to its row."""
    extra = _extra(case_id, box, ends_at)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(
        _padded(plain), extra, nonce, key
    )


def open_case(
    key: bytes, sealed: bytes, *, case_id: CaseId, box: DriveId, ends_at: int
) -> bytes:
    """Return a case's content, or raise `Malformed`."""
    extra = _extra(case_id, box, ends_at)
    try:
        return _stripped(
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[NONCE_BYTES:], extra, sealed[:NONCE_BYTES], key
            )
        )
    except (CryptoError, ValueError):
        raise Malformed("a case that its key does not open") from None


def _reply_secret(code_key: bytes) -> bytes:
    return prf(code_key, REPLY, b"")


def _extra(case_id: CaseId, box: DriveId, ends_at: int) -> bytes:
    return _CASE_LABEL + case_id + box + ends_at.to_bytes(8, "big")


def _padded(plain: bytes) -> bytes:
    marked = plain + _PAD_MARK
    return marked + bytes(-len(marked) % STEP_BYTES)


def _stripped(padded: bytes) -> bytes:
    content = padded.rstrip(b"\x00")
    if content[-1:] != _PAD_MARK:
        raise Malformed("something is not padded as it must be")
    return content[:-1]
