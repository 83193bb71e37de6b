"""G7, logs and backups: neither carries a person, and a backup is dead after a count.

Every way in which gate and counter can fail is made to fail, with a message that
quotes an account, an answer's code and a key. What is logged, what is raised, and what
any of our objects says of itself is searched.
"""

import gc
import io
import logging
import secrets
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.bindings import crypto_scalarmult_base

from bot import log
from bot.core.actors import Actor
from bot.core.ballots import POLL_ENVELOPE_BYTES
from bot.core.canonical import Malformed
from bot.core.errors import Refused
from bot.core.records import Party
from bot.crypto.opening import open_envelope
from bot.ports import StorageError
from storage.store import open_store
from tests.games.traces import hits
from tests.world import NOON, StandingClock, World, copy_of, pick

CANARY = Actor(platform="console", team="T0CANARYTEAM", user="U0CANARYMEI4711")
NEEDLES = [CANARY.user.encode(), CANARY.team.encode()]


class Quoting(Exception):
    """A fault whose message quotes an account, as a careless library's would."""

    def __init__(self) -> None:
        super().__init__(f"failed for {CANARY.user} of {CANARY.team}")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Yield what the log writes, and leave the process as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    show, raising = warnings.showwarning, logging.raiseExceptions
    stream = io.StringIO()
    log.start(now=lambda: NOON, stream=stream)
    yield stream
    log.stop()
    root.handlers[:], warnings.showwarning = handlers, show
    root.setLevel(level)
    logging.raiseExceptions = raising


FAULTS = [
    "storage.block_file.BlockFile.add",
    "storage.block_file.BlockFile.read",
    "storage.block_file.BlockFile.open",
    "storage.keystore._replace_file",
    "storage.rows.slot_end_values",
    "storage.store.SqlStore.commit",
    "storage.store.SqlStore.rewrite",
    "storage.store.SqlStore.mail",
    "bot.gate.intake.bundle_of",
    "bot.gate.answers.make_record",
    "bot.gate.answers.make_tag",
    "bot.gate.vault.read_mail",
    "bot.counter.kinds.open_round",
    "bot.counter.kinds.decide",
    "bot.counter.steps.write_mail",
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_failing_anywhere_logs_nobody(
    world: World,
    lines: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    """What a fault quotes reaches neither the log nor a person."""
    await world.start(days=2)
    await world.crowd(*[0] * 11)
    await world.vote(CANARY, 0)
    raised: list[BaseException] = []

    fired: list[str] = []

    def fail(*_: object, **__: object) -> None:
        fired.append(fault)
        raise Quoting

    with monkeypatch.context() as patch:
        patch.setattr(fault, fail)
        for act in (
            lambda: world.gate.submit(CANARY, world.drive(), pick(1), wants_code=True),
            world.pass_slot,
            world.count,
        ):
            try:
                await act()
            except (Refused, StorageError) as expected:
                raised.append(expected)
            except Quoting as bug:
                # A bug crashes the task; its boundary logs the type and the place.
                log.failure("task_failed", bug)
    written = lines.getvalue() + capsys.readouterr().err
    said = [f"{each} {each!r} {each.args} {vars(each)}" for each in raised]

    assert fired
    assert hits({Path("log"): written.encode()}, NEEDLES) == []
    assert hits({Path("said"): "".join(said).encode()}, NEEDLES) == []


async def test_nothing_of_ours_prints_a_person_or_a_key(world: World) -> None:
    """What our objects say of themselves holds no account and no key."""
    await world.start(days=2)
    receipt = await world.gate.submit(CANARY, world.drive(), pick(1), wants_code=True)
    kept = world.gate_secrets()
    keys = kept.drives[world.drive().drive_id]
    opened = world.counter_secrets()
    private = [
        receipt.code.encode(),
        keys.k_gate,
        keys.k_mac,
        keys.k_inbox,
        kept.k_org,
        kept.own.box_secret,
        kept.own.signing_seed,
        *opened.drives[world.drive().drive_id].slot_keys.values(),
        *NEEDLES,
    ]
    ours = ("bot.", "storage.")
    said = "".join(
        repr(each)
        for each in [*gc.get_objects(), CANARY, receipt]
        if str(type(each).__module__).startswith(ours)
    )

    assert "Drive(" in said
    assert hits({Path("repr"): said.encode()}, private) == []
    assert not any(repr(key)[2:-1] in said for key in private[1:-2])


async def test_search_finds_what_a_careless_log_writes(lines: io.StringIO) -> None:
    """The control: the same fault with its message is found."""
    careless = f"error: {Quoting()}".encode()

    assert hits({Path("log"): careless}, NEEDLES) == ["log", "log"]
    assert lines.getvalue() == ""


async def test_backup_is_dead_after_the_count(tmp_path: Path, world: World) -> None:
    """No key of today's keystores opens an envelope of yesterday's backup."""
    await world.start(days=3)
    await world.crowd(*[0] * 12)
    world.counter_is_off = True
    await world.pass_slot()
    await world.close()
    backup = World(
        folder=copy_of(world.folder, tmp_path / "backup"), clock=StandingClock(NOON)
    )
    yesterday = backup.counter_secrets()
    world.counter_is_off = False
    await world.open()
    await world.gate.settle()
    drive_id = world.drive().drive_id

    store = await open_store(backup.folder.database)
    envelopes = b"".join([part async for part in store.bundle(drive_id, 0)])
    await store.close()
    today = world.counter_secrets().drives[drive_id]
    keys = [*today.slot_keys.values(), today.rk, today.k_ctr, today.k_state]
    keys += [world.keystore(role).content[:32] for role in Party]
    control = [yesterday.drives[drive_id].slot_keys[0], secrets.token_bytes(32)]

    assert opened_by(keys, envelopes, today.k_mac) == 0
    assert opened_by(control, envelopes, today.k_mac) == 256


def opened_by(keys: list[bytes], envelopes: bytes, k_mac: bytes) -> int:
    """Return how many envelopes these keys open."""
    found = 0
    for at in range(0, len(envelopes), POLL_ENVELOPE_BYTES):
        envelope = envelopes[at : at + POLL_ENVELOPE_BYTES]
        for secret in keys:
            public = crypto_scalarmult_base(secret)
            try:
                open_envelope(envelope, public=public, secret=secret, k_mac=k_mac)
            except Malformed:
                continue
            found += 1
    return found
