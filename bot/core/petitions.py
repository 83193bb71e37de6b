"""What organizers decide about a petition, frozen at the start (protocol.md §13)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core import canonical, shapes
from bot.core.bounds import NAME_CHARS_MAX, PLACE_CHARS_MAX, QUESTION_CHARS_MAX
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.details import DETAIL_BYTES_MAX, Detail, check_detail
from bot.core.shapes import Shape
from bot.core.slots import HOUR
from bot.core.trustees import LineMistyped, Trustees, read_trustees
from bot.core.wording import line_of

# Both platforms' forms hold it together with who can see what (UX.md §9).
TEXT_CHARS_MAX = 2500
ADDRESSEE_CHARS_MAX = 100
# A petition of one is a letter: its one name would be known before it is opened.
THRESHOLD_MIN = 2
# What a certificate file can hold: a hash and a box in hexadecimal for each.
NAMES_MAX = 200_000
RULES_VERSION = 1
# Four counts a day; 400 slots last 100 days (protocol.md §13).
PETITION_SLOT_SECONDS = 6 * HOUR
# R7: an exact count below the threshold is given from here on.
COUNT_SHOWN_MIN = 25

_TRUSTEES_CHARS_MAX = 100
PETITION_KEYS = frozenset(
    [
        "name",
        "title",
        "text",
        "addressee",
        "threshold",
        "collects",
        "asks",
        "employer",
        "language",
        "trustees",
        "place",
        "audience",
        "guests",
        "ends_at_threshold",
        "rules",
    ]
)


class Collects(StrEnum):
    """What comes of a petition that reaches its threshold."""

    COUNT = "count"
    NAMES = "names"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionTerms:
    """What an organizer decides about a petition; nothing changes after the start.

    `asks` are the details that the form has besides the name. `employer` and
    `language` are put into each name box of a showing of interest. `trustees` is None
    where names are not collected.
    """

    kind: ClassVar[str] = "petition"
    shape: ClassVar[Shape] = shapes.PETITION
    slot_seconds: ClassVar[int] = PETITION_SLOT_SECONDS
    is_listed: ClassVar[bool] = True
    has_result: ClassVar[bool] = True

    name: str
    title: str
    text: str
    addressee: str
    threshold: int
    collects: Collects = Collects.NAMES
    asks: tuple[Detail, ...] = ()
    employer: str = ""
    language: str = ""
    trustees: Trustees | None = None
    place: str
    audience: int
    guests: bool = False
    ends_at_threshold: bool = False

    def __post_init__(self) -> None:
        """Hold the bounds that name boxes and certificates are built on."""
        if not THRESHOLD_MIN <= self.threshold <= NAMES_MAX:
            raise ValueError("a petition needs two people, or it has too many")
        if self.asks != tuple(each for each in Detail if each in self.asks):
            raise ValueError("details stand in another order, or twice")
        if Detail.NAME in self.asks:
            raise ValueError("the name is always asked for")
        if (self.trustees is None) != (self.collects is Collects.COUNT):
            raise ValueError("names need trustees, and a count needs none")
        if self.trustees is None and self.asks:
            raise ValueError("a count asks for nothing")
        for detail in (Detail.EMPLOYER, Detail.LANGUAGE):
            check_detail(getattr(self, detail.value), DETAIL_BYTES_MAX[detail])

    @property
    def places(self) -> tuple[str, ...]:
        """The channels, each by its reference."""
        return tuple(self.place.split())


def petition_to_json(terms: PetitionTerms) -> JsonObject:
    """Return the object that stands for a petition's terms."""
    return {
        "name": terms.name,
        "title": terms.title,
        "text": terms.text,
        "addressee": terms.addressee,
        "threshold": terms.threshold,
        "collects": terms.collects.value,
        "asks": [each.value for each in terms.asks],
        "employer": terms.employer,
        "language": terms.language,
        "trustees": terms.trustees.line() if terms.trustees else "",
        "place": terms.place,
        "audience": terms.audience,
        "guests": terms.guests,
        "ends_at_threshold": terms.ends_at_threshold,
        "rules": RULES_VERSION,
    }


def petition_of(value: JsonValue) -> PetitionTerms:
    """Return the petition's terms that `value` describes, or raise `Malformed`."""
    fields = canonical.object_of(value, PETITION_KEYS)
    canonical.format_of(fields["rules"], RULES_VERSION)
    try:
        return PetitionTerms(
            name=canonical.text_of(fields["name"], NAME_CHARS_MAX),
            title=line_of(fields["title"], QUESTION_CHARS_MAX),
            text=canonical.text_of(fields["text"], TEXT_CHARS_MAX),
            addressee=line_of(fields["addressee"], ADDRESSEE_CHARS_MAX),
            threshold=canonical.integer_of(
                fields["threshold"], THRESHOLD_MIN, NAMES_MAX
            ),
            collects=Collects(canonical.text_of(fields["collects"], 10)),
            asks=_asks(fields["asks"]),
            employer=line_of(fields["employer"], 100),
            language=line_of(fields["language"], 8),
            trustees=_trustees(fields["trustees"]),
            place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
            audience=canonical.integer_of(fields["audience"], 0, 10**9),
            guests=canonical.flag_of(fields["guests"]),
            ends_at_threshold=canonical.flag_of(fields["ends_at_threshold"]),
        )
    except Malformed:
        raise
    except ValueError:
        raise Malformed("terms that cannot be") from None


def _asks(value: JsonValue) -> tuple[Detail, ...]:
    items = canonical.list_of(value, len(Detail))
    return tuple(Detail(canonical.text_of(item, 20)) for item in items)


def _trustees(value: JsonValue) -> Trustees | None:
    line = canonical.text_of(value, _TRUSTEES_CHARS_MAX)
    if not line:
        return None
    try:
        trustees = read_trustees(line)
    except LineMistyped:
        raise Malformed("a line of trustees with a mistake in it") from None
    # Capitals and spaces mean the same to a person, and would be a second encoding.
    if trustees.line() != line:
        raise Malformed("a line of trustees in another writing")
    return trustees
