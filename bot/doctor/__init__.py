"""Looks an installation over: what is wrong, why that matters, and how to mend it.

Looking and judging are apart: what was seen is a value, and a pure function judges it.
Nothing is changed, and no finding names a person, a place or a secret.
"""

from bot.doctor.examining import examine

__all__ = ["examine"]
