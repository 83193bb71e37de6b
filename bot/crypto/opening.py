"""Opening envelopes: the secret half, for the counter alone (protocol.md §7)."""

from nacl.bindings import crypto_box_seal_open
from nacl.exceptions import CryptoError

from bot.core.ballots import Ballot, decode_ballot, split_record
from bot.core.canonical import Malformed
from bot.core.shapes import POLL, Shape
from bot.crypto.prf import MAC, is_same, prf


def open_envelope(
    envelope: bytes,
    *,
    public: bytes,
    secret: bytes,
    k_mac: bytes,
    shape: Shape = POLL,
) -> Ballot:
    """Return the ballot in `envelope`, or raise `Malformed`.

    A box sealed to another key, a wrong MAC and a wrong layout are all `Malformed`.
    """
    try:
        record = crypto_box_seal_open(envelope, public, secret)
    except CryptoError:
        raise Malformed("an envelope that this key does not open") from None
    mac, body = split_record(record, shape)
    if not is_same(mac, prf(k_mac, MAC, body)):
        raise Malformed("a record whose MAC does not hold")
    return decode_ballot(body, shape)
