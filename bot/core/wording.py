"""Words that stand in one line, on a screen or on paper, without hidden characters.

A line end or an escape in a title could draw lines of its own beside it: a threshold
that was reached, a mark that trustees compare. None is drafted, and none is decoded.
"""

import unicodedata

from bot.core import canonical
from bot.core.canonical import JsonValue, Malformed

# A letter, a digit or a sign; of the invisible ones, only what joins letters.
_JOINERS = frozenset("\u200c\u200d")
# Controls, signs that format, halves of a sign, and line ends that few programs know.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def one_line(words: str) -> str:
    """Return `words` in one line, without characters that nobody can see."""
    shown = (
        char
        if char in _JOINERS or not unicodedata.category(char).startswith("C")
        else " "
        for char in unicodedata.normalize("NFC", words)
    )
    return " ".join("".join(shown).split())


def plain_lines(words: str) -> str:
    """Return `words` in their lines, without signs that hide or turn what is read.

    People sign a text as their screen shows it; on another one, or on paper, a sign
    that turns the reading direction around could make it say something else.
    """
    text = words.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(
        " " if char != "\n" and _turns_or_hides(char) else char for char in text
    ).strip()


def _turns_or_hides(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in _UNSEEN


def line_of(value: JsonValue, chars_max: int) -> str:
    """Return a text that is one line already, or raise `Malformed`."""
    words = canonical.text_of(value, chars_max)
    if words != one_line(words):
        raise Malformed("a text that is not one line, or has hidden characters")
    return words
