"""Where the files of an installation stand, and who may use them (protocol.md §2).

`gate` and `counter` are for one role each (0700); `shared` is for both, which may be
two users of one group (2770). Each role runs once: its lock is the kernel's, so that
it ends with the process, however that ends.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.records import Party
from storage.faults import Fault, NewerVersion

# The layout below. A later layout gets the next number.
FORMAT = 2
# The number and a line end; anything longer is another file.
_FORMAT_LINE = f"{FORMAT}\n".encode()
_FORMAT_BYTES_MAX = 16
_FORMAT_TEXT = re.compile(rb"([1-9]\d{0,8})\n")
_INBOX_NAME = re.compile(r"[0-9a-f]{32}-\d{1,9}\.db(-wal|-shm|-journal)?")

# Other users may pass through to `shared`, if they know its name, and list nothing.
_TOP_MODE = 0o711
_ROLE_MODE = 0o700
# The group is handed on to the files, so that both roles can write the database.
_SHARED_MODE = 0o2770
_FILE_MODE = 0o600
# Both roles read the settings; nobody but their owner writes them.
_SETTINGS_MODE = 0o644
_SHARED_FILE_MODE = 0o660

_CERTIFICATES_MODE = 0o755

_OVERWRITE_BYTES = 64 * 1024

# What the gate shows a platform; each lies in a file of its own beside its keystore.
TOKENS = (
    "slack_bot_token",
    "slack_app_token",
    "slack_signing_secret",
    "discord_token",
)


class NoInstallation(Fault):
    """This folder holds no installation. Nothing was changed.

    Make one with `roundrobin init`.
    """


class InstallationExists(Fault):
    """This folder holds an installation already, or a part of one.

    Nothing was changed. Choose another folder, or remove it with `roundrobin wipe`.
    """


class FolderNotWritable(Fault):
    """The data folder cannot be used.

    Check the disk, and the owner and the mode of the folder.
    """


class FolderUnreadable(Fault):
    """The data folder does not say its format. Nothing was changed.

    It is damaged, or it is the folder of another program.
    """


class AlreadyRunning(Fault):
    """This part of Roundrobin is running already. Nothing was changed."""


class KeysNotDestroyed(Fault):
    """A keystore could not be destroyed. What can be destroyed is; the rest remains.

    Run this again as the user who owns the keystore, or as root.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The users of the two roles and the group that both are in, as the system counts.

    At level 1 the roles are two users; the folder itself stays with who made it.
    """

    gate: int
    counter: int
    group: int


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The names of an installation's files, and the life of the folder."""

    path: Path

    @property
    def config(self) -> Path:
        """The settings, in TOML; they hold no secret."""
        return self.path / "roundrobin.toml"

    @property
    def clock(self) -> Path:
        """The simulated time; only the console's folders have it."""
        return self.path / "clock"

    @property
    def people(self) -> Path:
        """The simulated members; only the console's folders have it."""
        return self.path / "people"

    @property
    def certificates(self) -> Path:
        """The folder of the certificates, made with the first; they are public."""
        return self.path / "certificates"

    @property
    def unfinished(self) -> Path:
        """The name of the step at which `init` goes on; gone when it has ended."""
        return self.path / "setup"

    @property
    def inboxes(self) -> Path:
        """The folder of the running slots' inboxes."""
        return self.path / Party.GATE / "inbox"

    @property
    def shared(self) -> Path:
        """The folder that gate and counter share."""
        return self.path / "shared"

    @property
    def database(self) -> Path:
        """The database that gate and counter share."""
        return self.shared / "roundrobin.db"

    @property
    def format(self) -> Path:
        """The number of the folder's layout; written last, when all is made."""
        return self.shared / "format"

    def keystore(self, role: Party) -> Path:
        """Return the keystore of a role."""
        return self.path / role / "keystore"

    def lock_file(self, role: Party) -> Path:
        """Return the file whose lock the running role holds."""
        return self.path / role / "lock"

    def token(self, name: str) -> Path:
        """Return the file of one of `TOKENS`."""
        return self.path / Party.GATE / name

    def keep_token(self, name: str, token: str) -> None:
        """Put a token into its file of mode 0600, in place of an earlier one."""
        assert name in TOKENS
        self._put(self.token(name), f"{token}\n", _FILE_MODE)

    def keep_settings(self, text: str) -> None:
        """Put the settings in place of the earlier ones: all of them or none."""
        self._put(self.config, text, _SETTINGS_MODE)

    def keep_step(self, step: str) -> None:
        """Note at which step `init` goes on; no step ends it."""
        if step:
            self._put(self.unfinished, f"{step}\n", _FILE_MODE)
        else:
            self.unfinished.unlink(missing_ok=True)

    def hand_over(self, accounts: Accounts) -> None:
        """Give each role's folder to its user, and the shared one to both (level 1)."""
        try:
            if not self.certificates.exists():
                # The gate may not make folders in one that is not its own.
                _make_folder(self.certificates, _CERTIFICATES_MODE)
            for folder, user in (
                (self.path / Party.GATE, accounts.gate),
                (self.path / Party.COUNTER, accounts.counter),
                (self.shared, accounts.gate),
                (self.certificates, accounts.gate),
            ):
                for path in (*folder.rglob("*"), folder):
                    os.chown(path, user, accounts.group, follow_symlinks=False)
            # A change of the owner may take this bit away.
            self.shared.chmod(_SHARED_MODE)
        except OSError:
            raise FolderNotWritable from None

    def _put(self, path: Path, text: str, mode: int) -> None:
        fresh = path.with_name(f"{path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            _write_new(fresh, text.encode(), mode)
            fresh.replace(path)
            sync_folder(path.parent)
        except OSError:
            raise FolderNotWritable from None

    def check_free(self) -> None:
        """Raise if there is anything of an installation already."""
        if any(os.path.lexists(path) for path in self._created()):
            raise InstallationExists

    def create(self) -> None:
        """Make the folders. Refuse if there is anything of an installation already."""
        try:
            self.check_free()
            if not self.path.is_dir():
                self.path.mkdir(parents=True)
                self.path.chmod(_TOP_MODE)
            for role in Party:
                _make_folder(self.path / role, _ROLE_MODE)
            _make_folder(self.inboxes, _ROLE_MODE)
            _make_folder(self.shared, _SHARED_MODE)
            _write_new(self.format, _FORMAT_LINE, _SHARED_FILE_MODE)
            sync_folder(self.shared)
            sync_folder(self.path)
        except OSError:
            raise FolderNotWritable from None

    def check(self) -> None:
        """Raise unless this is an installation whose layout this version knows."""
        try:
            with self.format.open("rb") as file:
                text = file.read(_FORMAT_BYTES_MAX)
        except (FileNotFoundError, NotADirectoryError):
            raise NoInstallation from None
        except OSError:
            raise FolderNotWritable from None
        matched = _FORMAT_TEXT.fullmatch(text)
        if not matched:
            raise FolderUnreadable
        if int(matched[1]) > FORMAT:
            raise NewerVersion

    def _grow(self) -> None:
        """Say that this version writes here now: an older one must refuse from here on.

        It would read keys, cases and what waits in a box as damaged. What an older one
        wrote is read as it is, and written anew in time.
        """
        try:
            if self.format.read_bytes() == _FORMAT_LINE:
                return
            # In place: it has two owners, and one byte is written whole or not at all.
            with self.format.open("r+b") as file:
                file.write(_FORMAT_LINE)
                os.fsync(file.fileno())
        except OSError:
            raise FolderNotWritable from None

    @contextmanager
    def lock(self, role: Party) -> Generator[None]:
        """Be the only process that runs `role`, or raise `AlreadyRunning`."""
        self.check()
        with _locked(self.lock_file(role)):
            self._grow()
            yield

    def wipe(self) -> None:
        """Destroy the keys, then remove what this installation made; nothing else.

        Overwriting ends the bytes where a file system writes in place; flash, copies
        and snapshots may keep earlier ones. Without its keys the rest says nothing.
        Raises `AlreadyRunning` while a role runs, and may be repeated.
        """
        if not any(os.path.lexists(path) for path in self._created()):
            raise NoInstallation
        try:
            with ExitStack() as locks:
                for role in Party:
                    if (self.path / role).is_dir():
                        locks.enter_context(_locked(self.lock_file(role)))
                self._destroy_keys()
                self._remove_rest()
        except OSError:
            raise FolderNotWritable from None

    def _created(self) -> list[Path]:
        folders = [self.path / role for role in Party]
        files = [self.config, self.clock, self.people, self.unfinished]
        return [*folders, self.shared, self.certificates, *files]

    def _destroy_keys(self) -> None:
        failed = False
        for role in Party:
            keystore = self.keystore(role)
            # What a crash in `SealedKeystore.replace` may have left beside it.
            failed |= _could_not_destroy(keystore, keystore.with_name("keystore.new"))
        tokens = [self.token(name) for name in TOKENS]
        left = [path.with_name(f"{path.name}.new") for path in tokens]
        failed |= _could_not_destroy(*tokens, *left)
        if failed:
            raise KeysNotDestroyed

    def _remove_rest(self) -> None:
        for path in _files_in(self.inboxes):
            if _INBOX_NAME.fullmatch(path.name):
                path.unlink()
        for path in _files_in(self.certificates):
            path.unlink()
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        locks = (self.lock_file(role) for role in Party)
        files = [self.config, self.clock, self.people, self.unfinished]
        fresh = [path.with_name(f"{path.name}.new") for path in files]
        for path in (*files, *fresh, *locks, self.format):
            path.unlink(missing_ok=True)
        roles = (self.path / role for role in Party)
        for path in (self.inboxes, *roles, self.shared, self.certificates):
            _remove_if_empty(path)
        sync_folder(self.path)
        # It may be a mount, or stand in a folder of somebody else.
        with suppress(OSError):
            _remove_if_empty(self.path)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def overwrite(file: int) -> None:
    """Put random bytes in place of all bytes of an open file, durably."""
    left = os.fstat(file).st_size
    os.lseek(file, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(file, secrets.token_bytes(min(left, _OVERWRITE_BYTES)))
    os.fsync(file)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, _FILE_MODE)
    except OSError:
        raise FolderNotWritable from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield
    finally:
        # Closing gives the lock back. The file stays: removing it would let two
        # processes lock two files of one name.
        os.close(lock)


def _could_not_destroy(*paths: Path) -> bool:
    """Destroy what can be destroyed; tell whether something is left."""
    failed = False
    for path in paths:
        try:
            _destroy(path)
        except OSError:
            failed = True
    return failed


def _destroy(path: Path) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        overwrite(file)
    finally:
        os.close(file)
    path.unlink()
    sync_folder(path.parent)


def _make_folder(path: Path, mode: int) -> None:
    path.mkdir(mode=mode)
    # The process's umask took bits away.
    path.chmod(mode)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_symlink() or path.is_file()]


def _remove_if_empty(path: Path) -> None:
    # A folder that holds something we did not make stays, and so does that.
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
