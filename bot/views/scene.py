"""What texts need to know of the installation they stand in (a pure value)."""

from dataclasses import dataclass

from bot.core.cases import Deadlines
from bot.core.legal import LegalLine
from bot.core.slots import DAY

# The platforms that have texts of their own.
PLATFORMS = ("console", "slack", "discord")
LEVELS = (0, 1, 2)
USUAL_DEADLINES = Deadlines(reply_seconds=7 * DAY, outcome_seconds=90 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An installation, as people meet it.

    `platform` is "console", "slack" or "discord", `command` the root command without
    its slash. `owner` owns the workspace or runs the server and `keeper` runs the bot,
    both as they are to be named in texts, or empty. `level` is 0 to 2. `elsewhere` are
    the other platforms that the same bot serves. `deadlines` are those of reports,
    `legal_lines` those that petitions are measured against.
    """

    platform: str
    command: str = "rr"
    owner: str = ""
    keeper: str = ""
    level: int = 0
    elsewhere: tuple[str, ...] = ()
    deadlines: Deadlines = USUAL_DEADLINES
    legal_lines: tuple[LegalLine, ...] = ()

    def __post_init__(self) -> None:
        """Hold only what there are words for."""
        named = {self.platform, *self.elsewhere}
        if not named <= set(PLATFORMS) or self.level not in LEVELS:
            raise ValueError("no text is written for this platform or level")
