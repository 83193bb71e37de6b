"""Commands in a terminal of their own, as a person meets them."""

import os
import pty
import re
import select
import subprocess
import time

from tests.fakes.program import ROUNDROBIN, environment

# A line editor takes what is typed when it has drawn itself.
QUIET_SECONDS = 0.5

# No text fits this: reading goes on until the terminal is closed.
THE_END = r"(?!)"


def at_terminal(
    words: tuple[str, ...], passphrase: str, prompt: str, *typed: str, code: int = 0
) -> str:
    """Run a command in a terminal and return what it drew until it ended.

    Each line is typed when what was drawn fits `prompt` and the terminal is quiet.
    """
    ours, theirs = pty.openpty()
    settings = {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    process = subprocess.Popen(
        [*ROUNDROBIN, *words],
        env=environment(passphrase) | settings,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
        start_new_session=True,
    )
    os.close(theirs)
    said = ""
    for line in typed:
        said += read_until(ours, prompt)
        os.write(ours, f"{line}\r".encode())
    said += read_until(ours, THE_END)
    assert process.wait(timeout=30) == code
    os.close(ours)
    return said


def read_until(terminal: int, pattern: str) -> str:
    """Return what is drawn until it fits a pattern and the terminal falls quiet.

    Control sequences are left out.
    """
    drawn, text = b"", ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], QUIET_SECONDS)[0]:
            if re.search(pattern, text):
                break
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        drawn += chunk
        # The editor asks where the cursor stands; a terminal answers.
        if b"\x1b[6n" in chunk:
            os.write(terminal, b"\x1b[1;1R")
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn.decode(errors="replace"))
    return text
