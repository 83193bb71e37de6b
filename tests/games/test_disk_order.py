"""Who takes the disk cannot tell who answered first (protocol.md §11).

The game: two people answer, the attacker has the file's bytes and their envelopes, and
says who was first. Guessing is right in half of the pairs. Each attack is also played
against a file that keeps the order, to show that it can win.
"""

import asyncio
import bisect
import hashlib
import math
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from nacl.bindings import crypto_box_keypair

from bot.core.ballots import (
    POLL_ENVELOPE_BYTES,
    POLL_RECORD_BYTES,
    Envelope,
    split_envelopes,
)
from bot.core.manifest import DriveId
from storage import block_file, blocks
from storage.blocks import POOL_ENVELOPES, BlockKey, Blocks
from storage.inbox import DiskInboxes

LUNCH = DriveId(bytes(range(16)))
KEY = hashlib.sha256(b"the key of the blocks").digest()
PUBLIC, _SECRET = crypto_box_keypair()
DUMMY = bytes(POLL_RECORD_BYTES)
# Enough of an envelope to find it, wherever a page ends.
TRACE_BYTES = 24
QUIET_SECONDS_MAX = 5
# The widest that chance alone makes of the numbers below, four times out of 100,000.
LUCK = 0.03
WON = 0.9

Where = Callable[[bytes], Callable[[Envelope], int]]


def first_trace(content: bytes) -> Callable[[Envelope], int]:
    """Return the attack that looks where an envelope stands first."""

    def where(envelope: Envelope) -> int:
        ends = envelope[:TRACE_BYTES], envelope[-TRACE_BYTES:]
        found = [place for end in ends if (place := content.find(end)) >= 0]
        return min(found, default=-1)

    return where


def last_trace(content: bytes) -> Callable[[Envelope], int]:
    """Return the attack that looks where an envelope stands last."""

    def where(envelope: Envelope) -> int:
        return max(content.rfind(envelope[:TRACE_BYTES]), content.rfind(envelope[-24:]))

    return where


def place_in_page(content: bytes) -> Callable[[Envelope], int]:
    """Return the attack that looks where in its page an envelope stands."""
    find = first_trace(content)
    return lambda envelope: -(find(envelope) % 4096)


def accuracy(arrived: Sequence[Envelope], where: Callable[[Envelope], int]) -> float:
    """Return in how many pairs the attacker is right; ties are tossed for."""
    right = 0.0
    before: list[int] = []
    for envelope in arrived:
        place = where(envelope)
        lower = bisect.bisect_left(before, place)
        ties = bisect.bisect_right(before, place) - lower
        right += lower + ties / 2
        before.insert(lower, place)
    return right / math.comb(len(arrived), 2)


def content_of(path: Path) -> tuple[bytes, bytes]:
    """Return what the attacker finds: an inbox file and its log."""
    return path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()


async def taken_disk(
    folder: Path, answers: int, *, quiet: bool = True
) -> tuple[list[Envelope], bytes, bytes]:
    """Return the envelopes of people who answered one by one, the file and the log."""
    inbox = DiskInboxes(folder).open(
        LUNCH, 0, public=PUBLIC, key=KEY, dummy=lambda: DUMMY
    )
    arrived = [
        await inbox.append(secrets.token_bytes(POLL_RECORD_BYTES))
        for _ in range(answers)
    ]
    path = folder / f"{LUNCH.hex()}-0.db"
    if quiet:
        async with asyncio.timeout(QUIET_SECONDS_MAX):
            # The disk tells nobody when it changes.
            while content_of(path)[1]:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    file, log = content_of(path)
    inbox.destroy()
    return arrived, file, log


def naive_disk(path: Path, answers: int) -> tuple[list[Envelope], bytes]:
    """Return envelopes, and the file of an inbox that adds row after row."""
    arrived = [
        Envelope(secrets.token_bytes(POLL_ENVELOPE_BYTES)) for _ in range(answers)
    ]
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, body BLOB)")
    for envelope in arrived:
        database.execute("INSERT INTO rows (body) VALUES (?)", (envelope,))
    database.close()
    return arrived, path.read_bytes()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("answers", "inboxes"), [(60, 40), (420, 10)], ids=["one pool", "two pools"]
)
async def test_file_keeps_no_order(tmp_path: Path, answers: int, inboxes: int) -> None:
    """Places in the file do not tell who was first, in one pool or over several."""
    won: dict[Where, list[float]] = {first_trace: [], last_trace: [], place_in_page: []}
    for number in range(inboxes):
        arrived, file, _ = await taken_disk(tmp_path / str(number), answers)
        for attack, results in won.items():
            where = attack(file)
            assert min(map(where, arrived)) >= 0 or attack is place_in_page
            results.append(accuracy(arrived, where))

    for results in won.values():
        assert abs(sum(results) / inboxes - 0.5) <= LUCK


def test_naive_file_keeps_the_order(tmp_path: Path) -> None:
    """The same attacker wins against rows in the order of arrival."""
    arrived, file = naive_disk(tmp_path / "naive.db", 400)

    assert accuracy(arrived, first_trace(file)) > WON


async def test_attack_on_cells_wins_within_a_page(tmp_path: Path) -> None:
    """Within one page SQLite fills from the end: that attack can win too."""
    arrived, file = naive_disk(tmp_path / "naive.db", 12)

    assert accuracy(arrived, place_in_page(file)) > WON


async def test_log_would_keep_the_order(tmp_path: Path, monkeypatch) -> None:
    """The log tells who was first: that is why it is emptied when nobody waits."""
    monkeypatch.setattr(block_file, "QUIET_SECONDS", 60.0)

    arrived, _, log = await taken_disk(tmp_path, 100, quiet=False)

    assert accuracy(arrived, first_trace(log)) > WON


async def test_emptied_log_has_no_byte(tmp_path: Path) -> None:
    """When nobody waits, nothing is left of the log."""
    _, _, log = await taken_disk(tmp_path, 20)

    assert log == b""


def burst_accuracy(bursts: Sequence[int]) -> float:
    """Return how well the number of a block tells who came with an earlier burst.

    The layout alone, with random bytes in the place of envelopes.
    """
    file: dict[int, bytes] = {}
    layout = Blocks(
        key=BlockKey(key=KEY, drive_id=LUNCH, slot=0), read=lambda number: file[number]
    )
    layout.add_pool(random_envelopes(POOL_ENVELOPES))
    file.update(layout.settle())
    layout.remember()
    arrived: list[Envelope] = []
    for size in bursts:
        envelopes = random_envelopes(size)
        arrived += envelopes
        layout = layout.draft()
        if layout.lacks_dummies(size):
            layout.add_pool(random_envelopes(POOL_ENVELOPES))
        layout.add(envelopes)
        file.update(layout.settle())
        layout.remember()
    places = {
        envelope: number
        for number, body in file.items()
        for envelope in split_envelopes(body)
    }
    return accuracy(arrived, places.__getitem__)


def random_envelopes(size: int) -> list[Envelope]:
    """Return what cannot be told from sealed boxes."""
    return [Envelope(secrets.token_bytes(POLL_ENVELOPE_BYTES)) for _ in range(size)]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "bursts", [[64] * 4, [40, 1, 1, 1, 100, 3, 16, 15], [1, 20] * 10], ids=str
)
def test_bursts_keep_no_order(bursts: list[int]) -> None:
    """Whoever came with an earlier burst does not stand further in front."""
    results = [burst_accuracy(bursts) for _ in range(250)]

    assert abs(sum(results) / len(results) - 0.5) <= LUCK


def test_bursts_unshuffled_keep_the_order(monkeypatch) -> None:
    """Blocks that are only added tell which burst was first; so the attack can win."""
    monkeypatch.setattr(blocks, "SHUFFLED_BLOCKS_MAX", 0)

    results = [burst_accuracy([64] * 10) for _ in range(5)]

    assert sum(results) / len(results) > WON
