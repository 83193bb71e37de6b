"""What gate, desk, counter and router ask of the world: one page of Protocols.

`bot.compose` joins them to `storage` and `adapters`; nothing else knows both sides.
"""

from asyncio import Future
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from bot.core.actors import Actor
from bot.core.ballots import Envelope
from bot.core.manifest import DriveId
from bot.core.records import (
    BoxTables,
    CaseRow,
    Change,
    Drive,
    Invite,
    Mail,
    Organizer,
    OrganizerTag,
    Party,
    Post,
    Proposal,
    SlotEnd,
    SlotKey,
)
from bot.core.shapes import POLL, Shape
from bot.core.terms import Terms
from bot.views.widgets import Card


class StorageError(Exception):
    """The disk or the database failed. The message names the fault, never content."""


class QueueFull(StorageError):
    """More waits for the disk than it can write in time. Nothing was written."""


class Stale(StorageError):
    """What a change builds on is gone. Nothing of the commit was written."""


class Tampered(StorageError):
    """Stored bytes are not what this installation wrote: altered or rolled back."""


class OtherVersion(StorageError):
    """A keystore opened, and holds what this version does not know."""

    def __init__(self) -> None:
        """Say what to do; nothing was changed."""
        super().__init__(
            "These keys were written by another version of Roundrobin. Nothing was "
            "changed. Start that version again."
        )


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> int:
        """Return whole seconds since 1970-01-01T00:00:00Z."""
        ...


Randomness = Callable[[int], bytes]


class Keystore(Protocol):
    """One role's secrets, sealed under its passphrase."""

    @property
    def content(self) -> bytes:
        """The secrets as last replaced."""
        ...

    def replace(self, content: bytes) -> None:
        """Put `content` in place of what was there: all of it or nothing, durably."""
        ...


class Store(Protocol):
    """The database that gate and counter share. Every write goes through `commit`."""

    async def commit(self, changes: Sequence[Change]) -> None:
        """Write all `changes` in order, durably, or none of them."""
        ...

    async def drives(self) -> list[Drive]:
        """Return all drives, by the time they were drafted."""
        ...

    async def slot_keys(self, drive_id: DriveId) -> list[SlotKey]:
        """Return a drive's slot keys in slot order."""
        ...

    async def mail(self, reader: Party, after: int) -> list[Mail]:
        """Return the messages to `reader` with a number above `after`, in order."""
        ...

    async def last_mail(self, reader: Party) -> Mail | None:
        """Return the stored message to `reader` with the highest number."""
        ...

    async def cursor(self, reader: Party) -> int:
        """Return the number of the last message that `reader` acted on, or 0."""
        ...

    async def slot_ends(self, drive_id: DriveId) -> list[SlotEnd]:
        """Return what the board says of a drive, in slot order."""
        ...

    def bundle(self, drive_id: DriveId, slot: int) -> AsyncIterator[bytes]:
        """Yield the chunks of an ended slot, each a multiple of one envelope."""
        ...

    async def board_hashes(self, drive_id: DriveId, slot: int) -> bytes:
        """Return the sorted envelope hashes of an ended slot, 32 B each."""
        ...

    async def state(self, drive_id: DriveId, generation: int) -> bytes | None:
        """Return a sealed running count."""
        ...

    async def last_state(self, drive_id: DriveId) -> bytes | None:
        """Return the newest of what the counter left for a drive."""
        ...

    async def organizers(self) -> list[Organizer]:
        """Return all organizers, by label."""
        ...

    async def invite(self, digest: bytes) -> Invite | None:
        """Return the invite with this keyed digest."""
        ...

    async def proposals(self) -> list[Proposal]:
        """Return what waits for a second organizer."""
        ...

    async def posts(self) -> list[Post]:
        """Return the posts whose wanted revision is not shown yet, oldest first."""
        ...

    async def cases(self) -> list[CaseRow]:
        """Return all cases, by their ids, whose order is chance."""
        ...

    async def box_tables(self, drive_id: DriveId) -> list[BoxTables]:
        """Return the tables of a box's releases, oldest first."""
        ...

    async def rewrite(self) -> None:
        """Rewrite the files, so that what was deleted is no longer in them."""
        ...


class Roll(Protocol):
    """What the organizers' side reads: rows that this installation's gate wrote."""

    async def drives(self) -> list[Drive]:
        """Return all drives that are shown."""
        ...

    async def organizers(self) -> list[Organizer]:
        """Return all organizers, by label."""
        ...

    async def invite(self, digest: bytes) -> Invite | None:
        """Return the invite with this keyed digest."""
        ...

    async def proposals(self) -> list[Proposal]:
        """Return what waits for a second organizer."""
        ...


class Inbox(Protocol):
    """The envelopes of one running slot, in a file of their own on the gate's disk."""

    def append(self, record: bytes) -> Future[Envelope]:
        """Seal a padded record and write it durably, together with all that waits.

        The future holds the envelope once it is on disk, or the `StorageError` that
        kept its whole batch off it. To be called on the event loop's thread.
        """
        ...

    async def finish(self) -> list[Envelope]:
        """Write what waits, stop, and return all envelopes, dummies included."""
        ...

    def close(self) -> None:
        """Stop the writer and leave the file as it is."""
        ...

    def destroy(self) -> None:
        """Stop the writer and remove the file."""
        ...


class Inboxes(Protocol):
    """The gate's inboxes on disk."""

    def open(
        self,
        drive_id: DriveId,
        slot: int,
        *,
        public: bytes,
        key: bytes,
        dummy: Callable[[], bytes],
        shape: Shape = POLL,
    ) -> Inbox:
        """Open a slot's inbox, or make it, with a pool of dummies.

        `public` is the slot's EK (32 B), `key` MACs the blocks (32 B), `dummy`
        makes a padded record of kind 0. Raises `Tampered` if blocks are missing.
        """
        ...

    def known(self) -> list[tuple[DriveId, int]]:
        """Return the slots that have an inbox on disk."""
        ...

    def remove(self, drive_id: DriveId, slot: int) -> None:
        """Remove an inbox that is not open."""
        ...

    def free_bytes(self) -> int:
        """Return how much room the disk has."""
        ...

    def close(self) -> None:
        """End what all inboxes share; each of them is closed already."""
        ...


class CannotConnect(Exception):
    """A platform refuses the bot for good. The message is what people read."""


class Platform(Protocol):
    """A chat platform. It writes to a person only while it answers them.

    A place is a channel's reference: `slack/C0123ABCD`, and a bare name on the console.
    """

    @property
    def name(self) -> str:
        """What accounts and places of this platform begin with."""
        ...

    async def post(self, place: str, card: Card) -> str:
        """Show a message in a channel and return the platform's name of it.

        Raises `NotShown` if the platform does not take it now, and `NeverShown` if
        somebody has to mend something first.
        """
        ...

    async def revise(self, place: str, reference: str, card: Card) -> None:
        """Show `card` in place of an earlier message."""
        ...

    async def confirm(self, actor: Actor, card: Card) -> None:
        """Send a person who is being answered what they asked to be sent.

        It is kept nowhere: what cannot be sent now is never sent.
        Raises `NotShown` if the platform does not take it.
        """
        ...

    async def members(self, place: str) -> frozenset[str] | None:
        """Return who could answer in a channel. The caller forgets it at once.

        None where the platform does not tell a bot who its members are.
        """
        ...

    async def audience(self, place: str) -> int:
        """Return how many people could answer in a channel."""
        ...

    async def is_public(self, place: str) -> bool:
        """Tell whether everybody may know of a channel, and of what is asked there."""
        ...

    async def may_answer(self, actor: Actor, terms: Terms) -> bool:
        """Tell whether an account belongs to the audience that `terms` name."""
        ...

    def place_named(self, name: str) -> str | None:
        """Return the reference of the channel that a person calls `name`."""
        ...


class OrganizerTags(Protocol):
    """The one way from an account to an organizer's tag; the gate has it."""

    def organizer_tag(self, actor: Actor) -> OrganizerTag:
        """Return PRF(k_org, …) of an account."""
        ...
