"""Shows in channels what the gate has to say there, each post once, in order."""

import asyncio
from contextlib import suppress

from bot import log
from bot.core.errors import Refused
from bot.core.records import Drive, MarkPosted, Post, PostKind
from bot.core.terms import BoxTerms
from bot.gate import Gate
from bot.platforms import is_of
from bot.ports import Platform, StorageError, Store
from bot.requests import NeverShown, NotShown
from bot.views.casework import digest_card
from bot.views.kinds import post_card
from bot.views.scene import Scene
from bot.views.widgets import Card

# What a platform did not take is offered again after this, and twice as long each time.
RETRY_SECONDS_MIN = 2.0
RETRY_SECONDS_MAX = 5 * 60.0
# Somebody has to mend something first; no sooner than this is it looked at again.
MENDED_SECONDS = 10 * 60.0


class Outbox:
    """Delivers the posts of one platform. The store knows which wait.

    Kept here is only when each channel may be written to again, by the loop's clock.
    """

    def __init__(
        self,
        gate: Gate,
        store: Store,
        scene: Scene,
        platform: Platform,
        *,
        pace_seconds: float = 0.0,
    ) -> None:
        """Join the parts; `pace_seconds` lie between two messages in one channel."""
        self._gate = gate
        self._store = store
        self._scene = scene
        self._platform = platform
        self._pace_seconds = pace_seconds
        self._lock = asyncio.Lock()
        self._more = asyncio.Event()
        self._not_before: dict[str, float] = {}
        self._waited: dict[str, float] = {}

    def wake(self) -> None:
        """Look for posts now: the gate may have something to say."""
        self._more.set()

    async def keep(self) -> None:
        """Deliver what waits whenever there is something, until cancelled."""
        while True:
            self._more.clear()
            try:
                seconds = await self.deliver()
            except StorageError as fault:
                log.failure("posts_not_delivered", fault)
                seconds = RETRY_SECONDS_MAX
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._more.wait()

    async def deliver(self) -> float | None:
        """Show every post that may be shown now, and remember what the platform has.

        A channel that does not take a post now keeps all its later ones waiting; the
        other channels go on. Returns the seconds until one may be offered again, or
        None if none waits.
        """
        stuck = set[str]()
        async with self._lock:
            for post in await self._store.posts():
                if post.place in stuck or not self._is_ours(post):
                    continue
                if not await self._offer(post):
                    stuck.add(post.place)
        now = asyncio.get_running_loop().time()
        waits = [max(0.0, self._not_before.get(place, now) - now) for place in stuck]
        return min(waits, default=None)

    async def _offer(self, post: Post) -> bool:
        """Show a post if its channel may be written to; tell whether it is shown."""
        now = asyncio.get_running_loop().time()
        if self._not_before.get(post.place, now) > now:
            return False
        try:
            await self._show(post)
        except NotShown as refused:
            self._put_off(post, refused)
            return False
        self._waited.pop(post.place, None)
        if self._pace_seconds:
            later = asyncio.get_running_loop().time() + self._pace_seconds
            self._not_before[post.place] = later
        return True

    def _put_off(self, post: Post, refused: NotShown) -> None:
        log.failure("post_not_shown", refused, drive=post.drive_id)
        waited = self._waited.get(post.place, RETRY_SECONDS_MIN / 2)
        seconds = min(2 * waited, RETRY_SECONDS_MAX)
        self._waited[post.place] = seconds
        if isinstance(refused, NeverShown):
            seconds = MENDED_SECONDS
        seconds = max(seconds, refused.retry_after)
        self._not_before[post.place] = asyncio.get_running_loop().time() + seconds

    async def _show(self, post: Post) -> None:
        drive = self._drive(post)
        assert drive is not None
        try:
            card = await self._card(post, drive)
        except (Refused, StorageError) as fault:
            # A row that nobody wrote, of what its drive cannot have.
            log.failure("post_skipped", fault, drive=post.drive_id)
            return
        # Each release's counts are news, and their channel's own message.
        reference = "" if post.kind is PostKind.DIGEST else post.reference
        if reference:
            await self._platform.revise(post.place, reference, card)
        else:
            reference = await self._platform.post(post.place, card)
        await self._gate.commit(
            [
                MarkPosted(
                    drive_id=post.drive_id,
                    kind=post.kind,
                    place=post.place,
                    shown=post.wanted,
                    reference=reference,
                )
            ]
        )

    def _is_ours(self, post: Post) -> bool:
        """Tell whether a post is for this platform, and where its drive's terms say.

        Whoever writes the database could have a private channel's poll shown elsewhere.
        """
        drive = self._drive(post)
        if drive is None or post.place not in _places(post, drive):
            log.failure("post_of_no_place", drive=post.drive_id)
            return False
        return is_of(post.place, self._platform)

    def _drive(self, post: Post) -> Drive | None:
        drives = self._gate.drives()
        return next((d for d in drives if d.drive_id == post.drive_id), None)

    async def _card(self, post: Post, drive: Drive) -> Card:
        if post.kind is PostKind.DIGEST:
            tables = await self._gate.box_tables(drive)
            return digest_card(drive, tables, self._scene)
        is_file = post.kind is PostKind.CERTIFICATE
        return post_card(
            post,
            drive,
            next_count=self._gate.next_count(drive),
            scene=self._scene,
            file=await self._gate.file_of(drive) if is_file else b"",
        )


def _places(post: Post, drive: Drive) -> tuple[str, ...]:
    """Return where a drive's terms want a post of this kind."""
    if post.kind is not PostKind.DIGEST:
        return drive.terms.places
    return (drive.terms.digest,) if isinstance(drive.terms, BoxTerms) else ()
