"""The measurements measure what they say: nothing that is acknowledged is lost."""

from pathlib import Path

import pytest

from bot.bench import routing


async def test_taps_through_slack_are_all_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small crowd taps: each ratio has a sample for each turn."""
    monkeypatch.setattr(routing, "ALONE", 5)
    monkeypatch.setattr(routing, "CROWD", 30)

    ratios = await routing.measure_routing(tmp_path, 2)

    assert [each.name for each in ratios] == [
        "framework_tax_slack",
        "routed_throughput_slack",
        "headroom_slack",
    ]
    assert all(len(each.samples) == 2 and each.value > 0 for each in ratios)


async def test_lost_taps_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: figures of acknowledgements without answers are void."""
    monkeypatch.setattr(routing, "ALONE", 5)
    monkeypatch.setattr(routing, "CROWD", 30)
    monkeypatch.setattr(routing, "_tapped", lambda *_: ("U1", "vote:none:0"))

    with pytest.raises(BaseExceptionGroup):
        await routing.measure_routing(tmp_path, 1)
