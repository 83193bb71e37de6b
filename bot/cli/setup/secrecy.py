"""The passphrase: shown once, and two of its words typed back."""

import secrets
from functools import partial
from pathlib import Path

from bot import compose
from bot.cli.setup.person import ask, tell
from bot.compose import Founded
from bot.core.records import Party
from bot.ports import StorageError
from bot.views import setup as words

# Two of seven show that it was written down; all of them would be copied blindly.
WORDS_ASKED = 2
_ANEW = "again"


def show_and_check(founded: Founded) -> None:
    """Show each passphrase once, and ask for two of its words."""
    tell(words.PASSPHRASE.format(passphrase=founded.passphrase))
    _ask_words(founded.passphrase)
    if founded.counter_passphrase:
        tell(words.COUNTER_PASSPHRASE.format(passphrase=founded.counter_passphrase))
        _ask_words(founded.counter_passphrase)


def ask_whole(folder: Path) -> str:
    """Return the passphrase that was written down, or nothing to begin anew."""
    tell(words.TYPE_PASSPHRASE)
    typed = ask(
        words.PASSPHRASE_PROMPT,
        lambda typed: "" if typed == _ANEW else _fault_of(folder, typed),
        hidden=True,
    )
    return "" if typed == _ANEW else typed


def ask_again(folder: Path) -> str:
    """Return the passphrase, typed once more."""
    tell(words.PASSPHRASE_FOR_INVITE)
    return ask(
        words.PASSPHRASE_AGAIN_PROMPT,
        lambda typed: _fault_of(folder, typed),
        hidden=True,
    )


def _ask_words(passphrase: str) -> None:
    written = passphrase.split()
    dice = secrets.SystemRandom()
    for number in sorted(dice.sample(range(len(written)), WORDS_ASKED)):
        question = words.TYPE_WORD.format(number=number + 1)
        wrong = words.WRONG_WORD.format(number=number + 1)
        ask(question, partial(_fault_of_word, written[number], wrong))


def _fault_of_word(expected: str, wrong: str, typed: str) -> str:
    return "" if typed.lower() == expected else wrong


def _fault_of(folder: Path, typed: str) -> str:
    try:
        compose.check_passphrase(folder, typed, Party.GATE)
    except StorageError:
        return words.WRONG_PASSPHRASE
    return ""
