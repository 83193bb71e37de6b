"""People can read the texts, and none of them promises what nobody can keep."""

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest

from bot import views
from bot.core import errors
from bot.core.errors import Refused
from bot.views import ceremony, setup, text

# A grade for a handful of words says nothing: one long word decides it.
WORDS_MIN = 15
GRADE_MAX = 8.0
# What the placeholders stand for in a sentence: the usual case, not the longest.
SAMPLES = {
    "question": "Do we want it?",
    "closes": "Friday",
    "expires": "Friday",
    "time": "Friday",
    "next_count": "Friday",
}

PROMISES = re.compile(
    r"anonym|\bsecur|\bsafe\b|\bsafely\b|\bsafer\b|guarantee|100\s?%|untraceable"
    r"|\bimpossible\b|\btrust us\b|\bprivate\b(?! repl)",
    re.IGNORECASE,
)


def strings(value: object) -> Iterator[str]:
    """Yield the texts in a constant."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from strings(each)


def constants(module: ModuleType) -> dict[str, list[str]]:
    """Return the texts of a module's constants, by name."""
    return {
        name: list(strings(value))
        for name, value in vars(module).items()
        if name.isupper()
    }


def refusals() -> dict[str, str]:
    """Return each refusal's words, by its name."""
    return {
        name: " ".join((value.__doc__ or "").split())
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Refused)
    }


def text_modules() -> list[ModuleType]:
    """Return the modules that hold nothing but what people read."""
    names = [each.name for each in pkgutil.iter_modules(views.__path__)]
    found = [name for name in names if name.endswith("text")]
    assert len(found) > 1
    return [importlib.import_module(f"bot.views.{name}") for name in found]


TEXTS = [
    (name, words)
    for module in (ceremony, setup, *text_modules())
    for name, several in constants(module).items()
    for words in several
] + list(refusals().items())


def filled(words: str) -> str:
    """Return a text with something ordinary for each placeholder."""

    class Samples(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return SAMPLES.get(key, "ten")

    return string.Formatter().vformat(words, (), Samples()).replace("**", "")


def syllables(word: str) -> int:
    """Return roughly how many syllables an English word has, rather too many."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith("le") and groups > 1
    return max(1, groups - silent)


def grade(words: str) -> float:
    """Return the Flesch-Kincaid grade: the years of school a text asks for."""
    sentences = [part for part in re.split(r"[.!?\n]+", words) if part.strip()]
    said = re.findall(r"[A-Za-z0-9'’\-–]+", words)
    per_sentence = len(said) / len(sentences)
    per_word = sum(map(syllables, said)) / len(said)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def test_grades_tell_hard_from_easy() -> None:
    """The measure itself works: a control at each end."""
    hard = (
        "Notwithstanding the aforementioned considerations, organizational "
        "communications necessitate comprehensive confidentiality arrangements"
    )

    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade(hard) > 16


@pytest.mark.parametrize(("name", "words"), TEXTS, ids=[name for name, _ in TEXTS])
def test_text_promises_nothing(name: str, words: str) -> None:
    """No text uses a word that people would rely on."""
    assert not PROMISES.search(words), name


@pytest.mark.parametrize(
    ("name", "words"),
    [pair for pair in TEXTS if len(pair[1].split()) >= WORDS_MIN],
    ids=[name for name, words in TEXTS if len(words.split()) >= WORDS_MIN],
)
def test_text_is_easy_to_read(name: str, words: str) -> None:
    """Eight years of school are enough for each text."""
    assert grade(filled(words)) <= GRADE_MAX, name


def test_all_texts_together_are_easier() -> None:
    """Six years of school are enough on average."""
    together = "\n".join(filled(words) for _, words in TEXTS)

    assert grade(together) <= 6


@pytest.mark.parametrize(
    "words", constants(text)["LEVEL"] + list(text.PLATFORM.values())
)
def test_inserted_words_hold_no_placeholder(words: str) -> None:
    """What is put into sentences is no sentence with a gap."""
    assert "{" not in words


@pytest.mark.parametrize("platform", ["slack", "discord", "console"])
def test_platforms_have_all_texts(platform: str) -> None:
    """A text that differs between platforms exists for each of them."""
    by_platform = [
        value
        for module in text_modules()
        for value in vars(module).values()
        if isinstance(value, dict) and "slack" in value
    ]

    assert by_platform
    assert all(platform in value for value in by_platform)


@pytest.mark.parametrize(
    "said", [*text.SEEN_IN_POST.values(), *text.SEEN_IN_FORM.values()]
)
def test_who_sees_what_says_who_could_cheat(said: str) -> None:
    """Before every answer: what is shown, who sees it, and who could cheat."""
    assert said.startswith("**Who can see what:**")
    assert "rounded totals only, never who" in said
    assert "The person who runs this bot could cheat" in said


@pytest.mark.parametrize(
    "module", [ceremony, *text_modules()], ids=lambda each: each.__name__
)
def test_only_sentences_stand_in_the_module(module: ModuleType) -> None:
    """The modules of texts compute nothing."""
    assert not [v for v in vars(module).values() if isinstance(v, FunctionType)]


@pytest.mark.parametrize(("name", "words"), refusals().items())
def test_refusal_says_first_what_became_of_the_answer(name: str, words: str) -> None:
    """A refused person reads at once whether something was recorded."""
    outcomes = (
        "Nothing was recorded.",
        "Nothing was changed.",
        "Nothing was started.",
        "Your answer was not recorded.",
    )

    assert any(outcome in words for outcome in outcomes), name
