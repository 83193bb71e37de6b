"""From what people type into forms to a petition's terms and to a signature (pure).

Nothing that was typed is quoted in a refusal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.core.bounds import QUESTION_CHARS_MAX
from bot.core.details import DETAIL_BYTES_MAX, Detail, check_detail
from bot.core.errors import (
    FieldWrong,
    JoinLinkWrong,
    PeopleWrong,
    SignatureLine,
    SignatureTooLong,
    TextMissing,
    TextTooLong,
    ThresholdWrong,
    TrusteesWrong,
)
from bot.core.links import LINK_CHARS_MAX, is_link
from bot.core.manifest import DriveId
from bot.core.name_boxes import SignedName
from bot.core.petitions import (
    ADDRESSEE_CHARS_MAX,
    NAMES_MAX,
    PEOPLE_MAX,
    TEXT_CHARS_MAX,
    THRESHOLD_MIN,
    Collects,
    PetitionTerms,
)
from bot.core.polls import AUDIENCES, make_name
from bot.core.trustees import LineMistyped, Trustees, read_trustees
from bot.core.wording import one_line, plain_lines

ENDS = ("date", "threshold")
# Off unless organizers say otherwise: a message that says who signed costs something.
CONFIRMATION = ("no", "yes")
# How long a petition is open if nobody says it.
LENGTH_DEFAULT = "30d"
# What the form can ask for besides the name; the rest comes from the terms.
ASKABLE = (Detail.AFFILIATION, Detail.CONTACT, Detail.PHONE)
# Discord's form has room for four fields; name and consent are two of them.
ASKS_MAX = 2
# A showing of interest needs these (docs/howto/recognition.md).
INTEREST_ASKS = (Detail.CONTACT, Detail.PHONE)
_NUMBER_CHARS_MAX = 8
# A poll's form calls its short name "name" already.
_LABELS = {Detail.NAME: "sign_name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionForm:
    """What stood in the fields of the petition form, as it was typed."""

    title: str = ""
    text: str = ""
    addressee: str = ""
    threshold: str = ""
    kind: str = ""
    ask: tuple[str, ...] = ()
    trustees: str = ""
    employer: str = ""
    language: str = ""
    people: str = ""
    link: str = ""
    confirmation: str = ""
    ends: str = ""
    closes: str = ""
    audience: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignForm:
    """What somebody typed into the signing form, by detail."""

    typed: Mapping[Detail, str] = field(default_factory=dict[Detail, str])


def read_petition(
    form: PetitionForm, *, place: str, audience: int, taken: Collection[str]
) -> PetitionTerms:
    """Return the terms that a form asks for; `taken` are the names in use."""
    title, text = _title_and_text(one_line(form.title), plain_lines(form.text))
    collects = _collects(form.kind)
    _check_texts(title, text, one_line(form.addressee))
    guests = _one_of(form.audience, AUDIENCES, label="audience")
    asks = INTEREST_ASKS if collects is Collects.INTEREST else _asks(form.ask)
    names = collects in (Collects.NAMES, Collects.INTEREST)
    interest = collects is Collects.INTEREST
    threshold = _threshold(form.threshold)
    confirmation = _one_of(form.confirmation, CONFIRMATION, label="confirmation")
    confirms = confirmation != CONFIRMATION[0]
    return PetitionTerms(
        name=make_name(form.name or title, "petition", taken),
        title=title,
        text=text,
        addressee=one_line(form.addressee),
        threshold=threshold,
        collects=collects,
        asks=asks if names else (),
        employer=_line(form.employer, Detail.EMPLOYER) if interest else "",
        language=_line(form.language, Detail.LANGUAGE) if interest else "",
        trustees=_trustees(form.trustees) if names else None,
        place=place,
        audience=audience,
        guests=guests != AUDIENCES[0],
        ends_at_threshold=_one_of(form.ends, ENDS, label="ends") != ENDS[0],
        people=_people(form.people, threshold),
        link=_link(form.link) if collects is Collects.MEMBERSHIP else "",
        confirms=confirms and interest,
    )


def read_signature(
    form: SignForm, terms: PetitionTerms, drive_id: DriveId, *, date: str
) -> SignedName | None:
    """Return what somebody signs with; nothing where people only count.

    `date` stands in a showing of interest, as its language and employer do.
    """
    if not terms.has_names:
        return None
    interest = terms.collects is Collects.INTEREST
    name = _line(form.typed.get(Detail.NAME, ""), Detail.NAME)
    if not name:
        raise TextMissing(label=_LABELS[Detail.NAME])
    asked = {
        detail: _line(form.typed.get(detail, "") * (detail in terms.asks), detail)
        for detail in ASKABLE
    }
    return SignedName(
        drive_id=drive_id,
        name=name,
        affiliation=asked[Detail.AFFILIATION],
        contact=asked[Detail.CONTACT],
        phone=asked[Detail.PHONE],
        language=terms.language,
        employer=terms.employer,
        date=date if interest else "",
    )


def _line(typed: str, detail: Detail) -> str:
    """Return one plain line of what was typed, or raise."""
    text = typed.strip()
    limit = DETAIL_BYTES_MAX[detail]
    label = _LABELS.get(detail, detail.value)
    try:
        check_detail(text, len(text) * 4)
    except ValueError:
        raise SignatureLine(label=label) from None
    if len(text.encode()) > limit:
        raise SignatureTooLong(label=label, limit=limit)
    return text


def _check_texts(title: str, text: str, addressee: str) -> None:
    for label, typed, limit in (
        ("petition", text, TEXT_CHARS_MAX),
        ("title", title, QUESTION_CHARS_MAX),
        ("addressee", addressee, ADDRESSEE_CHARS_MAX),
    ):
        if not typed and label == "petition":
            raise TextMissing(label=label)
        if len(typed) > limit:
            raise TextTooLong(label=label, limit=limit)


def _title_and_text(title: str, text: str) -> tuple[str, str]:
    """Return both; without a title it is the first line of a text that has more."""
    first, _, rest = (part.strip() for part in text.partition("\n"))
    if title:
        return title, text
    if rest and one_line(first) and len(one_line(first)) <= QUESTION_CHARS_MAX:
        return one_line(first), rest
    return _first_words(text), text


def typed_title(terms: PetitionTerms) -> str:
    """Return the title as its form has it: nothing where the text is its own title."""
    own = _title_and_text("", terms.text)
    return "" if own == (terms.title, terms.text) else terms.title


def _first_words(text: str) -> str:
    """Return the beginning of a text, where it has no title."""
    line = one_line(text)
    if len(line) <= QUESTION_CHARS_MAX:
        return line
    return line[: QUESTION_CHARS_MAX - 1].rsplit(" ", 1)[0] + "…"


def _number(typed: str) -> int:
    """Return a number as people write it, or 0 where there is none."""
    digits = typed.strip().replace(",", "").replace(" ", "")
    is_number = digits.isascii() and digits.isdecimal()
    return int(digits) if is_number and len(digits) <= _NUMBER_CHARS_MAX else 0


def _people(typed: str, threshold: int) -> int:
    number = _number(typed)
    if typed.strip() and not threshold <= number <= PEOPLE_MAX:
        raise PeopleWrong(most=f"{PEOPLE_MAX:,}")
    return number


def _link(typed: str) -> str:
    link = typed.strip()
    if not is_link(link):
        raise JoinLinkWrong(most=LINK_CHARS_MAX)
    return link


def _threshold(typed: str) -> int:
    number = _number(typed)
    if not THRESHOLD_MIN <= number <= NAMES_MAX:
        raise ThresholdWrong(least=THRESHOLD_MIN, most=f"{NAMES_MAX:,}")
    return number


def _trustees(typed: str) -> Trustees:
    try:
        return read_trustees(typed)
    except LineMistyped:
        raise TrusteesWrong from None


def _asks(typed: Collection[str]) -> tuple[Detail, ...]:
    words = {word.strip().lower() for line in typed for word in line.split(",")}
    words.discard("")
    if len(words) > ASKS_MAX or not words <= {each.value for each in ASKABLE}:
        raise FieldWrong(label="ask")
    return tuple(each for each in ASKABLE if each.value in words)


def _collects(typed: str) -> Collects:
    try:
        return Collects(typed.strip().lower() or Collects.NAMES)
    except ValueError:
        raise FieldWrong(label="kind") from None


def _one_of(typed: str, options: tuple[str, ...], *, label: str) -> str:
    word = typed.strip().lower() or options[0]
    if word not in options:
        raise FieldWrong(label=label)
    return word
