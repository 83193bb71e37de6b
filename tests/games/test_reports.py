"""G10, the reader of reports: what organizers get does not say who wrote first.

In a slot of a report box somebody writes at a known moment, and others after them. The
attacker knows the moment, and reads all that a release brings: letters, cases, labels,
the order of everything. Two texts of one length are by the first writer or by another;
they guess which. The control is a counter that forgets to mix.
"""

import random
import secrets
from collections.abc import Callable, Sequence

from bot.core.cases import open_report
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

Mix = Callable[[Sequence[ReleasedReport]], list[ReleasedReport]]


def waiting(texts: Sequence[str], case_ids: Sequence[bytes]) -> list[Waiting]:
    """Return texts by different people, in the order in which they were written."""
    return [
        Waiting(
            tag=secrets.token_bytes(16),
            slot=0,
            report=Report(
                consent=Consent.TEXT,
                category=0,
                severity=0,
                case_id=CaseId(case_id),
                reply_key=b"k" * 32,
                text=text,
            ),
        )
        for text, case_id in zip(texts, case_ids, strict=True)
    ]


def release(rows: list[Waiting], mix: Mix) -> list[str]:
    """Return the texts in the order in which the gate reads them."""
    pending, batch = take_batch(add_reports(start_pending(BOX), rows))
    assert pending.texts == ()
    released = Released(
        drive_id=DRIVE, number=1, reports=tuple(mix(shared_labels(batch, BOX)))
    )
    return [report.text for report in released.reports]


def honest(reports: Sequence[ReleasedReport]) -> list[ReleasedReport]:
    """Mix as the counter does."""
    return shuffled(reports, secrets.token_bytes)


def advantage(mix: Mix, seen: Callable[[list[str]], bool]) -> float:
    """Return how much better than guessing an attacker is who bets on `seen`."""
    dice = random.Random(5)
    won = 0
    for _ in range(TRIALS):
        first_is_x = dice.random() < 0.5
        texts = [X, *OTHERS, Y] if first_is_x else [Y, *OTHERS, X]
        ids = [secrets.token_bytes(16) for _ in texts]
        won += seen(release(waiting(texts, ids), mix)) == first_is_x
    return abs(2 * won / TRIALS - 1)


def x_before_y(order: list[str]) -> bool:
    """The attacker bets that what comes first was written first."""
    return order.index(X) < order.index(Y)


def test_order_of_a_release_says_nothing() -> None:
    """The letter's order is thrown anew for each release."""
    assert advantage(honest, x_before_y) <= 0.03


def test_without_mixing_the_order_tells() -> None:
    """The control: the same attacker wins against a counter that does not mix."""
    assert advantage(list, x_before_y) >= 0.9


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
        won += x_before_y(order) == first_is_x

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
