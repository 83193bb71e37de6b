"""One letter's step, as the counting of each kind of drive is given it (§7)."""

from dataclasses import dataclass

from bot.core.canonical import Malformed
from bot.core.manifest import Manifest
from bot.crypto.counter_secrets import CounterDrive, CounterSecrets, RoundEnd
from bot.crypto.states import open_state, state_digest
from bot.ports import Randomness, Store, Tampered


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step:
    """An ended slot, with all that its count may look at.

    `drive` has the slot among those waiting; `secrets` are as before the step.
    """

    ended: RoundEnd
    drive: CounterDrive
    manifest: Manifest
    secrets: CounterSecrets
    store: Store
    randomness: Randomness
    now: int

    @property
    def slot(self) -> int:
        """The last slot that ended."""
        return self.drive.ended - 1


async def open_kept(step: Step) -> bytes:
    """Return the state so far, which is the one that the keystore remembers."""
    drive, drive_id = step.drive, step.manifest.drive_id
    box = await step.store.state(drive_id, drive.generation)
    if box is None or state_digest(box) != drive.state:
        raise Tampered("A running count is missing or was altered.")
    try:
        return open_state(
            drive.k_state, drive_id=drive_id, generation=drive.generation, box=box
        )
    except Malformed:
        raise Tampered("A running count cannot be read.") from None
