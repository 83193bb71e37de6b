"""Cards and forms as Slack takes them: judged by its schema, its SDK and its caps."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.marks import chunks, marked, plain
from adapters.slack.names import channel_of, reference_of, typed_channel
from adapters.slack.render import (
    direct_of,
    home_of,
    inputs_of,
    message_of,
    modal_of,
    page_of,
    private_of,
    refused_modal,
    text_of,
)
from bot.core.drives import State
from bot.core.polls import PollForm
from bot.core.receipts import Receipt
from bot.core.signing_forms import PetitionForm
from bot.views import cards, forms, petition_forms, petitions, posts, text
from bot.views.widgets import (
    Button,
    Buttons,
    Card,
    CardKind,
    Field,
    FieldType,
    Form,
    Line,
    Look,
)
from tests.core.petition import MEMBERS
from tests.fakes.slack_rules import SCHEMA, message_faults, view_faults
from tests.fakes.specs import require
from tests.views.drives import (
    ALL_TERMS,
    GROUPS,
    LONG,
    LUNCH,
    MULTI,
    NOON,
    NPS,
    SLACK,
    a_drive,
    published,
)
from tests.views.test_boxes import cards as box_cards
from tests.views.test_petitions import KINDS, petition

CODE = "K7QM 2XTA 9F3D 4WRB H6NE 8YCP VG"
CARDS = [
    cards.menu([a_drive()] * 12),
    cards.menu([], unknown_word=True),
    cards.drive_list([a_drive(LONG)] * 9, SLACK),
    cards.choose(text.WHICH_ANSWER, [a_drive()] * 3, verb="answer", label="Answer"),
    cards.received(a_drive(), NOON),
    cards.code_receipt(a_drive(), Receipt(next_count=NOON, code=CODE, mark="0" * 16)),
    cards.privacy(SLACK),
    cards.help_page(SLACK),
    cards.message_choice(SLACK),
    cards.fault(),
    posts.result_card(published(LUNCH, 20, 12, 3), SLACK),
    posts.result_card(published(NPS, *range(5, 16)), SLACK),
    posts.result_card(published(MULTI, 20, 12, 3, answers=30), SLACK),
    posts.result_card(a_drive(), SLACK, next_count=NOON),
    *[
        posts.drive_card(a_drive(terms, state), next_count=NOON, scene=SLACK)
        for terms in ALL_TERMS
        for state in (State.OPEN, State.CLOSING)
    ],
    *[
        Card(
            kind=CardKind.DRIVE,
            blocks=petitions.open_blocks(
                petition(terms, floor=20), next_count=NOON, scene=SLACK
            ),
        )
        for terms in KINDS
    ],
    petitions.not_yet(petition(MEMBERS), SLACK),
    petitions.received(
        petition(MEMBERS), Receipt(next_count=NOON, code=CODE, mark="0" * 16)
    ),
]
NEW = PetitionForm(text="We ask.", people="800")
FORMS = [
    *[petitions.sign_form(petition(terms), SLACK) for terms in KINDS],
    petitions.withdraw_form(petition(MEMBERS), SLACK),
    petition_forms.petition_form("petition", SLACK, value=NEW),
    petition_forms.interest_form("interest:slack/C012345", SLACK, value=NEW),
    petition_forms.meter_form("membership", SLACK, value=NEW),
    *[forms.answer_form(terms, SLACK) for terms in ALL_TERMS],
    *[forms.change_form(terms, SLACK) for terms in ALL_TERMS],
    forms.check_form("VG", SLACK),
    forms.join_form(SLACK),
    forms.poll_form("poll", SLACK, value=PollForm(question="", options="")),
    forms.poll_form(
        "poll:slack/C012345",
        replace(SLACK, elsewhere=("discord",)),
        value=PollForm(question="Q" * 150, options="Yes\nNo", extend=True),
    ),
]


def test_schema_is_there() -> None:
    """The published schema is read, where there is a copy of it."""
    assert "KnownBlock" in require(SCHEMA)["definitions"]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.kind)
def test_every_card_is_taken(card: Card) -> None:
    """As a message, a private one, a page of a window, and the home page."""
    for message in (message_of(card, picture="F0123456789"), private_of(card)):
        assert message_faults(message) == []
    for view in (page_of(card), home_of(card)):
        assert view_faults(view) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_every_form_is_taken(form: Form) -> None:
    """A form closes as a whole and carries nothing beside its fields."""
    view = modal_of(form)

    assert view_faults(view) == []
    assert view["clear_on_close"] is True
    assert "private_metadata" not in view
    assert inputs_of(view) == {field.name for field in form.fields}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda view: view["title"].update(text="t" * 25),
        lambda view: view["blocks"][-1]["label"].update(text=""),
        lambda view: view["blocks"][-1]["element"].update(max_length=4000),
        lambda view: view["blocks"][0]["text"].update(emoji=True),
        lambda view: view["blocks"].extend(view["blocks"][-1:]),
        lambda view: view["blocks"].extend([{"type": "divider"}] * 100),
        lambda view: view["blocks"][2].update(type="no_such_block"),
        lambda view: view.pop("submit"),
        lambda view: view.update(callback_id="c" * 256),
        lambda view: view["blocks"][-2]["element"]["options"].extend(
            view["blocks"][-2]["element"]["options"]
        ),
    ],
    ids=range(10),
)
def test_judge_finds_what_slack_would_refuse(spoil: Any) -> None:
    """The control: a view that breaks one rule is found."""
    view = json.loads(json.dumps(modal_of(forms.answer_form(ALL_TERMS[0], SLACK))))
    assert view_faults(view) == []

    spoil(view)

    assert view_faults(view)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda message: message.pop("text"),
        lambda message: message["blocks"].extend([{"type": "divider"}] * 50),
        lambda message: message["blocks"][3]["elements"][0].update(action_id="a" * 256),
        lambda message: message["blocks"][3]["elements"][0]["text"].update(
            text="b" * 76
        ),
        lambda message: message["blocks"][3]["elements"][0].update(
            accessibility_label="b" * 76
        ),
        lambda message: message["blocks"][3]["elements"][1].update(
            action_id=message["blocks"][3]["elements"][0]["action_id"]
        ),
        lambda message: message["blocks"].insert(
            0,
            modal_of(FORMS[0])["blocks"][-1],  # type: ignore[index]
        ),
    ],
    ids=range(7),
)
def test_judge_finds_what_slack_would_refuse_of_messages(spoil: Any) -> None:
    """The control: a message that breaks one rule is found."""
    card = posts.drive_card(a_drive(), next_count=NOON, scene=SLACK)
    message = json.loads(json.dumps(message_of(card)))
    assert message_faults(message) == []

    spoil(message)

    assert message_faults(message)


# Marks -------------------------------------------------------------------------------


def test_bold_dates_and_channels_become_slacks() -> None:
    """Ours is bold, moments and channels; each reader sees their own zone."""
    said = marked("**Yes** in #slack/C012345 until 2026-11-24 18:00 UTC")

    assert said == (
        "*Yes* in <#C012345> until "
        "<!date^1795543200^{date_short_pretty}, {time}|2026-11-24 18:00 UTC>"
    )
    assert marked("#discord/123456") == "Discord"
    assert marked("**two\nlines**") == "*two*\n*lines*"
    assert plain("**Yes** in #slack/C012345") == "Yes in Slack"
    assert marked("2026-02-31 18:00 UTC") == "2026-02-31 18:00 UTC"


@pytest.mark.parametrize(
    "typed",
    [
        "<!channel>",
        "<@U012345>",
        "<https://example.org|here>",
        "&lt;!here&gt;",
        "*bold* _slanted_ ~struck~ `code`",
        "> quoted",
        "``` block",
        "**",
        "***x***",
    ],
)
def test_what_people_type_becomes_no_mark(typed: str) -> None:
    """Nothing that somebody wrote calls people, links, or looks like the bot's own."""
    said = marked(typed)

    assert "<" not in said
    assert "`" not in said
    assert not said.startswith("&gt;")
    assert " _s" not in said
    assert " ~s" not in said


def test_word_with_a_line_inside_stays_as_it_is() -> None:
    """A short name is typed as it is read."""
    assert marked("lunch_2 and a*b") == "lunch_2 and a*b"


@given(st.text(max_size=9_000))
def test_long_text_stands_in_several_blocks(typed: str) -> None:
    """No block is too long, and no letter is lost."""
    pieces = chunks(typed)

    assert all(0 < len(piece) <= 3_000 for piece in pieces)
    letters = [sign for sign in marked(typed) if sign.isalnum()]
    assert [sign for piece in pieces for sign in piece if sign.isalnum()] == letters


@given(st.text(min_size=1, max_size=4_000))
def test_any_text_is_taken(typed: str) -> None:
    """Whatever stands in a card, Slack takes it."""
    lines = tuple(Line(text=f"x{typed}", look=look) for look in Look)
    buttons = Buttons(buttons=(Button(action="a", label=f"x{typed}", hint=typed),))
    card = Card(kind=CardKind.NOTICE, blocks=(*lines, buttons))

    faults = [each for each in message_faults(message_of(card)) if "whole" not in each]

    assert faults == []


# Fields ------------------------------------------------------------------------------


def element_of(**field: Any) -> dict[str, Any]:
    """Return the element of one field."""
    form = Form(
        form="f",
        title="T",
        blocks=(Line(text="who"),),
        fields=(Field(name="name", label="Name", **field),),
        submit="Send",
    )
    view: dict[str, Any] = modal_of(form)
    assert view_faults(view) == []
    found: dict[str, Any] = view["blocks"][-1]["element"]
    return found


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"type": FieldType.TEXT}, "plain_text_input"),
        ({"type": FieldType.ONE, "options": ("a", "b")}, "radio_buttons"),
        ({"type": FieldType.ONE, "options": tuple("abcdefghijk")}, "static_select"),
        ({"type": FieldType.MANY, "options": ("a", "b")}, "checkboxes"),
        ({"type": FieldType.MANY, "options": tuple("abcdefghijk")}, "multi_static"),
        ({"type": FieldType.CHECK}, "checkboxes"),
        ({"type": FieldType.PLACE}, "conversations_select"),
    ],
)
def test_each_kind_of_field_has_its_element(field: dict[str, Any], kind: str) -> None:
    """A field is filled in the way that fits its number of answers."""
    assert element_of(**field)["type"].startswith(kind)


def test_fields_show_what_they_hold() -> None:
    """A form that is opened again carries what stands in it."""
    both = ("a", "b")
    one, many = FieldType.ONE, FieldType.MANY
    chosen = element_of(type=many, options=both, value="b\na")
    checked = element_of(type=FieldType.CHECK, value="true")
    place = element_of(type=FieldType.PLACE, value="slack/C012345")

    assert element_of(value="typed")["initial_value"] == "typed"
    assert element_of(type=one, options=both, value="b")["initial_option"]["value"] == (
        "b"
    )
    assert [each["value"] for each in chosen["initial_options"]] == ["b", "a"]
    assert checked["initial_options"] == checked["options"]
    assert place["initial_conversation"] == "C012345"
    assert element_of(type=FieldType.PLACE)["default_to_current_conversation"]


def test_refused_form_keeps_what_was_typed() -> None:
    """The same form comes again, under what became of the answer, once."""
    view: dict[str, Any] = json.loads(json.dumps(modal_of(FORMS[-1])))
    [yes, *_] = next(
        block["element"]["options"]
        for block in view["blocks"]
        if block.get("block_id") == "choice"
    )
    state = {
        "question": {"value": {"value": "Why?"}},
        "choice": {"value": {"selected_option": yes}},
        "channel": {"place": {"selected_conversation": "C012345"}},
        "extend": {"check": {"selected_options": []}},
    }
    sent = {**view, "id": "V1", "hash": "x", "state": {"values": state}}

    again: Any = refused_modal(sent, cards.fault())
    twice: Any = refused_modal({**again, "state": {"values": state}}, cards.fault())
    fields = {
        block["block_id"]: block["element"]
        for block in again["blocks"]
        if block["type"] == "input"
    }

    assert view_faults(again) == []
    assert again["blocks"][0]["text"]["text"].startswith("That did not work")
    assert fields["question"]["initial_value"] == "Why?"
    assert fields["channel"]["initial_conversation"] == "C012345"
    assert "default_to_current_conversation" not in fields["channel"]
    assert "initial_options" not in fields["extend"]
    assert len(twice["blocks"]) == len(again["blocks"])


# Messages ----------------------------------------------------------------------------


def test_text_of_a_post_says_all_of_it() -> None:
    """Whoever hears a post hears question, answers and time."""
    said = text_of(posts.drive_card(a_drive(), next_count=NOON, scene=SLACK))

    assert "Should we ask for paid lunch breaks?" in said
    assert "Yes · No · Unsure" in said
    assert "Open until <!date^" in said
    assert "**" not in said


def test_direct_message_shows_nothing_on_a_lock_screen() -> None:
    """Its text and its first block are neutral."""
    message: dict[str, Any] = direct_of(cards.message_choice(SLACK))

    assert message["text"] == "Choose what happens with your message."
    assert message["blocks"][0]["text"]["text"] == f"*{message['text']}*"


def test_code_page_says_so() -> None:
    """The page with a code has a title of its own."""
    page: dict[str, Any] = page_of(CARDS[5])

    assert page["title"]["text"] == "Keep this code"
    assert "```K7QM 2XTA 9F3D\n4WRB H6NE 8YCP VG```" in str(
        page["blocks"][1]["text"]["text"]
    )
    assert "submit" not in page


def test_long_heading_is_no_header() -> None:
    """A question that is too long for a header is bold text."""
    card = Card(kind=CardKind.NOTICE, blocks=(Line(text="Q" * 200, look=Look.HEADING),))
    message: dict[str, Any] = message_of(card)

    assert message["blocks"][0]["type"] == "section"
    assert message["blocks"][0]["text"]["text"] == f"*{'Q' * 200}*"


def test_grouped_poll_is_answered_in_its_form() -> None:
    """The form of a poll with groups asks for both."""
    assert inputs_of(modal_of(forms.answer_form(GROUPS, SLACK))) == {
        *("answer", "segment", "code")
    }


# Names -------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["C012345", "G012345"])
def test_channels_have_references(channel: str) -> None:
    """A channel and its reference stand for each other."""
    assert channel_of(reference_of(channel)) == channel


@pytest.mark.parametrize("name", ["D012345", "general", "", "C", "slack/x", "U012345"])
def test_what_is_no_channel_has_none(name: str) -> None:
    """Chats with one person and made-up names are no places."""
    assert reference_of(name) == ""
    assert channel_of(name) == ""
    assert typed_channel(name) == ""


def test_typed_channels_are_found() -> None:
    """Somebody pastes a channel's id, or Slack's own mention of it."""
    assert typed_channel("<#C012345|general>") == "slack/C012345"
    assert typed_channel(" C012345 ") == "slack/C012345"
    assert typed_channel("slack/C012345") == "slack/C012345"


@pytest.mark.parametrize("kind", list(CardKind))
def test_every_kind_of_card_can_be_a_page(kind: CardKind) -> None:
    """An answer to a form stands in a window, which has a title (24 characters)."""
    page = page_of(Card(kind=kind, blocks=(Line(text="Words."),)))

    assert view_faults(page) == []


@pytest.mark.parametrize("card", box_cards(SLACK), ids=lambda card: card.kind)
def test_cards_about_reports_fit(card: Card) -> None:
    """The longest too, with all buttons: nobody pushes Reply or Mute away."""
    message: dict[str, Any] = message_of(card)
    labels = [
        part["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for part in block["elements"]
    ]
    ours = [
        button.label
        for block in card.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    ]

    assert message_faults(message) == []
    assert labels == ours


@pytest.mark.parametrize("look", [Look.TEXT, Look.NOTE])
@pytest.mark.parametrize("length", [40, 2_990])
def test_only_a_link_of_ours_can_be_pressed(look: Look, length: int) -> None:
    """A link stands behind its words, or alone where both are too long for a block."""
    link = "https://union.example.org/~team/_join?at=1&v=2"
    line = Line(text="Join at https://x.example: ".ljust(length, "."), link=link)
    shown = message_of(Card(kind=CardKind.NOTICE, blocks=(line,)))
    said = json.dumps(shown["blocks"])

    assert message_faults(shown) == []
    assert said.count("<https://union.example.org/~team/_join?at=1&amp;v=2>") == 1
    assert "<https://x.example" not in said
    assert link.replace("&", "&amp;") in str(shown["text"])
