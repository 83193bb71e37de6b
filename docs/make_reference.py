"""Writes docs/reference.md from the code: commands, settings, states, refusals.

Run by `make docs`; a test fails while the page and the code differ.
"""

import inspect
import sys
from pathlib import Path

import typer.main

from bot import config
from bot.__main__ import app
from bot.core import errors
from bot.core.drives import LIFE

_WHERE = (
    "In `DIR/roundrobin.toml`, or in the environment as `ROUNDROBIN_…`, which wins. "
    "Each secret also comes from a file that `…_FILE` names, and never from the "
    "settings file itself."
)

PAGE = Path(__file__).with_name("reference.md")


def page() -> str:
    """Return the whole page."""
    parts = [
        "# Reference",
        "This page is written from the code by `make docs`.",
        "## Commands",
        *_commands(),
        "## Settings",
        _WHERE,
        _settings(),
        "## What a poll goes through",
        _life(),
        "## What the bot refuses, and says",
        "`{…}` stands for a number or a name from the poll's terms.",
        _refusals(),
    ]
    return "\n\n".join(parts) + "\n"


def _commands(group: object = None, before: str = "roundrobin") -> list[str]:
    """Return a section for each command, those of a group behind the group's own."""
    top = typer.main.get_command(app) if group is None else group
    parts: list[str] = []
    for name, command in getattr(top, "commands", {}).items():
        options = [
            f"| `{_written(each)}` | {getattr(each, 'help', '') or ''} |"
            for each in command.params
            if not getattr(each, "hidden", False) and each.name != "help"
        ]
        parts.append(f"### `{before} {name}`")
        parts.append(inspect.cleandoc(command.help or "").replace("\f", ""))
        if options:
            parts.append("\n".join(["| option | meaning |", "|---|---|", *options]))
        parts += _commands(command, f"{before} {name}")
    return parts


def _written(parameter: typer.core.TyperArgument | typer.core.TyperOption) -> str:
    """Return an option as it is typed, an argument as the help calls it."""
    if isinstance(parameter, typer.core.TyperArgument):
        return str(parameter.metavar or parameter.name)
    return ", ".join(parameter.opts)


def _settings() -> str:
    rows = ["| setting | environment | secret | default |", "|---|---|---|---|"]
    for name, field in config.Settings.model_fields.items():
        is_secret = name in config.SECRETS
        default = "" if is_secret else f"`{field.default}`" if field.default else ""
        secret = "yes" if is_secret else ""
        rows.append(
            f"| `{name}` | `{config.PREFIX}{name.upper()}` | {secret} | {default} |"
        )
    return "\n".join(rows)


def _life() -> str:
    rows = ["| state | event | next state |", "|---|---|---|"]
    rows += [
        f"| {state.value} | {event.value} | {after.value} |"
        for (state, event), after in LIFE.items()
    ]
    return "\n".join(rows)


def _refusals() -> str:
    rows = ["| name | what people read |", "|---|---|"]
    rows += [
        f"| {name} | {' '.join(inspect.cleandoc(kind.__doc__ or '').split())} |"
        for name, kind in sorted(vars(errors).items())
        if isinstance(kind, type)
        and issubclass(kind, errors.Refused)
        and kind is not errors.Refused
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
