"""A long text that a person wrote, made harmless for whoever reads it (pure).

What cannot be seen is shown, links lose all behind their host, and nothing in it calls
anybody. Adapters escape their own platform's signs besides.
"""

import re
import unicodedata
from itertools import groupby

from bot.views.names import quoted

_LINK = re.compile(r"(?:https?://|www\.)([^\s/?#<>]+)\S*", re.IGNORECASE)
# What chat platforms take for a call to everybody, or to somebody.
_CALLS = re.compile(r"<([!@#&][^>\s]*)>|@(?=\w)")
# Joins letters and emoji, and is part of how many languages are written.
_JOINERS = frozenset("\u200c\u200d")
_HIDDEN = frozenset(["Cf", "Co", "Cn"])
# So many places with hidden signs are described; more get one short mark each, so that
# nobody makes a text long by signs that cannot be seen.
_DESCRIBED_MAX = 10


def inert(words: str) -> str:
    """Return `words` as they may stand on a screen, line breaks kept."""
    words = _LINK.sub(r"[link to \1]", words)
    words = _CALLS.sub(lambda found: f"[{found[1]}]" if found[1] else "(at)", words)
    shown: list[str] = []
    places = 0
    for is_hidden, run in groupby(words, key=_is_hidden):
        signs = "".join(run)
        if is_hidden:
            places += 1
            signs = _described(signs) if places <= _DESCRIBED_MAX else "·"
        shown.append(signs)
    return quoted("".join(shown))


def _is_hidden(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in _HIDDEN


def _described(signs: str) -> str:
    if len(signs) > 1:
        return f"[{len(signs)} hidden signs]"
    return f"[U+{ord(signs):04X}]"
