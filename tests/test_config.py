"""Settings: the environment wins, secrets stay in their files, errors quote nothing."""

import os
from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError

SECRET = "xoxb-canary-4711"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in an environment without settings."""
    for name in list(os.environ):
        if name.startswith(config.PREFIX):
            monkeypatch.delenv(name)
    return tmp_path


def write(folder: Path, text: str) -> None:
    """Put a settings file into a folder."""
    (folder / config.SETTINGS_FILE).write_text(text)


def test_empty_folder_gives_the_defaults(folder: Path) -> None:
    """Nothing has to be set."""
    settings = config.load(folder)

    assert settings.platform == "console"
    assert settings.command == "rr"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert not settings.discord_token


def test_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says goes before the settings file."""
    write(folder, 'command = "ask"\nkeeper = "Ada"\n')
    monkeypatch.setenv("ROUNDROBIN_COMMAND", "poll")

    settings = config.load(folder)

    assert (settings.command, settings.keeper) == ("poll", "Ada")


def test_secret_comes_from_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `…_FILE` setting, in the environment or in the settings, names the secret."""
    (folder / "token").write_text(f"{SECRET}\n")
    write(folder, f'discord_token_file = "{folder / "token"}"\n')
    monkeypatch.setenv("ROUNDROBIN_SLACK_BOT_TOKEN_FILE", str(folder / "token"))

    settings = config.load(folder)

    assert settings.slack_bot_token.get_secret_value() == SECRET
    assert settings.discord_token.get_secret_value() == SECRET
    assert SECRET not in repr(settings)


def test_secret_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plain variable works too."""
    monkeypatch.setenv("ROUNDROBIN_DISCORD_TOKEN", SECRET)

    assert config.load(folder).discord_token.get_secret_value() == SECRET


def test_settings_are_frozen(folder: Path) -> None:
    """What was read stays as it was read."""
    with pytest.raises(ValueError, match="frozen"):
        config.load(folder).command = "ask"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'discord_token = "{SECRET}"', "does not belong"),
        (f'kommand = "{SECRET}"', "a setting that there is not: kommand"),
        (f'"{SECRET}" = 1', "a setting that there is not"),
        (f'command = "/{SECRET} x"', "command cannot be that"),
        (f'platform = "{SECRET}"', "platform cannot be that"),
        (f'slack_api_url = "{SECRET}"', "slack_api_url cannot be that"),
        (f'slack_http_bind = "{SECRET}"', "slack_http_bind cannot be that"),
        (f'command = ["{SECRET}"]', "command cannot be that"),
        (f'legal_lines = "{SECRET}"', "legal_lines cannot be that: each line is"),
        (f"command = {SECRET}", "not valid TOML"),
        (f'discord_token_file = "/nowhere/{SECRET}"', "discord_token cannot be read"),
    ],
)
def test_wrong_settings_are_named_and_not_quoted(
    folder: Path, text: str, words: str
) -> None:
    """An error names the setting, never the value: a token may stand in its place."""
    write(folder, text)

    with pytest.raises(ConfigError, match=words) as caught:
        config.load(folder)

    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("content", [b"", b"two\nlines", b"x" * 5000, b"\xff"])
def test_secret_is_one_line(folder: Path, content: bytes) -> None:
    """A file that holds something else than one line is no secret."""
    (folder / "token").write_bytes(content)

    with pytest.raises(ConfigError):
        config.read_secret("discord_token", folder / "token")


def test_unreadable_settings_are_refused(folder: Path) -> None:
    """A folder in the place of the file is no settings file."""
    (folder / config.SETTINGS_FILE).mkdir()

    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(folder)


def test_path_in_the_settings_begins_at_their_folder(folder: Path) -> None:
    """A folder that is moved, or mounted elsewhere, takes its secrets along."""
    (folder / "gate").mkdir()
    (folder / "gate" / "token").write_text(f"{SECRET}\n")
    write(folder, 'discord_token_file = "gate/token"\n')

    assert config.load(folder).discord_token.get_secret_value() == SECRET
    assert config.secret_files(folder) == (
        config.SecretFile(name="discord_token", path=folder / "gate" / "token"),
    )


def test_counter_reads_its_own_secrets_only(folder: Path) -> None:
    """A file that the other role owns is not even opened."""
    write(folder, f'discord_token_file = "{folder / "none"}"\n')

    settings = config.load(folder, secrets={"database_url"})

    assert not settings.discord_token
    with pytest.raises(ConfigError, match="discord_token"):
        config.load(folder)


def test_file_of_a_user_that_there_is_not(folder: Path) -> None:
    """A home that cannot be found is a file that cannot be read."""
    write(folder, 'discord_token_file = "~nobody-4711/token"\n')

    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(folder)


@pytest.mark.parametrize("name", ["", "@here", "a" * 33, " bot", "a`b`"])
def test_display_name_that_would_mention_or_mislead(folder: Path, name: str) -> None:
    """The bot's name is shown to everybody, so it is one plain line."""
    write(folder, f'display_name = "{name}"\n')

    with pytest.raises(ConfigError, match="display name"):
        config.load(folder)
