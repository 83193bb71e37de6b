"""Nobody becomes an organizer, or agrees in another's name, in the database (§9.4).

A writer of the database knows every format and has every row, but not k_org. Each of
their rows is passed over; the control is a gate that does not look at the MACs.
"""

import sqlite3
from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.records import Role
from bot.gate import book, roll
from tests.fakes.workplace import (
    MEI,
    SAM,
    words,
    workplace,
)
from tests.world import drafted, open_world, poll_terms


def forge(folder: Path, *statements: str) -> None:
    """Write into the database past the program."""
    [database] = [*folder.rglob("shared.sqlite"), *folder.rglob("roundrobin.db")]
    db = sqlite3.connect(database)
    with db:
        for statement in statements:
            db.execute(statement)
    db.close()


# The second one is the control.
GATES = pytest.mark.parametrize("gate", ["looks", "does not look"])
# With the MAC of a row that the writer has seen: of another row it is worth nothing.
A_TAG, A_MAC = "x'" + "ab" * 32 + "'", "(SELECT mac FROM organizers LIMIT 1)"
A_PROPOSAL = (
    "INSERT INTO proposals SELECT 'feed', 'close', drive_id, TAG, 9999999999, x''"
    " FROM drives"
).replace("TAG", A_TAG)
FORGERIES = {
    "a new lead": f"INSERT INTO organizers SELECT {A_TAG}, 'lead', 'Elm', {A_MAC}",
    "a promotion": "UPDATE organizers SET role = 'lead'",
    "another's label": "UPDATE organizers SET label = 'Elm' WHERE role = 'organizer'",
    "no MAC": "UPDATE organizers SET mac = x'' WHERE role = 'organizer'",
}


@pytest.mark.parametrize("what", FORGERIES)
@GATES
async def test_forged_organizer_organizes_nothing(
    tmp_path: Path, what: str, gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is an organizer is what the gate wrote, if it looks."""
    checks = gate == "looks"
    if not checks:
        monkeypatch.setattr(roll, "is_vouched", lambda *_: True)
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        await place.welcome(SAM)
        before = await place.desk.organizers()
        forge(tmp_path, FORGERIES[what])
        after = await place.desk.organizers()

        forged = [each for each in after if each not in before]
        assert bool(forged) is (not checks and what != "no MAC")
        if checks:
            assert {each.tag for each in after} <= {each.tag for each in before}


@GATES
async def test_forged_proposal_is_not_agreed_to(
    tmp_path: Path, gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lead who writes the database cannot be their own second organizer."""
    checks = gate == "looks"
    if not checks:
        monkeypatch.setattr(roll, "is_vouched", lambda *_: True)
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        name = await place.start_poll(MEI)
        await place.welcome(SAM)
        forge(tmp_path, A_PROPOSAL)
        await place.press(MEI, "confirm:feed")

        drive = place.gate.drive(name)
        assert drive is not None
        assert (drive.state is State.OPEN) is checks


@GATES
async def test_forged_invite_lets_nobody_in(
    tmp_path: Path, gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invite for an organizer does not become one for a lead."""
    checks = gate == "looks"
    if not checks:
        monkeypatch.setattr(roll, "is_vouched", lambda *_: True)
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        card = await place.press(MEI, "invite:organizer")
        code = str(card.data["invite"])
        forge(tmp_path, "UPDATE invites SET role = 'lead'")
        joined = await place.send(SAM, "join", code=code)

        assert ("organizer now" in words(joined)) is not checks
        leads = [o for o in await place.desk.organizers() if o.role is Role.LEAD]
        assert len(leads) == (1 if checks else 2)


@GATES
async def test_forged_draft_is_not_started(
    tmp_path: Path, gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What organizers are asked to agree to is what another one wrote."""
    checks = gate == "looks"
    if not checks:
        monkeypatch.setattr(book, "is_vouched", lambda *_: True)
    world = await open_world(tmp_path / "house")
    await world.draft(drafted(poll_terms()))
    await world.draft(drafted(poll_terms("supper")))
    await world.close()
    forge(
        tmp_path,
        "UPDATE drives SET terms = replace(terms, 'eat', 'sit')"
        """ WHERE terms LIKE '%lunch%'""",
    )
    await world.open()
    names = {drive.name for drive in world.gate.drives()}

    assert names == ({"supper"} if checks else {"lunch", "supper"})

    await world.close()
