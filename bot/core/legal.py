"""Lines that a law draws: how many of those who can sign it asks for (pure).

Which lines there are is told by whoever runs the bot, never by the program: laws move,
and so does the number of people that they count (docs/howto/recognition.md).
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.core.links import is_link

# A post has room for the text of a petition and for little more (UX.md §9).
LEGAL_LINES_MAX = 3
WORDS_CHARS_MAX = 120
_PARTS = 4
_PERCENT = re.compile(r"([1-9][0-9]?) ?%")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalLine:
    """So many in a hundred, what for, since when, and where the rule can be read."""

    percent: int
    since: str
    link: str
    words: str

    def people(self, audience: int) -> int:
        """Return how many of `audience` people it takes; a part of one is one."""
        return -(-audience * self.percent // 100)


def read_legal_lines(text: str) -> tuple[LegalLine, ...]:
    """Return the lines that a setting tells, or raise `ValueError` with the reason.

    Each is "30 %; 2026-04-06; https://…; what for".
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > LEGAL_LINES_MAX:
        raise ValueError(f"at most {LEGAL_LINES_MAX} lines")
    return tuple(map(_read, lines))


def _read(line: str) -> LegalLine:
    parts = [part.strip() for part in line.split(";", _PARTS - 1)]
    if len(parts) != _PARTS:
        raise ValueError("each line is PERCENT; DATE; LINK; WORDS")
    percent, since, link, words = parts
    found = _PERCENT.fullmatch(percent)
    if not found:
        raise ValueError("a percentage is 1 % to 99 %")
    if not _is_date(since):
        raise ValueError("a date is written 2026-04-06")
    if not is_link(link):
        raise ValueError("a link begins with https:// and has at most 200 plain signs")
    if not words or len(words) > WORDS_CHARS_MAX:
        raise ValueError("words are needed, at most 120 signs")
    return LegalLine(percent=int(found[1]), since=since, link=link, words=words)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
