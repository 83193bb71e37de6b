"""The life of a drive as a literal table (protocol.md §5).

A step that the table does not name is one domain error and changes nothing.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a drive stands. The value is what programs and the database see."""

    DRAFT = "draft"
    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    KEYED = "keyed"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    PUBLISHED = "published"


class Event(StrEnum):
    """What moves a drive. `LIFE` names the party that each comes from."""

    ASKED = "asked another organizer"
    STARTED = "started"
    KEYED = "keys came"
    OPENED = "opening time"
    SLOT_ENDED = "slot ended"
    TIME_UP = "closing time"
    COUNTED = "counted"
    EXTENDED = "extended"
    COUNT_CLOSED = "count closed"
    RELEASED = "release read"


LIFE: dict[tuple[State, Event], State] = {
    # desk: the author asks another organizer, or starts alone
    (State.DRAFT, Event.ASKED): State.AWAITING,
    (State.DRAFT, Event.STARTED): State.CONFIRMED,
    (State.AWAITING, Event.STARTED): State.CONFIRMED,
    # counter: manifest and slot keys
    (State.CONFIRMED, Event.KEYED): State.KEYED,
    # counter: the closing date had passed before the counter ran
    (State.CONFIRMED, Event.COUNT_CLOSED): State.CLOSED,
    # gate: signatures and the pin of k_gate hold
    (State.KEYED, Event.OPENED): State.OPEN,
    # gate: time, or an early close that a second organizer confirmed
    (State.OPEN, Event.SLOT_ENDED): State.OPEN,
    (State.OPEN, Event.TIME_UP): State.CLOSING,
    # counter: a turnout floor; it may arrive after the closing time
    (State.OPEN, Event.COUNTED): State.OPEN,
    (State.CLOSING, Event.COUNTED): State.CLOSING,
    # counter: what the close brought
    (State.CLOSING, Event.EXTENDED): State.OPEN,
    (State.CLOSING, Event.COUNT_CLOSED): State.CLOSED,
    # gate: a certificate came; without one the drive stays closed
    (State.CLOSED, Event.RELEASED): State.PUBLISHED,
}

# Only the organizers' side sees these; they end after a time.
DRAFTS = frozenset({State.DRAFT, State.AWAITING})
# These count towards the bound on drives and the comparison of audiences.
LIVE = frozenset({State.CONFIRMED, State.KEYED, State.OPEN, State.CLOSING})
# Everybody may see these in a list.
LISTED = frozenset({State.OPEN, State.CLOSING, State.CLOSED, State.PUBLISHED})


class IllegalStep(Exception):
    """An event that a drive in this state cannot have. Nothing was changed."""


def step(state: State, event: Event) -> State:
    """Return the state after `event`, or raise `IllegalStep`."""
    try:
        return LIFE[state, event]
    except KeyError:
        raise IllegalStep(f"{event} in state {state}") from None
