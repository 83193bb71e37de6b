"""What the gate has to say is shown in channels, each post once."""

import sqlite3
from pathlib import Path

import pytest

from bot.core.records import Role
from bot.views.widgets import CardKind
from tests.fakes.workplace import DAY, LUNCH, MEI, STAFF, action_of, words, workplace


async def test_post_is_shown_once(tmp_path: Path) -> None:
    """Delivering again shows nothing again."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        await place.start_poll(MEI)

        await place.outbox.deliver(place.chat)

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
    tmp_path: Path,
) -> None:
    """A post that was not taken waits with all later ones; other channels go on."""
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

        await place.outbox.deliver(place.chat)

        after = [message.place for message in place.chat.messages.values()]
        assert during == ["other", "other"]
        assert after == ["other", "other", "general", "general"]


@pytest.mark.parametrize(
    "row",
    [
        ("x'00112233445566778899aabbccddeeff'", "'drive'"),
        ("x'00112233445566778899aabbccddeeff'", "'gossip'"),
        ("(SELECT drive_id FROM drives)", "'certificate'"),
    ],
)
async def test_post_that_nobody_wanted_keeps_no_other_waiting(
    tmp_path: Path, row: tuple[str, str]
) -> None:
    """A row of no poll, of no kind, or of what a poll cannot have, is passed over."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.muted = {"general"}
        await place.start_poll(MEI)
        [database] = tmp_path.rglob("shared.sqlite")
        drive_id, kind = row
        db = sqlite3.connect(database)
        with db:
            values = f"({drive_id}, {kind}, 0, 1, 0, '')"
            db.execute(f"INSERT INTO posts VALUES {values}")  # noqa: S608
        db.close()
        place.chat.muted = set()

        await place.outbox.deliver(place.chat)

        [message] = place.chat.messages.values()
        assert message.card.kind is CardKind.DRIVE
