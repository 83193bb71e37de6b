"""The forms, and what must be read before one is sent."""

import pytest

from bot.core.polls import PollForm
from bot.core.terms import PollTerms
from bot.views.forms import (
    answer_form,
    change_form,
    check_form,
    join_form,
    poll_form,
)
from bot.views.scene import Scene
from bot.views.widgets import ACTION_CHARS_MAX, FORM_FIELDS_MAX, FieldType, Form
from tests.fakes.workplace import field_of, words
from tests.views.drives import ALL_TERMS, CONSOLE, GROUPS, LONG, LUNCH, MULTI, SCENES

EMPTY = PollForm()


def members_forms(scene: Scene) -> list[Form]:
    """Return every form in which members send something."""
    return [
        *(answer_form(terms, scene) for terms in ALL_TERMS),
        *(change_form(terms, scene) for terms in ALL_TERMS),
    ]


def all_forms(scene: Scene) -> list[Form]:
    """Return every form there is."""
    return [
        *members_forms(scene),
        check_form("CPVG", scene),
        join_form(scene),
        poll_form("poll", scene, value=EMPTY),
    ]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_who_sees_what_stands_in_every_form(scene: Scene) -> None:
    """Before anything is sent, a form says who sees it and who could cheat."""
    for form in all_forms(scene):
        assert "Who can see what:" in words(form), form.form
        assert "The person who runs this bot could cheat" in words(form), form.form


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_members_forms_say_what_is_shown(scene: Scene) -> None:
    """Members read that totals are shown, and never who."""
    for form in members_forms(scene):
        assert "rounded totals only, never who" in words(form), form.form


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_forms_keep_the_platforms_limits(scene: Scene) -> None:
    """Titles, buttons, labels and hints fit Slack and Discord."""
    for form in all_forms(scene):
        assert len(form.title) <= 24
        assert len(form.submit) <= 24
        assert len(form.form) <= ACTION_CHARS_MAX
        assert len(words(form)) <= 3000
        for field in form.fields:
            assert len(field.label) <= 45
            assert len(field.hint) <= 100
            assert len(field.options) <= 25


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_first_fields_of_a_form_are_enough(scene: Scene) -> None:
    """Where four fields fit, the others can be left out."""
    for form in all_forms(scene):
        assert not [f.name for f in form.fields[FORM_FIELDS_MAX:] if f.required]


@pytest.mark.parametrize(
    ("terms", "kind"),
    [(LUNCH, FieldType.ONE), (LONG, FieldType.ONE), (MULTI, FieldType.MANY)],
)
def test_answering_offers_the_options(terms: PollTerms, kind: FieldType) -> None:
    """A choice's values are the poll's answers."""
    form = answer_form(terms, CONSOLE)

    assert form.form == f"answer:{terms.name}"
    assert field_of(form, "answer").options == terms.options
    assert field_of(form, "answer").type is kind
    assert not field_of(form, "code").required


def test_group_is_asked_where_a_poll_has_groups() -> None:
    """Nobody has to name a group."""
    field = field_of(answer_form(GROUPS, CONSOLE), "segment")

    assert field.options == ("Day", "Night")
    assert not field.required


def test_changing_asks_for_the_code_first() -> None:
    """Without its code a counted answer stays."""
    form = change_form(LUNCH, CONSOLE)

    assert [field.name for field in form.fields] == ["code", "answer"]
    assert form.fields[0].required


def test_empty_poll_form_has_its_defaults() -> None:
    """One answer, for a day, in this channel, for its members."""
    form = poll_form("poll", CONSOLE, value=EMPTY)

    assert {field.name: field.value for field in form.fields} == {
        "question": "",
        "options": "",
        "choice": "single",
        "closes": "24h",
        "channel": "",
        "name": "",
        "segments": "",
        "audience": "members",
        "extend": "",
    }
    assert [field.name for field in form.fields if field.required] == ["question"]
    assert field_of(form, "choice").options == ("single", "multi", "scale", "nps")


def test_poll_form_can_be_filled_in() -> None:
    """What is known already needs no typing."""
    value = PollForm(question="Q", options="A\nB", choice="multi", extend=True)

    form = poll_form("poll:C1", CONSOLE, value=value)

    assert form.form == "poll:C1"
    assert field_of(form, "options").value == "A\nB"
    assert field_of(form, "extend").value == "true"


def test_joining_asks_for_the_code_alone() -> None:
    """An invite is typed into a form, never behind a command."""
    [field] = join_form(CONSOLE).fields

    assert field.name == "code"
    assert field.type is FieldType.CODE
