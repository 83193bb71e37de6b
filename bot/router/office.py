"""What all organizers' pages share: the parts, one lock, and who may see a page."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.drives import LIVE
from bot.core.errors import (
    MessageTooOld,
    NothingToConfirm,
    Refused,
    UnknownDrive,
    UnknownPlace,
)
from bot.core.polls import Span, check_audience, check_size, guests_of
from bot.core.records import (
    Change,
    Drive,
    DropDrive,
    Organizer,
    OrganizerTag,
    SaveDrive,
)
from bot.core.released import ANSWERS_MIN
from bot.core.roles import Act
from bot.core.slots import Schedule
from bot.core.terms import Terms
from bot.desk import Desk
from bot.gate import Gate
from bot.platforms import is_beside
from bot.ports import Clock, Platform, Stale
from bot.router.asked import Asked, View
from bot.views import organizing
from bot.views.scene import Scene
from bot.views.widgets import ACTION_CHARS_MAX

# Where a drive goes if nobody says it.
GENERAL = "general"

_Terms_co = TypeVar("_Terms_co", bound=Terms, covariant=True)


class ReadTerms(Protocol[_Terms_co]):
    """Reads the terms from a form; `taken` are the names in use."""

    def __call__(
        self, *, place: str, audience: int, taken: Collection[str]
    ) -> _Terms_co:
        """Return the terms, or raise `Refused`."""
        ...


def span_of(drive: Drive) -> Span:
    """Return how long a draft is to be open, as its form said."""
    return Span(length=drive.length, closes_at=drive.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The organizers' side, one decision at a time.

    Whatever reads organizers or drives and then writes holds `lock`: two leads who
    remove each other at the same time must not both succeed.
    """

    gate: Gate
    desk: Desk
    platform: Platform
    clock: Clock
    scene: Scene
    lock: asyncio.Lock

    async def require(self, asked: Asked, act: Act) -> Organizer:
        """Return the organizer behind an account, or raise unless they may do `act`."""
        return await self.desk.require(self.gate.organizer_tag(asked.actor), act)

    async def commit(self, changes: Sequence[Change], stale: type[Refused]) -> None:
        """Write `changes`; raise `stale` if what they build on is gone."""
        try:
            await self.gate.commit(changes)
        except Stale:
            raise stale from None

    async def keep_draft(
        self,
        asked: Asked,
        read: ReadTerms[_Terms_co],
        length_of: Callable[[_Terms_co], Span],
        *,
        audience: str,
        compares: bool = True,
    ) -> View:
        """Keep what a form says as a draft; show how the channel would see it.

        `audience` is who is asked, as the form has it. See `check_audience` for
        `compares`. A draft that the form changes goes as this one comes, or stays.
        """
        async with self.lock:
            author = await self.require(asked, Act.DRAFT)
            # Somebody may have started it while this form was on its way.
            old = self._draft_of(author.tag, asked.draft) if asked.draft else None
            places, guests = self.places(asked), guests_of(audience)
            people = await self.check_audience(places, guests=guests, compares=compares)
            taken = {drive.name for drive in self.gate.drives() if drive != old}
            terms = read(place=" ".join(places), audience=people, taken=taken)
            drive = await self.desk.draft(
                author.tag, terms, length_of(terms), instead_of=old
            )
            dropped = [DropDrive(drive_id=old.drive_id)] if old else []
            await self.commit([*dropped, SaveDrive(drive=drive)], NothingToConfirm)
        return organizing.preview(
            drive,
            self.schedule(drive),
            self.scene,
            alone=await self.desk.is_alone(),
        )

    def draft(self, asked: Asked) -> Drive:
        """Return the draft that a button was made for, or raise if it is another now.

        A dropped draft's name may be in use again; nobody starts what they did not see.
        """
        drive = self.gate.drive(asked.name)
        mark = asked.arguments[1]
        if drive is None or not drive.drive_id.hex().startswith(mark) or not mark:
            raise MessageTooOld
        return drive

    def _draft_of(self, author: OrganizerTag, draft: Drive) -> Drive:
        """Return the author's draft as it is now, or raise unless it is still one."""
        current = self.drive_of(draft.drive_id)
        if current is None:
            raise NothingToConfirm
        self.desk.check_drop(author, current)
        return current

    def drive(self, asked: Asked) -> Drive:
        """Return the drive that a command or a button names."""
        drive = self.gate.drive(asked.name)
        if drive is None:
            raise MessageTooOld if asked.pressed else UnknownDrive
        return drive

    def drive_of(self, target: bytes) -> Drive | None:
        """Return the drive that a proposal is about."""
        return next((d for d in self.gate.drives() if d.drive_id == target), None)

    def places(self, asked: Asked) -> tuple[str, ...]:
        """Return the channel that was typed, or the one of the command, or general.

        With it comes the one on another platform, if one was asked for. A draft that is
        changed stays in each of its channels, unless another one is typed for it.
        """
        named = self.platform.place_named
        kept = asked.draft.terms.places if asked.draft else ()
        typed = asked.text("channel").removeprefix("#")
        # The form of a draft is named after the draft, and not after a channel.
        place = kept[0] if kept else asked.name
        if typed or not place:
            place = named(typed or GENERAL) or ""
        places = [place, *kept[1:]]
        if also := asked.text("also").removeprefix("#"):
            others = [named(f"{other}/{also}") or "" for other in self.scene.elsewhere]
            places = [place, *others]
        if not all(places) or len(places) != len(set(places)):
            raise UnknownPlace
        return tuple(places)

    def place(self, typed: str) -> str:
        """Return the reference of a channel that was typed, or nothing for nothing."""
        name = typed.strip().removeprefix("#")
        found = self.platform.place_named(name) if name else ""
        if found is None:
            raise UnknownPlace
        return found

    def action(self, verb: str, place: str) -> str:
        """Return the id that carries a channel through a form, where it is needed."""
        action = f"{verb}:{place}"
        general = self.platform.place_named(GENERAL)
        fits = len(action) <= ACTION_CHARS_MAX and ":" not in place
        if not fits or place in ("", general):
            return verb
        return action

    def schedule(self, drive: Drive) -> Schedule:
        """Return the schedule that a draft would have if it started now."""
        return span_of(drive).schedule(self.clock.now(), drive.terms.slot_seconds)

    async def check_audience(
        self, places: tuple[str, ...], *, guests: bool, compares: bool = True
    ) -> int:
        """Return how many people can answer there, or raise if R6 forbids to ask them.

        The lists of members are compared here and kept nowhere. What says nothing about
        an audience, such as a report box, is not compared with anything.
        """
        people = sum([await self.platform.audience(place) for place in places])
        check_size(people, least=ANSWERS_MIN)
        asked = {
            (place, drive.terms.guests == guests)
            for drive in self.gate.drives()
            if drive.state in LIVE and drive.terms.has_result
            for place in drive.terms.places
        }
        for place in places if compares else ():
            for other, as_guests in asked:
                if is_beside(place, other) or (other == place and not as_guests):
                    check_audience(
                        await self.platform.members(place),
                        [await self.platform.members(other)],
                        as_guests=as_guests,
                    )
        return people
