"""The router: from a request to what the person sees next."""

from bot.router.router import Router

__all__ = ["Router"]
