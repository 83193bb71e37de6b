"""The list of commands, and the link that installs the bot."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord.commands import are_same, commands, install_link
from tests.fakes.discord import Discord
from tests.fakes.discord_format import Format, wrong_commands


def given_back(listed: list[Any]) -> Any:
    """Return commands as Discord gives them back, with ids and empty fields."""
    return Discord(Format.load())._put_commands(deepcopy(listed))


def test_commands_are_what_discord_takes() -> None:
    """The list fits Discord's description and its bounds."""
    listed = commands("rr")
    found = [
        wrong
        for each in listed
        for wrong in Format.load().wrong_part("ApplicationCommandUpdateRequest", each)
    ]

    assert found == []
    assert wrong_commands(listed) == []


def test_everybody_finds_the_same_words() -> None:
    """One root with native subcommands; names of drives complete themselves."""
    root, message = cast("list[Any]", commands("works"))
    named = {each["name"]: each for each in root["options"]}

    assert root["name"] == "works"
    assert list(named) == [
        *("menu", "vote", "sign", "report", "code", "results"),
        *("list", "privacy", "help", "organize", "invite"),
    ]
    assert named["vote"]["options"][0]["autocomplete"]
    assert "options" not in named["report"]
    assert message["name"] == "Send to report box"
    for each in (root, message):
        assert each["contexts"] == [0, 1, 2]
        assert each["integration_types"] == [0, 1]


def test_unchanged_list_is_the_same() -> None:
    """What Discord adds to a command, its ids and what is empty, is no difference."""
    ours = commands("rr")

    assert are_same(ours, given_back(ours))
    assert not are_same(ours, None)


CHANGES: list[Callable[[Any], object]] = [
    lambda theirs: theirs[0].update(description="Other"),
    lambda theirs: theirs[0]["options"].pop(),
    lambda theirs: theirs[0]["options"][1]["options"][0].pop("autocomplete"),
    lambda theirs: theirs[0].update(contexts=[0]),
    lambda theirs: theirs.pop(),
    lambda theirs: theirs.append({"type": 1, "name": "old"}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_changed_list_is_another(change: Callable[[Any], object]) -> None:
    """Whatever stands there other than we would write it is a difference."""
    ours = commands("rr")
    theirs = given_back(ours)
    change(theirs)

    assert not are_same(ours, theirs)


def test_link_asks_for_what_is_used() -> None:
    """See channels, write there, attach files: nothing else, and no privilege."""
    asked = parse_qs(urlsplit(install_link("1100")).query)

    assert asked == {
        "client_id": ["1100"],
        "scope": ["bot applications.commands"],
        "permissions": [str(1024 + 2048 + 32768)],
    }
