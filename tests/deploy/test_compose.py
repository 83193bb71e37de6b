"""The compose file is valid, and keeps the two halves of the keys apart."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

COMPOSE = Path(__file__).parent.parent.parent / "deploy" / "compose.yaml"


def verdict(path: Path) -> int:
    """Hold a file against the published schema of compose files."""
    checker = (sys.executable, "-m", "check_jsonschema")
    schema = ("--builtin-schema", "vendor.compose-spec")
    run = subprocess.run(
        [*checker, *schema, str(path)], capture_output=True, check=False
    )
    return run.returncode


def services() -> dict[str, Any]:
    """Return the services of the compose file."""
    parsed: Any = YAML(typ="safe").load(COMPOSE)
    return dict(parsed["services"])


@pytest.mark.timeout(120)
def test_compose_file_is_valid() -> None:
    """It fits the schema that its makers publish."""
    assert verdict(COMPOSE) == 0


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("read_only: true", "read_only: [true]"),
        ("    restart: unless-stopped", "    restarts: always"),
        ("secrets: [gate_passphrase]", "secrets: gate_passphrase"),
    ],
)
def test_planted_mistake_is_noticed(line: str, instead: str, tmp_path: Path) -> None:
    """A misspelled key or a value of another kind is refused."""
    text = COMPOSE.read_text()
    assert line in text
    (tmp_path / "compose.yaml").write_text(text.replace(line, instead))

    assert verdict(tmp_path / "compose.yaml") != 0


def test_roles_share_no_keys() -> None:
    """Neither container has the other's folder, passphrase or account."""
    gate, counter = services()["gate"], services()["counter"]

    assert not set(gate["secrets"]) & set(counter["secrets"])
    assert gate["user"] != counter["user"]
    assert [v for v in gate["volumes"] if "/counter" in v] == []
    assert [v for v in counter["volumes"] if "/gate" in v] == []
    assert counter["network_mode"] == "none"
