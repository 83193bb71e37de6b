"""When something is due: pure rules over the records that the gate keeps."""

from bot.core.drives import DRAFTS, State
from bot.core.petitions import PetitionTerms
from bot.core.records import Drive, Proposal
from bot.core.slots import DAY

# protocol.md §5: what nobody confirmed in a week is dropped.
DRAFT_SECONDS_MAX = 7 * DAY
PROPOSAL_SECONDS_MAX = 7 * DAY
INVITE_SECONDS_MAX = 7 * DAY


def draft_ends_at(drive: Drive) -> int:
    """Return when a draft is dropped, unless it starts before."""
    return drive.drafted_at + DRAFT_SECONDS_MAX


def slot_ends_at(drive: Drive) -> int | None:
    """Return when an open drive's running slot ends."""
    if drive.state is not State.OPEN or drive.schedule is None:
        return None
    return drive.schedule.ends_at(drive.next_slot)


def ends_at_threshold(drive: Drive) -> bool:
    """Tell whether a count has ended a petition that its terms end at its threshold."""
    terms = drive.terms
    return (
        drive.state is State.OPEN
        and isinstance(terms, PetitionTerms)
        and terms.ends_at_threshold
        and drive.floor >= terms.threshold
    )


def due_at(drive: Drive) -> int | None:
    """Return when time next changes something about a drive."""
    if drive.state in DRAFTS:
        return draft_ends_at(drive)
    if drive.state is State.KEYED and drive.schedule is not None:
        return drive.schedule.opens_at
    return slot_ends_at(drive)


def is_expired(proposal: Proposal, now: int) -> bool:
    """Tell whether a proposal has waited too long."""
    return proposal.expires_at <= now
