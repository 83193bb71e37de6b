"""What an author sees of a case by its code, and what organizers see (pure).

Both read the same state. Replies stand in the author's page alone, and notes in the
organizers'. Texts by people stand there inert.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.core.cases import (
    REASON_CHARS_MAX,
    REPLY_CHARS_MAX,
    By,
    Case,
    CaseState,
)
from bot.core.records import BoxTables, Drive
from bot.core.reports import REPORT_CHARS_MAX
from bot.views import report_text, results, text
from bot.views.forms import CODE_CHARS_MAX, seen_by_organizer
from bot.views.inert import inert
from bot.views.names import quoted
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

# Discord allows 40 components in a message; a case in the list takes five.
CASES_LISTED_MAX = 7
# The newest tables of a box; older ones are told apart by nobody on one screen.
TABLES_LISTED_MAX = 2

_STATE_BUTTONS = (
    (CaseState.IN_HAND, "inhand", report_text.IN_HAND),
    (CaseState.ACTED_ON, "actedon", report_text.ACTED_ON),
)


# --- the author -----------------------------------------------------------------------


def code_form(scene: Scene, *, code: str = "") -> Form:
    """Return the form that takes a code, and words to add where there are any."""
    return Form(
        form="case",
        title=report_text.CODE_TITLE,
        blocks=(
            Line(text=report_text.CODE_ASK),
            Line(text=report_text.CODE_SEEN[scene.platform]),
        ),
        fields=(
            Field(
                name="code",
                label=text.FIELD["code"],
                type=FieldType.CODE,
                hint=text.FIELD_HINT["code"],
                value=code,
                chars_max=CODE_CHARS_MAX,
            ),
            Field(
                name="text",
                label=text.FIELD["words"],
                type=FieldType.LONG_TEXT,
                required=False,
                hint=text.FIELD_HINT["words"],
                chars_max=REPORT_CHARS_MAX,
            ),
        ),
        submit=report_text.CODE_SEND,
    )


def no_case(polls: Sequence[Drive]) -> Card:
    """Return the same words for a wrong code and for one that opens nothing yet.

    `polls` are the open ones: a code may belong to one of them.
    """
    blocks: list[Block] = [Line(text=report_text.CODE_WRONG)]
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
            for poll in polls[:CASES_LISTED_MAX]
        ]
    return Card(kind=CardKind.REFUSAL, blocks=tuple(blocks))


def authors_case(
    case: Case, said: Sequence[str], *, code: str, next_letters: int
) -> Card:
    """Return a case as its author reads it; `said` are its turns, opened."""
    lines = [report_text.CASE_SAID.format(text=inert(case.text))]
    for turn, words in zip(case.turns, said, strict=True):
        is_author = turn.by is By.AUTHOR
        form = report_text.CASE_SAID if is_author else report_text.CASE_REPLIED
        lines.append(form.format(text=inert(words)))
    if all(turn.by is By.AUTHOR for turn in case.turns):
        lines.append(report_text.CASE_NO_REPLY)
    ends = report_text.CASE_ENDS.format(
        next_count=moment(next_letters), ends=moment(case.ends_at)
    )
    chars = code.replace(" ", "")
    talk: list[JsonValue] = [
        {"by": turn.by.value, "text": words}
        for turn, words in zip(case.turns, said, strict=True)
    ]
    return Card(
        kind=CardKind.CASE,
        blocks=(
            Line(text=report_text.CASE_TITLE, look=Look.HEADING),
            Line(text=_state(case)),
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


# --- organizers -----------------------------------------------------------------------


def case_list(
    cases: Sequence[Case],
    boxes: Sequence[tuple[Drive, int]],
    tables: Mapping[str, Sequence[BoxTables]],
    *,
    start: int = 0,
) -> Card:
    """Return what organizers may read: cases in an order by chance, then counts.

    `boxes` are open ones with their next slot; `tables` stand under a box's title.
    """
    blocks: list[Block] = [Line(text=report_text.CASES_TITLE, look=Look.HEADING)]
    if not cases:
        blocks.append(Line(text=report_text.CASES_NONE))
    for case in cases[start : start + CASES_LISTED_MAX]:
        blocks += [Line(text=_row(case)), Buttons(buttons=_list_buttons(case))]
    if len(cases) > start + CASES_LISTED_MAX:
        more = Button(action=f"cases:{start + CASES_LISTED_MAX}", label=text.MORE)
        blocks.append(Buttons(buttons=(more,)))
    for title, several in tables.items():
        blocks += [
            Line(text=_counts(title, each)) for each in several[-TABLES_LISTED_MAX:]
        ]
    for box, next_count in boxes:
        words = report_text.CASES_NEXT.format(
            title=quoted(box.title), next_count=moment(next_count)
        )
        blocks.append(Line(text=words, look=Look.NOTE))
    listed: list[JsonValue] = [
        {
            "case": case.name,
            "text": case.text,
            "category": case.category or None,
            "severity": case.severity or None,
            "place": case.place or None,
            "state": case.state.value,
        }
        for case in cases
    ]
    return Card(
        kind=CardKind.CASES, blocks=tuple(blocks), data={CardKind.CASES.value: listed}
    )


def organizers_case(case: Case) -> Card:
    """Return one case with its talk, its notes, and what can be done."""
    lines = [_state(case), _row(case)]
    if case.assigned:
        lines.append(report_text.CASE_ASSIGNED.format(label=case.assigned))
    for turn in case.turns:
        if turn.by is By.AUTHOR:
            said = report_text.CASE_WRITER_SAID.format(text=inert(turn.text))
        else:
            said = report_text.CASE_REPLY_SEALED
        lines.append(said)
    lines += [report_text.CASE_NOTE.format(text=inert(note)) for note in case.notes]
    states = [
        Button(action=f"{verb}:{case.name}", label=label)
        for state, verb, label in _STATE_BUTTONS
        if state is not case.state
    ]
    close = Button(action=f"closecase:{case.name}", label=report_text.CLOSE_CASE)
    note = Button(action=f"note:{case.name}", label=report_text.NOTE)
    take = Button(action=f"take:{case.name}", label=report_text.TAKE_CASE)
    return Card(
        kind=CardKind.CASE,
        blocks=(
            *(Line(text=line) for line in lines),
            Buttons(buttons=_answers(case)),
            Buttons(buttons=(*states, close)),
            Buttons(buttons=(note, take)),
            Line(
                text=report_text.CASE_TIMES.format(ends=moment(case.ends_at)),
                look=Look.NOTE,
            ),
            Line(text=report_text.CASE_STYLE, look=Look.NOTE),
        ),
        data={"case": case.name, "state": case.state.value, "text": case.text},
    )


def reply_form(case: Case, scene: Scene) -> Form:
    """Return the form of a reply, which only the author's code will open."""
    return _organizers_form(
        f"reply:{case.name}",
        (report_text.REPLY_TITLE, report_text.REPLY_ASK),
        "reply",
        scene,
    )


def note_form(case: Case, scene: Scene) -> Form:
    """Return the form of a note that only organizers see."""
    return _organizers_form(
        f"note:{case.name}",
        (report_text.NOTE_TITLE, report_text.NOTE_ASK),
        "note",
        scene,
    )


def close_form(case: Case, scene: Scene) -> Form:
    """Return the form that closes a case with a reason for its author."""
    return _organizers_form(
        f"closecase:{case.name}",
        (report_text.CLOSE_CASE_TITLE, report_text.CLOSE_CASE_ASK),
        "reason",
        scene,
    )


def _organizers_form(
    form: str, words: tuple[str, str], label: str, scene: Scene
) -> Form:
    title, ask = words
    return Form(
        form=form,
        title=title,
        blocks=(Line(text=ask), seen_by_organizer(scene)),
        fields=(
            Field(
                name="text",
                label=text.FIELD[label],
                type=FieldType.LONG_TEXT,
                hint=text.FIELD_HINT[label],
                chars_max=REASON_CHARS_MAX if label == "reason" else REPLY_CHARS_MAX,
            ),
        ),
        submit=report_text.ORGANIZER_SEND,
    )


def _row(case: Case) -> str:
    shown = [
        quoted(part) for part in (case.category, case.severity, case.place) if part
    ]
    if case.urgent:
        shown.append(report_text.CASE_URGENT)
    facts = ", ".join(shown) or report_text.CASE_UNSHARED
    return report_text.CASE_ROW.format(
        name=case.name, facts=facts, text=inert(case.text)
    )


def _state(case: Case) -> str:
    state = report_text.STATES[case.state.value]
    if not case.reason:
        return report_text.CASE_STATE.format(state=state)
    return report_text.CASE_REASON.format(state=state, reason=inert(case.reason))


def _answers(case: Case) -> tuple[Button, ...]:
    return (
        Button(
            action=f"reply:{case.name}", label=report_text.REPLY.format(name=case.name)
        ),
        Button(
            action=f"mute:{case.name}", label=report_text.MUTE.format(name=case.name)
        ),
    )


def _list_buttons(case: Case) -> tuple[Button, ...]:
    opens = Button(
        action=f"case:{case.name}", label=report_text.OPEN_CASE.format(name=case.name)
    )
    return (*_answers(case), opens)


def _counts(title: str, counted: BoxTables) -> str:
    said = [report_text.CASES_TABLES.format(title=quoted(title))]
    names = (report_text.CASES_BY_TOPIC, report_text.CASES_BY_SEVERITY)
    for name, table in zip(names, counted.tables, strict=False):
        # Its last paragraph counts people; here reports are counted.
        rows = results.paragraphs(table)[:-1]
        said += [name, *rows, report_text.CASES_TOTAL.format(total=table.total)]
    return "\n".join(said)
