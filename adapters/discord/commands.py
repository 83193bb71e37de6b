"""The commands that people find in Discord, and the link that installs the bot (pure).

A root with subcommands cannot be sent alone there, so that the menu has a name. Answers
and texts are never arguments: clients keep what was typed.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.core.canonical import JsonObject, JsonValue
from bot.views import text

# What a message's own menu offers.
MESSAGE_COMMAND = text.COMMAND_FROM_MESSAGE
# Installed in a server, or by a person alone; used in servers and in direct messages.
_INSTALLED: list[JsonValue] = [0, 1]
_USED: list[JsonValue] = [0, 1, 2]
_CHAT_INPUT, _MESSAGE, _SUBCOMMAND, _STRING = 1, 3, 1, 3
# See a channel, write in it, and attach the chart and the signed result.
PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 15)
SCOPES = "bot applications.commands"
_INSTALL_URL = "https://discord.com/oauth2/authorize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """A word behind the root, and the drive that it may name."""

    name: str
    argument: str = ""


SUBCOMMANDS = (
    Subcommand(name="menu"),
    Subcommand(name="vote", argument="poll"),
    Subcommand(name="sign", argument="petition"),
    Subcommand(name="report"),
    Subcommand(name="code"),
    Subcommand(name="results", argument="name"),
    Subcommand(name="list"),
    Subcommand(name="privacy"),
    Subcommand(name="help"),
    Subcommand(name="organize"),
    Subcommand(name="invite"),
)


def commands(root: str) -> list[JsonObject]:
    """Return all commands as they are to stand."""
    options = [_subcommand(each) for each in SUBCOMMANDS]
    return [
        {
            "type": _CHAT_INPUT,
            "name": root,
            "description": text.COMMAND_ROOT,
            "options": list[JsonValue](options),
            **_where(),
        },
        {"type": _MESSAGE, "name": MESSAGE_COMMAND, **_where()},
    ]


def are_same(ours: list[JsonObject], theirs: JsonValue) -> bool:
    """Tell whether the commands that Discord has are the ones that are to stand."""
    if not isinstance(theirs, list):
        return False
    found = {
        (each.get("type"), each.get("name")): each
        for each in theirs
        if isinstance(each, dict)
    }
    wanted = {(each["type"], each["name"]): each for each in ours}
    return found.keys() == wanted.keys() and all(
        _holds(found[key], each) for key, each in wanted.items()
    )


def install_link(application: str) -> str:
    """Return the link that installs the bot, with what it uses and nothing else."""
    asked = {
        "client_id": application,
        "scope": SCOPES,
        "permissions": str(PERMISSIONS),
    }
    return f"{_INSTALL_URL}?{urlencode(asked)}"


def _subcommand(command: Subcommand) -> JsonObject:
    found: JsonObject = {
        "type": _SUBCOMMAND,
        "name": command.name,
        "description": text.COMMAND[command.name],
    }
    if command.argument:
        found["options"] = [
            {
                "type": _STRING,
                "name": command.argument,
                "description": text.COMMAND_ARGUMENT[command.argument],
                "autocomplete": True,
            }
        ]
    return found


def _where() -> JsonObject:
    return {"contexts": _USED, "integration_types": _INSTALLED}


def _holds(theirs: JsonValue, ours: JsonValue) -> bool:
    """Tell whether all that is to stand does; Discord adds ids and what is empty."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(_holds(theirs.get(key), value) for key, value in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_holds, theirs, ours))
    return theirs == ours
