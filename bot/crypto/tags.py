"""Where an identity ends: the first tag of the cascade (protocol.md §6, gate only)."""

from bot.core.actors import Actor
from bot.core.ballots import Tag
from bot.core.manifest import DriveId
from bot.core.records import OrganizerTag
from bot.crypto.prf import ORGANIZER, TAG1, prf, with_length


def make_tag(k_gate: bytes, drive_id: DriveId, actor: Actor) -> Tag:
    """Return t1: the same for one account in one drive, unlinkable without k_gate."""
    return Tag(prf(k_gate, TAG1, drive_id + _account(actor)))


def make_organizer_tag(k_org: bytes, actor: Actor) -> OrganizerTag:
    """Return what stands for an organizer in the database."""
    return OrganizerTag(prf(k_org, ORGANIZER, _account(actor)))


def _account(actor: Actor) -> bytes:
    platform, team = actor.platform.encode(), actor.team.encode()
    return with_length(platform) + with_length(team) + with_length(actor.user.encode())
