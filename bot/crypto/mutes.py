"""An author's tag that nobody sees: sealed by the counter to itself, for 14 days (§12).

Each release has a key of its own. A case carries the box; organizers who mute its
author hand the box back, and the counter alone opens it. With the key dies the mute.
"""

from nacl.bindings import (
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

from bot.core.manifest import DriveId
from bot.core.releases import MUTE_BOX_BYTES

_T2_BYTES = 16


def seal_mute(secret: bytes, *, box: DriveId, tag: bytes) -> bytes:
    """Return the mute box of a report: 80 bytes."""
    sealed = crypto_box_seal(tag + box, crypto_scalarmult_base(secret))
    assert len(sealed) == MUTE_BOX_BYTES
    return sealed


def open_mute(secret: bytes, sealed: bytes, *, box: DriveId) -> bytes | None:
    """Return the second tag in a mute box, or nothing if it is not of this release."""
    try:
        plain = crypto_box_seal_open(sealed, crypto_scalarmult_base(secret), secret)
    except CryptoError:
        return None
    return plain[:_T2_BYTES] if plain[_T2_BYTES:] == box else None
