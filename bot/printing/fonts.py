"""Which font draws which sign: one that comes along, and what the machine has.

DejaVu Sans draws Latin, Cyrillic, Greek, Arabic and more. For all other scripts the
machine's own fonts are searched, and what none of them has is told.
"""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# It is typed, but says so nowhere.
from fontTools.ttLib import (  # pyright: ignore[reportMissingTypeStubs]
    TTFont,
    TTLibError,
)

OWN_FONT = Path(__file__).with_name("DejaVuSans.ttf")
# Reading what a font covers takes milliseconds; thousands are a designer's machine.
FONT_FILES_MAX = 400
# A font of all of CJK has 20 MB.
FONT_BYTES_MAX = 64 * 2**20
# Pictures and joining signs: a name is the same person's without them.
_LEFT_OUT = frozenset(["So", "Sk", "Cf", "Cn", "Co"])
_VARIATIONS = range(0xFE00, 0xFE10)
# Always there in our own font: stands where a sign of a text cannot be drawn.
MISSING = "\u25a1"

_FOLDERS = {
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}
_FOLDERS_ELSEWHERE = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts")
_SUFFIXES = frozenset([".ttf", ".ttc", ".otf"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """Font files in the order in which they are asked, and all signs that they have."""

    files: tuple[Path, ...]
    signs: frozenset[int]

    def drawable(self, text: str) -> str | None:
        """Return the text as it can be drawn, or None where a letter is missing.

        Pictures that no font has are left out.
        """
        kept: list[str] = []
        for char in text:
            if ord(char) in self.signs and ord(char) not in _VARIATIONS:
                kept.append(char)
            elif not _may_go(char):
                return None
        drawn = " ".join("".join(kept).split())
        return drawn or None

    def legible(self, text: str) -> str:
        """Return the text with an empty square for each letter that is missing."""
        signs = [
            char if ord(char) in self.signs else "" if _may_go(char) else MISSING
            for char in text
        ]
        return "".join(signs)


def find_fonts(texts: Iterable[str], folders: Sequence[Path] | None = None) -> Fonts:
    """Return our own font, and those of the machine's that the texts need besides."""
    own = signs_of(OWN_FONT)
    wanted = {ord(char) for text in texts for char in text if not _may_go(char)}
    missing = wanted - own
    files, signs = [OWN_FONT], set(own)
    for path in _installed(system_folders() if folders is None else folders):
        if not missing:
            break
        found = signs_of(path)
        if found & missing:
            files.append(path)
            signs |= found
            missing -= found
    return Fonts(files=tuple(files), signs=frozenset(signs))


def signs_of(path: Path) -> frozenset[int]:
    """Return the code points that a font draws; none if it cannot be read."""
    try:
        if path.stat().st_size > FONT_BYTES_MAX:
            return frozenset()
        with path.open("rb") as stream, TTFont(stream, fontNumber=0, lazy=True) as font:
            # Fonts of pictures alone would be no help, and are embedded badly.
            if "glyf" not in font and "CFF " not in font:
                return frozenset()
            return frozenset(font.getBestCmap() or {})
    except (OSError, TTLibError, ValueError, KeyError, AssertionError):
        return frozenset()


def system_folders() -> tuple[Path, ...]:
    """Return where this system keeps its fonts."""
    names = _FOLDERS.get(sys.platform, _FOLDERS_ELSEWHERE)
    return tuple(Path(name).expanduser() for name in names)


def _installed(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the machine's font files: upright sans serifs first, then by name."""
    found = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
    ]
    yield from sorted(found, key=_rank)[:FONT_FILES_MAX]


def _rank(path: Path) -> tuple[bool, bool, str]:
    name = path.stem.lower()
    fancy = any(word in name for word in ("bold", "italic", "oblique", "mono", "light"))
    return fancy, "sans" not in name, name


def _may_go(char: str) -> bool:
    return (
        char.isspace()
        or unicodedata.category(char) in _LEFT_OUT
        or ord(char) in _VARIATIONS
    )
