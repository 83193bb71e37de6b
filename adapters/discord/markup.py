"""From our texts to Discord's mark-up, and back for what a person wrote (pure)."""

import re

from bot.views.times import MOMENT, second_of
from bot.views.widgets import Line

PLATFORM = "discord"
# What Discord would read as mark-up, mentions, masked links or times, wherever it is.
_ANYWHERE = re.compile(r"[\\*_~`|<\[\]]|:(?=//)")
# And what means a heading, a quote or a list where a line begins.
_LINE_BEGIN = re.compile(r"^(\s*)(?:([>#+-])|([0-9]{1,9})\.)", re.MULTILINE)
# A backslash before a sign shows the sign; letters, digits and spaces keep theirs.
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_PIECES = re.compile(
    rf"\*\*(?P<bold>.+?)\*\*|(?P<moment>{MOMENT.pattern})"
    rf"|#{PLATFORM}/(?P<channel>[0-9]{{1,20}})",
    re.DOTALL,
)


def escape(words: str) -> str:
    """Return `words` so that Discord shows every sign of them as it stands."""
    words = _ANYWHERE.sub(lambda sign: f"\\{sign[0]}", words)
    return _LINE_BEGIN.sub(_escaped_beginning, words)


def unescape(shown: str) -> str:
    """Return the words that `escape` was given."""
    return _ESCAPED.sub(r"\1", shown)


def marked(text: str) -> str:
    """Return a text of ours in Discord's mark-up.

    Times are shown in each reader's own zone, channels as links; all else is escaped.
    """
    parts: list[str] = []
    end = 0
    for piece in _PIECES.finditer(text):
        parts += [escape(text[end : piece.start()]), _piece(piece)]
        end = piece.end()
    return "".join([*parts, escape(text[end:])])


def shown(line: Line) -> str:
    """Return a paragraph's words; its link stands behind them, without a preview."""
    words = marked(line.text)
    return f"{words} <{line.link}>" if line.link else words


def note(text: str) -> str:
    """Return a text in small letters, line by line."""
    return "\n".join(f"-# {line}" if line else line for line in text.split("\n"))


def code(text: str) -> str:
    """Return a text in letters of equal width."""
    return f"```\n{text.replace('`', chr(0x2019))}\n```"


def _piece(piece: re.Match[str]) -> str:
    if piece["bold"]:
        return f"**{marked(piece['bold'])}**"
    if piece["channel"]:
        return f"<#{piece['channel']}>"
    second = second_of(piece[0])
    return piece[0] if second is None else f"<t:{second}:f>"


def _escaped_beginning(found: re.Match[str]) -> str:
    space, sign, number = found.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\."
