"""The messages that organizers read (pure). They show no answer and no early count."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.drives import State
from bot.core.records import Drive, Organizer, OrganizerTag, ProposalKind, Role
from bot.core.slots import Schedule
from bot.views import (
    member_text,
    organizer_text,
    petition_text,
    report_text,
    text,
)
from bot.views.changing import draft_action
from bot.views.decisions import decision_on
from bot.views.names import quoted
from bot.views.posts import facts, places_of, rows
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import Block, Button, Buttons, Card, CardKind, Line, Look

# Discord allows 40 components in a message; one that waits takes three.
WAITING_MAX = 10

_NOT_NOW = Button(action="later", label=text.NOT_NOW)


def organize_menu(
    poll_action: str,
    petition_action: str,
    box_action: str,
    *union_actions: str,
    reminders: Sequence[str] = (),
) -> Card:
    """Return the organizers' menu; the actions open the forms of new drives.

    `union_actions` are those of a showing of interest and of a membership meter.

    `reminders` say which reports are late.
    """
    buttons = (
        Button(action=poll_action, label=text.NEW_POLL),
        Button(action=petition_action, label=petition_text.NEW_PETITION),
        Button(action=box_action, label=report_text.NEW_BOX),
        Button(action="cases", label=report_text.REPORTS),
    )
    labels = (petition_text.NEW_INTEREST, member_text.NEW_METER)
    union = tuple(
        Button(action=action, label=label)
        for action, label in zip(union_actions, labels, strict=True)
    )
    more = (
        Button(action="confirm", label=text.CONFIRM),
        Button(action="closing", label=text.CLOSE_EARLY),
        Button(action="organizers", label=text.ORGANIZERS),
    )
    return Card(
        kind=CardKind.MENU,
        blocks=(
            Line(text=organizer_text.ORGANIZE_TITLE, look=Look.HEADING),
            *(Line(text=words) for words in reminders),
            Buttons(buttons=buttons),
            Buttons(buttons=union),
            Buttons(buttons=more),
        ),
    )


def preview(drive: Drive, schedule: Schedule, scene: Scene, *, alone: bool) -> Card:
    """Return a draft as the channel will see it, and what nobody can change later."""
    first = Button(action=draft_action("start", drive), label=text.START)
    if not alone:
        first = Button(action=draft_action("ask", drive), label=text.ASK_SECOND)
    edit = Button(action=draft_action("edit", drive), label=text.CHANGE_IT)
    drop = Button(action=draft_action("cancel", drive), label=text.NOT_NOW)
    blocks: list[Block] = [
        Line(text=organizer_text.PREVIEW_TITLE, look=Look.HEADING),
        Line(text=organizer_text.PREVIEW_POST.format(place=places_of(drive.terms))),
        *_as_seen(drive, schedule, scene),
        *decision_on(drive).facts(drive, schedule),
        Line(text=decision_on(drive).frozen),
        Line(text=decision_on(drive).fair),
    ]
    if not alone:
        blocks.append(Line(text=organizer_text.SECOND_NEEDED))
    blocks.append(Buttons(buttons=(first, edit, drop)))
    return _drive_card(drive, *blocks)


def confirm_start(drive: Drive, schedule: Schedule) -> Card:
    """Return what another organizer decides on."""
    start = Button(action=draft_action("start", drive), label=text.START)
    asked = decision_on(drive)
    return _drive_card(
        drive,
        Line(text=asked.confirm),
        *asked.decided(replace(drive, schedule=schedule)),
        *asked.facts(drive, schedule),
        Line(text=asked.frozen),
        Line(text=asked.fair),
        Buttons(buttons=(start, _NOT_NOW)),
    )


def waiting(drive: Drive, expires_at: int, scene: Scene) -> Card:
    """Return what to tell another organizer: the bot writes to nobody."""
    again = Button(action=draft_action("again", drive), label=text.CANCEL_AGAIN)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(_waiting_line(expires_at, scene), Buttons(buttons=(again,))),
        data=facts(drive),
    )


def started(drive: Drive) -> Card:
    """Return that a poll is open, or that it waits for the counter."""
    is_open = drive.state is State.OPEN
    words = decision_on(drive).started if is_open else organizer_text.STARTED_WAITING
    said = words.format(place=places_of(drive.terms), name=drive.name)
    # A notice: the drive itself is what now stands in the channel.
    return Card(kind=CardKind.NOTICE, blocks=(Line(text=said),), data=facts(drive))


def confirm_list(
    drives: Sequence[Drive], proposals: Sequence[tuple[str, ProposalKind, str]]
) -> Card:
    """Return what waits for this organizer: each with a button to its page.

    A proposal is its id, its kind, and the poll's question or the organizer's label.
    """
    said = {
        ProposalKind.CLOSE: organizer_text.CONFIRM_CLOSE,
        ProposalKind.REMOVE: organizer_text.CONFIRM_REMOVE,
    }
    waits = [
        (
            decision_on(drive).waits.format(question=quoted(drive.title)),
            draft_action("review", drive),
        )
        for drive in drives
    ] + [
        (said[kind].format(question=quoted(name), label=name), f"proposal:{proposal}")
        for proposal, kind, name in proposals
    ]
    blocks: list[Block] = [Line(text=organizer_text.CONFIRM_TITLE, look=Look.HEADING)]
    for words, action in waits[:WAITING_MAX]:
        look = Button(action=action, label=text.LOOK)
        blocks += [Line(text=words), Buttons(buttons=(look,))]
    if not waits:
        blocks.append(Line(text=organizer_text.CONFIRM_NOTHING))
    return Card(
        kind=CardKind.MENU,
        blocks=tuple(blocks),
        data={"drives": [facts(drive) for drive in drives]},
    )


def confirm_close(drive: Drive, action: str, *, proposed: bool, second: bool) -> Card:
    """Return what an early close means, before it is asked for or agreed to.

    `second` says that another organizer has to agree after this one.
    """
    question = quoted(drive.title)
    words = [organizer_text.CLOSE_PROPOSED] if proposed else []
    words.append(decision_on(drive).close)
    words += [organizer_text.CLOSE_SECOND] if second else []
    close = Button(action=action, label=text.CLOSE_IT)
    return _drive_card(
        drive,
        Line(
            text=organizer_text.CLOSE_TITLE.format(question=question), look=Look.HEADING
        ),
        *(Line(text=part) for part in words),
        Buttons(buttons=(_NOT_NOW, close)),
    )


def confirm_remove(label: str, action: str, *, second: bool) -> Card:
    """Return what a removal means, before it is asked for or agreed to."""
    blocks: list[Block] = [Line(text=organizer_text.REMOVE_ASK.format(label=label))]
    if second:
        blocks.append(Line(text=organizer_text.REMOVE_SECOND.format(label=label)))
    remove = Button(action=action, label=text.REMOVE_NOW)
    blocks.append(Buttons(buttons=(_NOT_NOW, remove)))
    return Card(kind=CardKind.NOTICE, blocks=tuple(blocks))


def proposed(expires_at: int, scene: Scene) -> Card:
    """Return that another organizer has to agree, and what to tell them."""
    return Card(kind=CardKind.NOTICE, blocks=(_waiting_line(expires_at, scene),))


def organizer_list(organizers: Sequence[Organizer], reader: Organizer) -> Card:
    """Return the organizers by their labels; a lead gets the buttons to change them."""
    blocks: list[Block] = [
        Line(text=organizer_text.ORGANIZERS_TITLE, look=Look.HEADING),
        Line(text="\n".join(_organizer(each, reader.tag) for each in organizers)),
        Line(text=organizer_text.ORGANIZERS_LABELS, look=Look.NOTE),
    ]
    if reader.role is Role.LEAD:
        invites = (
            Button(action="invite:organizer", label=text.INVITE_ORGANIZER),
            Button(action="invite:lead", label=text.INVITE_LEAD),
        )
        leads = [
            Button(
                action=f"lead:{each.label}",
                label=text.MAKE_LEAD.format(label=each.label),
            )
            for each in organizers
            if each.role is not Role.LEAD
        ]
        removals = [
            Button(
                action=f"remove:{each.label}",
                label=text.REMOVE.format(label=each.label),
            )
            for each in organizers
        ]
        blocks += [Buttons(buttons=invites), *rows(leads), *rows(removals)]
    return Card(kind=CardKind.NOTICE, blocks=tuple(blocks))


def invite(code: str, role: Role, expires_at: int, scene: Scene) -> Card:
    """Return the one message that ever shows an invite's code."""
    words = organizer_text.INVITED.format(
        command=scene.command, expires=moment(expires_at)
    )
    lead = [Line(text=organizer_text.INVITED_LEAD)] if role is Role.LEAD else []
    return Card(
        kind=CardKind.NOTICE,
        blocks=(Line(text=words), Line(text=code, look=Look.CODE), *lead),
        data={"invite": code},
    )


def joined(label: str, scene: Scene) -> Card:
    """Return the new organizer's label, which is nobody's name."""
    words = organizer_text.JOINED.format(label=label, command=scene.command)
    return Card(kind=CardKind.NOTICE, blocks=(Line(text=words),))


def _drive_card(drive: Drive, *blocks: Block) -> Card:
    return Card(kind=CardKind.DRIVE, blocks=blocks, data=facts(drive))


def _as_seen(drive: Drive, schedule: Schedule, scene: Scene) -> list[Block]:
    """Return the post that the channel will see, its buttons as words."""
    would_be = replace(drive, schedule=schedule, state=State.OPEN)
    next_count = schedule.ends_at(schedule.first_slot)
    shown: list[Block] = []
    seen = decision_on(drive).open_blocks
    for block in seen(would_be, next_count=next_count, scene=scene):
        if isinstance(block, Buttons):
            labels = [
                organizer_text.PREVIEW_BUTTON.format(label=quoted(button.label))
                for button in block.buttons
            ]
            shown.append(Line(text=" ".join(labels)))
        else:
            shown.append(block)
    return shown


def _waiting_line(expires_at: int, scene: Scene) -> Line:
    tell = organizer_text.TELL[scene.platform].format(command=scene.command)
    return Line(
        text=organizer_text.WAITING.format(tell=tell, expires=moment(expires_at))
    )


def _organizer(organizer: Organizer, reader: OrganizerTag) -> str:
    lead = organizer.role is Role.LEAD
    row = organizer_text.ORGANIZER_ROW_LEAD if lead else organizer_text.ORGANIZER_ROW
    row = row.format(label=organizer.label)
    if organizer.tag == reader:
        row = organizer_text.ORGANIZER_ROW_YOU.format(row=row)
    return text.BULLET.format(row=row)
