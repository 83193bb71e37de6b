"""The counter: a short-lived process that opens, counts and releases."""

from bot.counter.steps import count_once

__all__ = ["count_once"]
