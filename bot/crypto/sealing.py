"""Closing envelopes: the public half of ballot encryption (protocol.md §6).

An envelope is libsodium's sealed box (X25519, XSalsa20-Poly1305). Each has an
ephemeral key of its own: sharing one over a batch would be faster, would link the
batch, and would let the gate open it.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from nacl.bindings import crypto_box_seal

from bot.core.ballots import (
    POLL_ENVELOPE_BYTES,
    POLL_RECORD_BYTES,
    Ballot,
    Envelope,
    pad_record,
)
from bot.core.shapes import POLL, Shape
from bot.crypto.prf import COMMIT, MAC, prf

PUBLIC_KEY_BYTES = 32
# libsodium as PyNaCl has it, under the functions that it publishes. It has no types.
_sodium: Any = import_module("nacl._sodium")


def make_record(ballot: Ballot, k_mac: bytes, shape: Shape = POLL) -> bytes:
    """Return the ballot's padded record with its MAC, ready to be sealed."""
    body = ballot.encode()
    return pad_record(body, prf(k_mac, MAC, body), shape)


def seal_records(records: Sequence[bytes], public: bytes) -> list[Envelope]:
    """Return one envelope for each record, in the same order."""
    return [Envelope(crypto_box_seal(record, public)) for record in records]


def seal_joined(records: bytes, public: bytes) -> bytes:
    """Return the envelopes of joined padded records, joined in the same order.

    The same as `seal_records`, into one buffer. That saves 2 of 50 µs: PyNaCl's own
    function makes three objects of each record.
    """
    ffi, seal = _sodium.ffi, _sodium.lib.crypto_box_seal
    count = len(records) // POLL_RECORD_BYTES
    assert len(public) == PUBLIC_KEY_BYTES
    assert len(records) == count * POLL_RECORD_BYTES
    sealed = bytearray(count * POLL_ENVELOPE_BYTES)
    source, target = ffi.from_buffer(records), ffi.from_buffer(sealed)
    for at in range(count):
        failed = seal(
            target + at * POLL_ENVELOPE_BYTES,
            source + at * POLL_RECORD_BYTES,
            POLL_RECORD_BYTES,
            public,
        )
        if failed:
            raise RuntimeError("a record could not be sealed")
    return bytes(sealed)


def commit_to_key(k_gate: bytes) -> bytes:
    """Return what the manifest pins, so that a lost k_gate is never replaced."""
    return prf(k_gate, COMMIT, b"")
