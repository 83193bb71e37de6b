"""What the bot remembers of servers: names of channels, and who may see them.

Nothing here is about a person: permissions that a server gives to one member, and who
owns it, are left where they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters.discord.reading import list_in, number_in, object_in, objects_in
from bot.core.canonical import JsonObject

VIEW_CHANNEL = 1 << 10
ADMINISTRATOR = 1 << 3
# Text channels and announcements.
_TEXT_TYPES = (0, 5)
_ROLE, _MEMBER = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """What a channel allows and denies to one role, or to one member."""

    target: str
    is_role: bool
    allow: int
    deny: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A text channel. `overwrites` are those of roles."""

    guild: str
    name: str
    overwrites: tuple[Overwrite, ...]


@dataclass
class Servers:
    """The servers that the bot is in, as its connection tells of them."""

    _everyone: dict[str, int] = field(default_factory=dict[str, int])
    _channels: dict[str, Channel] = field(default_factory=dict[str, Channel])

    def put(self, guild: JsonObject) -> None:
        """Remember a server and its channels, in place of what was known of it."""
        server = str(guild.get("id"))
        self.drop(server)
        for role in objects_in(guild.get("roles")):
            self.put_role(server, role)
        for channel in objects_in(guild.get("channels")):
            self.put_channel(server, channel)

    def put_role(self, server: str, role: JsonObject) -> None:
        """Remember what everybody may do, which is the role with the server's id."""
        if role.get("id") == server:
            self._everyone[server] = number_in(role, "permissions")

    def put_channel(self, server: str, channel: JsonObject) -> None:
        """Remember a text channel as it is now."""
        if channel.get("type") in _TEXT_TYPES:
            kept = (each for each in overwrites_of(channel) if each.is_role)
            self._channels[str(channel.get("id"))] = Channel(
                guild=server,
                name=str(channel.get("name", "")),
                overwrites=tuple(kept),
            )

    def drop(self, server: str) -> None:
        """Forget a server."""
        self._everyone.pop(server, None)
        for known in [k for k, v in self._channels.items() if v.guild == server]:
            del self._channels[known]

    def drop_channel(self, channel: str) -> None:
        """Forget a channel."""
        self._channels.pop(channel, None)

    def is_public(self, channel: str) -> bool | None:
        """Tell whether all members see a channel; None if it is not known."""
        known = self._channels.get(channel)
        if known is None or known.guild not in self._everyone:
            return None
        seen = permissions(
            self._everyone[known.guild], known.overwrites, roles={known.guild}
        )
        return bool(seen & VIEW_CHANNEL)

    def named(self, name: str) -> str | None:
        """Return the one channel of that name, or None where there are more."""
        found = [key for key, each in self._channels.items() if each.name == name]
        return found[0] if len(found) == 1 else None


def permissions(
    base: int,
    overwrites: Iterable[Overwrite],
    *,
    roles: Iterable[str],
    member: str = "",
) -> int:
    """Return what remains of `base` in a channel (docs: permission overwrites).

    The role of everybody comes first, then all others together, then the member.
    """
    if base & ADMINISTRATOR:
        return base | VIEW_CHANNEL
    held = set(roles)
    listed = list(overwrites)
    everyone = [o for o in listed if o.is_role and o.target in held][:1]
    for step in (
        everyone,
        [o for o in listed if o.is_role and o.target in held and o not in everyone],
        [o for o in listed if not o.is_role and o.target == member],
    ):
        for each in step:
            base &= ~each.deny
        for each in step:
            base |= each.allow
    return base


def overwrites_of(channel: JsonObject) -> list[Overwrite]:
    """Return a channel's overwrites, those of members too."""
    return [
        Overwrite(
            target=str(each.get("id")),
            is_role=each.get("type") in (_ROLE, str(_ROLE)),
            allow=number_in(each, "allow"),
            deny=number_in(each, "deny"),
        )
        for each in objects_in(channel.get("permission_overwrites"))
    ]


def may_see(guild: JsonObject, channel: JsonObject, member: JsonObject) -> bool:
    """Tell whether a member sees a channel, from what Discord says of all three."""
    server = str(guild.get("id"))
    user = str(object_in(member.get("user")).get("id"))
    if user == str(guild.get("owner_id")):
        return True
    roles = {server, *map(str, list_in(member.get("roles")))}
    base = 0
    for role in objects_in(guild.get("roles")):
        if role.get("id") in roles:
            base |= number_in(role, "permissions")
    everyone_first = sorted(
        overwrites_of(channel), key=lambda each: each.target != server
    )
    seen = permissions(base, everyone_first, roles=roles, member=user)
    return bool(seen & VIEW_CHANNEL)
