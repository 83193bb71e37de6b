"""From what people type into forms to a poll's terms and to an answer (pure).

Nothing that was typed is quoted in a refusal. The rules for who can be asked (R6) stand
here as well.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.errors import (
    AudienceTooAlike,
    AudienceTooSmall,
    AudienceUnknown,
    FieldWrong,
    NoAnswer,
    OneAnswerOnly,
    OptionsWrong,
    SegmentsWrong,
    TextMissing,
    TextTooLong,
    TimeWrong,
    UnknownOption,
)
from bot.core.publication import ReleasedTable, release_table
from bot.core.slots import (
    DAY,
    HOUR,
    MINUTE,
    POLL_SLOT_SECONDS,
    SLOTS_MAX,
    Schedule,
    drive_schedule,
)
from bot.core.tallies import FIXED_LABELS, Choice, empty_tally, tally_from_counts
from bot.core.terms import (
    NAME_CHARS_MAX,
    OPTION_CHARS_MAX,
    OPTIONS_MAX,
    OPTIONS_MIN,
    QUESTION_CHARS_MAX,
    SEGMENTS_MAX,
    PollTerms,
)
from bot.core.wording import one_line

LENGTH_SECONDS_MIN = MINUTE
# One slot a day, and a manifest has at most SLOTS_MAX of them.
LENGTH_SECONDS_MAX = SLOTS_MAX * DAY
LENGTH_DEFAULT = "24h"
AUDIENCES = ("members", "guests")
# R6: two audiences that differ by so few people tell these people's answers.
ALIKE_MAX = 9
# A sample result supposes that seven in ten people answer.
SAMPLE_TENTHS = 7
_TOP_WEIGHTS = (60, 30)

_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_LENGTH = re.compile(r"(\d{1,8})\s*([smhdw])", re.ASCII)
_DATE_CHARS_MAX = 40
# What phones and word processors make of a double quote.
_DOUBLE_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_QUOTED = re.compile(r'"([^"]*)"')
_SLUG_WORD = re.compile(r"[a-z0-9]+")
# Words that stand in most questions make no name.
_SMALL_WORDS = frozenset(
    (  # noqa: SIM905 - words stand better in lines than in a column
        "a an and are as at be by can could did do does for from has have how i if in "
        "into is it its like many me much my of on or our shall should so than that "
        "the their them then there these they this those to us was we were what when "
        "where which who why will with would you your"
    ).split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollForm:
    """What stood in the fields of the poll form, as it was typed."""

    question: str = ""
    options: str = ""
    choice: str = ""
    closes: str = ""
    segments: str = ""
    audience: str = ""
    extend: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long a poll will be: `length` (seconds) or `closes_at`; the other is 0."""

    length: int = 0
    closes_at: int = 0

    @property
    def typed(self) -> str:
        """What `read_span` takes for this, as a form has it."""
        if not self.length:
            return f"{datetime.fromtimestamp(self.closes_at, UTC):%Y-%m-%d %H:%M:%S}"
        unit = next(each for each in "dhms" if self.length % _UNITS[each] == 0)
        return f"{self.length // _UNITS[unit]}{unit}"

    def schedule(self, now: int, slot_seconds: int = POLL_SLOT_SECONDS) -> Schedule:
        """Return the schedule if the drive started now."""
        closes_at = max(self.closes_at or now + self.length, now + LENGTH_SECONDS_MIN)
        return drive_schedule(now, closes_at, slot_seconds=slot_seconds)


def read_terms(
    form: PollForm, *, place: str, audience: int, taken: Collection[str]
) -> PollTerms:
    """Return the terms that a form asks for; `taken` are the names in use."""
    question = one_line(form.question)
    if not question:
        raise TextMissing(label="question")
    if len(question) > QUESTION_CHARS_MAX:
        raise TextTooLong(label="question", limit=QUESTION_CHARS_MAX)
    choice = _choice(form.choice)
    return PollTerms(
        name=make_name(form.name, question, taken),
        question=question,
        choice=choice,
        options=FIXED_LABELS.get(choice) or _options(form.options),
        segments=_segments(form.segments, choice),
        place=place,
        audience=audience,
        guests=guests_of(form.audience),
        extend=form.extend,
    )


def read_span(closes: str, now: int) -> Span:
    """Return what "24h", "7d", "2031-05-01" or "2031-05-01 18:00" says (UTC)."""
    typed = " ".join(closes.split()) or LENGTH_DEFAULT
    matched = _LENGTH.fullmatch(typed.lower())
    if matched:
        span = Span(length=int(matched[1]) * _UNITS[matched[2]])
        length = span.length
    else:
        span = Span(closes_at=_date(typed))
        length = span.closes_at - now
    if not LENGTH_SECONDS_MIN <= length <= LENGTH_SECONDS_MAX:
        raise TimeWrong(days=SLOTS_MAX)
    return span


def read_answer(terms: PollTerms, chosen: Sequence[str], segment: str) -> Answer:
    """Return the answer that these labels mean."""
    labels = {label.strip() for label in chosen if label.strip()}
    if not labels:
        raise NoAnswer
    if not labels <= set(terms.options) or (segment and segment not in terms.segments):
        raise UnknownOption
    if len(labels) > 1 and terms.choice is not Choice.MULTI:
        raise OneAnswerOnly
    bits = sum(1 << terms.options.index(label) for label in labels)
    group = terms.segments.index(segment) if segment else NO_SEGMENT
    return Answer(chosen=bits, segment=group)


def quoted_words(words: str) -> tuple[str, ...]:
    """Return what stands between double quotes, straight or curly; the rest is lost."""
    found = _QUOTED.findall(words.translate(_DOUBLE_QUOTES))
    return tuple(line for line in map(one_line, found[: OPTIONS_MAX + 1]) if line)


def has_quotes(words: str) -> bool:
    """Tell whether something stands between quotes, or begins to."""
    return '"' in words.translate(_DOUBLE_QUOTES)


def make_name(wanted: str, question: str, taken: Collection[str]) -> str:
    """Return a short name that is not `taken`, from what was wanted or asked."""
    slug = (
        _slug(_words(wanted))
        or _slug(word for word in _words(question) if word not in _SMALL_WORDS)
        or _slug(_words(question))
        or "poll"
    )
    name, number = slug, 1
    while name in taken:
        number += 1
        ending = f"-{number}"
        name = slug[: NAME_CHARS_MAX - len(ending)].rstrip("-") + ending
    return name


def guests_of(typed: str) -> bool:
    """Return whether a form asks guests too, or raise if it says something else."""
    audience = typed.strip().lower() or AUDIENCES[0]
    if audience not in AUDIENCES:
        raise FieldWrong(label="audience")
    return audience == AUDIENCES[1]


def check_audience(
    members: frozenset[str] | None,
    others: Iterable[frozenset[str] | None],
    *,
    as_guests: bool = True,
) -> None:
    """Raise unless R6 lets these members be asked while `others` are asked too.

    None stands for people whom nobody can tell apart: next to others it is refused.
    `as_guests` says that guests are asked in both or in neither. Where that differs,
    the same members are not the same audience: it is theirs without a few guests.
    """
    for other in others:
        if members is None or other is None:
            raise AudienceUnknown
        differ = len(members ^ other)
        if differ <= ALIKE_MAX and (differ or not as_guests):
            raise AudienceTooAlike


def check_size(people: int, *, least: int) -> None:
    """Raise unless enough people can answer (R6)."""
    if people < least:
        raise AudienceTooSmall(least=least)


def sample_result(terms: PollTerms) -> ReleasedTable | None:
    """Return what the publisher makes of a plausible tally of this audience.

    The tally is made up from the number of people alone, so it says nothing.
    """
    people = max(terms.audience * SAMPLE_TENTHS // 10, terms.rules.answers_min)
    people = min(people, terms.audience)
    weights = _weights(terms.choice, len(terms.options))
    if terms.choice is Choice.MULTI:
        cells = [people * weight // sum(_TOP_WEIGHTS) for weight in weights]
    else:
        cells = [people * weight // sum(weights) for weight in weights]
        cells[weights.index(max(weights))] += people - sum(cells)
    tally = tally_from_counts(
        empty_tally(terms.choice, terms.options), answers=people, cells=cells
    )
    return release_table(tally, terms.rules)


def _choice(typed: str) -> Choice:
    try:
        return Choice(typed.strip().lower() or Choice.SINGLE)
    except ValueError:
        raise FieldWrong(label="choice") from None


def _options(typed: str) -> tuple[str, ...]:
    labels = lines_of(typed)
    if not are_labels(labels, OPTIONS_MAX):
        raise OptionsWrong(limit=OPTIONS_MAX, length=OPTION_CHARS_MAX)
    return labels


def _segments(typed: str, choice: Choice) -> tuple[str, ...]:
    labels = lines_of(typed)
    # R5: several choices are never broken down.
    if labels and (choice is Choice.MULTI or not are_labels(labels, SEGMENTS_MAX)):
        raise SegmentsWrong(limit=SEGMENTS_MAX, length=OPTION_CHARS_MAX)
    return labels


def are_labels(labels: tuple[str, ...], labels_max: int) -> bool:
    """Tell whether these are enough labels, and different ones, of a fitting length."""
    # Two labels that differ in capitals alone would be read as one.
    different = {label.casefold() for label in labels}
    return (
        OPTIONS_MIN <= len(labels) <= labels_max
        and len(different) == len(labels)
        and max(map(len, labels)) <= OPTION_CHARS_MAX
    )


def lines_of(typed: str) -> tuple[str, ...]:
    """Return the lines that somebody typed, without empty ones."""
    return tuple(line for line in map(one_line, typed.splitlines()) if line)


def _date(typed: str) -> int:
    text = typed.upper().removesuffix("UTC").strip()
    try:
        # The parser is not for texts of any size.
        read = datetime.fromisoformat(text[:_DATE_CHARS_MAX])
        # A year near the ends of the calendar has no time in UTC.
        return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise TimeWrong(days=SLOTS_MAX) from None


def _words(words: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", words.replace("’", "").replace("'", ""))
    return _SLUG_WORD.findall(plain.encode("ascii", "ignore").decode().lower())


def _slug(words: Iterable[str]) -> str:
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:NAME_CHARS_MAX]
        if len(longer) > NAME_CHARS_MAX:
            break
        slug = longer
    return slug


def _weights(choice: Choice, options: int) -> list[int]:
    """Return how a sample's answers are spread: most on one option, few on most."""
    if choice is Choice.SCALE:
        return [5, 10, 30, 60, 20]
    rest = [10 // rank or 1 for rank in range(1, options - 1)]
    falling = [*_TOP_WEIGHTS, *rest]
    return falling[::-1] if choice is Choice.NPS else falling
