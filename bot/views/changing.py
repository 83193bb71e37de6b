"""Changing a draft before it starts: its form once more, in parts where it is long."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.records import Drive
from bot.views import text
from bot.views.posts import facts
from bot.views.scene import Scene
from bot.views.widgets import (
    FORM_FIELDS_MAX,
    PAGE_FIELDS_MAX,
    Button,
    Buttons,
    Card,
    CardKind,
    Field,
    FieldType,
    Form,
    Line,
)

# Where a form shows its first fields only, they hold long texts, for which a page has
# no room: who made a mistake there begins anew.
_SHORT = frozenset({"discord"})
# What stands in none of these leaves a draft where it is.
_PLACES = frozenset({"channel", "also"})
# Two labels fit a button on a phone.
_NAMED = 2


def draft_action(verb: str, drive: Drive) -> str:
    """Return an action that names a draft, and which of that name it is.

    A short name can be used again after a draft was dropped. The beginning of the
    drive's random id keeps an old button from starting terms that nobody looked at.
    """
    return f"{verb}:{drive.name}:{drive.drive_id.hex()[:16]}"


def parts_of(form: Form, scene: Scene) -> list[tuple[Field, ...]]:
    """Return the fields that can be changed, as many in each part as are shown."""
    if scene.platform not in _SHORT:
        return [form.fields]
    rest = form.fields[FORM_FIELDS_MAX:]
    return [
        rest[at : at + PAGE_FIELDS_MAX] for at in range(0, len(rest), PAGE_FIELDS_MAX)
    ]


def at_its_place(form: Form, drive: Drive) -> Form:
    """Return the form of a draft with the draft's channel in it.

    Slack offers the one where somebody is if none is given, and that would take the
    place of the draft's own.
    """
    place = drive.terms.places[0]
    fields = (
        replace(each, value=place) if each.type is FieldType.PLACE else each
        for each in form.fields
    )
    return replace(form, fields=tuple(fields))


def choose_part(drive: Drive, parts: Sequence[Sequence[Field]]) -> Card:
    """Return a button for each part, with what it begins with."""
    buttons = tuple(
        Button(
            action=f"{draft_action('edit', drive)}:{at}",
            label=_label(part),
        )
        for at, part in enumerate(parts)
    )
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=text.CHANGE_WHICH),
            *(Buttons(buttons=(button,)) for button in buttons),
        ),
        data=facts(drive),
    )


def _label(part: Sequence[Field]) -> str:
    names = [field.label for field in part[:_NAMED]]
    return ", ".join([*names, "…"] if len(part) > _NAMED else names)


def change_form(drive: Drive, form: Form, fields: tuple[Field, ...]) -> Form:
    """Return the form of a draft with these of its fields, as they stand."""
    privacy = form.blocks[-1]
    stays = [
        replace(field, hint=text.CHANGE_PLACE) if field.name in _PLACES else field
        for field in fields
    ]
    return replace(
        form,
        form=draft_action("edit", drive),
        title=text.CHANGE_TITLE,
        blocks=(Line(text=text.CHANGE_FORM), privacy),
        fields=tuple(stays),
        whole=True,
    )
