"""The data folder: its modes, its locks, and how it ends."""

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.records import Party
from storage.faults import NewerVersion
from storage.folder import (
    AlreadyRunning,
    DataFolder,
    FolderNotWritable,
    FolderUnreadable,
    InstallationExists,
    KeysNotDestroyed,
    NoInstallation,
)
from storage.keystore import CHEAPEST, SealedKeystore
from storage.store import create_store

KEYS = b"canary-7f3a91c2"
INBOX = f"{'ab' * 16}-0.db"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A new installation's folder."""
    new = DataFolder(tmp_path / "data")
    new.create()
    return new


async def fill(folder: DataFolder) -> None:
    """Put in the folder what an installation has after a while."""
    for role in Party:
        SealedKeystore.create(folder.keystore(role), "words", role, KEYS, CHEAPEST)
    await (await create_store(folder.database)).close()
    folder.certificates.mkdir()
    made = (folder.config, folder.clock, folder.people, folder.certificates / "lunch")
    for path in (*made, folder.inboxes / INBOX, folder.inboxes / f"{INBOX}-wal"):
        path.write_text("x")


def mode(path: Path) -> int:
    """Return a path's mode bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_folders_have_their_modes(tmp_path: Path, umask: int) -> None:
    """Each role's folder is its own, the shared one the group's, under any umask."""
    earlier = os.umask(umask)
    try:
        folder = DataFolder(tmp_path / "data")
        folder.create()
    finally:
        os.umask(earlier)

    assert mode(folder.path) == 0o711
    assert {mode(folder.path / role) for role in Party} == {0o700}
    assert mode(folder.inboxes) == 0o700
    assert mode(folder.shared) == 0o2770
    assert mode(folder.format) == 0o660


def test_names_of_the_files() -> None:
    """Everything has its place, which systemd units and documentation rely on."""
    folder = DataFolder(Path("d"))
    names = [
        folder.keystore(Party.GATE),
        folder.keystore(Party.COUNTER),
        folder.inboxes,
        folder.database,
        folder.config,
        folder.clock,
        folder.people,
        folder.lock_file(Party.GATE),
        folder.lock_file(Party.COUNTER),
        folder.format,
        folder.certificates,
    ]

    assert [str(path.relative_to("d")) for path in names] == [
        "gate/keystore",
        "counter/keystore",
        "gate/inbox",
        "shared/roundrobin.db",
        "roundrobin.toml",
        "clock",
        "people",
        "gate/lock",
        "counter/lock",
        "shared/format",
        "certificates",
    ]


def test_folder_that_is_there_may_be_used(tmp_path: Path) -> None:
    """A folder with other things in it takes an installation beside them."""
    (tmp_path / "lost+found").mkdir()
    tmp_path.chmod(0o750)
    folder = DataFolder(tmp_path)
    folder.create()

    folder.check()
    assert mode(tmp_path) == 0o750


@pytest.mark.parametrize(
    "name", ["gate", "counter", "shared", "roundrobin.toml", "clock", "people"]
)
def test_installation_is_never_overwritten(tmp_path: Path, name: str) -> None:
    """A folder that holds any part of an installation is refused and left alone."""
    (tmp_path / name).write_text("x")

    with pytest.raises(InstallationExists):
        DataFolder(tmp_path).create()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_folder_under_a_file_cannot_be_made(tmp_path: Path) -> None:
    """A place where no folder can be is named as a matter of files."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(FolderNotWritable):
        DataFolder(tmp_path / "file" / "data").create()


def test_empty_folder_is_no_installation(tmp_path: Path) -> None:
    """Where nothing was made, nothing runs and nothing can be wiped."""
    folder = DataFolder(tmp_path)

    with pytest.raises(NoInstallation):
        folder.check()
    with pytest.raises(NoInstallation), folder.lock(Party.GATE):
        pass
    with pytest.raises(NoInstallation):
        folder.wipe()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["3\n", "999\n"])
def test_newer_folder_is_refused(folder: DataFolder, text: str) -> None:
    """A folder of a later layout is named as such, and nothing in it is touched."""
    folder.format.write_text(text)

    with pytest.raises(NewerVersion, match="newer version of Roundrobin"):
        folder.check()
    with pytest.raises(NewerVersion), folder.lock(Party.GATE):
        pass


def test_older_folder_is_refused_by_its_version_from_then_on(
    folder: DataFolder,
) -> None:
    """It opens, and says with the first role that a newer version writes in it."""
    folder.format.write_text("1\n")
    folder.check()
    assert folder.format.read_text() == "1\n"
    for role in Party:
        with folder.lock(role):
            assert folder.format.read_text() == "2\n"

    assert mode(folder.format) == 0o660


def test_older_folder_on_a_full_disk(folder: DataFolder) -> None:
    """It says so, before anything is written that an older version cannot read."""
    folder.format.write_text("1\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(FolderNotWritable), folder.lock(Party.GATE):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert folder.format.read_text() == "1\n"


@pytest.mark.parametrize("text", ["", "1", "0\n", "one\n", "1\n1\n", "9" * 99])
def test_folder_without_a_format_is_refused(folder: DataFolder, text: str) -> None:
    """A format that cannot be read is damage, not version 1."""
    folder.format.write_text(text)

    with pytest.raises(FolderUnreadable):
        folder.check()


def test_format_that_is_a_folder_is_named(folder: DataFolder) -> None:
    """What cannot be read at all is a matter of files."""
    folder.format.unlink()
    folder.format.mkdir()

    with pytest.raises(FolderNotWritable):
        folder.check()


# --- locks -------------------------------------------------------------------------


def test_role_runs_once(folder: DataFolder) -> None:
    """A second gate is told that one is running; the counter is another matter."""
    with folder.lock(Party.GATE):
        with pytest.raises(AlreadyRunning), folder.lock(Party.GATE):
            pass
        with folder.lock(Party.COUNTER):
            pass


def test_lock_is_given_back(folder: DataFolder) -> None:
    """After the end of a role, however it ended, it can run again."""
    with pytest.raises(KeyboardInterrupt), folder.lock(Party.GATE):
        raise KeyboardInterrupt
    with folder.lock(Party.GATE):
        pass


HOLDER = """
import sys, time; from pathlib import Path
from bot.core.records import Party
from storage.folder import DataFolder
with DataFolder(Path(sys.argv[1])).lock(Party.COUNTER):
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.mark.timeout(120)
def test_lock_ends_with_a_killed_process(folder: DataFolder) -> None:
    """Another process holds the lock until it is killed, and not longer."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder.path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(AlreadyRunning), folder.lock(Party.COUNTER):
            pass

        process.send_signal(signal.SIGKILL)
    with folder.lock(Party.COUNTER):
        pass


def test_lock_needs_its_folder(folder: DataFolder) -> None:
    """A role whose folder is gone is named as a matter of files."""
    (folder.path / "counter").rmdir()

    with pytest.raises(FolderNotWritable), folder.lock(Party.COUNTER):
        pass


# --- the end -----------------------------------------------------------------------


async def test_wipe_leaves_nothing(folder: DataFolder) -> None:
    """All that an installation made is gone, the folder too."""
    await fill(folder)
    folder.wipe()

    assert not folder.path.exists()


async def test_wipe_leaves_what_is_not_ours(folder: DataFolder) -> None:
    """Files of other people stay, with the folders they stand in."""
    await fill(folder)
    foreign = [
        folder.path / "notes.txt",
        folder.inboxes / "notes.txt",
        folder.shared / "notes.db",
        folder.path / "counter" / "keystore.backup",
    ]
    for path in foreign:
        path.write_text("mine")
    folder.wipe()

    left = {path for path in folder.path.rglob("*") if path.is_file()}
    assert left == set(foreign)


async def test_wipe_does_not_follow_links(folder: DataFolder, tmp_path: Path) -> None:
    """A link in our folder does not make us destroy what it points to."""
    await fill(folder)
    outside = tmp_path / "outside"
    outside.write_text("mine")
    folder.clock.unlink()
    for link in (folder.clock, folder.certificates / "link"):
        link.symlink_to(outside)
    folder.wipe()

    assert outside.read_text() == "mine"
    assert not folder.path.exists()


async def test_keys_are_overwritten_before_they_are_removed(folder: DataFolder) -> None:
    """Whoever kept a keystore's file under another name has rubbish in it."""
    await fill(folder)
    sealed = folder.keystore(Party.COUNTER).read_bytes()
    kept = folder.path.with_name("kept")
    kept.hardlink_to(folder.keystore(Party.COUNTER))
    folder.wipe()

    rubbish = kept.read_bytes()
    assert len(rubbish) == len(sealed)
    assert rubbish[:4] != sealed[:4]


async def test_keys_go_first(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If something else cannot be removed, the keys are gone already."""
    await fill(folder)
    left = folder.keystore(Party.COUNTER).with_name("keystore.new")
    left.write_text("what a crash left")
    folder.database.unlink()
    folder.database.mkdir()

    with pytest.raises(FolderNotWritable):
        folder.wipe()
    assert not left.exists()
    assert not any(folder.keystore(role).exists() for role in Party)

    folder.database.rmdir()
    folder.wipe()
    assert not folder.path.exists()


async def test_key_that_cannot_be_destroyed_is_said(folder: DataFolder) -> None:
    """One keystore that resists does not save the other, and the rest stays."""
    await fill(folder)
    folder.keystore(Party.GATE).unlink()
    folder.keystore(Party.GATE).mkdir()

    with pytest.raises(KeysNotDestroyed):
        folder.wipe()
    assert not folder.keystore(Party.COUNTER).exists()
    assert folder.database.exists()


async def test_running_installation_is_not_wiped(folder: DataFolder) -> None:
    """While a role runs nothing is destroyed."""
    await fill(folder)
    for role in Party:
        with folder.lock(role), pytest.raises(AlreadyRunning):
            folder.wipe()

    assert all(folder.keystore(role).exists() for role in Party)


def test_half_made_folder_can_be_wiped(folder: DataFolder) -> None:
    """What an interrupted `init` left can be removed."""
    folder.format.unlink()
    folder.shared.rmdir()
    folder.wipe()

    assert not folder.path.exists()
