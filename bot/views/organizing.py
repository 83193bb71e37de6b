"""The messages that organizers read (pure). They show no answer and no early count."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.drives import State
from bot.core.manifest import Terms
from bot.core.polls import sample_result
from bot.core.records import Drive, Organizer, OrganizerTag, ProposalKind, Role
from bot.core.slots import DAY, Schedule
from bot.views import results, text
from bot.views.names import quoted
from bot.views.posts import closes_of, facts, open_blocks, places_of, rows
from bot.views.scene import Scene
from bot.views.times import length, moment
from bot.views.widgets import Block, Button, Buttons, Card, CardKind, Line, Look

# Below this many people the preview says what the rules cannot hide.
SMALL_GROUP_MAX = 24
# Discord allows 40 components in a message; one that waits takes three.
WAITING_MAX = 10

_NOT_NOW = Button(action="later", label=text.NOT_NOW)


def organize_menu(poll_action: str) -> Card:
    """Return the organizers' menu; `poll_action` opens the form of a new poll."""
    buttons = (
        Button(action=poll_action, label=text.NEW_POLL),
        Button(action="confirm", label=text.CONFIRM),
        Button(action="closing", label=text.CLOSE_EARLY),
        Button(action="organizers", label=text.ORGANIZERS),
    )
    return Card(
        kind=CardKind.MENU,
        blocks=(
            Line(text=text.ORGANIZE_TITLE, look=Look.HEADING),
            Buttons(buttons=buttons),
            Line(text=text.ORGANIZE_LATER, look=Look.NOTE),
        ),
    )


def preview(drive: Drive, schedule: Schedule, scene: Scene, *, alone: bool) -> Card:
    """Return a draft as the channel will see it, and what nobody can change later."""
    first = Button(action=_drive_action("start", drive), label=text.START)
    if not alone:
        first = Button(action=_drive_action("ask", drive), label=text.ASK_SECOND)
    drop = Button(action=_drive_action("cancel", drive), label=text.NOT_NOW)
    blocks: list[Block] = [
        Line(text=text.PREVIEW_TITLE, look=Look.HEADING),
        Line(text=text.PREVIEW_POST.format(place=places_of(drive.terms))),
        *_as_seen(drive, schedule, scene),
        *_facts(drive, schedule),
        Line(text=text.FROZEN),
        Line(text=text.FAIR),
    ]
    if not alone:
        blocks.append(Line(text=text.SECOND_NEEDED))
    blocks.append(Buttons(buttons=(first, drop)))
    return _drive_card(drive, *blocks)


def confirm_start(drive: Drive, schedule: Schedule) -> Card:
    """Return what another organizer decides on."""
    start = Button(action=_drive_action("start", drive), label=text.START)
    terms = drive.terms
    options = " · ".join(map(quoted, terms.options))
    words = text.CONFIRM_TERMS.format(question=quoted(terms.question), options=options)
    return _drive_card(
        drive,
        Line(text=text.CONFIRM_START),
        Line(text=words),
        *_facts(drive, schedule),
        Line(text=text.FROZEN),
        Line(text=text.FAIR),
        Buttons(buttons=(start, _NOT_NOW)),
    )


def waiting(drive: Drive, expires_at: int, scene: Scene) -> Card:
    """Return what to tell another organizer: the bot writes to nobody."""
    again = Button(action=_drive_action("again", drive), label=text.CANCEL_AGAIN)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(_waiting_line(expires_at, scene), Buttons(buttons=(again,))),
        data=facts(drive),
    )


def started(drive: Drive) -> Card:
    """Return that a poll is open, or that it waits for the counter."""
    words = text.STARTED if drive.state is State.OPEN else text.STARTED_WAITING
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
        ProposalKind.CLOSE: text.CONFIRM_CLOSE,
        ProposalKind.REMOVE: text.CONFIRM_REMOVE,
    }
    waits = [
        (
            text.CONFIRM_DRIVE.format(question=quoted(drive.terms.question)),
            _drive_action("review", drive),
        )
        for drive in drives
    ] + [
        (said[kind].format(question=quoted(name), label=name), f"proposal:{proposal}")
        for proposal, kind, name in proposals
    ]
    blocks: list[Block] = [Line(text=text.CONFIRM_TITLE, look=Look.HEADING)]
    for words, action in waits[:WAITING_MAX]:
        look = Button(action=action, label=text.LOOK)
        blocks += [Line(text=words), Buttons(buttons=(look,))]
    if not waits:
        blocks.append(Line(text=text.CONFIRM_NOTHING))
    return Card(
        kind=CardKind.MENU,
        blocks=tuple(blocks),
        data={"drives": [facts(drive) for drive in drives]},
    )


def confirm_close(drive: Drive, action: str, *, proposed: bool, second: bool) -> Card:
    """Return what an early close means, before it is asked for or agreed to.

    `second` says that another organizer has to agree after this one.
    """
    question = quoted(drive.terms.question)
    words = [text.CLOSE_PROPOSED] if proposed else []
    words.append(text.CLOSE_WORDS)
    words += [text.CLOSE_SECOND] if second else []
    close = Button(action=action, label=text.CLOSE_IT)
    return _drive_card(
        drive,
        Line(text=text.CLOSE_TITLE.format(question=question), look=Look.HEADING),
        *(Line(text=part) for part in words),
        Buttons(buttons=(close, _NOT_NOW)),
    )


def confirm_remove(label: str, action: str, *, second: bool) -> Card:
    """Return what a removal means, before it is asked for or agreed to."""
    blocks: list[Block] = [Line(text=text.REMOVE_ASK.format(label=label))]
    if second:
        blocks.append(Line(text=text.REMOVE_SECOND.format(label=label)))
    remove = Button(action=action, label=text.REMOVE_NOW)
    blocks.append(Buttons(buttons=(_NOT_NOW, remove)))
    return Card(kind=CardKind.NOTICE, blocks=tuple(blocks))


def proposed(expires_at: int, scene: Scene) -> Card:
    """Return that another organizer has to agree, and what to tell them."""
    return Card(kind=CardKind.NOTICE, blocks=(_waiting_line(expires_at, scene),))


def organizer_list(organizers: Sequence[Organizer], reader: Organizer) -> Card:
    """Return the organizers by their labels; a lead gets the buttons to change them."""
    blocks: list[Block] = [
        Line(text=text.ORGANIZERS_TITLE, look=Look.HEADING),
        Line(text="\n".join(_organizer(each, reader.tag) for each in organizers)),
        Line(text=text.ORGANIZERS_LABELS, look=Look.NOTE),
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
    words = text.INVITED.format(command=scene.command, expires=moment(expires_at))
    lead = [Line(text=text.INVITED_LEAD)] if role is Role.LEAD else []
    return Card(
        kind=CardKind.NOTICE,
        blocks=(Line(text=words), Line(text=code, look=Look.CODE), *lead),
        data={"invite": code},
    )


def joined(label: str, scene: Scene) -> Card:
    """Return the new organizer's label, which is nobody's name."""
    words = text.JOINED.format(label=label, command=scene.command)
    return Card(kind=CardKind.NOTICE, blocks=(Line(text=words),))


def _drive_action(verb: str, drive: Drive) -> str:
    # A short name can be used again after a draft was dropped. The beginning of the
    # drive's random id keeps an old button from starting terms that nobody looked at.
    return f"{verb}:{drive.name}:{drive.drive_id.hex()[:16]}"


def _drive_card(drive: Drive, *blocks: Block) -> Card:
    return Card(kind=CardKind.DRIVE, blocks=blocks, data=facts(drive))


def _as_seen(drive: Drive, schedule: Schedule, scene: Scene) -> list[Block]:
    """Return the post that the channel will see, its buttons as words."""
    would_be = replace(drive, schedule=schedule, state=State.OPEN)
    next_count = schedule.ends_at(schedule.first_slot)
    shown: list[Block] = []
    for block in open_blocks(would_be, next_count=next_count, scene=scene):
        if isinstance(block, Buttons):
            labels = [
                text.PREVIEW_BUTTON.format(label=quoted(button.label))
                for button in block.buttons
            ]
            shown.append(Line(text=" ".join(labels)))
        else:
            shown.append(block)
    return shown


def _facts(drive: Drive, schedule: Schedule) -> list[Line]:
    terms = drive.terms
    once = schedule.count == 1
    words = text.PREVIEW_FACTS if drive.length else text.PREVIEW_FACTS_DATE
    said = words.format(
        name=terms.name,
        place=places_of(terms),
        people=terms.audience,
        length=length(drive.length or DAY),
        closes=moment(closes_of(drive) or schedule.closes_at),
        counted=text.COUNTED_ONCE if once else text.COUNTED_DAILY,
    )
    return [Line(text=said), *_more_terms(terms), *_sample(terms)]


def _more_terms(terms: Terms) -> list[Line]:
    said: list[str] = []
    if terms.guests:
        said.append(text.GUESTS_TOO)
    if terms.extend:
        said.append(text.EXTENDS_ONCE.format(least=terms.rules.answers_min))
    if terms.segments:
        groups = ", ".join(map(quoted, terms.segments))
        said.append(text.GROUPS_ASKED.format(groups=groups))
    return [Line(text="\n".join(said))] if said else []


def _sample(terms: Terms) -> list[Line]:
    people = terms.audience
    lines: list[Line] = []
    sample = sample_result(terms)
    if sample is not None:
        title = text.SAMPLE.format(people=people)
        lines.append(Line(text=f"{title}\n{results.in_one_line(sample)}"))
    if people <= SMALL_GROUP_MAX:
        least = terms.rules.answers_min
        lines.append(Line(text=text.SMALL_GROUP.format(people=people, least=least)))
    return lines


def _waiting_line(expires_at: int, scene: Scene) -> Line:
    tell = text.TELL[scene.platform].format(command=scene.command)
    return Line(text=text.WAITING.format(tell=tell, expires=moment(expires_at)))


def _organizer(organizer: Organizer, reader: OrganizerTag) -> str:
    lead = organizer.role is Role.LEAD
    row = text.ORGANIZER_ROW_LEAD if lead else text.ORGANIZER_ROW
    row = row.format(label=organizer.label)
    if organizer.tag == reader:
        row = text.ORGANIZER_ROW_YOU.format(row=row)
    return text.BULLET.format(row=row)
