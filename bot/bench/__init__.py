"""`roundrobin bench`: how close the bot comes to the limits of its machine."""

from bot.bench.run import main

__all__ = ["main"]
