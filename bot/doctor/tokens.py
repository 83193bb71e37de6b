"""Tokens told by their first letters, so that a mixed-up one is refused by name.

A token is judged by its shape before it is sent anywhere; none is ever shown.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a secret is, in the words that its platform's pages use."""

    SLACK_BOT = "the bot token"
    SLACK_APP = "the app-level token"
    SLACK_USER = "a user token"
    SLACK_OTHER = "a token of another kind"
    SLACK_SIGNING = "the signing secret"
    DISCORD = "the Discord token"
    UNKNOWN = "something else"


# How each kind begins, as people see it while they copy it.
BEGINS = {Kind.SLACK_BOT: "xoxb-", Kind.SLACK_APP: "xapp-"}

_SHAPES = (
    (Kind.SLACK_BOT, re.compile(r"xoxb-[0-9A-Za-z-]{1,250}")),
    (Kind.SLACK_APP, re.compile(r"xapp-[0-9A-Za-z-]{1,250}")),
    (Kind.SLACK_USER, re.compile(r"xoxp-.*")),
    (Kind.SLACK_OTHER, re.compile(r"(xox|xapp|xwfp).*")),
    # 32 hexadecimal digits; a verification token, which is retired, has 24 characters.
    (Kind.SLACK_SIGNING, re.compile(r"[0-9a-f]{32}")),
    # Three parts in base64; the first is the bot's number.
    (Kind.DISCORD, re.compile(r"[\w-]{17,40}\.[\w-]{5,10}\.[\w-]{25,120}")),
)
_WORD = re.compile(r"[!-~]{8,250}")


def kind_of(token: str) -> Kind:
    """Return what a token looks like."""
    return next(
        (kind for kind, shape in _SHAPES if shape.fullmatch(token)), Kind.UNKNOWN
    )


def mix_up(token: str, wanted: Kind) -> str:
    """Return what is wrong with the shape of a token, or nothing."""
    found = kind_of(token)
    begins = BEGINS.get(wanted)
    # What has no first letters of its own is for its platform to judge.
    is_open = begins is None and found is Kind.UNKNOWN
    if found is wanted or (is_open and _WORD.fullmatch(token)):
        return ""
    need = f"the one that starts with {begins}" if begins else wanted.value
    if found is Kind.UNKNOWN:
        return f"This does not look like {wanted.value}. We need {need}, all of it."
    return f"This is {found.value}. We need {need}."
