"""G10, the reader of reports: what organizers get does not say who wrote first.

In a slot of a report box somebody writes at a known moment, and others after them. The
attacker knows the moment, and reads all that a release brings: letters, cases, labels,
the order of everything. Two texts of one length are by the first writer or by another;
they guess which. The controls forget to mix, and to pad.
"""

import functools
import random
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.core.ballots import NO_CODE, Ballot, Kind, Tag, pad_record
from bot.core.cases import Case, open_report
from bot.core.manifest import DriveId
from bot.core.pending import (
    add_reports,
    decode_pending,
    encode_pending,
    start_pending,
    take_batch,
)
from bot.core.releases import (
    Released,
    ReleasedReport,
    Waiting,
    released_of,
    released_to_json,
    shared_labels,
)
from bot.core.reports import CaseId, Consent, Report
from bot.core.shapes import REPORT
from bot.core.slots import DAY, HOUR
from bot.counter.boxes import shuffled
from bot.counter.posted import MuteSealer
from tests.core.boxed import BOX

TRIALS = 10_000
DRIVE = DriveId(b"d" * 16)
# All of one length, as long texts betray.
X, Y = "What the first one wrote.", "What another one wrote .."
OTHERS = (
    "It is loud in the hall ..",
    "We wait for our wages ...",
    "No break for nine hours .",
)

LONG = "It began in March, when the new foreman came. " * 12
NOW = 1_800_000_000

Mix = Callable[[Sequence[ReleasedReport]], list[ReleasedReport]]
Look = Callable[[Sequence[Case], str], Any]


def waiting(texts: Sequence[str], case_ids: Sequence[bytes]) -> list[Waiting]:
    """Return texts by different people, in the order in which they were written."""
    return [
        Waiting(
            tag=secrets.token_bytes(16),
            slot=slot,
            report=Report(
                consent=Consent.TEXT,
                category=0,
                severity=0,
                case_id=CaseId(case_id),
                reply_key=b"k" * 32,
                text=text,
            ),
        )
        for slot, (text, case_id) in enumerate(zip(texts, case_ids, strict=True))
    ]


def release(rows: list[Waiting], mix: Mix) -> list[Case]:
    """Return the cases in the order in which the gate reads them."""
    pending, batch = take_batch(add_reports(start_pending(BOX), rows))
    assert pending.texts == ()
    sealer = MuteSealer(0, secrets.token_bytes)
    reports = [
        replace(shown, box=DRIVE, mute_box=sealer.seal(DRIVE, each.tag))
        for shown, each in zip(shared_labels(batch, BOX), batch, strict=True)
    ]
    letter = Released(drive_id=DRIVE, number=1, reports=tuple(mix(reports)))
    return [
        open_report(report, now=NOW, ends_at=NOW + DAY, mute_until=NOW + HOUR)
        for report in released_of(released_to_json(letter)).reports
    ]


def honest(reports: Sequence[ReleasedReport]) -> list[ReleasedReport]:
    """Mix as the counter does."""
    return shuffled(reports, secrets.token_bytes)


def in_order(reports: Sequence[ReleasedReport]) -> list[ReleasedReport]:
    """Forget to mix."""
    return list(reports)


@functools.cache
def advantages(mix: Mix) -> dict[str, float]:
    """Return how much better than guessing attackers are who each look at one thing.

    They bet that whose is less wrote first; where both are the same they toss a coin.
    """
    dice = random.Random(5)
    won = Counter[str]()
    for _ in range(TRIALS):
        first_is_x = dice.random() < 0.5
        texts = [X, *OTHERS, Y] if first_is_x else [Y, *OTHERS, X]
        ids = [secrets.token_bytes(16) for _ in texts]
        cases = release(waiting(texts, ids), mix)
        for name, look in LOOKS.items():
            x, y = (look(cases, text) for text in (X, Y))
            bet = x < y if x != y else dice.random() < 0.5
            won[name] += bet == first_is_x
    return {name: abs(2 * won[name] / TRIALS - 1) for name in LOOKS}


def place_of(cases: Sequence[Case], text: str) -> int:
    """Return at which place of the letter a text stands."""
    return [case.text for case in cases].index(text)


def of_case(look: Callable[[Case], Any]) -> Look:
    """Return what an attacker sees who looks at one thing of a case."""
    return lambda cases, text: look(cases[place_of(cases, text)])


LOOKS: dict[str, Look] = {
    "order": place_of,
    "id": of_case(lambda case: case.case_id),
    "name": of_case(lambda case: case.name),
    "times": of_case(lambda case: (case.opened_at, case.ends_at, case.mute_until)),
    "labels": of_case(lambda case: (case.category, case.severity, case.place)),
    "mute box": of_case(lambda case: case.mute_box),
    "length": of_case(lambda case: len(case.encode())),
}


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_of_a_release_says_who_was_first(look: str) -> None:
    """Neither order, nor a time, a length, or anything else that stands in a case."""
    assert advantages(honest)[look] <= 0.03


def test_without_mixing_the_order_tells() -> None:
    """The control: the same attacker wins against a counter that does not mix."""
    assert advantages(in_order)["order"] >= 0.9


@pytest.mark.parametrize(("is_padded", "bar"), [(True, (0, 0.03)), (False, (0.9, 1))])
def test_length_on_disk_says_nothing_of_a_text(
    is_padded: bool,  # noqa: FBT001 - a case of a test
    bar: tuple[float, float],
) -> None:
    """Who watches rows come knows whose is whose, and their texts later by length.

    The control leaves the padding out.
    """
    dice = random.Random(7)
    won = 0
    for _ in range(TRIALS):
        first_is_long = dice.random() < 0.5
        first, second = (LONG, X) if first_is_long else (X, LONG)
        rows = [len(on_disk(text, is_padded=is_padded)) for text in (first, second)]
        bet = rows[0] > rows[1] if rows[0] != rows[1] else dice.random() < 0.5
        won += bet == first_is_long
    least, most = bar

    assert least <= abs(2 * won / TRIALS - 1) <= most


def on_disk(text: str, *, is_padded: bool) -> bytes:
    """Return a row as it is before it is sealed, which adds as much to each."""
    (row,) = waiting([text], [secrets.token_bytes(16)])
    ballot = Ballot(
        kind=Kind.REPORT,
        drive_id=DRIVE,
        slot=0,
        tag=Tag(secrets.token_bytes(32)),
        seq=0,
        ballot_id=secrets.token_bytes(16),
        code_key=NO_CODE,
        payload=row.report.encode(),
    ).encode()
    return pad_record(ballot, bytes(32), REPORT) if is_padded else ballot


def test_order_of_what_waits_says_nothing() -> None:
    """What lies sealed between two rounds stands by case, which is chance."""
    dice = random.Random(6)
    won = 0
    for _ in range(TRIALS // 4):
        first_is_x = dice.random() < 0.5
        texts = [X, Y] if first_is_x else [Y, X]
        rows = waiting(texts, [secrets.token_bytes(16) for _ in texts])
        data = encode_pending(add_reports(start_pending(BOX), rows))
        order = [each.report.text for each in decode_pending(data, BOX).texts]
        won += (order.index(X) < order.index(Y)) == first_is_x

    assert abs(2 * won / (TRIALS // 4) - 1) <= 0.06


def test_a_letter_says_nothing_of_its_writers() -> None:
    """No tag, no slot, no number in the gate's order: only what may be read."""
    rows = waiting([X, *OTHERS, Y], [secrets.token_bytes(16) for _ in range(5)])
    sealer = MuteSealer(0, secrets.token_bytes)
    shown = shared_labels(rows, BOX)
    body = released_to_json(
        Released(
            drive_id=DRIVE,
            number=1,
            reports=tuple(
                ReleasedReport(
                    case_id=each.case_id,
                    box=DRIVE,
                    reply_key=each.reply_key,
                    category=each.category,
                    severity=each.severity,
                    text=each.text,
                    mute_box=sealer.seal(DRIVE, row.tag),
                    keep_seconds=BOX.retention_seconds,
                )
                for each, row in zip(shown, rows, strict=True)
            ),
        )
    )
    written = repr(body)

    assert not [row for row in rows if row.tag.hex() in written]
    lengths = {len(report.mute_box) for report in released_of(body).reports}
    assert lengths == {80}
    cases = [
        open_report(report, now=0, ends_at=9, mute_until=1)
        for report in released_of(body).reports
    ]
    assert len({len(case.encode()) for case in cases}) == 1
