"""A person's account, for as long as one request lasts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Actor:
    """A person's account on a platform. It has no `repr`: it must not be printed.

    `team` is the workspace or server, `user` the platform's id of the account.
    """

    platform: str
    team: str
    user: str
    guest: bool = False
