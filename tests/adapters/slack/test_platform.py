"""Posts in channels, and who may answer: the port, against the fake Slack."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import accounts, digests, platform
from adapters.slack.adapter import SlackAdapter, SlackSettings, open_slack
from adapters.slack.digests import Digests, Recent
from adapters.slack.parse import Present
from bot import log
from bot.core.actors import Actor
from bot.core.errors import NotInChannel, TooBusy, UnknownPlace
from bot.ports import CannotConnect
from bot.requests import NeverShown, NotShown
from bot.views.posts import drive_card, result_card
from tests.fakes.slack import (
    APP_TOKEN,
    BOT,
    BOT_TOKEN,
    GENERAL,
    OTHER_TEAM,
    TEAM,
    Slack,
)
from tests.fakes.slack_house import LUNCH as LUNCH_FIELDS
from tests.fakes.slack_house import MEI, SAM, STAFF, slack_house
from tests.fakes.workplace import SetClock
from tests.views.drives import LUNCH, NOON, SLACK, a_drive, published

PLACE = f"slack/{GENERAL}"
SECRET = "C0SECRET"
TERMS = replace(LUNCH, place=PLACE)
POST = drive_card(a_drive(), next_count=NOON, scene=SLACK)
RESULT = result_card(published(LUNCH, 20, 12, 3), SLACK)
DAY = 24 * 60 * 60


def same_bytes(count: int) -> bytes:
    """Return what stands in for dice."""
    return bytes(range(count))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """Yield a workspace with a public and a private channel; nothing breaks a rule."""
    opened = await Slack().open()
    opened.add_channel(GENERAL, "general")
    opened.add_channel(SECRET, "secret", private=True)
    opened.add_people(MEI, SAM, *STAFF)
    opened.add_people("U0GUEST", is_restricted=True)
    opened.add_people("U0SINGLE", is_ultra_restricted=True)
    opened.add_people("U0PROGRAM", is_bot=True)
    opened.channels[SECRET].members += [MEI, "U0GUEST"]
    try:
        yield opened
    finally:
        await opened.close()

    assert opened.broken == []


@pytest.fixture
async def adapter(slack: Slack) -> AsyncIterator[SlackAdapter]:
    """Yield a connection that has read who is in the workspace."""
    async with open_adapter(slack) as opened:
        await opened._accounts.load()
        yield opened


def open_adapter(slack: Slack, **settings: str) -> Any:
    """Return a connection to the fake, not opened yet."""
    told = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "api_url": slack.api_url}
    return open_slack(
        SlackSettings(**(told | settings)), clock=SetClock(), randomness=same_bytes
    )


def actor(user: str, team: str = TEAM) -> Actor:
    """Return somebody's account."""
    return Actor(platform="slack", team=team, user=user)


# Posts -------------------------------------------------------------------------------


async def test_post_is_shown_and_revised(slack: Slack, adapter: SlackAdapter) -> None:
    """A message, and another one in its place; links are never unfolded."""
    reference = await adapter.platform.post(PLACE, POST)
    await adapter.platform.revise(PLACE, reference, RESULT)

    [post] = slack.posts()
    assert "Result" in post.words
    said = [name for name, _ in slack.calls if name.startswith("chat.")]
    assert said == ["chat.postMessage", "chat.update"]
    assert all(
        asked["unfurl_media"] is False for asked in slack.called("chat.postMessage")
    )


BUSY = [
    {"retry_after": 7},
    {"error": "ratelimited"},
    {"error": "internal_error"},
    {"error": "service_unavailable"},
    {"status": 500},
    {"status": 503, "content": "text/plain"},
    {"status": 502, "content": "application/json"},
]
GONE = [
    *("channel_not_found", "not_in_channel", "is_archived", "invalid_blocks"),
    *("token_revoked", "account_inactive", "missing_scope", "restricted_action"),
]


@pytest.mark.parametrize("fault", BUSY, ids=str)
async def test_post_that_slack_does_not_take_now(
    slack: Slack, adapter: SlackAdapter, fault: dict[str, Any]
) -> None:
    """It stays in the outbox, for as long as Slack asks."""
    slack.fail("chat.postMessage", **fault)
    slack.fail("chat.update", **fault)

    with pytest.raises(NotShown) as refused:
        await adapter.platform.post(PLACE, POST)
    with pytest.raises(NotShown):
        await adapter.platform.revise(PLACE, "17.1", POST)

    assert not isinstance(refused.value, NeverShown)
    assert refused.value.retry_after == fault.get("retry_after", 0) or "error" in fault
    assert slack.posts() == []


@pytest.mark.parametrize("error", GONE)
async def test_post_that_somebody_has_to_mend(
    slack: Slack, adapter: SlackAdapter, error: str
) -> None:
    """It is looked at rarely; the error says nothing of the channel."""
    slack.fail("chat.postMessage", error)
    slack.fail("chat.update", error)

    with pytest.raises(NeverShown) as refused:
        await adapter.platform.post(PLACE, POST)
    with pytest.raises(NeverShown):
        await adapter.platform.revise(PLACE, "17.1", POST)

    assert GENERAL not in repr(refused.value) + str(refused.value.__cause__)


async def test_revision_of_a_removed_message(adapter: SlackAdapter) -> None:
    """What somebody removed holds up nothing."""
    await adapter.platform.revise(PLACE, "17.404", POST)


async def test_no_network(slack: Slack, adapter: SlackAdapter) -> None:
    """A Slack that cannot be reached is tried again."""
    await slack.close()

    with pytest.raises(NotShown):
        await adapter.platform.post(PLACE, POST)

    await slack.open()


async def test_picture_is_shown_once_slack_has_looked_at_it(
    slack: Slack, adapter: SlackAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack looks at a picture before a message may show it."""
    monkeypatch.setattr(platform, "PICTURE_WAITS_SECONDS", (0.01, 0.01, 0.01))
    slack.picture_looks = 2

    await adapter.platform.post(PLACE, RESULT)

    [post] = slack.posts()
    assert "image" in [block["type"] for block in post.content["blocks"]]


async def test_revised_post_has_its_picture(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """A petition's bar grows in the message that is there."""
    reference = await adapter.platform.post(PLACE, POST)

    await adapter.platform.revise(PLACE, reference, RESULT)

    [post] = slack.posts()
    assert "image" in [block["type"] for block in post.content["blocks"]]


@pytest.mark.parametrize(
    "fault",
    [
        ("files.getUploadURLExternal", {"error": "missing_scope"}),
        ("upload", {"status": 500}),
        ("files.completeUploadExternal", {"error": "file_not_found"}),
        ("files.completeUploadExternal", {"status": 500}),
    ],
    ids=str,
)
async def test_result_without_its_picture(
    slack: Slack, adapter: SlackAdapter, fault: tuple[str, dict[str, Any]]
) -> None:
    """Where the picture cannot be had, the words say as much."""
    method, how = fault
    slack.fail(method, **how)

    await adapter.platform.post(PLACE, RESULT)

    [post] = slack.posts()
    assert "most chosen" in post.words
    assert "image" not in [block["type"] for block in post.content["blocks"]]


async def test_picture_that_slack_never_likes(
    slack: Slack, adapter: SlackAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few looks the result is posted without it."""
    monkeypatch.setattr(platform, "PICTURE_WAITS_SECONDS", (0.01, 0.01, 0.01))
    slack.picture_looks = 99

    await adapter.platform.post(PLACE, RESULT)

    [post] = slack.posts()
    assert "image" not in [block["type"] for block in post.content["blocks"]]


async def test_upload_is_held_up(slack: Slack, adapter: SlackAdapter) -> None:
    """Asked to wait before a picture, the whole post waits."""
    slack.fail("files.getUploadURLExternal", retry_after=9)

    with pytest.raises(NotShown) as refused:
        await adapter.platform.post(PLACE, RESULT)

    assert refused.value.retry_after == 9


async def test_two_messages_in_a_channel_have_a_second_between(tmp_path: Path) -> None:
    """Slack takes one message a second in a channel: start, close and result."""
    async with slack_house(tmp_path, pace_seconds=0.3) as house:
        post = await house.poll()
        for name in STAFF[:12]:
            await house.person(name).press(post, "Yes")
        await house.advance(4 * DAY)

        at = house.slack.posted_at
        assert len(at) >= 3
        assert all(later - one >= 0.29 for one, later in pairwise(at))


async def test_post_is_updated_at_counts_alone(tmp_path: Path) -> None:
    """Answers change nothing in the channel; each count revises what is there."""
    async with slack_house(tmp_path) as house:
        post = await house.poll()
        for name in STAFF[:12]:
            await house.person(name).press(post, "Yes")
        await house.posted()
        after_answers = len(house.slack.called("chat.update"))
        await house.advance(DAY)
        after_one = len(house.slack.called("chat.update"))
        await house.advance(DAY)
        after_two = len(house.slack.called("chat.update"))

        revisions = [each.revisions for each in house.slack.messages.values()]
        assert (after_answers, after_one, after_two) == (0, 1, 2)
        assert [len(each) for each in revisions] == [3]
        assert len({str(each["blocks"]) for each in revisions[0]}) == 3


@pytest.mark.parametrize(
    "method",
    [
        *("chat.postMessage", "chat.update", "files.getUploadURLExternal"),
        *("files.completeUploadExternal", "conversations.info", "users.list"),
    ],
)
async def test_each_thing_is_posted_once_through_a_429(
    tmp_path: Path, method: str
) -> None:
    """Held up at any method, the day ends with each post once."""
    async with slack_house(tmp_path) as house:
        post = await house.poll()
        for name in STAFF[:12]:
            await house.person(name).press(post, "Yes")
        house.slack.fail(method, retry_after=1)

        await house.advance(4 * DAY)

        words = [each.words for each in house.slack.posts()]
        assert [each.partition("\n")[0] for each in words] == [
            LUNCH_FIELDS["question"],
            f"Result: {LUNCH_FIELDS['question']}",
        ]
        assert len([x for x in house.slack.files.values() if x.get("channel")]) == 1
        assert house.slack.broken == []


# Who may answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (actor(SAM), True),
        (actor("U0NOBODY"), True),
        (actor(SAM, OTHER_TEAM), False),
        (actor("U0PROGRAM"), False),
        (actor(BOT), False),
        (actor("U0GUEST"), False),
        (actor("U0SINGLE"), False),
    ],
    ids=range(7),
)
async def test_public_channel_asks_the_workspace(
    adapter: SlackAdapter, who: Actor, *, may: bool
) -> None:
    """Members may answer; bots, guests and other workspaces' members may not."""
    assert await adapter.platform.may_answer(who, TERMS) is may


async def test_terms_may_let_guests_in(adapter: SlackAdapter) -> None:
    """Guests answer where the terms say so, in channels that they are in."""
    terms = replace(TERMS, guests=True)
    elsewhere = replace(terms, place=f"slack/{SECRET}")

    assert await adapter.platform.may_answer(actor("U0SINGLE"), terms)
    assert not await adapter.platform.may_answer(actor("U0SINGLE"), elsewhere)
    assert await adapter.platform.may_answer(actor("U0GUEST"), elsewhere)


async def test_private_channel_asks_its_members(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """A button under the post shows who is in; any other way in is checked."""
    terms = replace(TERMS, place=f"slack/{SECRET}")
    there = Present(platform="slack", team=TEAM, user=SAM, place=f"slack/{SECRET}")
    elsewhere = replace(there, place=PLACE)

    assert await adapter.platform.may_answer(actor(MEI), terms)
    assert not await adapter.platform.may_answer(actor(SAM), terms)
    assert not await adapter.platform.may_answer(elsewhere, terms)
    before = len(slack.calls)
    assert await adapter.platform.may_answer(there, terms)
    assert len(slack.calls) == before


async def test_poll_of_another_platform(adapter: SlackAdapter) -> None:
    """A poll that is not open on Slack is for other people."""
    terms = replace(TERMS, place="discord/123456")

    assert not await adapter.platform.may_answer(actor(SAM), terms)


async def test_nobody_is_asked_about_for_each_vote(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """Fifty people who answer cost one question about their channel."""
    await adapter.platform.may_answer(actor(SAM), TERMS)
    before = len(slack.calls)

    for name in STAFF:
        assert await adapter.platform.may_answer(actor(name), TERMS)

    assert len(slack.calls) == before


async def test_membership_that_slack_does_not_tell(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """Nobody is let in on a guess; the person may try again."""
    terms = replace(TERMS, place=f"slack/{SECRET}")
    slack.fail("conversations.members", status=500)

    with pytest.raises(TooBusy):
        await adapter.platform.may_answer(actor(MEI), terms)


async def test_audience_counts_people(slack: Slack, adapter: SlackAdapter) -> None:
    """Neither bots nor guests; and in a shared channel only the own workspace."""
    assert await adapter.platform.audience(PLACE) == 2 + len(STAFF)

    slack.channels[GENERAL].shared = True
    slack.channels[GENERAL].members += ["U0FOREIGN1", "U0FOREIGN2"]
    slack.people["U0STRANGER"] = {"id": "U0STRANGER", "team_id": OTHER_TEAM}
    slack.channels[GENERAL].members.append("U0STRANGER")

    members = await adapter.platform.members(PLACE)
    assert members is not None
    assert len(members) == await adapter.platform.audience(PLACE) == 2 + len(STAFF)
    assert SAM not in str(members)


async def test_members_are_compared_by_what_stands_for_them(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """The same person in two channels is the same."""
    general = await adapter.platform.members(PLACE)
    secret = await adapter.platform.members(f"slack/{SECRET}")

    assert general is not None
    assert secret is not None
    assert len(general & secret) == 1


@pytest.mark.parametrize(
    ("channel", "refusal"),
    [
        ({"joined": False}, NotInChannel),
        ({"joined": False, "private": True}, UnknownPlace),
        ({"archived": True}, UnknownPlace),
    ],
    ids=["not in", "hidden", "archived"],
)
async def test_channels_that_cannot_be_asked(
    slack: Slack, adapter: SlackAdapter, channel: dict[str, bool], refusal: type
) -> None:
    """An organizer is told what is wrong with a channel before anything starts."""
    slack.add_channel("C0OTHER", "other", **channel)

    with pytest.raises(refusal):
        await adapter.platform.audience("slack/C0OTHER")


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members"])
async def test_audience_that_slack_does_not_tell(
    slack: Slack, adapter: SlackAdapter, method: str
) -> None:
    """Held up while it is asked about a channel, the organizer may try again."""
    slack.fail(method, retry_after=5)

    with pytest.raises(TooBusy):
        await adapter.platform.audience(PLACE)


async def test_public_and_private_channels(slack: Slack, adapter: SlackAdapter) -> None:
    """Only what everybody may know of stands in lists; it is asked about rarely."""
    assert await adapter.platform.is_public(PLACE)
    assert not await adapter.platform.is_public(f"slack/{SECRET}")
    assert not await adapter.platform.is_public("slack/C0GONE")
    slack.fail("conversations.info", status=500, times=9)
    assert await adapter.platform.is_public(PLACE)

    clock = adapter.platform._clock
    assert isinstance(clock, SetClock)
    clock.seconds += platform.PUBLIC_SECONDS

    assert not await adapter.platform.is_public(PLACE)


async def test_channels_are_found_by_name(adapter: SlackAdapter) -> None:
    """By the name of one that the bot is in, by its id, by Slack's mention."""
    named = adapter.platform.place_named

    assert named("general") == named("#General") == named(f"<#{GENERAL}>") == PLACE
    assert named(PLACE) == PLACE
    assert named("nowhere") is None


async def test_drive_in_a_channel_without_the_bot(tmp_path: Path) -> None:
    """The refusal stands beside the field and says how to mend it."""
    async with slack_house(tmp_path) as house:
        house.slack.add_channel("C0OTHER", "other", joined=False)
        mei = house.person(MEI)
        form = await mei.command("poll")

        refused = await mei.submit(form, **LUNCH_FIELDS, channel="C0OTHER")

        assert refused.kind == "errors"
        assert "type /invite" in refused.words


async def test_private_poll_stands_under_its_post_alone(tmp_path: Path) -> None:
    """Menu and home show drives of public channels; the post's button works."""
    async with slack_house(tmp_path) as house:
        house.slack.add_channel(SECRET, "secret", private=True)
        house.slack.channels[SECRET].members += [MEI, SAM, *STAFF[:20]]
        post = await house.poll(channel=SECRET)
        outside = house.person(STAFF[30])

        answer = await house.person(SAM).press(post, "Yes", channel=SECRET)
        menu = await outside.command()
        name = house.place.gate.drives()[0].name
        form = await outside.command(f"vote {name}")
        refused = await outside.submit(form, answer="Yes")

        assert answer.words.startswith("*Received.*")
        assert LUNCH_FIELDS["question"] not in menu.words
        assert "for other people than you" in refused.words


async def test_guest_and_stranger_are_refused(tmp_path: Path) -> None:
    """Both press the same button; both read that the poll is for others."""
    async with slack_house(tmp_path) as house:
        house.slack.add_people("U0GUEST", is_restricted=True)
        await house.adapter._accounts.load()
        post = await house.poll()
        stranger = house.slack.person("U0STRANGER", OTHER_TEAM)

        seen = [
            await person.press(post, "Yes")
            for person in (house.person("U0GUEST"), stranger)
        ]

        assert seen[0].content == seen[1].content
        assert "for other people than you" in seen[0].words


# Reading the lists -------------------------------------------------------------------


async def test_lists_are_read_through_a_429(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody is answered, it is known who is a guest."""
    monkeypatch.setattr(accounts, "RETRY_SECONDS_MIN", 0.01)
    slack.fail("users.list", retry_after=0)
    slack.fail("users.list", status=500)
    slack.fail("auth.test", "internal_error")
    monkeypatch.setattr("adapters.slack.calls.BUSY_SECONDS", 0.01)

    async with open_adapter(slack) as opened:
        await opened._accounts.load()

        assert opened._accounts.is_guest("U0GUEST")
        assert not opened._accounts.is_guest(SAM)


async def test_new_drive_asks_who_is_a_guest_now(
    slack: Slack, adapter: SlackAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody became a guest since the last list: a drive that opens knows."""
    monkeypatch.setattr(accounts, "REFRESH_SECONDS_MIN", 0.01)
    keeping = asyncio.ensure_future(adapter._accounts.keep())
    slack.people[SAM]["is_restricted"] = True

    await adapter.platform.post(PLACE, POST)
    async with asyncio.timeout(5):
        while not adapter._accounts.is_guest(SAM):  # noqa: ASYNC110 - a plain value
            await asyncio.sleep(0.01)
    keeping.cancel()

    assert not await adapter.platform.may_answer(actor(SAM), TERMS)


async def test_kept_of_the_list_is_no_account(
    slack: Slack, adapter: SlackAdapter
) -> None:
    """What is kept are digests of bots and guests, under a key of the process."""
    kept = adapter._accounts
    other = Digests(bytes)

    assert len(kept._bots) == 2
    assert len(kept._guests) == 2
    assert other.of("U0GUEST") not in kept._guests


# Refused for good --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"bot_token": "xoxb-wrong"}, "starts with xoxb-"),
        ({"app_token": "xapp-wrong"}, "starts with xapp-"),
        ({"http_bind": "127.0.0.1:99999", "signing_secret": "x"}, "SLACK_HTTP_BIND"),
        ({"http_bind": "127.0.0.1:1", "signing_secret": "x"}, "SLACK_HTTP_BIND"),
    ],
    ids=["bot", "app", "port", "bind"],
)
async def test_refused_for_good(
    slack: Slack, settings: dict[str, str], said: str
) -> None:
    """A wrong token ends it with one sentence that says which, and does not show it."""
    if settings.get("http_bind", "").endswith(":1"):
        # Where something listens already.
        settings = settings | {"http_bind": slack.base.removeprefix("http://")}
    async with open_adapter(slack, **settings) as opened:
        with pytest.raises(CannotConnect) as refused:
            await opened.serve(None)

    assert said in str(refused.value)
    assert "wrong" not in str(refused.value)


async def test_token_that_is_revoked_while_serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look at the list ends it."""
    monkeypatch.setattr(accounts, "REFRESH_SECONDS_MIN", 0.01)
    async with slack_house(tmp_path) as house:
        house.slack.token = "xoxb-new"

        house.adapter._accounts.ask_again()

        with pytest.raises(BaseExceptionGroup) as ended:
            async with asyncio.timeout(5):
                await house.served

    assert isinstance(log.leaf_of(ended.value), CannotConnect)


# Short memory ------------------------------------------------------------------------


def test_memory_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour, and beyond its bound, the oldest goes first."""
    monkeypatch.setattr(digests, "REMEMBERED_MAX", 3)
    clock = SetClock()
    recent = Recent(Digests(same_bytes), clock)

    first = [recent.is_new(each) for each in ("a", "b", "a")]
    crowded = [recent.is_new(each) for each in ("c", "d", "a", "d")]
    clock.seconds += digests.REMEMBER_SECONDS + 1

    assert first == [True, True, False]
    assert crowded == [True, True, True, False]
    assert recent.is_new("d")
    assert recent.is_new("")
    assert recent.is_new("")


def test_memory_holds_no_request() -> None:
    """What is remembered are digests."""
    recent = Recent(Digests(same_bytes), SetClock())
    recent.is_new("1.2.trigger")

    assert "trigger" not in repr(vars(recent))
