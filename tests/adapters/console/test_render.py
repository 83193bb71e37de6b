"""What programs and people see of a card and of a form."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.filling import chosen, fill
from adapters.console.questions import Ended
from adapters.console.render import Shown, done_line, shown_line, text_of
from adapters.console.screen import Offer, PlainScreen, RichScreen
from bot.core.publication import Rules, release_table
from bot.core.tallies import Choice, RawTally
from bot.views.widgets import (
    Button,
    Buttons,
    Card,
    CardKind,
    Chart,
    Field,
    FieldType,
    Form,
    Goal,
    Line,
    Look,
)

CARD = Card(
    kind=CardKind.DRIVE,
    blocks=(
        Line(text="Lunch?", look=Look.HEADING),
        Line(text="**Tap** one. 2 * 3 ** [red]x[/red]"),
        Buttons(buttons=(Button(action="vote:lunch:0", label="Yes"),)),
        Line(text="a note", look=Look.NOTE),
    ),
    data={"drive": "lunch"},
)
FORM = Form(
    form="answer:lunch",
    title="Answer a poll",
    blocks=(Line(text="**Who** can see"),),
    fields=(
        Field(name="why", label="Why", hint="Say it", required=False),
        Field(name="answer", label="Answer", type=FieldType.ONE, options=("Yes", "No")),
        Field(name="many", label="Many", type=FieldType.MANY, options=("A", "B", "3")),
        Field(name="text", label="Text", type=FieldType.LONG_TEXT, required=False),
        Field(name="agree", label="Agree", type=FieldType.CHECK, value="true"),
    ),
    submit="Send",
)
OFFER = Offer(number=7, action="vote:lunch:0", label="Yes", to=None)


def test_card_as_a_line() -> None:
    """A card is its text without mark-up, its buttons and its data."""
    shown = Shown(
        re=3,
        to=None,
        place="channel:general",
        view=CARD,
        file=Path("lunch.certificate"),
    )

    assert json.loads(shown_line(shown)) == {
        "re": 3,
        "to": None,
        "place": "channel:general",
        "kind": "drive",
        "text": "Lunch?\nTap one. 2 * 3 ** [red]x[/red]\na note",
        "actions": [{"id": "vote:lunch:0", "label": "Yes"}],
        "form": None,
        "fields": [],
        "data": {"drive": "lunch", "file": "lunch.certificate"},
    }
    assert json.loads(done_line("x")) == {"re": "x", "done": True}


def test_form_as_a_line() -> None:
    """A form names its fields, their options, and what stands in them."""
    line = json.loads(shown_line(Shown(re=None, to="mei", place="form", view=FORM)))

    assert (line["kind"], line["form"]) == ("form", "answer:lunch")
    assert line["text"] == "Answer a poll\nWho can see"
    assert line["data"] == {"submit": "Send"}
    assert line["fields"][0] == {
        "name": "why",
        "label": "Why",
        "type": "text",
        "required": False,
        "options": [],
        "hint": "Say it",
    }
    assert line["fields"][1]["options"] == ["Yes", "No"]
    assert line["fields"][4]["value"] == "true"


def test_lines_are_ascii_alone() -> None:
    """No sign in a text can break a line where a program splits lines."""
    card = Card(kind=CardKind.NOTICE, blocks=(Line(text="a\u2028b\u0085c\rd–e"),))

    line = shown_line(Shown(re=1, to="mei", place="dm", view=card))

    assert line.isascii()
    assert line.splitlines() == [line]


def test_plain_screen_says_what_things_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Where colours would speak, words do."""
    screen = PlainScreen()
    screen.view("#general, everybody sees this", CARD, [OFFER])
    screen.view("Only mei sees this", FORM, [])
    screen.field(FORM.fields[1], 2, 5)
    screen.title("Part")

    said = capsys.readouterr().out
    assert "#general, everybody sees this:\nLunch?\nTap one." in said
    assert "Buttons: 7 Yes." in said
    assert "Field 2 of 5: Answer\n1 Yes\n2 No\n" in said
    assert "\x1b" not in said


def test_rich_screen_takes_no_mark_up_from_texts() -> None:
    """Brackets that somebody wrote stay brackets."""
    out = io.StringIO()
    screen = RichScreen(Console(file=out, width=80, force_terminal=True))
    screen.view("#general", CARD, [OFFER])
    screen.view("Only mei sees this", FORM, [])
    screen.field(FORM.fields[0], 1, 5)
    screen.title("Part")
    screen.say("[bold]no[/bold]")

    assert "[red]x[/red]" in out.getvalue()
    assert "[bold]no[/bold]" in out.getvalue()


def test_chart_draws_what_the_table_shows() -> None:
    """A bar for each number, a dot for "0–4", waves for the top group."""
    out = io.StringIO()
    screen = RichScreen(Console(file=out, width=80))
    for cells in ((20, 10, 1), (15, 14, 1)):
        tally = RawTally(
            choice=Choice.SINGLE,
            labels=("Yes", "No", "Unsure"),
            answers=sum(cells),
            cells=cells,
        )
        table = release_table(tally, Rules())
        assert table is not None
        chart = Card(kind=CardKind.TALLY, blocks=(Chart(shown=table, alt_text="x"),))
        screen.view("#general", chart, [])

    drawn = out.getvalue()
    assert "the rest" in drawn
    assert drawn.count("~~~~~~~~") == 2
    assert "·" in drawn


# Filling a form -----------------------------------------------------------------------


class Typed:
    """A person who has made up their mind about every question."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    async def next(self, prompt: str, *, kept: bool) -> str:
        assert not kept, "what stands in a form is not repeated"
        if not self.lines:
            raise Ended
        return self.lines.pop(0)


async def test_form_is_filled_field_by_field() -> None:
    """Options by number or name, several lines, a preset kept, the rest on demand."""
    typed = Typed("", "", "2", "1, b", "one", "two", "", "yes", "", "")

    assert await fill(FORM, typed, PlainScreen()) == {
        "answer": "No",
        "many": ("A", "B"),
        "text": "one\ntwo",
        "agree": True,
    }


async def test_further_fields_are_left_alone() -> None:
    """The first four fields are enough."""
    typed = Typed("because", "yes", "A", "", "no", "")

    filled = await fill(FORM, typed, PlainScreen())

    assert filled == {"why": "because", "answer": "Yes", "many": ("A",)}


@pytest.mark.parametrize("lines", [["cancel"], ["", "1", "1", "", "", "cancel"]])
async def test_form_can_be_thrown_away(lines: list[str]) -> None:
    """`cancel` ends a form at any field, and before it is sent."""
    assert await fill(FORM, Typed(*lines), PlainScreen()) is None


def test_choices() -> None:
    """An option that is a number itself goes before the number of an option."""
    scale = Field(name="s", label="S", type=FieldType.ONE, options=("0", "1", "2"))
    many = FORM.fields[2]

    assert chosen(scale, "1") == "1"
    assert chosen(many, "1 2") == ("A", "B")
    assert chosen(many, "3") == ("3",)
    assert chosen(many, "something else") == ("something else",)
    assert chosen(many, "") == ()
    assert chosen(FORM.fields[4], "no") is False


def test_goal_is_drawn_as_far_as_it_is_reached() -> None:
    """A bar of a fixed width; what is missing is dots."""
    out = io.StringIO()
    screen = RichScreen(Console(file=out, width=80))
    goal = Chart(shown=Goal(reached=50, wanted=100), alt_text="x")

    screen.view("#general", Card(kind=CardKind.DRIVE, blocks=(goal,)), [])

    assert f"{'━' * 16}{'·' * 16}" in out.getvalue()


def test_link_is_shown_as_it_is() -> None:
    """On the screen, in plain text, and for programs, behind its words."""
    line = Line(text="Join **here**:", link="https://union.example.org/join")
    card = Card(kind=CardKind.NOTICE, blocks=(line,))
    out = io.StringIO()
    RichScreen(Console(file=out, width=80)).view("#general", card, [])

    assert "Join here: https://union.example.org/join" in out.getvalue()
    assert text_of(card) == "Join here: https://union.example.org/join"
