"""A case's one encoding, which lies sealed on disk."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.cases import (
    TURNS_MAX,
    By,
    Case,
    CaseState,
    Turn,
    decode_case,
    open_report,
    with_turn,
    without_mute,
)
from bot.core.manifest import DriveId
from bot.core.releases import ReleasedReport
from tests.core.boxed import KEY, case

DRIVE = DriveId(bytes(range(16)))
NEW = open_report(
    ReleasedReport(
        case_id=case(9),
        box=DRIVE,
        reply_key=KEY,
        category="Pay",
        text="Late again.",
        mute_box=bytes(80),
    ),
    ends_at=2_000_000_000,
    mute_until=1_900_000_000,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
turns = st.one_of(
    st.builds(Turn, by=st.just(By.AUTHOR), text=texts),
    st.builds(Turn, by=st.just(By.ORGANIZERS), box=st.binary(min_size=48, max_size=99)),
)


@given(
    st.lists(turns, max_size=4),
    st.lists(texts, max_size=3),
    st.sampled_from(CaseState),
)
def test_case_comes_back(said: list[Turn], notes: list[str], state: CaseState) -> None:
    """What was sealed is there when somebody looks again."""
    found = replace(NEW, turns=tuple(said), notes=tuple(notes), state=state)

    assert decode_case(found.encode(), found.case_id, DRIVE, found.ends_at) == found


def test_a_new_case_is_received() -> None:
    """It has no turns yet, and a short name that is not its code."""
    assert NEW.state is CaseState.RECEIVED
    assert NEW.turns == ()
    assert NEW.name == case(9).hex()[:8]
    assert "Late again" not in repr(NEW)


def test_a_full_talk_stays_as_it_is() -> None:
    """Whoever floods a case pushes nothing out of it."""
    full = replace(NEW, turns=(Turn(by=By.AUTHOR, text="x"),) * TURNS_MAX)

    assert with_turn(full, Turn(by=By.AUTHOR, text="y")) is full
    assert len(with_turn(NEW, full.turns[0]).turns) == 1


def test_after_its_time_a_case_leads_to_nobody() -> None:
    """The mute box goes with its time."""
    found = without_mute(NEW)

    assert (found.mute_box, found.mute_until) == (b"", 0)
    assert decode_case(found.encode(), found.case_id, DRIVE, found.ends_at) == found


@given(st.binary(max_size=60))
def test_any_bytes_are_a_case_or_malformed(data: bytes) -> None:
    """A decoder fails in one way."""
    with pytest.raises(Malformed):
        decode_case(data, case(9), DRIVE, 0)


def a_case() -> Case:
    """Return a case for other tests."""
    return NEW
