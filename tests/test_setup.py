"""`init` as a person meets it: asked at a terminal, stopped, and going on."""

import asyncio
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __main__ as program
from bot import compose, config, setup
from bot.cli.setup import person
from bot.cli.shield import CannotDo
from bot.core.records import Party
from bot.greeting import Greeting, greet_on_discord, greet_on_slack, has_joined_a_server
from bot.ports import StorageError
from bot.views import setup as words
from storage.folder import Accounts, DataFolder
from tests.fakes.platforms import (
    APP_TOKEN,
    BOT_TOKEN,
    DISCORD_TOKEN,
    Discord,
    Slack,
    discord_at,
    slack_at,
)
from tests.fakes.program import command_line, environment, found_cheaply
from tests.fakes.terminal import Terminal, at_terminal

pytestmark = pytest.mark.timeout(120)

ASKED = r"(: |\? \[y/N\]: |\]: )$"
SCOPES = compose.SLACK_SCOPES


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return where an installation is to be made."""
    return tmp_path / "office"


def talk_about(data: Path, *more: str, **settings: str) -> Terminal:
    """Begin `init` in a terminal."""
    told = {f"ROUNDROBIN_{name}": value for name, value in settings.items()}
    return Terminal.running(("init", "--data", str(data), *more), environment() | told)


def shown_passphrase(said: str) -> list[str]:
    """Return the words of the passphrase that was shown last."""
    shown = re.findall(r"shown once:\s+([a-z-]+(?: [a-z-]+){6})\s", said)
    return str(shown[-1]).split()


def type_words_back(terminal: Terminal) -> list[str]:
    """Type the two words that are asked for; return the passphrase."""
    passphrase: list[str] = []
    for _ in range(2):
        drawn = terminal.wait_for(r"Type word \d: $")
        passphrase = passphrase or shown_passphrase(drawn)
        number = re.findall(r"Type word (\d): $", drawn)[-1]
        terminal.type(passphrase[int(number) - 1])
    return passphrase


def answer_what_comes_first(terminal: Terminal) -> None:
    """Read the warning, choose Slack and one account, and write the words down."""
    assert "The request carries your name" in terminal.answer(ASKED, "y")
    for typed in ("somewhere", "2", "0"):
        terminal.answer(ASKED, typed)
    type_words_back(terminal)


def answer_names(terminal: Terminal) -> None:
    """Say whose place it is, who runs the bot, and what it is called."""
    terminal.answer("The owner: $", "Bolts & Co")
    terminal.answer("Who runs it: $", "the shop group")
    terminal.answer(r"Name of the bot \[Roundrobin\]: $", "Clipboard")
    terminal.answer(r"after the slash \[rr\]: $", "/ask")
    terminal.answer(r"after the slash \[rr\]: $", "ask")


def paste_tokens(terminal: Terminal) -> None:
    """Mix the tokens up, paste an old one, and then the right ones."""
    terminal.answer("xoxb-.*: $", APP_TOKEN)
    mixed_up = terminal.answer("xoxb-.*: $", "xoxb-0000000000-abcdefghijkl")
    assert "This is the app-level token. We need the one that starts" in mixed_up
    refused = terminal.answer("xoxb-.*: $", BOT_TOKEN)
    assert "Slack does not take it: invalid_auth. Copy it once more." in refused
    taken = terminal.answer("xapp-.*: $", BOT_TOKEN)
    assert "The app is called rr-bot, in the workspace Warehouse" in taken
    assert "This is the bot token." in terminal.answer("xapp-.*: $", APP_TOKEN)


def with_server(server: Slack | Discord, talk: Callable[[str], None]) -> None:
    """Hold a conversation while a platform answers on this machine."""

    async def both() -> None:
        serving = slack_at(server) if isinstance(server, Slack) else discord_at(server)
        async with serving as address:
            await asyncio.to_thread(talk, address)

    asyncio.run(both())


def settings_of(data: Path) -> config.Settings:
    """Return the settings that `init` wrote."""
    return config.load(data)


@pytest.fixture(autouse=True)
def no_settings_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith(config.PREFIX):
            monkeypatch.delenv(name)


# A first evening ----------------------------------------------------------------------


def test_slack_from_the_warning_to_the_invite(data: Path) -> None:
    """A person is led from the warning to the first message, and refused by name."""
    slack = Slack(scopes=SCOPES, channels={"general": True, "floor": False})

    def talk(address: str) -> None:
        terminal = talk_about(data, SLACK_API_URL=address)
        answer_what_comes_first(terminal)
        answer_names(terminal)
        paste_tokens(terminal)
        terminal.answer("or its link: $", "#nowhere")
        lost = terminal.answer(r"another channel \[#nowhere\]: $", "#floor")
        assert "The bot is in no channel of that name" in lost
        assert "/invite @rr-bot" in lost
        said = terminal.end()
        assert terminal.process.returncode == 0
        assert "The first message stands in the channel" in said
        assert re.search(r"works once, for 7 days:\s+[0-9A-Z ]{32}", said)
        assert "They type /ask invite" in said
        assert BOT_TOKEN not in said
        assert APP_TOKEN not in said

    with_server(slack, talk)

    assert slack.posted == [("floor", words.FIRST_MESSAGE.format(command="/ask"))]
    settings = settings_of(data)
    assert (settings.platform, settings.owner) == ("slack", "Bolts & Co")
    assert (settings.keeper, settings.display_name) == ("the shop group", "Clipboard")
    assert settings.command == "ask"
    assert settings.slack_bot_token.get_secret_value() == BOT_TOKEN
    assert BOT_TOKEN not in (data / "roundrobin.toml").read_text()
    assert stat.S_IMODE((data / "gate" / "slack_bot_token").stat().st_mode) == 0o600
    assert setup.step_of(data) == ""


def test_discord_from_the_flags_to_the_invite(data: Path) -> None:
    """What the flags say is not asked; a link lets the bot in; a channel is found."""
    discord = Discord(looks=3, public=True)

    def talk(address: str) -> None:
        flags = ("--platform", "discord", "--level", "0", "--owner", "Shop workers")
        named = ("--keeper", "Ada", "--command", "ask", "--display-name", "Clipboard")
        terminal = talk_about(data, *flags, *named, DISCORD_API_URL=address)
        terminal.answer(ASKED, "y")
        type_words_back(terminal)
        terminal.answer("Paste the token.*: $", BOT_TOKEN)
        assert "This is the bot token." in terminal.answer("Paste.*: $", DISCORD_TOKEN)
        linked = terminal.answer("in the server: $", "")
        assert (
            "client_id=42&scope=bot+applications.commands&permissions=35840" in linked
        )
        assert "anybody can add this bot" in linked
        assert "in no server yet" in terminal.answer("in the server: $", "")
        terminal.answer("or its link: $", "333333333333333333")
        no_right = terminal.answer("another channel.*: $", "floor")
        assert "may not write there" in no_right
        said = terminal.end()
        assert "They type /ask invite" in said

    with_server(discord, talk)

    assert discord.posted == [words.FIRST_MESSAGE.format(command="/ask menu")]
    assert settings_of(data).discord_token.get_secret_value() == DISCORD_TOKEN


def test_console_is_three_questions(data: Path) -> None:
    """Whoever only tries it reads the warning, and needs no names and no tokens."""
    terminal = talk_about(data)
    terminal.answer(ASKED, "y")
    terminal.answer(ASKED, "console")
    type_words_back(terminal)
    said = terminal.end()

    assert terminal.process.returncode == 0
    assert "roundrobin console --data" in said
    assert settings_of(data).platform == "console"


def test_no_is_the_answer_of_whoever_presses_enter(data: Path) -> None:
    """After the warning nothing is made unless the person says yes."""
    said = at_terminal(("init", "--data", str(data)), "", ASKED, "", code=1)

    assert "nothing was made" in said
    assert not data.exists()


def test_five_wrong_answers_end_it(data: Path) -> None:
    """Whoever answers something else again and again gets nothing, in one line."""
    said = at_terminal(("init", "--data", str(data)), "", ASKED, "y", *"abcde", code=1)

    assert "nothing was made" in said
    assert not data.exists()


def test_finished_installation_is_refused_before_any_question(data: Path) -> None:
    """Nobody answers ten questions to read that the folder is taken."""
    found_cheaply(data)
    said = at_terminal(("init", "--data", str(data)), "", ASKED, code=1)

    assert "already" in said
    assert "Before you install" not in said


# Stopped half-way ---------------------------------------------------------------------


def test_stopped_at_the_passphrase_it_asks_for_all_words(data: Path) -> None:
    """The passphrase cannot be shown again: it is typed whole, and the rest follows."""
    first = talk_about(data)
    first.answer(ASKED, "y")
    first.answer(ASKED, "1")
    passphrase = shown_passphrase(first.wait_for(r"Type word \d: $"))
    first.hang_up()
    second = talk_about(data)
    second.answer("The words, or again: $", "some other words")
    wrong = second.answer("The words, or again: $", " ".join(passphrase))
    said = second.end()

    assert "do not open the keys" in wrong
    assert second.process.returncode == 0
    assert "Invite for the first organizer" in said
    assert " ".join(passphrase) not in said
    assert setup.step_of(data) == ""


def test_whoever_lost_the_passphrase_starts_new(data: Path) -> None:
    """Without the words, what was begun is thrown away, and made again."""
    first = talk_about(data)
    first.answer(ASKED, "y")
    first.answer(ASKED, "1")
    lost = shown_passphrase(first.wait_for(r"Type word \d: $"))
    first.hang_up()
    second = talk_about(data)
    second.answer("The words, or again: $", "again")
    new = type_words_back(second)
    second.end()

    assert new != lost
    assert second.process.returncode == 0
    with pytest.raises(StorageError, match="does not fit"):
        compose.check_passphrase(data, " ".join(lost), Party.GATE)


def test_stopped_between_two_tokens_it_asks_for_the_second(data: Path) -> None:
    """What was given and taken is not asked for again."""
    slack = Slack(scopes=SCOPES, channels={"FLOOR": False})

    def talk(address: str) -> None:
        flags = ("--platform", "slack", "--level", "1", "--owner", "a", "--keeper", "b")
        named = ("--command", "rr", "--display-name", "c")
        first = talk_about(data, *flags, *named, SLACK_API_URL=address)
        first.answer(ASKED, "y")
        passphrase = type_words_back(first)
        counters = type_words_back(first)
        assert counters != passphrase
        first.answer("xoxb-.*: $", BOT_TOKEN)
        first.wait_for("xapp-.*: $")
        first.hang_up()
        assert setup.step_of(data) == "tokens"
        second = talk_about(data, SLACK_API_URL=address)
        second.answer("xapp-.*: $", APP_TOKEN)
        second.answer("or its link: $", "https://shop.slack.com/archives/C00000FLOOR")
        second.answer("another channel.*: $", "")
        second.answer("Passphrase.*: $", "other words")
        second.answer("Passphrase.*: $", " ".join(passphrase))
        said = second.end()
        assert second.process.returncode == 0
        # The tests may run as root, on a computer that has no such accounts.
        assert "roundrobin-counter" in said

    with_server(slack, talk)

    assert settings_of(data).level == 1
    assert slack.posted


def test_half_made_installation_is_not_made_over(data: Path) -> None:
    """Without a terminal a folder that was begun is refused as every other."""
    terminal = talk_about(data)
    terminal.answer(ASKED, "y")
    terminal.answer(ASKED, "1")
    terminal.wait_for(r"Type word \d: $")
    terminal.hang_up()
    run = command_line("init", "--data", str(data), "--json")

    assert run.returncode == 1
    assert "already" in run.stderr


# Flags --------------------------------------------------------------------------------


def test_two_accounts_get_two_passphrases(data: Path) -> None:
    """At level 1 each keystore opens with its own passphrase, and `count` takes one."""
    run = command_line("init", "--data", str(data), "--level", "1", "--json")
    printed = json.loads(run.stdout)
    gates, counters = printed["passphrase"], printed["counter_passphrase"]
    refused = command_line("count", "--data", str(data), passphrase=gates)
    settings = environment(gates) | {"ROUNDROBIN_COUNTER_PASSPHRASE": counters}
    counted = Terminal.running(("count", "--data", str(data)), settings)
    counted.end()

    assert list(printed) == ["passphrase", "counter_passphrase", "invite"]
    assert refused.returncode == 1
    assert "does not fit" in refused.stderr
    assert counted.process.returncode == 0


def test_console_plays_both_roles_at_level_one(data: Path) -> None:
    """With both passphrases the console's counter counts."""
    run = command_line("init", "--data", str(data), "--level", "1")
    gates, counters = re.findall(r"shown once:\s+([a-z -]+)\n", run.stdout)
    terminal = Terminal.running(
        ("console", "--data", str(data), "--plain"),
        environment(gates) | {"ROUNDROBIN_COUNTER_PASSPHRASE": counters},
    )
    terminal.answer("> $", "advance 24h")
    terminal.answer("> $", "exit")
    terminal.end()

    assert terminal.process.returncode == 0


@pytest.mark.parametrize(
    "flags",
    [("--command", "/rr"), ("--display-name", "@here"), ("--level", "2")],
)
def test_flag_that_cannot_be_makes_nothing(flags: tuple[str, str], data: Path) -> None:
    """A wrong flag is refused before a folder is made."""
    code = program.run_command(["init", "--data", str(data), "--json", *flags])

    assert code in {1, 2}
    assert not data.exists()


def test_names_by_flags_stand_in_the_settings(data: Path) -> None:
    """Quotes and signs survive, and no line is written twice."""
    found_cheaply(data)
    owner = 'The "Bolts" \\ Company – Ωmega'
    setup.keep_wishes(data, setup.Wishes(owner=owner, command="ask"))
    setup.keep_wishes(data, setup.Wishes(owner=owner, command="ask"))
    text = (data / "roundrobin.toml").read_text()

    assert settings_of(data).owner == owner
    assert (text.count("owner ="), text.count("command =")) == (1, 1)
    assert stat.S_IMODE((data / "roundrobin.toml").stat().st_mode) == 0o644


# Two accounts -------------------------------------------------------------------------


def test_handing_over_gives_each_role_its_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gate and counter own what is theirs, and share a group for what is shared."""
    found_cheaply(data)
    given: dict[str, tuple[int, int]] = {}

    def note(path: Path, user: int, group: int, *, follow_symlinks: bool) -> None:
        assert not follow_symlinks
        given[path.relative_to(data).as_posix()] = (user, group)

    # Only root may give files away; the tests may run as anybody.
    monkeypatch.setattr("os.chown", note)
    DataFolder(data).hand_over(Accounts(gate=71, counter=72, group=70))

    assert given["gate/keystore"] == given["gate/inbox"] == given["gate"] == (71, 70)
    assert given["counter/keystore"] == given["counter"] == (72, 70)
    assert given["shared/roundrobin.db"] == given["certificates"] == (71, 70)
    assert "." not in given
    assert stat.S_IMODE((data / "shared").stat().st_mode) == 0o2770


def test_accounts_that_there_are_not(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a computer without the accounts there is nobody to hand over to."""
    monkeypatch.setattr(setup, "GATE_USER", "nobody-of-this-name")

    assert setup.accounts() is None
    assert not setup.hand_over(data)
    assert f"cd {data.absolute()}" in setup.how_to_hand_over(data)


def test_wipe_takes_tokens_and_what_init_noted(data: Path) -> None:
    """Nothing of a conversation outlives the installation."""
    found_cheaply(data)
    setup.keep_token(data, "discord_token", DISCORD_TOKEN)
    setup.go_to(data, "tokens")
    DataFolder(data).wipe()

    assert not data.exists()


# What a platform can answer to the first message -------------------------------------


async def test_message_that_slack_does_not_take() -> None:
    """A refusal, a missing right and a platform that is away are told apart."""
    async with slack_at(Slack(channels={"floor": True})) as address:
        lost = await greet_on_slack("#floor", "Hello", token=APP_TOKEN, api=address)
        sent = await greet_on_slack("C00000floor", "Hello", token="", api=address)
    away = await greet_on_slack("#floor", "", token="", api="http://127.0.0.1:9")

    assert (lost, sent) == (Greeting.NO_SUCH_CHANNEL, Greeting.NO_SUCH_CHANNEL)
    assert away is Greeting.NOT_POSTED


async def test_message_that_discord_does_not_take() -> None:
    """A channel that is gone, and a platform that is away."""
    token = DISCORD_TOKEN
    async with discord_at(Discord()) as address:
        gone = await greet_on_discord("4" * 18, "", token=token, api=address)
        voice = await greet_on_discord("voice", "", token=token, api=address)
    away = await greet_on_discord("x", "", token=token, api="http://127.0.0.1:9")

    assert (gone, voice) == (Greeting.NO_SUCH_CHANNEL, Greeting.NO_SUCH_CHANNEL)
    assert away is Greeting.NOT_POSTED
    assert not await has_joined_a_server(token, "http://127.0.0.1:9")


def test_asking_ends_after_some_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for ever; what was answered so far is kept, and that is said."""
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "no")

    with pytest.raises(CannotDo, match="goes on where it was"):
        person.ask("Which", lambda _: "Not that.")
