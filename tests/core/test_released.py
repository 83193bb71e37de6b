"""Certificates carry released tables, and none that the rules would not release."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import JsonObject, Malformed
from bot.core.publication import (
    Rules,
    from_certified,
    release_table,
    to_certified,
)
from bot.core.tallies import RawTally
from tests.core.polls import (
    released,
    rules_of_drives,
    several,
    tallies,
    tally,
)


@given(tallies(), rules_of_drives)
def test_certified_table_comes_back(raw: RawTally, rules: Rules) -> None:
    """Every table that is released survives the certificate's encoding."""
    table = release_table(raw, rules)
    if table:
        encoded = canonical.encode(to_certified(table))

        assert from_certified(canonical.decode(encoded)) == table


def certified(**changed: canonical.JsonValue) -> JsonObject:
    """Return a certified poll of three options with these fields changed."""
    return {**to_certified(released(tally(20, 10, 1))), **changed}


def lines(*words: str) -> list[canonical.JsonValue]:
    """Return rows named A, B, C and so on that show these words."""
    return [
        {"label": label, "shown": text}
        for label, text in zip("ABCDEF", words, strict=False)
    ]


def parted(*groups: tuple[str, int, int, str, str]) -> JsonObject:
    """Return a certified poll of 40 people with these segments."""
    return {
        **to_certified(released(tally(40, 0))),
        "segments": [
            {"label": label, "total": total, "base": base, "rows": lines(*words)}
            for label, total, base, *words in groups
        ],
    }


def options(*tables: tuple[str, str]) -> JsonObject:
    """Return a certified poll of 30 people with several choices."""
    body = to_certified(released(several(30, 25, 12)))
    body["tables"] = [
        {
            "label": label,
            "rows": [
                {"label": "Chosen", "shown": chosen},
                {"label": "Not chosen", "shown": "the rest"},
            ],
        }
        for label, chosen in tables
    ]
    return body


GOOD_SEGMENT = ("P", 20, 5, "the rest", "0–4")
OTHER_ROWS: list[canonical.JsonValue] = [
    {"label": label, "rows": lines("the rest", "5")} for label in "AB"
]
MANY: list[canonical.JsonValue] = [{"label": str(n), "shown": "0–4"} for n in range(21)]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        # Keys and types.
        certified(more=1),
        certified(tables=[]),
        certified(segments=[]),
        certified(segments={}),
        certified(choice="ranked"),
        certified(choice=1),
        certified(total="30"),
        certified(total=True),
        certified(total=-5),
        certified(base=0),
        certified(rules=2),
        certified(rows=[]),
        certified(rows={}),
        certified(rows=["the rest"]),
        certified(rows=MANY),
        certified(rows=[{"label": "A"}]),
        certified(rows=[{"label": "A", "shown": 5}, {"label": "B", "shown": "0–4"}]),
        # A hyphen, a fullwidth digit, leading zeros, a sign, a long numeral.
        certified(rows=lines("the rest", "10", "0-4")),
        certified(rows=lines("the rest", "\uff11\uff10", "0–4")),
        certified(rows=lines("the rest", "010", "0–4")),
        certified(rows=lines("the rest", "-5", "0–4")),
        certified(rows=lines("the rest", "9" * 10, "0–4")),
        certified(rows=lines("the rest", "9" * 11, "0–4")),
        # Tables that no counts lead to.
        certified(rows=lines("the rest")),
        certified(rows=[*lines("the rest"), *lines("0–4")]),
        certified(rows=lines("the rest", "12", "0–4")),
        certified(rows=lines("the rest", "0", "0–4")),
        certified(rows=lines("the rest", "the rest", "0–4")),
        certified(rows=lines("the rest", "top group", "top group")),
        certified(rows=lines("top group", "0–4", "0–4")),
        certified(rows=lines("5", "10", "0–4")),
        certified(rows=lines("0–4", "0–4", "0–4")),
        certified(rows=lines("the rest", "20", "0–4")),
        certified(rows=lines("the rest", "30", "0–4")),
        certified(rows=lines("the rest", "the rest", "10")),
        certified(rows=lines("top group", "top group", "25")),
        certified(total=5),
        certified(total=0),
        certified(total=32),
        certified(total=100),
        certified(base=15),
        certified(base=7),
        certified(choice="scale"),
        certified(choice="multi"),
        # Several choices.
        options(("A", "5")),
        options(("A", "5"), ("A", "10")),
        options(("A", "5"), ("B", "the rest")),
        {**options(("A", "5"), ("B", "5")), "choice": "single"},
        {**options(("A", "5"), ("B", "5")), "total": 100, "base": 10},
        {**options(("A", "5"), ("B", "5")), "tables": [1]},
        {**options(("A", "5"), ("B", "5")), "tables": OTHER_ROWS},
        {
            **options(("A", "5"), ("B", "5")),
            "segments": parted(GOOD_SEGMENT, GOOD_SEGMENT)["segments"],
        },
        # Segments.
        parted(GOOD_SEGMENT),
        parted(GOOD_SEGMENT, GOOD_SEGMENT),
        parted(GOOD_SEGMENT, ("Q", 15, 5, "the rest", "0–4")),
        parted(GOOD_SEGMENT, ("Q", 100, 10, "the rest", "0–4")),
        parted(GOOD_SEGMENT, ("Q", 60, 5, "the rest", "0–4")),
        {
            **parted(GOOD_SEGMENT, ("Q", 20, 5, "the rest", "0–4")),
            "total": 60,
        },
        {
            **certified(),
            "segments": parted(GOOD_SEGMENT, ("Q", *GOOD_SEGMENT[1:]))["segments"],
        },
    ],
)
def test_impossible_table_is_refused(value: canonical.JsonValue) -> None:
    """A certificate cannot carry what the rules would never have released."""
    with pytest.raises(Malformed):
        from_certified(value)


@given(
    st.integers(0, 12),
    st.lists(
        st.sampled_from(["0–4", "the rest", "top group", "5", "10", "15", "20", "25"]),
        min_size=2,
        max_size=3,
    ),
)
def test_decoder_takes_what_counts_lead_to(total: int, words: list[str]) -> None:
    """A table of few rows is accepted if and only if some counts release it."""
    value = certified(total=5 * total, rows=lines(*words))
    try:
        accepted = bool(from_certified(value))
    except Malformed:
        accepted = False

    assert accepted == ((5 * total, tuple(words)) in REACHED)


def reached() -> set[tuple[int, tuple[str, ...]]]:
    """Return every table of two or three options and up to 64 answers."""
    found: set[tuple[int, tuple[str, ...]]] = set()
    for answers in range(10, 65):
        for a in range(answers + 1):
            for cells in [(a, answers - a), *three_ways(a, answers)]:
                table = released(tally(*cells))
                found.add((table.total, tuple(line.shown for line in table.rows)))
    return found


def three_ways(first: int, answers: int) -> list[tuple[int, int, int]]:
    """Return the polls of three options in which `first` chose the first one."""
    left = answers - first
    return [(first, b, left - b) for b in range(left + 1)]


REACHED = reached()
