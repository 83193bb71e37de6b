"""The units are valid, closed enough, and a mistake in them is noticed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes.program import ROUNDROBIN

UNITS = Path(__file__).parent.parent.parent / "deploy" / "systemd"
SERVICES = ("roundrobin-gate.service", "roundrobin-counter.service")
TIMER = "roundrobin-counter.timer"
# systemd-analyze counts exposure from 0 to 10.
EXPOSURE_MAX = 1.5
PROGRAM = "/opt/roundrobin/bin/roundrobin"

pytestmark = [pytest.mark.usefixtures("systemd"), pytest.mark.timeout(180)]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Return copies of the units that name a program of this machine."""
    # The judge asks whether the program can be run at all.
    here = ROUNDROBIN[0]
    for path in UNITS.glob("*.[st]*"):
        shutil.copy(path, tmp_path)
    for name in SERVICES:
        text = (tmp_path / name).read_text()
        assert PROGRAM in text
        (tmp_path / name).write_text(text.replace(PROGRAM, here))
    return tmp_path


def verdict(units: Path) -> "subprocess.CompletedProcess[str]":
    """Let systemd judge all units."""
    judge = ("systemd-analyze", "verify", "--man=no", "--recursive-errors=no")
    return subprocess.run(
        [*judge, *SERVICES, TIMER],
        cwd=units,
        capture_output=True,
        text=True,
        check=False,
    )


def exposure(path: Path) -> float:
    """Return how exposed a service is in systemd's eyes."""
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert found
    return float(found[1])


def change(path: Path, line: str, instead: str) -> None:
    """Plant a mistake."""
    text = path.read_text()
    assert line in text
    path.write_text(text.replace(line, instead))


def test_units_are_valid(units: Path) -> None:
    """Systemd finds nothing to say about any of them."""
    run = verdict(units)

    assert (run.returncode, run.stdout + run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "line", "instead"),
    [
        (SERVICES[0], "ProtectHome=yes", "ProtectHouse=yes"),
        (SERVICES[0], "Type=exec", "Type=forever"),
        (SERVICES[1], "TimeoutStartSec=30min", "TimeoutStartSec=soon"),
        (SERVICES[1], "ExecStart=/", "ExecStart=/nowhere/"),
        (TIMER, "OnBootSec=1min", "OnBootSec=later"),
    ],
)
def test_planted_mistake_is_noticed(
    name: str, line: str, instead: str, units: Path
) -> None:
    """A misspelled word, a wrong value or a program that is not there is said."""
    change(units / name, line, instead)
    run = verdict(units)

    assert run.returncode or run.stdout + run.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_units_are_closed(name: str, units: Path) -> None:
    """A service that is broken into can reach next to nothing."""
    assert exposure(units / name) <= EXPOSURE_MAX


def test_open_unit_is_noticed(units: Path) -> None:
    """Without its protections the same service is over the bound."""
    path = units / SERVICES[0]
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateUsers=yes"):
        change(path, line, "")

    assert exposure(path) > EXPOSURE_MAX


def test_roles_share_no_passphrase_and_no_keys() -> None:
    """Each unit loads its own half, and cannot see the other role's folder."""
    gate, counter = ((UNITS / name).read_text() for name in SERVICES)

    assert "User=roundrobin-gate" in gate
    assert "User=roundrobin-counter" in counter
    assert "counter.passphrase" not in gate
    assert "gate.passphrase" not in counter
    assert "InaccessiblePaths=-/var/lib/roundrobin/counter" in gate
    assert "InaccessiblePaths=-/var/lib/roundrobin/gate" in counter
    assert "PrivateNetwork=yes" in counter
