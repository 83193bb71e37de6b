"""What the gate has to say is shown in channels, each post once."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot import outbox
from bot.core.manifest import DriveId
from bot.core.records import PostKind, Role, WantPost
from bot.requests import NeverShown, NotShown
from bot.views.widgets import CardKind
from tests.fakes.workplace import (
    DAY,
    LUNCH,
    MEI,
    SCENE,
    STAFF,
    action_of,
    words,
    workplace,
)


async def test_post_is_shown_once(tmp_path: Path) -> None:
    """Delivering again shows nothing again."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        await place.start_poll(MEI)

        await place.outbox.deliver()

        [message] = place.chat.messages.values()
        assert len(message.revisions) == 1


async def test_close_brings_result_and_certificate(tmp_path: Path) -> None:
    """At the close the post is revised, then result and signed file follow it."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI)
        for actor in STAFF[:20]:
            await place.press(actor, f"vote:{name}:0")

        await place.advance(DAY)

        kinds = [message.card.kind for message in place.chat.messages.values()]
        [certificate] = place.chat.shown(CardKind.CERTIFICATE)
        drive = place.gate.drive(name)
        assert drive is not None
        assert kinds == [CardKind.DRIVE, CardKind.TALLY, CardKind.CERTIFICATE]
        assert certificate.attachment == (
            f"{name}.certificate",
            await place.gate.file_of(drive),
        )


async def test_too_few_answers_bring_no_certificate(tmp_path: Path) -> None:
    """Under ten answers there is a sentence, and nothing else."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI)
        for actor in STAFF[:9]:
            await place.press(actor, f"vote:{name}:0")

        await place.advance(DAY)

        [result] = place.chat.shown(CardKind.TALLY)
        assert "No result. Fewer than 10 people answered" in words(result)
        assert result.data["released"] is None
        assert result.data["state"] == "closed"
        assert not place.chat.shown(CardKind.CERTIFICATE)


async def test_extension_is_posted(tmp_path: Path) -> None:
    """A poll that may go on once does, with a post of its own."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI, extend=True)

        await place.advance(DAY)

        drive = place.gate.drive(name)
        [notice] = place.chat.shown(CardKind.NOTICE)
        assert drive is not None
        assert drive.state.value == "open"
        assert "goes on once, until 2026-11-26 12:00 UTC" in words(notice)


async def test_channel_that_takes_nothing_keeps_no_other_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post that was not taken waits with all later ones; other channels go on."""
    monkeypatch.setattr(outbox, "RETRY_SECONDS_MIN", 0.0)
    everybody = {MEI.user, *(actor.user for actor in STAFF)}
    channels = {"general": everybody, "other": set(everybody)}
    async with workplace(tmp_path, channels=channels) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.muted = {"general"}
        await place.start_poll(MEI)
        preview = await place.send(MEI, "poll", **LUNCH, channel="other", name="tea")
        await place.press(MEI, action_of(preview, "Start it"))
        await place.advance(DAY)
        during = [message.place for message in place.chat.messages.values()]
        place.chat.muted = set()

        await place.outbox.deliver()

        after = [message.place for message in place.chat.messages.values()]
        assert during == ["other", "other"]
        assert after == ["other", "other", "general", "general"]


async def test_platform_that_asks_for_patience_is_left_alone(tmp_path: Path) -> None:
    """A post is not offered again before the platform's own time is over."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.refusal = NotShown(retry_after=30.0)
        place.chat.muted = {"general"}
        await place.start_poll(MEI)
        place.chat.muted = set()

        seconds = await place.outbox.deliver()

        assert not place.chat.messages
        assert seconds is not None
        assert 25 < seconds <= 30


async def test_refusal_for_good_is_looked_at_rarely(tmp_path: Path) -> None:
    """What somebody has to mend first is not tried every few seconds."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.refusal = NeverShown()
        place.chat.muted = {"general"}
        await place.start_poll(MEI)

        seconds = await place.outbox.deliver()

        assert seconds is not None
        assert seconds > outbox.RETRY_SECONDS_MAX


async def test_each_refusal_doubles_the_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that goes on refusing is asked less and less often."""
    monkeypatch.setattr(outbox, "RETRY_SECONDS_MIN", 0.01)
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.muted = {"general"}
        await place.start_poll(MEI)
        waits: list[float] = []
        for _ in range(3):
            seconds = await place.outbox.deliver()
            assert seconds is not None
            waits.append(seconds)
            await asyncio.sleep(seconds + 0.002)

        assert waits == sorted(waits)
        assert waits[-1] > 2 * waits[0]


async def test_channel_is_written_to_at_a_pace(tmp_path: Path) -> None:
    """Between two messages in one channel there is the platform's time."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI)
        place.outbox = outbox.Outbox(
            place.gate, place.store, SCENE, place.chat, pace_seconds=0.05
        )
        for actor in STAFF[:20]:
            await place.press(actor, f"vote:{name}:0")
        await place.advance(DAY)
        at_once = len(place.chat.messages)
        waiting = asyncio.create_task(place.outbox.keep())
        await asyncio.sleep(0.3)
        waiting.cancel()

        assert at_once < 3
        assert len(place.chat.messages) == 3


@pytest.mark.parametrize(
    ("drive_id", "where"), [(None, "elsewhere"), (DriveId(bytes(16)), "general")]
)
async def test_post_that_no_terms_name_is_not_shown(
    tmp_path: Path, drive_id: DriveId | None, where: str
) -> None:
    """A row that names another channel or no drive shows and stops nothing."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.channels["elsewhere"] = set()
        await place.start_poll(MEI)
        [drive] = place.gate.drives()
        await place.gate.commit(
            [
                WantPost(
                    drive_id=drive_id or drive.drive_id,
                    kind=PostKind.EXTENDED,
                    place=where,
                )
            ]
        )

        await place.outbox.deliver()

        assert [each.place for each in place.chat.messages.values()] == ["general"]


@pytest.mark.parametrize("kind", ["gossip", "certificate"])
async def test_post_that_nobody_wanted_keeps_no_other_waiting(
    tmp_path: Path, kind: str
) -> None:
    """A row of no kind, or of what a poll cannot have, is passed over."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.muted = {"general"}
        await place.start_poll(MEI)
        [database] = tmp_path.rglob("shared.sqlite")
        with sqlite3.connect(database) as db:
            db.execute(
                "INSERT INTO posts (drive_id, kind, place, turn, wanted, shown,"
                " reference) SELECT drive_id, ?, 'general', 0, 1, 0, '' FROM drives",
                (kind,),
            )
        db.close()
        place.chat.muted = set()
        place.outbox = outbox.Outbox(place.gate, place.store, SCENE, place.chat)

        await place.outbox.deliver()

        [message] = place.chat.messages.values()
        assert message.card.kind is CardKind.DRIVE
