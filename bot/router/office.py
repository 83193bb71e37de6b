"""What all organizers' pages share: the parts, one lock, and who may see a page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.drives import LIVE
from bot.core.errors import MessageTooOld, Refused, UnknownDrive
from bot.core.polls import check_audience, check_size
from bot.core.records import Change, Drive, Organizer
from bot.core.released import ANSWERS_MIN
from bot.core.roles import Act
from bot.desk import Desk
from bot.gate import Gate
from bot.platforms import is_beside
from bot.ports import Clock, Platform, Stale
from bot.router.asked import Asked
from bot.views.scene import Scene


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

    def draft(self, asked: Asked) -> Drive:
        """Return the draft that a button was made for, or raise if it is another now.

        A dropped draft's name may be in use again; nobody starts what they did not see.
        """
        drive = self.gate.drive(asked.name)
        mark = asked.arguments[1]
        if drive is None or not drive.drive_id.hex().startswith(mark) or not mark:
            raise MessageTooOld
        return drive

    def drive(self, asked: Asked) -> Drive:
        """Return the drive that a command or a button names."""
        drive = self.gate.drive(asked.name)
        if drive is None:
            raise MessageTooOld if asked.pressed else UnknownDrive
        return drive

    def drive_of(self, target: bytes) -> Drive | None:
        """Return the drive that a proposal is about."""
        return next((d for d in self.gate.drives() if d.drive_id == target), None)

    async def check_audience(self, places: tuple[str, ...], *, guests: bool) -> int:
        """Return how many people can answer there, or raise if R6 forbids to ask them.

        The lists of members are compared here and kept nowhere.
        """
        people = sum([await self.platform.audience(place) for place in places])
        check_size(people, least=ANSWERS_MIN)
        asked = {
            (place, drive.terms.guests == guests)
            for drive in self.gate.drives()
            if drive.state in LIVE
            for place in drive.terms.places
        }
        for place in places:
            for other, as_guests in asked:
                if is_beside(place, other) or (other == place and not as_guests):
                    check_audience(
                        await self.platform.members(place),
                        [await self.platform.members(other)],
                        as_guests=as_guests,
                    )
        return people
