"""What a process does before anything else, and what it says when it breaks.

A fault prints the error's type and a line of our own code, on one line: a message or
a traceback may quote what somebody wrote (protocol.md §10).
"""

import sys
import threading
from types import TracebackType

DONE = 0
FAILED = 1
WRONG_USAGE = 2


class CannotDo(Exception):
    """A command could not do what it was asked. The message is what people read."""


def raise_shield() -> None:
    """Let nothing be printed of an error but its type and place, in any thread."""
    sys.excepthook = _on_error
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread_error


def say(line: str) -> None:
    """Print one line for the person who typed the command, on stderr."""
    one_line = " ".join(line.split())
    # Where nobody reads stderr there is nobody to tell.
    try:
        sys.stderr.write(f"roundrobin: {one_line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def fault_line(error: BaseException) -> str:
    """Return what may be said of an error that nobody foresaw."""
    # Faults are rare and a command's start must be quick: the log brings a library.
    from bot.log import leaf_of, place_of, type_of  # noqa: PLC0415

    leaf = leaf_of(error)
    return (
        f"stopped by a fault of its own: {type_of(leaf)} at {place_of(leaf)}. "
        "Please report this line."
    )


def _on_error(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    del kind, trace
    say(fault_line(error))


def _on_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    if unraisable.exc_value is not None:
        say(fault_line(unraisable.exc_value))


def _on_thread_error(thrown: threading.ExceptHookArgs) -> None:
    if thrown.exc_value is not None and thrown.exc_type is not SystemExit:
        say(fault_line(thrown.exc_value))
