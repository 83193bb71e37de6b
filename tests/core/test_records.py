"""The rows that are kept: values that do not change, and none that names a person."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import get_args

import pytest

from bot.core.drives import State
from bot.core.records import (
    Change,
    Drive,
    DropStates,
    OrganizerTag,
    Post,
    PostKind,
)
from tests.core.lunch import DRIVE, LUNCH, NOON

LUNCH_DRIVE = Drive(
    drive_id=DRIVE,
    state=State.DRAFT,
    terms=LUNCH,
    author=OrganizerTag(bytes(32)),
    drafted_at=NOON,
)


def test_drive_has_the_name_of_its_terms() -> None:
    """A drive is called what its terms call it."""
    assert LUNCH_DRIVE.name == "lunch"


def test_new_drive_has_nothing_yet() -> None:
    """Before the counter there is no schedule, no manifest and no certificate."""
    assert LUNCH_DRIVE.schedule is None
    assert (LUNCH_DRIVE.manifest, LUNCH_DRIVE.certificate) == (b"", b"")
    assert (LUNCH_DRIVE.floor, LUNCH_DRIVE.next_slot, LUNCH_DRIVE.extended) == (0, 0, 0)


def test_new_post_is_wanted_and_not_shown() -> None:
    """A post waits until a platform shows it."""
    post = Post(drive_id=DRIVE, kind=PostKind.DRIVE, place="general")

    assert (post.wanted, post.shown, post.reference) == (1, 0, "")


def test_states_are_dropped_whole_unless_one_is_named() -> None:
    """Generations start at 1, so that -1 is none of them."""
    assert DropStates(drive_id=DRIVE).keep == -1


@pytest.mark.parametrize("change", get_args(Change), ids=lambda change: change.__name__)
def test_change_is_a_value(change: type) -> None:
    """A change is frozen, named by its fields, and holds no account."""
    assert is_dataclass(change)
    names = {field.name for field in fields(change)}

    assert not names & {"user", "actor", "account", "team", "name", "text"}
    assert all(field.kw_only for field in fields(change))


def test_record_does_not_change() -> None:
    """A row is replaced, never altered."""
    with pytest.raises(FrozenInstanceError):
        LUNCH_DRIVE.floor = 10  # type: ignore[misc]
