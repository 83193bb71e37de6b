"""Where a passphrase comes from: a file, the environment, a pipe, or a person."""

import os
import sys
from getpass import getpass
from pathlib import Path

from bot.cli.shield import CannotDo

# Seven words; twenty long ones still fit.
PASSPHRASE_BYTES_MAX = 1024
# How a secret is named in settings; the environment has its name in capitals.
GATES = ("passphrase",)
# Where both roles have one passphrase, the counter has no other.
COUNTERS = ("counter_passphrase", "passphrase")
_PREFIX = "ROUNDROBIN_"


def find_passphrase(
    file: Path | None,
    *,
    folder: Path | None = None,
    names: tuple[str, ...] = GATES,
    from_pipe: bool = False,
) -> str:
    """Return the passphrase, from the first source that is there.

    They are `--passphrase-file`; for each of `names` the variable with `_FILE`, the
    plain one, and the file that the settings in `folder` name; then a question in the
    terminal. `from_pipe` takes standard input and nothing else.
    """
    if from_pipe:
        return _one_line(sys.stdin.buffer.readline(PASSPHRASE_BYTES_MAX + 1))
    if file is not None:
        return _in_file(file)
    for name in names:
        if (told := _told(name, folder)) is not None:
            return told
    if sys.stdin.isatty():
        return _asked()
    raise CannotDo(
        "the passphrase is missing: name its file in "
        f"{_PREFIX}{names[0].upper()}_FILE or with --passphrase-file."
    )


def find_counter_passphrase(folder: Path) -> str:
    """Return the counter's own passphrase, or nothing where it has none."""
    return _told(COUNTERS[0], folder) or ""


def _told(name: str, folder: Path | None) -> str | None:
    variable = f"{_PREFIX}{name.upper()}"
    if named := os.environ.get(f"{variable}_FILE"):
        return _in_file(Path(named))
    if told := os.environ.get(variable):
        return _one_line(told.encode("utf-8", "surrogateescape"))
    if folder is not None and (path := _in_settings(name, folder)) is not None:
        return _in_file(path)
    return None


def _in_settings(name: str, folder: Path) -> Path | None:
    """Return the passphrase's file that the settings name, if they name one."""
    settings = folder / "roundrobin.toml"
    if not settings.exists() or b"passphrase_file" not in settings.read_bytes():
        return None
    # A quarter of a second, which each count would pay again.
    from bot.config import secret_files  # noqa: PLC0415

    return next((each.path for each in secret_files(folder) if each.name == name), None)


def _in_file(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as stream:
            content = stream.read(PASSPHRASE_BYTES_MAX + 1)
    except (OSError, RuntimeError):
        raise CannotDo("the passphrase file cannot be read.") from None
    return _one_line(content)


def _asked() -> str:
    try:
        return _one_line(getpass("Passphrase: ").encode())
    except (EOFError, OSError):
        raise CannotDo("no passphrase was given.") from None


def _one_line(content: bytes) -> str:
    try:
        text = content.decode().strip()
    except UnicodeDecodeError:
        raise CannotDo("the passphrase is not readable text.") from None
    if not text:
        raise CannotDo("the passphrase is empty.")
    if len(content) > PASSPHRASE_BYTES_MAX or "\n" in text:
        raise CannotDo("the passphrase must be one line.")
    return text
