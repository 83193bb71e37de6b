"""What a poll says in its channel: the post, its revisions, the result (pure).

A post never changes at the moment of an answer, only when the gate asks for it.
"""

import hashlib
from collections.abc import Sequence
from typing import assert_never, cast

from bot.core.canonical import JsonObject
from bot.core.drives import State
from bot.core.errors import UnknownDrive
from bot.core.publication import to_json, turnout_step
from bot.core.records import Drive, Post, PostKind
from bot.core.tallies import Choice
from bot.core.terms import PollTerms, Terms
from bot.views import results, text
from bot.views.names import quoted
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import (
    Block,
    Button,
    Buttons,
    Card,
    CardKind,
    Chart,
    Line,
    Look,
)

# Discord shows five buttons in a row.
ROW_BUTTONS_MAX = 5
# Longer labels are cut on phones: letters stand in their place.
SHORT_LABEL_CHARS_MAX = 25
# Slack: accessibility_label of a button.
HINT_CHARS_MAX = 75
# 128 bits: whoever makes the keys could find two terms with the same 64.
_MARK_CHARS = 32

WHO_BUTTON = Button(action="privacy", label=text.WHO_SEES, hint=text.HINT_WHO)


def post_card(
    post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes = b""
) -> Card:
    """Return what a post shows; `file` is the certificate file, for that post."""
    match post.kind:
        case PostKind.DRIVE:
            return drive_card(drive, next_count=next_count, scene=scene)
        case PostKind.CLOSED_EARLY:
            return _notice(
                drive, text.CLOSED_EARLY, scene, time=moment(drive.closed_early_at)
            )
        case PostKind.EXTENDED:
            return _notice(
                drive,
                text.EXTENDED,
                scene,
                closes=moment(closes_of(drive)),
                least=drive.poll.rules.answers_min,
            )
        case PostKind.RESULT:
            return result_card(drive, scene)
        case PostKind.DIGEST:
            # Report boxes alone have one: this is a row that nobody wrote.
            raise UnknownDrive
        case PostKind.CERTIFICATE:
            return Card(
                kind=CardKind.CERTIFICATE,
                blocks=(
                    Line(text=_about(drive, text.CERTIFICATE)),
                    last_line(drive, scene),
                ),
                data={"drive": drive.name},
                attachment=(f"{drive.name}.certificate", file),
            )
        case _ as never:
            assert_never(never)


def drive_card(drive: Drive, *, next_count: int, scene: Scene) -> Card:
    """Return the post of a poll: how to answer while it is open, or that it is not."""
    if drive.state is State.OPEN:
        blocks = open_blocks(drive, next_count=next_count, scene=scene)
    else:
        blocks = (
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=text.POST_CLOSED),
            mark_line(drive),
            last_line(drive, scene),
        )
    return Card(
        kind=CardKind.DRIVE,
        blocks=blocks,
        data={**facts(drive), "turnout_floor": drive.floor},
    )


def open_blocks(drive: Drive, *, next_count: int, scene: Scene) -> tuple[Block, ...]:
    """Return the post of an open poll. Who can see what stands above the buttons."""
    terms = drive.poll
    closes = text.OPEN_UNTIL.format(closes=moment(closes_of(drive)))
    blocks: list[Block] = [
        Line(text=quoted(terms.question), look=Look.HEADING),
        Line(text=_how(terms)),
        *_listed_options(terms),
        Line(text=text.SEEN_IN_POST[scene.platform], look=Look.NOTE),
        *answer_rows(terms),
        Line(text=f"{turnout(drive, next_count)} {closes}"),
    ]
    blocks += several_places(terms)
    if drive.manifest:
        blocks.append(mark_line(drive))
    blocks.append(last_line(drive, scene))
    return tuple(blocks)


def result_card(drive: Drive, scene: Scene, *, next_count: int = 0) -> Card:
    """Return what everybody may know of a poll's result now, organizers too.

    `next_count` is looked at while the poll is open.
    """
    table = results.released_of(drive)
    question = quoted(drive.title)
    blocks: list[Block] = [
        Line(text=text.RESULT_TITLE.format(question=question), look=Look.HEADING)
    ]
    if table is not None:
        blocks += [Line(text=part) for part in results.paragraphs(table)]
        said = results.numbers(table)
        blocks += [Line(text=said)] if said else []
        blocks.append(Chart(shown=table, alt_text=results.alt_text(table)))
        blocks.append(Line(text=results.explanation(table), look=Look.NOTE))
        check = Button(action=f"verify:{drive.name}", label=text.CHECK_RESULT)
        blocks.append(Buttons(buttons=(check, WHO_BUTTON)))
    else:
        blocks.append(Line(text=_no_table(drive, next_count)))
    blocks.append(last_line(drive, scene))
    released = None if table is None else cast("JsonObject", to_json(table))
    return Card(
        kind=CardKind.TALLY,
        blocks=tuple(blocks),
        data={
            "drive": drive.name,
            "state": drive.state.value,
            "released": released,
            "turnout_floor": drive.floor,
        },
    )


def turnout(drive: Drive, next_count: int) -> str:
    """Return the turnout line of an open poll (R0): it says its own rule."""
    least = drive.poll.rules.answers_min
    if not drive.floor:
        return text.NO_FLOOR.format(least=least, next_count=moment(next_count))
    return text.FLOOR.format(
        floor=drive.floor,
        step=turnout_step(drive.floor),
        next_count=moment(next_count),
    )


def answer_rows(terms: PollTerms) -> list[Buttons]:
    """Return the buttons to answer with, and the one that tells who can see what."""
    if needs_form(terms):
        answer = Button(
            action=f"answer:{terms.name}",
            label=text.ANSWER,
            hint=text.HINT_OPEN.format(question=terms.question)[:HINT_CHARS_MAX],
        )
        return [Buttons(buttons=(answer, WHO_BUTTON))]
    taps = [
        Button(
            action=f"vote:{terms.name}:{index}",
            label=label,
            hint=text.HINT_ANSWER.format(option=option)[:HINT_CHARS_MAX],
        )
        for index, (label, option) in enumerate(
            zip(_labels(terms), terms.options, strict=True)
        )
    ]
    code = Button(
        action=f"answer:{terms.name}",
        label=text.ANSWER_WITH_CODE,
        hint=text.HINT_CODE,
    )
    return [*rows(taps), Buttons(buttons=(code, WHO_BUTTON))]


def rows(buttons: Sequence[Button]) -> list[Buttons]:
    """Return rows of at most five buttons."""
    return [
        Buttons(buttons=tuple(buttons[at : at + ROW_BUTTONS_MAX]))
        for at in range(0, len(buttons), ROW_BUTTONS_MAX)
    ]


def needs_form(terms: PollTerms) -> bool:
    """Tell whether one tap is not enough to answer."""
    return terms.choice is Choice.MULTI or bool(terms.segments)


def closes_of(drive: Drive) -> int:
    """Return when a poll closes, or closed."""
    planned = drive.schedule.closes_at if drive.schedule else drive.closes_at
    return drive.closed_early_at or planned


def places_of(terms: Terms) -> str:
    """Return the channels of a poll as texts name them behind a `#`."""
    return text.AND_PLACE.join(terms.places)


def several_places(terms: Terms) -> list[Line]:
    """Return that each account counts once, where a drive is open on two platforms."""
    if len(terms.places) == 1:
        return []
    return [Line(text=text.POST_SEVERAL.format(places=f"#{places_of(terms)}"))]


def facts(drive: Drive) -> JsonObject:
    """Return what programs read of a drive wherever it is named."""
    return {
        "drive": drive.name,
        "kind": drive.terms.kind,
        "state": drive.state.value,
        "question": drive.title,
    }


def _how(terms: PollTerms) -> str:
    if not needs_form(terms):
        return text.POST_TAP
    many = terms.choice is Choice.MULTI
    return text.POST_FORM_MANY if many else text.POST_FORM_ONE


def _labels(terms: PollTerms) -> tuple[str, ...]:
    if all(len(option) <= SHORT_LABEL_CHARS_MAX for option in terms.options):
        return terms.options
    return tuple(text.LETTERS[: len(terms.options)])


def _listed_options(terms: PollTerms) -> list[Line]:
    """Return the answers as text, where the buttons do not say them."""
    scales = {Choice.SCALE: text.POST_SCALE, Choice.NPS: text.POST_NPS}
    if terms.choice in scales:
        return [Line(text=scales[terms.choice])]
    labels = _labels(terms)
    if needs_form(terms):
        lines = [text.BULLET.format(row=quoted(option)) for option in terms.options]
    elif labels != terms.options:
        lines = [
            text.POST_LETTER.format(letter=label, option=quoted(option))
            for label, option in zip(labels, terms.options, strict=True)
        ]
    else:
        return []
    return [Line(text="\n".join(lines))]


def _no_table(drive: Drive, next_count: int) -> str:
    least = drive.poll.rules.answers_min
    if drive.state is State.OPEN:
        closes = moment(closes_of(drive))
        yet = text.NO_RESULT_YET.format(closes=closes, least=least)
        return f"{turnout(drive, next_count)}\n{yet}"
    if drive.state is State.CLOSING:
        return text.BEING_COUNTED
    return text.NO_RESULT.format(least=least, question=quoted(drive.title))


def _notice(drive: Drive, words: str, scene: Scene, **values: str | int) -> Card:
    return Card(
        kind=CardKind.NOTICE,
        blocks=(Line(text=_about(drive, words, **values)), last_line(drive, scene)),
        data=facts(drive),
    )


def _about(drive: Drive, words: str, **values: str | int) -> str:
    return words.format(question=quoted(drive.title), **values)


def mark_line(drive: Drive) -> Line:
    """Return the beginning of the terms' digest, to be compared later."""
    mark = hashlib.sha256(drive.manifest).hexdigest()[:_MARK_CHARS]
    return Line(text=text.POST_TERMS.format(mark=mark), look=Look.NOTE)


def last_line(drive: Drive, scene: Scene) -> Line:
    """Return what to type about a drive: its post's last line."""
    return Line(
        text=text.POST_LAST.format(command=scene.command, name=drive.name),
        look=Look.NOTE,
    )
