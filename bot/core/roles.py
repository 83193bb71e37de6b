"""Who may do what among organizers, as a literal table.

Roles are given by organizers alone: an administrator of the workspace has none.
"""

from enum import StrEnum

from bot.core.errors import LeadOnly, NotAnOrganizer
from bot.core.records import Role

# A page and a message list them all with their buttons: Discord allows 40 components.
ORGANIZERS_MAX = 12

# One is drawn at random for each organizer: it says nothing about the person.
LABELS = tuple(
    (  # noqa: SIM905 - names stand better in lines than in a column
        "Avocet Bittern Brambling Bunting Chough Coot Crake Crane Curlew Dipper "
        "Dotterel Dunlin Dunnock Eider Falcon Fieldfare Finch Fulmar Gadwall Gannet "
        "Godwit Goldcrest Grebe Heron Hobby Jackdaw Kestrel Kingfisher Knot Lapwing "
        "Linnet Magpie Martin Merlin Nightjar Nuthatch Oriole Osprey Ouzel Pipit "
        "Plover Pochard Redpoll Redstart Robin Sanderling Scoter Shrike Siskin Skylark "
        "Snipe Starling Stint Stonechat Swift Teal Tern Thrush Treecreeper Turnstone "
        "Twite Wagtail Warbler Waxwing Wheatear Whimbrel Whinchat Wigeon Wren Yaffle"
    ).split()
)


class Act(StrEnum):
    """What an organizer can do."""

    SEE = "see organizers' pages"
    DRAFT = "make a poll"
    CONFIRM = "confirm what another organizer asks for"
    CLOSE = "close a poll early"
    CASES = "read and answer reports"
    INVITE = "invite an organizer"
    REMOVE = "remove an organizer"
    PROMOTE = "make an organizer a lead"


_ORGANIZER = frozenset({Act.SEE, Act.DRAFT, Act.CONFIRM, Act.CLOSE, Act.CASES})
_LEAD = frozenset({Act.INVITE, Act.REMOVE, Act.PROMOTE})

ACTS: dict[Role, frozenset[Act]] = {
    Role.ORGANIZER: _ORGANIZER,
    Role.LEAD: _ORGANIZER | _LEAD,
}


def check(role: Role | None, act: Act) -> None:
    """Raise unless somebody with this role may do `act`.

    Who never was an organizer and who was removed read the same words.
    """
    if role is None:
        raise NotAnOrganizer
    if act not in ACTS[role]:
        raise LeadOnly
