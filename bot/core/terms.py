"""What organizers decide about a drive, of each kind: frozen at the start (§4).

`Terms` is one of the kinds below. All of them have `kind`, `name`, `title`, `place`,
`audience`, `guests`, and say by class how long their records and slots are, and whether
they stand in lists and channels. A kind has its own keys as JSON, which tell it apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from bot.core import bounds, canonical, shapes
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.petitions import (
    PETITION_KEYS,
    PETITION_KEYS_2,
    PetitionTerms,
    petition_of,
    petition_to_json,
)
from bot.core.publication import Rules
from bot.core.shapes import Shape
from bot.core.slots import DAY, HOUR, POLL_SLOT_SECONDS
from bot.core.tallies import FIXED_LABELS, Choice
from bot.core.wording import line_of

NAME_CHARS_MAX = bounds.NAME_CHARS_MAX
QUESTION_CHARS_MAX = bounds.QUESTION_CHARS_MAX
PLACE_CHARS_MAX = bounds.PLACE_CHARS_MAX
# Slack's button holds 75 characters.
OPTION_CHARS_MAX = 75
OPTIONS_MIN = 2
OPTIONS_MAX = 20
SEGMENTS_MAX = 12
# Slack's radio buttons hold 10 options.
SEVERITIES_MAX = 10
# Discord's select holds 25 options; one more says that it is nobody's business.
AREAS_MAX = 20
# No round is shorter: whoever writes four texts into each would otherwise know to the
# minute when the fifth came.
BOX_SLOT_SECONDS_MIN = 6 * HOUR
BOX_SLOT_SECONDS_MAX = 30 * DAY
RETENTION_SECONDS_MIN = DAY
RETENTION_SECONDS_MAX = 400 * DAY
# What cannot wait for a box's slot is read after so long (protocol.md §5).
LANE_SLOT_SECONDS = 6 * HOUR
# No short name has this sign, so that no command reaches a lane.
LANE_NAME = "="

SCALE_LABELS = FIXED_LABELS[Choice.SCALE]
NPS_LABELS = FIXED_LABELS[Choice.NPS]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTerms:
    """What an organizer decides about a poll; nothing here changes after the start.

    `options` are the labels in the order of every table. `place` names the channel,
    or several of them with a space between, one on each platform; `audience` is the
    number of people who could answer when the poll was made.
    """

    kind: ClassVar[str] = "poll"
    shape: ClassVar[Shape] = shapes.POLL
    slot_seconds: ClassVar[int] = POLL_SLOT_SECONDS
    is_listed: ClassVar[bool] = True
    has_result: ClassVar[bool] = True

    name: str
    question: str
    choice: Choice
    options: tuple[str, ...]
    segments: tuple[str, ...] = ()
    place: str
    audience: int
    guests: bool = False
    extend: bool = False
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        """Hold the bounds that the record of an answer is built on."""
        if not OPTIONS_MIN <= len(self.options) <= OPTIONS_MAX:
            raise ValueError("a poll has 2 to 20 options")
        if len(self.segments) == 1 or len(self.segments) > SEGMENTS_MAX:
            raise ValueError("a poll has no segments, or 2 to 12")
        _check_different(self.options, self.segments, self.places)
        # A count of other labels could not be released, long after the start.
        if FIXED_LABELS.get(self.choice, self.options) != self.options:
            raise ValueError("a scale has other labels than the poll")

    @property
    def title(self) -> str:
        """What a list calls it."""
        return self.question

    @property
    def places(self) -> tuple[str, ...]:
        """The channels, each by its reference."""
        return tuple(self.place.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTerms:
    """What an organizer decides about a report box.

    `categories` and `severities` are the labels in the order of every table. `areas`
    are the coarse places that a report may name, or none: then people write one.
    A round ends every `slot_seconds`; what nobody could read by then, and every case,
    is destroyed after `retention_seconds`. `digest` is the channel in which organizers
    want each release's counts, or empty.
    """

    kind: ClassVar[str] = "box"
    shape: ClassVar[Shape] = shapes.REPORT
    is_listed: ClassVar[bool] = True
    has_result: ClassVar[bool] = False

    name: str
    title: str
    categories: tuple[str, ...]
    severities: tuple[str, ...]
    areas: tuple[str, ...] = ()
    place: str
    audience: int
    guests: bool = False
    slot_seconds: int
    retention_seconds: int
    digest: str = ""

    def __post_init__(self) -> None:
        """Hold the bounds that the record of a report is built on."""
        if not OPTIONS_MIN <= len(self.categories) <= OPTIONS_MAX:
            raise ValueError("a box has 2 to 20 categories")
        if not OPTIONS_MIN <= len(self.severities) <= SEVERITIES_MAX:
            raise ValueError("a box has 2 to 10 severities")
        if len(self.areas) == 1 or len(self.areas) > AREAS_MAX:
            raise ValueError("a box has no areas, or 2 to 20")
        _check_different(self.categories, self.severities, self.areas, self.places)

    @property
    def places(self) -> tuple[str, ...]:
        """The channels, each by its reference."""
        return tuple(self.place.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneTerms:
    """The lane: an inbox that is always there, for what cannot wait for a box's slot.

    Urgent reports and the letters of cases take it. It stands in no list and no
    channel, and organizers decide nothing about it.
    """

    kind: ClassVar[str] = "lane"
    shape: ClassVar[Shape] = shapes.REPORT
    slot_seconds: ClassVar[int] = LANE_SLOT_SECONDS
    is_listed: ClassVar[bool] = False
    has_result: ClassVar[bool] = False
    name: ClassVar[str] = LANE_NAME
    title: ClassVar[str] = LANE_NAME
    place: ClassVar[str] = ""
    places: ClassVar[tuple[str, ...]] = ()
    audience: ClassVar[int] = 0
    guests: ClassVar[bool] = True


Terms: TypeAlias = PollTerms | BoxTerms | PetitionTerms | LaneTerms


def terms_to_json(terms: Terms) -> JsonObject:
    """Return the object that stands for `terms` in manifests and in the database."""
    match terms:
        case PollTerms():
            return _poll_to_json(terms)
        case BoxTerms():
            return _box_to_json(terms)
        case PetitionTerms():
            return petition_to_json(terms)
        case _:
            return {"lane": 1}


def terms_of(value: JsonValue) -> Terms:
    """Return the terms that `value` describes, or raise `Malformed`."""
    reader = _READERS.get(frozenset(value)) if isinstance(value, dict) else None
    if reader is None or not isinstance(value, dict):
        raise Malformed("terms of no kind that there is")
    try:
        return reader(value)
    except Malformed:
        raise
    except ValueError:
        raise Malformed("terms that cannot be") from None


def _poll_to_json(terms: PollTerms) -> JsonObject:
    return {
        "name": terms.name,
        "question": terms.question,
        "choice": terms.choice.value,
        "options": list(terms.options),
        "segments": list(terms.segments),
        "place": terms.place,
        "audience": terms.audience,
        "guests": terms.guests,
        "extend": terms.extend,
        "rules": {
            "version": terms.rules.version,
            "answers_min": terms.rules.answers_min,
            "base_min": terms.rules.base_min,
        },
    }


def _box_to_json(terms: BoxTerms) -> JsonObject:
    return {
        "name": terms.name,
        "title": terms.title,
        "categories": list(terms.categories),
        "severities": list(terms.severities),
        "areas": list(terms.areas),
        "place": terms.place,
        "audience": terms.audience,
        "guests": terms.guests,
        "slot_seconds": terms.slot_seconds,
        "retention_seconds": terms.retention_seconds,
        "digest": terms.digest,
        "rules": 1,
    }


def _poll_of(fields: JsonObject) -> PollTerms:
    return PollTerms(
        name=canonical.text_of(fields["name"], NAME_CHARS_MAX),
        question=line_of(fields["question"], QUESTION_CHARS_MAX),
        choice=Choice(canonical.text_of(fields["choice"], 10)),
        options=_labels(fields["options"], OPTIONS_MAX),
        segments=_labels(fields["segments"], SEGMENTS_MAX),
        place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
        audience=canonical.integer_of(fields["audience"], 0, 10**9),
        guests=canonical.flag_of(fields["guests"]),
        extend=canonical.flag_of(fields["extend"]),
        rules=_rules(fields["rules"]),
    )


def _box_of(fields: JsonObject) -> BoxTerms:
    canonical.format_of(fields["rules"], 1)
    return BoxTerms(
        name=canonical.text_of(fields["name"], NAME_CHARS_MAX),
        title=line_of(fields["title"], QUESTION_CHARS_MAX),
        categories=_labels(fields["categories"], OPTIONS_MAX),
        severities=_labels(fields["severities"], SEVERITIES_MAX),
        areas=_labels(fields["areas"], AREAS_MAX),
        place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
        audience=canonical.integer_of(fields["audience"], 0, 10**9),
        guests=canonical.flag_of(fields["guests"]),
        slot_seconds=canonical.integer_of(
            fields["slot_seconds"], BOX_SLOT_SECONDS_MIN, BOX_SLOT_SECONDS_MAX
        ),
        retention_seconds=canonical.integer_of(
            fields["retention_seconds"], RETENTION_SECONDS_MIN, RETENTION_SECONDS_MAX
        ),
        digest=canonical.text_of(fields["digest"], PLACE_CHARS_MAX),
    )


def _lane_of(fields: JsonObject) -> LaneTerms:
    canonical.format_of(fields["lane"], 1)
    return LaneTerms()


def _labels(value: JsonValue, items_max: int) -> tuple[str, ...]:
    return tuple(
        line_of(item, OPTION_CHARS_MAX) for item in canonical.list_of(value, items_max)
    )


def _rules(value: JsonValue) -> Rules:
    fields = canonical.object_of(
        value, frozenset({"version", "answers_min", "base_min"})
    )
    return Rules(
        version=canonical.integer_of(fields["version"], 1, 1),
        answers_min=canonical.integer_of(fields["answers_min"], 0, 10**6),
        base_min=canonical.integer_of(fields["base_min"], 0, 10**6),
    )


def _check_different(*lists: tuple[str, ...]) -> None:
    if any(len(set(labels)) != len(labels) for labels in lists):
        raise ValueError("two labels are the same")


# The keys tell the kind: each format has exactly its own.
_READERS: dict[frozenset[str], Callable[[JsonObject], Terms]] = {
    frozenset(
        [
            "name",
            "question",
            "choice",
            "options",
            "segments",
            "place",
            "audience",
            "guests",
            "extend",
            "rules",
        ]
    ): _poll_of,
    frozenset(
        [
            "name",
            "title",
            "categories",
            "severities",
            "areas",
            "place",
            "audience",
            "guests",
            "slot_seconds",
            "retention_seconds",
            "digest",
            "rules",
        ]
    ): _box_of,
    PETITION_KEYS: petition_of,
    PETITION_KEYS_2: petition_of,
    frozenset(["lane"]): _lane_of,
}
