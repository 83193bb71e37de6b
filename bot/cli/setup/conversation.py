"""The course of the conversation: which step follows which, and where it goes on.

Each step can be repeated: the folder notes which one is next, and holds what the
steps before it found out. The passphrase is in no file.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import compose, setup
from bot.cli.setup import naming, platforms, secrecy
from bot.cli.setup.person import ask, confirm, tell
from bot.cli.shield import DONE, CannotDo
from bot.config import load
from bot.setup import Wishes
from bot.views import setup as words

if TYPE_CHECKING:
    from bot.config import Platform

PASSPHRASE, NAMES, TOKENS, CHANNEL, INVITE = (
    *("passphrase", "names", "tokens", "channel", "invite"),
)
_CONSOLE, _SLACK, _DISCORD = (name for name, _ in words.PLACES)


@dataclass(slots=True, kw_only=True)
class Talk:
    """One conversation about one folder; the passphrase as long as it lasts."""

    folder: Path
    platform: "Platform"
    wishes: Wishes
    passphrase: str = ""
    invite: str = ""

    def __repr__(self) -> str:
        return "Talk()"


def begin(folder: Path, platform: "Platform | None", wishes: Wishes) -> int:
    """Make an installation with a person, from the warning to the invite."""
    setup.check_free(folder)
    if platform is None or platform != _CONSOLE:
        tell(words.WARNING)
        if not confirm(words.GO_ON):
            raise CannotDo(words.NOT_GONE_ON)
    chosen = platform or _ask_platform()
    level = _ask_level(chosen) if wishes.level is None else wishes.level
    founded = asyncio.run(compose.found(folder, platform=chosen, level=level))
    setup.go_to(folder, PASSPHRASE)
    setup.keep_wishes(folder, wishes)
    talk = Talk(
        folder=folder,
        platform=chosen,
        wishes=wishes,
        passphrase=founded.passphrase,
        invite=founded.invite,
    )
    secrecy.show_and_check(founded)
    return _walk(talk, PASSPHRASE)


def go_on(folder: Path, wishes: Wishes) -> int:
    """Go on where the conversation about this folder was stopped."""
    step = setup.step_of(folder)
    platform = load(folder).platform
    talk = Talk(folder=folder, platform=platform, wishes=wishes)
    if step == PASSPHRASE:
        talk.passphrase = secrecy.ask_whole(folder)
        if not talk.passphrase:
            compose.wipe(folder)
            tell(words.AGAIN)
            return begin(folder, platform, wishes)
        return _walk(talk, PASSPHRASE)
    return _walk(talk, step)


def accounts_in_words(folder: Path) -> str:
    """Give each role's keys to its account, or return how somebody else can."""
    if setup.hand_over(folder):
        return words.ACCOUNTS_NOW
    return words.ACCOUNTS_LATER.format(commands=setup.how_to_hand_over(folder))


def _walk(talk: Talk, step: str) -> int:
    """Go from a step to the end; one that there is not stands for the first."""
    steps = list(_steps(talk.platform).items())
    names = [name for name, _ in steps]
    first = names.index(step) if step in names else 0
    for name, act in steps[first:]:
        setup.go_to(talk.folder, name)
        act(talk)
    _hand_over(talk.folder)
    setup.go_to(talk.folder, "")
    return DONE


def _steps(platform: str) -> dict[str, Callable[[Talk], None]]:
    """Return the steps that follow the passphrase, in order."""
    if platform == _CONSOLE:
        return {INVITE: _invite}
    return {NAMES: _names, TOKENS: _tokens, CHANNEL: _channel, INVITE: _invite}


def _names(talk: Talk) -> None:
    naming.ask_names(talk.folder, talk.platform, talk.wishes)


def _tokens(talk: Talk) -> None:
    if talk.platform == _SLACK:
        platforms.set_up_slack(talk.folder)
    else:
        platforms.set_up_discord(talk.folder)


def _channel(talk: Talk) -> None:
    platforms.greet(talk.folder, talk.platform)


def _invite(talk: Talk) -> None:
    if not talk.invite:
        passphrase = talk.passphrase or secrecy.ask_again(talk.folder)
        talk.invite = asyncio.run(compose.invite(talk.folder, passphrase))
    command = naming.command_in_words(load(talk.folder), talk.platform, "invite")
    tell(words.READY.format(data=talk.folder))
    tell(words.INVITE.format(invite=talk.invite, command=command))
    next_command = "console" if talk.platform == _CONSOLE else "run"
    tell(words.NEXT.format(data=talk.folder, next=next_command))


def _hand_over(folder: Path) -> None:
    if load(folder).level:
        tell(accounts_in_words(folder))


def _ask_platform() -> "Platform":
    for number, (name, hint) in enumerate(words.PLACES, start=1):
        tell(f"  {number}  {name}{f' ({hint})' if hint else ''}")
    typed = ask(
        words.WHERE,
        lambda typed: "" if _place(typed) else words.WRONG_PLACE,
        proposed=_CONSOLE,
        stopped=words.NOT_GONE_ON,
    )
    return _place(typed) or "console"


def _place(typed: str) -> "Platform | None":
    for number, name in enumerate(_PLATFORMS, start=1):
        if typed.lower() in (name, str(number)):
            return name
    return None


def _ask_level(platform: str) -> int:
    if platform == _CONSOLE:
        return 0
    tell(words.LEVELS)
    return int(
        ask(
            words.LEVEL,
            lambda typed: "" if typed in ("0", "1") else words.WRONG_LEVEL,
            proposed="0",
            stopped=words.NOT_GONE_ON,
        )
    )


_PLATFORMS: "tuple[Platform, ...]" = ("console", "slack", "discord")
