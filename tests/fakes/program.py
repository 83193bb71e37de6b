"""Drives the real console as another program would: lines in, lines out."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot import compose
from storage.keystore import CHEAPEST

ROUNDROBIN = (sys.executable, "-P", "-m", "bot")
Answer = dict[str, Any]


def found_cheaply(folder: Path) -> compose.Founded:
    """Make a console's folder whose passphrase costs as little as it can."""
    return asyncio.run(compose.found(folder, platform="console", cost=CHEAPEST))


def environment(passphrase: str = "") -> dict[str, str]:
    """Return the environment without anybody's settings, but with a passphrase."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ROUNDROBIN_")}
    return kept | ({"ROUNDROBIN_PASSPHRASE": passphrase} if passphrase else {})


def command_line(
    *words: str, passphrase: str = "", typed: str = "", seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*ROUNDROBIN, *words],
        env=environment(passphrase),
        input=typed,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@dataclass
class Console:
    """A running `roundrobin console --jsonl`."""

    data: Path
    passphrase: str
    # Where the program is; a container has it elsewhere.
    program: tuple[str, ...] = ROUNDROBIN
    # Everything that it wrote, for searches.
    written: list[str] = field(default_factory=list[str])
    number: int = 0
    ended: bool = False

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [*self.program, "console", "--data", str(self.data), "--jsonl"],
            env=environment(self.passphrase),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> int:
        """End the input and wait; return the exit code."""
        if not self.ended:
            rest, log = self.process.communicate(timeout=60)
            self.written += [rest, log]
            self.ended = True
        exit_code: int | None = self.process.returncode
        assert exit_code is not None
        return exit_code

    def leave_and_read(self) -> str:
        """End the input and return all that was written, and the log behind a NUL."""
        assert self.leave() == 0
        answers, log = "".join(self.written[:-1]), self.written[-1]
        return f"{answers}\x00{log}\x00"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate()
        self.ended = True

    def hang_up(self) -> str:
        """Stop reading its answers; return what it logs until it has ended."""
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        self.process.stdout.close()
        for _ in range(3):
            with suppress(BrokenPipeError):
                self.send_line("{}")
        self.process.wait(timeout=20)
        log = self.process.stderr.read()
        self.process.stderr.close()
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.ended = True
        return log

    def send(self, request: Answer) -> int:
        """Send a request without waiting, and return its id."""
        self.number += 1
        self.send_line(json.dumps({"id": self.number, **request}))
        return self.number

    def send_line(self, line: str) -> None:
        """Send a line as it stands."""
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answers(self, ids: Iterable[int | None]) -> dict[int | None, list[Answer]]:
        """Return what is written until each of these requests is done."""
        found: dict[int | None, list[Answer]] = {re: [] for re in ids}
        open_ids = set(found)
        assert self.process.stdout
        while open_ids:
            line = self.process.stdout.readline()
            if not line:
                break
            self.written.append(line)
            answer = json.loads(line)
            assert answer["re"] in open_ids, "an answer to a request that is done"
            if answer.get("done"):
                open_ids.remove(answer["re"])
            else:
                found[answer["re"]].append(answer)
        assert not open_ids, "the console ended early"
        return found

    def ask(self, **request: Any) -> list[Answer]:
        """Send a request and return its answers."""
        named = {name.removesuffix("_"): value for name, value in request.items()}
        re = self.send(named)
        return self.answers([re])[re]

    def press(self, person: str, action: str) -> list[Answer]:
        """Let somebody press a button."""
        return self.ask(as_=person, press=action)

    def command(self, person: str, words: str) -> list[Answer]:
        """Let somebody type the root command."""
        return self.ask(as_=person, command=f"/rr {words}".strip())

    def submit(self, person: str, form: str, **fields: Any) -> list[Answer]:
        """Let somebody send a form."""
        return self.ask(as_=person, submit=form, fields=fields)

    def advance(self, time: str) -> list[Answer]:
        """Let time pass."""
        return self.ask(advance=time)


def action(answers: list[Answer], label: str) -> str:
    """Return the id of the button with this label."""
    for answer in answers:
        for each in answer.get("actions", []):
            if each["label"] == label:
                return str(each["id"])
    raise AssertionError(f"no button {label!r} in {answers}")


def of_kind(answers: list[Answer], kind: str) -> list[Answer]:
    """Return the answers of one kind."""
    return [answer for answer in answers if answer["kind"] == kind]
