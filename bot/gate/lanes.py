"""The lane is always there while anybody may need it (protocol.md §5).

It carries urgent reports and the letters of cases, so that one urgent report ends no
slot of a box. Before a lane's last slots another one is begun.
"""

from bot.core.drives import LIVE, State
from bot.core.letters import Draft
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.records import Drive, OrganizerTag, SaveDrive
from bot.core.slots import SLOTS_MAX
from bot.core.terms import LANE_SLOT_SECONDS, BoxTerms, LaneTerms
from bot.crypto.sealing import commit_to_key
from bot.gate.book import Book
from bot.gate.vault import Vault
from bot.ports import Clock, Randomness

# A hundred days; all its slots' keys are published at its beginning.
LANE_SECONDS = SLOTS_MAX * LANE_SLOT_SECONDS
# The next lane is there before the last one ends, also if the counter is off for a day.
SLOTS_LEFT_MIN = 4


class Lanes:
    """Begins lanes, and finds the one that takes something now."""

    def __init__(
        self, *, book: Book, vault: Vault, clock: Clock, randomness: Randomness
    ) -> None:
        """Join the parts."""
        self._book = book
        self._vault = vault
        self._clock = clock
        self._random = randomness

    def open_lane(self) -> Drive | None:
        """Return the lane that takes something now: the younger one of two."""
        lanes = [
            drive
            for drive in self._book.drives()
            if isinstance(drive.terms, LaneTerms) and drive.state is State.OPEN
        ]
        return max(lanes, key=lambda lane: lane.drafted_at, default=None)

    async def begin_if_needed(self, *, has_cases: bool) -> bool:
        """Begin a lane if a box or a case may need one; tell whether it was begun."""
        drives = [drive for drive in self._book.drives() if drive.state in LIVE]
        boxes = any(isinstance(drive.terms, BoxTerms) for drive in drives)
        if not (boxes or has_cases) or any(map(_lasts, drives)):
            return False
        drive = Drive(
            drive_id=DriveId(self._random(DRIVE_ID_BYTES)),
            state=State.CONFIRMED,
            terms=LaneTerms(),
            author=OrganizerTag(b""),
            drafted_at=self._clock.now(),
            length=LANE_SECONDS,
        )
        keys = self._vault.make_keys(drive.drive_id)
        draft = Draft(
            drive_id=drive.drive_id,
            terms=drive.terms,
            length=drive.length,
            closes_at=0,
            gate_commitment=commit_to_key(keys.k_gate),
            k_mac=keys.k_mac,
        )
        await self._book.commit([SaveDrive(drive=drive)], draft)
        return True


def _lasts(drive: Drive) -> bool:
    """Tell whether a drive is a lane that is not about to end."""
    if not isinstance(drive.terms, LaneTerms) or drive.state is State.CLOSING:
        return False
    if drive.schedule is None:
        return True
    return drive.next_slot <= drive.schedule.last_slot - SLOTS_LEFT_MIN
