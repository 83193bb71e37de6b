"""What people see of a membership meter: people who say that they are members."""

from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.legal import LegalLine
from bot.core.petitions import Collects
from bot.core.receipts import Receipt
from bot.core.records import PostKind
from bot.core.signing_forms import PetitionForm
from bot.views import cards, organizing, petition_forms, petitions
from bot.views.kinds import result_card
from bot.views.scene import Scene
from bot.views.widgets import FORM_FIELDS_MAX, Buttons, Card, Chart, Line
from tests.core.petition import JOIN_LINK, MEMBERS
from tests.fakes.workplace import labels, words
from tests.views.drives import CONSOLE, NOON, SCENES
from tests.views.test_petitions import WEEK, ended, petition, said

METER = petition(MEMBERS)
TEN_PERCENT = LegalLine(
    percent=10, since="2026-04-06", link="https://example.org/rule", words="To apply."
)


def links(card: Card) -> list[str]:
    """Return what people can press that leads out of the chat."""
    return [each.link for each in card.blocks if isinstance(each, Line) and each.link]


def test_post_counts_members_and_says_where_to_join() -> None:
    """The link stands above the buttons, and once."""
    blocks = petitions.open_blocks(METER, next_count=NOON, scene=CONSOLE)
    shown = [block for block in blocks if isinstance(block, Line | Buttons)]
    link = next(at for at, block in enumerate(shown) if getattr(block, "link", ""))
    buttons = next(at for at, each in enumerate(shown) if isinstance(each, Buttons))

    assert [getattr(block, "link", "") for block in shown].count(JOIN_LINK) == 1
    assert link < buttons
    assert "people who say that they are in the union" in said(METER)


def test_no_other_petition_has_a_link() -> None:
    """A petition for names leads nowhere."""
    assert links(result_card(petition(), CONSOLE, next_count=NOON)) == []
    assert "https" not in said(petition())


@pytest.mark.parametrize(
    ("floor", "shown"),
    [
        (0, "About 800 people work here, as the organizers say."),
        (10, "At a count, at least 10 of about 800 people said that they are members."),
        (20, "20 reached. At a count, at least 20 of about 800 people said that they"),
    ],
)
def test_progress_speaks_of_members(floor: int, shown: str) -> None:
    """Of how many is what the organizers told, not how large the channel is."""
    drive = petition(MEMBERS, floor=floor)

    assert shown in said(drive)
    assert "signed" not in said(drive)


@pytest.mark.parametrize("floor", [0, 10, 20])
def test_a_number_of_the_organizers_is_called_theirs(floor: int) -> None:
    """At each count too: it decides what share of people the floor seems to be."""
    assert "About 800 people work here, as the organizers say." in said(
        petition(MEMBERS, floor=floor)
    )


def test_without_a_number_of_the_organizers_it_is_the_channel() -> None:
    """Nobody says then that the organizers said it."""
    shown = said(petition(replace(MEMBERS, people=0)))

    assert "About 60 people can answer." in shown


def test_bar_says_the_same() -> None:
    """Whoever hears the picture hears of members."""
    drive = petition(MEMBERS, floor=10)
    blocks = petitions.open_blocks(drive, next_count=NOON, scene=CONSOLE)
    (chart,) = (block for block in blocks if isinstance(block, Chart))

    assert "at least 10 of about 800 people said that they are members" in (
        chart.alt_text
    )


@pytest.mark.parametrize(("floor", "reached"), [(75, False), (90, True)])
def test_ten_percent_of_the_workers(floor: int, *, reached: bool) -> None:
    """A line of the law is measured against what the organizers know."""
    scene = replace(CONSOLE, legal_lines=(TEN_PERCENT,))
    shown = said(petition(replace(MEMBERS, threshold=100), floor=floor), scene=scene)

    assert "10 % of about 800 people is 80." in shown
    assert ("at least 80 people said that they are members" in shown) is reached


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_form_asks_for_no_name(scene: Scene) -> None:
    """One check mark, who can see it, and where people join who are none yet."""
    form = petitions.sign_form(METER, scene)

    assert [field.label for field in form.fields] == ["Yes, I am a member"]
    assert JOIN_LINK in [line.link for line in form.blocks]
    assert "said you are a member" in words(form)


def test_taking_it_back_speaks_of_no_name() -> None:
    """No name was given, so none is taken off."""
    form = petitions.withdraw_form(METER, CONSOLE)

    assert form.fields[0].label == "Yes, no longer count me"
    assert "your name" not in words(form).lower()


def test_everybody_reads_where_to_join_in_the_reply() -> None:
    """The reply is one for all, whatever was sent, so that it has the link for all."""
    receipt = Receipt(next_count=NOON, code="AAAA " * 6 + "BB", mark="0" * 16)
    card = petitions.received(METER, receipt)

    assert links(card) == [JOIN_LINK]
    assert "name" not in words(card)
    assert labels(card)[-1] == "Don't count me"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_who_is_no_member_yet(scene: Scene) -> None:
    """They get the link, and read who may see that they looked."""
    card = petitions.not_yet(METER, scene)

    assert links(card) == [JOIN_LINK]
    assert "Nothing was recorded" in words(card)
    assert "Who can see what:" in words(card)
    assert labels(card) == ["I am a member"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (80, "80 of about 800 people said that they are members. No names"),
        (None, "Fewer than 25 of about 800 people said that they are members."),
    ],
)
def test_result_speaks_of_members(count: int | None, shown: str) -> None:
    """It is what people said; the union's own list is another thing."""
    card = result_card(ended(count, MEMBERS), CONSOLE, next_count=NOON)

    assert shown in words(card)
    assert "signed" not in words(card)


def test_result_below_the_number() -> None:
    """From 25 on the count is told, and what it is not."""
    drive = ended(30, replace(MEMBERS, threshold=80))
    shown = words(result_card(drive, CONSOLE, next_count=NOON))

    assert "30 of about 800 people said that they are members." in shown
    assert "the union's own list of members counts" in shown


def test_file_needs_no_key_holder() -> None:
    """What is posted at the end is for anybody who checks."""
    shown = said(ended(80, MEMBERS), PostKind.CERTIFICATE)

    assert "roundrobin verify" in shown
    assert "holders" not in shown


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (State.OPEN, "Count of members breaks. Open until"),
        (State.CLOSING, "It is being counted."),
        (State.PUBLISHED, "Count of members breaks. Closed."),
    ],
)
def test_lists_call_it_what_it_is(state: State, shown: str) -> None:
    """In the list it is a count of members, with a button that says so."""
    card = cards.drive_list([petition(MEMBERS, state)], CONSOLE)

    assert shown in words(card)
    assert ("I am a member" in labels(card)) is (state is State.OPEN)


def test_organizers_look_at_the_link_before_they_start() -> None:
    """Author and second organizer see where it leads, and whose number it is."""
    drive = petition(MEMBERS, State.DRAFT)
    preview = organizing.preview(drive, WEEK, CONSOLE, alone=True)
    confirm = organizing.confirm_start(drive, WEEK)

    for card in (preview, confirm):
        assert JOIN_LINK in links(card)
        assert "about 800 people, because you said so" in words(card)
        assert "Asked for: no name." in words(card)
        assert "key holders" not in words(card)
    assert "Start the count of members" in words(organizing.confirm_list([drive], []))


def test_counting_alone_promises_no_list_of_names() -> None:
    """Organizers of a count are not told of key holders that there are not."""
    drive = petition(replace(MEMBERS, collects=Collects.COUNT, link=""), State.DRAFT)

    assert "key holders" not in words(organizing.confirm_start(drive, WEEK))


def test_form_of_a_meter() -> None:
    """The first four fields are all that it needs; no form of it has key holders."""
    value = PetitionForm(text="We are members.", link=JOIN_LINK)
    form = petition_forms.meter_form("membership", CONSOLE, value=value)
    fields = [field.name for field in form.fields]

    assert fields[:FORM_FIELDS_MAX] == ["text", "link", "threshold", "people"]
    assert not {"trustees", "ask", "kind", "employer"} & set(fields)
    assert {field.name: field.value for field in form.fields}["link"] == JOIN_LINK


def test_form_of_a_showing_of_interest() -> None:
    """On Discord too, whoever makes one can name the employer."""
    form = petition_forms.interest_form("interest", CONSOLE, value=PetitionForm())
    fields = [field.name for field in form.fields]

    assert fields[:FORM_FIELDS_MAX] == ["text", "threshold", "trustees", "employer"]
    assert "kind" not in fields
