"""The terms of a drive, and the signed manifest that freezes them (protocol.md §4)."""

import hashlib
from dataclasses import dataclass, field
from typing import NewType

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.publication import Rules
from bot.core.slots import Schedule
from bot.core.tallies import FIXED_LABELS, Choice

DriveId = NewType("DriveId", bytes)

MANIFEST_FORMAT = 1
DRIVE_ID_BYTES = 16
KEY_BYTES = 32
# A short name is typed after a command and travels in a button's id: Discord allows
# a custom_id of 100 characters, which also holds an action and an option.
NAME_CHARS_MAX = 24
# Slack's header block holds 150 characters (docs.slack.dev/reference/block-kit).
QUESTION_CHARS_MAX = 150
# Slack's button holds 75 characters.
OPTION_CHARS_MAX = 75
OPTIONS_MIN = 2
OPTIONS_MAX = 20
SEGMENTS_MAX = 12
PLACE_CHARS_MAX = 100

SCALE_LABELS = FIXED_LABELS[Choice.SCALE]
NPS_LABELS = FIXED_LABELS[Choice.NPS]

_TERMS_KEYS = frozenset(
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
)
_MANIFEST_KEYS = frozenset(
    [
        "format",
        "kind",
        "drive",
        "terms",
        "opens",
        "closes",
        "slot_seconds",
        "signer",
        "gate_commitment",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an organizer decides about a poll; nothing here changes after the start.

    `options` are the labels in the order of every table. `place` names the channel,
    or several of them with a space between, one on each platform; `audience` is the
    number of people who could answer when the poll was made.
    """

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
        for labels in (self.options, self.segments):
            if len(set(labels)) != len(labels):
                raise ValueError("two labels are the same")
        if len(self.places) != len(set(self.places)):
            raise ValueError("a place is named twice")
        # A count of other labels could not be released, long after the start.
        if FIXED_LABELS.get(self.choice, self.options) != self.options:
            raise ValueError("a scale has other labels than the poll")

    @property
    def places(self) -> tuple[str, ...]:
        """The channels, each by its reference."""
        return tuple(self.place.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The frozen terms with the keys and the times that the drive runs by.

    `signer` is DS, `gate_commitment` is PRF(k_gate, "rr/commit", ""), both 32 B.
    """

    drive_id: DriveId
    terms: Terms
    schedule: Schedule
    signer: bytes
    gate_commitment: bytes

    def encode(self) -> bytes:
        """Return the bytes that DS signs."""
        return canonical.encode(
            {
                "format": MANIFEST_FORMAT,
                "kind": "poll",
                "drive": self.drive_id.hex(),
                "terms": terms_to_json(self.terms),
                "opens": self.schedule.opens_at,
                "closes": self.schedule.closes_at,
                "slot_seconds": self.schedule.slot_seconds,
                "signer": self.signer.hex(),
                "gate_commitment": self.gate_commitment.hex(),
            }
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of the encoding, 32 B: what is posted and what certificates name."""
        return hashlib.sha256(self.encode()).digest()


def decode_manifest(data: bytes) -> Manifest:
    """Return the manifest in `data`, or raise `Malformed`."""
    return manifest_of(canonical.decode(data))


def manifest_of(value: JsonValue) -> Manifest:
    """Return the manifest that `value` describes, or raise `Malformed`."""
    fields = canonical.object_of(value, _MANIFEST_KEYS)
    canonical.format_of(fields["format"], MANIFEST_FORMAT)
    if fields["kind"] != "poll":
        raise Malformed("a manifest of another kind")
    second = canonical.INTEGER_MAX
    try:
        schedule = Schedule(
            opens_at=canonical.integer_of(fields["opens"], 0, second),
            closes_at=canonical.integer_of(fields["closes"], 0, second),
            slot_seconds=canonical.integer_of(fields["slot_seconds"], 1, second),
        )
    except ValueError:
        raise Malformed("a schedule that cannot be") from None
    return Manifest(
        drive_id=DriveId(canonical.bytes_of(fields["drive"], DRIVE_ID_BYTES)),
        terms=terms_of(fields["terms"]),
        schedule=schedule,
        signer=canonical.bytes_of(fields["signer"], KEY_BYTES),
        gate_commitment=canonical.bytes_of(fields["gate_commitment"], KEY_BYTES),
    )


def terms_to_json(terms: Terms) -> JsonObject:
    """Return the object that stands for `terms` in manifests and in the database."""
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


def terms_of(value: JsonValue) -> Terms:
    """Return the terms that `value` describes, or raise `Malformed`."""
    fields = canonical.object_of(value, _TERMS_KEYS)
    try:
        return Terms(
            name=canonical.text_of(fields["name"], NAME_CHARS_MAX),
            question=canonical.text_of(fields["question"], QUESTION_CHARS_MAX),
            choice=Choice(canonical.text_of(fields["choice"], 10)),
            options=_labels(fields["options"], OPTIONS_MAX),
            segments=_labels(fields["segments"], SEGMENTS_MAX),
            place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
            audience=canonical.integer_of(fields["audience"], 0, 10**9),
            guests=canonical.flag_of(fields["guests"]),
            extend=canonical.flag_of(fields["extend"]),
            rules=_rules(fields["rules"]),
        )
    except Malformed:
        raise
    except ValueError:
        raise Malformed("terms that cannot be") from None


def _labels(value: JsonValue, items_max: int) -> tuple[str, ...]:
    return tuple(
        canonical.text_of(item, OPTION_CHARS_MAX)
        for item in canonical.list_of(value, items_max)
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
