"""From our one mark-up to Slack's: nothing that a person wrote becomes a mark (pure).

Ours is `**bold**`, moments and `#` with a channel's reference. Slack reads & < > and
* _ ~ ` as marks and has no escape for the last four: where one of those could begin a
mark, a look-alike stands in its place.
"""

import re

from adapters.slack.names import channel_of
from bot.views import text as texts
from bot.views.times import MOMENT, second_of

# Slack: 3,000 characters in a text of a block, marks included.
BLOCK_CHARS_MAX = 3_000
# Slack cuts a message's `text` at 4,000 characters where it shows it.
TEXT_CHARS_MAX = 4_000

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_OPENING = re.compile(r"(?<!\w)[*_~](?=\S)")
_LOOK_ALIKES = {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"}
_PLACE = re.compile(r"#(slack/[CG][A-Z0-9]+|discord/[0-9]+)")
_QUOTE = re.compile(r"^(?=&gt;)", re.MULTILINE)
# Keeps a sign at the beginning of a line from being one; nobody sees it.
_JOINER = "\u2060"


def marked(text: str) -> str:
    """Return a text of ours as Slack's mark-up."""
    parts = _BOLD.split(text)
    said = "".join(
        _bold(_inert(part)) if at % 2 else _inert(part) for at, part in enumerate(parts)
    )
    return _PLACE.sub(_channel, MOMENT.sub(_date, said))


def plain(text: str) -> str:
    """Return a text of ours without marks, for what Slack shows as it stands."""
    said = _BOLD.sub(r"\1", text)
    return _PLACE.sub(lambda found: found[1].partition("/")[0].capitalize(), said)


def linked(address: str) -> str:
    """Return a link that people can press; `bot.core.links` allows the address."""
    return f"<{address.replace('&', '&amp;')}>"


def chunks(text: str) -> list[str]:
    """Return `text` as Slack's mark-up, in pieces that each fit a block."""
    pieces: list[str] = []
    rest = text
    while rest:
        piece = rest
        while len(marked(piece)) > BLOCK_CHARS_MAX:
            piece = _shorter(piece)
        pieces.append(marked(piece))
        rest = rest[len(piece) :].lstrip()
    return pieces


def _shorter(piece: str) -> str:
    """Return a beginning of `piece` that ends with a line or a word, if it can."""
    piece = piece[: len(piece) * 3 // 4]
    for end in ("\n", " "):
        if end in piece.strip():
            return piece[: piece.rindex(end)]
    return piece


def _inert(text: str) -> str:
    """Return a text in which nothing is a mark."""
    text = text.replace("`", _LOOK_ALIKES["`"])
    text = _OPENING.sub(lambda found: _LOOK_ALIKES[found[0]], text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _QUOTE.sub(_JOINER, text)


def _bold(text: str) -> str:
    """Return a text in bold, line by line: Slack's bold ends with the line."""
    return "\n".join(
        f"*{line.strip()}*" if line.strip() else "" for line in text.split("\n")
    )


def _date(found: re.Match[str]) -> str:
    second = second_of(found[0])
    if second is None:
        return found[0]
    return f"<!date^{second}^{{date_short_pretty}}, {{time}}|{found[0]}>"


def _channel(found: re.Match[str]) -> str:
    channel = channel_of(found[1])
    return f"<#{channel}>" if channel else texts.PLATFORM["discord"]
