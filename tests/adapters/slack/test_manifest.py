"""The app's manifest: valid, and no scope that is not used."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from typer.testing import CliRunner

from adapters.slack import calls
from adapters.slack.manifest import (
    DIRECT_SCOPES,
    SCOPES,
    ManifestWishes,
    manifest_of,
)
from bot import __main__ as program
from bot import compose
from bot.cli.shield import CannotDo
from tests.fakes.specs import require

SCHEMA = "slack-manifest.schema.json"
# What each method asks for (docs.slack.dev/reference/methods); private channels need
# the scope of the second group too.
METHOD_SCOPES = {
    "auth.test": set[str](),
    "users.list": {"users:read"},
    "users.conversations": {"channels:read", "groups:read"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.history": {"im:history"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "views.open": set[str](),
    "views.update": set[str](),
    "views.publish": set[str](),
    "files_upload_v2": {"files:write"},
}
WISHES = [
    ManifestWishes(command=command, name="Lunch bot", url=url, hardened=hardened)
    for command in ("rr", "lunch")
    for url in ("", "https://bot.example.org/")
    for hardened in (False, True)
]


def manifest(**wishes: Any) -> Any:
    """Return a manifest."""
    told: dict[str, Any] = {"command": "rr", "name": "Bot"}
    return manifest_of(ManifestWishes(**(told | wishes)))


@pytest.mark.parametrize("wishes", WISHES, ids=range(len(WISHES)))
def test_manifest_is_valid(wishes: ManifestWishes) -> None:
    """Every manifest that can be asked for fits Slack's published format."""
    validator = Draft7Validator(require(SCHEMA))

    assert [each.message for each in validator.iter_errors(manifest_of(wishes))] == []


def test_schema_refuses_what_is_wrong() -> None:
    """The control: a wrong key, a long name and a wrong type are found."""
    validator = Draft7Validator(require(SCHEMA))

    assert not validator.is_valid(manifest() | {"scopes": []})
    assert not validator.is_valid(manifest(name="n" * 36))
    assert not validator.is_valid(manifest(name=5))


def test_every_scope_is_used() -> None:
    """The scopes are those of the calls that the code makes, and the command's."""
    source = Path(calls.__file__).read_text(encoding="utf-8")
    methods = set(re.findall(r'"([a-z]+\.[a-zA-Z]+)"', source))
    if "self._client.files_upload_v2" in source:
        methods.add("files_upload_v2")

    needed = {scope for method in methods for scope in METHOD_SCOPES[method]}

    assert methods == METHOD_SCOPES.keys()
    # What `doctor` compares a token's rights with.
    assert frozenset(SCOPES) == compose.SLACK_SCOPES
    assert frozenset(DIRECT_SCOPES) == compose.SLACK_SCOPES_OPTIONAL
    assert needed | {"commands"} == SCOPES.keys() | DIRECT_SCOPES.keys()
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed | {"commands"}


def test_hardened_has_no_access_to_direct_messages() -> None:
    """No event, no scope, and no box to write in."""
    hard = manifest(hardened=True)

    assert "im:history" not in hard["oauth_config"]["scopes"]["bot"]
    assert hard["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened"]
    assert hard["features"]["app_home"]["messages_tab_enabled"] is False
    assert "message.im" in manifest()["settings"]["event_subscriptions"]["bot_events"]


def test_address_is_named_over_http_alone() -> None:
    """Over the socket nobody needs a public address."""
    socket, http = manifest(), manifest(url="https://bot.example.org")

    assert socket["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(socket)
    assert http["settings"]["socket_mode_enabled"] is False
    assert json.dumps(http).count("https://bot.example.org/slack/events") == 3


def test_command_line_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the settings of the environment, and with a word where one is missing."""
    for name in ("SLACK_HTTP_BIND", "COMMAND"):
        monkeypatch.delenv(f"ROUNDROBIN_{name}", raising=False)
    run = CliRunner().invoke
    words = ["slack", "manifest", "--name", "Lunch"]

    over_socket = json.loads(run(program.app, words).stdout)
    monkeypatch.setenv("ROUNDROBIN_SLACK_HTTP_BIND", "127.0.0.1:3000")
    monkeypatch.setenv("ROUNDROBIN_COMMAND", "lunch")
    over_http = run(program.app, [*words, "--url", "https://bot.example.org"]).stdout
    without = run(program.app, words).exception
    too_long = run(program.app, [*words[:3], "n" * 36, "--url", "https://x"]).exception

    assert over_socket["settings"]["socket_mode_enabled"] is True
    assert "https://bot.example.org/slack/events" in over_http
    assert '"/lunch"' in over_http
    assert isinstance(without, CannotDo)
    assert "--url https://" in str(without)
    assert isinstance(too_long, CannotDo)
