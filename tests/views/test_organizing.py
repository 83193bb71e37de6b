"""The messages that organizers read."""

from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.records import Drive, Organizer, OrganizerTag, ProposalKind, Role
from bot.core.roles import LABELS, ORGANIZERS_MAX
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from bot.views import organizing
from bot.views.widgets import ACTION_CHARS_MAX, Card, CardKind
from tests.fakes.workplace import buttons, labels, words
from tests.views.drives import (
    ALL_TERMS,
    CONSOLE,
    DAY,
    DISCORD,
    LONG,
    LUNCH,
    NOON,
    SLACK,
    WEEK,
    a_drive,
)

ORGANIZERS = [
    Organizer(
        tag=OrganizerTag(bytes([number]) * 32),
        role=Role.ORGANIZER if number else Role.LEAD,
        label=LABELS[number],
    )
    for number in range(ORGANIZERS_MAX)
]
LEAD, OTHER = ORGANIZERS[0], ORGANIZERS[1]


def draft(terms: PollTerms = LUNCH) -> Drive:
    """Return a draft of a poll."""
    return a_drive(terms, State.DRAFT)


def keeps_limits(card: Card) -> bool:
    """Tell whether a card fits Slack and Discord."""
    return (
        len(card.blocks) + len(buttons(card)) <= 40
        and len(words(card)) <= 4000
        and all(len(button.action) <= ACTION_CHARS_MAX for button in buttons(card))
        and all(len(button.label) <= 75 for button in buttons(card))
    )


LONGEST = replace(LONG, segments=tuple("s" * 73 + f"{n:02}" for n in range(12)))
LONG_MULTI = replace(LONG, choice=Choice.MULTI)


@pytest.mark.parametrize("terms", [*ALL_TERMS, LONGEST, LONG_MULTI])
def test_previews_keep_the_platforms_limits(terms: PollTerms) -> None:
    """The longest poll can still be looked at before it starts."""
    assert keeps_limits(organizing.preview(draft(terms), WEEK, SLACK, alone=False))
    assert keeps_limits(organizing.confirm_start(draft(terms), WEEK))
    assert keeps_limits(organizing.waiting(draft(terms), NOON, CONSOLE))


def test_sample_that_cannot_be_is_left_out() -> None:
    """Where stricter terms show nothing for so few people, there is no sample."""
    card = organizing.confirm_start(draft(replace(LUNCH, audience=9)), WEEK)

    assert "sample" not in words(card)
    assert "Small group." in words(card)


@pytest.mark.parametrize(
    ("choice", "said"),
    [(Choice.SINGLE, "choose one of them"), (Choice.MULTI, "choose several of them")],
)
def test_a_second_organizer_sees_how_people_answer(choice: Choice, said: str) -> None:
    """It is decided with the question, and stands in none of its words."""
    card = organizing.confirm_start(draft(replace(LUNCH, choice=choice)), WEEK)

    assert said in words(card)


def test_preview_has_no_button_that_answers() -> None:
    """In a preview the answers are words: nothing can be tapped by mistake."""
    card = organizing.preview(draft(), WEEK, CONSOLE, alone=False)

    assert labels(card) == ["Ask a second organizer", "Change", "Not now"]
    assert "[Yes] [No] [Unsure]" in words(card)
    assert "Another organizer must agree before it starts." in words(card)
    assert "Counted: every 24 hours from the start" in words(card)


def test_buttons_of_a_draft_name_its_id() -> None:
    """Another draft of the same name has other buttons."""
    other = replace(draft(), drive_id=DriveId(bytes(16)))

    cards = [
        organizing.preview(each, WEEK, CONSOLE, alone=True) for each in (draft(), other)
    ]

    assert buttons(cards[0])[0] != buttons(cards[1])[0]


def test_poll_with_a_date_says_its_date() -> None:
    """A date stays the same whenever the poll starts."""
    dated = replace(draft(), length=0, closes_at=NOON + DAY)

    said = words(organizing.confirm_start(dated, WEEK))

    assert "Open until: 2026-11-25 12:00 UTC" in said


def test_list_of_what_waits() -> None:
    """Each thing that waits has a sentence and a button."""
    proposals = [
        ("ab", ProposalKind.CLOSE, "Paid lunch?"),
        ("cd", ProposalKind.REMOVE, "Robin"),
    ]

    card = organizing.confirm_list([draft()], proposals)

    assert [button.action for button in buttons(card)] == [
        "review:lunch:0001020304050607",
        "proposal:ab",
        "proposal:cd",
    ]
    assert "Paid lunch?\nAnother organizer wants to close it early." in words(card)
    assert "Robin\nAnother organizer wants to remove this organizer." in words(card)
    assert card.data["drives"] == [
        {
            "drive": "lunch",
            "kind": "poll",
            "state": "draft",
            "question": LUNCH.question,
        }
    ]


def test_long_list_of_what_waits_keeps_the_limits() -> None:
    """Two hundred drafts do not make a message that no platform takes."""
    assert keeps_limits(organizing.confirm_list([draft(LONG)] * 200, []))


def test_organizers_are_listed_by_labels() -> None:
    """A lead may change them, with a button for each; the reader is marked."""
    card = organizing.organizer_list(ORGANIZERS, LEAD)

    assert words(card).splitlines()[1:3] == ["• Avocet, lead (you)", "• Bittern"]
    assert "Make Bittern a lead" in labels(card)
    assert "Make Avocet a lead" not in labels(card)
    assert "Remove Avocet" in labels(card)
    assert keeps_limits(card)


def test_organizers_without_the_right_get_no_buttons() -> None:
    """Who may not change the list only reads it."""
    card = organizing.organizer_list(ORGANIZERS, OTHER)

    assert "• Bittern (you)" in words(card)
    assert not buttons(card)


@pytest.mark.parametrize(
    ("scene", "tell"),
    [(CONSOLE, "/rr confirm."), (DISCORD, "/rr organize, then Confirm.")],
)
def test_waiting_says_what_to_tell(scene, tell: str) -> None:
    """The bot writes to nobody, so the organizer must."""
    card = organizing.proposed(NOON + DAY, scene)

    assert f"Tell them: {tell}" in words(card)
    assert "before 2026-11-25 12:00 UTC" in words(card)


def test_invite_is_shown_with_its_end() -> None:
    """A code, how it is used, and until when."""
    card = organizing.invite("K7QM 2XTA", Role.ORGANIZER, NOON, CONSOLE)

    assert "K7QM 2XTA" in words(card)
    assert "until 2026-11-24 12:00 UTC" in words(card)
    assert card.data == {"invite": "K7QM 2XTA"}
    assert card.kind is CardKind.NOTICE
