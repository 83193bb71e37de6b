"""Closing name boxes: all that the bot does with TK (protocol.md §13)."""

from nacl.bindings import crypto_box_seal

from bot.core.name_boxes import SignedName


def seal_name(signed: SignedName, public: bytes) -> bytes:
    """Return the name box, sealed to TK's public half: always 640 bytes."""
    return crypto_box_seal(signed.encode(), public)
