"""The life of a drive is a table, and nothing else happens."""

import pytest

from bot.core.drives import (
    DRAFTS,
    LIFE,
    LISTED,
    LIVE,
    Event,
    IllegalStep,
    State,
    step,
)

STEPS = [(state, event) for state in State for event in Event]


@pytest.mark.parametrize(("state", "event"), STEPS)
def test_step_is_the_tables(state: State, event: Event) -> None:
    """A step that the table does not name is refused."""
    if (state, event) in LIFE:
        assert step(state, event) is LIFE[state, event]
    else:
        with pytest.raises(IllegalStep, match=f"{event} in state {state}"):
            step(state, event)


def reachable(*starts: State) -> set[State]:
    """Return the states that a drive can come to."""
    found = set(starts)
    while True:
        more = {after for (before, _), after in LIFE.items() if before in found}
        if more <= found:
            return found
        found |= more


def test_every_state_is_reached_from_a_draft() -> None:
    """No state is left over."""
    assert reachable(State.DRAFT) == set(State)


def test_nothing_comes_back_from_a_close() -> None:
    """What is closed is never open again: its keys are gone."""
    assert reachable(State.CLOSED) == {State.CLOSED, State.PUBLISHED}


def test_nothing_returns_to_drafts() -> None:
    """What was started is frozen."""
    assert not reachable(State.CONFIRMED) & DRAFTS


def test_extension_goes_through_closing() -> None:
    """The last slot ends before the counter can say that too few answered."""
    closing = step(State.OPEN, Event.TIME_UP)

    assert closing is State.CLOSING
    assert step(closing, Event.EXTENDED) is State.OPEN
    assert (State.OPEN, Event.EXTENDED) not in LIFE


def test_groups_of_states() -> None:
    """Every state is a draft, live, or over; what is open is listed."""
    over = {State.CLOSED, State.PUBLISHED}

    assert DRAFTS | LIVE | over == set(State)
    assert not DRAFTS & LIVE
    assert over | {State.OPEN, State.CLOSING} == LISTED
