"""Commands in a terminal of their own, as a person meets them."""

import os
import pty
import re
import select
import subprocess
import time
from dataclasses import dataclass
from typing import Self

from tests.fakes.program import ROUNDROBIN, environment

# A line editor takes what is typed when it has drawn itself.
QUIET_SECONDS = 0.5
# A plain question waits for its answer as soon as it is drawn.
QUESTION_SECONDS = 0.1

# No text fits this: reading goes on until the terminal is closed.
THE_END = r"(?!)"


def at_terminal(
    words: tuple[str, ...], passphrase: str, prompt: str, *typed: str, code: int = 0
) -> str:
    """Run a command in a terminal and return what it drew until it ended.

    Each line is typed when what was drawn fits `prompt` and the terminal is quiet.
    """
    terminal = Terminal.running(words, environment(passphrase), QUIET_SECONDS)
    for line in typed:
        terminal.wait_for(prompt)
        terminal.type(line)
    said = terminal.end()
    assert terminal.process.returncode == code
    return said


@dataclass
class Terminal:
    """A command that runs in a terminal, and all that it has drawn so far."""

    process: "subprocess.Popen[bytes]"
    ours: int
    quiet_seconds: float
    said: str = ""

    @classmethod
    def running(
        cls,
        words: tuple[str, ...],
        settings: dict[str, str],
        quiet_seconds: float = QUESTION_SECONDS,
    ) -> Self:
        """Start a command in a terminal of its own."""
        ours, theirs = pty.openpty()
        screen = {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
        process = subprocess.Popen(
            [*ROUNDROBIN, *words],
            env=settings | screen,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            close_fds=True,
            start_new_session=True,
        )
        os.close(theirs)
        return cls(process, ours, quiet_seconds)

    def wait_for(self, pattern: str) -> str:
        """Return what is drawn from now on until it fits a pattern."""
        drawn = read_until(self.ours, pattern, quiet_seconds=self.quiet_seconds)
        self.said += drawn
        assert re.search(pattern, drawn), self.said
        return drawn

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self.ours, f"{line}\r".encode())

    def answer(self, pattern: str, line: str) -> str:
        """Wait for a question, type a line, and return what stood before it."""
        drawn = self.wait_for(pattern)
        self.type(line)
        return drawn

    def hang_up(self) -> None:
        """Close the window, as somebody does who has to leave."""
        os.close(self.ours)
        self.process.wait(timeout=30)

    def end(self) -> str:
        """Wait for the command to end, and return all that it drew."""
        self.said += read_until(self.ours, THE_END)
        self.process.wait(timeout=30)
        os.close(self.ours)
        return self.said


def read_until(
    terminal: int, pattern: str, *, quiet_seconds: float = QUIET_SECONDS
) -> str:
    """Return what is drawn until it fits a pattern and the terminal falls quiet.

    Control sequences are left out.
    """
    drawn, text = b"", ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], quiet_seconds)[0]:
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
