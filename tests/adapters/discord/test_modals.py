"""Forms as Discord's modals and, after another form, as pages that hold themselves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import pages
from adapters.discord.modals import modal_of
from adapters.discord.pages import page_of, values_in, with_choice, with_text
from adapters.discord.render import private_messages
from adapters.discord.shapes import PRIVATE, Message
from bot.core.boxes import BoxForm
from bot.core.canonical import JsonObject
from bot.core.polls import PollForm
from bot.core.signing_forms import PetitionForm
from bot.core.terms import AREAS_MAX, OPTION_CHARS_MAX, SEGMENTS_MAX
from bot.views import forms, petition_forms, petitions
from bot.views.changing import change_form, choose_part, parts_of
from bot.views.fitting import fitting
from bot.views.widgets import (
    FORM_FIELDS_MAX,
    Card,
    Field,
    FieldType,
    Form,
    Line,
    Look,
)
from tests.core.petition import BREAKS
from tests.fakes import discord_shapes
from tests.fakes.discord_format import Format, over_the_caps, walk
from tests.fakes.discord_people import text_of
from tests.views.drives import ALL_TERMS, DISCORD, a_drive
from tests.views.test_boxes import all_forms as report_forms
from tests.views.test_boxes import check_pages, organizers_forms
from tests.views.test_petitions import KINDS

CHECK = Form(
    form="check:box",
    title="Could this be you?",
    blocks=(
        Line(text="Not sent yet", look=Look.HEADING),
        Line(text="**Nothing** is stored."),
        Line(text="small", look=Look.NOTE),
    ),
    fields=(
        Field(
            name="text",
            label="Your_text",
            type=FieldType.LONG_TEXT,
            value="At *14:32*\n> my desk <@1>",
            chars_max=600,
            hint="Up to 600.",
        ),
        Field(
            name="place",
            label="Where?",
            type=FieldType.ONE,
            required=False,
            options=("Here", "There"),
            value="There",
        ),
        Field(
            name="topics",
            label="What about?",
            type=FieldType.MANY,
            options=("Pay", "Safety", "Hours"),
            value="Pay\nHours",
        ),
        Field(name="urgent", label="Don't wait", type=FieldType.CHECK, required=False),
    ),
    submit="Send",
)


def wrong_modal(modal: JsonObject) -> list[str]:
    """Return what Discord would refuse in a modal."""
    found = Format.load().wrong_part("ModalInteractionCallbackRequestData", modal)
    return [*found, *over_the_caps(modal)]


def given_back(message: Message) -> list[JsonObject]:
    """Return a page's components as Discord sends them with a press."""
    body = cast("dict[str, Any]", message.body(flags=PRIVATE))
    return discord_shapes.given_back(body["components"], base="")


def part_of(parts: list[JsonObject], kind: int) -> dict[str, Any]:
    """Return the first component of a kind."""
    return next(each for each in walk(parts) if each["type"] == kind)


TWELVE = tuple("abcdefghijkl")
# The longest petition, all of whose signs mean something to Discord.
LOUD = replace(BREAKS, title="T" * 150, text="_" * 2500, addressee="A" * 100)
LOUD_FORM = PetitionForm(
    text="_" * 2500,
    title="_" * 150,
    addressee="_" * 100,
    employer="_" * 100,
    link=f"https://example.org/{'_' * 180}",
)
ALL_FORMS = [
    *(forms.answer_form(terms, DISCORD) for terms in ALL_TERMS),
    *(forms.change_form(terms, DISCORD) for terms in ALL_TERMS),
    forms.check_form("8YCP", DISCORD),
    forms.join_form(DISCORD),
    forms.poll_form("poll", DISCORD, value=PollForm()),
    forms.poll_form("poll:discord/1", DISCORD, value=PollForm(question="Q" * 150)),
    *report_forms(DISCORD),
    *organizers_forms(DISCORD),
    *check_pages(),
    petition_forms.petition_form("petition", DISCORD, value=PetitionForm()),
    petition_forms.interest_form("interest", DISCORD, value=PetitionForm()),
    petition_forms.meter_form("membership", DISCORD, value=PetitionForm()),
    *(petitions.sign_form(a_drive(t), DISCORD) for t in (*KINDS, LOUD)),
    petitions.withdraw_form(a_drive(BREAKS), DISCORD),
    CHECK,
]


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.form)
def test_every_form_is_a_modal(form: Form) -> None:
    """Every form of ours opens: five parts, and all that is required among them."""
    modal = modal_of(form)
    parts = cast("list[dict[str, Any]]", modal["components"])
    shown = {each["component"]["custom_id"] for each in parts if "component" in each}

    assert wrong_modal(modal) == []
    assert modal["custom_id"] == form.form
    assert parts[0]["type"] == 10
    assert {field.name for field in form.fields if field.required} <= shown


@pytest.mark.parametrize(
    ("texts", "most", "left"),
    [
        (["abc", "d"], 4, ["abc", "d"]),
        (["abcdef", "gh"], 5, ["ab…", "gh"]),
        (["abcd", "efgh"], 4, ["…", "ef…"]),
        (["ab", "c"], 0, ["…", "c"]),
    ],
)
def test_longest_text_gives_way(texts: list[str], most: int, left: list[str]) -> None:
    """What does not fit is taken from the longest; a sign of each text is left."""
    assert fitting(texts, most) == left


@pytest.mark.parametrize("shape", [modal_of, lambda form: page_of(form).body()])
def test_who_can_see_what_is_never_cut(shape: Callable[[Form], Any]) -> None:
    """Where a petition's text is too long, it gives way to what stands below it."""
    shown = text_of(shape(petitions.sign_form(a_drive(LOUD), DISCORD)))

    assert "…" in shown
    assert "Who can see what" in shown
    assert "**Someone could cheat:**" in shown
    assert "You can take your name off until" in shown


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.form)
def test_every_form_is_a_page(form: Form) -> None:
    """Every form of ours fits a message too."""
    page = page_of(form)

    assert over_the_caps(page.body(flags=PRIVATE)) == []
    found = Format.load().wrong_part("IncomingWebhookInteractionRequest", page.body())
    assert found == []


FULL = "\n".join(f"{at:02}{'_' * (OPTION_CHARS_MAX - 2)}" for at in range(20))
BOTH = replace(DISCORD, elsewhere=("slack",))
FULL_FORMS = [
    forms.poll_form(
        "poll",
        BOTH,
        value=PollForm(segments="\n".join(FULL.split("\n")[:SEGMENTS_MAX])),
    ),
    forms.box_form(
        "box", BOTH, value=BoxForm(areas="\n".join(FULL.split("\n")[:AREAS_MAX]))
    ),
    petition_forms.petition_form("petition", BOTH, value=LOUD_FORM),
    petition_forms.interest_form("interest", BOTH, value=LOUD_FORM),
    petition_forms.meter_form("membership", BOTH, value=LOUD_FORM),
]


@pytest.mark.parametrize("form", FULL_FORMS, ids=lambda form: form.form)
def test_every_part_of_a_draft_is_a_page(form: Form) -> None:
    """What has no room in a form can be changed behind it, however long it is."""
    drive = a_drive(BREAKS)
    parts = parts_of(form, BOTH)
    pages_of_it = [page_of(change_form(drive, form, part)) for part in parts]

    assert [over_the_caps(page.body(flags=PRIVATE)) for page in pages_of_it] == [
        [] for _ in parts
    ]
    shown = [name for page in pages_of_it for name in values_in(given_back(page))]
    assert shown == [field.name for field in form.fields[FORM_FIELDS_MAX:]]
    assert over_the_caps(whole_reply(choose_part(drive, parts))) == []


def whole_reply(card: Card) -> dict[str, Any]:
    """Return the one message that a card becomes."""
    (message,) = private_messages(card)
    return message.body(flags=PRIVATE)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field(name="a", label="A"), 4),
        (Field(name="a", label="A", type=FieldType.CODE), 4),
        (Field(name="a", label="A", type=FieldType.ONE, options=("x", "y")), 21),
        (Field(name="a", label="A", type=FieldType.ONE, options=("x",)), 3),
        (
            Field(name="a", label="A", type=FieldType.ONE, options=TWELVE),
            3,
        ),
        (Field(name="a", label="A", type=FieldType.MANY, options=("x", "y")), 22),
        (
            Field(name="a", label="A", type=FieldType.MANY, options=TWELVE),
            3,
        ),
        (Field(name="a", label="A", type=FieldType.CHECK, value="true"), 22),
        (Field(name="a", label="A", type=FieldType.PLACE, value="discord/17"), 8),
    ],
)
def test_kinds_of_fields(field: Field, kind: int) -> None:
    """Each kind of field has the input that Discord has for it."""
    form = Form(form="f", title="T", blocks=(), fields=(field,), submit="Send")
    modal = modal_of(form)
    (part,) = cast("list[dict[str, Any]]", modal["components"])

    assert part["component"]["type"] == kind
    assert wrong_modal(modal) == []


def test_words_of_a_modal() -> None:
    """Who can see what stands above the fields, the heading in bold."""
    code = Line(text="K7QM", look=Look.CODE)
    modal = modal_of(replace(CHECK, blocks=(*CHECK.blocks, code)))
    parts = cast("list[dict[str, Any]]", modal["components"])

    assert parts[0]["content"] == (
        "**Not sent yet**\n**Nothing** is stored.\n-# small\n```\nK7QM\n```"
    )


def test_long_label_goes_on_in_the_description() -> None:
    """A label of more than 45 characters is cut, and stands whole below."""
    label = "Your name, as it should stand on the petition, please"
    form = Form(
        form="f",
        title="T" * 60,
        blocks=(),
        fields=(Field(name="a", label=label, hint="Or not."),),
        submit="Send",
    )
    modal = modal_of(form)
    (part,) = cast("list[dict[str, Any]]", modal["components"])

    assert wrong_modal(modal) == []
    assert part["label"].endswith("…")
    assert part["description"] == f"{label} Or not."


def test_page_holds_its_values() -> None:
    """What the page shows is read back from the page, sign for sign."""
    values = values_in(given_back(page_of(CHECK)))

    assert values == {
        "text": "At *14:32*\n> my desk <@1>",
        "place": "There",
        "topics": ("Pay", "Hours"),
        "urgent": False,
    }


def test_page_s_text_is_changed_in_a_form() -> None:
    """Change opens a form with the present text; the page then holds the new one."""
    parts = given_back(page_of(CHECK))
    custom_id = str(part_of(parts, 2)["custom_id"])
    modal = pages.modal_for(parts, custom_id)
    assert modal is not None
    (label,) = cast("list[dict[str, Any]]", modal["components"])
    changed = with_text(parts, custom_id, "Another *text*\n")
    assert changed is not None

    assert wrong_modal(modal) == []
    assert label["label"] == "Your_text"
    assert label["component"]["value"] == "At *14:32*\n> my desk <@1>"
    assert label["component"]["max_length"] == 600
    assert over_the_caps(changed.body(flags=PRIVATE)) == []
    assert values_in(given_back(changed))["text"] == "Another *text*"
    assert "-# Up to 600." in text_of(changed.body())


def test_page_s_choices_are_changed_in_it() -> None:
    """What is chosen in a page's lists stands in the page then, and nowhere else."""
    parts = given_back(page_of(CHECK))
    for custom_id, values in (
        ("?o:place", []),
        ("?m:topics", ["Safety"]),
        ("?k:urgent", ["yes"]),
    ):
        changed = with_choice(parts, custom_id, values)
        assert changed is not None
        assert over_the_caps(changed.body(flags=PRIVATE)) == []
        parts = given_back(changed)

    assert values_in(parts) == {
        "text": "At *14:32*\n> my desk <@1>",
        "place": "",
        "topics": ("Safety",),
        "urgent": True,
    }


def test_page_with_a_channel() -> None:
    """A channel is chosen from a list of channels, and read back as a reference."""
    field = Field(
        name="where", label="Where?", type=FieldType.PLACE, value="discord/17"
    )
    form = replace(CHECK, fields=(field,))
    parts = given_back(page_of(form))
    changed = with_choice(parts, "?p:where", ["18"])
    assert changed is not None

    assert values_in(parts) == {"where": "discord/17"}
    assert values_in(given_back(changed)) == {"where": "discord/18"}


def test_page_that_is_gone() -> None:
    """A message that is no page, or another one, has nothing to change."""
    parts = given_back(page_of(CHECK))

    assert pages.modal_for(parts, "~t0600:other") is None
    assert pages.modal_for(parts, "~nonsense") is None
    assert with_text([], "~t0600:text", "x") is None
    assert with_choice(parts, "?o:other", ["x"]) is None
    assert values_in([]) == {}


@given(st.text(max_size=600))
def test_any_text_survives_a_page(words: str) -> None:
    """Whatever somebody wrote comes back as they wrote it, but for empty ends."""
    words = words.strip("\n")
    fields = (Field(name="text", label="T", type=FieldType.LONG_TEXT, value=words),)

    assert values_in(given_back(page_of(replace(CHECK, fields=fields)))) == {
        "text": words
    }
