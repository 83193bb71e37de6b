"""Logs carry no one: canaries at every level and way in, none comes out."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from enum import StrEnum
from typing import NoReturn

import pytest

from bot import log

CANARY = "mei-canary-4711"
# 2031-05-01T09:41:07Z
NOON = 1935394867


class Weather(StrEnum):
    FINE = "fine"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Yield what the log writes, and leave the process as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    show, raising = warnings.showwarning, logging.raiseExceptions
    stream = io.StringIO()
    log.start(now=lambda: NOON, stream=stream)
    yield stream
    log.stop()
    root.handlers[:], warnings.showwarning = handlers, show
    root.setLevel(level)
    logging.raiseExceptions = raising


def written(stream: io.StringIO) -> list[dict[str, object]]:
    """Return the events of a log."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def raised(error: Exception) -> Exception:
    """Return an error with the traceback of having been raised."""
    try:
        return _raise(error)
    except Exception as caught:  # noqa: BLE001 - the test makes the error itself
        return caught


def _raise(error: Exception) -> NoReturn:
    raise error


def test_event_holds_what_it_is_allowed(lines: io.StringIO) -> None:
    """An event is one line of JSON with a drive, a slot, a state and the hour."""
    log.event("slot_ended", drive=bytes(16), slot=3, state=Weather.FINE, exit_code=1)

    assert written(lines) == [
        {
            "hour": "2031-05-01T09Z",
            "event": "slot_ended",
            "level": "info",
            "drive": "00" * 16,
            "slot": 3,
            "state": "fine",
            "exit_code": 1,
        }
    ]


def test_time_is_the_hour(lines: io.StringIO) -> None:
    """No line tells minutes: two events of one hour look the same."""
    log.event("gate_opened")
    log.start(now=lambda: NOON - NOON % 3600, stream=lines)
    log.event("gate_opened")

    first, second = lines.getvalue().splitlines()
    assert first == second


def test_nothing_is_written_before_the_start() -> None:
    """A module that logs is quiet in a process that asked for no log."""
    log.stop()

    log.event("gate_opened")
    log.failure("gate_failed", ValueError(CANARY))


@pytest.mark.parametrize("key", ["drive", "slot", "state", "exit_code"])
@pytest.mark.parametrize("value", [CANARY, CANARY.encode(), [CANARY], {CANARY: 1}])
def test_value_of_another_type_is_left_out(
    lines: io.StringIO, key: str, value: object
) -> None:
    """A text in the place of a number or an id does not reach the log."""
    log.event("slot_ended", **{key: value})  # type: ignore[arg-type]

    assert CANARY not in lines.getvalue()
    assert key not in written(lines)[0]


def test_event_with_a_text_in_its_name_is_left_out(lines: io.StringIO) -> None:
    """A name that was put together from what somebody wrote is no event."""
    log.event(f"failed for {CANARY}")  # pyright: ignore[reportArgumentType] - on purpose

    assert lines.getvalue() == ""


def test_unknown_key_is_refused(lines: io.StringIO) -> None:
    """A key outside the list is a bug, and both type checkers see it."""
    with pytest.raises(TypeError):
        log.event("answered", user=CANARY)  # type: ignore[call-arg]

    assert lines.getvalue() == ""


def test_failure_names_type_and_place_only(lines: io.StringIO) -> None:
    """An error's message may quote an answer; its type and place do not."""
    try:
        log.place_of(None)  # type: ignore[arg-type]
    except AttributeError as error:
        error.add_note(CANARY)
        log.failure("counter_failed", ExceptionGroup(CANARY, [error]))

    (line,) = written(lines)
    assert CANARY not in lines.getvalue()
    assert line["error_type"] == "AttributeError"
    assert str(line["place"]).startswith("bot/log.py:")


def test_error_from_elsewhere_has_no_place(lines: io.StringIO) -> None:
    """A path outside our own packages may hold a person's name."""
    log.failure("counter_failed", raised(ValueError(CANARY)))
    log.failure("counter_failed", raised(type(CANARY, (ValueError,), {})()))

    assert [(line["error_type"], line["place"]) for line in written(lines)] == [
        ("ValueError", "outside"),
        ("Exception", "outside"),
    ]


@pytest.mark.parametrize(
    "name", ["sqlalchemy.engine", "aiosqlite", "asyncio", "slack_bolt.App", CANARY]
)
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_libraries_are_cut_down(lines: io.StringIO, name: str, level: str) -> None:
    """No message, argument or error of a library is written, at any level."""
    logger = logging.getLogger(name)

    logger.log(
        logging.getLevelNamesMapping()[level.upper()],
        "params %s",
        CANARY,
        exc_info=raised(ValueError(CANARY)),
    )

    assert CANARY not in lines.getvalue()
    assert len(written(lines)) == (level in {"warning", "error", "critical"})


def test_library_that_speaks_up_is_cut_down_again(lines: io.StringIO) -> None:
    """A library's own handler and level do not outlive the start of the log."""
    logger = logging.getLogger("sqlalchemy")
    own = io.StringIO()
    logger.addHandler(logging.StreamHandler(own))
    logger.setLevel(logging.DEBUG)
    logger.debug("%s", CANARY)
    assert CANARY in own.getvalue(), "the control must find its canary"
    own.truncate(0)

    log.start(now=lambda: NOON, stream=lines)
    logger.debug("%s", CANARY)
    logger.error("%s", CANARY)

    assert CANARY not in own.getvalue() + lines.getvalue()


def test_warnings_are_cut_down(lines: io.StringIO) -> None:
    """A warning's text and line of source are not written, only its kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = log._show_warning
        warnings.warn(CANARY, UserWarning, stacklevel=1)

    assert written(lines)[0]["error_type"] == "UserWarning"
    assert CANARY not in lines.getvalue()


async def test_forgotten_task_is_cut_down(lines: io.StringIO) -> None:
    """What asyncio says of an error that nobody fetched names no content."""

    async def fail() -> None:
        raise ValueError(CANARY)

    task = asyncio.get_running_loop().create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task

    assert CANARY not in lines.getvalue()
    assert written(lines)[0]["library"] == "asyncio"


def test_closed_stream_stops_the_log_alone(lines: io.StringIO) -> None:
    """A log that nobody reads any more does not end the bot."""
    closed = io.StringIO()
    closed.close()
    log.start(now=lambda: NOON, stream=closed)

    log.event("gate_opened")
    log.event("gate_opened")


def test_plain_logging_would_show_the_canary() -> None:
    """The control: the same calls without our log do write the canary."""
    program = (
        "import logging; logging.basicConfig(level=0);"
        f"logging.getLogger('aiosqlite').debug('params %s', {CANARY!r})"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert CANARY in run.stderr
