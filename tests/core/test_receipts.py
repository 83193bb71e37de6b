"""What a person gets back."""

from bot.core.receipts import Receipt
from tests.core.lunch import NOON


def test_receipt_is_the_same_for_everybody() -> None:
    """Without a code there is nothing in it but the schedule."""
    assert Receipt(next_count=NOON) == Receipt(next_count=NOON, code="", mark="")


def test_receipt_prints_no_code() -> None:
    """A code must not land in a message."""
    receipt = Receipt(next_count=NOON, code="CANARY", mark="0123456789abcdef")

    assert "CANARY" not in f"{receipt} {receipt!r}"
    assert "0123456789abcdef" not in f"{receipt} {receipt!r}"
