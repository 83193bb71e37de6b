"""What organizers see of cases, and the forms in which they write (pure).

Notes stand here alone, and of their replies only that there was one. Nothing here says
who wrote, nor when.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.core.cases import (
    NAME_CHARS,
    REASON_CHARS_MAX,
    REPLY_CHARS_MAX,
    By,
    Case,
    CaseState,
    Flag,
    Late,
    late,
)
from bot.core.records import BoxTables, Drive
from bot.views import form_text, report_text, results, text
from bot.views.cases import TURNS_SHOWN_MAX, state_line
from bot.views.forms import seen_by_organizer
from bot.views.inert import inert
from bot.views.names import quoted
from bot.views.posts import facts
from bot.views.scene import Scene
from bot.views.times import length, moment
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

# Discord allows 40 components in a message; a case in the list takes four.
CASES_LISTED_MAX = 7
# The newest tables of a box; older ones are told apart by nobody on one screen.
TABLES_LISTED_MAX = 2
# The newest notes of a case; together with the talk they fit one screen.
NOTES_SHOWN_MAX = 3

_STATE_BUTTONS = (
    (CaseState.IN_HAND, "inhand", report_text.IN_HAND),
    (CaseState.ACTED_ON, "actedon", report_text.ACTED_ON),
)


def case_list(
    cases: Sequence[Case],
    boxes: Sequence[tuple[Drive, int]],
    tables: Mapping[str, Sequence[BoxTables]],
    *,
    scene: Scene,
    now: int,
    start: int = 0,
) -> Card:
    """Return what organizers may read: cases in an order by chance, then counts.

    `boxes` are open ones with their next slot; `tables` stand under a box's title.
    What is overdue at `now` stands above all.
    """
    blocks: list[Block] = [Line(text=report_text.CASES_TITLE, look=Look.HEADING)]
    if not cases:
        blocks.append(Line(text=report_text.CASES_NONE))
    overdue = {case.case_id: late(case, now, scene.deadlines) for case in cases}
    blocks += [Line(text=words) for words in reminders(cases, scene=scene, now=now)]
    for case in cases[start : start + CASES_LISTED_MAX]:
        blocks += [
            Line(text=_row(case, overdue[case.case_id], listed=True)),
            Buttons(buttons=_list_buttons(case)),
        ]
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
            "text": _text(case),
            "category": case.category or None,
            "severity": case.severity or None,
            "place": case.place or None,
            "state": case.state.value,
            "late": overdue[case.case_id],
            "new_words": case.new_words,
            "same_as": case.same_as.hex()[:NAME_CHARS] or None,
        }
        for case in cases
    ]
    return Card(
        kind=CardKind.CASES, blocks=tuple(blocks), data={CardKind.CASES.value: listed}
    )


def digest_card(drive: Drive, tables: Sequence[BoxTables], scene: Scene) -> Card:
    """Return the counts that were released last, for the organizers' own channel."""
    last = report_text.DIGEST_LAST.format(command=scene.command)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            *(Line(text=_counts(drive.title, each)) for each in tables[-1:]),
            Line(text=last, look=Look.NOTE),
        ),
        data=facts(drive),
    )


def reminders(cases: Sequence[Case], *, scene: Scene, now: int) -> list[str]:
    """Return what organizers owe, most urgent first; nothing if nothing is late."""
    overdue = [late(case, now, scene.deadlines) for case in cases]
    spans = {
        Late.REPLY: scene.deadlines.reply_seconds,
        Late.OUTCOME: scene.deadlines.outcome_seconds,
    }
    return [
        report_text.CASES_LATE[each.value].format(
            number=overdue.count(each), span=length(span)
        )
        for each, span in spans.items()
        if each in overdue
    ]


def organizers_case(
    case: Case, *, scene: Scene, now: int, others: int = 0, skip: int = 0
) -> Card:
    """Return one case with its talk, its notes, and what can be done.

    `others` is how many more are about the same, and get what is said here. `skip` of
    the newest parts are left out, to page through a long talk.
    """
    lines = [state_line(case), _row(case, late(case, now, scene.deadlines))]
    lines += _noted(case, others)
    end = max(len(case.heard) - skip, 0)
    start = max(end - TURNS_SHOWN_MAX, 0)
    for turn in case.heard[start:end]:
        if turn.by is By.AUTHOR:
            said = report_text.CASE_WRITER_SAID.format(text=inert(turn.text))
        else:
            said = report_text.CASE_REPLY_SEALED
        lines.append(said)
    if end < len(case.heard):
        lines.append(report_text.CASE_LATER.format(later=len(case.heard) - end))
    if len(case.notes) > NOTES_SHOWN_MAX:
        earlier = len(case.notes) - NOTES_SHOWN_MAX
        lines.append(report_text.NOTES_EARLIER.format(earlier=earlier))
    lines += [
        report_text.CASE_NOTE.format(text=inert(note))
        for note in case.notes[-NOTES_SHOWN_MAX:]
    ]
    older = Button(
        action=f"case:{case.name}:{len(case.heard) - start}", label=report_text.EARLIER
    )
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
            *([Buttons(buttons=(older,))] if start else []),
            Buttons(buttons=_answers(case)),
            Buttons(buttons=(*states, close)),
            Buttons(buttons=(note, take)),
            Buttons(buttons=(_same_button(case), *_flag_buttons(case))),
            Line(
                text=report_text.CASE_TIMES.format(ends=moment(case.ends_at)),
                look=Look.NOTE,
            ),
            Line(text=report_text.CASE_STYLE, look=Look.NOTE),
        ),
        data={
            "case": case.name,
            "state": case.state.value,
            "text": _text(case),
            "flag": case.flag.value,
        },
    )


def _noted(case: Case, others: int) -> list[str]:
    """Return what organizers did with a case, in one paragraph if there is anything."""
    noted: list[str] = []
    if others:
        noted.append(report_text.CASE_OTHERS.format(others=others))
    if case.flag is not Flag.NONE:
        noted.append(report_text.CASE_FLAGS[case.flag.value])
    if case.assigned:
        noted.append(report_text.CASE_ASSIGNED.format(label=case.assigned))
    return ["\n".join(noted)] if noted else []


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


def same_form(case: Case, scene: Scene) -> Form:
    """Return the form that joins a case to another one about the same."""
    return Form(
        form=f"same:{case.name}",
        title=report_text.SAME_TITLE,
        blocks=(Line(text=report_text.SAME_ASK), seen_by_organizer(scene)),
        fields=(
            Field(
                name="text",
                label=form_text.FIELD["same"],
                hint=form_text.FIELD_HINT["same"],
                chars_max=2 * NAME_CHARS,
            ),
        ),
        submit=report_text.ORGANIZER_SEND,
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
                label=form_text.FIELD[label],
                type=FieldType.LONG_TEXT,
                hint=form_text.FIELD_HINT[label],
                chars_max=REASON_CHARS_MAX if label == "reason" else REPLY_CHARS_MAX,
            ),
        ),
        submit=report_text.ORGANIZER_SEND,
    )


def _row(case: Case, overdue: Late | None, *, listed: bool = False) -> str:
    """Return a case's text under what is known of it.

    In a list where it stands is among that; on its own page a line above says it.
    """
    shown = [
        quoted(part) for part in (case.category, case.severity, case.place) if part
    ] or [report_text.CASE_UNSHARED]
    if listed and case.state is not CaseState.RECEIVED:
        shown.append(report_text.STATES[case.state.value])
    if case.new_words:
        shown.append(report_text.CASE_NEW_WORDS)
    if case.urgent:
        shown.append(report_text.CASE_URGENT)
    if overdue:
        shown.append(report_text.CASE_LATE[overdue.value])
    if case.same_as:
        same = case.same_as.hex()[:NAME_CHARS]
        shown.append(report_text.CASE_SAME_AS.format(name=same))
    return report_text.CASE_ROW.format(
        name=case.name, facts=", ".join(shown), text=inert(_text(case))
    )


def _text(case: Case) -> str:
    """Return a case's text, or that two organizers agreed to hide it."""
    return report_text.CASE_HIDDEN if case.flag is Flag.HIDDEN else case.text


def _same_button(case: Case) -> Button:
    if case.same_as:
        return Button(action=f"apart:{case.name}", label=report_text.APART)
    return Button(action=f"same:{case.name}", label=report_text.SAME)


def _flag_buttons(case: Case) -> tuple[Button, ...]:
    hide = Button(action=f"hide:{case.name}", label=report_text.HIDE)
    show = Button(action=f"show:{case.name}", label=report_text.SHOW)
    return {
        Flag.NONE: (hide,),
        Flag.ASKED: (hide, show),
        Flag.HIDDEN: (show,),
    }[case.flag]


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
