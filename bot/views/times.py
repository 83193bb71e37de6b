"""How times and lengths of time are written (pure)."""

import re
from datetime import UTC, datetime

from bot.core.slots import DAY, HOUR, MINUTE
from bot.views import text

# The longest unit that leaves no remainder is the one people would use.
_UNITS = (
    (DAY, text.ONE_DAY, text.DAYS),
    (HOUR, text.ONE_HOUR, text.HOURS),
    (MINUTE, text.ONE_MINUTE, text.MINUTES),
    (1, text.SECONDS, text.SECONDS),
)


# What `moment` writes; adapters look for it.
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC")
_FORMAT = "%Y-%m-%d %H:%M UTC"


def moment(at: int) -> str:
    """Return "2026-11-24 18:00 UTC", the one form in which every card names a time.

    Adapters may turn it into their platform's own mark-up, so that each reader sees
    their own zone.
    """
    return datetime.fromtimestamp(at, UTC).strftime(_FORMAT)


def second_of(written: str) -> int | None:
    """Return the second that `moment` wrote so, or None if there is no such time."""
    try:
        at = datetime.strptime(written, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp())


def length(seconds: int) -> str:
    """Return a length of time in words, such as "7 days"."""
    unit, one, several = next(each for each in _UNITS if seconds % each[0] == 0)
    count = seconds // unit
    return one if count == 1 else several.format(count=count)
