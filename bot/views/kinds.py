"""What stands in channels about a drive, for each kind of drive: one small table."""

from collections.abc import Callable
from typing import Protocol

from bot.core.petitions import PetitionTerms
from bot.core.records import Drive, Post
from bot.core.terms import BoxTerms, PollTerms
from bot.views import boxes, petitions, posts
from bot.views.scene import Scene
from bot.views.widgets import Card


class _PostCard(Protocol):
    def __call__(
        self, post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes
    ) -> Card:
        """Return what a post shows."""
        ...


_POSTS: dict[type, _PostCard] = {
    PollTerms: posts.post_card,
    BoxTerms: boxes.post_card,
    PetitionTerms: petitions.post_card,
}
_RESULTS: dict[type, Callable[[Drive, Scene, int], Card]] = {
    PollTerms: lambda drive, scene, at: posts.result_card(drive, scene, next_count=at),
    BoxTerms: lambda drive, scene, at: boxes.result_card(drive, scene, next_count=at),
    PetitionTerms: lambda drive, scene, at: petitions.result_card(
        drive, scene, next_count=at
    ),
}


def post_card(
    post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes = b""
) -> Card:
    """Return what a post shows; `file` is a certificate file, for that post."""
    card = _POSTS[type(drive.terms)]
    return card(post, drive, next_count=next_count, scene=scene, file=file)


def result_card(drive: Drive, scene: Scene, *, next_count: int = 0) -> Card:
    """Return what everybody may know of a drive now, organizers too."""
    return _RESULTS[type(drive.terms)](drive, scene, next_count)
