"""A report box in an installation on a real disk, and people who write to it."""

from bot.core.actors import Actor
from bot.core.cases import Case
from bot.core.records import Drive
from bot.core.reports import Consent, Report
from bot.core.slots import DAY, HOUR
from bot.core.terms import BoxTerms
from tests.world import World, drafted

BOX = BoxTerms(
    name="box",
    title="Report box",
    categories=("Pay", "Safety", "Too much work"),
    severities=("It can wait", "Someone may get harmed"),
    place="general",
    audience=40,
    slot_seconds=DAY,
    retention_seconds=90 * DAY,
)

# Fifteen days of a lane and of a box; more means that something does not move on.
STOPS_MAX = 100


async def open_box(world: World, terms: BoxTerms = BOX, *, days: float = 60) -> Drive:
    """Start a report box, and its lane with it."""
    drive = drafted(terms, now=world.clock.time, days=days)
    await world.gate.begin(await world.draft(drive))
    await world.gate.settle()
    return world.drive(terms.name)


async def pass_time(world: World, seconds: int) -> None:
    """Let time pass, stopping wherever something is due."""
    end = world.clock.time + seconds
    for _ in range(STOPS_MAX):
        due = world.gate.next_due()
        if due is None or due > end:
            break
        world.clock.time = max(world.clock.time, due)
        await world.gate.settle()
    world.clock.time = end
    await world.gate.settle()


async def pass_day(world: World) -> None:
    """Let a day pass: a slot of the box, and four of the lane."""
    await pass_time(world, DAY)


async def pass_lane(world: World) -> None:
    """Let a slot of the lane pass."""
    await pass_time(world, 6 * HOUR)


async def tell(
    world: World,
    who: Actor,
    text: str,
    *,
    category: int = 0,
    severity: int = 0,
    urgent: bool = False,
) -> str:
    """Report something that organizers may read; return the code."""
    report = Report(
        consent=Consent.TEXT, category=category, severity=severity, text=text
    )
    code = await world.gate.report(who, world.drive("box"), report, urgent=urgent)
    assert code is not None
    return code


async def be_counted(world: World, who: Actor, category: int = 0) -> None:
    """Report something that only counts."""
    report = Report(consent=Consent.COUNT, category=category, severity=0)
    code = await world.gate.report(who, world.drive("box"), report, urgent=False)
    assert code is None


def texts(world: World) -> set[str]:
    """Return what organizers may read."""
    return {case.text for case in world.gate.cases()}


def case_of(world: World, text: str) -> Case:
    """Return the case with this text."""
    (found,) = [case for case in world.gate.cases() if case.text == text]
    return found


def opened(world: World, code: str) -> list[str] | None:
    """Return what an author reads by a code: their report and what was said."""
    found = world.gate.opened(code)
    return None if found is None else [found[0].text, *found[1]]
