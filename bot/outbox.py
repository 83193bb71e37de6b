"""Shows in channels what the gate has to say there, each post once, in order."""

import asyncio

from bot import log
from bot.core.errors import Refused, UnknownDrive
from bot.core.manifest import DriveId
from bot.core.records import Drive, MarkPosted, Post, PostKind
from bot.gate import Gate
from bot.ports import Platform, StorageError, Store
from bot.requests import NotShown
from bot.views.posts import post_card
from bot.views.scene import Scene
from bot.views.widgets import Card


class Outbox:
    """Delivers the posts that wait. The store knows which; here nothing is kept."""

    def __init__(self, gate: Gate, store: Store, scene: Scene) -> None:
        """Join the parts."""
        self._gate = gate
        self._store = store
        self._scene = scene
        self._lock = asyncio.Lock()

    async def deliver(self, platform: Platform) -> None:
        """Show every post that waits, and remember what the platform has.

        A drive whose post the platform does not take now (`NotShown`) waits, with all
        its later posts; the others go on. A post of no drive that is shown, or that
        its drive cannot have, is passed over.
        """
        stuck = set[DriveId]()
        async with self._lock:
            for post in await self._store.posts():
                if post.drive_id in stuck:
                    continue
                try:
                    await self._show(platform, post)
                except NotShown as error:
                    stuck.add(post.drive_id)
                    log.failure("post_not_shown", error, drive=post.drive_id)
                except (Refused, StorageError) as error:
                    # A row that nobody wrote, or of a poll that is held.
                    log.failure("post_skipped", error, drive=post.drive_id)

    async def _show(self, platform: Platform, post: Post) -> None:
        drive = self._drive(post)
        card = await self._card(post, drive)
        place, reference = drive.terms.place, post.reference
        if reference:
            await platform.revise(place, reference, card)
        else:
            reference = await platform.post(place, card)
        await self._gate.commit(
            [
                MarkPosted(
                    drive_id=post.drive_id,
                    kind=post.kind,
                    shown=post.wanted,
                    reference=reference,
                )
            ]
        )

    def _drive(self, post: Post) -> Drive:
        for drive in self._gate.drives():
            if drive.drive_id == post.drive_id:
                return drive
        raise UnknownDrive

    async def _card(self, post: Post, drive: Drive) -> Card:
        is_file = post.kind is PostKind.CERTIFICATE
        return post_card(
            post,
            drive,
            next_count=self._gate.next_count(drive),
            scene=self._scene,
            file=await self._gate.file_of(drive) if is_file else b"",
        )
