"""Paper: a petition's letter, its names in rings, and its plain list, as one PDF."""

from bot.printing.paper import Printed, print_petition

__all__ = ["Printed", "print_petition"]
