"""Several platforms behind one port, and a poll that is open on two of them."""

import asyncio
from pathlib import Path

import pytest

from bot.core.actors import Actor
from bot.core.records import Role
from bot.outbox import Outbox
from bot.platforms import Platforms, is_beside, is_of
from bot.requests import Press, Submit
from bot.router import Router
from bot.views.scene import Scene
from bot.views.widgets import Card, CardKind
from tests.fakes.chat import Chat
from tests.fakes.workplace import (
    DAY,
    LUNCH,
    MEI,
    STAFF,
    Workplace,
    action_of,
    field_of,
    words,
    workplace,
)

PEOPLE = {f"p{number:02}" for number in range(20)}


class Named(Chat):
    """A chat whose channels are known by references, as on a real platform."""

    def place_named(self, name: str) -> str | None:
        reference = f"{self.name}/{name.rpartition('/')[2]}"
        return reference if reference in self.channels else None


def chats() -> tuple[Named, Named]:
    """Return two platforms, each with a channel of twenty people."""
    slack = Named(channels={"slack/general": set(PEOPLE)}, name="slack")
    discord = Named(channels={"discord/hall": set(PEOPLE)}, name="discord")
    return slack, discord


def test_place_belongs_to_the_platform_that_it_names() -> None:
    """A reference begins with its platform; a bare name is the console's."""
    slack, discord = chats()

    assert is_of("slack/C1", slack)
    assert not is_of("slack/C1", discord)
    assert is_of("general", discord)


@pytest.mark.parametrize(
    ("one", "other", "beside"),
    [
        ("slack/C1", "slack/C2", True),
        ("slack/C1", "slack/C1", False),
        ("slack/C1", "discord/1", False),
        ("general", "other", True),
        ("general", "slack/C1", False),
    ],
)
def test_places_of_one_platform_are_beside_each_other(
    one: str, other: str, *, beside: bool
) -> None:
    """Only channels of one platform may hold the same accounts."""
    assert is_beside(one, other) is beside


async def test_each_place_is_asked_about_at_its_own_platform() -> None:
    """A router of one platform reaches the channels of all."""
    slack, discord = chats()
    both = Platforms(slack, {"slack": slack, "discord": discord})
    discord.private = {"discord/hall"}
    reference = await both.post("discord/hall", Card(kind=CardKind.NOTICE, blocks=()))
    await both.revise("discord/hall", reference, Card(kind=CardKind.NOTICE, blocks=()))

    assert both.name == "slack"
    assert await both.members("discord/hall") == frozenset(PEOPLE)
    assert await both.audience("slack/general") == len(PEOPLE)
    assert await both.is_public("slack/general")
    assert not await both.is_public("discord/hall")
    assert len(discord.messages[reference].revisions) == 2
    assert both.place_named("general") == "slack/general"
    assert both.place_named("discord/hall") == "discord/hall"
    assert both.place_named("discord/nowhere") is None


async def open_on_both(place: Workplace) -> tuple[dict[str, Router], Card, str]:
    """Start the lunch poll on two platforms; return routers, preview and name."""
    slack, discord = chats()
    all_ = {"slack": slack, "discord": discord}
    lock = asyncio.Lock()
    routers = {
        own: Router(
            gate=place.gate,
            desk=place.desk,
            platform=Platforms(all_[own], all_),
            clock=place.clock,
            scene=Scene(platform=own, elsewhere=(other,)),
            lock=lock,
        )
        for own, other in (("slack", "discord"), ("discord", "slack"))
    }
    place.router = routers["slack"]
    form = await place.form(Press(actor=MEI, action="poll"))
    assert not field_of(form, "also").required
    fields = LUNCH | {"channel": "general", "also": "hall"}
    preview = await place.card(Submit(actor=MEI, form="poll", fields=fields))
    await place.press(MEI, action_of(preview, "Start it"))
    for own, chat in all_.items():
        scene = Scene(platform=own)
        await Outbox(place.gate, place.store, scene, chat).deliver()
    return routers, preview, str(preview.data["drive"])


async def test_poll_on_two_platforms_says_so_and_counts_accounts(
    tmp_path: Path,
) -> None:
    """Its terms and posts say that each account counts; each account counts once."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        routers, preview, name = await open_on_both(place)
        for own, router in routers.items():
            for user in sorted(PEOPLE)[:10]:
                actor = Actor(platform=own, team="T1", user=user)
                for _ in range(2):
                    await router.handle(Press(actor=actor, action=f"vote:{name}:0"))
        await place.advance(DAY)
        drive = place.gate.drive(name)

        assert "Each account counts once" in words(preview)
        assert "#slack/general and #discord/hall" in words(preview)
        assert drive is not None
        assert drive.terms.audience == 2 * len(PEOPLE)
        result = await place.type(MEI, f"results {name}")
        assert "At least 20 people answered." in words(result)


@pytest.mark.parametrize("also", ["nowhere", "general hall"])
async def test_place_that_there_is_not_is_refused(tmp_path: Path, also: str) -> None:
    """A second channel that nobody knows is refused, and nothing is drafted."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        slack, discord = chats()
        all_ = {"slack": slack, "discord": discord}
        place.router = Router(
            gate=place.gate,
            desk=place.desk,
            platform=Platforms(slack, all_),
            clock=place.clock,
            scene=Scene(platform="slack", elsewhere=("discord",)),
        )
        fields = LUNCH | {"channel": "general", "also": also}
        card = await place.card(Submit(actor=MEI, form="poll", fields=fields))

        assert "Nothing was recorded" in words(card)
        assert place.gate.drives() == []


async def test_poll_of_a_private_channel_stands_in_no_list(tmp_path: Path) -> None:
    """Lists are the same for everybody, so they name public channels' polls only."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        place.chat.private = {"general"}
        name = await place.start_poll(MEI)
        someone = STAFF[0]

        assert "lunch" not in words(await place.type(someone, "menu"))
        assert "lunch" not in words(await place.type(someone, "list"))
        vote = await place.form(Press(actor=someone, action=f"answer:{name}"))
        assert vote.form == f"answer:{name}"
