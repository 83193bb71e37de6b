"""The organizers' side as this gate wrote it; implements `bot.ports.Roll` (§9.4)."""

from typing import TypeVar

from bot.core.records import Drive, Invite, Organizer, Proposal
from bot.crypto.vouching import is_vouched
from bot.gate.book import Book
from bot.gate.vault import Vault
from bot.log import failure
from bot.ports import Store

_R = TypeVar("_R", Organizer, Invite, Proposal)


class Roll:
    """Reads rows about organizers, and passes over those that somebody else wrote."""

    def __init__(self, store: Store, vault: Vault, book: Book) -> None:
        """Join the parts."""
        self._store = store
        self._vault = vault
        self._book = book
        self._told = False

    async def drives(self) -> list[Drive]:
        """Return all drives that are shown."""
        return self._book.drives()

    async def organizers(self) -> list[Organizer]:
        """Return all organizers, by label."""
        return self._ours(await self._store.organizers())

    async def invite(self, digest: bytes) -> Invite | None:
        """Return the invite with this keyed digest."""
        invite = await self._store.invite(digest)
        if invite is None or not self._ours([invite]):
            return None
        return invite

    async def proposals(self) -> list[Proposal]:
        """Return what waits for a second organizer."""
        return self._ours(await self._store.proposals())

    def _ours(self, rows: list[_R]) -> list[_R]:
        ours = [row for row in rows if is_vouched(self._vault.k_org, row)]
        # Once: a row that stays there is read again and again.
        if len(ours) < len(rows) and not self._told:
            self._told = True
            failure("row_of_somebody_else")
        return ours
