"""A confirmation as Slack takes it: one direct message, in the request that signs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.views import confirmation_text
from tests.core.petition import shares
from tests.fakes.slack_house import SAM, House, slack_house
from tests.games.traces import hits

UNION = {
    "text": "We want to bargain together.",
    "threshold": "20",
    "closes": "3d",
    "trustees": shares().trustees.line(),
    "employer": "Ware House",
    "confirmation": "yes",
    "name": "union",
}
SIGNED = {
    "name": "Canary Sealsdotter",
    "contact": "canary@example.org",
    "phone": "+1 555 0100",
}
POST = "chat.postMessage"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Yield a workspace with an open showing of interest; nothing breaks a rule."""
    async with slack_house(tmp_path) as opened:
        await opened.start("interest", **UNION)
        opened.slack.calls.clear()
        yield opened

        assert opened.slack.broken == []


async def test_signer_is_sent_what_they_signed(house: House) -> None:
    """The account's id is the channel; a lock screen shows a neutral line."""
    sam = house.person(SAM)
    form = await sam.press(house.slack.posts()[-1], "Sign")
    first = await sam.submit(form, **SIGNED, consent=confirmation_text.YES)
    second = await sam.seen()
    seen = {each.kind: each for each in (first, second)}
    [asked] = house.slack.called(POST)

    assert asked["channel"] == SAM
    assert asked["text"] == "You asked for this message."
    assert all(value in seen["direct"].words for value in SIGNED.values())
    assert "You signed." in seen["form"].words
    assert list(seen["direct"].buttons()) == ["Take my name off", "Empty this message"]


async def test_button_in_the_message_takes_the_name_off(house: House) -> None:
    """The way back is in the message itself."""
    sam = house.person(SAM)
    form = await sam.press(house.slack.posts()[-1], "Sign")
    seen = [await sam.submit(form, **SIGNED, consent=confirmation_text.YES)]
    seen.append(await sam.seen())
    direct = next(each for each in seen if each.kind == "direct")
    off = await sam.press(direct, "Take my name off")
    empty = await sam.press(direct, "Empty this message")

    assert "A confirmation that somebody was sent stays until" in off.words
    assert empty.replaces
    assert "This message is empty now." in empty.words
    assert "Canary" not in empty.words


async def test_who_asks_for_none_is_written_to_by_nobody(house: House) -> None:
    """Not one call of Slack's Web API names the signer."""
    sam = house.person(SAM)
    form = await sam.press(house.slack.posts()[-1], "Sign")
    page = await sam.submit(form, **SIGNED, consent=confirmation_text.NO)

    assert page.words.startswith("*Received.*")
    assert house.slack.called(POST) == []
    assert sam.has_seen_all


async def test_nothing_is_chosen_beforehand(house: House) -> None:
    """The form comes back beside the field, and nothing was sent."""
    sam = house.person(SAM)
    form = await sam.press(house.slack.posts()[-1], "Sign")
    refused = await sam.submit(form, **SIGNED)

    assert "initial_option" not in form.inputs()["consent"]
    assert refused.kind == "errors"
    assert "Choose first" in refused.content["text"]
    assert house.slack.called(POST) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"error": "messages_tab_disabled"},
        {"error": "channel_not_found"},
        {"retry_after": 30},
        {"status": 503},
    ],
    ids=lambda fault: str(next(iter(fault.values()))),
)
async def test_signature_stands_where_slack_takes_no_message(
    house: House, tmp_path: Path, fault: dict[str, Any]
) -> None:
    """The reply says so, and nothing is kept for later."""
    house.slack.fail(POST, **fault)
    sam = house.person(SAM)
    form = await sam.press(house.slack.posts()[-1], "Sign")
    page = await sam.submit(form, **SIGNED, consent=confirmation_text.YES)
    await house.posted()
    files = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    assert page.words.startswith("*You signed.* The confirmation could not be sent")
    assert len(house.slack.called(POST)) == 1
    assert hits(files, [each.encode() for each in (SAM, *SIGNED.values())]) == []
