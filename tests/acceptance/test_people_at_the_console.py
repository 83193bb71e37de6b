"""A person at the console, and the demo: what they see in a terminal and in a pipe."""

import re
import tempfile
import time
from pathlib import Path

import pytest

from tests.fakes.program import command_line, found_cheaply
from tests.fakes.terminal import at_terminal

# The prompt, as the last thing that the line editor drew.
_PROMPT = r">[\s\x08]*$"

PLAY = """\
help
people
@mei /rr invite
{invite}

@mei /rr poll "Tea or coffee?" "Tea" "Coffee"




no

Start it
@sam tea
@ada 9999
@zed /rr
@ada
dm hello
channel
advance 24h
advance never
@mei /rr organize
New poll
cancel
quit
"""


@pytest.mark.timeout(180)
def test_a_poll_typed_in_plain_lines(tmp_path: Path) -> None:
    """From the first line to the close, with words alone: no colour, no frame."""
    founded = found_cheaply(tmp_path / "data")
    run = command_line(
        *("console", "--data", str(tmp_path / "data"), "--plain"),
        passphrase=founded.passphrase,
        typed=PLAY.format(invite=founded.invite),
    )

    said = run.stdout
    assert run.returncode == 0
    assert "\x1b" not in said
    assert "You play everybody." in said
    assert "mei sam ada bo cleo" in said
    assert "You are an organizer now." in said
    assert "#general, everybody sees this:\nTea or coffee?" in said
    assert "Only sam sees this:\nReceived." in said
    assert said.count("There is no such button. Type help.") == 1
    assert "Only zed sees this:\nNothing was recorded." in said
    assert "Only ada sees this:\nChoose what happens with your message." in said
    assert "Fewer than 10 people answered" in said
    assert "Write a time like 30s" in said
    assert "Nothing was sent." in said
    assert "Goodbye. Answers that you sent are sealed in the data folder" in said


CORRECTED = """\
@mei /rr invite
{invite}

@mei /rr poll
Shall we sing?
Yes




what
perhaps later

yes

Yes
Nope



no
yes
no
Start it
@sam no
@sam Yes
@ada /rr invite
nonsense

no
quit
"""


@pytest.mark.timeout(180)
def test_refused_form_is_corrected_and_no_slip_sends_or_drops(tmp_path: Path) -> None:
    """What was typed into a refused form stands in it again; a clear word sends it."""
    founded = found_cheaply(tmp_path / "data")
    run = command_line(
        *("console", "--data", str(tmp_path / "data"), "--plain"),
        passphrase=founded.passphrase,
        typed=CORRECTED.format(invite=founded.invite),
    )
    said = run.stdout

    assert run.returncode == 0
    assert said.count("Nothing was sent yet.") == 2
    assert said.count("A poll needs 2 to 20 different answers") == 1
    assert said.count("Change it and send it again? [yes]") == 2
    assert "[Shall we sing?]" in said
    # "no" pressed neither "Not now" on the draft nor "Nope" in the channel.
    assert said.count("There is no such button.") == 2
    assert "#general, everybody sees this:\nShall we sing?" in said
    assert said.count("Received.") == 1
    assert "Nothing was sent." not in said


@pytest.mark.timeout(180)
def test_terminal_has_a_line_editor_and_frames(tmp_path: Path) -> None:
    """In a terminal cards have frames; nothing of the log disturbs them."""
    founded = found_cheaply(tmp_path / "data")
    words = ("console", "--data", str(tmp_path / "data"))
    said = at_terminal(
        words, founded.passphrase, _PROMPT, *("@mei /rr", "@sam", "quit")
    )

    assert "You play everybody." in said
    assert "What do you want to do?" in said
    assert "─" in said
    assert "Goodbye." in said
    assert "Traceback" not in said
    assert '"event"' not in said


@pytest.mark.timeout(240)
def test_demo_tells_its_story_and_finds_nobody() -> None:
    """A poll, a report box, a petition: in time, as promised, and nothing is left."""
    before = set(Path(tempfile.gettempdir()).glob("roundrobin-demo-*"))
    started = time.monotonic()
    run = command_line("demo", "--no-input", "--plain")
    took = time.monotonic() - started

    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert took < 60
    assert "NOT TRUE" not in run.stdout
    assert run.stdout.count("✓") == 11
    assert (
        "Found in Roundrobin's files: 0 while the poll was open, 0 now." in run.stdout
    )
    for part in ("These words may point to you", "Mei reads all five", "all 14 names"):
        assert part in run.stdout
    found = re.search(r"as other poll bots do: (\d+)\.", run.stdout)
    assert found
    assert int(found[1]) > 0
    assert set(Path(tempfile.gettempdir()).glob("roundrobin-demo-*")) == before


@pytest.mark.timeout(120)
def test_demo_leaves_a_person_in_the_workspace() -> None:
    """In a terminal the demo goes on as a console, with friendlier names."""
    said = at_terminal(
        ("demo",), "", _PROMPT, *("@Sam /rr", "@nobody", "people", "quit")
    )

    assert "Now it is yours" in said
    assert "Only Sam sees this" in said
    assert "Goodbye." in said
