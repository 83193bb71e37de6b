"""What an ended slot leads to, for each kind of drive: one small table (§5, §7).

A kind's own module opens what waits and decides; what all of them share is here.
"""

from collections.abc import Awaitable, Callable

from bot.core.canonical import Malformed
from bot.core.petitions import PetitionTerms
from bot.core.running import decode_running, start_running
from bot.core.terms import BoxTerms, LaneTerms, PollTerms
from bot.counter.boxes import count_box
from bot.counter.lanes import empty_lane
from bot.counter.outcomes import Outcome, decide
from bot.counter.petitions import count_petition
from bot.counter.rounds import open_round
from bot.counter.step import Step, open_kept
from bot.log import event
from bot.ports import Tampered


async def end_slot(step: Step) -> Outcome:
    """Carry an ended slot, or count it with those that were carried."""
    return await _KINDS[type(step.manifest.terms)](step)


async def _count_poll(step: Step) -> Outcome:
    terms = step.manifest.terms
    assert isinstance(terms, PollTerms)
    running = start_running(terms)
    if step.drive.generation:
        try:
            running = decode_running(await open_kept(step), terms)
        except Malformed:
            raise Tampered("A running count cannot be read.") from None
    votes = await open_round(step.store, step.drive, step.manifest, running)
    if votes.refused:
        event("answers_refused", slot=step.slot)
    return decide(step.ended, step.drive, step.manifest, votes, step.randomness)


_KINDS: dict[type, Callable[[Step], Awaitable[Outcome]]] = {
    PollTerms: _count_poll,
    BoxTerms: count_box,
    PetitionTerms: count_petition,
    LaneTerms: empty_lane,
}
