"""Polls that something happened to: they stand still, and the others go on (§11.2).

Everything is in memory alone: the next start looks again.
"""

from bot.core.manifest import DriveId
from bot.log import failure
from bot.ports import Clock, StorageError, Tampered

# What the disk or the database refused is tried again after this, so that a full disk
# is not asked in a circle. Whoever calls `settle` tries at once.
RETRY_SECONDS = 300


class Held:
    """Which drives are held until the next start, and which wait for the disk."""

    def __init__(self, clock: Clock) -> None:
        """Start with none."""
        self._clock = clock
        self._held: set[DriveId] = set()
        self._tried_again_at: dict[DriveId, int] = {}

    def add(self, drive_id: DriveId, fault: StorageError) -> None:
        """Hold a drive whose stored bytes were altered; let another one wait."""
        if not isinstance(fault, Tampered):
            self._tried_again_at[drive_id] = self._clock.now() + RETRY_SECONDS
            failure("drive_waits_for_disk", fault, drive=drive_id)
        elif drive_id not in self._held:
            self._held.add(drive_id)
            failure("drive_held", fault, drive=drive_id)

    def try_again(self) -> None:
        """Let no drive wait any more; those that are held stay so."""
        self._tried_again_at.clear()

    def all(self) -> list[DriveId]:
        """Return the drives that stand still."""
        return sorted(self._held | self._tried_again_at.keys())

    def __contains__(self, drive_id: DriveId) -> bool:
        """Tell whether a drive is held: it takes no answers, and its time stands."""
        return drive_id in self._held

    def stands_still(self, drive_id: DriveId) -> bool:
        """Tell whether nothing is to be done about a drive now."""
        return drive_id in self._held or drive_id in self._tried_again_at

    def due_at(self, drive_id: DriveId, due: int | None) -> int | None:
        """Return when something is done about a drive for which it is due."""
        if due is None or drive_id in self._held:
            return None
        return max(due, self._tried_again_at.get(drive_id, due))
