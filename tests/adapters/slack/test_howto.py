"""The page that leads to the first poll agrees with the manifest and the settings."""

import re
from pathlib import Path

import typer.main

from adapters.slack.connection import HTTP_PATH
from adapters.slack.manifest import DIRECT_SCOPES, SCOPES
from bot import config
from bot.__main__ import app

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "slack.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_settings_exist() -> None:
    """Every setting that the page names can be set."""
    named = {
        name.lower().removesuffix("_file")
        for name in re.findall(r"ROUNDROBIN_([A-Z_]+)", TEXT)
    }
    in_file = set(re.findall(r"^([a-z_]+)(?:_file)? = ", TEXT, re.MULTILINE))
    in_file = {name.removesuffix("_file") for name in in_file}

    assert named
    assert in_file
    assert named | in_file <= config.Settings.model_fields.keys()


def test_commands_exist() -> None:
    """Every command of ours that the page shows exists, with its options."""
    group = typer.main.get_command(app)
    shown = re.findall(r"^ *roundrobin (.+)$", TEXT, re.MULTILINE)

    assert len(shown) >= 4
    for line in shown:
        words = re.sub(r'"[^"]*"', "x", line).split()
        command = group
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        options = {name for each in command.params for name in each.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_scopes_are_the_manifests() -> None:
    """The table names each scope that the manifest asks for, and no other."""
    named = re.findall(r"^\| `([a-z]+(?::[a-z]+)?)` \|", TEXT, re.MULTILINE)

    assert sorted(named) == sorted(SCOPES | DIRECT_SCOPES)


def test_address_is_the_one_that_is_served() -> None:
    """The path that a web server hands on is ours."""
    assert f"`{HTTP_PATH}`" in TEXT
