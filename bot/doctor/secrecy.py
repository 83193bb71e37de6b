"""Where passphrases and tokens come from, and who else could read them there."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.config import PREFIX, ConfigError, Settings, load, secret_files
from bot.doctor.findings import Finding, fail, fine, warn, worst

_OTHERS = 0o077
# The system keeps what lies here from others by itself (systemd.exec, credentials).
_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_PASSPHRASES = ("passphrase", "counter_passphrase")


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """Which secrets stand where others could read them, by the names of settings."""

    in_environment: tuple[str, ...]
    open_files: tuple[str, ...]
    beside_keys: tuple[str, ...]


def read_settings(folder: Path) -> tuple[Settings | None, Finding]:
    """Return the settings if they can be used, and the finding about them."""
    try:
        settings = load(folder)
    except ConfigError as reason:
        return None, fail(
            "settings",
            str(reason),
            "mend the line in roundrobin.toml, or the variable of that name "
            "(docs/reference.md lists all)",
        )
    return settings, fine("settings", "the settings can be used")


def look_at_secrets(folder: Path) -> Secrecy:
    """Look where the secrets are; none of them is read."""
    try:
        files = secret_files(folder)
    except ConfigError:
        files = ()
    credentials = os.environ.get(_CREDENTIALS)
    roles = [(folder / role).resolve() for role in ("gate", "counter")]
    return Secrecy(
        in_environment=tuple(
            name for name in _PASSPHRASES if os.environ.get(f"{PREFIX}{name}".upper())
        ),
        open_files=tuple(
            each.name
            for each in files
            if not (credentials and each.path.is_relative_to(credentials))
            and _others_read(each.path)
        ),
        beside_keys=tuple(
            each.name
            for each in files
            if each.name in _PASSPHRASES
            and any(each.path.resolve().is_relative_to(role) for role in roles)
        ),
    )


def judge_secrets(secrecy: Secrecy) -> list[Finding]:
    """Say which secrets others could read."""
    faults = [
        warn(
            "passphrase",
            f"{PREFIX}{name.upper()} stands in the environment, where other programs "
            "of this user can read it",
            f"put it into a file of mode 0600 and name that in {PREFIX}"
            f"{name.upper()}_FILE, or use a systemd credential",
        )
        for name in secrecy.in_environment
    ]
    faults += [
        fail(
            "secret_files",
            f"others can read the file of {name}",
            "chmod 600 the file",
        )
        for name in secrecy.open_files
    ]
    faults += [
        warn(
            "passphrase",
            "the passphrase lies beside the keys that it closes",
            "move it to another disk, or type it when the bot starts",
        )
        for _ in secrecy.beside_keys
    ]
    return worst(faults, fine("passphrase", "no secret lies open to others"))


def _others_read(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & _OTHERS)
    except OSError:
        return False
