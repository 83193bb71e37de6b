"""What members see of report boxes: the post, the form, the page before sending (pure).

Each page says who can see what before anything is sent. None depends on who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.drives import State
from bot.core.giveaways import Snippet
from bot.core.records import Drive, Post, PostKind
from bot.core.reports import PLACE_CHARS_MAX, REPORT_CHARS_MAX
from bot.core.terms import BoxTerms
from bot.views import form_text, help_text, report_text, text
from bot.views.fitting import cut
from bot.views.inert import inert
from bot.views.names import quoted
from bot.views.posts import (
    WHO_BUTTON,
    closes_of,
    facts,
    last_line,
    mark_line,
    several_places,
)
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

# 26 characters in groups of four, and room for dashes, or for two spaces a group.
_CODE_LINE_CHARS = 14

# Discord's lists hold so many; whoever needs an older box finds its post.
BOXES_LISTED_MAX = 25
# Slack cuts an option behind 75 characters.
OPTION_CHARS_MAX = 75

# The agreed word, a space, and a number of two digits.
MATTER_CHARS_MAX = PLACE_CHARS_MAX + 3

_MY_REPORT = Button(action="code", label=text.MY_REPORT)


def post_card(
    post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes = b""
) -> Card:
    """Return what a box says in its channel: its post, and that it was closed early."""
    del file
    if post.kind is PostKind.CLOSED_EARLY:
        words = report_text.BOX_CLOSED_EARLY.format(
            question=quoted(drive.title), time=moment(drive.closed_early_at)
        )
        return Card(
            kind=CardKind.NOTICE,
            blocks=(Line(text=words), last_line(drive, scene)),
            data=facts(drive),
        )
    if drive.state is State.OPEN:
        blocks = open_blocks(drive, next_count=next_count, scene=scene)
    else:
        blocks = (
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=report_text.BOX_CLOSED),
            Buttons(buttons=(_MY_REPORT, WHO_BUTTON)),
            mark_line(drive),
            last_line(drive, scene),
        )
    return Card(kind=CardKind.DRIVE, blocks=blocks, data=facts(drive))


def open_blocks(drive: Drive, *, next_count: int, scene: Scene) -> tuple[Block, ...]:
    """Return the post of an open box. Who can see what stands above the buttons."""
    report = Button(
        action=f"report:{drive.name}", label=text.REPORT, hint=text.HINT_REPORT
    )
    reading = report_text.NEXT_READING.format(
        next_count=moment(next_count), closes=moment(closes_of(drive))
    )
    blocks: list[Block] = [
        Line(text=quoted(drive.title), look=Look.HEADING),
        Line(text=report_text.POST_BOX),
        Line(text=report_text.SEEN_IN_BOX[scene.platform], look=Look.NOTE),
        Buttons(buttons=(report, _MY_REPORT, WHO_BUTTON)),
        Line(text=reading),
    ]
    blocks += several_places(drive.terms)
    if drive.manifest:
        blocks.append(mark_line(drive))
    blocks.append(last_line(drive, scene))
    return tuple(blocks)


def result_card(drive: Drive, scene: Scene, *, next_count: int = 0) -> Card:
    """Return what everybody may know of a box: nothing that was in it."""
    words = [report_text.BOX_RESULT]
    if drive.state is State.OPEN:
        words.append(
            report_text.NEXT_READING.format(
                next_count=moment(next_count), closes=moment(closes_of(drive))
            )
        )
    return Card(
        kind=CardKind.TALLY,
        blocks=(
            Line(text=quoted(drive.title), look=Look.HEADING),
            *(Line(text=part) for part in words),
            last_line(drive, scene),
        ),
        data={
            "drive": drive.name,
            "state": drive.state.value,
            "released": None,
            "turnout_floor": 0,
        },
    )


def report_form(drive: Drive, scene: Scene, *, value: str = "", note: str = "") -> Form:
    """Return the form of a report; `value` is a text that its author chose to send."""
    terms = drive.box
    keep = length(terms.retention_seconds)
    noted = [Line(text=note)] if note else []
    return Form(
        form=f"report:{terms.name}",
        title=report_text.FORM_TITLE,
        blocks=(
            Line(text=report_text.FORM_FIRST),
            *noted,
            Line(text=report_text.FORM_READERS.format(keep=keep)),
            Line(text=report_text.FORM_OTHERS[scene.platform]),
            Line(text=report_text.FORM_CONSENT),
            Line(text=report_text.FORM_DANGER, look=Look.NOTE),
        ),
        fields=(
            _choice("category", terms.categories),
            _choice("severity", terms.severities),
            _text_field(value),
            _choice("consent", report_text.CONSENTS),
        ),
        submit=report_text.FORM_SEND,
    )


def which_form(drives: Sequence[Drive], scene: Scene, *, value: str, note: str) -> Form:
    """Return the form that asks for which box a text is, and carries that along."""
    return Form(
        form="which",
        title=report_text.FORM_TITLE,
        blocks=(
            Line(text=report_text.WHICH_FIRST),
            Line(text=note),
            Line(text=report_text.SEEN_IN_BOX[scene.platform]),
        ),
        fields=(
            Field(
                name="which",
                label=form_text.FIELD["which"],
                type=FieldType.ONE,
                options=tuple(map(option_of, drives[:BOXES_LISTED_MAX])),
                hint=form_text.FIELD_HINT["which"],
            ),
            _text_field(value),
        ),
        submit=report_text.WHICH_SEND,
    )


def option_of(drive: Drive) -> str:
    """Return what a box is called in a list: no two have the same short name."""
    name = f" ({drive.name})"
    return cut(drive.title, OPTION_CHARS_MAX - len(name)) + name


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Checked:
    """A report on the page before sending: what was typed, and what was found in it.

    `named` tells whether the text was searched for names of its author. `again` tells
    that it was changed on this page, and looked at once more.
    """

    text: str
    found: tuple[Snippet, ...] = ()
    place: str = ""
    matter: str = ""
    urgent: bool = False
    named: bool = False
    only_counts: bool = False
    again: bool = False


def check_form(form: str, terms: BoxTerms, checked: Checked, scene: Scene) -> Form:
    """Return the page before sending, which is shown whatever was found.

    Nothing of it is kept: `form` carries what was chosen, the fields what was typed.
    """
    rows = [
        report_text.CHECK_ROW.format(
            before=inert(each.before), words=_marked(each), after=inert(each.after)
        )
        for each in checked.found
    ]
    words = [report_text.CHECK_NOTHING]
    if checked.named:
        words = [report_text.CHECK_NO_NAME[scene.platform]]
    if rows:
        first = report_text.CHECK_AGAIN if checked.again else report_text.CHECK_FOUND
        words = [first, "\n".join(rows)]
    words += [
        report_text.CHECK_ASK,
        report_text.CHECK_URGENT,
        report_text.CHECK_MATTER,
    ]
    if checked.only_counts:
        # What is not sent points to nobody.
        words = [report_text.CHECK_COUNT]
    place = Field(
        name="place",
        label=form_text.FIELD["place"],
        type=FieldType.ONE if terms.areas else FieldType.TEXT,
        required=False,
        options=terms.areas,
        hint=form_text.FIELD_HINT["place"],
        value=checked.place,
        chars_max=0 if terms.areas else PLACE_CHARS_MAX,
    )
    urgent = Field(
        name="urgent",
        label=form_text.FIELD["urgent"],
        type=FieldType.CHECK,
        required=False,
        hint=form_text.FIELD_HINT["urgent"],
        value="true" if checked.urgent else "",
    )
    matter = Field(
        name="matter",
        label=form_text.FIELD["matter"],
        required=False,
        hint=form_text.FIELD_HINT["matter"],
        value=checked.matter,
        chars_max=MATTER_CHARS_MAX,
    )
    more = () if checked.only_counts else (place, matter, urgent)
    return Form(
        form=form,
        title=report_text.CHECK_TITLE,
        blocks=tuple(Line(text=part) for part in words),
        fields=(_text_field(checked.text), *more),
        submit=report_text.CHECK_SEND,
    )


def sent(
    code: str, read_at: int, scene: Scene, *, urgent: bool, others: int = 0
) -> Card:
    """Return the one page that ever shows a report's code."""
    at = _CODE_LINE_CHARS
    shown = f"{code[:at].strip()}\n{code[at:].strip()}"
    back = report_text.GO_BACK[scene.platform].format(command=scene.command)
    waits = report_text.SENT_URGENT if urgent else report_text.SENT_WAITS
    if others:
        waits = report_text.SENT_MATTER
    last = code.replace(" ", "")[-4:]
    close = report_text.SENT_CLOSE.get(scene.platform)
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(
            Line(text=report_text.SENT),
            Line(text=shown, look=Look.CODE),
            Line(text=report_text.SENT_KEEP),
            Line(text=report_text.SENT_BACK.format(back=back)),
            Line(text=waits.format(next_count=moment(read_at), others=others)),
            *([Line(text=close)] if close else []),
            Buttons(
                buttons=(
                    Button(action=f"kept:{last}", label=text.HAVE_CODE),
                    Button(action="skip", label=text.NO_CODE_WANTED),
                )
            ),
        ),
        data={"code": code},
    )


def counted(read_at: int) -> Card:
    """Return that a report only counts: it has no case, and so no code."""
    words = report_text.COUNTED_ONLY.format(next_count=moment(read_at))
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(Line(text=words), Buttons(buttons=(WHO_BUTTON,))),
    )


def message_choice(reference: str, scene: Scene, *, has_files: bool = False) -> Card:
    """Return the answer to a direct message: it never quotes, and begins neutrally."""
    refused = [Line(text=report_text.FILES_REFUSED)] if has_files else []
    buttons = [Button(action="report", label=report_text.OPEN_FORM)]
    if reference:
        send = Button(action=f"dmsend:{reference}", label=report_text.SEND_ANYWAY)
        buttons.append(send)
    buttons.append(Button(action="nothing", label=text.DO_NOTHING))
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=help_text.DM_FIRST),
            Line(text=help_text.DM_STAYS[scene.platform]),
            Line(text=report_text.MESSAGE_READ),
            *refused,
            Line(text=report_text.REPORT_FORM_HERE),
            Buttons(buttons=tuple(buttons)),
        ),
    )


def words_dropped(scene: Scene) -> Card:
    """Return that words behind the command were thrown away, and where to write."""
    opens = Button(action="report", label=report_text.OPEN_FORM)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=help_text.WORDS_DROPPED[scene.platform]),
            Line(text=report_text.WORDS_HERE),
            Buttons(buttons=(opens,)),
        ),
    )


def _choice(name: str, options: tuple[str, ...]) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[name],
        type=FieldType.ONE,
        options=options,
        hint=form_text.FIELD_HINT[name],
    )


def _marked(found: Snippet) -> str:
    """Return a snippet's words; every second piece only stands between marks."""
    pieces = list(map(inert, found.words))
    pieces[::2] = [report_text.CHECK_MARKED.format(words=e) for e in pieces[::2]]
    return "".join(pieces)


def _text_field(value: str) -> Field:
    # A report that only counts needs no words.
    return Field(
        name="text",
        label=form_text.FIELD["text"],
        type=FieldType.LONG_TEXT,
        required=False,
        hint=form_text.FIELD_HINT["text"],
        value=value,
        chars_max=REPORT_CHARS_MAX,
    )
