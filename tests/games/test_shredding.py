"""G13, shredding: after the close no secret of the poll is left in our files."""

from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.records import Party
from tests.games.traces import hits
from tests.world import World


def secrets_of(world: World) -> set[bytes]:
    """Return every secret that the two keystores hold for the poll now."""
    drive_id = world.drive().drive_id
    gate = world.gate_secrets().drives[drive_id]
    counter = world.counter_secrets().drives[drive_id]
    return {
        gate.k_gate,
        gate.k_mac,
        gate.k_inbox,
        counter.signer,
        counter.rk,
        counter.k_ctr,
        counter.k_mac,
        counter.k_state,
        *counter.slot_keys.values(),
    }


def opened_keystores(world: World) -> dict[Path, bytes]:
    """Return what lies inside both keystores, for somebody with the passphrase."""
    return {Path(role.value): world.keystore(role).content for role in Party}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("answers", [9, 30])
async def test_nothing_is_left_after_the_close(world: World, answers: int) -> None:
    """Neither the files nor the opened keystores hold a key, published or not."""
    await world.start(days=3)
    secrets = secrets_of(world)
    while world.drive().state is State.OPEN:
        await world.crowd(*(n % 4 for n in range(answers)))
        secrets |= secrets_of(world)
        await world.pass_slot()
        if world.drive().state is State.OPEN:
            secrets |= secrets_of(world)
    await world.close()

    # Eight keys at the least, with one for each of three slots, two of them shared.
    assert len(secrets) >= 10
    assert hits(world.bytes_of_all(), secrets) == []
    assert hits(opened_keystores(world), secrets) == []


async def test_secrets_are_found_while_the_poll_is_open(world: World) -> None:
    """The control: the same search finds them where they are."""
    await world.start(days=3)

    found = hits(opened_keystores(world), secrets_of(world))

    assert set(found) == {"gate", "counter"}
    assert hits({Path("leak"): b"x" + max(secrets_of(world))}, secrets_of(world))


@pytest.mark.timeout(180)
async def test_a_counted_slots_key_is_gone(world: World) -> None:
    """An old backup of the store is dead after the count."""
    await world.start(days=3)
    key = world.counter_drive().slot_keys[0]
    await world.crowd(*[1] * 12)
    await world.pass_slot()

    assert 0 not in world.counter_drive().slot_keys
    assert hits(opened_keystores(world), [key]) == []
