"""What Discord says of users, servers, channels and messages, as it writes them."""

import itertools
from dataclasses import dataclass, field
from typing import Any

BOT_ID = "1100000000000000001"
GUILD_ID = "1200000000000000001"
VIEW_CHANNEL, SEND_MESSAGES = 1 << 10, 1 << 11
_ids = itertools.count(1_300_000_000_000_000_001)


def new_id() -> str:
    """Return an id as long as Discord's."""
    return str(next(_ids))


@dataclass
class Person:
    """Somebody with an account. `is_member` of the one server there is."""

    name: str
    id: str = field(default_factory=new_id)
    roles: tuple[str, ...] = ()
    is_member: bool = True
    takes_messages: bool = True
    # What they are called in the server, if they chose something.
    nick: str | None = None
    # Their direct messages with the bot.
    channel: str = field(default_factory=new_id)


@dataclass
class Channel:
    name: str
    id: str = field(default_factory=new_id)
    overwrites: list[dict[str, Any]] = field(default_factory=list)
    # The bot has no permission to write here.
    is_closed: bool = False


@dataclass
class Posted:
    """A message in a channel: every body that it has had, and its files."""

    id: str
    channel: str
    bodies: list[dict[str, Any]]
    files: dict[str, bytes] = field(default_factory=dict)
    author: str = BOT_ID
    content: str = ""

    @property
    def body(self) -> dict[str, Any]:
        return self.bodies[-1]


def user_of(user_id: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    """Return a user."""
    return {
        "id": user_id,
        "username": name,
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "global_name": name.title(),
        "primary_guild": None,
        **({"bot": True} if bot else {}),
    }


def own_user() -> dict[str, Any]:
    """Return what the bot is told of itself."""
    return {
        **user_of(BOT_ID, "roundrobin", bot=True),
        "mfa_enabled": True,
        "locale": "en-US",
        "verified": True,
        "email": None,
    }


def own_guild() -> dict[str, Any]:
    """Return the server as the bot finds it among its own."""
    return {
        "id": GUILD_ID,
        "name": "warehouse",
        "icon": None,
        "banner": None,
        "owner": False,
        # See channels, write, attach files.
        "permissions": "35840",
        "features": [],
    }


def application() -> dict[str, Any]:
    """Return the bot's application."""
    return {
        "id": BOT_ID,
        "name": "roundrobin",
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_of(new_id(), "owner"),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "bot_public": False,
        "bot_require_code_grant": False,
    }


def role(role_id: str, name: str, permissions: int) -> dict[str, Any]:
    """Return a role."""
    return {
        "id": role_id,
        "name": name,
        "description": None,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def guild(owner: str, roles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the server, without its channels."""
    return {
        "id": GUILD_ID,
        "name": "Warehouse workers",
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": owner,
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": roles,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def channel_of(channel: Channel) -> dict[str, Any]:
    """Return a text channel of the server."""
    return {
        "id": channel.id,
        "type": 0,
        "flags": 0,
        "guild_id": GUILD_ID,
        "name": channel.name,
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "permission_overwrites": channel.overwrites,
    }


def direct_channel_of(person: Person) -> dict[str, Any]:
    """Return somebody's direct messages with the bot."""
    return {
        "id": person.channel,
        "type": 1,
        "flags": 0,
        "last_message_id": None,
        "recipients": [user_of(person.id, person.name)],
    }


def member_of(person: Person) -> dict[str, Any]:
    """Return a member of the server."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": "2030-01-01T00:00:00+00:00",
        "nick": person.nick,
        "pending": False,
        "premium_since": None,
        "roles": list(person.roles),
        "user": user_of(person.id, person.name),
        "mute": False,
        "deaf": False,
    }


def message_of(posted: Posted, *, base: str) -> dict[str, Any]:
    """Return a message as Discord gives it back; `base` is where files are."""
    body = posted.body
    sizes = {name: len(content) for name, content in posted.files.items()}
    author = user_of(posted.author, "roundrobin", bot=posted.author == BOT_ID)
    return {
        "id": posted.id,
        "channel_id": posted.channel,
        "type": 0,
        "content": body.get("content") or posted.content,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [
            _attachment(each["filename"], sizes.get(each["filename"], 0), base)
            for each in body.get("attachments") or []
            if "filename" in each
        ],
        "embeds": [],
        "timestamp": "2031-05-01T12:00:00+00:00",
        "edited_timestamp": None,
        "flags": body.get("flags") or 0,
        "components": given_back(body.get("components") or [], base=base),
        "author": author,
        "pinned": False,
        "tts": False,
    }


def given_back(parts: list[dict[str, Any]], *, base: str) -> list[dict[str, Any]]:
    """Return components as Discord gives them back: numbered, and filled up."""
    numbers = itertools.count(1)
    return [_given_back(part, numbers, base) for part in parts]


def _given_back(
    part: dict[str, Any], numbers: "itertools.count[int]", base: str
) -> dict[str, Any]:
    found = {"id": next(numbers), **part}
    if "components" in part:
        found["components"] = [
            _given_back(each, numbers, base) for each in part["components"]
        ]
    if "accessory" in part:
        found["accessory"] = _given_back(part["accessory"], numbers, base)
    match part["type"]:
        case 3 | 8:
            found.setdefault("min_values", 1)
            found.setdefault("max_values", 1)
        case 12:
            found["items"] = [
                {
                    "media": _media(each["media"]["url"], base),
                    "description": each.get("description"),
                    "spoiler": False,
                }
                for each in part["items"]
            ]
        case 13:
            found["file"] = _media(part["file"]["url"], base)
            found |= {"name": None, "size": None, "spoiler": False}
        case 17:
            found |= {"accent_color": None, "spoiler": False}
        case _:
            pass
    return found


def _media(url: str, base: str) -> dict[str, Any]:
    address = url.replace("attachment://", f"{base}/")
    return {"id": new_id(), "url": address, "proxy_url": address}


def _attachment(name: str, size: int, base: str) -> dict[str, Any]:
    address = f"{base}/{name}"
    return {
        "id": new_id(),
        "filename": name,
        "size": size,
        "url": address,
        "proxy_url": address,
    }
