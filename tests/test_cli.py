"""The command line: quick help, exit codes, one line for each failure, no names."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import __main__ as program
from bot import compose, log
from bot.cli.passphrase import COUNTERS, find_counter_passphrase, find_passphrase
from bot.cli.shield import CannotDo
from bot.compose import founding
from bot.core.records import Party
from storage.folder import DataFolder
from storage.keystore import CHEAPEST
from tests.fakes.program import ROUNDROBIN, command_line, environment, found_cheaply
from tests.fakes.terminal import at_terminal

CANARY = "mei-canary-4711"
COMMANDS = [
    *(
        "demo",
        "init",
        "invite",
        "console",
        "run",
        "count",
        "verify",
        "doctor",
        "wipe",
        "bench",
        "trustee",
    ),
    "slack",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder made by the library, and its passphrase."""
    data = tmp_path_factory.mktemp("house") / "data"
    return data, found_cheaply(data).passphrase


def one_line(run: "subprocess.CompletedProcess[str]") -> str:
    """Return the one line that a command said on stderr."""
    (line,) = run.stderr.splitlines()
    assert line.startswith("roundrobin: ")
    assert "Traceback" not in line
    return line


def python(code: str) -> "subprocess.CompletedProcess[str]":
    """Run a few lines in a process of their own, behind the shield."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"from bot import hardening\nfrom bot.cli import shield\n{code}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_loads_nothing_that_takes_its_time() -> None:
    """It answers at once: what connects, stores, seals or draws is not loaded."""
    run = python(
        "import sys\n"
        "from bot.__main__ import run_command\n"
        "run_command(['--help'])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    loaded = set(run.stdout.partition("LOADED")[2].split())

    assert "bot" in loaded
    assert not loaded & {
        "adapters",
        "aiohttp",
        "alembic",
        "asyncpg",
        "discord",
        "nacl",
        "pydantic",
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "storage",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(command: str) -> None:
    """Whoever asks for help sees something to copy."""
    found = CliRunner().invoke(program.app, [command, "--help"])

    assert found.exit_code == 0
    assert "For example:" in found.output
    assert f"roundrobin {command}" in found.output


def test_all_commands_are_listed() -> None:
    """The bare name lists the commands, and each of them is tested here."""
    run = command_line()
    listed = [
        line.split()[0]
        for line in run.stdout.partition("Commands:")[2].splitlines()
        if line.startswith("  ") and not line.startswith("   ")
    ]

    assert run.returncode == 0
    assert [name for name in listed if name != "For"][: len(COMMANDS)] == COMMANDS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([CANARY], "no such command"),
        (["init"], "--data is missing"),
        (["init", f"--{CANARY}"], "no such option"),
        (["init", "--dat", CANARY], "Did you mean --data?"),
        (["init", "--data", "x", "--platform", CANARY], "--platform cannot have"),
        (["count", "--data", "x", "--every", CANARY], "--every cannot have"),
        (["wipe", "--data", "x", CANARY], "not written as it should be"),
        (["verify"], "FILE is missing"),
    ],
)
def test_wrong_usage(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that is written wrongly ends with 2, and nothing typed is repeated."""
    code = program.run_command(words)

    stderr = capsys.readouterr().err
    assert code == 2
    assert said in stderr
    assert CANARY not in stderr
    assert len(stderr.splitlines()) == 1


# init, invite, wipe -------------------------------------------------------------------


@pytest.mark.timeout(180)
def test_init_makes_a_folder_once(tmp_path: Path) -> None:
    """`init --json` prints two secrets, and never touches what is there."""
    data = tmp_path / "data"
    words = ("init", "--data", str(data), "--platform", "console", "--json")
    first = command_line(*words)
    before = (data / "gate" / "keystore").read_bytes()
    second = command_line(*words)

    printed = json.loads(first.stdout)
    assert (first.returncode, second.returncode) == (0, 1)
    assert list(printed) == ["passphrase", "invite"]
    assert len(printed["passphrase"].split()) >= 6
    assert len(printed["invite"].replace(" ", "")) == 26
    assert "already" in one_line(second)
    assert (data / "gate" / "keystore").read_bytes() == before
    assert [(data / role).stat().st_mode & 0o777 for role in Party] == [0o700, 0o700]
    assert not first.stderr


@pytest.mark.timeout(180)
def test_init_in_words_says_what_a_lost_passphrase_means(tmp_path: Path) -> None:
    """Whoever reads it knows that nobody can bring the passphrase back."""
    run = command_line("init", "--data", str(tmp_path / "data"))

    assert run.returncode == 0
    assert "Nobody can bring it back" in run.stdout
    assert "restored from a backup without its keys" in run.stdout
    assert "/rr invite" in run.stdout
    assert f"    {sys.executable} -m bot console --data {tmp_path}" in run.stdout


@pytest.mark.timeout(180)
@pytest.mark.parametrize("on_path", [True, False])
def test_init_prints_a_command_that_can_be_typed(
    tmp_path: Path, *, on_path: bool
) -> None:
    """The next command is written as this one was called, short where PATH has it."""
    program = Path(sys.executable).parent / "roundrobin"
    path = str(program.parent) if on_path else str(tmp_path)
    run = subprocess.run(
        [program, "init", "--data", str(tmp_path / "data")],
        env=environment() | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    called = "roundrobin" if on_path else str(program)

    assert f"    {called} console --data " in run.stdout


@pytest.mark.timeout(120)
def test_wipe_asks_at_a_terminal(tmp_path: Path) -> None:
    """Only the word itself removes anything."""
    data = tmp_path / "data"
    found_cheaply(data)
    words = ("wipe", "--data", str(data))
    kept = at_terminal(words, "", r": $", "yes", code=1)
    here = data.exists()
    removed = at_terminal(words, "", r": $", "wipe")

    assert "nothing was removed" in kept
    assert here
    assert "the keys first" in removed
    assert not data.exists()


@pytest.mark.timeout(120)
def test_passphrase_is_asked_at_a_terminal(house: tuple[Path, str]) -> None:
    """Where nothing else gives it, the passphrase is typed, and not shown."""
    data, passphrase = house
    said = at_terminal(("invite", "--data", str(data)), "", r": $", passphrase)

    assert "It works once" in said
    assert passphrase not in said


async def test_founding_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-made installation is removed, so that the next try can succeed."""
    data = tmp_path / "data"

    async def fail(_place: object) -> None:
        raise OSError(28, CANARY)

    monkeypatch.setattr(founding, "create_store", fail)
    with pytest.raises(OSError, match=CANARY):
        await compose.found(data, platform="console", cost=CHEAPEST)

    assert not data.exists()


@pytest.mark.timeout(120)
def test_invite_needs_the_passphrase(house: tuple[Path, str]) -> None:
    """A code is printed to whoever holds the passphrase, and to nobody else."""
    data, passphrase = house
    good = command_line("invite", "--data", str(data), passphrase=passphrase)
    wrong = command_line("invite", "--data", str(data), passphrase=CANARY)
    none = command_line("invite", "--data", str(data))

    assert (good.returncode, wrong.returncode, none.returncode) == (0, 1, 1)
    assert len(good.stdout.replace(" ", "").strip()) == 26
    assert CANARY not in one_line(wrong)
    assert "ROUNDROBIN_PASSPHRASE_FILE" in one_line(none)


@pytest.mark.timeout(120)
def test_wipe_asks_first(tmp_path: Path) -> None:
    """Without a terminal and without --yes nothing is removed; with it, all is."""
    data = tmp_path / "data"
    found_cheaply(data)
    asked = command_line("wipe", "--data", str(data))
    here = data.exists()
    wiped = command_line("wipe", "--data", str(data), "--yes")
    again = command_line("wipe", "--data", str(data), "--yes")

    assert (asked.returncode, wiped.returncode, again.returncode) == (1, 0, 1)
    assert here
    assert "--yes" in one_line(asked)
    assert not data.exists()
    assert "no installation" in one_line(again)


@pytest.mark.parametrize("command", ["invite", "console", "run", "count"])
def test_folder_without_an_installation(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that needs an installation says so, without the folder's name."""
    code = program.run_command([command, "--data", str(tmp_path / CANARY)])

    stderr = capsys.readouterr().err
    assert code == 1
    assert "no installation" in stderr
    assert CANARY not in stderr


def test_run_says_what_is_missing(
    house: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a platform's settings `run` ends, and names the settings."""
    code = program.run_command(["run", "--data", str(house[0])])

    stderr = capsys.readouterr().err
    assert code == 1
    assert "ROUNDROBIN_SLACK_BOT_TOKEN" in stderr
    assert "ROUNDROBIN_DISCORD_TOKEN" in stderr
    assert len(stderr.splitlines()) == 1


def test_wrong_setting_is_one_line(
    house: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A setting that cannot be is named, and its value is not."""
    monkeypatch.setenv("ROUNDROBIN_COMMAND", f"/{CANARY}")
    code = program.run_command(["run", "--data", str(house[0])])

    stderr = capsys.readouterr().err
    assert code == 1
    assert "command cannot be that" in stderr
    assert CANARY not in stderr


# count --------------------------------------------------------------------------------


@pytest.mark.timeout(120)
def test_count_with_nothing_to_do(house: tuple[Path, str]) -> None:
    """A count that finds no work ends with 0."""
    data, passphrase = house
    run = command_line("count", "--data", str(data), passphrase=passphrase)

    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.timeout(120)
def test_count_loads_nothing_of_the_gate(
    house: tuple[Path, str], tmp_path: Path
) -> None:
    """The counter knows no person and no platform, and has memory for the count."""
    data, passphrase = house
    words = tmp_path / "words"
    words.write_text(passphrase, encoding="utf-8")
    arguments = ["count", "--data", str(data), "--passphrase-file", str(words)]
    run = python(
        "import sys\n"
        "from bot.__main__ import run_command\n"
        f"code = run_command({arguments!r})\n"
        "print(code, 'LOADED', *sys.modules)\n"
    )
    code, _, names = run.stdout.partition(" LOADED ")
    loaded = {".".join(name.split(".")[:2]) for name in names.split()}

    assert code == "0"
    assert {"bot.counter", "storage.store"} <= loaded
    assert not loaded & {
        "bot.config",
        "bot.desk",
        "bot.gate",
        "bot.outbox",
        "bot.router",
        "storage.inbox",
    }
    assert not {name.partition(".")[0] for name in loaded} & {
        "aiohttp",
        "alembic",
        "discord",
        "phonenumbers",
        "prompt_toolkit",
        "resvg_py",
        "slack_bolt",
        "slack_sdk",
    }


@pytest.mark.timeout(120)
def test_second_counter_steps_back(house: tuple[Path, str]) -> None:
    """While one counter runs, another says so and ends with 0."""
    data, passphrase = house
    with DataFolder(data).lock(Party.COUNTER):
        run = command_line("count", "--data", str(data), passphrase=passphrase)

    assert run.returncode == 0
    assert run.stdout == "Another count is under way.\n"


@pytest.mark.timeout(120)
def test_passphrase_through_the_pipe(house: tuple[Path, str]) -> None:
    """The gate hands the counter its passphrase on standard input."""
    data, passphrase = house
    words = ("count", "--data", str(data), "--passphrase-stdin")
    good = command_line(*words, typed=f"{passphrase}\n")
    wrong = command_line(*words, typed=f"{CANARY}\n")
    none = command_line(*words)

    assert (good.returncode, wrong.returncode, none.returncode) == (0, 1, 1)
    assert CANARY not in one_line(wrong)
    assert "empty" in one_line(none)


def wait_for_handler(process: int, awaited: signal.Signals) -> None:
    """Return once a process handles a signal itself (Linux, proc(5): SigCgt)."""
    status = Path(f"/proc/{process}/status")
    while True:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", status.read_text(), re.MULTILINE)
        if caught and int(caught[1], 16) >> (awaited - 1) & 1:
            return
        time.sleep(0.02)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_watch_ends_when_asked(house: tuple[Path, str], ending: signal.Signals) -> None:
    """`count --watch` goes on until SIGTERM or SIGINT, and then ends with 0."""
    data, passphrase = house
    watch = subprocess.Popen(
        [*ROUNDROBIN, "count", "--data", str(data), "--watch", "--every", "1"],
        env=environment(passphrase),
        stderr=subprocess.PIPE,
    )
    wait_for_handler(watch.pid, signal.SIGTERM)
    running = watch.poll() is None
    watch.send_signal(ending)
    _, said = watch.communicate(timeout=20)

    assert running
    assert (watch.returncode, said) == (0, b"")


@pytest.mark.timeout(120)
def test_watch_refuses_a_wrong_passphrase_at_once(house: tuple[Path, str]) -> None:
    """A watch that could never count does not begin."""
    run = command_line("count", "--data", str(house[0]), "--watch", passphrase="wrong")

    assert run.returncode == 1
    assert "passphrase" in one_line(run)


async def test_counter_that_fails_is_logged_and_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gate goes on when the counter cannot; the log has the exit code alone."""
    log.start(now=lambda: 0, stream=sys.stderr)
    counter = compose.CounterProgram(folder=tmp_path / CANARY, passphrase=CANARY)

    await counter()
    log.stop()

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["exit_code"]) == ("counter_failed", 1)
    assert CANARY not in str(line)


# Passphrases --------------------------------------------------------------------------


def test_passphrase_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option goes before the environment's file, and that before its variable."""
    for name in ("option", "named"):
        (tmp_path / name).write_text(f"{name} words\n")
    monkeypatch.setenv("ROUNDROBIN_PASSPHRASE", "plain words")
    plain = find_passphrase(None)
    monkeypatch.setenv("ROUNDROBIN_PASSPHRASE_FILE", str(tmp_path / "named"))

    assert plain == "plain words"
    assert find_passphrase(None) == "named words"
    assert find_passphrase(tmp_path / "option") == "option words"


def test_passphrase_file_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings' file is read where the environment says nothing; each its own."""
    for name in ("PASSPHRASE", "COUNTER_PASSPHRASE"):
        monkeypatch.delenv(f"ROUNDROBIN_{name}", raising=False)
        monkeypatch.delenv(f"ROUNDROBIN_{name}_FILE", raising=False)
    (tmp_path / "gates").write_text("gate words\n")
    (tmp_path / "counters").write_text("counter words\n")
    (tmp_path / "roundrobin.toml").write_text(
        'passphrase_file = "gates"\ncounter_passphrase_file = "counters"\n'
    )

    assert find_passphrase(None, folder=tmp_path) == "gate words"
    assert find_passphrase(None, folder=tmp_path, names=COUNTERS) == "counter words"
    assert find_counter_passphrase(tmp_path) == "counter words"
    monkeypatch.setenv("ROUNDROBIN_COUNTER_PASSPHRASE", "plain words")
    assert find_passphrase(None, folder=tmp_path, names=COUNTERS) == "plain words"


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff", b"x" * 2000])
def test_passphrase_is_one_line_of_text(tmp_path: Path, content: bytes) -> None:
    """Anything else in the file is refused, and not repeated."""
    (tmp_path / "passphrase").write_bytes(content)

    with pytest.raises(CannotDo):
        find_passphrase(tmp_path / "passphrase")


def test_missing_passphrase_file(tmp_path: Path) -> None:
    """A file that is not there is said, without its path."""
    with pytest.raises(CannotDo, match="cannot be read") as refused:
        find_passphrase(tmp_path / CANARY)

    assert CANARY not in str(refused.value)


# verify -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 2),
        (b"no certificate", 2),
        (b"[]", 2),
        (b"{}", 2),
        (b"[" * 100_000, 2),
        (b'{"certificate": 1}', 1),
    ],
)
def test_verify_tells_unreadable_from_false(
    tmp_path: Path, content: bytes, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What never was a certificate is unreadable; what was one is not genuine."""
    (tmp_path / "file").write_bytes(content)

    assert program.run_command(["verify", str(tmp_path / "file")]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_verify_of_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path without a file is unreadable, and is not repeated."""
    assert program.run_command(["verify", str(tmp_path / CANARY)]) == 2
    assert CANARY not in capsys.readouterr().err


def test_verify_refuses_a_mark_that_is_none(tmp_path: Path) -> None:
    """A receipt is 16 letters and digits."""
    (tmp_path / "file").write_bytes(b"")

    words = ["verify", str(tmp_path / "file"), "--receipt", CANARY]
    assert program.run_command(words) == 2


# The shield ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        f"shield.raise_shield()\nraise ValueError({CANARY!r})",
        f"""shield.raise_shield()
raise ExceptionGroup({CANARY!r}, [OSError({CANARY!r})])""",
        f"""shield.raise_shield()
import threading
def fail():
    raise ValueError({CANARY!r})
thread = threading.Thread(target=fail, name={CANARY!r})
thread.start()
thread.join()""",
        f"""shield.raise_shield()
class Leaving:
    def __del__(self):
        raise ValueError({CANARY!r})
Leaving()""",
    ],
)
def test_errors_print_type_and_place_only(code: str) -> None:
    """Whatever breaks wherever, one line names the error's type, and no text of it."""
    run = python(code)

    assert CANARY not in run.stderr + run.stdout
    assert "Error at " in one_line(run)


def test_plain_python_would_print_the_message() -> None:
    """The control: without the shield the same error prints its message."""
    assert CANARY in python(f"raise ValueError({CANARY!r})").stderr


def test_fault_in_a_command_names_its_place(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """A bug in a command ends it with 1 and the line of our code that broke."""

    def broken(_folder: Path) -> None:
        raise LookupError(CANARY)

    monkeypatch.setattr(founding, "DataFolder", broken)
    code = program.run_command(["run", "--data", str(tmp_path)])

    stderr = capsys.readouterr().err
    assert code == 1
    assert "LookupError at bot/compose/founding.py:" in stderr
    assert CANARY not in stderr


def test_disk_that_fails_is_one_line_without_a_path(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """What the system says of a file is said without the file's name."""

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device", CANARY)

    monkeypatch.setattr(founding, "DataFolder", full)
    code = program.run_command(["run", "--data", str(tmp_path)])

    stderr = capsys.readouterr().err
    assert code == 1
    assert "no space left" in stderr
    assert CANARY not in stderr


def test_interrupted_command_ends_quietly(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Ctrl-C ends a command with 1 and without a word."""

    def interrupted(_folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(founding, "DataFolder", interrupted)

    assert program.run_command(["run", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == ""


def test_memory_stays_in_the_process() -> None:
    """Gate and counter ask for no core dump, and let nobody attach."""
    run = python(
        "import ctypes, resource\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
        "hardening.leave_no_memory_behind()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )

    assert run.stdout.splitlines() == ["1", "(0, 0)", "0"]


async def test_counter_program_dies_with_its_task(house: tuple[Path, str]) -> None:
    """A count that is cancelled does not run on by itself."""
    data, passphrase = house
    counter = compose.CounterProgram(folder=data, passphrase=passphrase)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await counter()
