"""`init` at a terminal: a conversation that can be stopped, and goes on."""

from bot.cli.setup.conversation import accounts_in_words, begin, go_on

__all__ = ["accounts_in_words", "begin", "go_on"]
