"""The trustees' commands: keygen, split, unseal. They need no installation.

Keys are random here, on the trustee's own machine: `bot.compose` belongs to the bot.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

import typer

from bot.cli import ceremony_files, opening
from bot.cli.shield import DONE, WRONG_USAGE, CannotDo, say
from bot.core.trustees import (
    TRUSTEES_MAX,
    LineMistyped,
    Trustees,
    encode_key_file,
    key_line,
    read_key_line,
)
from bot.crypto.petition_keys import (
    SEED_BYTES,
    parts_random_bytes,
    public_of_secret,
    public_of_seed,
    split_seed,
)
from bot.hardening import leave_no_memory_behind
from bot.views import ceremony

SECRET_BYTES = 32


def make_key(out: Path) -> int:
    """Write a new secret key, and print its public line."""
    leave_no_memory_behind()
    typer.echo(write_key(out))
    say(ceremony.KEY_MADE)
    return DONE


def write_key(out: Path) -> str:
    """Write a new secret key, and return its public line."""
    secret = secrets.token_bytes(SECRET_BYTES)
    ceremony_files.write_new(out, encode_key_file(secret))
    return key_line(public_of_secret(secret))


def split_key(
    lines: Sequence[str], *, needed: int | None, out: Path | None, words: int | None
) -> int:
    """Make a petition's key, split it, and print the line for the bot."""
    leave_no_memory_behind()
    if words is not None and not lines and out is None:
        typer.echo(_split_into_words(words, needed))
    elif words is None and lines and out is not None:
        typer.echo(split_into_boxes(lines, needed=needed, out=out))
    else:
        say(ceremony.SPLIT_HOW)
        return WRONG_USAGE
    say(ceremony.SPLIT_HERE)
    return DONE


def split_into_boxes(lines: Sequence[str], *, needed: int | None, out: Path) -> str:
    """Split a new key into boxes for these key holders; return the bot's line."""
    try:
        keys = [read_key_line(line) for line in lines]
    except LineMistyped:
        raise CannotDo(ceremony.LINE_MISTYPED) from None
    if len(set(keys)) < len(keys):
        raise CannotDo(ceremony.LINE_TWICE)
    enough = more_than_half(len(keys)) if needed is None else needed
    if not 1 <= enough <= len(keys) <= TRUSTEES_MAX:
        raise CannotDo(ceremony.SPLIT_COUNT)
    shares = split_seed(
        secrets.token_bytes(SEED_BYTES),
        keys,
        needed=enough,
        random=secrets.token_bytes(parts_random_bytes(len(keys), enough)),
    )
    ceremony_files.write_new(out, shares.encode())
    if enough == 1:
        say(ceremony.SPLIT_ONE_ALONE)
    return shares.trustees.line()


def more_than_half(count: int) -> int:
    """Return how many are needed where nobody says."""
    return count // 2 + 1


def unseal(
    file: Path,
    keys: Sequence[Path],
    *,
    shares: Path | None,
    words: bool,
    mark: str,
    outputs: opening.Outputs,
) -> int:
    """Open a petition's names and write them; with `words`, ask for them."""
    leave_no_memory_behind()
    if words is (shares is not None) or words is bool(keys):
        say(ceremony.UNSEAL_HOW)
        return WRONG_USAGE
    petition, trustees = opening.check_file(file, mark=mark)
    if shares is None:
        from bot.cli.word_entry import ask_words  # noqa: PLC0415 - few need it

        seed = ask_words(trustees.needed)
        typer.echo(ceremony.CHECK_WORDS)
    else:
        secret_keys = [ceremony_files.read_secret(path) for path in keys]
        seed = opening.seed_of(
            ceremony_files.read_shares(shares), secret_keys, trustees
        )
    opening.open_and_write(petition, trustees, seed, outputs)
    return DONE


def _split_into_words(people: int, needed: int | None) -> str:
    from bot.crypto.words import split_into_words  # noqa: PLC0415 - few need it

    enough = more_than_half(people) if needed is None else needed
    alone = people == enough == 1
    if not alone and not 2 <= enough <= people <= TRUSTEES_MAX:  # noqa: PLR2004 - SLIP-39
        raise CannotDo(ceremony.SPLIT_WORDS_COUNT)
    say(ceremony.WORDS_WARNING)
    seed = secrets.token_bytes(SEED_BYTES)
    for number, words in enumerate(
        split_into_words(seed, people=people, needed=enough), start=1
    ):
        typer.echo(ceremony.WORDS_OF.format(number=number, count=people))
        for at in range(0, len(words), 5):
            typer.echo("  " + " ".join(words[at : at + 5]))
        typer.echo("")
    trustees = Trustees(public=public_of_seed(seed), count=people, needed=enough)
    return trustees.line()
