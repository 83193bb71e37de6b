"""A petition's paper: everybody is on it, and no time is."""

import logging
import re
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.printing import Printed, print_petition
from bot.printing.fonts import find_fonts
from tests.printing.test_fonts import font_of

# Drawing is slow where coverage is measured.
pytestmark = pytest.mark.timeout(180)

SEED = bytes(32)
BREAKS = Printed(
    title="Paid lunch breaks",
    text="We ask for a paid break of 30 minutes.\nIt begins next month.",
    addressee="the site management",
    count=24,
    threshold=20,
    mark="0123456789abcdef0123456789abcdef",
    names=tuple((f"Person {n}", "Dock 4") for n in range(24)),
)


def printed(paper: Printed, *, seed: bytes = SEED) -> bytes:
    """Return the PDF, drawn with our own font."""
    return print_petition(paper, find_fonts([], []), seed=seed)


def pages(pdf: bytes) -> int:
    """Return how many pages there are."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def glyphs(pdf: bytes) -> int:
    """Return how many glyphs are drawn on all pages together."""
    total = 0
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        if b" Tf" in content:
            total += content.count(b"Tj") + content.count(b"TJ")
    return total


def test_three_parts() -> None:
    """There are a letter, a sheet of rings, and a list."""
    pdf = printed(BREAKS)

    assert pdf.startswith(b"%PDF-")
    assert pages(pdf) == 3


def test_more_names_take_more_pages() -> None:
    """Three hundred names go on several sheets and several pages of the list."""
    many = tuple((f"Person {n}", "") for n in range(300))
    pdf = printed(replace(BREAKS, count=300, names=many))

    assert pages(pdf) >= 5
    assert glyphs(pdf) > 600


def test_thousand_names_in_time() -> None:
    """The paper of a thousand names takes less than ten seconds, and has them all."""
    many = tuple((f"Person {n}", "Dock 4") for n in range(1000))
    paper = replace(BREAKS, count=1000, names=many)
    started = time.perf_counter()
    pdf = printed(paper)

    assert time.perf_counter() - started < 10
    # Each name stands in a ring and in the list.
    assert glyphs(pdf) >= 2 * 1000


def test_no_time_in_the_file() -> None:
    """The same paper printed later has the same bytes, and no date."""
    first = printed(BREAKS)
    time.sleep(1.1)

    assert printed(BREAKS) == first
    assert not re.search(rb"CreationDate|ModDate|/ID\b|D:2\d{3}", first)


def test_places_are_drawn_anew() -> None:
    """Another seed puts people elsewhere."""
    assert printed(BREAKS) != printed(BREAKS, seed=b"other")


@pytest.mark.parametrize("chars", [300, 2500])
def test_long_text(chars: int) -> None:
    """A text that does not fit the circle stands in the letter, whole."""
    text = ("We ask for a break. " * 125)[:chars]

    assert pages(printed(replace(BREAKS, text=text))) == 3


@pytest.mark.parametrize(
    "title", ["W" * 150, "Wage " * 30, "x", "W" * 75 + " " + "M" * 74]
)
def test_any_title_fits(title: str) -> None:
    """A title of 150 signs finds room, also without a space."""
    long = replace(BREAKS, title=title, text="x " * 1250, addressee="W" * 100)

    assert pages(printed(long)) == 3


@pytest.mark.parametrize("name", ["W" * 200, "Mei " * 50, "é" * 100])
def test_any_name_fits(name: str) -> None:
    """A name of 200 bytes is broken into lines, and stands."""
    assert pages(printed(replace(BREAKS, names=((name, name[:100]),)))) == 3


def test_two_and_a_half_thousand_chinese_signs(tmp_path: Path) -> None:
    """A text in a script without spaces fits the letter, in a smaller size."""
    fonts = find_fonts(["王"], [font_of(tmp_path / "Han Sans.ttf", "王").parent])
    paper = replace(BREAKS, text="王" * 2500, names=(("王", "王"),))

    assert pages(print_petition(paper, fonts, seed=SEED)) == 3


def test_what_is_missing_is_said() -> None:
    """Names that could not be drawn or read are counted at the end of the list."""
    whole, less = printed(BREAKS), printed(replace(BREAKS, damaged=2, not_drawn=3))

    assert glyphs(less) > glyphs(whole)


def test_libraries_log_no_names(caplog: pytest.LogCaptureFixture) -> None:
    """What the libraries would log of a name is not logged."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("fpdf").setLevel(logging.NOTSET)
        printed(replace(BREAKS, names=(("Mei \U0001fabb", ""),)))

    assert not caplog.records
