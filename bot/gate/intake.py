"""The running slots' inboxes: open one, put an answer in, end it (protocol.md §6)."""

from bot.core import board
from bot.core.ballots import NO_CODE, Ballot, Envelope, Kind, Tag
from bot.core.manifest import DriveId
from bot.core.records import SaveBundle, SlotEnd, SlotKey
from bot.core.shapes import Shape
from bot.crypto.gate_secrets import GateDrive
from bot.crypto.sealing import make_record
from bot.ports import Inbox, Inboxes, Randomness

# A bundle's chunk is a megabyte or two, so that the counter reads it piece by piece.
CHUNK_ENVELOPES = 4096
CHUNK_BYTES_MAX = 2**21
ID_BYTES = 16
# Asking the system is a call that gives the interpreter's lock away: 25 µs in a rush.
IDS_AT_ONCE = 256


class Intake:
    """The open inboxes, one for each drive's running slot."""

    def __init__(self, inboxes: Inboxes, randomness: Randomness) -> None:
        """Start with none open."""
        self._inboxes = inboxes
        self._random = randomness
        self._ids: list[bytes] = []
        self._open: dict[tuple[DriveId, int], Inbox] = {}

    def ready(self, key: SlotKey, keys: GateDrive, shape: Shape) -> Inbox:
        """Return a slot's inbox, and open it if need be; `key` is checked already."""
        name = (key.drive_id, key.slot)
        inbox = self._open.get(name)
        if inbox is None:

            def dummy() -> bytes:
                return make_record(_dummy(key, self._random), keys.k_mac, shape)

            inbox = self._inboxes.open(
                key.drive_id,
                key.slot,
                public=key.public,
                key=keys.k_inbox,
                dummy=dummy,
                shape=shape,
            )
            self._open[name] = inbox
        return inbox

    def opened(self, drive_id: DriveId, slot: int) -> Inbox | None:
        """Return a slot's inbox if it is open."""
        return self._open.get((drive_id, slot))

    def next_id(self) -> bytes:
        """Return 16 random bytes, drawn from the system for many answers at once."""
        if not self._ids:
            drawn = self._random(ID_BYTES * IDS_AT_ONCE)
            starts = range(0, len(drawn), ID_BYTES)
            self._ids = [drawn[at : at + ID_BYTES] for at in starts]
        return self._ids.pop()

    async def finish(self, key: SlotKey, keys: GateDrive, shape: Shape) -> SaveBundle:
        """Stop a slot's inbox and return its envelopes, sorted, with their root."""
        inbox = self.ready(key, keys, shape)
        # Should the commit that follows fail, the file is still there to be reopened.
        del self._open[key.drive_id, key.slot]
        try:
            envelopes = await inbox.finish()
        finally:
            inbox.close()
        return bundle_of(key.drive_id, key.slot, envelopes)

    def remove(self, drive_id: DriveId, slot: int) -> None:
        """Remove the file of a slot whose bundle is stored."""
        self._inboxes.remove(drive_id, slot)

    def left_over(self) -> list[tuple[DriveId, int]]:
        """Return the slots that have a file."""
        return self._inboxes.known()

    def free_bytes(self) -> int:
        """Return how much room the disk has."""
        return self._inboxes.free_bytes()

    def close(self) -> None:
        """Stop all inboxes and leave their files."""
        for inbox in self._open.values():
            inbox.close()
        self._open.clear()
        self._inboxes.close()


def bundle_of(drive_id: DriveId, slot: int, envelopes: list[Envelope]) -> SaveBundle:
    """Return an ended slot's bundle: sorted by hash, so that no order is left."""
    by_hash = sorted((board.envelope_hash(one), one) for one in envelopes)
    hashes = [entry for entry, _ in by_hash]
    longest = max((len(one) for one in envelopes), default=1)
    step = min(CHUNK_ENVELOPES, CHUNK_BYTES_MAX // longest)
    chunks = tuple(
        b"".join(envelope for _, envelope in by_hash[at : at + step])
        for at in range(0, len(by_hash), step)
    )
    end = SlotEnd(
        drive_id=drive_id, slot=slot, size=len(hashes), root=board.tree_root(hashes)
    )
    return SaveBundle(slot_end=end, chunks=chunks, hashes=b"".join(hashes))


def _dummy(key: SlotKey, randomness: Randomness) -> Ballot:
    return Ballot(
        kind=Kind.DUMMY,
        drive_id=key.drive_id,
        slot=key.slot,
        tag=Tag(randomness(32)),
        seq=0,
        ballot_id=randomness(16),
        code_key=NO_CODE,
        payload=b"",
    )
