"""Where a person's lines come from: a line editor, or lines as they are."""

import sys
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import DummyHistory, InMemoryHistory
from prompt_toolkit.shortcuts import CompleteStyle


class Ended(Exception):
    """The person left, or the input ended."""


class Questions(Protocol):
    """Where a person's lines come from."""

    async def next(self, prompt: str, *, kept: bool) -> str:
        """Return the next line, or raise `Ended`; `kept` lets arrow-up repeat it."""
        ...


class PipedQuestions:
    """Lines as they come: from a pipe, or from a terminal without any drawing."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        """Take lines from `lines`."""
        self._lines = lines

    async def next(self, prompt: str, *, kept: bool) -> str:
        """Return the next line."""
        del kept
        sys.stdout.write(prompt)
        sys.stdout.flush()
        try:
            return (await anext(self._lines)).decode(errors="replace").rstrip("\r")
        except StopAsyncIteration:
            raise Ended from None


class TerminalQuestions:
    """A line editor with completion."""

    def __init__(self, words: Callable[[], list[str]]) -> None:
        """Offer `words` as completions."""
        self._kept = PromptSession[str](
            history=InMemoryHistory(),
            completer=WordCompleter(words, sentence=True),
            complete_while_typing=False,
            # Completions are printed like a shell's; no room is kept free for a menu.
            complete_style=CompleteStyle.READLINE_LIKE,
            reserve_space_for_menu=0,
        )
        # What stands in a form is repeated by no key.
        self._forgotten = PromptSession[str](history=DummyHistory())

    async def next(self, prompt: str, *, kept: bool) -> str:
        """Return the next line."""
        editor = self._kept if kept else self._forgotten
        try:
            return await editor.prompt_async(prompt)
        except (EOFError, KeyboardInterrupt):
            raise Ended from None
