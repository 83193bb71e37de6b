"""The pages for whoever keeps an installation are followed, command by command."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.program import (
    Answer,
    Console,
    action,
    command_line,
    environment,
    found_cheaply,
    of_kind,
)

HOWTO = Path(__file__).parent.parent / "docs" / "howto"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The pages name the usual places; here they are elsewhere.
PLACE = re.compile(r"^(DATA|BACKUP)=.*\n", re.MULTILINE)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def office(tmp_path: Path) -> tuple[Path, str]:
    """Return an installation in which one poll was counted, and its passphrase."""
    data = tmp_path / "office"
    founded = found_cheaply(data)
    with Console(data, founded.passphrase) as console:
        people = [f"p{number}" for number in range(12)]
        console.ask(people=people)
        console.submit("p0", "join", code=founded.invite)
        opened = start_poll(console, "lunch")
        for name in people:
            console.press(name, action(opened, "Yes"))
        closed = console.advance("25h")
        assert of_kind(closed, "certificate")
    return data, founded.passphrase


def start_poll(console: Console, name: str) -> list[Answer]:
    """Start a poll for a day, and return its post."""
    poll = {"question": "Lunch?", "options": "Yes\nNo", "choice": "single"}
    draft = console.submit("p0", "poll", **poll, closes="24h", name=name)
    opened = console.press("p0", action(draft, "Start it"))
    assert of_kind(opened, "drive")
    return opened


def follow(page: str, data: Path) -> "subprocess.CompletedProcess[str]":
    """Type all commands of a page into one shell, for these places."""
    blocks = BLOCK.findall((HOWTO / f"{page}.md").read_text())
    assert blocks
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    places = {"DATA": str(data), "BACKUP": str(data.parent / "copies")}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", PLACE.sub("", "\n".join(blocks))],
        env=environment() | places | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def check(run: "subprocess.CompletedProcess[str]") -> None:
    """Hold that all commands went well."""
    assert run.returncode == 0, run.stdout + run.stderr


def test_backup_holds_the_results_and_no_key(office: tuple[Path, str]) -> None:
    """What was copied can be checked, and opens nothing."""
    data, _ = office
    check(follow("backup", data))
    copies = data.parent / "copies"
    (certificate,) = (copies / "certificates").iterdir()

    assert command_line("verify", str(certificate)).returncode == 0
    assert not [p for p in copies.rglob("*") if p.name in {"gate", "counter"}]
    assert (copies / "shared" / "roundrobin.db").exists()


def test_backup_with_a_key_is_noticed(office: tuple[Path, str]) -> None:
    """The page's own check finds a keystore that came along."""
    data, _ = office
    shutil.copy(data / "gate" / "keystore", data / "shared")
    run = follow("backup", data)

    assert run.returncode == 1
    assert "destroy this backup" in run.stdout


def test_damaged_database_is_restored(office: tuple[Path, str]) -> None:
    """With nothing in between, the copy takes the damaged one's place."""
    data, passphrase = office
    check(follow("backup", data))
    database = data / "shared" / "roundrobin.db"
    database.write_bytes(b"\0" * 5000)
    broken = command_line("doctor", "--data", str(data))
    check(follow("restore", data))
    with Console(data, passphrase) as console:
        start_poll(console, "again")

    assert broken.returncode == 1
    assert "docs/howto/restore.md" in broken.stdout


def test_older_database_is_refused(office: tuple[Path, str]) -> None:
    """The keys notice that something happened since, as the page says."""
    data, passphrase = office
    check(follow("backup", data))
    with Console(data, passphrase) as console:
        start_poll(console, "later")
    check(follow("restore", data))
    run = command_line("console", "--data", str(data), "--jsonl", passphrase=passphrase)

    assert run.returncode == 1
    assert "older than" in run.stderr


def test_upgrade_looks_twice(office: tuple[Path, str]) -> None:
    """Before and after, the doctor finds nothing to mend."""
    data, _ = office
    run = follow("upgrade", data)

    check(run)
    assert run.stdout.count("To mend: 0.") == 2


def test_rollback_names_what_the_newer_version_changed(
    office: tuple[Path, str],
) -> None:
    """The lines that the page explains are those that the doctor prints."""
    data, _ = office
    db = sqlite3.connect(data / "shared" / "roundrobin.db")
    db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.commit()
    db.close()
    (data / "shared" / "format").write_text("3\n")
    run = follow("rollback", data)

    check(run)
    assert "fail  folder: This data folder was made by a newer version" in run.stdout
    assert "fail  schema: the tables were made by a newer version" in run.stdout


def test_taken_down_nothing_is_left(office: tuple[Path, str]) -> None:
    """The results are kept elsewhere; keys and files are gone."""
    data, _ = office
    check(follow("take-down", data))

    assert not data.exists()
    (certificate,) = (data.parent / "copies" / "certificates").iterdir()
    assert command_line("verify", str(certificate)).returncode == 0
