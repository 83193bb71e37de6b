"""How Slack's names of channels and fields stand for ours, both ways (pure)."""

import re

_PREFIX = "slack/"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_TYPED = re.compile(r"<#([CG][A-Z0-9]{2,30})(\|[^>]*)?>")

# What an input is called where its value is no text; every other one is "value".
ACTION_VALUE = "value"
ACTION_MANY = "many"
ACTION_CHECK = "check"
ACTION_PLACE = "place"


def reference_of(channel: str) -> str:
    """Return a channel's reference, or nothing for what is no channel."""
    return f"{_PREFIX}{channel}" if _CHANNEL.fullmatch(channel) else ""


def channel_of(place: str) -> str:
    """Return Slack's id of a place, or nothing if the place is not on Slack."""
    channel = place.removeprefix(_PREFIX)
    return channel if place != channel and _CHANNEL.fullmatch(channel) else ""


def typed_channel(name: str) -> str:
    """Return the reference that somebody typed or pasted, or nothing."""
    typed = name.strip()
    if mention := _TYPED.fullmatch(typed):
        return reference_of(mention[1])
    return reference_of(typed.removeprefix(_PREFIX))
