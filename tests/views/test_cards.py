"""The messages that members read."""

from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.errors import (
    DriveClosed,
    MessageTooOld,
    Refused,
    TextTooLong,
    UnknownDrive,
)
from bot.core.receipts import Receipt
from bot.views import cards
from bot.views.names import quoted
from bot.views.scene import Scene
from bot.views.times import MOMENT, length, moment, second_of
from bot.views.widgets import CardKind
from tests.fakes.workplace import action_of, buttons, labels, words
from tests.views.drives import (
    CONSOLE,
    DAY,
    DISCORD,
    LUNCH,
    NOON,
    SCENES,
    SLACK,
    a_drive,
)

MANY = [replace(a_drive(replace(LUNCH, name=f"poll-{number}"))) for number in range(20)]


def test_menu_is_the_same_for_everybody() -> None:
    """The menu takes no person: what it shows are the open polls."""
    card = cards.menu([a_drive()])

    assert words(card).splitlines() == [
        "What do you want to do?",
        "Should we ask for paid lunch breaks?",
        "Poll lunch. Open until 2026-12-01 12:00 UTC.",
        "This menu looks the same for everyone. It does not show what you did.",
    ]
    assert labels(card) == [
        "Report a problem",
        "My report (I have a code)",
        "Who can see what?",
        "Answer",
        "Result",
    ]
    assert card.kind is CardKind.MENU
    assert card.data == {
        "drives": [
            {
                "drive": "lunch",
                "kind": "poll",
                "state": "open",
                "question": "Should we ask for paid lunch breaks?",
            }
        ]
    }


def test_unknown_word_is_not_repeated() -> None:
    """Whatever was typed, the menu says that it is gone."""
    said = words(cards.menu([], unknown_word=True))

    assert said.startswith("I don't know that word. I threw it away.")


@pytest.mark.parametrize(
    "card",
    [
        cards.menu(MANY),
        cards.drive_list(MANY, CONSOLE),
        cards.drive_list(MANY, CONSOLE, start=8),
        cards.choose("Which?", MANY, verb="answer", label="Answer"),
    ],
)
def test_long_lists_have_pages(card) -> None:
    """A page fits a platform's message; programs read the whole list."""
    assert len(card.blocks) + len(buttons(card)) <= 40
    assert "More" in labels(card)
    assert isinstance(card.data["drives"], list)
    assert len(card.data["drives"]) == 20


def test_last_page_has_no_more() -> None:
    """Pages end."""
    card = cards.drive_list(MANY, CONSOLE, start=16)

    assert "More" not in labels(card)
    assert "poll-16" in words(card)
    assert action_of(cards.drive_list(MANY, CONSOLE), "More") == "list:8"


def test_list_says_what_can_be_done() -> None:
    """An open poll can be answered; others only looked at."""
    drives = [
        a_drive(),
        a_drive(replace(LUNCH, name="tea"), State.CLOSING),
        a_drive(replace(LUNCH, name="rota"), State.PUBLISHED),
    ]

    card = cards.drive_list(drives, CONSOLE)

    assert labels(card) == ["Answer", "Result", "Result", "Result"]
    assert "Poll tea. Closed. It is being counted." in words(card)
    assert "Poll rota. Closed.\n" in words(card)
    assert "type /rr results and its name" in words(card)


def test_empty_list() -> None:
    """Without polls the list says so."""
    assert "There is no poll yet." in words(cards.drive_list([], CONSOLE))


def test_received() -> None:
    """T3, word for word."""
    card = cards.received(a_drive(), NOON + DAY)

    assert words(card).splitlines() == [
        "Received. Your answer is sealed until the next count, 2026-11-25 12:00 UTC.",
        (
            "Not sure it worked? Tap again. It can't count twice. Until the next "
            "count, your last tap wins."
        ),
        (
            "Was an answer of yours counted before? Then that one stays. Only your "
            "code can change it."
        ),
        "Everyone gets this same message every time. It does not show what you chose.",
    ]
    assert labels(card) == ["Change a counted answer", "Who can see what?"]
    assert card.data == {}
    assert card.kind is CardKind.RECEIPT


def test_code_is_shown_once_in_two_lines() -> None:
    """T10 for an answer: the code in groups, what it can do, and the receipt."""
    receipt = Receipt(
        next_count=NOON + DAY,
        code="K7QM 2XTA 9F3D 4WRB H6NE 8YCP VG",
        mark="0123456789abcdef",
    )

    card = cards.code_receipt(a_drive(), receipt)

    said = words(card)
    assert said.startswith(
        "Your answer is sealed and sent. This code can change it until 2026-12-01 "
        "12:00 UTC. It can't show anyone what you chose.\n"
        "K7QM 2XTA 9F3D\n4WRB H6NE 8YCP VG\nWrite it on paper."
    )
    assert "0123456789abcdef" in said
    assert card.data == {"code": receipt.code, "receipt": receipt.mark}
    assert labels(card) == ["I have it", "I don't need it"]
    assert action_of(card, "I have it") == "kept:CPVG"


def test_refusal_says_its_sentence() -> None:
    """The words are those of the class, with the installation's command."""
    scene = Scene(platform="console", command="poll")

    assert words(cards.refusal(DriveClosed(), scene)) == (
        "Nothing was recorded. This poll is closed."
    )
    assert "Open /poll again." in words(cards.refusal(MessageTooOld(), scene))
    assert cards.refusal(UnknownDrive(), scene).data == {"refusal": "UnknownDrive"}


def test_refusal_names_a_field_as_the_form_does() -> None:
    """People know a field by its label."""
    card = cards.refusal(TextTooLong(label="question", limit=150), CONSOLE)

    assert words(card) == (
        "Nothing was recorded. “Question” is too long: at most 150 characters."
    )


def test_refusal_without_more_words() -> None:
    """The plain refusal is a text as well."""
    assert "Nothing was recorded." in words(cards.refusal(Refused(), CONSOLE))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_privacy_says_who_could_cheat(scene: Scene) -> None:
    """Three parts, who runs the bot, and that a risk remains."""
    said = words(cards.privacy(scene))

    for part in ("What this bot does.", "What it can't do.", "What you can do."):
        assert part in said
    assert "could change it and read answers as they arrive" in said
    assert said.endswith("This lowers the risk. It does not remove it.")
    assert len(said) <= 4000


def test_privacy_names_this_installation() -> None:
    """Owner, keeper and level stand where they are known."""
    slack, discord = words(cards.privacy(SLACK)), words(cards.privacy(DISCORD))

    assert slack.startswith("Who can see what: Slack, owned by Acme\n")
    assert "Robin's union runs this bot (level: one person, one computer)" in slack
    assert discord.startswith("Who can see what: Discord, server run by Sam\n")
    assert "level: two people, two computers" in discord
    assert "The person who runs this bot (level:" in discord


@pytest.mark.parametrize(
    ("scene", "menu"), [(CONSOLE, "/rr:"), (SLACK, "/rr:"), (DISCORD, "/rr menu:")]
)
def test_help_names_the_commands(scene: Scene, menu: str) -> None:
    """Discord cannot send the root command alone."""
    said = words(cards.help_page(scene))

    assert menu in said
    assert "/rr vote:" in said


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_direct_message_is_answered_neutrally(scene: Scene) -> None:
    """The first words, which a locked screen shows, say nothing about it."""
    card = cards.message_choice(scene)

    assert words(card).startswith("Choose what happens with your message.\n")
    assert labels(card) == ["Open the menu", "Do nothing"]
    assert "did not keep your text" in words(card)


@pytest.mark.parametrize("dropped", [True, False])
def test_report_without_a_box(dropped: bool) -> None:  # noqa: FBT001 - a table's column
    """There is no box; words behind the command are said to be gone, and only they."""
    card = cards.no_report_box(SLACK, words_dropped=dropped)

    assert ("thrown away unread" in words(card)) == dropped


def test_times_are_written_in_one_way() -> None:
    """A time says its zone."""
    assert moment(NOON) == "2026-11-24 12:00 UTC"
    assert MOMENT.fullmatch(moment(NOON))
    assert second_of(moment(NOON)) == NOON
    assert second_of("2026-13-41 12:00 UTC") is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60, "1 minute"),
        (90, "90 seconds"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (DAY, "1 day"),
        (14 * DAY, "14 days"),
        (36 * 3600, "36 hours"),
    ],
)
def test_lengths_are_written_in_the_largest_unit(seconds: int, said: str) -> None:
    """Lengths read as people would say them."""
    assert length(seconds) == said


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Yes * no", "Yes * no"),
        ("**Yes** ***", "*Yes* *"),
        ("نعم", "\u2068نعم\u2069"),
    ],
)
def test_words_of_people_stand_by_themselves(written: str, shown: str) -> None:
    """Neither bold nor a direction of writing leaves a person's words."""
    assert quoted(written) == shown


@pytest.mark.parametrize(
    "values", [{"platform": "irc"}, {"platform": "slack", "level": 3}]
)
def test_scene_has_words(values) -> None:
    """No installation is of a kind that there are no words for."""
    with pytest.raises(ValueError, match="no text"):
        Scene(**values)
