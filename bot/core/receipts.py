"""What a person gets back for an answer that is durably stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Receipt:
    """The same for a first answer, a repeat and a locked one, but for code and mark.

    `next_count` is the schedule's (seconds), whether or not a count takes place.
    `code` is a new code in groups of four, or empty; `mark` is the first 16
    hexadecimal characters of the envelope's SHA-256, shown with a new code only.
    """

    next_count: int
    code: str = ""
    mark: str = ""
