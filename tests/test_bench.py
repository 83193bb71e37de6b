"""The bench measures what it says, and notices when an answer is lost."""

import json
from pathlib import Path

import pytest

from bot.bench import limits, routing, run, submitting, tallying
from bot.bench.house import voter
from bot.bench.ratio import Ratio, ratio_of
from bot.bench.run import main
from bot.gate import Gate

pytestmark = pytest.mark.timeout(180)

RATIOS = {
    "submit_efficiency",
    "latency_overhead",
    "group_gain",
    "write_amplification",
    "tally_efficiency",
    "tally_one_process",
    "help_seconds",
    "framework_tax_slack",
    "routed_throughput_slack",
    "headroom_slack",
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bench measure very little: the figures mean nothing then."""
    monkeypatch.setattr(submitting, "WAITING", 150)
    monkeypatch.setattr(submitting, "GROUP", 20)
    monkeypatch.setattr(submitting, "ALONE", 10)
    monkeypatch.setattr(submitting, "QUIET_SECONDS", 0.02)
    monkeypatch.setattr(routing, "ALONE", 5)
    monkeypatch.setattr(routing, "CROWD", 30)
    monkeypatch.setattr(tallying, "MEMORY_ENVELOPES", 100)
    for name in ("TURNS", "TURNS_QUICK", "_HELP_RUNS"):
        monkeypatch.setattr(run, name, 1)
    for name in ("TALLIED", "TALLIED_QUICK"):
        monkeypatch.setattr(run, name, 100)


def test_bench_for_programs(small, capsys: pytest.CaptureFixture[str]) -> None:
    """Each ratio has its median and both ends; the exit code says if all hold."""
    code = main(quick=True, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert told.keys() == RATIOS
    assert all(each["min"] <= each["value"] <= each["max"] for each in told.values())
    assert code in (0, 1)


def test_bench_for_people(
    small, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table names each ratio, and says what the others' figures rest on."""
    monkeypatch.setenv("COLUMNS", "200")

    main()

    table = capsys.readouterr().out
    assert all(name in table for name in {*RATIOS, "tally_memory_mb"})
    assert "Ours trusts its counter." in table


async def test_lost_answer_voids_the_figures(
    small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate that acknowledges what it does not store gets no ratio."""
    honest = Gate.submit
    numbers = iter(range(10_000))

    async def forgetful(gate, actor, drive, answer):
        stood_in = voter(next(numbers) // 2)
        return await honest(gate, stood_in, drive, answer)

    monkeypatch.setattr(Gate, "submit", forgetful)

    with pytest.raises(RuntimeError, match="differ"):
        await submitting.measure_submitting(tmp_path, 1)


async def test_lost_tap_voids_the_figures(
    small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taps that are acknowledged and not counted get no ratio."""
    monkeypatch.setattr(routing, "_tapped", lambda *_: ("U1", "vote:none:0"))

    with pytest.raises(BaseExceptionGroup):
        await routing.measure_routing(tmp_path, 1)


def test_ratio_is_the_median_of_pairs() -> None:
    """Each sample is divided by the limit that was measured beside it."""
    ratio = ratio_of("a", "b", [(2.0, 1.0), (9.0, 3.0), (40.0, 10.0)], 3.0)

    assert ratio.samples == (2.0, 3.0, 4.0)
    assert ratio.to_json() == {"value": 3.0, "min": 2.0, "max": 4.0}


@pytest.mark.parametrize(
    ("value", "lower_is_better", "is_reached"),
    [(1.0, False, True), (0.9, False, False), (1.0, True, True), (1.1, True, False)],
)
def test_bound_is_kept_or_missed(
    *, value: float, lower_is_better: bool, is_reached: bool
) -> None:
    """The bound itself is good enough, from either side."""
    ratio = Ratio(
        name="a",
        formula="b",
        samples=(value,),
        goal=1.0,
        lower_is_better=lower_is_better,
    )

    assert ratio.is_reached is is_reached


def test_limits_are_measured(tmp_path: Path) -> None:
    """The lower halves are rates of this machine."""
    assert limits.seals_a_second(20) > 0
    assert limits.appends_a_second(tmp_path, 1) > 0
    assert 0 < limits.commit_seconds(tmp_path, 3) < 10
