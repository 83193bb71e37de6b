"""G9 and G5: a released table tells little about one person (docs/publication.md)."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot.core.publication import turnout_floor
from tests.games.small_groups import (
    CERTAINTY_BAR,
    CONTROL_BAR,
    LARGE,
    MIDDLE,
    SMALL,
    UNANIMOUS,
    Figures,
    all_others,
    half,
    highest,
    nobody,
    play,
    play_options,
    play_segment,
    play_three,
    publish_breakdown,
    publish_each_alone,
    publish_every_cell,
    worst,
)

DOCS = Path(__file__).parents[2] / "docs" / "publication.md"


def test_small_group_hides_an_answer() -> None:
    """Of 10 to 24 answers, one who knows half of them learns little of another."""
    figures = worst(SMALL, half)

    assert figures.advantage <= 0.35
    assert figures.certainty <= CERTAINTY_BAR


def test_middle_group_hides_an_answer() -> None:
    """Of 25 to 99 answers, one who knows half of them learns little of another."""
    figures = worst(MIDDLE, half)

    assert figures.advantage <= 0.25
    assert figures.certainty <= CERTAINTY_BAR


@pytest.mark.parametrize("known", [nobody, half, all_others])
def test_large_group_hides_an_answer(known: Callable[[int], int]) -> None:
    """From 100 answers on this holds whatever the attacker knows of the others."""
    assert worst(LARGE, known).advantage <= 0.20


def test_large_group_leaves_doubt() -> None:
    """From 100 answers on, one who knows half of them is hardly ever certain."""
    assert worst(LARGE, half).certainty <= CERTAINTY_BAR


@pytest.mark.parametrize("known", [nobody, half, all_others])
def test_unanimous_poll_tells_nothing(known: Callable[[int], int]) -> None:
    """Where all others agree, the target's answer changes no word of the table."""
    for answers in (*SMALL, *MIDDLE, *LARGE):
        figures = play(answers, known(answers), chances=UNANIMOUS)

        assert figures == Figures(advantage=0.0, certainty=0.0)


def test_control_is_found_out() -> None:
    """Rounding every cell proves that 13 agreed: the game must flag that publisher."""
    figures = play(13, half(13), publisher=publish_every_cell, chances=UNANIMOUS[1:])

    assert publish_every_cell(13, 0) == (15, "0–4")
    assert figures.advantage >= CONTROL_BAR
    assert figures.certainty >= CONTROL_BAR


def test_control_breaks_the_bar_of_certainty() -> None:
    """That publisher is found out among mixed polls too."""
    figures = worst(SMALL, half, publisher=publish_every_cell)

    assert figures.certainty > CERTAINTY_BAR


@pytest.mark.parametrize(("answers", "bar"), [(11, 0.35), (24, 0.35), (40, 0.25)])
def test_three_options_hide_an_answer(answers: int, bar: float) -> None:
    """A third option does not open what two options hide."""
    figures = play_three(answers, half(answers))

    assert figures.advantage <= bar
    assert figures.certainty <= CERTAINTY_BAR


SEGMENTS = [(20, 20), (20, 70), (21, 45), (21, 70), (24, 70)]
LARGER_SEGMENTS = [(25, 20), (25, 70), (26, 60), (35, 60), (60, 38)]
LARGEST_SEGMENTS = [(100, 20), (101, 30), (103, 40), (150, 50)]


@pytest.mark.parametrize(("own", "outside"), SEGMENTS)
def test_small_segment_hides_an_answer(own: int, outside: int) -> None:
    """Whole and segment together keep the bars, all answers outside being known."""
    figures = play_segment(own, outside, half(own), publisher=publish_breakdown)

    assert figures.advantage <= 0.35
    assert figures.certainty <= CERTAINTY_BAR


@pytest.mark.parametrize(("own", "outside"), LARGER_SEGMENTS)
def test_middle_segment_hides_an_answer(own: int, outside: int) -> None:
    """The same for segments of 25 to 99."""
    figures = play_segment(own, outside, half(own), publisher=publish_breakdown)

    assert figures.advantage <= 0.25
    assert figures.certainty <= CERTAINTY_BAR


@pytest.mark.parametrize(("own", "outside"), LARGEST_SEGMENTS)
def test_large_segment_hides_an_answer(own: int, outside: int) -> None:
    """In a segment of 100 the bar holds even if everybody else is known."""
    figures = play_segment(own, outside, own - 1, publisher=publish_breakdown)

    assert figures.advantage <= 0.20


@pytest.mark.parametrize(("own", "outside"), [(10, 60), (11, 70), (15, 70)])
def test_segment_of_ten_is_not_enough(own: int, outside: int) -> None:
    """With ten answers a segment, the whole beside it breaks the bar: so twenty."""
    figures = play_segment(own, outside, half(own), publisher=publish_each_alone)

    assert figures.certainty > CERTAINTY_BAR


def test_large_segment_needs_the_coarser_base() -> None:
    """With base 10 in a segment of 100, whole and segment together break the bar."""
    figures = play_segment(101, 30, 100, publisher=publish_each_alone)

    assert figures.advantage > 0.20


@pytest.mark.parametrize(
    ("sizes", "bar"), [((10, 11, 17, 24), 0.35), ((25, 26, 31, 60), 0.25)]
)
def test_several_choices_hide_an_answer(sizes: tuple[int, ...], bar: float) -> None:
    """One who sees the tables of both options gains no more than from one poll."""
    figures = highest(play_options(size, half(size)) for size in sizes)

    assert figures.advantage <= bar
    assert figures.certainty <= CERTAINTY_BAR


@pytest.mark.parametrize("answers", [100, 103, 121])
def test_several_choices_of_a_large_group_hide_an_answer(answers: int) -> None:
    """From 100 answers on, also against one who knows everybody else."""
    assert play_options(answers, answers - 1).advantage <= 0.20


def test_watcher_of_the_clock_learns_little() -> None:
    """G5: one who knows when X of 200 answered sees one release, at the close.

    Before it only floors are published, and no floor depends on an answer. So the
    clock adds nothing to the table, whoever of the 200 took part.
    """
    for answers in (*range(10, 100), 100, 125, 150, 175, 199, 200):
        figures = play(answers, 0)

        assert figures.advantage <= 0.15
        assert figures.certainty == 0.0


def test_running_count_is_found_out() -> None:
    """G5's control: counts shown before and after X give X's answer away."""

    def publish_running(first: int, second: int) -> object:
        return (first, second), turnout_floor(first + second)

    # Nobody else answers between the two counts: all others are known.
    figures = play(100, 99, publisher=publish_running)

    assert figures.advantage >= CONTROL_BAR


def test_floors_do_not_depend_on_answers() -> None:
    """Until the close nothing is a function of what was chosen."""
    floors = {turnout_floor(first + (77 - first)) for first in range(78)}

    assert floors == {70}


def documented() -> dict[str, str]:
    """Return the figures that the documentation gives, by their first column."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in DOCS.read_text().splitlines()
        if line.startswith("|")
    ]
    return {row[0]: f"{row[1]} {row[2]}" for row in rows if len(row) > 2}


@pytest.mark.parametrize(
    ("row", "sizes", "known"),
    [
        ("10–24, knows half", SMALL, half),
        ("25–99, knows half", MIDDLE, half),
        ("100 and more, knows half", LARGE, half),
        ("10–24, knows all but one", SMALL, all_others),
        ("25–99, knows all but one", MIDDLE, all_others),
        ("100 and more, knows all but one", LARGE, all_others),
    ],
)
def test_documented_figures_are_the_measured_ones(
    row: str, sizes: Iterable[int], known: Callable[[int], int]
) -> None:
    """The documentation says what this game measures, to three places."""
    figures = worst(sizes, known)

    assert documented()[row] == f"{figures.advantage:.3f} {figures.certainty:.3f}"
