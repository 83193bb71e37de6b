"""Where a passphrase comes from: a file, the environment, a pipe, or a person."""

import os
import sys
from getpass import getpass
from pathlib import Path

from bot.cli.shield import CannotDo

FILE_VARIABLE = "ROUNDROBIN_PASSPHRASE_FILE"
VARIABLE = "ROUNDROBIN_PASSPHRASE"
# Seven words; twenty long ones still fit.
PASSPHRASE_BYTES_MAX = 1024


def find_passphrase(file: Path | None, *, from_pipe: bool = False) -> str:
    """Return the passphrase, from the first source that is there.

    They are `--passphrase-file`, `ROUNDROBIN_PASSPHRASE_FILE`, `ROUNDROBIN_PASSPHRASE`
    and a question in the terminal. `from_pipe` takes standard input and nothing else.
    """
    if from_pipe:
        return _one_line(sys.stdin.buffer.readline(PASSPHRASE_BYTES_MAX + 1))
    named = file or os.environ.get(FILE_VARIABLE)
    if named:
        return _in_file(Path(named))
    if told := os.environ.get(VARIABLE):
        return _one_line(told.encode("utf-8", "surrogateescape"))
    if sys.stdin.isatty():
        return _asked()
    raise CannotDo(
        f"the passphrase is missing: name its file in {FILE_VARIABLE} or with "
        "--passphrase-file."
    )


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
