"""What a signature on a petition may say, and how long that is (protocol.md §13)."""

import unicodedata
from enum import StrEnum

# Signs that break a line, turn the reading direction around, or cannot be seen: one
# name could then stand as two, or put the names beside it in another order.
_BREAKING = frozenset(["Cc", "Cf", "Zl", "Zp"])
# Of these, scripts and pictures need the two that join or part letters.
_JOINERS = frozenset("\u200c\u200d")


class Detail(StrEnum):
    """What a signature may say, in the order of the record."""

    NAME = "name"
    AFFILIATION = "affiliation"
    CONTACT = "contact"
    PHONE = "phone"
    LANGUAGE = "language"
    EMPLOYER = "employer"
    DATE = "date"


# Bytes of UTF-8: 558 in all, and one for each length, fit the record with its header.
DETAIL_BYTES_MAX = {
    Detail.NAME: 200,
    Detail.AFFILIATION: 100,
    Detail.CONTACT: 120,
    Detail.PHONE: 20,
    Detail.LANGUAGE: 8,
    Detail.EMPLOYER: 100,
    Detail.DATE: 10,
}


def check_detail(text: str, bytes_max: int) -> None:
    """Raise `ValueError` unless `text` is one plain line of so many bytes at most."""
    if text != text.strip():
        raise ValueError("a text has spaces around it")
    if any(_breaks(char) for char in text):
        raise ValueError("a text is not one plain line")
    # Halves of a surrogate pair have no bytes: this raises a ValueError too.
    if len(text.encode()) > bytes_max:
        raise ValueError("a text is too long")


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in _BREAKING and char not in _JOINERS
