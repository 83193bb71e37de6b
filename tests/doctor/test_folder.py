"""One broken folder for each thing that can be wrong with one."""

import dataclasses
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.records import Party
from bot.doctor import examine
from bot.doctor.findings import Finding, State
from bot.doctor.folder import (
    Folder,
    judge_level,
    judge_modes,
    judge_owners,
    level_of,
    look_at_folder,
)
from bot.doctor.slack import Rights
from bot.doctor.store import judge_database
from storage.inspection import DatabaseLook
from storage.keystore import CHEAPEST, SealedKeystore
from tests.world import NOON

NO_RIGHTS = Rights(needed=frozenset())

pytestmark = pytest.mark.timeout(180)


async def found_in(folder: Path) -> list[Finding]:
    """Return what the whole examination finds to mend or to better."""
    report = await examine(folder, now=lambda: NOON, slack_rights=NO_RIGHTS)
    return [each for each in report.findings if each.state is not State.OK]


def named(findings: list[Finding], name: str) -> Finding:
    """Return the finding of one check."""
    return next(each for each in findings if each.name == name)


def newer_layout(data: Path) -> None:
    """Let a later version have made the folder."""
    (data / "shared" / "format").write_text("3\n")


def no_installation(data: Path) -> None:
    """Take the folder away."""
    shutil.rmtree(data)


def open_keystore(data: Path) -> None:
    """Let the group read a keystore."""
    (data / "counter" / "keystore").chmod(0o640)


def open_gate(data: Path) -> None:
    """Let the group into the gate's folder."""
    (data / "gate").chmod(0o750)


def open_database(data: Path) -> None:
    """Let everybody read the database."""
    (data / "shared" / "roundrobin.db").chmod(0o664)


def writable_settings(data: Path) -> None:
    """Let everybody write the settings."""
    (data / "roundrobin.toml").chmod(0o666)


def lost_keystore(data: Path) -> None:
    """Lose a keystore."""
    (data / "counter" / "keystore").unlink()


def torn_keystore(data: Path) -> None:
    """Cut a keystore short."""
    os.truncate(data / "gate" / "keystore", 100)


def newer_keystore(data: Path) -> None:
    """Let a later version have made a keystore."""
    path = data / "gate" / "keystore"
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\x02" + content[5:])


def cheap_keystore(data: Path) -> None:
    """Make a keystore at which guessing is cheap."""
    path = data / "gate" / "keystore"
    path.unlink()
    SealedKeystore.create(path, "seven words", Party.GATE, b"{}", CHEAPEST)


def copied_keystore(data: Path) -> None:
    """Leave a copy beside a keystore."""
    shutil.copy(data / "gate" / "keystore", data / "gate" / "keystore.bak")


def copied_folder(data: Path) -> None:
    """Leave a copy beside the folder."""
    shutil.copytree(data, data.with_name("office-old"))


def in_a_repository(data: Path) -> None:
    """Put the folder under version control."""
    (data.parent / ".git").mkdir()


def synced_by_a_program(data: Path) -> None:
    """Put the folder where a program copies it."""
    (data.parent / ".stfolder").mkdir()


def log_not_ahead(data: Path) -> None:
    """Switch the write-ahead log off."""
    db = sqlite3.connect(data / "shared" / "roundrobin.db")
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()


def newer_tables(data: Path) -> None:
    """Let a later version have changed the tables."""
    db = sqlite3.connect(data / "shared" / "roundrobin.db")
    db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.commit()
    db.close()


def torn_database(data: Path) -> None:
    """Lose all pages of the database but its header."""
    path = data / "shared" / "roundrobin.db"
    path.write_bytes(path.read_bytes()[:100] + bytes(4000))


def no_database(data: Path) -> None:
    """Lose the database."""
    (data / "shared" / "roundrobin.db").unlink()


def wrong_setting(data: Path) -> None:
    """Set a command that cannot be."""
    (data / "roundrobin.toml").write_text('command = "/rr"\n')


def overstated_level(data: Path) -> None:
    """Claim two accounts where there is one."""
    (data / "roundrobin.toml").write_text("level = 1\n")


def no_token(data: Path) -> None:
    """Choose a platform and give no token."""
    (data / "roundrobin.toml").write_text('platform = "slack"\n')


@pytest.mark.parametrize(
    ("harm", "name", "state", "why", "mend"),
    [
        (newer_layout, "folder", "fail", "newer version", "install the version"),
        (no_installation, "folder", "fail", "no installation", "init made"),
        (open_keystore, "modes", "fail", "counter/keystore", "chmod go-rwx counter/k"),
        (open_gate, "modes", "fail", "get into gate", "chmod go-rwx gate"),
        (open_database, "modes", "fail", "roundrobin.db", "chmod o-rwx shared/r"),
        (writable_settings, "modes", "fail", "change roundrobin.toml", "chmod go-w"),
        (lost_keystore, "keystores", "fail", "counter/keystore cannot", "wipe, and"),
        (torn_keystore, "keystores", "fail", "gate: The keystore is cut", "init again"),
        (newer_keystore, "keystores", "fail", "newer version", "install that"),
        (cheap_keystore, "keystores", "warn", "little to guess", "wipe, and make"),
        (copied_keystore, "copies", "fail", "copy of a keystore", "shred -u"),
        (copied_folder, "copies", "fail", "copy of a keystore", "backup.md"),
        (in_a_repository, "copies", "warn", "version control", "out of the repos"),
        (synced_by_a_program, "copies", "fail", "copied to other", "out of the synced"),
        (log_not_ahead, "database", "fail", "log ahead", "a disk of this computer"),
        (torn_database, "database", "fail", "damaged", "restore.md"),
        (no_database, "database", "fail", "no database", "restore.md"),
        (newer_tables, "schema", "fail", "newer version", "install that version"),
        (wrong_setting, "settings", "fail", "command cannot", "roundrobin.toml"),
        (overstated_level, "level", "fail", "the settings say L1", "chown -R"),
        (no_token, "platforms", "fail", "no token for Slack", "roundrobin init"),
    ],
)
async def test_broken_installation_names_fault_and_mend(
    harm: Callable[[Path], None], name: str, state: str, why: str, mend: str, data: Path
) -> None:
    """Each fault is found by its own check, which says how to mend it."""
    harm(data)
    finding = named(await found_in(data), name)

    assert finding.state == state
    assert why in finding.why
    assert mend in finding.mend


async def test_new_installation_has_nothing_to_mend(data: Path) -> None:
    """What `init` made is in order, as far as it is ours to say."""
    findings = await found_in(data)

    # The computer's own swap and clock may be anything.
    assert {each.name for each in findings} <= {"swap", "clock"}
    assert State.FAIL not in {each.state for each in findings}


async def test_looking_changes_nothing(data: Path) -> None:
    """The doctor leaves every file's bytes, mode and owner as they were."""

    def all_files() -> dict[str, tuple[int, int, bytes]]:
        return {
            path.relative_to(data).as_posix(): (
                path.stat().st_mode,
                path.stat().st_uid,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in sorted(data.rglob("*"))
            if path.suffix not in {".db-wal", ".db-shm"}
        }

    before = all_files()
    await found_in(data)

    assert all_files() == before


@pytest.mark.parametrize("place", ["Dropbox", "my backups"])
async def test_folder_that_is_copied_by_its_place(data: Path, place: str) -> None:
    """A folder in a synced or backup folder is found by the names above it."""
    there = data.parent / place
    there.mkdir()
    data.rename(there / "office")
    finding = named(await found_in(there / "office"), "copies")

    assert finding.state is (State.FAIL if place == "Dropbox" else State.WARN)


async def test_another_installation_beside_is_no_copy(data: Path, made: Path) -> None:
    """Keystores of another installation have other salts."""
    other = data.with_name("workshop")
    shutil.copytree(data, other)
    for role in Party:
        path = other / role / "keystore"
        path.unlink()
        SealedKeystore.create(path, "seven words", role, b"{}", CHEAPEST)

    assert "copies" not in {each.name for each in await found_in(data)}


# Owners and levels: what another user's files look like ------------------------------


def owned(data: Path, **owners: int) -> Folder:
    """Return a look at the folder in which some parts belong to others."""
    seen = look_at_folder(data)
    parts = tuple(
        dataclasses.replace(part, owner=owners[part.name.partition("/")[0]])
        if part.name.partition("/")[0] in owners
        else part
        for part in seen.parts
    )
    return dataclasses.replace(seen, parts=parts)


def test_levels_are_told_by_who_owns_what(data: Path) -> None:
    """One owner is L0, two are L1, and a counter that is elsewhere is L2."""
    seen = look_at_folder(data)
    two = owned(data, counter=seen.user + 1)
    shutil.rmtree(data / "counter")
    elsewhere = look_at_folder(data)

    assert level_of(seen, 0) == 0
    assert level_of(two, 1) == 1
    assert level_of(elsewhere, 0) == 2
    assert judge_level(two, 1).state is State.OK
    assert judge_level(seen, 1).state is State.FAIL


def test_file_of_another_user_in_a_roles_folder(data: Path) -> None:
    """A keystore that its role cannot have written is found."""
    seen = look_at_folder(data)
    parts = tuple(
        dataclasses.replace(part, owner=seen.user + 1)
        if part.name == "gate/keystore"
        else part
        for part in seen.parts
    )
    (finding,) = judge_owners(dataclasses.replace(seen, parts=parts))

    assert "gate/keystore belongs to another user" in finding.why
    assert "chown" in finding.mend


def test_third_user_and_stranger(data: Path) -> None:
    """Whoever owns the folder but no role, and whoever looks but owns nothing."""
    seen = look_at_folder(data)
    parts = tuple(
        dataclasses.replace(part, owner=4711 if part.name == "." else 4712)
        for part in seen.parts
    )
    third, stranger = judge_owners(dataclasses.replace(seen, user=4713, parts=parts))

    assert "third user" in third.why
    assert stranger.state is State.WARN
    assert "as that user" in stranger.mend


def test_counter_of_another_user_is_let_be(data: Path) -> None:
    """What only the other role may look at is neither missing nor at fault."""
    seen = look_at_folder(data)
    parts = tuple(
        dataclasses.replace(part, is_hidden=True, mode=0, owner=0)
        if part.name.startswith("counter/")
        else part
        for part in seen.parts
    )
    findings = judge_owners(dataclasses.replace(seen, parts=parts))

    assert [each.state for each in findings] == [State.OK]


def test_shared_folder_hands_on_its_group(data: Path) -> None:
    """With two accounts a file that is made in shared/ must be open to both."""
    (data / "shared").chmod(0o770)
    seen = look_at_folder(data)

    assert judge_modes(seen, 0)[0].state is State.OK
    assert "2770" in judge_modes(seen, 1)[0].mend


@pytest.mark.parametrize(
    ("look", "why"),
    [
        (DatabaseLook(written_ahead=True, synchronous=1, secure_delete=1), "power cut"),
        (DatabaseLook(written_ahead=True, synchronous=2, secure_delete=0), "deleted"),
    ],
)
def test_database_settings(look: DatabaseLook, why: str) -> None:
    """A SQLite that does not do what it is asked for is found."""
    finding = judge_database(look)[0]

    assert finding.state is State.FAIL
    assert why in finding.why


def test_older_tables_are_brought_up_to_date() -> None:
    """That is no fault, but a reason to back up first."""
    look = DatabaseLook(
        written_ahead=True, synchronous=2, secure_delete=1, is_older=True
    )

    assert judge_database(look)[1].state is State.WARN
