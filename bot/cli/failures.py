"""What a command says when it fails: one line, without paths and without names."""

import os

from typer.exceptions import TyperException

from bot.cli.shield import FAILED, WRONG_USAGE, fault_line


def line_of(error: Exception) -> str:
    """Return the line for an error, in its own words where those are ours."""
    if isinstance(error, TyperException):
        return _usage_line(error)
    # A command that only shows its usage needs none of this.
    from bot.config import ConfigError  # noqa: PLC0415
    from bot.log import leaf_of  # noqa: PLC0415
    from bot.ports import StorageError  # noqa: PLC0415

    leaf = leaf_of(error)
    if isinstance(leaf, (StorageError, ConfigError)):
        return str(leaf)
    if isinstance(leaf, OSError) and leaf.errno:
        # The file's name stays out: a path may hold a person's name.
        reason = os.strerror(leaf.errno).lower()
        return f"a file or the disk could not be used: {reason}."
    return fault_line(leaf)


def exit_code_of(error: Exception) -> int:
    """Return 2 where the command was written wrongly, else 1."""
    return WRONG_USAGE if isinstance(error, TyperException) else FAILED


def _usage_line(error: TyperException) -> str:
    """Return what is wrong with how a command was written, without what was typed."""
    see = "See roundrobin --help."
    context = getattr(error, "ctx", None)
    if context is not None:
        see = f"See {context.command_path} --help."
    possible: list[str] = sorted(getattr(error, "possibilities", None) or [])
    hint = f" Did you mean {' or '.join(possible)}?" if possible else ""
    match type(error).__name__:
        case "NoSuchOption":
            return f"there is no such option.{hint} {see}"
        case "MissingParameter":
            return f"{_parameter(error)} is missing. {see}"
        case "BadParameter":
            return f"{_parameter(error)} cannot have that value. {see}"
        case _ if error.message.startswith("No such command"):
            return f"there is no such command. {see}"
        case _:
            return f"that command is not written as it should be. {see}"


def _parameter(error: TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return "an option"
    names: list[str] = [*parameter.opts, str(parameter.metavar or "")]
    return next((name for name in names if name.startswith("--")), names[-1])
