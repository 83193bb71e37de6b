"""Who owns the place, who runs the bot, and what it is called."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot import setup
from bot.cli.setup.person import ask, tell
from bot.config import COMMAND, DISPLAY_NAME, load
from bot.setup import Wishes
from bot.views import setup as words

if TYPE_CHECKING:
    from bot.config import Settings

# A line of a private notice; both platforms show it whole.
NAME_CHARS_MAX = 80
_PLACE = {"slack": "Slack", "discord": "server"}


def ask_names(folder: Path, platform: str, wishes: Wishes) -> None:
    """Ask for each name that no flag gave, and write it into the settings."""
    place = _PLACE[platform]
    if wishes.owner is None:
        tell(words.OWNER.format(place=place))
        setup.keep_setting(folder, "owner", ask(words.OWNER_PROMPT, _fault_of_name))
    if wishes.keeper is None:
        tell(words.KEEPER)
        setup.keep_setting(folder, "keeper", ask(words.KEEPER_PROMPT, _fault_of_name))
    settings = load(folder)
    if wishes.display_name is None or wishes.command is None:
        tell(words.NAMES)
    if wishes.display_name is None:
        name = ask(
            words.DISPLAY_NAME_PROMPT,
            lambda typed: (
                "" if DISPLAY_NAME.fullmatch(typed) else words.WRONG_DISPLAY_NAME
            ),
            proposed=settings.display_name,
        )
        setup.keep_setting(folder, "display_name", name)
    if wishes.command is None:
        command = ask(
            words.COMMAND_PROMPT,
            lambda typed: "" if COMMAND.fullmatch(typed) else words.WRONG_COMMAND,
            proposed=settings.command,
        )
        setup.keep_setting(folder, "command", command)


def command_in_words(settings: "Settings", platform: str, word: str = "") -> str:
    """Return the command as people type it; Discord's root cannot stand alone."""
    alone = "menu" if platform == "discord" else ""
    return f"/{settings.command} {word or alone}".rstrip()


def _fault_of_name(typed: str) -> str:
    if typed and len(typed) <= NAME_CHARS_MAX and typed.isprintable():
        return ""
    return words.WRONG_NAME
