"""Where the parts meet: storage, adapters, gate and counter. Owns clock and dice.

Gate and counter never run in one process: the gate starts the counter as a program of
its own and hands it the passphrase through a pipe (protocol.md §2).
"""

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
