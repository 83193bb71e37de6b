"""A case's one encoding, which lies sealed on disk."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import Malformed
from bot.core.cases import (
    AUTHOR_TURNS_MAX,
    REPLIES_MAX,
    TURNS_MAX,
    By,
    Case,
    CaseState,
    Deadlines,
    Flag,
    Late,
    Turn,
    decode_case,
    flagged,
    joined,
    late,
    moved,
    open_report,
    unflagged,
    with_reply,
    with_words,
    without_mute,
)
from bot.core.errors import CaseFull
from bot.core.manifest import DriveId
from bot.core.releases import ReleasedReport
from tests.core.boxed import KEY, case

DRIVE = DriveId(bytes(range(16)))
NEW = open_report(
    ReleasedReport(
        case_id=case(9),
        box=DRIVE,
        reply_key=KEY,
        category="Pay",
        text="Late again.",
        mute_box=bytes(80),
        keep_seconds=90 * 86_400,
    ),
    now=1_800_000_000,
    ends_at=2_000_000_000,
    mute_until=1_900_000_000,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
turns = st.one_of(
    st.builds(Turn, by=st.just(By.AUTHOR), text=texts, passed_over=st.booleans()),
    st.builds(Turn, by=st.just(By.ORGANIZERS), box=st.binary(min_size=48, max_size=99)),
)


@given(
    st.lists(turns, max_size=4),
    st.lists(texts, max_size=3),
    st.sampled_from(CaseState),
    st.booleans(),
)
def test_case_comes_back(
    said: list[Turn],
    notes: list[str],
    state: CaseState,
    passed_over: bool,  # noqa: FBT001 - drawn
) -> None:
    """What was sealed is there when somebody looks again."""
    found = replace(
        NEW,
        turns=tuple(said),
        notes=tuple(notes),
        state=state,
        passed_over=passed_over,
    )

    assert decode_case(found.encode(), found.case_id, DRIVE, found.ends_at) == found


def test_case_of_an_older_version() -> None:
    """Nobody was passed over then, and nothing was marked as new."""
    talked = with_reply(with_words(NEW, "late"), bytes(99))
    before = json.loads(talked.encode())
    before["turns"] = [turn[:2] for turn in before["turns"]]
    del before["passed_over"]
    half = canonical.encode(before)
    del before["new_words"]
    found = decode_case(canonical.encode(before), NEW.case_id, DRIVE, NEW.ends_at)
    assert found == talked

    with pytest.raises(Malformed):
        decode_case(half, NEW.case_id, DRIVE, NEW.ends_at)


def test_a_new_case_is_received() -> None:
    """It has no turns yet, and a short name that is not its code."""
    assert NEW.state is CaseState.RECEIVED
    assert NEW.turns == ()
    assert NEW.name == case(9).hex()[:8]
    assert "Late again" not in repr(NEW)


def test_an_author_fills_half_of_a_case() -> None:
    """Whoever floods a case pushes nothing out, and can still be told something."""
    words = (Turn(by=By.AUTHOR, text="x"),) * AUTHOR_TURNS_MAX
    flooded = replace(NEW, turns=words)

    assert len(with_words(NEW, "x").turns) == 1
    assert with_words(flooded, "y") is flooded
    assert with_reply(flooded, bytes(99)).turns == (
        *words,
        Turn(by=By.ORGANIZERS, box=bytes(99)),
    )


def test_a_full_case_takes_no_reply() -> None:
    """It is refused: no reply is shown as sent that is not there."""
    full = replace(NEW, turns=(Turn(by=By.ORGANIZERS, box=bytes(99)),) * REPLIES_MAX)

    with pytest.raises(CaseFull):
        with_reply(full, bytes(99))
    assert with_words(full, "y").turns == (*full.turns, Turn(by=By.AUTHOR, text="y"))


def test_a_full_case_of_a_version_before_takes_no_words() -> None:
    """Organizers could fill all of it; with one turn more nobody could read it."""
    full = replace(NEW, turns=(Turn(by=By.ORGANIZERS, box=bytes(99)),) * TURNS_MAX)

    assert with_words(full, "y") is full


def test_a_full_case_can_be_read() -> None:
    """Both sides fill their half; the whole is no more than a case may hold."""
    case = NEW
    for _ in range(REPLIES_MAX):
        case = with_reply(case, bytes(99))
    for _ in range(AUTHOR_TURNS_MAX + 1):
        case = with_words(case, "x")

    assert decode_case(case.encode(), case.case_id, DRIVE, case.ends_at) == case


@pytest.mark.parametrize("said", [0, AUTHOR_TURNS_MAX])
def test_what_is_passed_over_takes_no_room_from_replies(said: int) -> None:
    """Organizers have as many replies left as if their muted author wrote nothing."""
    case = NEW
    for _ in range(said):
        case = with_words(case, "muted", passed_over=True)
    for _ in range(REPLIES_MAX):
        case = with_reply(case, bytes(99))

    with pytest.raises(CaseFull):
        with_reply(case, bytes(99))


def test_organizers_hear_nothing_that_is_passed_over() -> None:
    """It stands in the case for its author, and counts as theirs."""
    found = with_words(with_words(NEW, "before"), "muted", passed_over=True)
    found = with_reply(found, bytes(99))
    again = with_words(found, "muted too", passed_over=True)

    assert not again.new_words
    assert [turn.text for turn in found.heard] == ["before", ""]
    assert [turn.text for turn in found.turns] == ["before", "muted", ""]


def test_a_reply_takes_a_new_case_in_hand() -> None:
    """One that was closed stays closed."""
    closed = replace(NEW, state=CaseState.CLOSED)

    assert with_reply(NEW, bytes(99)).state is CaseState.IN_HAND
    assert with_reply(closed, bytes(99)).state is CaseState.CLOSED


@pytest.mark.parametrize("state", CaseState)
def test_new_words_are_marked_until_organizers_answer(state: CaseState) -> None:
    """A closed case stays closed and says so; a reply or a state takes it away."""
    found = with_words(replace(NEW, state=state), "x")

    assert (found.state, found.new_words) == (state, True)
    assert decode_case(found.encode(), found.case_id, DRIVE, found.ends_at) == found
    assert not with_reply(found, bytes(99)).new_words
    closed = moved(found, CaseState.CLOSED, "Paid.")
    assert (closed.state, closed.reason, closed.new_words) == (
        CaseState.CLOSED,
        "Paid.",
        False,
    )


def test_after_its_time_a_case_leads_to_nobody() -> None:
    """The mute box goes with its time."""
    found = without_mute(NEW)

    assert (found.mute_box, found.mute_until) == (b"", 0)
    assert decode_case(found.encode(), found.case_id, DRIVE, found.ends_at) == found


@given(st.binary(max_size=60))
def test_any_bytes_are_a_case_or_malformed(data: bytes) -> None:
    """A decoder fails in one way."""
    with pytest.raises(Malformed):
        decode_case(data, case(9), DRIVE, 0)


def a_case() -> Case:
    """Return a case for other tests."""
    return NEW


# --- what organizers owe, hide and join -----------------------------------------------

WEEK, MONTH = 7 * 86_400, 30 * 86_400
SOON = Deadlines(reply_seconds=WEEK, outcome_seconds=MONTH)
REPLIED = with_reply(NEW, bytes(99))
WREN, JAY = b"w" * 32, b"j" * 32


@pytest.mark.parametrize(
    ("found", "seconds", "owed"),
    [
        (NEW, WEEK - 1, None),
        (NEW, WEEK, Late.REPLY),
        (NEW, 2 * MONTH, Late.REPLY),
        (REPLIED, WEEK, None),
        (REPLIED, MONTH - 1, None),
        (REPLIED, MONTH, Late.OUTCOME),
        (with_words(NEW, "x"), WEEK, Late.REPLY),
        (replace(NEW, state=CaseState.ACTED_ON), 2 * MONTH, None),
        (replace(NEW, state=CaseState.CLOSED), 2 * MONTH, None),
    ],
)
def test_what_is_late(found: Case, seconds: int, owed: Late | None) -> None:
    """A first reply, then an outcome; an author's own words are no reply."""
    assert late(found, NEW.opened_at + seconds, SOON) is owed


def test_two_organizers_hide_a_text() -> None:
    """One asks as often as they like; the second one agrees, and closes it."""
    asked = flagged(NEW, WREN, alone=False)
    assert asked.flag is Flag.ASKED
    assert flagged(asked, WREN, alone=False) == asked
    hidden = flagged(asked, JAY, alone=False)

    assert (hidden.flag, hidden.state) == (Flag.HIDDEN, CaseState.CLOSED)
    assert hidden.flagged_by == b""
    assert flagged(hidden, WREN, alone=False) is hidden
    assert unflagged(hidden).flag is Flag.NONE
    assert flagged(NEW, WREN, alone=True).flag is Flag.HIDDEN


def test_cases_are_joined_with_all_that_are_joined_to_them() -> None:
    """Two pairs become four under one root, from whichever side."""
    a, b, c, d = (replace(NEW, case_id=case(at)) for at in range(1, 5))
    pairs = [a, replace(b, same_as=a.case_id), c, replace(d, same_as=c.case_id)]
    changed = joined(pairs[1], pairs[3], pairs)

    after = {each.case_id: each for each in [*pairs, *changed]}
    assert {each.root for each in after.values()} == {c.case_id}
    assert after[c.case_id].same_as == b""
    again = joined(pairs[2], pairs[3], pairs)
    assert all(each.root == c.case_id for each in again)
