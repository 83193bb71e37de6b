"""Pages about reports keep the platforms' limits, and say who could cheat."""

from dataclasses import replace

import pytest

from bot.core.boxes import BoxForm
from bot.core.cases import By, CaseState, Flag, Turn
from bot.core.drives import State
from bot.core.giveaways import find_marks, snippets
from bot.core.records import Post, PostKind
from bot.views import boxes, cases, casework, forms, organizing
from bot.views.inert import inert
from bot.views.kinds import post_card, result_card
from bot.views.scene import Scene
from bot.views.widgets import ACTION_CHARS_MAX, Buttons, Card, Form
from tests.core.boxed import BOX
from tests.core.test_cases import a_case
from tests.fakes.workplace import buttons, words
from tests.views.drives import NOON, SCENES, WEEK, a_drive

LONG = replace(
    BOX,
    name="x" * 24,
    title="T" * 150,
    categories=tuple("c" * 73 + f"{n:02}" for n in range(20)),
    severities=tuple("s" * 73 + f"{n:02}" for n in range(10)),
    areas=tuple("a" * 73 + f"{n:02}" for n in range(20)),
)
# A hundred days after it was read, its outcome is overdue.
LATE = a_case().opened_at + 100 * 86_400
TEXT = "At 14:32 my desk by dock 4, I am the only one. " * 12
CASE = replace(
    a_case(),
    text="W" * 600,
    place="p" * 75,
    reason="r" * 300,
    assigned="Wren",
    urgent=True,
    state=CaseState.CLOSED,
    turns=(
        Turn(by=By.AUTHOR, text="a" * 600),
        Turn(by=By.ORGANIZERS, box=bytes(99)),
    ),
    notes=("n" * 300,),
    same_as=bytes(16),
    flag=Flag.ASKED,
)
# As long as an author can make it: signs that cannot be seen take more room.
HIDDEN = "a\u200b" * 300
FLOODED = replace(
    CASE,
    text=HIDDEN,
    turns=(Turn(by=By.AUTHOR, text=HIDDEN),) * 200,
    notes=("n" * 2000,) * 200,
)


def all_forms(scene: Scene) -> list[Form]:
    """Return every form about reports."""
    drives = [a_drive(BOX), a_drive(LONG)]
    found = [boxes.report_form(drive, scene, value=TEXT) for drive in drives]
    found.append(boxes.which_form(drives, scene, value=TEXT, note="Files: no."))
    found += [cases.code_form(scene), cases.code_form(scene, code="K" * 26)]
    return found


def organizers_forms(scene: Scene) -> list[Form]:
    """Return every form about reports that organizers fill in."""
    return [
        forms.box_form("box", scene, value=BoxForm()),
        casework.reply_form(CASE, scene),
        casework.note_form(CASE, scene),
        casework.close_form(CASE, scene),
        casework.same_form(CASE, scene),
    ]


def check_pages() -> list[Form]:
    """Return the page before sending, in all its shapes."""
    marks = tuple(snippets(TEXT, find_marks(TEXT)))
    return [
        boxes.check_form(
            f"send:{t.name}:0:0:1:{'0' * 16}",
            t,
            boxes.Checked(
                text=TEXT,
                found=found,
                named=named,
                only_counts=only,
                again=not only,
            ),
            scene,
        )
        for t in (BOX, LONG, replace(BOX, areas=()))
        for found in (marks, ())
        for only in (True, False)
        for named in (True, False)
        for scene in SCENES
    ]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_who_sees_what_stands_in_every_form(scene: Scene) -> None:
    """Before anything is sent, a form says who sees it and who could cheat."""
    for form in all_forms(scene) + organizers_forms(scene):
        assert "Who can see what:" in words(form), form.form
        assert "The person who runs this bot could cheat" in words(form), form.form


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_forms_keep_the_platforms_limits(scene: Scene) -> None:
    """Titles, buttons, labels and hints fit Slack and Discord."""
    for form in all_forms(scene) + organizers_forms(scene) + check_pages():
        assert len(form.title) <= 24
        assert len(form.submit) <= 24
        assert len(form.form) <= ACTION_CHARS_MAX
        assert len(words(form)) <= 3000
        for field in form.fields:
            assert len(field.label) <= 45
            assert len(field.hint) <= 100
            assert len(field.options) <= 25


def cards(scene: Scene) -> list[Card]:
    """Return every message about reports."""
    post = Post(drive_id=a_drive().drive_id, kind=PostKind.DRIVE, place="general")
    early = replace(post, kind=PostKind.CLOSED_EARLY)
    draft = a_drive(LONG, State.DRAFT)
    return [
        post_card(post, a_drive(LONG), next_count=NOON, scene=scene),
        post_card(post, a_drive(BOX, State.CLOSED), next_count=NOON, scene=scene),
        post_card(early, a_drive(BOX, State.CLOSED), next_count=NOON, scene=scene),
        result_card(a_drive(BOX), scene, next_count=NOON),
        result_card(a_drive(BOX, State.CLOSING), scene),
        boxes.sent("K7QM 2XTA 9F3D 4WRB H6NE 8YCP VG", NOON, scene, urgent=False),
        boxes.counted(NOON),
        boxes.message_choice("m" * 60, scene),
        boxes.words_dropped(scene),
        cases.no_case([a_drive()] * 9, "k7qm " * 99),
        cases.authors_case(CASE, ["a", "b"], code="K" * 26, next_letters=NOON),
        cases.ask_take_back("K" * 26, NOON),
        casework.case_list(
            [CASE] * 12, [(a_drive(LONG), NOON)], {}, scene=scene, now=LATE
        ),
        casework.organizers_case(CASE, scene=scene, now=LATE, others=2),
        casework.organizers_case(FLOODED, scene=scene, now=LATE, others=2),
        casework.organizers_case(FLOODED, scene=scene, now=LATE, others=2, skip=8),
        casework.case_list([FLOODED] * 12, [], {}, scene=scene, now=LATE),
        cases.authors_case(FLOODED, [HIDDEN] * 200, code="K" * 26, next_letters=NOON),
        organizing.preview(
            replace(draft, length=WEEK.closes_at), WEEK, scene, alone=True
        ),
    ]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_cards_keep_the_platforms_limits(scene: Scene) -> None:
    """Five buttons in a row, ids of a hundred characters, forty components."""
    for card in cards(scene):
        rows = [block for block in card.blocks if isinstance(block, Buttons)]
        assert all(len(row.buttons) <= 5 for row in rows)
        assert all(len(each.action) <= ACTION_CHARS_MAX for each in buttons(card))
        assert all(len(each.label) <= 75 for each in buttons(card))
        assert len(card.blocks) + len(buttons(card)) <= 40


def test_a_long_talk_is_paged() -> None:
    """The newest twelve parts, a button for those before, and what is left out."""
    turns = tuple(Turn(by=By.AUTHOR, text=f"part {at}") for at in range(20))
    long = replace(CASE, turns=turns, notes=tuple(f"note {at}" for at in range(5)))
    newest = casework.organizers_case(long, scene=SCENES[0], now=NOON)
    first = casework.organizers_case(long, scene=SCENES[0], now=NOON, skip=16)
    older = [each.action for each in buttons(newest) if each.label == "Earlier parts"]

    assert older == [f"case:{long.name}:12"]
    assert "part 19" in words(newest)
    assert "part 7" not in words(newest)
    assert "Earlier notes: 2." in words(newest)
    assert "part 3" in words(first)
    assert "part 4" not in words(first)
    assert "Newer parts of this talk: 16." in words(first)
    assert "Earlier parts" not in [each.label for each in buttons(first)]


def test_two_platforms_count_accounts() -> None:
    """A box that is open on two platforms says that each account counts once."""
    post = Post(drive_id=a_drive().drive_id, kind=PostKind.DRIVE, place="general")
    both = a_drive(replace(BOX, place="slack/C1 discord/2"))
    said = words(post_card(post, both, next_count=NOON, scene=SCENES[0]))

    assert "Open in #slack/C1 and #discord/2. Each account counts once" in said


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_message_choice_says_who_could_cheat(scene: Scene) -> None:
    """So does the answer to a direct message, before the text is sent on."""
    assert "could cheat" in words(boxes.message_choice("m", scene))


def test_only_texts_are_asked_about_waiting() -> None:
    """A report that only counts has nothing to wait for, and is not told about it."""
    pages = {
        only: words(
            boxes.check_form(
                "send", BOX, boxes.Checked(text=TEXT, only_counts=only), SCENES[0]
            )
        )
        for only in (True, False)
    }

    assert "Don't wait" in pages[False]
    assert "Don't wait" not in pages[True]


def test_an_authors_page_has_no_notes() -> None:
    """And the organizers' has no replies."""
    mine = cases.authors_case(CASE, ["a", "secret"], code="K" * 26, next_letters=NOON)

    assert "n" * 300 not in words(mine)
    assert "secret" in words(mine)
    assert "secret" not in words(
        casework.organizers_case(CASE, scene=SCENES[0], now=NOON)
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain\ntext", "plain\ntext"),
        ("**loud**", "*loud*"),
        ("@here now", "(at)here now"),
        ("mail me at a@b.example", "mail me at a(at)b.example"),
        ("<!channel> <#C1> <@U2>", "[!channel] [#C1] [@U2]"),
        ("HTTPS://a.example/x?y=z!", "[link to a.example]"),
        ("www.b.example", "[link to b.example]"),
        ("a\u200bb\u202ec", "a[U+200B]b[U+202E]c"),
        ("a\u200b\u2060\u200bb", "a[3 hidden signs]b"),
        ("a\u200b" * 11, "a[U+200B]" * 10 + "a·"),
        ("\U0001f468\u200d\U0001f469 \ue000", "\U0001f468\u200d\U0001f469 [U+E000]"),
    ],
)
def test_texts_are_inert(written: str, shown: str) -> None:
    """What somebody wrote calls nobody, leads nowhere and hides nothing."""
    assert inert(written) == shown
