"""A long text that a person wrote, made harmless for whoever reads it (pure).

What cannot be seen is shown, links lose all behind their host, and nothing in it calls
anybody. Adapters escape their own platform's signs besides.
"""

import re
import unicodedata

from bot.views.names import quoted

_LINK = re.compile(r"(?:https?://|www\.)([^\s/?#<>]+)\S*", re.IGNORECASE)
# What chat platforms take for a call to everybody, or to somebody.
_CALLS = re.compile(r"<([!@#&][^>\s]*)>|@(?=\w)")
# Joins letters and emoji, and is part of how many languages are written.
_JOINERS = frozenset("\u200c\u200d")
_HIDDEN = {"Cf": "[U+{:04X}]", "Co": "[U+{:04X}]", "Cn": "[U+{:04X}]"}


def inert(words: str) -> str:
    """Return `words` as they may stand on a screen, line breaks kept."""
    words = _LINK.sub(r"[link to \1]", words)
    words = _CALLS.sub(lambda found: f"[{found[1]}]" if found[1] else "(at)", words)
    shown = (
        _HIDDEN[kind].format(ord(char))
        if char not in _JOINERS and (kind := unicodedata.category(char)) in _HIDDEN
        else char
        for char in words
    )
    return quoted("".join(shown))
