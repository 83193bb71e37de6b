"""What the doctor says: one finding for each check, and the report of all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report: what was looked at, what is so, and how to mend it."""

    name: str
    state: State
    why: str
    mend: str = ""

    def __post_init__(self) -> None:
        """Hold that whoever is told of a fault is told what to do about it."""
        if (self.state is State.OK) == bool(self.mend):
            raise ValueError("a fault has a mend, and nothing else has")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings about one installation, and the level that it reaches."""

    level: int
    findings: tuple[Finding, ...]

    @property
    def has_failed(self) -> bool:
        """Whether something has to be mended before people answer here."""
        return any(each.state is State.FAIL for each in self.findings)

    def count(self, state: State) -> int:
        """Return how many checks ended so."""
        return sum(each.state is state for each in self.findings)

    def as_json(self) -> str:
        """Return the report for programs."""
        checks = [
            {
                "name": each.name,
                "state": each.state.value,
                "why": each.why,
                "mend": each.mend,
            }
            for each in self.findings
        ]
        return json.dumps({"level": f"L{self.level}", "checks": checks})


def fine(name: str, why: str) -> Finding:
    """Return the finding of a check that has nothing to mend."""
    return Finding(name=name, state=State.OK, why=why)


def warn(name: str, why: str, mend: str) -> Finding:
    """Return the finding of something that works and could be better."""
    return Finding(name=name, state=State.WARN, why=why, mend=mend)


def fail(name: str, why: str, mend: str) -> Finding:
    """Return the finding of something that has to be mended."""
    return Finding(name=name, state=State.FAIL, why=why, mend=mend)


def worst(findings: Sequence[Finding], otherwise: Finding) -> list[Finding]:
    """Return the faults that were found, or the one line that says there are none."""
    return list(findings) or [otherwise]
