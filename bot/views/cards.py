"""The messages that members read: menu, receipts, refusals, lists, privacy (pure).

None of them depends on who asks or on what they did before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.drives import State
from bot.core.errors import Refused
from bot.core.petitions import PetitionTerms
from bot.core.receipts import Receipt
from bot.core.records import Drive
from bot.core.terms import BoxTerms, PollTerms
from bot.views import form_text, help_text, report_text, text
from bot.views.names import quoted
from bot.views.petition_words import words_of
from bot.views.posts import HINT_CHARS_MAX, WHO_BUTTON, closes_of, facts
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import Block, Button, Buttons, Card, CardKind, Line, Look

# Discord allows 40 components in a message; a poll in a list takes up to four.
LISTED_MAX = 8
# The field beside which a refusal stands best, where the refusal does not name it.
_FIELD_OF = {
    "AudienceTooAlike": "channel",
    "AudienceTooSmall": "channel",
    "AudienceUnknown": "channel",
    "CodeMistyped": "code",
    "ConfirmationNotChosen": "consent",
    "InviteUnknown": "code",
    "JoinLinkWrong": "link",
    "NoAnswer": "answer",
    "NotInChannel": "channel",
    "OneAnswerOnly": "answer",
    "OptionsWrong": "options",
    "PeopleWrong": "people",
    "SegmentsWrong": "segments",
    "TimeWrong": "closes",
    "UnknownOption": "answer",
    "UnknownPlace": "channel",
}
# Half of a code's 26 characters with their spaces: two lines fit a phone.
_CODE_LINE_CHARS = 14


def menu(drives: Sequence[Drive], *, unknown_word: bool = False) -> Card:
    """Return the menu, the same for everybody: `drives` are the open ones."""
    blocks: list[Block] = []
    if unknown_word:
        blocks.append(Line(text=text.UNKNOWN_WORD))
    blocks.append(Line(text=text.MENU_TITLE, look=Look.HEADING))
    blocks.append(
        Buttons(
            buttons=(
                Button(action="report", label=text.REPORT),
                Button(action="code", label=text.MY_REPORT),
                WHO_BUTTON,
            )
        )
    )
    blocks += _entries(drives[:LISTED_MAX])
    if len(drives) > LISTED_MAX:
        blocks.append(_more(0))
    blocks.append(Line(text=text.MENU_SAME, look=Look.NOTE))
    return _listing(blocks, drives)


def drive_list(drives: Sequence[Drive], scene: Scene, *, start: int = 0) -> Card:
    """Return all polls that started, a page at a time from number `start` on."""
    blocks: list[Block] = [Line(text=text.LIST_TITLE, look=Look.HEADING)]
    if not drives:
        blocks.append(Line(text=text.NOTHING_PUBLISHED))
    blocks += _entries(drives[start : start + LISTED_MAX])
    if len(drives) > start + LISTED_MAX:
        blocks.append(_more(start + LISTED_MAX))
    if drives:
        by_name = text.LIST_BY_NAME.format(command=scene.command)
        blocks.append(Line(text=by_name, look=Look.NOTE))
    return _listing(blocks, drives)


def choose(title: str, drives: Sequence[Drive], *, verb: str, label: str) -> Card:
    """Return a list to choose one poll from; the button's action is `verb:NAME`."""
    blocks: list[Block] = [Line(text=title, look=Look.HEADING)]
    for drive in drives[:LISTED_MAX]:
        blocks.append(Line(text=_entry_text(drive)))
        blocks.append(Buttons(buttons=(_to(verb, drive, label),)))
    if len(drives) > LISTED_MAX:
        blocks.append(_more(0))
    return _listing(blocks, drives)


def received(drive: Drive, next_count: int) -> Card:
    """Return the same bytes for a first, a repeated, a locked and a muted answer."""
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(
            Line(text=text.RECEIVED.format(next_count=moment(next_count))),
            Buttons(
                buttons=(_to("change", drive, text.CHANGE_COUNTED), WHO_BUTTON),
            ),
        ),
    )


def code_receipt(drive: Drive, receipt: Receipt) -> Card:
    """Return the one message that ever shows a code."""
    closes = moment(closes_of(drive))
    at = _CODE_LINE_CHARS
    code = f"{receipt.code[:at].strip()}\n{receipt.code[at:].strip()}"
    last = receipt.code.replace(" ", "")[-4:]
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(
            Line(text=text.CODE_GIVEN.format(closes=closes)),
            Line(text=code, look=Look.CODE),
            Line(text=text.CODE_KEEP),
            Line(text=text.CODE_NEXT.format(next_count=moment(receipt.next_count))),
            Line(text=text.CODE_MARK.format(mark=receipt.mark), look=Look.NOTE),
            Buttons(
                buttons=(
                    Button(action=f"kept:{last}", label=text.HAVE_CODE),
                    Button(action="skip", label=text.NO_CODE_WANTED),
                )
            ),
        ),
        data={"code": receipt.code, "receipt": receipt.mark},
    )


def refusal(refused: Refused, scene: Scene) -> Card:
    """Return what a refused person reads; it quotes nothing that they sent."""
    values = {"command": scene.command} | refused.values
    name = type(refused).__name__
    at_field = str(values.get("label", "")) or _FIELD_OF.get(name, "")
    if "label" in values:
        # Only the name of a field goes into these texts, never what stood in it.
        values["label"] = form_text.FIELD[str(values["label"])]
    words = type(refused)(**values).text
    extra = {"field": at_field} if at_field else {}
    return Card(
        kind=CardKind.REFUSAL,
        blocks=(Line(text=words),),
        data={"refusal": name, **extra},
    )


def fault() -> Card:
    """Return what somebody reads whose request met a fault of the bot."""
    return Card(kind=CardKind.REFUSAL, blocks=(Line(text=text.FAULT),))


def privacy(scene: Scene) -> Card:
    """Return who can see what, on this platform and this installation."""
    platform = scene.platform
    title = help_text.PRIVACY_TITLE[platform]
    if scene.owner:
        title = help_text.PRIVACY_TITLE_OWNED[platform].format(
            owner=quoted(scene.owner)
        )
    keeper = (
        help_text.PRIVACY_KEEPER if scene.keeper else help_text.PRIVACY_KEEPER_UNNAMED
    )
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=title, look=Look.HEADING),
            Line(text=help_text.PRIVACY_DOES),
            Line(text=help_text.PRIVACY_CANNOT[platform]),
            Line(text=help_text.PRIVACY_PLATFORM[platform]),
            Line(
                text=keeper.format(
                    keeper=quoted(scene.keeper), level=text.LEVEL[scene.level]
                )
            ),
            Line(text=help_text.PRIVACY_ORGANIZERS),
            Line(text=report_text.PRIVACY),
            Line(text=help_text.PRIVACY_YOU[platform]),
            Line(text=help_text.PRIVACY_LAST),
        ),
    )


def help_page(scene: Scene) -> Card:
    """Return what can be typed."""
    command = scene.command
    # On Discord a root command with subcommands cannot be sent alone.
    start = f"{command} menu" if scene.platform == "discord" else command
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=help_text.HELP_TITLE, look=Look.HEADING),
            Line(text=help_text.HELP.format(command=command, menu=start)),
            Line(text=help_text.HELP_ORGANIZERS.format(command=command)),
            Line(text=help_text.HELP_PREVIEWS),
            Line(text=help_text.HELP_BUTTONS, look=Look.NOTE),
        ),
    )


def no_report_box(scene: Scene, *, words_dropped: bool) -> Card:
    """Return that there is no report box; words behind the command were not read."""
    dropped = [help_text.WORDS_DROPPED[scene.platform]] if words_dropped else []
    return notice(help_text.NO_BOX, *dropped)


def message_choice(scene: Scene) -> Card:
    """Return the answer to a direct message: it never quotes, and begins neutrally."""
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=help_text.DM_FIRST),
            Line(text=help_text.DM_STAYS[scene.platform]),
            Line(text=help_text.DM_NOT_KEPT),
            Buttons(
                buttons=(
                    Button(action="menu", label=text.OPEN_MENU),
                    Button(action="nothing", label=text.DO_NOTHING),
                )
            ),
        ),
    )


def notice(*words: str) -> Card:
    """Return a message that offers nothing to press."""
    return Card(kind=CardKind.NOTICE, blocks=tuple(Line(text=part) for part in words))


def _listing(blocks: list[Block], drives: Sequence[Drive]) -> Card:
    return Card(
        kind=CardKind.MENU,
        blocks=tuple(blocks),
        data={"drives": [facts(drive) for drive in drives]},
    )


def _entries(drives: Sequence[Drive]) -> list[Block]:
    blocks: list[Block] = []
    for drive in drives:
        entry = _entry_of(drive)
        shown = _to("results", drive, text.RESULT)
        answer = _to(entry.verb, drive, entry.label)
        buttons = (answer, shown) if drive.state is State.OPEN else (shown,)
        blocks += [Line(text=_entry_text(drive)), Buttons(buttons=buttons)]
    return blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """How one kind of drive stands in a list, and what its button does."""

    verb: str
    label: str
    open: str
    closing: str
    done: str


_ENTRIES: dict[type, _Entry] = {
    PollTerms: _Entry(
        verb="answer",
        label=text.ANSWER,
        open=text.LIST_OPEN,
        closing=text.LIST_CLOSING,
        done=text.LIST_DONE,
    ),
    BoxTerms: _Entry(
        verb="report",
        label=text.REPORT,
        open=report_text.LIST_BOX_OPEN,
        closing=report_text.LIST_BOX_CLOSING,
        done=report_text.LIST_BOX_DONE,
    ),
}


def _entry_of(drive: Drive) -> _Entry:
    if not isinstance(drive.terms, PetitionTerms):
        return _ENTRIES[type(drive.terms)]
    words = words_of(drive.terms)
    return _Entry(
        verb="sign",
        label=words.sign,
        open=words.list_open,
        closing=words.list_closing,
        done=words.list_done,
    )


def _entry_text(drive: Drive) -> str:
    entry = _entry_of(drive)
    words = {State.OPEN: entry.open, State.CLOSING: entry.closing}
    return words.get(drive.state, entry.done).format(
        question=quoted(drive.title),
        name=drive.name,
        closes=moment(closes_of(drive)),
    )


def _to(verb: str, drive: Drive, label: str) -> Button:
    hint = f"{label}: {drive.title}"
    return Button(
        action=f"{verb}:{drive.name}", label=label, hint=hint[:HINT_CHARS_MAX]
    )


def _more(start: int) -> Buttons:
    return Buttons(buttons=(Button(action=f"list:{start}", label=text.MORE),))
