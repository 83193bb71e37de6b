"""What can be wrong with the computer, and with where secrets come from."""

import logging
from pathlib import Path

import pytest

from bot.doctor import computer, secrecy
from bot.doctor.computer import Memory, Versions
from bot.doctor.findings import Finding, State, fail, fine, warn

SWAPS = "Filename\tType\tSize\tUsed\tPriority\n"


def test_findings_have_a_mend_if_there_is_something_to_mend() -> None:
    """Nobody is told of a fault without a way out."""
    with pytest.raises(ValueError, match="mend"):
        fail("swap", "it is on", "")
    with pytest.raises(ValueError, match="mend"):
        Finding(name="swap", state=State.OK, why="off", mend="swapoff -a")


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("", 0),
        ("/dev/sda2 partition 1 0 -2\n", 1),
        ("/dev/zram0 partition 1 0 100\n", 0),
        ("/swapfile file 1 0 -2\n/dev/sda2 partition 1 0 -3\n", 2),
        ("/dev/dm-1 partition 1 0 -2\n", 0),
        ("/dev/dm-2 partition 1 0 -2\n", 1),
    ],
)
def test_swap_that_keeps_memory_readable(line: str, count: int, tmp_path: Path) -> None:
    """Swap on a disk counts, unless it is encrypted or memory itself."""
    (tmp_path / "swaps").write_text(SWAPS + line)
    for name, kind in (("dm-1", "CRYPT-PLAIN-swap"), ("dm-2", "LVM-abc")):
        (tmp_path / name / "dm").mkdir(parents=True)
        (tmp_path / name / "dm" / "uuid").write_text(kind)

    assert computer.count_open_swaps(tmp_path / "swaps", tmp_path) == count
    assert computer.count_open_swaps(tmp_path / "none", tmp_path) == 0


@pytest.mark.parametrize(
    ("memory", "name", "mend"),
    [
        (
            Memory(core_bytes=-1, is_dumpable=False, open_swaps=0),
            "core_dumps",
            "ulimit",
        ),
        (Memory(core_bytes=0, is_dumpable=True, open_swaps=0), "core_dumps", "prctl"),
        (Memory(core_bytes=0, is_dumpable=False, open_swaps=1), "swap", "swapoff"),
    ],
)
def test_memory_that_could_reach_a_disk(memory: Memory, name: str, mend: str) -> None:
    """Each way in which keys could be written is named with its mend."""
    findings = {each.name: each for each in computer.judge_memory(memory)}

    assert findings[name].state is not State.OK
    assert mend in findings[name].mend
    assert [each.state for each in findings.values()].count(State.OK) == 1


def test_library_that_was_made_loud() -> None:
    """A logger or a variable that would tell what people send is named."""
    before = computer.loud_loggers([])
    logger = logging.getLogger("slack_bolt.canary")
    logger.setLevel(logging.DEBUG)
    try:
        loud = computer.loud_loggers(["PYTHONDEVMODE", "PATH"])
    finally:
        logger.setLevel(logging.NOTSET)
    finding = computer.judge_logs(loud)

    assert [each for each in loud if each not in before] == [
        "PYTHONDEVMODE",
        "slack_bolt.canary",
    ]
    assert finding.state is State.FAIL
    assert "slack_bolt.canary" in finding.why
    assert computer.judge_logs([]).state is State.OK


def test_variable_that_makes_python_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at this process sees its environment."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")

    assert "PYTHONASYNCIODEBUG" in computer.look_at_logs()


@pytest.mark.parametrize(
    ("is_kept", "seconds_off", "state", "why"),
    [
        (True, None, State.OK, "is kept"),
        (None, None, State.OK, "no clock to compare"),
        (False, None, State.WARN, "nothing keeps"),
        (False, 5, State.OK, "agrees"),
        (True, -90, State.WARN, "90 seconds off"),
        (True, 3600, State.FAIL, "60 minutes off"),
    ],
)
def test_clock(
    *, is_kept: bool | None, seconds_off: int | None, state: State, why: str
) -> None:
    """The platform's clock goes before what the kernel says of ours."""
    finding = computer.judge_clock(is_kept=is_kept, seconds_off=seconds_off)

    assert finding.state is state
    assert why in finding.why


def test_kernel_is_asked_about_the_clock() -> None:
    """Wherever it runs, the question has one of three answers."""
    assert computer.is_clock_kept() in {True, False, None}


def test_versions_that_are_too_old_or_missing() -> None:
    """Each is named, and what is here is in order."""
    old = Versions(python=(3, 10), sqlite=(3, 8, 0), libraries=(("slack-bolt", ""),))

    assert [each.state for each in computer.judge_versions(old)] == [State.FAIL] * 3
    assert "slack-bolt" in computer.judge_versions(old)[2].why
    (now,) = computer.judge_versions(computer.look_at_versions())
    assert now.state is State.OK


# Secrets ------------------------------------------------------------------------------


def test_passphrase_in_the_environment(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works, and the doctor says what is better."""
    monkeypatch.setenv("ROUNDROBIN_PASSPHRASE", "seven words")
    (finding,) = secrecy.judge_secrets(secrecy.look_at_secrets(data))

    assert finding.state is State.WARN
    assert "ROUNDROBIN_PASSPHRASE_FILE" in finding.mend


def test_file_of_a_secret_that_others_can_read(data: Path) -> None:
    """A token's file has mode 0600, or is named."""
    (data / "gate" / "token").write_text("secret\n")
    (data / "gate" / "token").chmod(0o640)
    (data / "roundrobin.toml").write_text('discord_token_file = "gate/token"\n')
    (finding,) = secrecy.judge_secrets(secrecy.look_at_secrets(data))

    assert finding.state is State.FAIL
    assert "discord_token" in finding.why
    assert "chmod 600" in finding.mend


def test_credential_of_the_system_is_kept_by_the_system(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Systemd guards its folder; the mode in there is its own business."""
    (tmp_path / "passphrase").write_text("seven words\n")
    (tmp_path / "passphrase").chmod(0o444)
    monkeypatch.setenv("ROUNDROBIN_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    open_to_all = secrecy.look_at_secrets(data).open_files
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert open_to_all == ("passphrase",)
    assert secrecy.look_at_secrets(data).open_files == ()


def test_passphrase_beside_its_keys(data: Path) -> None:
    """A thief of the folder would have both."""
    (data / "roundrobin.toml").write_text('passphrase_file = "gate/passphrase"\n')
    (finding,) = secrecy.judge_secrets(secrecy.look_at_secrets(data))

    assert finding == warn(
        "passphrase",
        "the passphrase lies beside the keys that it closes",
        "move it to another disk, or type it when the bot starts",
    )


def test_settings_that_cannot_be_read_hide_no_other_check(data: Path) -> None:
    """Where settings are broken, the secrets' places are passed over."""
    (data / "roundrobin.toml").write_text("= no toml")

    assert secrecy.look_at_secrets(data).open_files == ()
    assert secrecy.read_settings(data)[1].state is State.FAIL
    assert fine("a", "b").mend == ""
