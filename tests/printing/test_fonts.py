"""Which names can be drawn with what the machine has."""

import sys
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from bot.printing import fonts
from bot.printing.fonts import OWN_FONT, find_fonts, signs_of, system_folders


def font_of(path: Path, signs: str) -> Path:
    """Make a font that draws a square for each of these signs."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((500, 500))
    pen.lineTo((500, 0))
    pen.closePath()
    names = [".notdef", *[f"u{ord(sign):04X}" for sign in signs]]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(s): f"u{ord(s):04X}" for s in signs})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    builder.save(path)
    return path


def test_own_font_draws_three_scripts(tmp_path: Path) -> None:
    """Latin, Cyrillic and Arabic need nothing of the machine."""
    found = find_fonts(["Siobhán Ó Brien", "Ольга", "فاطمة", "Ελένη"], [tmp_path])

    assert found.files == (OWN_FONT,)
    assert found.drawable("Ольга فاطمة") == "Ольга فاطمة"


def test_machine_has_the_rest(tmp_path: Path) -> None:
    """Where letters are missing, the machine's fonts are searched for them."""
    (tmp_path / "deep").mkdir()
    han = font_of(tmp_path / "deep" / "Han Sans.ttf", "王小明")
    font_of(tmp_path / "Han Bold.ttf", "王小明")
    found = find_fonts(["Mei", "王小明"], [tmp_path])

    assert found.files == (OWN_FONT, han)
    assert found.drawable("王小明") == "王小明"


def test_no_more_fonts_than_needed(tmp_path: Path) -> None:
    """A font that adds nothing is not taken."""
    font_of(tmp_path / "A Sans.ttf", "x")
    han = font_of(tmp_path / "B Sans.ttf", "王")
    font_of(tmp_path / "C Sans.ttf", "王")

    assert find_fonts(["王"], [tmp_path]).files == (OWN_FONT, han)


def test_name_that_nobody_can_draw(tmp_path: Path) -> None:
    """A letter that no font has is told, rather than left out of a name."""
    found = find_fonts(["王小明"], [tmp_path])

    assert found.drawable("王小明") is None
    assert found.drawable("Mei 王") is None
    assert found.legible("Mei 王") == "Mei □"


def test_pictures_may_go(tmp_path: Path) -> None:
    """A flower beside a name is left out where no font has it; the name stays."""
    found = find_fonts(["Mei \U0001fabb"], [tmp_path])

    assert found.drawable("Mei \U0001fabb\ufe0f") == "Mei"
    assert found.drawable("\U0001fabb") is None
    assert found.legible("Mei\U0001fabb!") == "Mei!"


def test_what_is_no_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged, huge, empty and missing files draw nothing and stop nothing."""
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0" + bytes(100))
    (tmp_path / "text.otf").write_text("no font")
    (tmp_path / "folder.ttf").mkdir()
    whole = font_of(tmp_path / "whole.ttf", "王")

    assert [signs_of(path) for path in sorted(tmp_path.glob("[bft]*"))] == [
        frozenset()
    ] * 3
    assert signs_of(tmp_path / "missing.ttf") == frozenset()
    assert signs_of(whole) == {ord("王")}
    monkeypatch.setattr(fonts, "FONT_BYTES_MAX", 10)
    assert signs_of(whole) == frozenset()


def test_fonts_of_pictures_draw_nothing(tmp_path: Path) -> None:
    """A font without outlines is passed over."""
    path = font_of(tmp_path / "x.ttf", "王")
    with TTFont(path) as font:
        del font["glyf"]
        del font["loca"]
        font["maxp"].tableVersion = 0x00005000
        font.save(tmp_path / "pictures.ttf")

    assert signs_of(tmp_path / "pictures.ttf") == frozenset()


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_each_system_has_its_folders(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fonts are looked for where the system keeps them."""
    monkeypatch.setattr(sys, "platform", system)

    assert all(not str(path).startswith("~") for path in system_folders())
    assert system_folders()


def test_missing_folder_is_no_matter(tmp_path: Path) -> None:
    """A machine without a folder of fonts prints with ours."""
    assert find_fonts(["王"], [tmp_path / "none"]).files == (OWN_FONT,)
