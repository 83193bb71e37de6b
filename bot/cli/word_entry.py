"""Words typed from paper: each is checked as it comes, and none is ever repeated."""

import typer

from bot.cli.shield import CannotDo
from bot.crypto.words import (
    SHARE_WORDS,
    WordShare,
    WordsRefused,
    check_together,
    join_words,
    near_matches,
    read_share,
    read_word,
)
from bot.views import ceremony

BACK = "back"
# Nobody starts over so often; a program that feeds nonsense does.
TRIES_MAX = 100


def ask_line(prompt: str) -> str | None:
    """Return what a person types, without spaces around it; None at the end."""
    typer.echo(prompt, nl=False)
    try:
        return input().strip()
    except EOFError:
        typer.echo("")
        return None


def ask_words(needed: int) -> bytes:
    """Return the seed that the words of enough people give."""
    for line in (ceremony.WORDS_WARNING, ceremony.WORDS_HERE, ceremony.WORDS_BACK):
        typer.echo(line)
    shares: list[WordShare] = []
    for _ in range(TRIES_MAX):
        person = len(shares) + 1
        typer.echo(ceremony.WORDS_PERSON.format(number=person, needed=needed))
        try:
            together = [*shares, read_share(_ask_share())]
            check_together(together)
            shares = together
            if len(shares) == needed:
                return join_words(shares)
        except WordsRefused as refused:
            typer.echo(ceremony.WORDS_REFUSED[refused.trouble])
    raise CannotDo(ceremony.STOPPED)


def _ask_share() -> list[str]:
    """Return 20 words of the list, typed one by one or several on a line."""
    words: list[str] = []
    while len(words) < SHARE_WORDS:
        line = ask_line(ceremony.ASK_WORD.format(number=len(words) + 1))
        if line is None:
            raise CannotDo(ceremony.STOPPED)
        for typed in line.split():
            if not _take(typed, words):
                break
    return words[:SHARE_WORDS]


def _take(typed: str, words: list[str]) -> bool:
    """Add a word, or say what is wrong with it; whether the rest may be read."""
    if typed.lower() == BACK:
        del words[-1:]
        return False
    word = read_word(typed)
    if word is not None:
        words.append(word)
        typer.echo(ceremony.WORD_GOOD)
        return True
    near = near_matches(typed)
    if near:
        typer.echo(ceremony.WORD_NEAR.format(words=" or ".join(near)))
    else:
        typer.echo(ceremony.WORD_UNKNOWN)
    return False
