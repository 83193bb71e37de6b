"""What `init` writes after the founding: settings, tokens, and where it stopped.

No secret gets into the settings: both roles can read them.
"""

import grp
import json
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path

from bot.config import check_settings
from storage.folder import Accounts, DataFolder

# The accounts of level 1, as deploy/ makes them.
GATE_USER = "roundrobin-gate"
COUNTER_USER = "roundrobin-counter"
GROUP = "roundrobin"

_HAND_OVER = """\
    systemd-sysusers deploy/systemd/roundrobin.sysusers
    cd {data} && mkdir -p certificates
    chown -R roundrobin-gate:roundrobin gate shared certificates
    chown -R roundrobin-counter:roundrobin counter
    chmod 2770 shared"""
_SETTINGS = ("owner", "keeper", "command", "display_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the flags of `init` say; what they leave out is None."""

    level: int | None = None
    owner: str | None = None
    keeper: str | None = None
    command: str | None = None
    display_name: str | None = None


def check_wishes(wishes: Wishes) -> None:
    """Raise `ConfigError` before anything is made if a flag says what cannot be."""
    told = {
        name: value
        for name in _SETTINGS
        if (value := getattr(wishes, name)) is not None
    }
    check_settings(told)


def check_free(folder: Path) -> None:
    """Raise before a question is asked if there is an installation already."""
    DataFolder(folder).check_free()


def step_of(folder: Path) -> str:
    """Return the step at which `init` stopped in this folder, or nothing."""
    path = DataFolder(folder).unfinished
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def go_to(folder: Path, step: str) -> None:
    """Note the step at which `init` goes on if it is stopped; no step ends it."""
    DataFolder(folder).keep_step(step)


def has_token(folder: Path, name: str) -> bool:
    """Tell whether this token was given already."""
    return DataFolder(folder).token(name).exists()


def keep_token(folder: Path, name: str, token: str) -> None:
    """Put a token into its own file, and name that file in the settings."""
    DataFolder(folder).keep_token(name, token)
    keep_setting(folder, f"{name}_file", f"gate/{name}")


def keep_wishes(folder: Path, wishes: Wishes) -> None:
    """Write what the flags say into the settings."""
    for name in _SETTINGS:
        value: str | None = getattr(wishes, name)
        if value is not None:
            keep_setting(folder, name, value)


def keep_setting(folder: Path, name: str, value: str) -> None:
    """Set one setting in the file; its other lines stay as they are."""
    data = DataFolder(folder)
    # TOML's basic strings are written as JSON's (toml.io, "String").
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    text = data.config.read_text(encoding="utf-8")
    written = re.compile(rf"^(# )?{re.escape(name)} = .*$", re.MULTILINE)
    if written.search(text):
        text = written.sub(lambda _: line, text, count=1)
    else:
        text = f"{text.rstrip()}\n{line}\n"
    data.keep_settings(text)


def accounts() -> Accounts | None:
    """Return the accounts of level 1, or None where this computer lacks one."""
    try:
        return Accounts(
            gate=pwd.getpwnam(GATE_USER).pw_uid,
            counter=pwd.getpwnam(COUNTER_USER).pw_uid,
            group=grp.getgrnam(GROUP).gr_gid,
        )
    except KeyError:
        return None


def hand_over(folder: Path) -> bool:
    """Give each role its folder; tell whether it could be done.

    Only root can, and only where the accounts have been made.
    """
    to = accounts()
    if to is None or os.geteuid() != 0:
        return False
    DataFolder(folder).hand_over(to)
    return True


def how_to_hand_over(folder: Path) -> str:
    """Return the commands that do the same, for whoever has to ask somebody."""
    return _HAND_OVER.format(data=folder.absolute())
