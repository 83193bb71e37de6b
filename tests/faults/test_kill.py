"""Gates and counters killed at random moments lose and double nobody.

`ROUNDROBIN_KILLS` sets the number of kills; the default keeps the suite short.
"""

import asyncio
import json
import os
import secrets
import sys
from pathlib import Path

import pytest

from tests.faults.killing import Said
from tests.world import ROOT, new_folder

KILLS = int(os.environ.get("ROUNDROBIN_KILLS", "100"))
# A life of a fraction of a second, on a machine that is busy with others.
SECONDS_PER_KILL_MAX = 2


@pytest.mark.timeout(60 + SECONDS_PER_KILL_MAX * KILLS)
async def test_killed_processes_lose_and_double_nobody(tmp_path: Path) -> None:
    """Each acknowledged person is counted once, by the last answer or a later one."""
    folder = await new_folder(tmp_path / "house")
    seed = secrets.randbelow(2**32)
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.faults.killing", str(folder.path), str(KILLS), str(seed)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await run.communicate()
    assert run.returncode == 0, errors.decode()
    report = json.loads(output)

    assert report["gate_kills"] + report["counter_kills"] >= KILLS * 0.9, report
    assert report["counter_kills"] >= KILLS / 10, report
    assert report["people"] >= 40, report
    assert (report["lost"], report["wrong"]) == ([], []), (seed, report)
    assert (report["invented"], report["miscounted"]) == (0, 0), (seed, report)
    assert report["published"], report


def test_what_was_said_decides_what_may_count() -> None:
    """The bookkeeping itself: the last acknowledged answer, or one sent after it."""
    said = Said()
    said.hear(["ready", "S 1 0", "A 1 0", "S 1 2", "S 2 3", "S 1 1"])

    assert said.allowed == {1: [0, 2, 1], 2: [3]}
    assert said.acknowledged == {1}

    said.hear(["A 1 1"])

    assert said.allowed[1] == [1]
