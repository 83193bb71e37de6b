"""What a poll says in its channel."""

import re
from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.errors import UnknownDrive
from bot.core.records import Post, PostKind
from bot.core.released import REST, TOP
from bot.core.tallies import SegmentTally
from bot.core.terms import PollTerms
from bot.views.posts import drive_card, needs_form, post_card, result_card
from bot.views.scene import Scene
from bot.views.widgets import (
    ACTION_CHARS_MAX,
    BUTTON_LABEL_CHARS_MAX,
    Buttons,
    Card,
    CardKind,
    Chart,
    Line,
)
from tests.fakes.workplace import action_of, buttons, labels, words
from tests.views.drives import (
    ALL_TERMS,
    CONSOLE,
    DAY,
    GROUPS,
    LONG,
    LUNCH,
    MULTI,
    NOON,
    NPS,
    SCALE,
    SCENES,
    a_drive,
    published,
)

NEXT = NOON + DAY


def post_of(terms: PollTerms, scene: Scene = CONSOLE, floor: int = 0) -> Card:
    """Return the post of an open poll."""
    return drive_card(a_drive(terms, floor=floor), next_count=NEXT, scene=scene)


def test_post_of_a_poll() -> None:
    """T1, T2 and T4 stand in the post, in this order, then the short name."""
    assert words(post_of(LUNCH)).splitlines() == [
        "Should we ask for paid lunch breaks?",
        "Tap one. You can change your mind: until the next count, your last tap wins.",
        (
            "Who can see what: this bot shows rounded totals only, never who. This "
            "console sees your tap. The person who runs this bot could cheat while "
            "a tap arrives."
        ),
        (
            "No number yet. The first one shows when 10 people have answered. Next "
            "count: 2026-11-25 12:00 UTC. Open until 2026-12-01 12:00 UTC."
        ),
        "These terms can't be changed. Their mark: b802ab9f53cad6bd4004f3c99d9ae71d",
        "/rr results lunch",
    ]


def test_post_offers_one_tap_for_each_answer() -> None:
    """The answers are buttons; a code and the long privacy text are a tap away."""
    assert labels(post_of(LUNCH)) == [
        "Yes",
        "No",
        "Unsure",
        "Answer with a code",
        "Who can see what?",
    ]
    assert action_of(post_of(LUNCH), "No") == "vote:lunch:1"
    assert action_of(post_of(LUNCH), "Answer with a code") == "answer:lunch"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
@pytest.mark.parametrize("terms", ALL_TERMS)
def test_who_sees_what_stands_above_the_buttons(terms: PollTerms, scene: Scene) -> None:
    """Nobody can answer before the privacy line was there to read."""
    blocks = post_of(terms, scene).blocks
    [line] = [
        at
        for at, block in enumerate(blocks)
        if isinstance(block, Line) and "could cheat" in block.text
    ]
    first = next(at for at, block in enumerate(blocks) if isinstance(block, Buttons))

    assert line < first


@pytest.mark.parametrize("terms", ALL_TERMS)
def test_post_keeps_the_platforms_limits(terms: PollTerms) -> None:
    """Ids, labels, hints and rows fit every platform, for the longest terms too."""
    card = post_of(terms)
    rows = [block for block in card.blocks if isinstance(block, Buttons)]

    assert all(len(row.buttons) <= 5 for row in rows)
    # Discord: 40 components, and 4,000 characters in all.
    assert len(card.blocks) + len(buttons(card)) <= 40
    assert len(words(card)) <= 4000
    for button in buttons(card):
        assert len(button.action) <= ACTION_CHARS_MAX
        assert len(button.label) <= min(25, BUTTON_LABEL_CHARS_MAX)
        assert len(button.hint) <= 75


def test_long_answers_become_letters() -> None:
    """A phone would cut long labels: the answers stand in the text, with letters."""
    card = post_of(LONG)

    assert labels(card)[:20] == list("ABCDEFGHIJKLMNOPQRST")
    assert f"B {LONG.options[1]}" in words(card)


@pytest.mark.parametrize("terms", [MULTI, GROUPS])
def test_poll_that_needs_a_form_has_one_button(terms: PollTerms) -> None:
    """Several answers, or a group, do not fit into one tap."""
    card = post_of(terms)

    assert needs_form(terms)
    assert labels(card) == ["Answer", "Who can see what?"]
    assert "• Unsure" in words(card)
    assert "Tap Answer and choose one" in words(card)


@pytest.mark.parametrize(
    ("terms", "meaning"),
    [(SCALE, "5 is the highest"), (NPS, "10 means very much")],
)
def test_scale_says_what_its_ends_mean(terms: PollTerms, meaning: str) -> None:
    """A number alone is no answer."""
    card = post_of(terms)

    assert meaning in words(card)
    assert labels(card)[: len(terms.options)] == list(terms.options)


def test_turnout_line_says_its_own_rule() -> None:
    """With a floor, the line says the step and when it can move (T4)."""
    assert (
        "At least 120 people have answered. This number moves in steps of 25, and only "
        "at a count. Next count: 2026-11-25 12:00 UTC."
        in words(post_of(LUNCH, floor=120))
    )


@pytest.mark.parametrize("state", [State.CLOSING, State.CLOSED, State.PUBLISHED])
def test_closed_poll_offers_nothing_to_tap(state: State) -> None:
    """After the close the post says so and keeps the short name."""
    card = drive_card(a_drive(state=state), next_count=NEXT, scene=CONSOLE)

    assert not buttons(card)
    assert "This poll is closed." in words(card)
    assert words(card).splitlines()[-1] == "/rr results lunch"
    assert card.data["state"] == state.value


def test_post_tells_programs_its_name_and_state() -> None:
    """Programs read the short name, the state and the floor."""
    assert post_of(LUNCH, floor=20).data == {
        "drive": "lunch",
        "kind": "poll",
        "state": "open",
        "question": "Should we ask for paid lunch breaks?",
        "turnout_floor": 20,
    }


def test_words_of_a_question_cannot_change_the_post() -> None:
    """Stars switch no bold, and other directions of writing stay by themselves."""
    terms = replace(LUNCH, question="**Result:** שלום", options=("{closes}", "No"))

    card = post_of(terms)

    assert words(card).startswith("\u2068*Result:* שלום\u2069\n")
    assert labels(card)[0] == "{closes}"


def test_result_in_words() -> None:
    """T5: the rows in the order of the terms, the total, and what the words mean."""
    card = result_card(published(LUNCH, 26, 11, 3), CONSOLE)

    assert words(card).splitlines() == [
        "Result: Should we ask for paid lunch breaks?",
        "• Yes: most chosen (the rest, about 30)",
        "• No: about 10",
        "• Unsure: 0–4",
        "At least 40 people answered.",
        (
            "“The rest” is what is left when the other lines are taken from the "
            "total. “0–4” means four, fewer or none. Exact counts stay hidden so "
            "that no single answer stands out."
        ),
        "/rr results lunch",
    ]
    assert card.kind is CardKind.TALLY
    assert card.data["drive"] == "lunch"
    assert card.data["state"] == "published"
    assert card.data["turnout_floor"] == 0
    assert card.data["released"] == {
        "total": 40,
        "base": 5,
        "rules": 1,
        "rows": [
            {"label": "Yes", "shown": "the rest"},
            {"label": "No", "shown": "10"},
            {"label": "Unsure", "shown": "0–4"},
        ],
        "stats": None,
    }


def test_result_has_a_picture_with_the_same_words() -> None:
    """Who hears a picture hears what the rows say."""
    card = result_card(published(LUNCH, 26, 11, 3), CONSOLE)
    [chart] = [block for block in card.blocks if isinstance(block, Chart)]

    assert chart.alt_text == (
        "Bar chart of the same 3 lines. Yes, most chosen, about 30. No, about 10. "
        "Unsure, 0 to 4."
    )
    assert labels(card) == ["Check this result", "Who can see what?"]


def test_too_close_to_tell() -> None:
    """Where two answers are within reach, both say the same."""
    said = words(result_card(published(LUNCH, 20, 18, 12), CONSOLE))

    assert "• Yes: most chosen, too close to tell apart" in said
    assert "• No: most chosen, too close to tell apart" in said
    assert "“Too close” means we don't say which of these got more. “0–4”" in said
    assert "The rest" not in said


def test_rest_without_a_number() -> None:
    """Where nothing is left to say about the rest, no number is made up."""
    terms = replace(LUNCH, options=tuple("ABCDE"))

    said = words(result_card(published(terms, 6, 1, 1, 1, 1), CONSOLE))

    assert "• A: most chosen (the rest)\n" in said


def test_several_answers_have_a_table_each() -> None:
    """How often each answer was chosen, and never together with another."""
    card = result_card(published(MULTI, 25, 10, 2, answers=30), CONSOLE)

    said = words(card)
    assert (
        "Yes\n• Chosen: most chosen (the rest, about 25)\n• Not chosen: about 5" in said
    )
    [chart] = [block for block in card.blocks if isinstance(block, Chart)]
    assert "Yes: Chosen, most chosen, about 25." in chart.alt_text


def test_groups_stand_below_the_whole() -> None:
    """Each group that is large enough has its rows and its own total."""
    day = SegmentTally(label="Day", answers=25, cells=(20, 5, 0))
    night = SegmentTally(label="Night", answers=30, cells=(5, 25, 0))
    drive = published(GROUPS, 25, 30, 0, segments=(day, night))

    said = words(result_card(drive, CONSOLE))

    assert "Day\n• Yes: most chosen" in said
    assert "At least 30 people of this group answered." in said


@pytest.mark.parametrize(
    ("drive", "said"),
    [
        (published(SCALE, 0, 0, 10, 20, 30), "On average: about 4."),
        (
            published(NPS, *([10] * 9), 30, 60),
            "Score from -100 to 100 (NPS): about 11.",
        ),
    ],
)
def test_numbers_of_a_scale(drive, said: str) -> None:
    """A mean or a score follows from the rows."""
    assert said in words(result_card(drive, CONSOLE))


def test_few_answers_on_a_scale_have_no_mean() -> None:
    """Below twenty answers a mean would say too much."""
    said = words(result_card(published(SCALE, 0, 0, 0, 5, 10), CONSOLE))

    assert "On average" not in said


def test_no_early_look() -> None:
    """F8: while a poll is open, everybody reads when results come."""
    card = result_card(a_drive(), CONSOLE, next_count=NEXT)

    assert (
        "No result yet. Results open on 2026-12-01 12:00 UTC, if at least 10 people "
        "answer. There is no early look, for organizers neither." in words(card)
    )
    assert "No number yet." in words(card)
    assert card.data["released"] is None


def test_being_counted() -> None:
    """Between the close and the result there is a sentence of its own."""
    card = result_card(a_drive(state=State.CLOSING), CONSOLE)

    assert "It is being counted." in words(card)


def test_no_result() -> None:
    """T6: fewer than ten answers show nothing, not even the number."""
    card = result_card(a_drive(state=State.CLOSED), CONSOLE)

    assert words(card).splitlines()[1:] == [
        (
            "No result. Fewer than 10 people answered “Should we ask for paid lunch"
            " breaks?”."
        ),
        (
            "With so few, a result could point to someone. So we show nothing, not "
            "even the number."
        ),
        "Nobody read the answers, and the keys to them are destroyed.",
        "Want to try again? An organizer can start a new poll.",
        "/rr results lunch",
    ]
    assert not buttons(card)


def test_shown_can_be_read_back_from_the_words() -> None:
    """From a row's words a program gets what the table shows."""
    for drive in (published(LUNCH, 26, 11, 3), published(LUNCH, 20, 18, 12)):
        card = result_card(drive, CONSOLE)
        released = card.data["released"]
        assert isinstance(released, dict)
        read = [
            _shown(line) for line in words(card).splitlines() if line.startswith("•")
        ]

        assert read == released["rows"]


def _shown(line: str) -> dict[str, str]:
    label, said = line.removeprefix("• ").split(": ", 1)
    if "too close" in said:
        return {"label": label, "shown": TOP}
    if "the rest" in said:
        return {"label": label, "shown": REST}
    return {"label": label, "shown": re.sub("^about ", "", said)}


def test_long_chart_is_told_in_short() -> None:
    """A description that is too long for a platform is not cut in the middle."""
    card = result_card(published(LONG, *range(5, 25)), CONSOLE)
    [chart] = [block for block in card.blocks if isinstance(block, Chart)]

    assert chart.alt_text == "Bar chart of the same 20 lines."


@pytest.mark.parametrize("kind", sorted(set(PostKind) - {PostKind.DIGEST}))
def test_every_post_ends_with_the_short_name(kind: PostKind) -> None:
    """From each post people find the poll by its name."""
    drive = published(LUNCH, 26, 11, 3)

    card = post_card(
        Post(drive_id=drive.drive_id, kind=kind, place="general"),
        drive,
        next_count=NEXT,
        scene=CONSOLE,
        file=b"file",
    )

    assert words(card).splitlines()[-1] == "/rr results lunch"
    assert card.data["drive"] == "lunch"


def test_early_close_is_posted_with_its_time() -> None:
    """Everybody can see that organizers ended a poll, and when."""
    drive = replace(a_drive(state=State.CLOSING), closed_early_at=NOON + 3600)
    post = Post(drive_id=drive.drive_id, kind=PostKind.CLOSED_EARLY, place="general")

    card = post_card(post, drive, next_count=NEXT, scene=CONSOLE)

    assert "closed this poll at 2026-11-24 13:00 UTC" in words(card)
    assert card.kind is CardKind.NOTICE


def test_extension_is_posted() -> None:
    """A poll that goes on says why, and until when."""
    post = Post(drive_id=a_drive().drive_id, kind=PostKind.EXTENDED, place="general")

    said = words(post_card(post, a_drive(), next_count=NEXT, scene=CONSOLE))

    assert "Fewer than 10 people have answered." in said
    assert "until 2026-12-01 12:00 UTC" in said


def test_certificate_carries_its_file() -> None:
    """The signed result is a file with the poll's name."""
    drive = published(LUNCH, 26, 11, 3)
    post = Post(drive_id=drive.drive_id, kind=PostKind.CERTIFICATE, place="general")

    card = post_card(post, drive, next_count=NEXT, scene=CONSOLE, file=b"signed")

    assert card.attachment == ("lunch.certificate", b"signed")
    assert card.kind is CardKind.CERTIFICATE
    assert card.data == {"drive": "lunch"}


def test_a_poll_has_no_counts_to_post() -> None:
    """A row that asks for a box's counts was written by nobody."""
    post = Post(drive_id=a_drive().drive_id, kind=PostKind.DIGEST, place="general")

    with pytest.raises(UnknownDrive):
        post_card(post, a_drive(), next_count=NEXT, scene=CONSOLE)
