"""What a report box releases, and when: rounds, batches, tables, mutes, the lane."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.ballots import Kind
from bot.core.drives import State
from bot.core.errors import BoxClosed, CannotMute, CaseGone
from bot.core.records import SaveDrive, SaveState
from bot.core.reports import Act, Consent, Report
from bot.core.slots import DAY, HOUR
from bot.gate.answers import Content
from tests.boxes import (
    BOX,
    be_counted,
    case_of,
    open_box,
    opened,
    pass_day,
    pass_lane,
    pass_time,
    tell,
    texts,
)
from tests.world import CROWD, World, running_world

BAD = Report(consent=Consent.COUNT, category=0, severity=0)


@pytest.fixture
async def world(tmp_path: Path):
    """An installation with an open report box."""
    async with running_world(tmp_path / "data") as running:
        await open_box(running)
        yield running


async def tables(world: World) -> list[list[str]]:
    """Return what the tables by category show, oldest first."""
    found = await world.gate.box_tables(world.drive("box"))
    return [[row.shown for row in each.tables[0].rows] for each in found]


# --- batches --------------------------------------------------------------------------


async def test_six_texts_of_twelve_people_are_read(world: World) -> None:
    """At the slot's end: the six texts, and a table of all twelve reports."""
    for number, who in enumerate(CROWD[:12]):
        if number < 6:
            await tell(world, who, f"text {number}")
        else:
            await be_counted(world, who, category=1)
    assert texts(world) == set()
    await pass_day(world)

    assert texts(world) == {f"text {number}" for number in range(6)}
    assert await tables(world) == [["top group", "top group", "0–4"]]


async def test_four_people_are_not_read(world: World) -> None:
    """However often they write, and however long they wait."""
    for _ in range(3):
        for who in CROWD[:4]:
            await tell(world, who, "please read")
        await pass_day(world)

    assert texts(world) == set()
    assert world.counter_drive("box").generation == 0


async def test_a_fifth_person_opens_what_waited(world: World) -> None:
    """Slots wait together until five different people are in them."""
    for number, who in enumerate(CROWD[:5]):
        await tell(world, who, f"text {number}")
        assert texts(world) == set()
        await pass_day(world)

    assert texts(world) == {f"text {number}" for number in range(5)}


async def test_texts_wait_while_counts_go_on(world: World) -> None:
    """Five people are a round; four people's texts are no batch, until a fifth's."""
    for who in CROWD[:4]:
        await tell(world, who, f"by {who.user}")
    for who in CROWD[10:16]:
        await be_counted(world, who)
    await pass_day(world)
    assert texts(world) == set()
    assert len(await tables(world)) == 1
    await tell(world, CROWD[4], "the fifth")
    for who in CROWD[20:24]:
        await be_counted(world, who)
    await pass_day(world)

    assert texts(world) == {*(f"by {who.user}" for who in CROWD[:4]), "the fifth"}


async def test_only_ten_of_one_account_count(world: World) -> None:
    """The form says so; the counter drops the rest."""
    for number in range(12):
        await tell(world, CROWD[0], f"mine {number}")
    for who in CROWD[1:5]:
        await tell(world, who, f"by {who.user}")
    await pass_day(world)

    assert texts(world) >= {f"mine {number}" for number in range(10)}
    assert len(texts(world)) == 14


async def test_the_last_batch_under_five_is_destroyed(world: World) -> None:
    """A box that closes with four people's texts in it has said nothing."""
    for who in CROWD[:4]:
        await tell(world, who, "please read")
    await world.gate.close_early(world.drive("box"))
    await world.gate.settle()

    assert world.drive("box").state is State.CLOSED
    assert texts(world) == set()
    assert world.drive("box").drive_id not in world.counter_secrets().drives
    with pytest.raises(BoxClosed):
        await tell(world, CROWD[5], "too late")


async def test_a_full_last_batch_is_read(world: World) -> None:
    """Five people before the close are enough, also for those who waited."""
    for number, who in enumerate(CROWD[:5]):
        await tell(world, who, f"text {number}")
    await world.gate.close_early(world.drive("box"))
    await world.gate.settle()

    assert len(texts(world)) == 5
    assert world.drive("box").state is State.CLOSED


async def test_what_waits_too_long_is_destroyed(tmp_path: Path) -> None:
    """After the box's retention neither a slot that waits nor a text is left."""
    async with running_world(tmp_path / "data") as world:
        await open_box(world, replace(BOX, retention_seconds=DAY))
        for who in CROWD[:3]:
            await tell(world, who, "slot that waits")
        await pass_time(world, 2 * DAY)
        assert all(end.slot for end in world.counter_drive("box").waiting)
        assert 0 not in world.counter_drive("box").slot_keys
        await tell(world, CROWD[0], "text that waits")
        for who in CROWD[10:15]:
            await be_counted(world, who)
        await pass_day(world)
        generation = world.counter_drive("box").generation
        await pass_time(world, 2 * DAY)
        assert world.counter_drive("box").generation == generation + 1
        for who in CROWD[20:24]:
            await tell(world, who, "new")
        await pass_day(world)

        assert texts(world) == set()


# --- muting ---------------------------------------------------------------------------


async def batch(world: World, *words: str) -> None:
    """Let the first of the crowd say these words, one each, and let a day pass."""
    for who, text in zip(CROWD, words, strict=False):
        await tell(world, who, text)
    await pass_day(world)


@pytest.mark.timeout(240)
async def test_a_muted_author_is_passed_over_for_fourteen_days(world: World) -> None:
    """Their reports count nowhere, and their codes open them; then they count again."""
    await batch(world, "rude", "b", "c", "d", "e")
    await world.gate.mute(case_of(world, "rude"))
    await world.gate.settle()
    code = await tell(world, CROWD[0], "rude again")
    for who, text in zip(CROWD[1:5], "fghi", strict=True):
        await tell(world, who, text)
    await pass_day(world)
    assert texts(world) == {"rude", "b", "c", "d", "e"}
    assert opened(world, code) is None
    await tell(world, CROWD[5], "j")
    await pass_day(world)
    assert texts(world) == {"rude", *"bcdefghij"}
    assert opened(world, code) == ["rude again"]
    found = world.gate.opened(code)
    assert found is not None
    assert (found[0].mute_box, found[0].mute_until) == (b"", 0)
    # What no organizer is shown, none can press or name.
    with pytest.raises(CaseGone):
        world.gate.case(found[0].name)
    await pass_time(world, 13 * DAY)
    await batch(world, "polite", "k", "l", "m", "n")

    assert "polite" in texts(world)


async def test_a_mute_holds_in_the_lane(world: World) -> None:
    """Urgent reports and words are for their author alone; taking back still works."""
    code = await tell(world, CROWD[0], "rude")
    await batch(world, "a", "b", "c", "d", "e")
    await world.gate.mute(case_of(world, "rude"))
    rude = await tell(world, CROWD[0], "rude and urgent", urgent=True)
    await tell(world, CROWD[1], "urgent", urgent=True)
    await world.gate.write_to_case(CROWD[0], code, Act.ADD, "rude words")
    await pass_lane(world)

    assert "urgent" in texts(world)
    assert "rude and urgent" not in texts(world)
    assert opened(world, rude) == ["rude and urgent"]
    assert opened(world, code) == ["rude", "rude words"]
    assert case_of(world, "rude").heard == ()
    await world.gate.reply(case_of(world, "rude").name, "Please be kind.")
    assert len(case_of(world, "rude").heard) == 1
    assert opened(world, code) == ["rude", "rude words", "Please be kind."]
    for taken in (code, rude):
        await world.gate.write_to_case(CROWD[0], taken, Act.TAKE_BACK)
    await pass_lane(world)
    assert opened(world, code) is None
    assert opened(world, rude) is None


@pytest.mark.timeout(240)
async def test_nobody_is_muted_after_fourteen_days(world: World) -> None:
    """The key is gone, and so is the box that it opened."""
    await batch(world, "a", "b", "c", "d", "e")
    old = case_of(world, "a")
    await pass_time(world, 14 * DAY)

    with pytest.raises(CannotMute):
        await world.gate.mute(case_of(world, "a"))
    await world.gate.mute(old)
    await world.gate.settle()
    await batch(world, "again", "b", "c", "d", "e")
    assert "again" in texts(world)


async def test_a_mute_ends_keys_whose_time_is_over(world: World) -> None:
    """A counter that slept drops them at the first letter that is about mutes."""
    await batch(world, "a", "b", "c", "d", "e")
    assert len(world.counter_secrets().mutes) == 1
    old = case_of(world, "a")
    world.clock.time += 14 * DAY
    await world.gate.mute(old)
    await world.count()

    assert world.counter_secrets().mutes == ()


async def test_a_mute_box_of_nobody_changes_nothing(world: World) -> None:
    """What does not open is read like what does."""
    await batch(world, "a", "b", "c", "d", "e")
    await world.gate.mute(replace(case_of(world, "a"), mute_box=bytes(80)))
    await world.gate.mute(case_of(world, "b"))
    await world.gate.mute(case_of(world, "b"))
    await world.gate.settle()

    (mute,) = world.counter_secrets().mutes
    assert len(mute.muted) == 1


async def test_a_mute_holds_in_its_own_box(world: World) -> None:
    """Keys of another box's release do not open it; there its author goes on."""
    other = await open_box(world, replace(BOX, name="other", title="Another"))
    for at, who in enumerate(CROWD[:5]):
        report = Report(consent=Consent.TEXT, category=0, severity=0, text=f"o{at}")
        assert await world.gate.report(who, other, report, urgent=False)
    await batch(world, "rude", "b", "c", "d", "e")
    await world.gate.mute(case_of(world, "rude"))
    await world.gate.settle()

    muted = [each.muted for each in world.counter_secrets().mutes]
    assert sorted(map(len, muted)) == [0, 1]


async def test_a_mute_ends_with_its_box(world: World) -> None:
    """Nothing leads to an author any more: what they add later is heard."""
    code = await tell(world, CROWD[0], "rude")
    await batch(world, "a", "b", "c", "d", "e")
    await world.gate.mute(case_of(world, "rude"))
    await world.gate.settle()
    await world.gate.close_early(world.drive("box"))
    await world.gate.settle()
    await world.gate.write_to_case(CROWD[0], code, Act.ADD, "after the close")
    await pass_lane(world)

    (heard,) = case_of(world, "rude").heard
    assert heard.text == "after the close"
    # Nobody is told that something was done.
    assert case_of(world, "rude").mute_box
    with pytest.raises(CannotMute):
        await world.gate.mute(case_of(world, "rude"))


# --- the lane -------------------------------------------------------------------------


async def test_an_urgent_report_is_read_alone(world: World) -> None:
    """Within six hours, with all that was chosen; the box's slot goes on."""
    await tell(world, CROWD[0], "now", category=1, severity=1, urgent=True)
    await tell(world, CROWD[1], "later")
    await pass_lane(world)

    (case,) = world.gate.cases()
    assert (case.text, case.urgent) == ("now", True)
    assert (case.category, case.severity) == ("Safety", "Someone may get harmed")
    assert world.drive("box").next_slot == 0


async def test_what_an_author_adds_is_read_once(world: World) -> None:
    """Two additions of one slot come in their order; a wrong code's go nowhere."""
    codes = [await tell(world, who, f"by {who.user}") for who in CROWD[:5]]
    await pass_day(world)
    await world.gate.write_to_case(CROWD[0], codes[0], Act.ADD, "first")
    await world.gate.write_to_case(CROWD[0], codes[0], Act.ADD, "second")
    await world.gate.write_to_case(CROWD[9], "0" * 26, Act.ADD, "to nobody")
    await pass_lane(world)

    assert opened(world, codes[0]) == [f"by {CROWD[0].user}", "first", "second"]
    assert all(len(opened(world, code) or []) == 1 for code in codes[1:])


async def test_a_report_taken_back_before_it_is_read(world: World) -> None:
    """It is never released, and does not count as one of five."""
    code = await tell(world, CROWD[0], "I take it back")
    for who in CROWD[1:5]:
        await tell(world, who, f"by {who.user}")
    await world.gate.write_to_case(CROWD[0], code, Act.TAKE_BACK)
    await pass_day(world)
    assert texts(world) == set()
    await tell(world, CROWD[6], "the fifth")
    await pass_day(world)

    assert len(texts(world)) == 5
    assert "I take it back" not in texts(world)


async def test_a_text_taken_back_while_it_waits_for_others(world: World) -> None:
    """It waited in the count; now it waits no more."""
    code = await tell(world, CROWD[0], "I take it back")
    for who in CROWD[10:15]:
        await be_counted(world, who)
    await pass_day(world)
    await world.gate.write_to_case(CROWD[0], code, Act.TAKE_BACK)
    await pass_day(world)
    for who in CROWD[1:5]:
        await tell(world, who, f"by {who.user}")
    await pass_day(world)

    assert texts(world) == set()


async def test_an_urgent_report_outlives_its_box(world: World) -> None:
    """It is read, and its code opens it, but it leads to nobody."""
    code = await tell(world, CROWD[0], "now", urgent=True)
    box = world.drive("box")
    secrets = [world.counter_drive("box").k_ctr, world.counter_drive("box").signer]
    await pass_time(world, HOUR)
    await world.gate.close_early(box)
    await world.gate.settle()
    kept = world.counter_secrets()
    await pass_lane(world)
    case = case_of(world, "now")

    assert opened(world, code) == ["now"]
    assert (case.mute_box, case.mute_until) == (b"", 0)
    assert case.ends_at - case.opened_at == BOX.retention_seconds
    assert len(kept.ended_boxes) == 1
    assert not [key for key in secrets if key.hex().encode() in kept.encode()]


async def test_terms_of_ended_boxes_are_forgotten(world: World) -> None:
    """The lane needs them for the slot in which the box ended, and for no later one."""
    await world.gate.close_early(world.drive("box"))
    await world.gate.settle()
    await open_box(world, replace(BOX, name="other"))
    await pass_time(world, DAY)

    assert world.counter_secrets().ended_boxes == ()


async def test_texts_of_a_held_box_are_not_lost(world: World) -> None:
    """The counter's letter is enough: the box's altered row is not asked."""
    codes = [await tell(world, who, f"by {who.user}") for who in CROWD[:5]]
    world.counter_is_off = True
    await pass_day(world)
    world.counter_is_off = False
    await world.count()
    good = world.drive("box")
    await world.store.commit([SaveDrive(drive=replace(good, next_slot=0))])
    await world.reopen()
    await world.gate.settle()

    assert world.held() == [good.drive_id]
    assert len(texts(world)) == 5
    assert all(opened(world, code) for code in codes)


async def test_a_lane_follows_another(world: World) -> None:
    """A hundred days are over before a box of a year is; letters go on."""
    lanes, book = world.gate._lanes, world.gate._book
    lane = lanes.open_lane()
    assert lane is not None
    assert lane.schedule is not None
    assert not await lanes.begin_if_needed(has_cases=True)
    late = replace(lane, next_slot=lane.schedule.last_slot - 3)
    book._drives[lane.drive_id] = late

    assert await lanes.begin_if_needed(has_cases=False)
    assert not await lanes.begin_if_needed(has_cases=True)
    assert [drive.name for drive in world.gate.drives()] == ["box"]
    assert world.gate.drive("=") is None


# --- bad rows and bad stores ----------------------------------------------------------


async def test_rows_that_say_nothing_are_passed_over(world: World) -> None:
    """A report that the terms do not offer, and an address of no box, count nowhere."""
    box = world.drive("box")
    worst = Report(consent=BAD.consent, category=9, severity=0)
    await world.gate.report(CROWD[9], box, worst, urgent=False)
    lane = world.gate._lanes.open_lane()
    assert lane is not None
    for payload in (b"short", bytes(48) + BAD.encode(), bytes(48) + b"\x00"):
        for kind in (Kind.REPORT, Kind.LETTER, Kind.ANSWER):
            content = Content(kind=kind, payload=payload)
            await world.gate._answers.put(CROWD[8], lane.drive_id, content)
    address = bytes(box.drive_id) + bytes(32)
    content = Content(kind=Kind.REPORT, payload=address + BAD.encode())
    await world.gate._answers.put(CROWD[7], lane.drive_id, content)
    content = Content(kind=Kind.ANSWER, payload=b"")
    await world.gate._answers.put(CROWD[7], box.drive_id, content)
    await pass_day(world)

    assert texts(world) == set()


async def test_a_state_that_was_altered_is_held(world: World) -> None:
    """What waits in a box must be what the counter's keystore remembers."""
    await tell(world, CROWD[0], "waits")
    for who in CROWD[10:15]:
        await be_counted(world, who)
    await pass_day(world)
    drive, kept = world.drive("box"), world.counter_drive("box")
    box = await world.store.state(drive.drive_id, kept.generation)
    assert box is not None
    await world.store.commit(
        [
            SaveState(
                drive_id=drive.drive_id,
                generation=kept.generation,
                box=box[:-1] + bytes([box[-1] ^ 1]),
            )
        ]
    )

    await pass_day(world)

    assert world.counter_drive("box").held is not None
    assert world.counter_drive("box").slot_keys


async def test_a_case_is_gone_after_its_time(tmp_path: Path) -> None:
    """Its row and its key; its code opens nothing, in the same words as a wrong one."""
    async with running_world(tmp_path / "data") as world:
        await open_box(world, replace(BOX, retention_seconds=DAY))
        code = await tell(world, CROWD[0], "text 0")
        await batch(world, "text 0", "b", "c", "d", "e")
        (case, *_) = world.gate.cases()
        assert len(world.gate_secrets().cases) == 6
        await pass_day(world)

        assert world.gate.cases() == []
        assert world.gate_secrets().cases == {}
        assert await world.store.cases() == []
        assert opened(world, code) is None
        with pytest.raises(CaseGone):
            world.gate.case(case.name)
        with pytest.raises(CaseGone):
            await world.gate.reply(case.name, "too late")
