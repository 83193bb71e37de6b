"""The forms that make a petition, one for each way in (pure).

Discord shows the first four fields of a form: there they are enough.
"""

from bot.core.links import LINK_CHARS_MAX
from bot.core.petitions import TEXT_CHARS_MAX, Collects
from bot.core.polls import AUDIENCES
from bot.core.signing_forms import CONFIRMATION, ENDS, LENGTH_DEFAULT, PetitionForm
from bot.views import form_text, member_text, petition_text
from bot.views.forms import CLOSES_CHARS_MAX, seen_by_organizer
from bot.views.scene import Scene
from bot.views.widgets import Field, FieldType, Form, Line

_TRUSTEES_CHARS_MAX = 200


def petition_form(form: str, scene: Scene, *, value: PetitionForm) -> Form:
    """Return the form of a new petition with `value` filled in; `form` is its id."""
    return Form(
        form=form,
        title=petition_text.PETITION_TITLE,
        blocks=(Line(text=petition_text.PETITION_FORM), seen_by_organizer(scene)),
        fields=(
            _text(value),
            _field("threshold", value.threshold, 10),
            _choice("kind", value.kind, tuple(each.value for each in Collects)),
            _field("trustees", value.trustees, _TRUSTEES_CHARS_MAX),
            _closes(value),
            *_where(scene),
            _field("title", value.title, 150),
            _field("addressee", value.addressee, 100),
            _field("ask", ", ".join(value.ask), 100),
            *_rest(value),
            _field("employer", value.employer, 100),
            _field("language", value.language, 8),
            _field("link", value.link, LINK_CHARS_MAX),
            _choice("confirmation", value.confirmation, CONFIRMATION),
        ),
        submit=form_text.FORM_POLL_SEND,
    )


def interest_form(form: str, scene: Scene, *, value: PetitionForm) -> Form:
    """Return the form of a showing of interest, with what that needs first."""
    return Form(
        form=form,
        title=petition_text.INTEREST_TITLE,
        blocks=(Line(text=petition_text.INTEREST_FORM), seen_by_organizer(scene)),
        fields=(
            _text(value),
            _field("threshold", value.threshold, 10),
            _field("trustees", value.trustees, _TRUSTEES_CHARS_MAX),
            _field("employer", value.employer, 100),
            _field("language", value.language, 8),
            _choice("confirmation", value.confirmation, CONFIRMATION),
            _closes(value),
            *_where(scene),
            _field("title", value.title, 150),
            _field("addressee", value.addressee, 100),
            *_rest(value),
        ),
        submit=form_text.FORM_POLL_SEND,
    )


def meter_form(form: str, scene: Scene, *, value: PetitionForm) -> Form:
    """Return the form of a membership meter, which has no key holders and no names."""
    return Form(
        form=form,
        title=member_text.METER_TITLE,
        blocks=(Line(text=member_text.METER_FORM), seen_by_organizer(scene)),
        fields=(
            _text(value, label="meter_text"),
            _field("link", value.link, LINK_CHARS_MAX, label="meter_link"),
            _field("threshold", value.threshold, 10, label="members_needed"),
            _field("people", value.people, 12, label="meter_people"),
            _closes(value),
            *_where(scene),
            _field("title", value.title, 150),
            _choice("ends", value.ends, ENDS),
            _choice("audience", value.audience, AUDIENCES),
            _field("name", value.name, 24),
        ),
        submit=form_text.FORM_POLL_SEND,
    )


def _text(value: PetitionForm, *, label: str = "petition") -> Field:
    kind = FieldType.LONG_TEXT
    return _field("text", value.text, TEXT_CHARS_MAX, label=label, kind=kind)


def _closes(value: PetitionForm) -> Field:
    return _field("closes", value.closes or LENGTH_DEFAULT, CLOSES_CHARS_MAX)


def _where(scene: Scene) -> list[Field]:
    also = [_field("also", "", 100)] if scene.elsewhere else []
    return [_field("channel", "", 100, kind=FieldType.PLACE), *also]


def _rest(value: PetitionForm) -> list[Field]:
    return [
        _choice("ends", value.ends, ENDS),
        _choice("audience", value.audience, AUDIENCES),
        _field("name", value.name, 24),
        _field("people", value.people, 12),
    ]


def _field(
    name: str,
    value: str,
    most: int,
    *,
    label: str = "",
    kind: FieldType = FieldType.TEXT,
) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[label or name],
        type=kind,
        required=False,
        hint=form_text.FIELD_HINT[label or name],
        value=value,
        chars_max=most,
    )


def _choice(name: str, value: str, options: tuple[str, ...]) -> Field:
    default = {"kind": Collects.NAMES.value}.get(name, options[0])
    return Field(
        name=name,
        label=form_text.FIELD[name],
        type=FieldType.ONE,
        required=False,
        options=options,
        hint=form_text.FIELD_HINT[name],
        value=value or default,
    )
