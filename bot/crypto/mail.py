"""Numbered messages between gate and counter, sealed and signed (protocol.md §9).

The signature stands outside of the box: whoever restarts can check what they sent
themselves, though only the reader opens it.
"""

from dataclasses import dataclass

from nacl.bindings import crypto_box_seal, crypto_box_seal_open
from nacl.exceptions import CryptoError

from bot.core import canonical
from bot.core.canonical import JsonObject, Malformed
from bot.core.records import Mail, Party
from bot.crypto import signing
from bot.crypto.keypairs import OwnKeys, PeerKeys

_LETTER_KEYS = frozenset({"kind", "body", "ack"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Letter:
    """What a message says: its kind, its body, and the last number its sender read."""

    kind: str
    body: JsonObject
    ack: int


def write_mail(
    letter: Letter, *, reader: Party, number: int, own: OwnKeys, peer: PeerKeys
) -> Mail:
    """Return the sealed and signed message."""
    text = canonical.encode(
        {"kind": letter.kind, "body": letter.body, "ack": letter.ack}
    )
    box = crypto_box_seal(text, peer.box)
    signature = signing.sign(
        own.signing_seed, signing.MAIL, _signed(reader, number, box)
    )
    return Mail(reader=reader, number=number, box=box, signature=signature)


def is_by(writer_signing: bytes, mail: Mail) -> bool:
    """Tell whether `mail` was written by whoever holds this signing key."""
    if not 0 < mail.number <= canonical.INTEGER_MAX:
        return False
    message = _signed(mail.reader, mail.number, mail.box)
    return signing.is_signed(writer_signing, signing.MAIL, message, mail.signature)


def read_mail(mail: Mail, *, own: OwnKeys, peer: PeerKeys) -> Letter:
    """Return what `mail` says, or raise `Malformed` if it is not by `peer`."""
    if not is_by(peer.signing, mail):
        raise Malformed("a message whose signature does not hold")
    try:
        text = crypto_box_seal_open(mail.box, own.public.box, own.box_secret)
    except CryptoError:
        raise Malformed("a message that this key does not open") from None
    fields = canonical.decode_object(text, _LETTER_KEYS)
    body = fields["body"]
    if not isinstance(body, dict):
        raise Malformed("a message without a body")
    return Letter(
        kind=canonical.text_of(fields["kind"], 20),
        body=body,
        ack=canonical.integer_of(fields["ack"], 0, canonical.INTEGER_MAX),
    )


def _signed(reader: Party, number: int, box: bytes) -> bytes:
    return reader.value.encode() + b"\x00" + number.to_bytes(8, "big") + box
