"""The data folder: its parts, who may read them, and where copies of keys may lie.

Looks with `lstat` and reads the first bytes of keystores; opens nothing.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.records import Party
from bot.doctor.findings import Finding, fail, fine, warn, worst
from bot.ports import StorageError
from storage.folder import DataFolder
from storage.keystore import MAGIC, MODERATE, KeystoreMark, read_mark

# A folder of ours has a few dozen files; a backup folder next to it may have many.
FILES_MAX = 2_000

_OTHERS = 0o077
_WRITE_BY_OTHERS = 0o022
_NOBODY_ELSE = 0o007
_SETGID = 0o2000

# Folders whose content leaves this computer by itself, by name or by what lies in them.
_SYNCED_NAMES = frozenset(
    [
        *(
            "dropbox",
            "nextcloud",
            "owncloud",
            "onedrive",
            "google drive",
            "googledrive",
        ),
        *("icloud drive", "mobile documents", "seafile", "mega", "pcloud", "sync"),
    ]
)
_SYNC_MARKS = (
    ".stfolder",
    ".dropbox",
    ".sync",
    ".owncloudsync.log",
    ".nextcloudsync.log",
)
_VERSION_MARKS = (".git", ".hg", ".svn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file or folder as `lstat` shows it; `is_hidden` if we may not look at it."""

    name: str
    exists: bool = True
    is_hidden: bool = False
    mode: int = 0
    owner: int = 0
    group: int = 0

    def lets(self, bits: int) -> bool:
        """Tell whether one of these mode bits is set."""
        return self.exists and bool(self.mode & bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What was seen of a data folder."""

    user: int
    layout: str
    parts: tuple[Part, ...]
    keystores: tuple[str, ...]
    weak_keystores: tuple[str, ...]
    synced: bool
    versioned: bool
    backed_up: bool
    copies: int

    def part(self, name: str) -> Part:
        """Return a part by its name within the folder."""
        return next(each for each in self.parts if each.name == name)


def look_at_folder(path: Path) -> Folder:
    """Look at a data folder, its files, and the folders that it stands in."""
    data = DataFolder(path)
    keystores, marks = _look_at_keystores(data)
    above = [path.resolve(), *path.resolve().parents]
    names = [each.name.casefold() for each in above]
    return Folder(
        user=os.geteuid(),
        layout=_fault_of_layout(data),
        parts=tuple(_look_at(data, part) for part in _parts(data)),
        keystores=keystores,
        weak_keystores=tuple(
            role
            for role, mark in marks.items()
            if (mark.cost.ops, mark.cost.memory_kib)
            < (MODERATE.ops, MODERATE.memory_kib)
        ),
        synced=bool(_SYNCED_NAMES.intersection(names))
        or any((each / mark).exists() for each in above for mark in _SYNC_MARKS),
        versioned=any(
            (each / mark).exists() for each in above for mark in _VERSION_MARKS
        ),
        backed_up=any("backup" in name for name in names),
        copies=_count_copies(data, {mark.salt for mark in marks.values()}),
    )


def level_of(folder: Folder, told: int) -> int:
    """Return the level that is reached: 0, 1 or 2 (threat-model.md)."""
    gate, counter = folder.part("gate"), folder.part("counter")
    keys = [folder.part(f"{role}/keystore") for role in Party]
    apart = [each for each in keys if not each.exists]
    if len(apart) == 1 and (told == 2 or not gate.exists or not counter.exists):  # noqa: PLR2004
        return 2
    return int(gate.exists and counter.exists and gate.owner != counter.owner)


def judge_level(folder: Folder, told: int) -> Finding:
    """Say which level is reached, and whether it is the one that was meant."""
    reached = level_of(folder, told)
    words = (
        "level L0: one person, one computer",
        "level L1: one computer, two accounts",
        "level L2: two people, two computers",
    )
    if reached < told:
        return fail(
            "level",
            f"{words[reached]}; the settings say L{told}, and people are told so",
            "give the folder counter/ and all in it to an account of its own "
            "(chown -R), as docs/howto/systemd.md says, or set level = 0",
        )
    return fine("level", words[reached])


def judge_layout(folder: Folder) -> Finding:
    """Say whether this is a folder that this version can use."""
    if folder.layout:
        return fail(
            "folder",
            folder.layout,
            "name the folder that init made, or install the version that made it",
        )
    return fine("folder", "this is an installation of this version")


def judge_modes(folder: Folder, level: int) -> list[Finding]:
    """Say which files others can read or change."""
    faults = [
        *_too_open(folder, _own_parts(), _OTHERS, "other users can get into {name}"),
        *_too_open(
            folder,
            ("shared", *_database_parts()),
            _NOBODY_ELSE,
            "users of no role can get into {name}",
        ),
        *_too_open(
            folder,
            (".", "roundrobin.toml"),
            _WRITE_BY_OTHERS,
            "other users can change {name}",
        ),
    ]
    shared = folder.part("shared")
    if level == 1 and shared.exists and not shared.lets(_SETGID):
        faults.append(
            fail(
                "modes",
                "files in shared/ do not get its group, so the counter cannot write",
                "chmod 2770 shared",
            )
        )
    return worst(faults, fine("modes", "no other user can read keys or change files"))


def judge_owners(folder: Folder) -> list[Finding]:
    """Say whose files they are, and whether that is who runs them."""
    faults: list[Finding] = []
    for role in Party:
        home = folder.part(role)
        if not home.exists or home.is_hidden:
            continue
        faults += [
            fail(
                "owners",
                f"{part.name} belongs to another user than its folder",
                f"chown -R --reference={role} {role}",
            )
            for part in (folder.part(name) for name in _parts_of(role))
            if part.exists and not part.is_hidden and part.owner != home.owner
        ]
    top, owners = folder.part("."), {folder.part(role).owner for role in Party}
    if top.exists and top.owner not in owners | {0}:
        faults.append(
            fail(
                "owners",
                "the folder belongs to a third user, who can exchange what is in it",
                "chown root, or the user who runs the bot, on the folder itself",
            )
        )
    if folder.user not in owners | {0} and top.exists:
        faults.append(
            warn(
                "owners",
                "you are not the user who runs this, so not all could be looked at",
                "run the doctor again as that user, or as root",
            )
        )
    return worst(faults, fine("owners", "all files belong to who runs them"))


def judge_keystores(folder: Folder, level: int) -> list[Finding]:
    """Say whether the keystores are there and of this version."""
    faults = [
        fail(
            "keystores",
            fault,
            "without its keys the open polls have no result: wipe, and init again; "
            "if it was made by a newer version, install that",
        )
        for fault in folder.keystores
    ]
    present = [folder.part(f"{role}/keystore") for role in Party]
    missing = [each.name for each in present if not each.exists]
    if missing and level < 2:  # noqa: PLR2004 - L2
        faults.append(
            fail(
                "keystores",
                f"{' and '.join(missing)} cannot be found",
                "look for the folder it was moved to; if it is lost, the open polls "
                "have no result: wipe, and init again",
            )
        )
    faults += [
        warn(
            "keystores",
            f"the keystore of the {role} costs little to guess at",
            "wipe, and make the installation with init",
        )
        for role in folder.weak_keystores
    ]
    return worst(
        faults, fine("keystores", "the keys are there, sealed, in this version")
    )


def judge_copies(folder: Folder) -> list[Finding]:
    """Say where keys may be copied to without anybody thinking of it."""
    faults: list[Finding] = []
    if folder.copies:
        faults.append(
            fail(
                "copies",
                "there is a copy of a keystore beside this one: with the passphrase it "
                "opens answers whose keys were destroyed since",
                "shred -u the copy, and leave gate/ and counter/ out of backups "
                "(docs/howto/backup.md)",
            )
        )
    if folder.synced:
        faults.append(
            fail(
                "copies",
                "the folder lies in one that is copied to other computers by itself",
                "stop the bot and move the folder out of the synced one",
            )
        )
    if folder.versioned:
        faults.append(
            warn(
                "copies",
                "the folder lies in one under version control: one command copies keys",
                "stop the bot and move the folder out of the repository",
            )
        )
    if folder.backed_up:
        faults.append(
            warn(
                "copies",
                "the folder lies in a backup folder",
                "stop the bot and move it; back up shared/ only (docs/howto/backup.md)",
            )
        )
    return worst(faults, fine("copies", "no copy of the keys was found near them"))


def _too_open(
    folder: Folder, names: Sequence[str], bits: int, why: str
) -> Iterator[Finding]:
    for name in names:
        part = folder.part(name)
        if part.lets(bits):
            shown = "the data folder" if name == "." else name
            who = "go" if bits != _NOBODY_ELSE else "o"
            what = "w" if bits == _WRITE_BY_OTHERS else "rwx"
            yield fail("modes", why.format(name=shown), f"chmod {who}-{what} {name}")


def _own_parts() -> list[str]:
    return [name for role in Party for name in (role.value, *_parts_of(role))]


def _parts_of(role: Party) -> list[str]:
    names = ["keystore", "lock", *(["inbox"] if role is Party.GATE else [])]
    return [f"{role}/{name}" for name in names]


def _database_parts() -> list[str]:
    database = "shared/roundrobin.db"
    return [database, f"{database}-wal", f"{database}-shm", "shared/format"]


def _parts(data: DataFolder) -> Iterator[Path]:
    yield data.path
    for name in [*_own_parts(), "shared", *_database_parts(), "roundrobin.toml"]:
        yield data.path / name


def _look_at(data: DataFolder, path: Path) -> Part:
    name = path.relative_to(data.path).as_posix()
    try:
        seen = path.lstat()
    except PermissionError:
        return Part(name=name, is_hidden=True)
    except OSError:
        return Part(name=name, exists=False)
    return Part(
        name=name, mode=stat.S_IMODE(seen.st_mode), owner=seen.st_uid, group=seen.st_gid
    )


def _fault_of_layout(data: DataFolder) -> str:
    try:
        data.check()
    except StorageError as fault:
        return str(fault)
    return ""


def _look_at_keystores(
    data: DataFolder,
) -> tuple[tuple[str, ...], dict[str, KeystoreMark]]:
    """Return what is wrong with the keystores, and the marks of those that can be read.

    One that belongs to the other role's user can be neither looked at nor faulted.
    """
    faults: list[str] = []
    marks: dict[str, KeystoreMark] = {}
    for role in Party:
        path = data.keystore(role)
        if not os.access(path, os.R_OK):
            continue
        try:
            marks[role.value] = read_mark(path)
        except StorageError as fault:
            faults.append(f"{role}: {fault}")
    return tuple(faults), marks


def _count_copies(data: DataFolder, salts: set[bytes]) -> int:
    """Return how many other files hold one of our keystores; its salt tells it."""
    own = {data.keystore(role) for role in Party}
    found = 0
    for path in _files_near(data.path):
        if path in own or not _begins_as_keystore(path):
            continue
        try:
            found += read_mark(path).salt in salts
        except StorageError:
            continue
    return found


def _begins_as_keystore(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _files_near(folder: Path) -> Iterator[Path]:
    """Yield files in the folder and in those beside it, two folders deep."""
    left = FILES_MAX
    waiting = [(folder, 3), *((each, 2) for each in _folders_beside(folder))]
    while waiting and left > 0:
        here, depth = waiting.pop(0)
        for entry in _entries(here):
            left -= 1
            if entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
            elif depth > 1 and entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), depth - 1))


def _folders_beside(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder.absolute().parent):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False) and path != folder.absolute():
            yield path


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)[:FILES_MAX]
    except OSError:
        return []
