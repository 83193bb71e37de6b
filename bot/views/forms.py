"""The forms (pure). Who can see what stands in each of them, above its fields."""

from bot.core.boxes import BoxForm
from bot.core.polls import AUDIENCES, LENGTH_DEFAULT, PollForm
from bot.core.tallies import Choice
from bot.core.terms import (
    AREAS_MAX,
    NAME_CHARS_MAX,
    OPTION_CHARS_MAX,
    OPTIONS_MAX,
    PLACE_CHARS_MAX,
    QUESTION_CHARS_MAX,
    SEGMENTS_MAX,
    SEVERITIES_MAX,
    PollTerms,
)
from bot.views import form_text, report_text, text
from bot.views.names import quoted
from bot.views.scene import Scene
from bot.views.widgets import Field, FieldType, Form, Line, Look

# 26 characters in groups of four, and room for dashes, or for two spaces a group.
CODE_CHARS_MAX = 64
CLOSES_CHARS_MAX = 40


def answer_form(terms: PollTerms, scene: Scene) -> Form:
    """Return the form that answers a poll and gives a code, or takes an old one."""
    return Form(
        form=f"answer:{terms.name}",
        title=form_text.FORM_ANSWER_TITLE,
        blocks=_answer_blocks(terms, form_text.FORM_ANSWER_CODE, scene),
        fields=(*_answer_fields(terms), _code_field("old_code", required=False)),
        submit=form_text.FORM_ANSWER_SEND,
    )


def change_form(terms: PollTerms, scene: Scene) -> Form:
    """Return the form that changes a counted answer: its code comes first."""
    return Form(
        form=f"change:{terms.name}",
        title=form_text.FORM_CHANGE_TITLE,
        blocks=_answer_blocks(terms, form_text.FORM_CHANGE, scene),
        fields=(_code_field("code", required=True), *_answer_fields(terms)),
        submit=form_text.FORM_ANSWER_SEND,
    )


def check_form(last: str, scene: Scene) -> Form:
    """Return the form that compares the end of a code that the person wrote down."""
    return Form(
        form=f"kept:{last}",
        title=text.CODE_CHECK_TITLE,
        blocks=(
            Line(text=text.CODE_CHECK),
            Line(text=text.CODE_CHECK_SEEN[scene.platform], look=Look.NOTE),
        ),
        fields=(
            Field(
                name="last4",
                label=form_text.FIELD["last4"],
                required=False,
                chars_max=CODE_CHARS_MAX,
            ),
        ),
        submit=form_text.FORM_CHECK_SEND,
    )


def join_form(scene: Scene) -> Form:
    """Return the form that takes an invite's code."""
    return Form(
        form="join",
        title=form_text.FORM_JOIN_TITLE,
        blocks=(Line(text=form_text.FORM_JOIN), seen_by_organizer(scene)),
        fields=(_code_field("invite", required=True),),
        submit=form_text.FORM_JOIN_SEND,
    )


def poll_form(form: str, scene: Scene, *, value: PollForm) -> Form:
    """Return the form of a new poll with `value` filled in; `form` is its id.

    The fields behind the first four are rarely used, and all are optional.
    """
    return Form(
        form=form,
        title=form_text.FORM_POLL_TITLE,
        blocks=(Line(text=form_text.FORM_POLL), seen_by_organizer(scene)),
        fields=(
            _poll_field(
                "question", required=True, value=value.question, most=QUESTION_CHARS_MAX
            ),
            _poll_field(
                "options",
                FieldType.LONG_TEXT,
                value=value.options,
                most=OPTIONS_MAX * (OPTION_CHARS_MAX + 1),
            ),
            _poll_field(
                "choice",
                FieldType.ONE,
                value=value.choice or Choice.SINGLE.value,
                options=tuple(choice.value for choice in Choice),
            ),
            _poll_field(
                "closes", value=value.closes or LENGTH_DEFAULT, most=CLOSES_CHARS_MAX
            ),
            _poll_field("channel", FieldType.PLACE, most=PLACE_CHARS_MAX),
            *([_poll_field("also", most=PLACE_CHARS_MAX)] if scene.elsewhere else []),
            _poll_field("name", value=value.name, most=NAME_CHARS_MAX),
            _poll_field(
                "segments",
                FieldType.LONG_TEXT,
                value=value.segments,
                most=SEGMENTS_MAX * (OPTION_CHARS_MAX + 1),
            ),
            _poll_field(
                "audience",
                FieldType.ONE,
                value=value.audience or AUDIENCES[0],
                options=AUDIENCES,
            ),
            _poll_field(
                "extend", FieldType.CHECK, value="true" if value.extend else ""
            ),
        ),
        submit=form_text.FORM_POLL_SEND,
    )


def box_form(form: str, scene: Scene, *, value: BoxForm) -> Form:
    """Return the form of a new report box with `value` filled in; `form` is its id."""
    labels = OPTION_CHARS_MAX + 1
    return Form(
        form=form,
        title=report_text.BOX_TITLE,
        blocks=(Line(text=report_text.BOX_FORM), seen_by_organizer(scene)),
        fields=(
            _box_field("name", "box", value=value.name, most=QUESTION_CHARS_MAX),
            _lines_field("categories", value.categories, OPTIONS_MAX * labels),
            _lines_field("severities", value.severities, SEVERITIES_MAX * labels),
            _poll_field("channel", FieldType.PLACE, most=PLACE_CHARS_MAX),
            *([_poll_field("also", most=PLACE_CHARS_MAX)] if scene.elsewhere else []),
            _box_field("every", "every", value=value.every, most=CLOSES_CHARS_MAX),
            _box_field("keep", "keep", value=value.keep, most=CLOSES_CHARS_MAX),
            _box_field("closes", "closes", value=value.closes, most=CLOSES_CHARS_MAX),
            _lines_field("areas", value.areas, AREAS_MAX * labels),
            _poll_field(
                "audience",
                FieldType.ONE,
                value=value.audience or AUDIENCES[0],
                options=AUDIENCES,
            ),
            _box_field("digest", "digest", value=value.digest, most=PLACE_CHARS_MAX),
        ),
        submit=form_text.FORM_POLL_SEND,
    )


def _box_field(name: str, label: str, *, value: str, most: int) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[label],
        required=False,
        hint=form_text.FIELD_HINT[label],
        value=value,
        chars_max=most,
    )


def _lines_field(name: str, value: str, most: int) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[name],
        type=FieldType.LONG_TEXT,
        required=False,
        hint=form_text.FIELD_HINT[name],
        value=value,
        chars_max=most,
    )


def _answer_blocks(terms: PollTerms, words: str, scene: Scene) -> tuple[Line, ...]:
    return (
        Line(text=quoted(terms.question), look=Look.HEADING),
        Line(text=text.SEEN_IN_FORM[scene.platform]),
        Line(text=words, look=Look.NOTE),
    )


def _answer_fields(terms: PollTerms) -> list[Field]:
    many = terms.choice is Choice.MULTI
    fields = [
        Field(
            name="answer",
            label=form_text.FIELD["answer"],
            type=FieldType.MANY if many else FieldType.ONE,
            options=terms.options,
            hint=form_text.FIELD_HINT["answers" if many else "answer"],
        )
    ]
    if terms.segments:
        fields.append(
            Field(
                name="segment",
                label=form_text.FIELD["segment"],
                type=FieldType.ONE,
                required=False,
                options=terms.segments,
                hint=form_text.FIELD_HINT["segment"],
            )
        )
    return fields


def _code_field(label: str, *, required: bool) -> Field:
    return Field(
        name="code",
        label=form_text.FIELD[label],
        type=FieldType.CODE,
        required=required,
        hint=form_text.FIELD_HINT["code"],
        chars_max=CODE_CHARS_MAX,
    )


def _poll_field(
    name: str,
    kind: FieldType = FieldType.TEXT,
    *,
    required: bool = False,
    value: str = "",
    options: tuple[str, ...] = (),
    most: int = 0,
) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[name],
        type=kind,
        required=required,
        options=options,
        hint=form_text.FIELD_HINT[name],
        value=value,
        chars_max=most,
    )


def seen_by_organizer(scene: Scene) -> Line:
    """Return who sees what an organizer sends."""
    platform = text.PLATFORM[scene.platform]
    return Line(text=text.SEEN_BY_ORGANIZER.format(platform=platform))
