"""What organizers decide about a petition, frozen at the start (protocol.md §13)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core import canonical, shapes
from bot.core.bounds import NAME_CHARS_MAX, PLACE_CHARS_MAX, QUESTION_CHARS_MAX
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.details import DETAIL_BYTES_MAX, Detail, check_detail
from bot.core.links import LINK_CHARS_MAX, is_link
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
# As many as a workplace can have; more is a mistake of typing.
PEOPLE_MAX = 10_000_000
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
# What came with the second version. Terms that need none of it are of the first.
_LATER: JsonObject = {"people": 0, "link": "", "confirms": False}
PETITION_KEYS_2 = frozenset(PETITION_KEYS | _LATER.keys())


class Collects(StrEnum):
    """What comes of a petition that reaches its threshold."""

    COUNT = "count"
    NAMES = "names"
    INTEREST = "interest"
    MEMBERSHIP = "membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionTerms:
    """What an organizer decides about a petition; nothing changes after the start.

    `asks` are the details that the form has besides the name. `employer` and
    `language` are put into each name box of a showing of interest, which `confirms`
    where each signer may choose to be sent what they signed. `trustees` is None where
    names are not collected. `people` is how many could sign, as organizers know it, or
    0. `link` is where people join the union whose members a membership meter counts.
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
    people: int = 0
    link: str = ""
    confirms: bool = False

    def __post_init__(self) -> None:
        """Hold the bounds that name boxes and certificates are built on."""
        if not THRESHOLD_MIN <= self.threshold <= NAMES_MAX:
            raise ValueError("a petition needs two people, or it has too many")
        if self.asks != tuple(each for each in Detail if each in self.asks):
            raise ValueError("details stand in another order, or twice")
        if Detail.NAME in self.asks:
            raise ValueError("the name is always asked for")
        counts = self.collects in (Collects.COUNT, Collects.MEMBERSHIP)
        if (self.trustees is None) != counts:
            raise ValueError("names need trustees, and a count needs none")
        if self.trustees is None and self.asks:
            raise ValueError("a count asks for nothing")
        for detail in (Detail.EMPLOYER, Detail.LANGUAGE):
            check_detail(getattr(self, detail.value), DETAIL_BYTES_MAX[detail])
        self._check_later()

    def _check_later(self) -> None:
        if self.people and not self.threshold <= self.people <= PEOPLE_MAX:
            raise ValueError("a petition needs more people than there are")
        is_meter = self.collects is Collects.MEMBERSHIP
        if not (is_link(self.link) if is_meter else not self.link):
            raise ValueError("a petition about members has a link, and no other one")
        if self.confirms and self.collects is not Collects.INTEREST:
            raise ValueError("no other petition than one of interest confirms")

    @property
    def has_names(self) -> bool:
        """Whether names are collected, and not a count alone."""
        return self.trustees is not None

    @property
    def could_sign(self) -> int:
        """How many could sign: as organizers know it, or as many as the channel has."""
        return self.people or self.audience

    @property
    def places(self) -> tuple[str, ...]:
        """The channels, each by its reference."""
        return tuple(self.place.split())


def petition_to_json(terms: PetitionTerms) -> JsonObject:
    """Return the object that stands for a petition's terms."""
    later: JsonObject = {
        "people": terms.people,
        "link": terms.link,
        "confirms": terms.confirms,
    }
    is_later = _is_later(terms)
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
        "rules": 2 if is_later else 1,
        **(later if is_later else {}),
    }


def petition_of(value: JsonValue) -> PetitionTerms:
    """Return the petition's terms that `value` describes, or raise `Malformed`."""
    is_later = isinstance(value, dict) and not _LATER.keys().isdisjoint(value)
    keys = PETITION_KEYS_2 if is_later else PETITION_KEYS
    fields = canonical.object_of(value, keys)
    canonical.format_of(fields["rules"], 2 if is_later else 1)
    try:
        terms = _terms(_LATER | fields)
    except Malformed:
        raise
    except ValueError:
        raise Malformed("terms that cannot be") from None
    # One value has one encoding.
    if is_later and not _is_later(terms):
        raise Malformed("terms of the second version that need nothing of it")
    return terms


def _is_later(terms: PetitionTerms) -> bool:
    return bool(terms.people or terms.link or terms.confirms)


def _terms(fields: JsonObject) -> PetitionTerms:
    return PetitionTerms(
        name=canonical.text_of(fields["name"], NAME_CHARS_MAX),
        title=line_of(fields["title"], QUESTION_CHARS_MAX),
        text=canonical.text_of(fields["text"], TEXT_CHARS_MAX),
        addressee=line_of(fields["addressee"], ADDRESSEE_CHARS_MAX),
        threshold=canonical.integer_of(fields["threshold"], THRESHOLD_MIN, NAMES_MAX),
        collects=Collects(canonical.text_of(fields["collects"], 10)),
        asks=_asks(fields["asks"]),
        employer=line_of(fields["employer"], 100),
        language=line_of(fields["language"], 8),
        trustees=_trustees(fields["trustees"]),
        place=canonical.text_of(fields["place"], PLACE_CHARS_MAX),
        audience=canonical.integer_of(fields["audience"], 0, 10**9),
        guests=canonical.flag_of(fields["guests"]),
        ends_at_threshold=canonical.flag_of(fields["ends_at_threshold"]),
        people=canonical.integer_of(fields["people"], 0, PEOPLE_MAX),
        link=canonical.text_of(fields["link"], LINK_CHARS_MAX),
        confirms=canonical.flag_of(fields["confirms"]),
    )


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
