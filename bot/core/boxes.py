"""From what organizers type into the form of a report box to its terms (pure)."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.errors import CategoriesWrong, FieldWrong, SpanWrong, TextTooLong
from bot.core.polls import AUDIENCES, are_labels, lines_of, make_name
from bot.core.slots import DAY, HOUR, MINUTE
from bot.core.terms import (
    AREAS_MAX,
    BOX_SLOT_SECONDS_MAX,
    BOX_SLOT_SECONDS_MIN,
    OPTION_CHARS_MAX,
    OPTIONS_MAX,
    QUESTION_CHARS_MAX,
    RETENTION_SECONDS_MAX,
    RETENTION_SECONDS_MIN,
    SEVERITIES_MAX,
    BoxTerms,
)
from bot.core.wording import one_line

EVERY_DEFAULT = "24h"
KEEP_DEFAULT = "90d"
# A year of daily slots: all their keys are made at the start, 400 at most.
CLOSES_DEFAULT = "365d"

_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_NUMBER_CHARS_MAX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxForm:
    """What stood in the fields of the box form, as it was typed.

    `digest` is the reference of the channel that was typed.
    """

    name: str = ""
    categories: str = ""
    severities: str = ""
    areas: str = ""
    every: str = ""
    keep: str = ""
    closes: str = ""
    audience: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxDefaults:
    """The words that stand in an empty form; they are texts that people read."""

    title: str
    categories: tuple[str, ...]
    severities: tuple[str, ...]


def read_box(
    form: BoxForm,
    defaults: BoxDefaults,
    *,
    place: str,
    audience: int,
    taken: Collection[str],
) -> BoxTerms:
    """Return the terms that a form asks for; `taken` are the names in use."""
    title = one_line(form.name) or defaults.title
    if len(title) > QUESTION_CHARS_MAX:
        raise TextTooLong(label="box", limit=QUESTION_CHARS_MAX)
    guests = form.audience.strip().lower() or AUDIENCES[0]
    if guests not in AUDIENCES:
        raise FieldWrong(label="audience")
    return BoxTerms(
        name=make_name(title, "box", taken),
        title=title,
        categories=_labels(
            form.categories, "categories", OPTIONS_MAX, defaults.categories
        ),
        severities=_labels(
            form.severities, "severities", SEVERITIES_MAX, defaults.severities
        ),
        areas=_labels(form.areas, "areas", AREAS_MAX, ()),
        place=place,
        audience=audience,
        guests=guests != AUDIENCES[0],
        slot_seconds=_seconds(
            form.every or EVERY_DEFAULT,
            "every",
            BOX_SLOT_SECONDS_MIN,
            BOX_SLOT_SECONDS_MAX,
        ),
        retention_seconds=_seconds(
            form.keep or KEEP_DEFAULT,
            "keep",
            RETENTION_SECONDS_MIN,
            RETENTION_SECONDS_MAX,
        ),
        digest=form.digest,
    )


def span_text(seconds: int) -> str:
    """Return a length of time as the form takes it: 24h, 7d."""
    unit = next(each for each in ("d", "h", "m") if seconds % _UNITS[each] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _labels(
    typed: str, label: str, labels_max: int, default: tuple[str, ...]
) -> tuple[str, ...]:
    labels = lines_of(typed)
    if not labels:
        return default
    if not are_labels(labels, labels_max):
        raise CategoriesWrong(label=label, limit=labels_max, length=OPTION_CHARS_MAX)
    return labels


def _seconds(typed: str, label: str, least: int, most: int) -> int:
    words = typed.replace(" ", "").lower()
    number, unit = words[:-1], words[-1:]
    seconds = 0
    is_number = number.isascii() and number.isdecimal()
    if is_number and len(number) <= _NUMBER_CHARS_MAX and unit in _UNITS:
        seconds = int(number) * _UNITS[unit]
    if not least <= seconds <= most:
        raise SpanWrong(
            label=label,
            example=EVERY_DEFAULT,
            least=span_text(least),
            most=span_text(most),
        )
    return seconds
