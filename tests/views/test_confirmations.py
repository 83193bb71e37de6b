"""Confirmations: what is said before the choice, what is sent, and what is answered."""

from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.name_boxes import SignedName
from bot.core.receipts import Receipt
from bot.core.signing_forms import PetitionForm
from bot.views import (
    confirmation_text,
    confirmations,
    organizing,
    petition_forms,
    petitions,
)
from bot.views.scene import Scene
from bot.views.widgets import FORM_FIELDS_MAX, Card, FieldType, Line
from tests.fakes.workplace import labels, words
from tests.views.drives import CONSOLE, NOON, SCENES, a_drive
from tests.views.test_petitions import INTEREST, KINDS, WEEK, petition

CONFIRMS = replace(INTEREST, confirms=True)
SIGNED = SignedName(
    drive_id=a_drive().drive_id,
    name="Mei Lin",
    contact="mei@example.org",
    phone="+1 555 0100",
    language="en",
    employer="Ware House",
    date="2026-11-24",
)
RECEIPT = Receipt(next_count=NOON, code="AAAA " * 6 + "BB", mark="0" * 16)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_cost_stands_beside_the_choice(scene: Scene) -> None:
    """Nothing is chosen beforehand, and consent is one field with the choice."""
    form = petitions.sign_form(petition(CONFIRMS), scene)
    consent = form.fields[-1]

    assert len(form.fields) <= FORM_FIELDS_MAX
    assert (consent.name, consent.type) == ("consent", FieldType.ONE)
    assert consent.options == (confirmation_text.YES, confirmation_text.NO)
    assert consent.required
    assert not consent.value
    assert "A message that says you signed stays in this account." in words(form)
    assert ("employer can read it" in words(form)) is (scene.platform != "console")


@pytest.mark.parametrize("terms", KINDS, ids=lambda terms: terms.collects.value)
def test_without_confirmations_nothing_is_said_of_them(terms) -> None:
    """They are off by default, and the form is what it always was."""
    form = petitions.sign_form(petition(terms), CONSOLE)

    assert form.fields[-1].type is FieldType.CHECK
    assert "confirmation" not in words(form)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_message_repeats_all_that_was_signed(scene: Scene) -> None:
    """The six things that the rule names, the way back, and who can read it."""
    drive = petition(CONFIRMS)
    card = confirmations.confirmation(drive, SIGNED, scene)
    shown = words(card)

    for part in (
        *("Name: Mei Lin", "Contact: mei@example.org", "Phone: +1 555 0100"),
        *("Employer: Ware House", "Language of the text: en", "2026-11-24"),
        *(CONFIRMS.title, CONFIRMS.text),
        "You can take your name off until",
        "until you empty it",
    ):
        assert part in shown
    assert labels(card) == ["Take my name off", "Empty this message"]
    assert RECEIPT.code not in shown


def test_lock_screen_shows_nothing_of_it() -> None:
    """What a phone shows first is neutral."""
    card = confirmations.confirmation(petition(CONFIRMS), SIGNED, CONSOLE)
    first = next(block.text for block in card.blocks if isinstance(block, Line))

    assert first == "You asked for this message."


def test_name_changes_nothing_around_it() -> None:
    """Stars in a name make nothing bold, and it stays on its line."""
    signed = replace(SIGNED, name="**Mei** \u05d0")
    card = confirmations.confirmation(petition(CONFIRMS), signed, CONSOLE)

    assert "Name: \u2068*Mei* \u05d0\u2069" in words(card)


def test_what_was_not_asked_for_has_no_line() -> None:
    """An empty detail is left out."""
    card = confirmations.confirmation(
        petition(CONFIRMS), replace(SIGNED, employer=""), CONSOLE
    )

    assert "Employer" not in words(card)
    assert "Team or place" not in words(card)


@pytest.mark.parametrize(
    ("sent", "first"),
    [(True, confirmation_text.SENT), (False, confirmation_text.NOT_SENT)],
)
def test_reply_to_who_asked_for_one(first: str, *, sent: bool) -> None:
    """It says that they signed, whether it was sent, and has all that others read."""
    drive = petition(CONFIRMS)
    card = confirmations.confirmed(drive, RECEIPT, sent=sent)

    assert card.blocks[0] == Line(text=first)
    assert card.blocks[2:] == petitions.received(drive, RECEIPT).blocks[1:]
    assert first.startswith("**You signed.**")
    assert "same message" not in words(card)


def test_reply_to_all_others_says_whose_it_is() -> None:
    """Not everyone gets it, where some ask for a confirmation."""
    card = petitions.received(petition(CONFIRMS), RECEIPT)

    assert "Everyone who asks for no confirmation gets this same message." in (
        words(card)
    )


def test_fields_say_that_a_confirmation_repeats_them() -> None:
    """No hint says that key holders alone read what a message would repeat."""
    offered, not_offered = (
        [field.hint for field in petitions.sign_form(petition(t), CONSOLE).fields[1:3]]
        for t in (CONFIRMS, INTEREST)
    )

    assert all("in the confirmation" in hint for hint in offered)
    assert not_offered == ["Only the key holders read it."] * 2


def test_taking_a_name_off_says_what_stays() -> None:
    """It is said to everybody, whoever was sent one."""
    shown = words(petitions.withdraw_form(petition(CONFIRMS), CONSOLE))

    assert confirmation_text.OFF_STAYS in shown
    assert confirmation_text.OFF_STAYS not in words(
        petitions.withdraw_form(petition(INTEREST), CONSOLE)
    )


def drafts(terms) -> list[Card]:
    """Return what author and second organizer read of a draft."""
    drive = petition(terms, State.DRAFT)
    return [
        organizing.preview(drive, WEEK, CONSOLE, alone=True),
        organizing.confirm_start(drive, WEEK),
    ]


def test_organizers_read_the_cost_before_they_start() -> None:
    """With them on, both read who can see the message; with them off, that it is so."""
    for card in drafts(CONFIRMS):
        assert "the employer can read who signed" in words(card)
    for card in drafts(INTEREST):
        assert "Nobody is sent a confirmation." in words(card)
    for card in drafts(KINDS[0]):
        assert "confirmation" not in words(card)


def test_form_offers_none_by_itself() -> None:
    """The field of the organizers' form says no until somebody says yes."""
    form = petition_forms.interest_form("interest", CONSOLE, value=PetitionForm())
    field = next(each for each in form.fields if each.name == "confirmation")

    assert (field.options, field.value) == (("no", "yes"), "no")
    assert "employer may read it" in field.hint
