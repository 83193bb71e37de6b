"""A case: one report that organizers may read, and the talk with its author (§12).

Pure values and their one encoding, which lies on disk sealed under the case's key.
What organizers reply stands in it sealed once more: only the author's code opens it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue
from bot.core.errors import CaseFull
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.releases import MUTE_BOX_BYTES, ReleasedReport
from bot.core.reports import (
    CASE_ID_BYTES,
    PLACE_CHARS_MAX,
    REPLY_KEY_BYTES,
    REPORT_CHARS_MAX,
    CaseId,
)
from bot.core.terms import OPTION_CHARS_MAX

CASE_FORMAT = 1
# 32 bits of the id: a name in buttons, of no use without the code.
NAME_CHARS = 8
# Organizers may need more room than authors, and say it in one screen all the same.
REPLY_CHARS_MAX = 2000
REASON_CHARS_MAX = 300
# A long talk has hundreds of turns. Each side has half of the room: whoever floods a
# case changes nothing more, and organizers have as much room left whatever its author
# wrote, heard or passed over.
TURNS_MAX = 400
AUTHOR_TURNS_MAX = TURNS_MAX // 2
REPLIES_MAX = TURNS_MAX - AUTHOR_TURNS_MAX
NOTES_MAX = 200
LABEL_CHARS_MAX = 40
ORGANIZER_TAG_BYTES = 32
_REPLY_BOX_BYTES_MAX = 16_384
# who, what, whether it is passed over
_TURN_PARTS = 3


class CaseState(StrEnum):
    """Where a case stands; its author reads the same words."""

    RECEIVED = "received"
    IN_HAND = "in hand"
    ACTED_ON = "acted on"
    CLOSED = "closed"


class By(StrEnum):
    """Who said something."""

    AUTHOR = "author"
    ORGANIZERS = "organizers"


class Flag(StrEnum):
    """Whether organizers hide a text from each other: one asks, a second one agrees."""

    NONE = ""
    ASKED = "asked"
    HIDDEN = "hidden"


class Late(StrEnum):
    """What organizers owe an author and did not do in time."""

    REPLY = "reply"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Turn:
    """Something that was said: an author's words, or the sealed box of a reply.

    Words that are `passed_over` came while their author was muted: their own page alone
    shows them.
    """

    by: By
    text: str = ""
    box: bytes = b""
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """One report and what came of it.

    `mute_box` leads the counter, and nobody else, to its author until `mute_until`; it
    is empty after that. `ends_at` is when all of it is destroyed. `assigned` is an
    organizer's label, or empty. `opened_at` is when its batch was read. `same_as` is
    the case that organizers joined it to, or empty: what they say goes to all of these.
    `flagged_by` is the tag of whoever asked to hide it. `new_words` tells that its
    author has added something since organizers last replied or said where it stands. A
    case that is `passed_over` is its muted author's alone: organizers never hear of it.
    """

    case_id: CaseId
    box: DriveId
    ends_at: int
    reply_key: bytes
    category: str
    severity: str
    place: str
    text: str
    urgent: bool
    mute_box: bytes
    mute_until: int
    state: CaseState = CaseState.RECEIVED
    reason: str = ""
    assigned: str = ""
    turns: tuple[Turn, ...] = ()
    notes: tuple[str, ...] = ()
    opened_at: int
    same_as: bytes = b""
    flag: Flag = Flag.NONE
    flagged_by: bytes = b""
    new_words: bool = False
    passed_over: bool = False

    @property
    def heard(self) -> tuple[Turn, ...]:
        """What organizers hear of the talk."""
        return tuple(turn for turn in self.turns if not turn.passed_over)

    @property
    def name(self) -> str:
        """What buttons call it."""
        return self.case_id.hex()[:NAME_CHARS]

    @property
    def root(self) -> CaseId:
        """The case that stands for all that are about the same."""
        return CaseId(self.same_as) if self.same_as else self.case_id

    def encode(self) -> bytes:
        """Return what is sealed; id, box and end stand in the row."""
        return canonical.encode(
            {
                "format": CASE_FORMAT,
                "reply_key": self.reply_key.hex(),
                "category": self.category,
                "severity": self.severity,
                "place": self.place,
                "text": self.text,
                "urgent": self.urgent,
                "mute": self.mute_box.hex(),
                "mute_until": self.mute_until,
                "state": self.state.value,
                "reason": self.reason,
                "assigned": self.assigned,
                "turns": [_turn_to_json(turn) for turn in self.turns],
                "notes": list(self.notes),
                "opened_at": self.opened_at,
                "same_as": self.same_as.hex(),
                "flag": self.flag.value,
                "flagged_by": self.flagged_by.hex(),
                "passed_over": self.passed_over,
                "new_words": self.new_words,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Within how long after a batch organizers reply, and within how long they act."""

    reply_seconds: int
    outcome_seconds: int


def open_report(
    report: ReleasedReport, *, now: int, ends_at: int, mute_until: int
) -> Case:
    """Return the case that a released report begins."""
    return Case(
        case_id=report.case_id,
        box=report.box,
        ends_at=ends_at,
        reply_key=report.reply_key,
        category=report.category,
        severity=report.severity,
        place=report.place,
        text=report.text,
        urgent=report.urgent,
        mute_box=report.mute_box,
        mute_until=mute_until,
        opened_at=now,
        passed_over=report.passed_over,
    )


def late(case: Case, now: int, deadlines: Deadlines) -> Late | None:
    """Return what is overdue in a case, the first reply before the outcome."""
    if case.state in (CaseState.ACTED_ON, CaseState.CLOSED):
        return None
    is_answered = any(turn.by is By.ORGANIZERS for turn in case.turns)
    if not is_answered and now >= case.opened_at + deadlines.reply_seconds:
        return Late.REPLY
    if now >= case.opened_at + deadlines.outcome_seconds:
        return Late.OUTCOME
    return None


def flagged(case: Case, by: bytes, *, alone: bool) -> Case:
    """Return a case after an organizer wished to hide it.

    It is hidden, and closed, when a second one wishes the same, or where there is no
    second one. `by` is an organizer's tag.
    """
    if case.flag is Flag.HIDDEN:
        return case
    if alone or (case.flag is Flag.ASKED and case.flagged_by != by):
        return replace(case, flag=Flag.HIDDEN, flagged_by=b"", state=CaseState.CLOSED)
    return replace(case, flag=Flag.ASKED, flagged_by=by)


def unflagged(case: Case) -> Case:
    """Return a case that everybody may read again."""
    return replace(case, flag=Flag.NONE, flagged_by=b"")


def joined(case: Case, to: Case, all_cases: Iterable[Case]) -> list[Case]:
    """Return what changes when a case, and all joined to it, are about what `to` is."""
    root = to.root
    return [
        replace(each, same_as=b"" if each.case_id == root else root)
        for each in about(case, all_cases)
    ]


def with_words(case: Case, text: str, *, passed_over: bool = False) -> Case:
    """Return a case to which its author added something; a flooded one stays.

    One that was closed stays closed, and says that there are new words, if organizers
    hear them.
    """
    said = sum(turn.by is By.AUTHOR for turn in case.turns)
    # A version before let organizers fill more than their half.
    if said >= AUTHOR_TURNS_MAX or len(case.turns) >= TURNS_MAX:
        return case
    turn = Turn(by=By.AUTHOR, text=text, passed_over=passed_over)
    new_words = case.new_words or not passed_over
    return replace(case, turns=(*case.turns, turn), new_words=new_words)


def moved(case: Case, state: CaseState, reason: str = "") -> Case:
    """Return a case after organizers said where it stands, to its author too."""
    return replace(case, state=state, reason=reason, new_words=False)


def with_reply(case: Case, box: bytes) -> Case:
    """Return a case after organizers' sealed reply; a new one is in hand with it.

    Raises `CaseFull` if there is no room for it.
    """
    if sum(turn.by is By.ORGANIZERS for turn in case.turns) >= REPLIES_MAX:
        raise CaseFull
    is_new = case.state is CaseState.RECEIVED
    return replace(
        case,
        state=CaseState.IN_HAND if is_new else case.state,
        turns=(*case.turns, Turn(by=By.ORGANIZERS, box=box)),
        new_words=False,
    )


def about(case: Case, all_cases: Iterable[Case]) -> list[Case]:
    """Return all cases that organizers joined to this one, itself among them."""
    return [each for each in all_cases if each.root == case.root]


def without_mute(case: Case) -> Case:
    """Return a case that leads to nobody any more."""
    return replace(case, mute_box=b"", mute_until=0)


def decode_case(data: bytes, case_id: CaseId, box: DriveId, ends_at: int) -> Case:
    """Return the case in `data`, or raise `Malformed`."""
    fields = canonical.grown_object_of(canonical.decode(data), _KEYS, _ADDED)
    canonical.format_of(fields["format"], CASE_FORMAT)
    assert len(case_id) == CASE_ID_BYTES
    assert len(box) == DRIVE_ID_BYTES
    return Case(
        case_id=case_id,
        box=box,
        ends_at=ends_at,
        reply_key=canonical.bytes_of(fields["reply_key"], REPLY_KEY_BYTES),
        category=canonical.text_of(fields["category"], OPTION_CHARS_MAX),
        severity=canonical.text_of(fields["severity"], OPTION_CHARS_MAX),
        place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
        text=canonical.text_of(fields["text"], REPORT_CHARS_MAX),
        urgent=canonical.flag_of(fields["urgent"]),
        mute_box=_bytes_or_none(fields["mute"], MUTE_BOX_BYTES),
        mute_until=canonical.integer_of(fields["mute_until"], 0, canonical.INTEGER_MAX),
        state=_state(fields["state"]),
        reason=canonical.text_of(fields["reason"], REASON_CHARS_MAX),
        assigned=canonical.text_of(fields["assigned"], LABEL_CHARS_MAX),
        turns=tuple(
            _turn_of(item) for item in canonical.list_of(fields["turns"], TURNS_MAX)
        ),
        notes=tuple(
            canonical.text_of(item, REPLY_CHARS_MAX)
            for item in canonical.list_of(fields["notes"], NOTES_MAX)
        ),
        opened_at=canonical.integer_of(fields["opened_at"], 0, canonical.INTEGER_MAX),
        same_as=_bytes_or_none(fields["same_as"], CASE_ID_BYTES),
        flag=_flag(fields["flag"]),
        flagged_by=_bytes_or_none(fields["flagged_by"], ORGANIZER_TAG_BYTES),
        passed_over=canonical.flag_of(fields["passed_over"]),
        new_words=canonical.flag_of(fields["new_words"]),
    )


_KEYS = frozenset(
    [
        "format",
        "reply_key",
        "category",
        "severity",
        "place",
        "text",
        "urgent",
        "mute",
        "mute_until",
        "state",
        "reason",
        "assigned",
        "turns",
        "notes",
        "opened_at",
        "same_as",
        "flag",
        "flagged_by",
        "passed_over",
        "new_words",
    ]
)


# What cases of before these keys did not have.
_ADDED: JsonObject = {"new_words": False, "passed_over": False}


def _turn_to_json(turn: Turn) -> JsonValue:
    said = turn.text if turn.by is By.AUTHOR else turn.box.hex()
    return [turn.by.value, said, turn.passed_over]


def _turn_of(value: JsonValue) -> Turn:
    parts = canonical.list_of(value, _TURN_PARTS)
    # Turns of before there was a third part were heard.
    if len(parts) == _TURN_PARTS - 1:
        parts = [*parts, False]
    if len(parts) != _TURN_PARTS or parts[0] not in set(By):
        raise canonical.Malformed("a turn of a case has other parts")
    passed_over = canonical.flag_of(parts[2])
    if parts[0] == By.AUTHOR:
        text = canonical.text_of(parts[1], REPORT_CHARS_MAX)
        return Turn(by=By.AUTHOR, text=text, passed_over=passed_over)
    if passed_over:
        raise canonical.Malformed("a reply that nobody is to hear")
    box = canonical.text_of(parts[1], 2 * _REPLY_BOX_BYTES_MAX)
    return Turn(by=By.ORGANIZERS, box=canonical.bytes_of(box, len(box) // 2))


def _bytes_or_none(value: JsonValue, size: int) -> bytes:
    return b"" if value == "" else canonical.bytes_of(value, size)


def _flag(value: JsonValue) -> Flag:
    try:
        return Flag(canonical.text_of(value, LABEL_CHARS_MAX))
    except ValueError:
        raise canonical.Malformed("a flag that there is not") from None


def _state(value: JsonValue) -> CaseState:
    try:
        return CaseState(canonical.text_of(value, LABEL_CHARS_MAX))
    except ValueError:
        raise canonical.Malformed("a case in no state that there is") from None
