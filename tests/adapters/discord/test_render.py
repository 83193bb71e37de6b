"""Cards as Discord's messages: every one of them within its bounds."""

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render import channel_message, private_messages
from adapters.discord.shapes import PRIVATE, Message
from bot.core.errors import Refused, TextTooLong
from bot.core.petitions import PetitionTerms
from bot.core.receipts import Receipt
from bot.core.records import Post, PostKind
from bot.core.terms import Terms
from bot.views import cards
from bot.views.kinds import post_card
from bot.views.posts import drive_card, result_card
from bot.views.widgets import Button, Buttons, Card, CardKind, Chart, Line, Look
from tests.fakes.discord_format import Format, over_the_caps, walk
from tests.views.drives import ALL_TERMS, DISCORD, LUNCH, a_drive, published
from tests.views.test_boxes import cards as box_cards
from tests.views.test_petitions import BUTTONS, KINDS, petition

LONG = "x" * 300


def card(*blocks: Line | Buttons | Chart) -> Card:
    """Return a card of these blocks."""
    return Card(kind=CardKind.NOTICE, blocks=blocks)


def wrong(message: Message, *, flags: int = 0) -> list[str]:
    """Return what Discord would refuse in a message."""
    body = message.body(flags=flags)
    found = Format.load().wrong_part("MessageCreateRequest", body)
    return [*found, *over_the_caps(body)]


def texts(message: Message) -> list[str]:
    """Return the texts of a message, in order."""
    return [str(p["content"]) for p in message.components if p["type"] == 10]


def test_looks() -> None:
    """Headings, notes and codes have Discord's mark-up."""
    (message,) = private_messages(
        card(
            Line(text="Title", look=Look.HEADING),
            Line(text="**Words** by_us"),
            Line(text="small", look=Look.NOTE),
            Line(text="K7QM", look=Look.CODE),
        )
    )

    assert texts(message) == [
        "## Title",
        r"**Words** by\_us",
        "-# small",
        "```\nK7QM\n```",
    ]


def test_message_mentions_nobody() -> None:
    """Every message says that it mentions nobody; private ones say that they are."""
    (message,) = private_messages(card(Line(text="@everyone")))
    body = message.body(flags=PRIVATE)

    assert body["allowed_mentions"] == {"parse": []}
    assert body["flags"] == 32768 | 64


def test_chart_is_a_picture_with_words() -> None:
    """A chart is attached and its alt text says the same; without one words remain."""
    shown = result_card(published(LUNCH, 17, 10, 4), DISCORD)
    message = channel_message(shown, [b"\x89PNG"])
    without = channel_message(shown)

    (file,) = message.files
    assert file.name == "chart0.png"
    assert file.alt_text.startswith("Bar chart of the same")
    assert wrong(message) == []
    assert without.files == ()
    assert wrong(without) == []


def test_second_button_with_an_id_is_left_out() -> None:
    """Discord refuses two buttons with one id."""
    row = Buttons(buttons=(Button(action="privacy", label="Who can see what?"),))
    (message,) = private_messages(card(Line(text="x"), row, row))

    assert wrong(message) == []


@pytest.mark.parametrize("terms", ALL_TERMS, ids=lambda terms: terms.choice.value)
def test_posts_fit(terms: Terms) -> None:
    """The post of any poll is one message with a frame, and keeps all its buttons."""
    shown = drive_card(a_drive(terms), next_count=1, scene=DISCORD)
    message = channel_message(shown)
    body = cast("dict[str, Any]", message.body())
    pressed = [part for part in walk(body["components"]) if part["type"] == 2]
    buttons = [block.buttons for block in shown.blocks if isinstance(block, Buttons)]

    assert wrong(message) == []
    assert body["components"][0]["type"] == 17
    assert len(pressed) == sum(map(len, buttons))


@pytest.mark.parametrize("count", [1, 8, 30])
def test_menus_fit(count: int) -> None:
    """A menu and a list of any length are within the bounds."""
    drives = [a_drive(replace(LUNCH, name=f"poll{number}")) for number in range(count)]
    for shown in (
        cards.menu(drives, unknown_word=True),
        cards.drive_list(drives, DISCORD),
        cards.choose("Which?", drives, verb="answer", label="Answer"),
    ):
        for message in private_messages(shown):
            assert wrong(message, flags=PRIVATE) == []


@pytest.mark.parametrize(
    "shown",
    [
        cards.privacy(DISCORD),
        cards.help_page(DISCORD),
        cards.message_choice(DISCORD),
        cards.refusal(TextTooLong(label="question", limit=1), DISCORD),
        cards.refusal(Refused(), DISCORD),
        cards.code_receipt(
            a_drive(),
            Receipt(code="K7QM 2XTA 9F3D 4WRB H6NE 8YCP VG", mark="ab", next_count=1),
        ),
    ],
    ids=lambda shown: shown.kind.value,
)
def test_cards_fit(shown: Card) -> None:
    """Every private card is one message within the bounds."""
    (message,) = private_messages(shown)

    assert wrong(message, flags=PRIVATE) == []


BOX_CARDS = {
    f"{number} {shown.kind.value}": shown
    for number, shown in enumerate(box_cards(DISCORD))
}


@pytest.mark.parametrize("shown", BOX_CARDS.values(), ids=BOX_CARDS.keys())
def test_cards_about_reports_fit(shown: Card) -> None:
    """So does every message about reports, the longest too, or several together."""
    messages = private_messages(shown)
    labels = [
        part["label"]
        for message in messages
        for part in walk(cast("list[dict[str, Any]]", message.components))
        if part["type"] == 2
    ]
    ours = [
        button.action
        for block in shown.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    ]

    assert all(wrong(message, flags=PRIVATE) == [] for message in messages)
    assert len(labels) == len(set(ours))
    assert wrong(channel_message(shown)) == []


@pytest.mark.parametrize("terms", KINDS, ids=lambda terms: terms.collects.value)
def test_petitions_post_keeps_its_buttons(terms: PetitionTerms) -> None:
    """A text that is too long for a message is shortened; all else stands there."""
    drive = petition(replace(terms, text="_" * 2500, title="T" * 150))
    post = Post(drive_id=drive.drive_id, kind=PostKind.DRIVE, place="general")
    message = channel_message(post_card(post, drive, next_count=1, scene=DISCORD))
    shown = list(walk(cast("list[dict[str, Any]]", message.components)))

    assert wrong(message) == []
    assert [each["label"] for each in shown if each["type"] == 2] == [
        *BUTTONS[terms.collects],
        "Who can see what?",
    ]
    assert f"<{terms.link}>" in str(shown) or not terms.link
    assert any("Who can see what" in str(each.get("content")) for each in shown)
    assert "/rr results breaks" in str(shown[-1]["content"])


def test_long_card_becomes_several_messages() -> None:
    """What is too long for one message goes on in the next, cut between lines."""
    lines = [Line(text=f"{number} {LONG}") for number in range(40)]
    messages = private_messages(card(*lines))
    whole = "\n".join(text for message in messages for text in texts(message))

    assert len(messages) > 1
    assert all(wrong(message, flags=PRIVATE) == [] for message in messages)
    assert whole.count(LONG) == 40


LINES = st.builds(
    Line,
    text=st.text(min_size=1, max_size=9000).filter(str.strip),
    look=st.sampled_from(Look),
)
ROWS = st.lists(
    st.builds(
        Button,
        action=st.text("abc:", min_size=1, max_size=100),
        label=st.text("xyz", min_size=1, max_size=75),
    ),
    min_size=1,
    max_size=12,
).map(lambda buttons: Buttons(buttons=tuple(buttons)))


@given(st.lists(LINES | ROWS, min_size=1, max_size=30))
def test_any_card_fits(blocks: list[Line | Buttons]) -> None:
    """Whatever a card holds, no message is one that Discord would refuse."""
    for message in private_messages(card(*blocks)):
        assert over_the_caps(message.body()) == []
    assert over_the_caps(channel_message(card(*blocks)).body()) == []


def test_frame_is_left_out_where_it_does_not_fit() -> None:
    """Forty components leave no room for a frame around them."""
    rows = [
        Buttons(
            buttons=tuple(Button(action=f"a{n}:{each}", label="x") for n in range(3))
        )
        for each in range(10)
    ]
    message = channel_message(card(*rows))

    assert message.components[0]["type"] == 1
    assert wrong(message) == []
