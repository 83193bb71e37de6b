"""The image is built on a base that was just made, and takes an answer."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.program import Console, action, of_kind

ROOT = Path(__file__).parent.parent.parent
# What the image's file asks for of its base: Python with venv, on this very system.
BASE_PACKAGES = "python3,python3-venv"
# Pages that nobody reads in there; each layer copies them.
LEFT_OUT = tuple(
    f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "locale", "man")
)
ADDED = "FROM scratch\nADD base.tar /\n"
PROGRAM = "/opt/roundrobin/bin/roundrobin"
NEEDED = ("adapters", "bot", "storage")
FILES = (
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
    ".containerignore",
)
ISOLATED = ("--isolation", "chroot", "--user", "10001:10000")

# Packages come over the network; five minutes are what a slow one takes.
pytestmark = [pytest.mark.usefixtures("builders"), pytest.mark.timeout(900)]


@dataclass(frozen=True, slots=True)
class Builder:
    """buildah with a storage of its own, which is gone afterwards."""

    home: Path
    driver: str

    def command(self, *words: str) -> tuple[str, ...]:
        """Return a command of buildah's about this storage."""
        places = (
            "--root",
            str(self.home / "root"),
            "--runroot",
            str(self.home / "run"),
        )
        return ("buildah", "--storage-driver", self.driver, *places, *words)

    def __call__(self, *words: str) -> str:
        """Run one command and return what it printed."""
        run = subprocess.run(
            self.command(*words), capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr[-2000:]
        return run.stdout

    def build(self, context: Path, *words: str) -> None:
        """Build an image; no daemon and no kernel's privilege is needed."""
        self("build", "--isolation", "chroot", "--layers=false", *words, str(context))

    def run(self, container: str, *words: str, user: str = "10001:10000") -> str:
        """Run a program in a container."""
        isolated = ("--isolation", "chroot", "--user", user)
        return self("run", *isolated, container, "--", *words)


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """Return a builder whose storage is removed in the end: it takes a gigabyte."""
    home = tmp_path_factory.mktemp("buildah")
    builder = _first_that_works(home)
    yield builder
    builder("rm", "--all")
    builder("rmi", "--all", "--force")
    shutil.rmtree(home, ignore_errors=True)


def _first_that_works(home: Path) -> Builder:
    """Return a builder that shares layers, or one that copies them: slow, but anywhere.

    Where the checks run in a container themselves, the kernel may refuse to share.
    """
    sharing = Builder(home / "overlay", "overlay")
    try:
        container = sharing("from", "scratch").strip()
        sharing("mount", container)
        sharing("rm", container)
    except AssertionError:
        return Builder(home / "vfs", "vfs")
    return sharing


@pytest.fixture(scope="module")
def base(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a base image from this system's packages, and return its name."""
    place = tmp_path_factory.mktemp("base")
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    make = ("mmdebstrap", "--quiet", "--variant=minbase", f"--include={BASE_PACKAGES}")
    subprocess.run([*make, *LEFT_OUT, release, str(place / "base.tar")], check=True)
    (place / "Containerfile").write_text(ADDED)
    builder.build(place, "--tag", "localhost/base")
    (place / "base.tar").unlink()
    return "localhost/base"


@pytest.fixture(scope="module")
def context(
    builder: Builder, base: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the program's files with the locked wheels for the base's Python."""
    context = tmp_path_factory.mktemp("context")
    for name in NEEDED:
        shutil.copytree(ROOT / name, context / name)
    for name in FILES:
        shutil.copy(ROOT / name, context)
    container = builder("from", base).strip()
    asked = ("import sys; print('%d.%d' % sys.version_info[:2])",)
    version = builder.run(container, "python3", "-c", *asked, user="0:0").strip()
    builder("rm", container)
    fetch = (sys.executable, "-m", "pip", "-qq", "download", "--only-binary=:all:")
    locked = ("--no-deps", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    subprocess.run(
        [*fetch, "--python-version", version, *locked, "-d", str(context / "wheels")],
        check=True,
    )
    return context


@pytest.fixture(scope="module")
def container(builder: Builder, base: str, context: Path) -> str:
    """Build the image, and return a container of it."""
    file = str(ROOT / "deploy" / "Containerfile")
    builder.build(
        context, "--build-arg", f"BASE={base}", "-f", file, "--tag", "localhost/rr"
    )
    return builder("from", "localhost/rr").strip()


def test_container_takes_an_answer(builder: Builder, container: str) -> None:
    """In the image, as its own user, a poll is opened, answered and counted."""
    founded = json.loads(
        builder.run(container, PROGRAM, "init", "--data", "/data/office", "--json")
    )
    program = builder.command(
        "run",
        *ISOLATED,
        *("--env", f"ROUNDROBIN_PASSPHRASE={founded['passphrase']}"),
        *(container, "--", PROGRAM),
    )
    people = [f"p{number}" for number in range(12)]
    with Console(Path("/data/office"), "", program) as console:
        console.ask(people=people)
        console.submit("p0", "join", code=founded["invite"])
        poll = {"question": "Lunch?", "options": "Yes\nNo", "choice": "single"}
        draft = console.submit("p0", "poll", **poll, closes="24h", name="lunch")
        opened = console.press("p0", action(draft, "Start it"))
        received = [console.press(name, action(opened, "Yes")) for name in people]
        closed = console.advance("25h")

    assert all(of_kind(answers, "receipt") for answers in received)
    assert of_kind(closed, "certificate")


def test_two_accounts_keep_their_keys_apart(builder: Builder, container: str) -> None:
    """At level 1 gate and counter share the database, and nothing else."""
    data = ("--data", "/data/shop")
    made = (PROGRAM, "init", *data, "--level", "1", "--json")
    printed = json.loads(builder.run(container, *made, user="0:0"))
    gates = f"ROUNDROBIN_PASSPHRASE={printed['passphrase']}"
    counters = f"ROUNDROBIN_COUNTER_PASSPHRASE={printed['counter_passphrase']}"

    def as_gate(*words: str) -> str:
        return builder.run(container, "env", gates, PROGRAM, *words, *data)

    def as_counter(*words: str) -> str:
        command = ("env", counters, PROGRAM, *words, *data)
        return builder.run(container, *command, user="10002:10000")

    first = as_gate("invite")
    as_counter("count")
    second = as_gate("invite")
    report = json.loads(as_gate("doctor", "--json"))

    assert first != second
    assert report["level"] == "L1"
    assert [each for each in report["checks"] if each["state"] == "fail"] == []
    with pytest.raises(AssertionError, match="owner and the mode"):
        builder.run(container, "env", counters, PROGRAM, "count", *data)


def test_image_holds_no_tools_for_a_thief(builder: Builder, container: str) -> None:
    """No installer is left in the environment, and no file is the bot's to change."""
    found = builder.run(
        container,
        "sh",
        "-c",
        "ls /opt/roundrobin/bin/pip* 2>/dev/null; "
        "find /opt/roundrobin -writable ! -type l 2>/dev/null; id -u",
    )

    assert found.split() == ["10001"]


def test_planted_mistake_breaks_the_build(
    builder: Builder, base: str, context: Path, container: str, tmp_path: Path
) -> None:
    """A library that is not the locked one is not built in."""
    del container
    shutil.copytree(context, tmp_path / "context")
    lock = tmp_path / "context" / "requirements.lock"
    text = lock.read_text()
    lock.write_text(text.replace("--hash=sha256:", "--hash=sha256:0"))
    file = str(ROOT / "deploy" / "Containerfile")

    with pytest.raises(AssertionError):
        builder.build(tmp_path / "context", "--build-arg", f"BASE={base}", "-f", file)
