"""Who may do what among organizers."""

import pytest

from bot.core.errors import LeadOnly, NotAnOrganizer
from bot.core.records import Role
from bot.core.roles import ACTS, LABELS, ORGANIZERS_MAX, Act, check

LEAD_ONLY = {Act.INVITE, Act.REMOVE, Act.PROMOTE}


@pytest.mark.parametrize("act", Act)
def test_lead_may_do_everything(act: Act) -> None:
    """A lead may do every act."""
    check(Role.LEAD, act)


@pytest.mark.parametrize("act", Act)
def test_organizer_may_not_change_organizers(act: Act) -> None:
    """An organizer may do all but invite, remove and promote."""
    if act in LEAD_ONLY:
        with pytest.raises(LeadOnly):
            check(Role.ORGANIZER, act)
    else:
        check(Role.ORGANIZER, act)


@pytest.mark.parametrize("act", Act)
def test_nobody_else_may_do_anything(act: Act) -> None:
    """Somebody without a role is told one thing, whatever the page."""
    with pytest.raises(NotAnOrganizer):
        check(None, act)


def test_each_role_has_its_acts() -> None:
    """The table names every role."""
    assert set(ACTS) == set(Role)


def test_there_are_labels_enough() -> None:
    """A label is free for each organizer, and none is there twice."""
    assert len(set(LABELS)) == len(LABELS)
    assert len(LABELS) >= 2 * ORGANIZERS_MAX
    assert all(label.isascii() and label.isalpha() for label in LABELS)
