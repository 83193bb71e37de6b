"""A report box and reports in it, as the tests of the rules meet them."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.core.releases import Waiting
from bot.core.reports import CaseId, Consent, Report
from bot.core.terms import BoxTerms

BOX = BoxTerms(
    name="box",
    title="Report box",
    categories=("Pay", "Safety", "Too much work"),
    severities=("It can wait", "Someone may get harmed"),
    areas=("Day shift", "Night shift"),
    place="general",
    audience=60,
    slot_seconds=86_400,
    retention_seconds=90 * 86_400,
)
KEY = b"k" * 32


def case(number: int) -> CaseId:
    """Return a case's id."""
    return CaseId(number.to_bytes(16, "big"))


def text_report(
    number: int, category: int = 0, severity: int = 0, place: str = ""
) -> Report:
    """Return a report whose text may be read."""
    return Report(
        consent=Consent.TEXT,
        category=category,
        severity=severity,
        case_id=case(number + 1),
        reply_key=KEY,
        place=place,
        text=f"Something happened, {number}.",
    )


def agreed(report: Report, others: int, word: int = 1) -> Report:
    """Return a report that waits for so many people who name the same word."""
    return replace(report, others=others, matter=word.to_bytes(16, "big"))


def count_report(category: int = 0, severity: int = 0) -> Report:
    """Return a report that only counts."""
    return Report(consent=Consent.COUNT, category=category, severity=severity)


def by(person: int, report: Report, slot: int = 0) -> Waiting:
    """Return a report by somebody."""
    return Waiting(tag=person.to_bytes(16, "big"), slot=slot, report=report)


@st.composite
def reports(draw: st.DrawFn) -> list[Waiting]:
    """Draw reports of a few people, each with a case of its own."""
    size = draw(st.integers(0, 14))
    found: list[Waiting] = []
    for number in range(size):
        category, severity = draw(st.integers(0, 2)), draw(st.integers(0, 1))
        place = draw(st.sampled_from(["", "Day shift", "Night shift"]))
        report = (
            text_report(number, category, severity, place)
            if draw(st.booleans())
            else count_report(category, severity)
        )
        if report.consent is Consent.TEXT and draw(st.booleans()):
            word = draw(st.integers(1, 2))
            report = agreed(report, draw(st.integers(2, 4)), word)
        found.append(by(draw(st.integers(0, 7)), report, draw(st.integers(0, 3))))
    return found
