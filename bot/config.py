"""The settings of an installation, frozen: DIR/roundrobin.toml and the environment.

The environment wins. A secret comes from the environment or from a file that its
`…_FILE` setting names, never from the settings file: both roles can read that one.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.core.legal import read_legal_lines

PREFIX = "ROUNDROBIN_"
SETTINGS_FILE = "roundrobin.toml"
# A settings file is a page; more is another file.
SETTINGS_BYTES_MAX = 64 * 1024
# A token or passphrase is a line.
SECRET_BYTES_MAX = 4096

Platform = Literal["console", "slack", "discord"]

SECRETS = frozenset(
    [
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "discord_token",
        "passphrase",
        "counter_passphrase",
        "database_url",
    ]
)
# Slack: a command is lower case, without spaces, at most 32 characters.
COMMAND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
# Slack: a bot's name has at most 80 characters; Discord: 32. All members see it.
DISPLAY_NAME = re.compile(r"[^\s@#:`](.{0,30}[^\s@#:`])?")

_FILE_SUFFIX = "_file"
_NO_SECRET = SecretStr("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFile:
    """The file that a secret is in, as a setting or the environment names it."""

    name: str
    path: Path


class ConfigError(Exception):
    """The settings cannot be used. The message names the setting, never its value."""


def _command(word: str) -> str:
    if not COMMAND.fullmatch(word):
        raise ValueError("a command is one word in small letters")
    return word


def _display_name(name: str) -> str:
    if not DISPLAY_NAME.fullmatch(name):
        raise ValueError("a display name has at most 32 signs, and no @, #, : or `")
    return name


def _web_address(address: str) -> str:
    if not re.fullmatch(r"(https?|wss?)://\S{1,500}", address):
        raise ValueError("an address begins with https:// or wss://")
    return address


def _legal_lines(text: str) -> str:
    read_legal_lines(text)
    return text


def _bind(address: str) -> str:
    if address and not re.fullmatch(r"\S{1,255}:[0-9]{1,5}", address):
        raise ValueError("write HOST:PORT, for example 127.0.0.1:3000")
    return address


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """What an installation was told. Secrets have no `repr`, errors no values."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
        validate_default=False,
    )

    platform: Platform = "console"
    # The root command; a workspace's list of commands is public, so it is neutral.
    command: Annotated[str, AfterValidator(_command)] = "rr"
    # How the bot is called in the list of apps, the sidebar and on lock screens.
    display_name: Annotated[str, AfterValidator(_display_name)] = "Roundrobin"
    # Who holds gate and counter: 0 one account, 1 two accounts, 2 two computers.
    level: Literal[0, 1, 2] = 0
    # Who owns the workspace and who runs the bot, in the words that texts use.
    owner: str = ""
    keeper: str = ""

    # Within how many days of reading it organizers want to answer a report, and to be
    # done with it. After that their pages say that it is late.
    reply_days: Annotated[int, Field(ge=1, le=400)] = 7
    outcome_days: Annotated[int, Field(ge=1, le=400)] = 90

    # Lines that laws draw, for posts of petitions: "30 %; 2026-04-06; https://…; what
    # for", each on a line of its own. There are none by default: laws move.
    legal_lines: Annotated[str, AfterValidator(_legal_lines)] = ""

    slack_bot_token: SecretStr = _NO_SECRET
    slack_app_token: SecretStr = _NO_SECRET
    slack_signing_secret: SecretStr = _NO_SECRET
    slack_http_bind: Annotated[str, AfterValidator(_bind)] = ""
    slack_api_url: WebAddress = "https://slack.com/api/"
    discord_token: SecretStr = _NO_SECRET
    discord_api_url: WebAddress = "https://discord.com/api/v10"
    discord_gateway_url: WebAddress = "wss://gateway.discord.gg/"

    passphrase: SecretStr = _NO_SECRET
    counter_passphrase: SecretStr = _NO_SECRET
    # A database's address may hold its password.
    database_url: SecretStr = _NO_SECRET

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over what was read from files."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


def load(folder: Path, *, secrets: AbstractSet[str] = SECRETS) -> Settings:
    """Return the settings of the installation in `folder`.

    Of the files of secrets only those in `secrets` are read: a role's user can read
    its own and no other.

    Raises:
        ConfigError: a file cannot be read, or a setting has a value that it cannot
            have. The message says which, and quotes nothing.
    """
    told = _read_settings_file(folder / SETTINGS_FILE)
    for each in _secret_files(folder, told):
        told.pop(f"{each.name}{_FILE_SUFFIX}", None)
        if each.name in secrets:
            told[each.name] = read_secret(each.name, each.path)
    try:
        return Settings(**told)
    except ValidationError as error:
        raise ConfigError(_in_words(error)) from None


def check_settings(told: Mapping[str, str]) -> None:
    """Raise `ConfigError` unless these settings can have these values."""
    try:
        Settings(**dict(told))  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigError(_in_words(error)) from None


def secret_files(folder: Path) -> tuple[SecretFile, ...]:
    """Return which files the secrets are in; none of them is opened."""
    return tuple(_secret_files(folder, _read_settings_file(folder / SETTINGS_FILE)))


def read_secret(name: str, file: object) -> str:
    """Return the one line of a secret's file; `name` is what errors call it."""
    try:
        with Path(str(file)).expanduser().open("rb") as stream:
            content = stream.read(SECRET_BYTES_MAX + 1)
        line = content.decode().strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"the file of {_shown(name)} cannot be read") from None
    if not line or len(content) > SECRET_BYTES_MAX or "\n" in line:
        raise ConfigError(f"the file of {_shown(name)} must hold one line")
    return line


def _read_settings_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(SETTINGS_BYTES_MAX + 1)
    except FileNotFoundError:
        return {}
    except OSError:
        raise ConfigError(f"{SETTINGS_FILE} cannot be read") from None
    try:
        told = tomllib.loads(content[:SETTINGS_BYTES_MAX].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigError(f"{SETTINGS_FILE} is not valid TOML") from None
    if found := sorted(SECRETS & told.keys()):
        raise ConfigError(
            f"{found[0]} does not belong in {SETTINGS_FILE}, which the counter reads "
            f"too: put it in a file of its own and name that in {found[0]}_file"
        )
    return told


def _secret_files(folder: Path, told: dict[str, Any]) -> list[SecretFile]:
    """Return the files that are named; a path in the settings begins at its folder."""
    found: list[SecretFile] = []
    for name in sorted(SECRETS):
        key = f"{name}{_FILE_SUFFIX}"
        if in_environment := os.environ.get(f"{PREFIX}{key}".upper()):
            found.append(SecretFile(name=name, path=Path(in_environment)))
        elif in_settings := told.get(key):
            path = folder / _at_home(Path(str(in_settings)))
            found.append(SecretFile(name=name, path=path))
    return found


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        # A user that there is not: the file will not be found either.
        return path


def _in_words(error: ValidationError) -> str:
    """Return one sentence on the first wrong setting, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "a setting"
    known = name in Settings.model_fields
    if not known:
        return f"{SETTINGS_FILE} has a setting that there is not: {_shown(name)}"
    reason = first["msg"].removeprefix("Value error, ")
    return f"{_shown(name)} cannot be that: {reason[:1].lower()}{reason[1:]}"


def _shown(name: str) -> str:
    """Return a setting's name if it looks like one."""
    return name if re.fullmatch(r"[a-z][a-z_]{0,39}", name) else "an unknown name"
