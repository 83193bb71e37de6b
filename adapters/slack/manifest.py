"""The app's manifest: what Slack is asked for, and nothing that is not used (pure).

docs.slack.dev/reference/app-manifest. Hardened, the bot has no access to direct
messages at all: nobody can write to it, and it could read nothing.
"""

import json
from dataclasses import dataclass

from adapters.slack.connection import HTTP_PATH
from bot.core.canonical import JsonObject, JsonValue
from bot.views import form_text, text

NAME_CHARS_MAX = 35

# Each scope, and the calls that need it (adapters/slack/calls.py).
SCOPES = {
    "channels:read": "conversations.info, conversations.members, users.conversations",
    "chat:write": "chat.postMessage, chat.update",
    "commands": "the root command, and the two shortcuts",
    "files:write": "files.getUploadURLExternal, files.completeUploadExternal",
    "groups:read": "the same as channels:read, in private channels",
    "users:read": "users.list: who is a bot, and who is a guest",
}
# What direct messages need beyond these.
DIRECT_SCOPES = {"im:history": "message.im, conversations.history"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestWishes:
    """What an installation's manifest depends on.

    `url` is where Slack reaches the bot over HTTP; empty, the bot opens a socket.
    """

    command: str
    name: str
    url: str = ""
    hardened: bool = False


def manifest_json(wishes: ManifestWishes) -> str:
    """Return the manifest to paste at api.slack.com/apps."""
    return json.dumps(manifest_of(wishes), indent=2, ensure_ascii=False)


def manifest_of(wishes: ManifestWishes) -> JsonObject:
    """Return the manifest as JSON values."""
    address = f"{wishes.url.rstrip('/')}{HTTP_PATH}" if wishes.url else ""
    where: JsonObject = {"request_url": address} if address else {}
    command: JsonObject = {
        "command": f"/{wishes.command}",
        "description": form_text.COMMAND_SAYS,
        "usage_hint": form_text.COMMAND_HINT,
        "should_escape": False,
    }
    events: list[JsonValue] = ["app_home_opened"]
    scopes = SCOPES if wishes.hardened else SCOPES | DIRECT_SCOPES
    if not wishes.hardened:
        events.append("message.im")
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": wishes.name,
            "description": form_text.APP_SAYS,
            "background_color": "#33475b",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": not wishes.hardened,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": wishes.name, "always_online": False},
            "shortcuts": [
                {
                    "name": text.REPORT,
                    "type": "global",
                    "callback_id": "report",
                    "description": form_text.REPORT_SAYS,
                },
                {
                    "name": text.COMMAND_FROM_MESSAGE,
                    "type": "message",
                    "callback_id": "quote",
                    "description": form_text.REPORT_SAYS,
                },
            ],
            "slash_commands": [command | ({"url": address} if address else {})],
        },
        "oauth_config": {"scopes": {"bot": list[JsonValue](sorted(scopes))}},
        "settings": {
            "event_subscriptions": {**where, "bot_events": events},
            "interactivity": {"is_enabled": True, **where},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
