"""Where the parts meet: storage, adapters, gate and counter. Owns clock and dice.

Gate and counter never run in one process: the gate starts the counter as a program of
its own and hands it the passphrase through a pipe (protocol.md §2). So neither loads
what only the other one needs: a name is looked up here when somebody asks for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.compose.connecting import (
        SLACK_SCOPES,
        SLACK_SCOPES_OPTIONAL,
        discord_invite,
        discord_link,
        slack_manifest,
        what_run_needs,
    )
    from bot.compose.counting import CounterProgram, count
    from bot.compose.founding import (
        Founded,
        check,
        check_passphrase,
        found,
        invite,
        wipe,
    )
    from bot.compose.parts import SystemClock
    from bot.compose.playing import (
        console_for_a_person,
        console_for_programs,
        show_demo,
    )
    from bot.compose.serving import run

__all__ = [
    "SLACK_SCOPES",
    "SLACK_SCOPES_OPTIONAL",
    "CounterProgram",
    "Founded",
    "SystemClock",
    "check",
    "check_passphrase",
    "console_for_a_person",
    "console_for_programs",
    "count",
    "discord_invite",
    "discord_link",
    "found",
    "invite",
    "run",
    "show_demo",
    "slack_manifest",
    "what_run_needs",
    "wipe",
]

_HOMES = {
    "SLACK_SCOPES": "connecting",
    "SLACK_SCOPES_OPTIONAL": "connecting",
    "CounterProgram": "counting",
    "Founded": "founding",
    "SystemClock": "parts",
    "check": "founding",
    "check_passphrase": "founding",
    "console_for_a_person": "playing",
    "console_for_programs": "playing",
    "count": "counting",
    "discord_invite": "connecting",
    "discord_link": "connecting",
    "found": "founding",
    "invite": "founding",
    "run": "serving",
    "show_demo": "playing",
    "slack_manifest": "connecting",
    "what_run_needs": "connecting",
    "wipe": "founding",
}


def __getattr__(name: str) -> object:
    """Return one of the names above, from the module where it is at home."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
