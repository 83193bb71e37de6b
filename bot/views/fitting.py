"""Texts that a message has room for together (pure).

What somebody wrote is longer than who can see what, and than what can be done: it gives
way to them, so that nobody pushes either away.
"""

from collections.abc import Callable, Sequence


def cut(text: str, chars_max: int) -> str:
    """Return a text of at most `chars_max` characters, with a sign where it was cut."""
    return text if len(text) <= chars_max else f"{text[: chars_max - 1]}…"


def fitting(
    texts: Sequence[str], most: int, *, size: Callable[[str], int] = len
) -> list[str]:
    """Return texts of `most` characters together: the longest one is shortened.

    `size` is how many characters a text takes as a platform writes it.
    """
    found = list(texts)
    while (excess := sum(map(size, found)) - most) > 0:
        at = max(range(len(found)), key=lambda each: size(found[each]))
        if len(found[at]) == 1:
            break
        found[at] = cut(found[at], max(1, len(found[at]) - excess))
    return found
