"""How a short text that a person wrote stands inside a sentence of ours (pure)."""

import re
import unicodedata

_ISOLATE = "\u2068{}\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_STARS = re.compile(r"\*{2,}")


def quoted(words: str) -> str:
    """Return `words` so that they cannot change what stands around them.

    Two stars would switch bold on or off, and letters written from right to left
    would carry the rest of the line with them (UAX 9: isolates).
    """
    words = _STARS.sub("*", words)
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in words):
        return _ISOLATE.format(words)
    return words
