"""What leaves the counter of a report box: texts in batches, and tables (R2, R8).

Pure rules over what a box has waiting, and the letter in which it comes to the gate.
No text leaves with fewer than `BATCH_SUBMITTERS_MIN` people's texts beside it, and
nothing here says when a text came, in which order, or with which others of one person.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.publication import Rules, from_certified, release_table, to_certified
from bot.core.released import (
    ANSWERS_MIN,
    BASE_MIN,
    LARGE,
    LARGE_BASE_WIDE,
    ReleasedTable,
)
from bot.core.reports import (
    CASE_ID_BYTES,
    PLACE_CHARS_MAX,
    REPLY_KEY_BYTES,
    REPORT_CHARS_MAX,
    CaseId,
    Report,
)
from bot.core.tallies import Choice, empty_tally, tally_from_counts
from bot.core.terms import (
    OPTION_CHARS_MAX,
    RETENTION_SECONDS_MAX,
    RETENTION_SECONDS_MIN,
    BoxTerms,
)

# R8: five different people, whatever is counted: reports, texts, what texts share.
BATCH_SUBMITTERS_MIN = 5
# R2: a table is of reports by so many different people.
TABLE_SUBMITTERS_MIN = ANSWERS_MIN
# More of one account in one round are dropped; the form says so (protocol.md §7).
REPORTS_PER_TAG_MAX = 10
# A letter stays below a megabyte: 600 characters take 3,600 bytes at the worst.
ITEMS_MAX = 150
# t2 16 and drive 16, in a sealed box.
MUTE_BOX_BYTES = 80
# category, severity, place; empty where withheld
_Labels: TypeAlias = tuple[str, str, str]
# category, how many, on what: all three are agreed
_Matter: TypeAlias = tuple[int, int, bytes]
_Item = TypeVar("_Item")
_Key = TypeVar("_Key", bound=Hashable)

# How many tables one release has: by category, by severity.
_TABLES = 2
# a case, a text, whether it is passed over
_WORDS_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Waiting:
    """A text that waits for others, with its author's second tag (16 B).

    One that is `passed_over` came while its author was muted: it leaves with the others
    and counts nowhere.
    """

    tag: bytes
    slot: int
    report: Report
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReleasedReport:
    """One report as organizers may read it; labels are empty where they are withheld.

    `mute_box` is its author's tag, sealed to a key of the counter's that dies soon; it
    is empty for an urgent report to a box that ended before it was read.
    `keep_seconds` is how long its box's terms let a case live: the gate must not need
    the box to take it, which may be held or over. One that is `passed_over` is for its
    author alone: the code opens it as it would any, and organizers never hear of it.
    """

    case_id: CaseId
    box: DriveId
    reply_key: bytes
    category: str = ""
    severity: str = ""
    place: str = ""
    text: str
    urgent: bool = False
    mute_box: bytes
    keep_seconds: int
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReleasedWords:
    """What an author added to their case; their page alone shows it if passed over."""

    case_id: CaseId
    text: str
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Released:
    """Counter to gate: what organizers may read of a round of a box or of the lane.

    `number` counts the releases of a drive, so that none is taken twice or left out.
    `tables` are none, or two: the same reports by category and by severity.
    """

    drive_id: DriveId
    number: int
    reports: tuple[ReleasedReport, ...] = ()
    words: tuple[ReleasedWords, ...] = ()
    taken_back: tuple[CaseId, ...] = ()
    tables: tuple[ReleasedTable, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.reports or self.words or self.taken_back or self.tables)


def is_batch(texts: Sequence[Waiting]) -> bool:
    """Tell whether these texts are by enough different people to be read (R8)."""
    return len(people_of(texts)) >= BATCH_SUBMITTERS_MIN


def people_of(texts: Iterable[Waiting]) -> set[bytes]:
    """Return the tags of the people who count: nobody whose text is passed over."""
    return {each.tag for each in texts if not each.passed_over}


def ready_texts(texts: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Return the texts that wait for nobody else who names their matter.

    People are counted, not texts: whoever names a matter twice is one of them.
    """
    people = _by_what(texts, [_matter(each) for each in texts])
    return tuple(
        each
        for each in texts
        if len(people[_matter(each)] | {each.tag}) >= each.report.others
    )


def shared_labels(texts: Sequence[Waiting], terms: BoxTerms) -> list[ReleasedReport]:
    """Return the texts of a batch, each with the labels that five authors share.

    A label joins the ones before it only if five people share them all: what is shown
    beside a text never picks out fewer. Tags and slots end here; `mute_box` is empty.
    """
    labels = [
        (
            terms.categories[each.report.category],
            terms.severities[each.report.severity],
            each.report.place,
        )
        for each in texts
    ]
    shown: list[_Labels] = [("", "", "") for _ in texts]
    for part in range(3):
        tried = [
            _with_part(kept, full, part)
            for kept, full in zip(shown, labels, strict=True)
        ]
        people = _by_what(texts, tried)
        shown = [
            new if len(people[new] | {each.tag}) >= BATCH_SUBMITTERS_MIN else kept
            for new, kept, each in zip(tried, shown, texts, strict=True)
        ]
    return [
        ReleasedReport(
            case_id=each.report.case_id,
            box=DriveId(b""),
            reply_key=each.report.reply_key,
            category=category,
            severity=severity,
            place=place,
            text=each.report.text,
            mute_box=b"",
            keep_seconds=terms.retention_seconds,
            passed_over=each.passed_over,
        )
        for each, (category, severity, place) in zip(texts, shown, strict=True)
    ]


def box_tables(
    terms: BoxTerms, categories: Sequence[int], severities: Sequence[int]
) -> tuple[ReleasedTable, ...]:
    """Return the same reports by category and by severity, never crossed (R2).

    One report touches both tables, so rounding is as coarse as for several choices.
    """
    reports = sum(categories)
    base = LARGE_BASE_WIDE if reports >= LARGE else BASE_MIN
    rules = Rules(answers_min=max(ANSWERS_MIN, base), base_min=base)
    tables = [
        release_table(
            tally_from_counts(
                empty_tally(Choice.SINGLE, labels), answers=reports, cells=cells
            ),
            rules,
        )
        for labels, cells in (
            (terms.categories, categories),
            (terms.severities, severities),
        )
    ]
    return tuple(table for table in tables if table is not None)


def split_release(whole: Released) -> Iterable[Released]:
    """Return letters that fit, numbered on; nothing at all if there is nothing."""
    parts = [
        replace(whole, reports=(), words=(), taken_back=(), tables=whole.tables),
        *(
            replace(whole, tables=(), words=(), taken_back=(), reports=part)
            for part in _parts(whole.reports)
        ),
        *(
            replace(whole, tables=(), reports=(), taken_back=(), words=part)
            for part in _parts(whole.words)
        ),
        *(
            replace(whole, tables=(), reports=(), words=(), taken_back=part)
            for part in _parts(whole.taken_back)
        ),
    ]
    said = [part for part in parts if not part.is_empty]
    return [replace(part, number=whole.number + at) for at, part in enumerate(said)]


def released_to_json(released: Released) -> JsonObject:
    """Return the body of the letter."""
    return {
        "drive": released.drive_id.hex(),
        "number": released.number,
        "reports": [_report_to_json(report) for report in released.reports],
        "words": [
            [words.case_id.hex(), words.text, words.passed_over]
            for words in released.words
        ],
        "taken_back": [case_id.hex() for case_id in released.taken_back],
        "tables": [to_certified(table) for table in released.tables],
    }


def released_of(body: JsonObject) -> Released:
    """Return what a letter's body says, or raise `Malformed`."""
    fields = canonical.object_of(body, _KEYS)
    tables = canonical.list_of(fields["tables"], _TABLES)
    return Released(
        drive_id=_drive(fields["drive"]),
        number=canonical.integer_of(fields["number"], 1, canonical.INTEGER_MAX),
        reports=tuple(
            _report_of(item) for item in canonical.list_of(fields["reports"], ITEMS_MAX)
        ),
        words=tuple(
            _words_of(item) for item in canonical.list_of(fields["words"], ITEMS_MAX)
        ),
        taken_back=tuple(
            _case(item) for item in canonical.list_of(fields["taken_back"], ITEMS_MAX)
        ),
        tables=tuple(from_certified(table) for table in tables),
    )


_KEYS = frozenset(["drive", "number", "reports", "words", "taken_back", "tables"])
_REPORT_KEYS = frozenset(
    [
        "case",
        "box",
        "reply_key",
        "category",
        "severity",
        "place",
        "text",
        "urgent",
        "mute",
        "keep",
        "passed_over",
    ]
)


# A letter may lie in the store while a new version is installed.
_ADDED: JsonObject = {"passed_over": False}


def _report_to_json(report: ReleasedReport) -> JsonObject:
    return {
        "case": report.case_id.hex(),
        "box": report.box.hex(),
        "reply_key": report.reply_key.hex(),
        "category": report.category,
        "severity": report.severity,
        "place": report.place,
        "text": report.text,
        "urgent": report.urgent,
        "mute": report.mute_box.hex(),
        "keep": report.keep_seconds,
        "passed_over": report.passed_over,
    }


def _report_of(value: JsonValue) -> ReleasedReport:
    fields = canonical.grown_object_of(value, _REPORT_KEYS, _ADDED)
    return ReleasedReport(
        case_id=_case(fields["case"]),
        box=_drive(fields["box"]),
        reply_key=canonical.bytes_of(fields["reply_key"], REPLY_KEY_BYTES),
        category=canonical.text_of(fields["category"], OPTION_CHARS_MAX),
        severity=canonical.text_of(fields["severity"], OPTION_CHARS_MAX),
        place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
        text=canonical.text_of(fields["text"], REPORT_CHARS_MAX),
        urgent=canonical.flag_of(fields["urgent"]),
        mute_box=_mute_box(fields["mute"]),
        keep_seconds=canonical.integer_of(
            fields["keep"], RETENTION_SECONDS_MIN, RETENTION_SECONDS_MAX
        ),
        passed_over=canonical.flag_of(fields["passed_over"]),
    )


def _words_of(value: JsonValue) -> ReleasedWords:
    parts = canonical.list_of(value, _WORDS_PARTS)
    if len(parts) == _WORDS_PARTS - 1:
        parts = [*parts, False]
    if len(parts) != _WORDS_PARTS:
        raise canonical.Malformed("words of a case have other parts")
    return ReleasedWords(
        case_id=_case(parts[0]),
        text=canonical.text_of(parts[1], REPORT_CHARS_MAX),
        passed_over=canonical.flag_of(parts[2]),
    )


def _mute_box(value: JsonValue) -> bytes:
    return b"" if value == "" else canonical.bytes_of(value, MUTE_BOX_BYTES)


def _case(value: JsonValue) -> CaseId:
    return CaseId(canonical.bytes_of(value, CASE_ID_BYTES))


def _drive(value: JsonValue) -> DriveId:
    return DriveId(canonical.bytes_of(value, DRIVE_ID_BYTES))


def _with_part(kept: _Labels, full: _Labels, part: int) -> _Labels:
    """Return what is shown already, with one more label."""
    category, severity, place = (
        new if at == part else old
        for at, (old, new) in enumerate(zip(kept, full, strict=True))
    )
    return category, severity, place


def _matter(text: Waiting) -> _Matter:
    return text.report.category, text.report.others, text.report.matter


def _by_what(texts: Sequence[Waiting], keys: Sequence[_Key]) -> dict[_Key, set[bytes]]:
    """Return the people who count for each key; `keys` stand beside the texts."""
    people: dict[_Key, set[bytes]] = {}
    for key, each in zip(keys, texts, strict=True):
        people.setdefault(key, set()).update(people_of([each]))
    return people


def _parts(items: Sequence[_Item]) -> Iterable[tuple[_Item, ...]]:
    return (tuple(items[at : at + ITEMS_MAX]) for at in range(0, len(items), ITEMS_MAX))
