"""What is remembered of servers, and who sees a channel."""

from typing import Any

import pytest

from adapters.discord.servers import Servers, may_see

VIEW = "1024"


def guild(everyone: str = VIEW, **more: Any) -> dict[str, Any]:
    """Return a server with two channels of one name and one of another."""
    return {
        "id": "1",
        "owner_id": "9",
        "roles": [
            {"id": "1", "permissions": everyone},
            {"id": "2", "permissions": "0"},
            {"id": "3", "permissions": "8"},
        ],
        "channels": [
            {"id": "10", "type": 0, "name": "twice"},
            {"id": "11", "type": 5, "name": "twice"},
            {"id": "12", "type": 0, "name": "once"},
            {"id": "13", "type": 2, "name": "voice"},
        ],
        **more,
    }


def over(target: str, *, allow: str = "0", deny: str = "0", kind: int = 0) -> Any:
    """Return an overwrite of a channel."""
    return {"id": target, "type": kind, "allow": allow, "deny": deny}


def test_channels_by_name() -> None:
    """A name that two channels have names none; a voice channel has no posts."""
    servers = Servers()
    servers.put(guild())

    assert servers.named("once") == "12"
    assert servers.named("twice") is None
    assert servers.named("voice") is None


def test_server_that_is_gone_is_forgotten() -> None:
    """A server that the bot left, and a channel that was deleted, are not known."""
    servers = Servers()
    servers.put(guild())
    servers.drop_channel("12")
    gone = servers.named("once")
    servers.drop("1")

    assert gone is None
    assert servers.is_public("10") is None


def test_nothing_about_a_member_is_kept() -> None:
    """Permissions of one member are left out, and so is the owner."""
    servers = Servers()
    channel = {
        "id": "12",
        "type": 0,
        "name": "once",
        "permission_overwrites": [over("777", kind=1), over("2", deny=VIEW)],
    }
    servers.put(guild(channels=[channel]))

    assert "777" not in repr(servers)
    assert "'9'" not in repr(servers)
    assert servers.is_public("12")


SEES = [
    ([], [], True),
    ([over("1", deny=VIEW)], [], False),
    ([over("1", deny=VIEW), over("2", allow=VIEW)], ["2"], True),
    ([over("2", allow=VIEW), over("1", deny=VIEW)], ["2"], True),
    ([over("1", deny=VIEW), over("2", allow=VIEW)], [], False),
    ([over("2", deny=VIEW)], ["2"], False),
    ([over("2", deny=VIEW), over("4", allow=VIEW)], ["2", "4"], True),
    ([over("1", deny=VIEW), over("7", allow=VIEW, kind=1)], [], True),
    ([over("7", deny=VIEW, kind=1)], [], False),
    ([over("8", deny=VIEW, kind=1)], [], True),
    ([over("1", deny=VIEW)], ["3"], True),
]


@pytest.mark.parametrize(("overwrites", "roles", "sees"), SEES)
def test_who_sees_a_channel(overwrites: Any, roles: Any, sees: Any) -> None:
    """Everybody's role first, then all others together, then the member."""
    channel = {"id": "12", "permission_overwrites": overwrites}
    member = {"roles": roles, "user": {"id": "7"}}

    assert may_see(guild(), channel, member) is sees


def test_owner_sees_everything() -> None:
    """A server's owner sees every channel of it."""
    channel: Any = {"id": "12", "permission_overwrites": [over("1", deny=VIEW)]}
    owner: Any = {"roles": [], "user": {"id": "9"}}

    assert may_see(guild(), channel, owner)
    assert not may_see(guild("0"), channel, {"roles": [], "user": {"id": "7"}})
