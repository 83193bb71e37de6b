"""Sealing processes: as good as sealing in place, and nothing hangs on their lives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.bindings import crypto_box_keypair, crypto_box_seal_open

from bot.core.ballots import POLL_RECORD_BYTES, Envelope
from storage import sealers as module
from storage.sealers import AHEAD_SHARES, RUSH_RECORDS_MIN, WORKERS_MAX, Sealers

ROOT = Path(__file__).parents[2]
PUBLIC, SECRET = crypto_box_keypair()
WORKERS = 2
START_SECONDS_MAX = 8


def records_of(count: int) -> list[bytes]:
    """Return so many padded records."""
    return [
        number.to_bytes(8, "big").ljust(POLL_RECORD_BYTES, b"\x01")
        for number in range(count)
    ]


def opened(envelopes: list[Envelope]) -> list[bytes]:
    """Return what stands in `envelopes`, in the same order."""
    return [crypto_box_seal_open(each, PUBLIC, SECRET) for each in envelopes]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + START_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def processes(sealers: Sealers) -> list["subprocess.Popen[bytes]"]:
    """Return the processes that wait for work."""
    return [worker._process for worker in sealers._workers]


def started(sealers: Sealers) -> list["subprocess.Popen[bytes]"]:
    """Return the processes of `sealers` after a rush has started all of them."""

    def are_there() -> bool:
        # More than one process takes: whoever seals here starts another one.
        shares = [
            sealers.start(records_of(1), PUBLIC, is_rush=True)
            for _ in range(WORKERS * AHEAD_SHARES)
        ]
        for share in shares:
            share.result()
        return len(sealers._workers) == WORKERS and all(
            worker.is_ready for worker in sealers._workers
        )

    until(are_there)
    return processes(sealers)


@pytest.fixture
def sealers() -> Iterator[Sealers]:
    """Yield the sealers of a gate with two cores."""
    made = Sealers(WORKERS)
    yield made
    made.close()


def test_share_is_sealed_in_its_order(sealers: Sealers) -> None:
    """Envelopes come as the records came, from a process as from this one."""
    in_place = sealers.start(records_of(40), PUBLIC).result()
    started(sealers)

    elsewhere = [sealers.start(records_of(300), PUBLIC) for _ in range(7)]

    assert opened(in_place) == records_of(40)
    for share in elsewhere:
        assert opened(share.result()) == records_of(300)


def test_every_envelope_has_a_key_of_its_own(sealers: Sealers) -> None:
    """An ephemeral key that two envelopes shared would link them."""
    started(sealers)

    envelopes = sealers.start(records_of(300), PUBLIC).result()

    assert len({envelope[:32] for envelope in envelopes}) == 300


def test_keys_are_those_of_the_share(sealers: Sealers) -> None:
    """A process that sealed for one slot seals for another one next."""
    started(sealers)
    other, secret = crypto_box_keypair()

    first = sealers.start(records_of(2), PUBLIC).result()
    second = sealers.start(records_of(2), other).result()

    assert opened(first) == records_of(2)
    assert [crypto_box_seal_open(e, other, secret) for e in second] == records_of(2)


def test_few_answers_start_no_process(sealers: Sealers) -> None:
    """A gate whose polls have thirty people never has a second process."""
    sealers.start(records_of(30), PUBLIC).result()
    sealers.seal_all(records_of(RUSH_RECORDS_MIN * 4), PUBLIC)

    assert processes(sealers) == []


def test_killed_process_costs_nothing_but_time(
    sealers: Sealers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a dead process was to seal is sealed all the same, and another starts."""
    monkeypatch.setattr(module, "START_PAUSE_SECONDS", 0.0)
    before = started(sealers)
    shares = [sealers.start(records_of(1_000), PUBLIC) for _ in range(4)]
    for process in before:
        process.kill()

    for share in shares:
        assert opened(share.result()) == records_of(1_000)
    after = started(sealers)
    assert not {process.pid for process in before} & {process.pid for process in after}
    assert all(process.returncode is not None for process in before)


@pytest.mark.parametrize("then", [signal.SIGCONT, signal.SIGKILL])
def test_process_has_its_next_share_ahead(then: signal.Signals) -> None:
    """It need not ask for it; and both are sealed in order, also if it dies."""
    sealers = Sealers(1)
    until(lambda: _seals_elsewhere(sealers))
    (worker,) = sealers._workers
    worker._process.send_signal(signal.SIGSTOP)
    shares = [sealers.start(records_of(count), PUBLIC) for count in (128, 128, 24)]

    assert [len(share.records) for share in worker.asked] == [128, 128]
    assert not any(share.done() for share in shares)
    worker._process.send_signal(then)
    assert [opened(share.result()) for share in shares] == [
        records_of(128),
        records_of(128),
        records_of(24),
    ]
    sealers.close()


def _seals_elsewhere(sealers: Sealers) -> bool:
    sealers.start(records_of(1), PUBLIC, is_rush=True).result()
    return any(worker.is_ready for worker in sealers._workers)


def test_dead_process_is_noticed_when_it_is_asked(sealers: Sealers) -> None:
    """A process that died while nothing was to do is no trap for the next share."""
    for process in started(sealers):
        process.kill()
        process.wait()

    shares = [sealers.start(records_of(200), PUBLIC) for _ in range(WORKERS)]

    assert [opened(share.result()) for share in shares] == [records_of(200)] * WORKERS


def test_stopped_process_stops_no_answer(
    sealers: Sealers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that hangs is given up after a while, and ended for good."""
    monkeypatch.setattr(module, "SHARE_SECONDS_MAX", 0.5)
    monkeypatch.setattr(module, "END_SECONDS_MAX", 0.1)
    monkeypatch.setattr(module, "START_PAUSE_SECONDS", 0.0)
    stopped = started(sealers)
    for process in stopped:
        process.send_signal(signal.SIGSTOP)

    share = sealers.start(records_of(20), PUBLIC)

    assert opened(share.result()) == records_of(20)
    assert [process.poll() for process in stopped].count(-signal.SIGKILL) == 1


@pytest.mark.parametrize(
    "program", [("/nowhere/python",), (sys.executable, "-c", "pass")]
)
def test_machine_without_processes_seals_in_place(
    sealers: Sealers, monkeypatch: pytest.MonkeyPatch, program: tuple[str, ...]
) -> None:
    """Where none can be started, or none lives, answers are sealed all the same."""
    monkeypatch.setattr(module, "_PROGRAM", program)

    for _ in range(3):
        share = sealers.start(records_of(20), PUBLIC, is_rush=True)
        assert opened(share.result()) == records_of(20)


def test_failed_start_is_not_repeated_with_each_share(
    sealers: Sealers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A machine that has no room for a process is left alone for a while."""
    monkeypatch.setattr(module, "_PROGRAM", ("/nowhere/python",))
    sealers.start(records_of(1), PUBLIC, is_rush=True).result()
    monkeypatch.setattr(module, "_PROGRAM", (sys.executable, "-c", "pass"))

    sealers.start(records_of(1), PUBLIC, is_rush=True).result()

    assert processes(sealers) == []


def test_key_that_takes_no_envelope_is_an_error(sealers: Sealers) -> None:
    """A share that cannot be sealed fails; it is not passed over."""
    started(sealers)

    # A point of low order: libsodium refuses it.
    share = sealers.start(records_of(20), bytes(32))

    with pytest.raises(Exception, match="library error"):
        share.result()


def test_closing_ends_all_processes(sealers: Sealers) -> None:
    """Nothing is left behind by a gate that ends in order."""
    ended = started(sealers)

    sealers.close()

    assert [process.returncode for process in ended] == [0] * WORKERS


def test_processes_are_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment holds of passphrases and tokens stays in the gate."""
    monkeypatch.setenv("ROUNDROBIN_PASSPHRASE", "seven words")
    monkeypatch.setenv("ROUNDROBIN_SLACK_BOT_TOKEN", "xoxb-1")

    told = module._environment()

    assert not [name for name in told if name.startswith("ROUNDROBIN")]
    assert told["PATH"] == os.environ["PATH"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_leave_no_memory_behind(sealers: Sealers) -> None:
    """A sealing process sees answers, so it has no core dump either."""
    pids = [process.pid for process in started(sealers)]

    limits = [Path(f"/proc/{pid}/limits").read_text(encoding="ascii") for pid in pids]

    for text in limits:
        (line,) = [each for each in text.splitlines() if "core file" in each]
        assert line.split()[4:6] == ["0", "0"]


def test_processes_are_as_many_as_cores() -> None:
    """One process for each core, as many as one event loop can feed."""
    assert 1 <= Sealers()._count <= WORKERS_MAX


SCRIPT = """
import sys, time
from storage.sealers import Sealers
sealers = Sealers(2)
while len(sealers._workers) < 2 or not all(each.is_ready for each in sealers._workers):
    sealers.start([bytes(256)], bytes([9]) + bytes(31), is_rush=True).result()
    time.sleep(0.01)
print(*(each._process.pid for each in sealers._workers), flush=True)
shares = [sealers.start([bytes(256)] * 2_000, bytes([9]) + bytes(31)) for _ in range(4)]
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_die_with_the_gate() -> None:
    """A gate that is killed takes its sealing processes along, in the midst of work."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=subprocess.PIPE
    ) as gate:
        assert gate.stdout is not None
        pids = [int(pid) for pid in gate.stdout.readline().split()]
        assert len(pids) == 2
        gate.kill()

    until(lambda: not any(map(is_alive, pids)))
