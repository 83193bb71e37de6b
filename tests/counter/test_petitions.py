"""A petition from its keys to its names, on a real disk, with a real counter."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.certificates import NotGenuine
from bot.core.drives import State
from bot.core.errors import PetitionClosed, PetitionNotOpen
from bot.core.name_boxes import SignedName
from bot.core.petitions import PetitionTerms
from bot.core.records import Drive, PostKind, SaveDrive, SaveState
from bot.core.roll import decode_roll
from bot.core.slots import HOUR
from bot.crypto.certifying import verify_petition
from bot.crypto.states import open_state
from bot.crypto.unsealing import StaysClosed, check_petition, open_names
from bot.ports import Tampered
from tests.core.petition import BREAKS, COUNTED, SEED
from tests.world import CROWD, IDA, MEI, World, drafted, person, running_world

TERMS = replace(BREAKS, threshold=20, audience=60)
# Each slot of a petition opens with 256 dummies of a kilobyte.
pytestmark = pytest.mark.timeout(180)

HARD_NAMES = (
    "王小明",
    "Олена Шевченко",
    "فاطمة الزهراء",
    "Mei \U0001f33b Lin",
    "\U0001f469\u200d\U0001f680",
    "é" * 100,
    "=HYPERLINK(1)",
    "'; DROP TABLE states; --",
)
CROWD_60 = (*CROWD, *(person(number) for number in range(40, 60)))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An installation where a petition that needs twenty is open."""
    async with running_world(tmp_path / "data") as started:
        await start(started, TERMS)
        yield started


async def start(world: World, terms: PetitionTerms, *, days: float = 1) -> Drive:
    """Start a petition."""
    drive = drafted(terms, now=world.clock.time, days=days)
    await world.gate.begin(await world.draft(drive))
    await world.gate.settle()
    return world.drive(terms.name)


async def sign(world: World, *people: int, name: str = "Person {}") -> list[str]:
    """Let people of the crowd sign; return their codes."""
    drive = world.drive("breaks")
    codes: list[str] = []
    for at in people:
        signed = SignedName(drive_id=drive.drive_id, name=name.format(at))
        receipt = await world.gate.sign(CROWD_60[at], drive, signed)
        codes.append(receipt.code)
    return codes


async def names(world: World) -> set[str]:
    """Return the names that the trustees open at the end."""
    await world.pass_all("breaks")
    file, trustees = check_petition(await world.gate.file_of(world.drive("breaks")))
    return {name.name for name in open_names(file, trustees, SEED).names}


async def test_names_of_those_who_signed(world: World) -> None:
    """Whoever signed is on the list, once."""
    await sign(world, *range(25))
    await world.pass_slot()
    await sign(world, *range(20, 30))

    assert await names(world) == {f"Person {at}" for at in range(30)}
    assert world.drive("breaks").state is State.PUBLISHED


async def test_names_in_any_script_come_out_as_they_were(world: World) -> None:
    """A name is what its owner typed: any script, pictures, formulas, 200 bytes."""
    typed = [*HARD_NAMES, *(f"Person {at}" for at in range(20))]
    for at, name in enumerate(typed):
        await sign(world, at, name=name)

    assert await names(world) == set(typed)


async def test_last_signature_counts(world: World) -> None:
    """Who signs twice stands there with the last name, also after a count."""
    await sign(world, *range(25))
    await sign(world, 3, name="Three")
    await world.pass_slot()
    await sign(world, 4, name="Four")
    found = await names(world)

    assert len(found) == 25
    assert {"Three", "Four"} <= found
    assert not {"Person 3", "Person 4"} & found


@pytest.mark.parametrize("counted", [True, False])
async def test_same_account_takes_its_name_off(world: World, *, counted: bool) -> None:
    """Before a count and after it, the same account needs no code."""
    await sign(world, *range(25))
    if counted:
        await world.pass_slot()
    await world.gate.withdraw(CROWD_60[7], world.drive("breaks"))

    assert "Person 7" not in await names(world)


@pytest.mark.parametrize("counted", [True, False])
async def test_code_takes_a_name_off_from_any_account(
    world: World, *, counted: bool
) -> None:
    """A code opens its owner's signature, whoever types it."""
    codes = await sign(world, *range(25))
    if counted:
        await world.pass_slot()
    await world.gate.withdraw(MEI, world.drive("breaks"), codes[7].lower())

    found = await names(world)
    assert len(found) == 24
    assert "Person 7" not in found


async def test_code_of_an_older_signature_opens_nothing(world: World) -> None:
    """Who signs again has a new code, and the old one is of no use."""
    codes = await sign(world, *range(25))
    await sign(world, 7)
    await world.gate.withdraw(MEI, world.drive("breaks"), codes[7])

    assert "Person 7" in await names(world)


async def test_wrong_code_takes_nobody_off(world: World) -> None:
    """The code of a withdrawal is one like any other, and opens nothing."""
    await sign(world, *range(25))
    receipt = await world.gate.withdraw(MEI, world.drive("breaks"))
    await world.gate.withdraw(CROWD_60[7], world.drive("breaks"), receipt.code)

    assert len(await names(world)) == 25


async def test_signing_after_taking_off(world: World) -> None:
    """Signatures and withdrawals act in their order."""
    await sign(world, *range(25))
    await world.gate.withdraw(CROWD_60[7], world.drive("breaks"))
    await sign(world, 7)

    assert len(await names(world)) == 25


async def test_below_the_threshold_all_is_destroyed(world: World) -> None:
    """Nineteen of twenty: no count, no certificate, no box, no state."""
    await sign(world, *range(20))
    await world.gate.withdraw(CROWD_60[7], world.drive("breaks"))
    closed = await world.pass_all("breaks")

    assert closed.state is State.CLOSED
    assert not closed.certificate
    assert await world.store.last_state(closed.drive_id) is None


async def test_count_from_twenty_five_on(tmp_path: Path) -> None:
    """Below the threshold the count is certified from 25 on, and no name with it."""
    async with running_world(tmp_path / "data") as world:
        await start(world, replace(TERMS, threshold=50))
        await sign(world, *range(25))
        closed = await world.pass_all("breaks")
        content = await world.gate.file_of(closed)

        assert verify_petition(content).certificate.count == 25
        assert await world.store.last_state(closed.drive_id) is None
        with pytest.raises(StaysClosed):
            check_petition(content)


async def test_count_alone(tmp_path: Path) -> None:
    """A petition that only counts takes no name and gives its count."""
    async with running_world(tmp_path / "data") as world:
        drive = await start(world, COUNTED)
        for at in range(30):
            await world.gate.sign(CROWD_60[at], drive, None)
        await world.gate.withdraw(CROWD_60[0], drive)
        closed = await world.pass_all("breaks")

        assert verify_petition(await world.gate.file_of(closed)).certificate.count == 29


async def test_floor_moves_at_counts_only(world: World) -> None:
    """The floor is a step, comes with ten new people, and never falls."""
    floors: list[int] = []
    await sign(world, *range(9))
    await world.pass_slot()
    floors.append(world.drive("breaks").floor)
    await sign(world, 9, 10)
    await world.pass_slot()
    floors.append(world.drive("breaks").floor)
    for at in range(11):
        await world.gate.withdraw(CROWD_60[at], world.drive("breaks"))
    await sign(world, *range(20, 30))
    await world.pass_slot()
    floors.append(world.drive("breaks").floor)

    assert floors == [0, 10, 10]


async def test_floor_says_the_threshold(tmp_path: Path) -> None:
    """A threshold that is no step is told as soon as it is reached."""
    async with running_world(tmp_path / "data") as world:
        await start(world, replace(TERMS, threshold=23))
        await sign(world, *range(24))
        await world.pass_slot()

        assert world.drive("breaks").floor == 23


async def test_ends_at_the_threshold(tmp_path: Path) -> None:
    """Where the terms say so, the first count at the threshold ends it."""
    async with running_world(tmp_path / "data") as world:
        await start(world, replace(TERMS, ends_at_threshold=True))
        await sign(world, *range(12))
        await world.pass_slot()
        assert world.drive("breaks").state is State.OPEN
        await sign(world, *range(12, 24))
        await world.pass_slot()
        closed = world.drive("breaks")

        assert closed.state is State.PUBLISHED
        assert closed.closed_early_at == world.clock.time
        assert len(await names(world)) == 24


async def test_slots_of_six_hours(world: World) -> None:
    """A petition is counted four times a day."""
    schedule = world.drive("breaks").schedule

    assert schedule is not None
    assert schedule.slot_seconds == 6 * HOUR
    assert schedule.count == 4


async def test_nothing_stored_shows_a_name(world: World) -> None:
    """Neither inbox, bundle, state nor keystore holds a name, or a code."""
    codes = await sign(world, *range(25), name="Canary {}")
    before = world.bytes_of_all()
    await world.pass_slot()
    after = world.bytes_of_all()
    await world.pass_all("breaks")

    for files in (before, after, world.bytes_of_all()):
        joined = b"".join(files.values())
        assert b"Canary" not in joined
        assert not any(code.encode() in joined for code in codes)


async def test_state_holds_boxes_by_tag(world: World) -> None:
    """The running count has one row for each signature, and who was counted."""
    await sign(world, *range(12))
    await world.gate.withdraw(CROWD_60[3], world.drive("breaks"))
    await world.pass_slot()
    drive, kept = world.drive("breaks"), world.counter_drive("breaks")
    box = await world.store.state(drive.drive_id, kept.generation)
    assert box is not None
    plain = open_state(
        kept.k_state, drive_id=drive.drive_id, generation=kept.generation, box=box
    )
    roll = decode_roll(plain, drive.petition)

    assert (len(roll.seen), len(roll.signed)) == (12, 11)


async def test_restart_goes_on(world: World) -> None:
    """A gate that starts again takes signatures, and what it had is counted."""
    await sign(world, *range(15))
    await world.reopen()
    await sign(world, *range(15, 25))
    await world.pass_slot()
    await world.reopen()

    assert len(await names(world)) == 25
    await world.reopen()
    assert world.drive("breaks").state is State.PUBLISHED


async def test_altered_state_is_noticed(world: World) -> None:
    """A petition whose count somebody altered is held."""
    await sign(world, *range(12))
    await world.pass_slot()
    drive, kept = world.drive("breaks"), world.counter_drive("breaks")
    await world.store.commit(
        [SaveState(drive_id=drive.drive_id, generation=kept.generation, box=bytes(200))]
    )
    await sign(world, *range(12, 24))

    await world.pass_slot()

    assert world.held() == [drive.drive_id]


async def test_altered_names_are_noticed(world: World) -> None:
    """Name boxes that somebody exchanged are not handed out."""
    await sign(world, *range(25))
    closed = await world.pass_all("breaks")
    await world.store.commit(
        [SaveState(drive_id=closed.drive_id, generation=99, box=bytes(640 * 25))]
    )

    with pytest.raises(Tampered, match="names"):
        await world.gate.file_of(closed)


async def test_altered_certificate_is_noticed(world: World) -> None:
    """A petition whose certificate somebody altered is held from the start."""
    await sign(world, *range(25))
    closed = await world.pass_all("breaks")
    text = closed.certificate.replace(b'"count":25', b'"count":26')
    # Past the gate's own refusal to write what has started.
    altered = SaveDrive(drive=replace(closed, certificate=text))
    await world.gate._book.commit([altered])

    await world.reopen()

    assert world.held() == [closed.drive_id]


async def test_file_is_refused_if_it_was_edited(world: World) -> None:
    """What the gate hands out is genuine, and nothing else is."""
    await sign(world, *range(25))
    await world.pass_all("breaks")
    content = await world.gate.file_of(world.drive("breaks"))

    assert verify_petition(content).is_whole
    with pytest.raises(NotGenuine):
        verify_petition(content.replace(b'"count":25', b'"count":24'))


async def test_posts_of_a_petition(world: World) -> None:
    """A petition that published has its post, its result and its file."""
    await sign(world, *range(25))
    closed = await world.pass_all("breaks")
    kinds = {
        post.kind
        for post in await world.store.posts()
        if post.drive_id == closed.drive_id
    }

    assert kinds == {PostKind.DRIVE, PostKind.RESULT, PostKind.CERTIFICATE}


async def test_closed_petition_takes_nothing(world: World) -> None:
    """After the end nobody signs any more, and the refusal says so."""
    drive = world.drive("breaks")
    await world.pass_all("breaks")

    with pytest.raises(PetitionClosed):
        await world.gate.sign(IDA, drive, None)
    with pytest.raises(PetitionClosed):
        await world.gate.withdraw(IDA, drive)


async def test_petition_that_waits_for_its_keys(tmp_path: Path) -> None:
    """Before the counter has made keys nobody can sign."""
    async with running_world(tmp_path / "data", counter_is_off=True) as world:
        drive = await start(world, TERMS)

        with pytest.raises(PetitionNotOpen):
            await world.gate.sign(IDA, drive, None)


async def test_forged_rows_count_for_nothing(tmp_path: Path) -> None:
    """A name box that the terms do not have, from a changed gate, is passed over."""
    async with running_world(tmp_path / "data") as world:
        drive = await start(world, TERMS)
        await sign(world, *range(25))
        # Without a name there is no box, which this petition's terms do not allow.
        await world.gate.sign(IDA, drive, None)

        assert len(await names(world)) == 25


async def test_altered_floor_ends_no_petition(world: World) -> None:
    """A number in the database that says "enough" holds the petition; no name dies."""
    terms = replace(TERMS, name="early", ends_at_threshold=True)
    await start(world, terms)
    drive = world.drive("early")
    await world.store.commit([SaveDrive(drive=replace(drive, floor=terms.threshold))])
    await world.reopen()
    await world.gate.settle()

    assert world.held() == [drive.drive_id]
    assert world.counter_secrets().drives[drive.drive_id].slot_keys
