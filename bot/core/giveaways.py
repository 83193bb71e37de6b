"""Words in a report that may point to its author (pure; nothing of it is kept).

It finds what has a form: addresses, numbers, times, places to sit, "I am the only one".
It cannot find what only somebody at work would know, and the page says so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher

# A name of one letter would mark half of the text.
NAME_CHARS_MIN = 2
# "An", "Li", "Wu": two letters are a name where the first one is large.
_SHORT_NAME_CHARS = 2
# Parts of what people call themselves that stand in every text.
_EVERYDAY = frozenset(
    {
        *("all", "and", "are", "but", "can", "for", "from"),
        *("has", "have", "here", "his", "her", "how", "just"),
        *("like", "man", "not", "now", "one", "our", "out"),
        *("she", "team", "that", "the", "their", "there", "they"),
        *("this", "was", "who", "why", "with", "you", "your"),
    }
)
_LETTERS = re.compile(r"[^\W\d_]+")
# Somebody reads the page: more marks than this are no help.
MARKS_MAX = 12
# Seven digits in a row are a telephone number in many towns, or a number of staff.
_DIGITS_MIN = 6
_CONTEXT_CHARS = 24
_WORD = re.compile(r"\w")

_NUMBER = r"(?:no\.?\s*|nr\.?\s*|number\s+|#)?\d+[a-z]?\b"
_SPOTS = (
    "desk|seat|locker|workstation|station|dock|bay|aisle|gate|counter|register|till|"
    "room|office|floor|line|cell|machine|truck|van|forklift"
)
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|"
    "december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # e-mail, then handles as chat platforms write them
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"(?<![\w@])@[\w.-]{2,}",
        r"<@[A-Z0-9]+>|<@!?\d+>",
        # links say who followed them
        r"https?://\S+|\bwww\.\S+",
        # times of day, dates, weekdays
        r"\b(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:\s?[ap]\.?m\b\.?)?",
        r"\b(?:1[0-2]|0?[1-9])\s?(?:[ap]\.?m\b\.?|o['’]clock\b)",
        r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
        rf"\b(?:\d{{1,2}}(?:[a-z]{{2}})?\s+(?:of\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}})\b",
        rf"\b(?:on\s+|last\s+|this\s+)?(?:{_WEEKDAYS})\b",
        # where somebody sits or works
        rf"\bmy\s+(?:\w+\s+)?(?:{_SPOTS})\b(?:\s+{_NUMBER})?",
        rf"\b(?:{_SPOTS})\s+{_NUMBER}",
        # who somebody is
        r"\bI\s?(?:['’]m|am|was|have been)\s+the\s+(?:only|one|first|last|new)\b",
        r"\bas the only\b|\bthe only (?:one|woman|man|person|member|employee)\b",
        r"\bmy name is\s+\w+|\b(?:signed|yours),?\s+\w+\s*$",
        r"\bmy (?:boss|manager|supervisor|husband|wife|son|daughter|pregnancy)\b",
        rf"(?<!\d)\d{{{_DIGITS_MIN},}}(?!\d)",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where words stand that may point to somebody: from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Marked words with a little of what stands around them.

    Where marks are near each other, `words` are the first one, what stands between, the
    next one, and so on: nobody reads the same sentence three times.
    """

    before: str
    words: tuple[str, ...]
    after: str


def find_marks(
    text: str, names: Iterable[str] = (), *, account: str = ""
) -> list[Mark]:
    """Return the places that may point to the author, joined and in order.

    `names` are what the platform calls the author, as it says by itself: handle and
    display names. Each is looked for whole and in its parts, the `account`'s id whole.
    """
    found = [(m.start(), m.end()) for p in _PATTERNS for m in p.finditer(text)]
    found += [
        (match.start, match.end)
        for match in PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE)
    ]
    for name in names:
        found += _named(name, text)
    if len(account) >= NAME_CHARS_MIN:
        found += _places_of(account, text)
    joined: list[Mark] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1].end:
            last = joined[-1]
            joined[-1] = Mark(start=last.start, end=max(end, last.end))
        else:
            joined.append(Mark(start=start, end=end))
    return joined[:MARKS_MAX]


def _named(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name or a part of it stands: "mei.chen2" is Mei, and is Chen."""
    if len(name) >= NAME_CHARS_MIN:
        yield from _places_of(name, text)
    for part in _LETTERS.findall(name):
        is_short = len(part) == _SHORT_NAME_CHARS
        if len(part) > _SHORT_NAME_CHARS and part.casefold() not in _EVERYDAY:
            yield from _places_of(part, text)
        elif is_short and part != name:
            found = _places_of(part, text)
            yield from (place for place in found if text[place[0]].isupper())


def _places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as a word of its own, in small letters or large.

    No pattern is made of it: `re` keeps the last patterns, and with them the names.
    """
    wanted = name.casefold()
    for start in range(len(text) - len(name) + 1):
        end = start + len(name)
        if text[start:end].casefold() == wanted:
            around = text[max(start - 1, 0) : start] + text[end : end + 1]
            if not _WORD.search(around):
                yield start, end


def snippets(text: str, marks: Iterable[Mark]) -> list[Snippet]:
    """Return all marks with the words around them, each snippet in one line."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and mark.start - groups[-1][-1].end <= _CONTEXT_CHARS:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        Snippet(
            before=_last_words(text[: group[0].start]),
            words=tuple(_in_turns(text, group)),
            after=_first_words(text[group[-1].end :]),
        )
        for group in groups
    ]


def _in_turns(text: str, group: Sequence[Mark]) -> Iterator[str]:
    """Yield marked words and what stands between them, in turns."""
    end = group[0].start
    for mark in group:
        if mark.start > end:
            yield _flat(text[end : mark.start])
        yield _flat(text[mark.start : mark.end])
        end = mark.end


def _last_words(text: str) -> str:
    """Return the end of `text`, from the beginning of a word on."""
    end = text[-_CONTEXT_CHARS:]
    if len(text) > len(end):
        end = end.partition(" ")[2]
    return _flat(end)


def _first_words(text: str) -> str:
    start = text[:_CONTEXT_CHARS]
    if len(text) > len(start):
        start = start.rpartition(" ")[0]
    return _flat(start)


def _flat(text: str) -> str:
    """Return a text in one line; a space at either end stays."""
    return re.sub(r"\s+", " ", text)
