"""Closing envelopes: the public half of ballot encryption (protocol.md §6).

An envelope is libsodium's sealed box (X25519, XSalsa20-Poly1305). Each has an
ephemeral key of its own: sharing one over a batch would be faster, would link the
batch, and would let the gate open it.
"""

from collections.abc import Sequence

from nacl.bindings import crypto_box_seal

from bot.core.ballots import Ballot, Envelope, pad_record
from bot.crypto.prf import COMMIT, MAC, prf


def make_record(ballot: Ballot, k_mac: bytes) -> bytes:
    """Return the ballot's padded record with its MAC, ready to be sealed."""
    body = ballot.encode()
    return pad_record(body, prf(k_mac, MAC, body))


def seal_records(records: Sequence[bytes], public: bytes) -> list[Envelope]:
    """Return one envelope for each record, in the same order."""
    return [Envelope(crypto_box_seal(record, public)) for record in records]


def commit_to_key(k_gate: bytes) -> bytes:
    """Return what the manifest pins, so that a lost k_gate is never replaced."""
    return prf(k_gate, COMMIT, b"")
