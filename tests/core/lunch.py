"""One poll that the tests share, any poll, and JSON with something wrong in it."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from bot.core.canonical import INTEGER_MAX, JsonValue
from bot.core.manifest import DriveId, Manifest
from bot.core.publication import Rules
from bot.core.slots import DAY, HOUR, SLOTS_MAX, Schedule
from bot.core.tallies import FIXED_LABELS, Choice
from bot.core.terms import PollTerms
from bot.core.wording import one_line

# 2031-05-01T12:00:00Z
NOON = 1_935_403_200
DRIVE = DriveId(bytes(range(16)))

LUNCH = PollTerms(
    name="lunch",
    question="Where do we eat – inside?",
    choice=Choice.SINGLE,
    options=("Canteen", "Park", "Desk"),
    segments=("Day", "Night"),
    place="general",
    audience=60,
)

# No surrogates: they have no UTF-8.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(one_line)
keys_of_32 = st.binary(min_size=32, max_size=32)
integers = st.integers(-INTEGER_MAX, INTEGER_MAX)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)


def labels(low: int, high: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw different labels."""
    return st.lists(texts, min_size=low, max_size=high, unique=True).map(tuple)


@st.composite
def terms(draw: st.DrawFn) -> PollTerms:
    """Draw the terms of any poll."""
    choice = draw(st.sampled_from(Choice))
    return PollTerms(
        name=draw(texts),
        question=draw(texts),
        choice=choice,
        options=FIXED_LABELS.get(choice) or draw(labels(2, 20)),
        segments=draw(st.just(()) | labels(2, 12)),
        place=draw(texts.map(lambda words: "".join(words.split()))),
        audience=draw(st.integers(0, 10**9)),
        guests=draw(st.booleans()),
        extend=draw(st.booleans()),
        rules=draw(st.sampled_from([Rules(), Rules(answers_min=30, base_min=10)])),
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw the schedule of any poll."""
    opens_at = draw(st.integers(0, 2 * NOON))
    slot_seconds = draw(st.sampled_from([1, 7, HOUR, DAY]))
    seconds = draw(st.integers(1, SLOTS_MAX * slot_seconds))
    return Schedule(
        opens_at=opens_at, closes_at=opens_at + seconds, slot_seconds=slot_seconds
    )


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Draw any manifest."""
    return Manifest(
        drive_id=DriveId(draw(st.binary(min_size=16, max_size=16))),
        terms=draw(terms()),
        schedule=draw(schedules()),
        signer=draw(keys_of_32),
        gate_commitment=draw(keys_of_32),
    )


def places(value: JsonValue) -> list[tuple[str | int, ...]]:
    """Return the way to every value inside of `value`, itself included."""
    found: list[tuple[str | int, ...]] = [()]
    items: list[tuple[str | int, JsonValue]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for name, inner in items:
        found += [(name, *way) for way in places(inner)]
    return found


_wrong_leaves = (
    json_values
    | st.sampled_from([2**32, 2**53 - 1, -1, 0, 1, True, False, "", "0", "00" * 32])
    | st.integers(-3, 500)
)


@st.composite
def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """Draw a copy of a JSON value with one thing in it replaced, removed or added."""
    result = deepcopy(value)
    way = draw(st.sampled_from(places(result)))
    if not way:
        return draw(_wrong_leaves)
    holder: Any = result
    for step in way[:-1]:
        holder = holder[step]
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            holder[way[-1]] = draw(_wrong_leaves)
        case "remove":
            del holder[way[-1]]
        case _:
            if isinstance(holder, dict):
                holder[draw(texts)] = draw(_wrong_leaves)
            else:
                holder.append(draw(_wrong_leaves | st.just(deepcopy(holder[0]))))
    return result


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw a copy of bytes with some of them changed, cut off or added; never equal."""
    at = draw(st.integers(0, len(data) - 1))
    match draw(st.sampled_from(["change", "cut", "add"])):
        case "change":
            bits = draw(st.integers(1, 255))
            return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]
        case "cut":
            return data[:at]
        case _:
            return data[:at] + draw(st.binary(min_size=1, max_size=8)) + data[at:]
