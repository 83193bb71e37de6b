"""How times and lengths of time are written (pure)."""

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


def moment(at: int) -> str:
    """Return "2026-11-24 18:00 UTC", the one form in which every card names a time.

    Adapters may turn it into their platform's own mark-up, so that each reader sees
    their own zone.
    """
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def length(seconds: int) -> str:
    """Return a length of time in words, such as "7 days"."""
    unit, one, several = next(each for each in _UNITS if seconds % each[0] == 0)
    count = seconds // unit
    return one if count == 1 else several.format(count=count)
