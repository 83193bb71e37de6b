"""What holds for the repository as a whole: locks, names, and the tests' own guard."""

import asyncio
import re
import socket
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
DISTRIBUTION = "roundrobin-bot"

# Written in pieces, so that this file does not name them.
REGISTRY_HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
)


def is_left_behind(path: Path) -> bool:
    """Return whether a tool made this file, by the folder it lies in."""
    folders = path.relative_to(ROOT).parts[:-1]
    return any(
        name in {"build", "dist", "htmlcov", "__pycache__"}
        or (name.startswith(".") and name != ".ci")
        for name in folders
    )


def tracked_files() -> list[Path]:
    """Return the files of the repository, or of the unpacked archive of it."""
    git = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if git.returncode == 0:
        files = [ROOT / name for name in git.stdout.split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not is_left_behind(path)]
    return [path for path in files if path.is_file()]


def requirements_of(lock: Path) -> list[str]:
    """Return a lock's requirements, each with the hashes that belong to it."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    return text.replace("\\\n", " ").splitlines()


def normal_name(requirement: str) -> str:
    """Return the distribution a requirement names, as packages are compared."""
    matched = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert matched
    return re.sub(r"[-_.]+", "-", matched[0]).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_holds_no_address(lock: Path) -> None:
    """A lock says what is installed, never from where."""
    assert "://" not in lock.read_text()
    assert "-url" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_and_hashes_all(lock: Path) -> None:
    """Each requirement of a lock has one version and at least one hash."""
    loose = [
        line
        for line in requirements_of(lock)
        if "==" not in line or "--hash=sha256:" not in line
    ]

    assert not loose


def test_locks_hold_what_the_project_asks_for() -> None:
    """Whoever adds a dependency also runs `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    runtime = {*project["dependencies"], *extras["build"]}
    asked = {
        "requirements.lock": runtime,
        "requirements-dev.lock": {*runtime, *extras["dev"]},
    }

    missing = {
        lock.name: {normal_name(each) for each in asked[lock.name]}
        - {normal_name(line) for line in requirements_of(lock)}
        for lock in LOCKS
    }

    assert missing == {name: set() for name in asked}


def test_locks_agree() -> None:
    """What the tests run with is what people run."""
    runtime, dev = (
        set(requirements_of(ROOT / name))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert runtime <= dev


def test_no_file_names_a_package_registry() -> None:
    """The repository depends on no particular registry, so it names none."""
    named = [
        (path.relative_to(ROOT).as_posix(), host)
        for path in tracked_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]

    assert not named


@pytest.mark.parametrize("name", ["bot", "adapters", "storage"])
def test_no_other_distribution_claims_our_names(name: str) -> None:
    """The short package names are ours alone in the environment."""
    owners = set(packages_distributions().get(name, ()))

    assert owners <= {DISTRIBUTION}


def test_guard_stops_outside_connections() -> None:
    """A test that reaches for another machine fails, whatever the call."""
    with socket.socket() as outside:
        with pytest.raises(RuntimeError, match="not this machine"):
            outside.connect(("192.0.2.1", 443))
        with pytest.raises(RuntimeError, match="not this machine"):
            outside.connect_ex(("192.0.2.1", 443))
    with pytest.raises(RuntimeError, match="not this machine"):
        socket.create_connection(("chat.example", 443))


async def test_guard_stops_outside_connections_of_asyncio() -> None:
    """A connection of the event loop is stopped too."""
    with pytest.raises(RuntimeError, match="not this machine"):
        await asyncio.open_connection("192.0.2.1", 443)


async def test_guard_lets_this_machine_pass() -> None:
    """Fakes on this machine can be reached by name and by address."""
    fake = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = fake.sockets[0].getsockname()[1]

    async with fake:
        for host in ("127.0.0.1", "localhost"):
            reader, writer = await asyncio.open_connection(host, port)

            assert await reader.read() == b""

            writer.close()
            await writer.wait_closed()
