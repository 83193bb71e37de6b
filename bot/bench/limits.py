"""What the machine can do at most: the lower halves of the ratios."""

import secrets
import sqlite3
import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from nacl.bindings import (
    crypto_box_keypair,
    crypto_box_seal,
    crypto_box_seal_open,
)

from bot.core.ballots import POLL_ENVELOPE_BYTES, POLL_RECORD_BYTES

_GROUP_ROWS = 512


def seals_a_second(count: int) -> float:
    """Return how many records one core seals in a second."""
    public, _ = crypto_box_keypair()
    record = secrets.token_bytes(POLL_RECORD_BYTES)
    start = perf_counter()
    for _ in range(count):
        crypto_box_seal(record, public)
    return count / (perf_counter() - start)


def opens_a_second(envelopes: Sequence[bytes], public: bytes, secret: bytes) -> float:
    """Return how many envelopes one core opens in a second."""
    start = perf_counter()
    for envelope in envelopes:
        crypto_box_seal_open(envelope, public, secret)
    return len(envelopes) / (perf_counter() - start)


def appends_a_second(folder: Path, count: int) -> float:
    """Return how many envelopes a second go to disk in groups, one row each."""
    database = _database(folder)
    rows = [(secrets.token_bytes(POLL_ENVELOPE_BYTES),) for _ in range(_GROUP_ROWS)]
    groups = max(1, count // _GROUP_ROWS)
    start = perf_counter()
    for _ in range(groups):
        database.execute("BEGIN")
        database.executemany("INSERT INTO rows (body) VALUES (?)", rows)
        database.execute("COMMIT")
    seconds = perf_counter() - start
    database.close()
    return groups * _GROUP_ROWS / seconds


def commit_seconds(folder: Path, count: int) -> float:
    """Return the median time in which one envelope becomes durable by itself."""
    database = _database(folder)
    times: list[float] = []
    for _ in range(count):
        row = secrets.token_bytes(POLL_ENVELOPE_BYTES)
        start = perf_counter()
        database.execute("BEGIN")
        database.execute("INSERT INTO rows (body) VALUES (?)", (row,))
        database.execute("COMMIT")
        times.append(perf_counter() - start)
    database.close()
    return statistics.median(times)


def _database(folder: Path) -> sqlite3.Connection:
    """Make a new file with the settings that the inbox has."""
    path = folder / f"limit-{secrets.token_hex(4)}.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    return database
