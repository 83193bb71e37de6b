"""The organizers' side: who may do what, and what waits for a second organizer.

It takes organizers' tags, never accounts, and writes nothing itself: it returns values
and the changes that the gate commits (protocol.md §5). It sees no answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.drives import DRAFTS, LIVE, Event, State, step
from bot.core.errors import (
    AboutYou,
    CannotClose,
    InviteUnknown,
    LastLead,
    NothingToConfirm,
    OwnProposal,
    SecondNeeded,
    TooLateToStart,
    TooManyDrives,
    TooManyOrganizers,
    UnknownOrganizer,
)
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.polls import LENGTH_SECONDS_MIN, Span
from bot.core.records import (
    Change,
    Drive,
    DropDrive,
    DropInvite,
    DropOrganizer,
    DropProposal,
    Invite,
    Organizer,
    OrganizerTag,
    Proposal,
    ProposalKind,
    Role,
    SaveOrganizer,
    SaveProposal,
)
from bot.core.roles import LABELS, ORGANIZERS_MAX, Act, check
from bot.core.terms import Terms
from bot.crypto.codes import CODE_RANDOM_BYTES, Code, make_code
from bot.ports import Clock, Randomness, Roll
from bot.schedule import (
    INVITE_SECONDS_MAX,
    PROPOSAL_SECONDS_MAX,
    draft_ends_at,
    is_expired,
)

# protocol.md §11: drives that live at the same time, and drafts with them.
DRIVES_MAX = 200
# Where another organizer than author and target exists, that one confirms a removal.
REMOVAL_NEEDS_SECOND = 3
_PROPOSAL_ID_BYTES = 8
_LABEL_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What comes of a wish: done now with `changes`, or they only ask for a second."""

    now: bool
    changes: tuple[Change, ...] = ()


class Desk:
    """Decides what organizers may do. It keeps nothing between two calls."""

    def __init__(self, *, roll: Roll, clock: Clock, randomness: Randomness) -> None:
        """Join the parts. Nothing is written here."""
        self._roll = roll
        self._clock = clock
        self._randomness = randomness

    # Who ---------------------------------------------------------------------

    async def organizers(self) -> list[Organizer]:
        """Return all organizers, by label."""
        return await self._roll.organizers()

    async def find(self, tag: OrganizerTag) -> Organizer | None:
        """Return the organizer with this tag, or nothing."""
        return next((each for each in await self.organizers() if each.tag == tag), None)

    async def require(self, tag: OrganizerTag, act: Act) -> Organizer:
        """Return the organizer with this tag, or raise unless they may do `act`."""
        organizer = await self.find(tag)
        check(organizer.role if organizer else None, act)
        assert organizer is not None
        return organizer

    async def is_alone(self) -> bool:
        """Tell whether there is no second organizer who could confirm anything."""
        return len(await self.organizers()) == 1

    # Polls -------------------------------------------------------------------

    async def draft(
        self,
        author: OrganizerTag,
        terms: Terms,
        span: Span,
        *,
        instead_of: Drive | None = None,
    ) -> Drive:
        """Return a new draft, or raise if there are too many drives already.

        One that comes instead of another takes its room.
        """
        if instead_of is None:
            await self._check_room()
        return Drive(
            drive_id=DriveId(self._randomness(DRIVE_ID_BYTES)),
            state=State.DRAFT,
            terms=terms,
            author=author,
            drafted_at=self._clock.now(),
            length=span.length,
            closes_at=span.closes_at,
        )

    def ask(self, author: OrganizerTag, drive: Drive) -> Drive:
        """Return the author's draft as it waits for a second organizer."""
        if drive.state is not State.DRAFT or drive.author != author:
            raise NothingToConfirm
        return replace(drive, state=step(drive.state, Event.ASKED))

    def check_drop(self, author: OrganizerTag, drive: Drive) -> None:
        """Raise unless this is the author's own draft, started by nobody yet."""
        if drive.state not in DRAFTS or drive.author != author:
            raise NothingToConfirm

    async def check_start(self, tag: OrganizerTag, drive: Drive) -> None:
        """Raise unless this organizer may start this draft now.

        Nobody starts a poll of their own while there is another organizer to ask.
        """
        now = self._clock.now()
        if drive.state not in DRAFTS or draft_ends_at(drive) <= now:
            raise NothingToConfirm
        own = drive.author == tag
        if not own and drive.state is State.DRAFT:
            raise NothingToConfirm
        if own and not await self.is_alone():
            raise SecondNeeded if drive.state is State.DRAFT else OwnProposal
        if drive.closes_at and drive.closes_at < now + LENGTH_SECONDS_MIN:
            raise TooLateToStart

    async def close(self, tag: OrganizerTag, drive: Drive) -> Decision:
        """Return what comes of an organizer's wish to close a poll early.

        A second wish, by another organizer, is the confirmation of the first.
        """
        if drive.state is not State.OPEN:
            raise CannotClose
        asked = [
            each
            for each in await self.proposals()
            if each.kind is ProposalKind.CLOSE and each.target == drive.drive_id
        ]
        others = any(each.author != tag for each in asked)
        if others or await self.is_alone():
            return Decision(now=True, changes=_dropped(asked))
        if asked:
            return Decision(now=False)
        saved = self._propose(tag, ProposalKind.CLOSE, drive.drive_id)
        return Decision(now=False, changes=(saved,))

    # What waits --------------------------------------------------------------

    async def proposals(self) -> list[Proposal]:
        """Return the proposals that did not wait too long."""
        now = self._clock.now()
        return [
            each for each in await self._roll.proposals() if not is_expired(each, now)
        ]

    async def waiting(self, tag: OrganizerTag) -> list[Proposal]:
        """Return the proposals that this organizer can confirm."""
        return [
            each
            for each in await self.proposals()
            if tag not in (each.author, each.target)
        ]

    async def proposal(self, tag: OrganizerTag, proposal_id: str) -> Proposal:
        """Return what this organizer can confirm under this id, or raise."""
        for each in await self.proposals():
            if each.proposal_id != proposal_id:
                continue
            if each.author == tag:
                raise OwnProposal
            if each.target == tag:
                raise AboutYou
            return each
        raise NothingToConfirm

    # Organizers --------------------------------------------------------------

    def new_invite(self) -> Code:
        """Return a fresh code; nothing keeps it but whoever reads it."""
        return make_code(self._randomness(CODE_RANDOM_BYTES))

    def invite(self, digest: bytes, role: Role) -> Invite:
        """Return the invite that a code with this digest redeems once."""
        expires_at = self._clock.now() + INVITE_SECONDS_MAX
        return Invite(digest=digest, role=role, expires_at=expires_at)

    async def join(
        self, tag: OrganizerTag, digest: bytes
    ) -> tuple[Organizer, list[Change]]:
        """Return the organizer whom an invite makes, and the changes that do it."""
        invite = await self._roll.invite(digest)
        if invite is None or invite.expires_at <= self._clock.now():
            raise InviteUnknown
        organizers = await self.organizers()
        if len(organizers) >= ORGANIZERS_MAX:
            raise TooManyOrganizers(limit=ORGANIZERS_MAX)
        label = self._draw_label({each.label for each in organizers})
        organizer = Organizer(tag=tag, role=invite.role, label=label)
        return organizer, [
            DropInvite(digest=digest),
            SaveOrganizer(organizer=organizer),
        ]

    async def labelled(self, label: str) -> Organizer:
        """Return the organizer with this label."""
        for each in await self.organizers():
            if each.label == label:
                return each
        raise UnknownOrganizer

    async def check_removal(self, target: Organizer) -> bool:
        """Tell whether a removal needs a second one; raise for the last lead."""
        organizers = await self.organizers()
        leads = [each.tag for each in organizers if each.role is Role.LEAD]
        if leads == [target.tag]:
            raise LastLead
        return len(organizers) >= REMOVAL_NEEDS_SECOND

    async def remove(self, tag: OrganizerTag, target: Organizer) -> Decision:
        """Return what comes of a lead's wish to remove an organizer."""
        needs_second = await self.check_removal(target)
        asked = [
            each
            for each in await self.proposals()
            if each.kind is ProposalKind.REMOVE and each.target == target.tag
        ]
        others = any(tag not in (each.author, each.target) for each in asked)
        if others or not needs_second:
            return Decision(now=True, changes=await self.removal(target))
        if asked:
            return Decision(now=False)
        saved = self._propose(tag, ProposalKind.REMOVE, target.tag)
        return Decision(now=False, changes=(saved,))

    async def removal(self, target: Organizer) -> tuple[Change, ...]:
        """Return the changes that remove an organizer and all that waits for them."""
        await self.check_removal(target)
        drafts = [
            DropDrive(drive_id=drive.drive_id)
            for drive in await self._roll.drives()
            if drive.state in DRAFTS and drive.author == target.tag
        ]
        about = [
            each for each in await self._roll.proposals() if each.target == target.tag
        ]
        return (*drafts, *_dropped(about), DropOrganizer(tag=target.tag))

    def promote(self, target: Organizer) -> SaveOrganizer:
        """Return the change that makes an organizer a lead."""
        return SaveOrganizer(organizer=replace(target, role=Role.LEAD))

    # Private -----------------------------------------------------------------

    async def _check_room(self) -> None:
        drives = await self._roll.drives()
        if len([each for each in drives if each.state in LIVE | DRAFTS]) >= DRIVES_MAX:
            raise TooManyDrives(limit=DRIVES_MAX)

    def _propose(
        self, author: OrganizerTag, kind: ProposalKind, target: bytes
    ) -> SaveProposal:
        return SaveProposal(
            proposal=Proposal(
                proposal_id=self._randomness(_PROPOSAL_ID_BYTES).hex(),
                kind=kind,
                target=target,
                author=author,
                expires_at=self._clock.now() + PROPOSAL_SECONDS_MAX,
            )
        )

    def _draw_label(self, taken: set[str]) -> str:
        free = [label for label in LABELS if label not in taken]
        return free[int.from_bytes(self._randomness(_LABEL_BYTES), "big") % len(free)]


def _dropped(proposals: Sequence[Proposal]) -> tuple[DropProposal, ...]:
    return tuple(DropProposal(proposal_id=each.proposal_id) for each in proposals)
