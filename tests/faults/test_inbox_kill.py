"""A gate killed at any moment has lost nothing that it acknowledged."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 24

# One process forks a gate that answers people until it is killed, again and again over
# the same file. Each gate verifies the blocks when it opens; at the end all of its
# acknowledged answers, told over a pipe, must be there.
SCRIPT = """
import asyncio, os, pathlib, secrets, signal, sys, time
from nacl.bindings import crypto_box_keypair, crypto_box_seal_open
from storage.inbox import DiskInboxes

folder, kills = pathlib.Path(sys.argv[1]), int(sys.argv[2])
public, secret = crypto_box_keypair()

def opened():
    return DiskInboxes(folder).open(
        bytes(16), 0, public=public, key=bytes(32), dummy=lambda: bytes(256)
    )

async def answer(inbox, pipe, people):
    while True:
        records = [secrets.token_bytes(256) for _ in range(people)]
        for future, record in [(inbox.append(each), each) for each in records]:
            await future
            os.write(pipe, record[:8])

async def gate(pipe, people):
    inbox = opened()
    os.write(pipe, bytes(8))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(answer(inbox, pipe, people))

def killed(turn):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        asyncio.run(gate(writer, (1, 3, 40, 300)[turn % 4]))
        os._exit(1)
    os.close(writer)
    # Every fifth gate, the first among them, may be killed while it still opens.
    if turn % 5:
        assert os.read(reader, 8) == bytes(8), "the gate did not open"
    time.sleep(secrets.randbelow(60) / 1000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    content = b""
    while piece := os.read(reader, 65536):
        content += piece
    os.close(reader)
    told = [content[i : i + 8] for i in range(0, len(content), 8)]
    return [each for each in told if each != bytes(8)]

acknowledged = [each for turn in range(kills) for each in killed(turn)]
found = asyncio.run(opened().finish())
records = [crypto_box_seal_open(each, public, secret) for each in found]
answers = [each[:8] for each in records if any(each)]
assert len(acknowledged) > 100
assert len(set(answers)) == len(answers), "an answer came twice"
assert set(acknowledged) <= set(answers), "an acknowledged answer is lost"
"""


@pytest.mark.timeout(180)
def test_no_acknowledged_answer_is_lost(tmp_path: Path) -> None:
    """After 24 kills at random moments all acknowledged answers are in the file.

    A kill shows what the program does, not what the disk does without power.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path), str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        timeout=50,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", "")
