"""The gate: takes answers, keeps time, and holds nothing that opens a ballot."""

from bot.gate.gate import Gate

__all__ = ["Gate"]
