"""`init` at a terminal: a conversation that can be stopped, and goes on."""

from bot.cli.setup.conversation import begin, go_on

__all__ = ["begin", "go_on"]
