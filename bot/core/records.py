"""The rows that gate, desk and counter keep, and the changes that they commit.

Every write is a list of changes, committed as one transaction by one Store method.
No record joins a person to anything: a tag here is an organizer's (protocol.md §9).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, TypeAlias

from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.petitions import PetitionTerms
from bot.core.released import ReleasedTable
from bot.core.reports import CaseId
from bot.core.slots import Schedule
from bot.core.terms import BoxTerms, PollTerms, Terms

# PRF(k_org, …), 32 B: an organizer, never an account.
OrganizerTag = NewType("OrganizerTag", bytes)


class Party(StrEnum):
    """Who reads a message of the internal mail."""

    GATE = "gate"
    COUNTER = "counter"


class Role(StrEnum):
    """What an organizer may do; `core.roles` has the table."""

    LEAD = "lead"
    ORGANIZER = "organizer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A drive as the gate keeps it.

    `schedule` is None before the start; `length` (seconds) or `closes_at` (a date)
    says then how long it will be, the other is 0. `author` is empty once it started.
    `next_slot` is the first slot without a `slot_end`. `closed_early_at` is 0 unless
    organizers ended it. `floor` is the turnout floor of a poll; of a box and of the
    lane it is the number of the last release that was read. `manifest` and
    `certificate` are empty until they exist; `signature` is the 64 bytes by DS under
    the manifest.
    """

    drive_id: DriveId
    state: State
    terms: Terms
    author: OrganizerTag
    drafted_at: int
    length: int = 0
    closes_at: int = 0
    schedule: Schedule | None = None
    next_slot: int = 0
    floor: int = 0
    extended: bool = False
    closed_early_at: int = 0
    manifest: bytes = b""
    signature: bytes = b""
    certificate: bytes = b""
    # The gate's MAC over a draft, which says nothing more (protocol.md §9.4).
    mac: bytes = field(default=b"", compare=False, repr=False)

    @property
    def name(self) -> str:
        """The short name that every command takes."""
        return self.terms.name

    @property
    def title(self) -> str:
        """What lists call it: a poll's question, a box's title."""
        return self.terms.title

    @property
    def poll(self) -> PollTerms:
        """The terms of a poll; to ask another drive for them is a bug."""
        assert isinstance(self.terms, PollTerms)
        return self.terms

    @property
    def petition(self) -> PetitionTerms:
        """The terms of a petition; to ask another drive for them is a bug."""
        assert isinstance(self.terms, PetitionTerms)
        return self.terms

    @property
    def box(self) -> BoxTerms:
        """The terms of a report box; to ask another drive for them is a bug."""
        assert isinstance(self.terms, BoxTerms)
        return self.terms


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotKey:
    """EK_s in public: 32 B, and DS's signature over it, 64 B."""

    drive_id: DriveId
    slot: int
    public: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEnd:
    """What the board says of an ended slot: `size` envelopes under `root` (32 B)."""

    drive_id: DriveId
    slot: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A numbered message between gate and counter: sealed box, and signature 64 B."""

    reader: Party
    number: int
    box: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Organizer:
    """An organizer: a keyed tag, a role, and a label that is nobody's name."""

    tag: OrganizerTag
    role: Role
    label: str
    # The gate's MAC over the rest of the row, which says nothing more.
    mac: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A one-time invite, kept as the keyed digest (32 B) of its code."""

    digest: bytes
    role: Role
    expires_at: int
    # The gate's MAC over the rest of the row, which says nothing more.
    mac: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseRow:
    """A case as it lies on disk: sealed under its own key, until `ends_at`."""

    case_id: CaseId
    drive_id: DriveId
    ends_at: int
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTables:
    """What organizers may know of one set of a box's reports: by category, severity.

    `number` counts the releases of a box, and says nothing of time but their order.
    """

    drive_id: DriveId
    number: int
    tables: tuple[ReleasedTable, ...]


class ProposalKind(StrEnum):
    """What waits for a second organizer, apart from the start of a drive."""

    CLOSE = "close"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that another organizer than `author` has to confirm.

    `target` is a drive's id (16 B) or an organizer's tag (32 B).
    """

    proposal_id: str
    kind: ProposalKind
    target: bytes
    author: OrganizerTag
    expires_at: int
    # The gate's MAC over the rest of the row, which says nothing more.
    mac: bytes = field(default=b"", compare=False, repr=False)


class PostKind(StrEnum):
    """What a drive says in its channel. `DRIVE` is revised at counts."""

    DRIVE = "drive"
    CLOSED_EARLY = "closed early"
    EXTENDED = "extended"
    RESULT = "result"
    CERTIFICATE = "certificate"
    # a release's counts, in the channel that a box's organizers chose for them
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something that a platform has to show. Its words come from the drive's row.

    A drive that is open in several places has a post of each kind in each of them.
    `wanted` rises with each revision; `shown` is the revision that the platform
    has; `reference` is the platform's name of the message, empty before the first.
    """

    drive_id: DriveId
    kind: PostKind
    place: str
    wanted: int = 1
    shown: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDrive:
    """Insert or replace a drive."""

    drive: Drive


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDrive:
    """Remove a drive that never started."""

    drive_id: DriveId


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSlotKeys:
    """Add slot keys."""

    keys: tuple[SlotKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveMail:
    """Add a message. A number that the reader has already is a bug."""

    mail: Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class DropMail:
    """Remove the messages to `reader` up to and including `number`."""

    reader: Party
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCursor:
    """Record the last message that `reader` has acted on."""

    reader: Party
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveBundle:
    """Add an ended slot: `chunks` of sorted envelopes, each a multiple of one."""

    slot_end: SlotEnd
    chunks: tuple[bytes, ...]
    hashes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBundle:
    """Remove the envelopes of a counted slot; what the board says of it stays."""

    drive_id: DriveId
    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveState:
    """Add a sealed running count."""

    drive_id: DriveId
    generation: int
    box: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DropStates:
    """Remove a drive's sealed counts, except generation `keep` (-1 keeps none)."""

    drive_id: DriveId
    keep: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOrganizer:
    """Insert or replace an organizer."""

    organizer: Organizer


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOrganizer:
    """Remove an organizer, and all that waits in their name."""

    tag: OrganizerTag


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveInvite:
    """Add an invite."""

    invite: Invite


@dataclass(frozen=True, slots=True, kw_only=True)
class DropInvite:
    """Remove an invite. If it is gone already, the whole commit fails as `Stale`."""

    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveProposal:
    """Add a proposal."""

    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class DropProposal:
    """Remove a proposal. If it is gone already, the whole commit fails as `Stale`."""

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantPost:
    """Ask for a post in one place, or for a new revision of it if it exists."""

    drive_id: DriveId
    kind: PostKind
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPosted:
    """Record that the platform shows revision `shown` as message `reference`."""

    drive_id: DriveId
    kind: PostKind
    place: str
    shown: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCase:
    """Insert or replace a case."""

    case: CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCase:
    """Remove a case, whether or not it is still there."""

    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTables:
    """Add the tables of a release."""

    tables: BoxTables


Change: TypeAlias = (
    SaveDrive
    | DropDrive
    | SaveSlotKeys
    | SaveMail
    | DropMail
    | SetCursor
    | SaveBundle
    | DropBundle
    | SaveState
    | DropStates
    | SaveOrganizer
    | DropOrganizer
    | SaveInvite
    | DropInvite
    | SaveProposal
    | DropProposal
    | WantPost
    | MarkPosted
    | SaveCase
    | DropCase
    | SaveTables
)
