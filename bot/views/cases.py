"""What an author sees of their case by its code (pure).

Organizers read the same state. Their replies stand here alone, and no note does. Texts
by people stand there inert.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.core.cases import (
    By,
    Case,
)
from bot.core.records import Drive
from bot.core.reports import REPORT_CHARS_MAX
from bot.views import form_text, report_text, text
from bot.views.forms import CODE_CHARS_MAX
from bot.views.inert import inert
from bot.views.posts import WHO_BUTTON
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import (
    Block,
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

if TYPE_CHECKING:
    from bot.core.canonical import JsonValue

# More open polls than a card of Discord's holds are found by their names.
POLLS_LISTED_MAX = 7

# With all that stands around them they fit one message on Slack (50 blocks) and
# on Discord (40 components); the longest are shortened there.
TURNS_SHOWN_MAX = 12


def code_form(scene: Scene, *, code: str = "") -> Form:
    """Return the form that takes a code, and words to add where there are any."""
    return Form(
        form="case",
        title=report_text.CODE_TITLE,
        blocks=(
            Line(text=report_text.CODE_ADD if code else report_text.CODE_ASK),
            Line(text=report_text.CODE_SEEN[scene.platform]),
        ),
        fields=(
            Field(
                name="code",
                label=form_text.FIELD["code"],
                type=FieldType.CODE,
                hint=form_text.FIELD_HINT["code"],
                value=code,
                chars_max=CODE_CHARS_MAX,
            ),
            Field(
                name="text",
                label=form_text.FIELD["words"],
                type=FieldType.LONG_TEXT,
                required=False,
                hint=form_text.FIELD_HINT["text" if code else "words"],
                chars_max=REPORT_CHARS_MAX,
            ),
        ),
        submit=report_text.CODE_SEND,
    )


def no_case(polls: Sequence[Drive], code: str) -> Card:
    """Return the same words for a wrong code and for one that opens nothing yet.

    What waits to be read can be taken back. `polls` are the open ones: a code may
    belong to one of them.
    """
    back = Button(action=f"back:{_compact(code)}", label=report_text.TAKE_BACK)
    blocks: list[Block] = [
        Line(text=report_text.CODE_WRONG),
        Line(text=report_text.CODE_EARLY),
        Buttons(buttons=(back,)),
    ]
    if polls:
        blocks.append(Line(text=report_text.CODE_POLL))
        blocks += [
            Buttons(
                buttons=(
                    Button(
                        action=f"change:{poll.name}",
                        label=text.CHANGE_COUNTED,
                        hint=poll.title[:75],
                    ),
                )
            )
            for poll in polls[:POLLS_LISTED_MAX]
        ]
    return Card(kind=CardKind.REFUSAL, blocks=tuple(blocks))


def authors_case(
    case: Case, said: Sequence[str], *, code: str, next_letters: int
) -> Card:
    """Return a case as its author reads it; `said` are its turns, opened."""
    lines = [report_text.CASE_SAID.format(text=inert(case.text))]
    told = list(zip(case.turns, said, strict=True))
    if len(told) > TURNS_SHOWN_MAX:
        earlier = len(told) - TURNS_SHOWN_MAX
        lines.append(report_text.CASE_EARLIER.format(earlier=earlier))
    for turn, words in told[-TURNS_SHOWN_MAX:]:
        is_author = turn.by is By.AUTHOR
        form = report_text.CASE_SAID if is_author else report_text.CASE_REPLIED
        lines.append(form.format(text=inert(words)))
    if all(turn.by is By.AUTHOR for turn in case.turns):
        lines.append(report_text.CASE_NO_REPLY)
    ends = report_text.CASE_ENDS.format(
        next_count=moment(next_letters), ends=moment(case.ends_at)
    )
    chars = _compact(code)
    talk: list[JsonValue] = [
        {"by": turn.by.value, "text": words}
        for turn, words in zip(case.turns, said, strict=True)
    ]
    return Card(
        kind=CardKind.CASE,
        blocks=(
            Line(text=report_text.CASE_TITLE, look=Look.HEADING),
            Line(text=state_line(case)),
            *(Line(text=line) for line in lines),
            Line(text=ends, look=Look.NOTE),
            Buttons(
                buttons=(
                    Button(action=f"add:{chars}", label=report_text.ADD),
                    Button(action=f"back:{chars}", label=report_text.TAKE_BACK),
                    WHO_BUTTON,
                )
            ),
        ),
        data={
            "case": case.name,
            "state": case.state.value,
            "text": case.text,
            "talk": talk,
        },
    )


def _compact(code: str) -> str:
    """Return a code as a button carries it: one word, without what may stand in it."""
    return "".join(char for char in code if char.isalnum())[:CODE_CHARS_MAX]


def ask_take_back(code: str, next_letters: int) -> Card:
    """Return what taking a report back means."""
    words = report_text.BACK_ASK.format(next_count=moment(next_letters))
    leave = Button(action="leave", label=report_text.KEEP_IT)
    back = Button(action=f"takeback:{code}", label=report_text.TAKE_BACK)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(Line(text=words), Buttons(buttons=(leave, back))),
    )


def received(words: str, next_letters: int) -> Card:
    """Return the same for every code: what was sent is read after the next count."""
    said = words.format(next_count=moment(next_letters))
    return Card(kind=CardKind.RECEIPT, blocks=(Line(text=said),))


def state_line(case: Case) -> str:
    """Return where a case stands, in the words that its author reads too."""
    state = report_text.STATES[case.state.value]
    if not case.reason:
        return report_text.CASE_STATE.format(state=state)
    return report_text.CASE_REASON.format(state=state, reason=inert(case.reason))
