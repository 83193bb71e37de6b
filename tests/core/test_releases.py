"""What leaves a report box: never a text of fewer than five people, never a time."""

import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import JsonObject, Malformed
from bot.core.manifest import DriveId
from bot.core.pending import (
    add_reports,
    decode_pending,
    encode_pending,
    start_pending,
    take_batch,
    take_tables,
    without_texts,
)
from bot.core.releases import (
    ITEMS_MAX,
    Released,
    ReleasedReport,
    ReleasedWords,
    Waiting,
    box_tables,
    is_batch,
    ready_texts,
    released_of,
    released_to_json,
    shared_labels,
    split_release,
)
from bot.core.reports import Consent
from bot.core.running import STATE_STEP_BYTES
from tests.core.boxed import (
    BOX,
    KEY,
    agreed,
    by,
    case,
    count_report,
    reports,
    text_report,
)
from tests.core.test_reports import box_of_vectors
from tests.vectors.reading import Vector, vectors

DRIVE = DriveId(bytes(range(16)))
EMPTY = start_pending(BOX)


# --- batches --------------------------------------------------------------------------


def test_four_people_are_no_batch() -> None:
    """One person's ten texts are one person."""
    texts = [by(person % 4, text_report(person)) for person in range(10)]

    assert not is_batch(texts)
    assert is_batch([*texts, by(4, text_report(10))])


@given(reports())
def test_no_text_leaves_with_fewer_than_five_people(found: list[Waiting]) -> None:
    """Whatever waits: all texts that can be read leave together, or none."""
    pending, batch = take_batch(add_reports(EMPTY, found))

    people = {each.tag for each in batch}
    assert not batch or len(people) >= 5
    assert not (batch and ready_texts(pending.texts))
    texts = {each.report.case_id for each in found if each.report.text}
    assert {each.report.case_id for each in (*batch, *pending.texts)} == texts


def labels(report: ReleasedReport) -> tuple[str, str, str]:
    """Return what stands beside a text."""
    return report.category, report.severity, report.place


@given(reports())
def test_no_text_leaves_before_its_matter_is_named(found: list[Waiting]) -> None:
    """So many different people wait with its topic, number and word; or it stays."""
    pending, batch = take_batch(add_reports(EMPTY, found))

    def people(text: Waiting) -> set[bytes]:
        said = (text.report.category, text.report.others, text.report.matter)
        return {
            each.tag
            for each in found
            if each.report.consent is Consent.TEXT
            and (each.report.category, each.report.others, each.report.matter) == said
        }

    assert all(len(people(text)) >= text.report.others for text in batch)
    if batch:
        assert all(len(people(text)) < text.report.others for text in pending.texts)


def test_a_matter_is_read_among_five_texts() -> None:
    """Three people named it: their texts wait for two more; another matter stays."""
    mine = [by(person, agreed(text_report(person), 3)) for person in range(3)]
    other = [by(person, agreed(text_report(person), 3, 2)) for person in (5, 6)]
    more = [by(person, text_report(person)) for person in (7, 8)]
    again = by(5, agreed(text_report(9), 3, 2))
    pending, batch = take_batch(add_reports(EMPTY, [*mine, *other, again]))
    assert batch == ()
    pending, batch = take_batch(add_reports(pending, more))

    assert {each.tag for each in batch} == {each.tag for each in [*mine, *more]}
    assert {each.tag for each in pending.texts} == {each.tag for each in other}


def test_topic_and_number_are_part_of_a_matter() -> None:
    """Whoever writes another number, or chooses another topic, named another one."""
    texts = [
        by(0, agreed(text_report(0), 2)),
        by(1, agreed(text_report(1), 3)),
        by(2, agreed(text_report(2, category=1), 2)),
    ]

    assert ready_texts(texts) == ()


@given(reports())
def test_what_stands_beside_a_text_is_shared_by_five(found: list[Waiting]) -> None:
    """No label, and no two of them together, pick out fewer than five people (R8)."""
    texts = [each for each in found if each.report.text]
    shown = shared_labels(texts, BOX)

    people: dict[tuple[str, ...], set[bytes]] = {}
    for each, report in zip(texts, shown, strict=True):
        people.setdefault(labels(report), set()).add(each.tag)
        assert report.category in ("", BOX.categories[each.report.category])
        assert report.severity in ("", BOX.severities[each.report.severity])
        assert report.place in ("", each.report.place)
    for together, tags in people.items():
        if any(together):
            everybody = {
                each.tag
                for each, report in zip(texts, shown, strict=True)
                if all(
                    not part or part == other
                    for part, other in zip(together, labels(report), strict=True)
                )
            }
            assert len(tags | everybody) >= 5


def test_a_shared_topic_is_shown_and_a_rare_one_is_not() -> None:
    """Five people on pay, one on safety: that one's topic is withheld."""
    texts = [by(n, text_report(n, 0, n % 2)) for n in range(5)]
    texts.append(by(5, text_report(5, 1, 1)))
    shown = shared_labels(texts, BOX)

    assert [each.category for each in shown] == ["Pay"] * 5 + [""]
    assert {each.severity for each in shown} == {""}


def test_one_person_does_not_make_a_topic_common() -> None:
    """Five texts of one author share a topic with nobody."""
    texts = [by(0, text_report(n)) for n in range(5)]
    texts += [by(n, text_report(n, 1)) for n in range(5, 9)]

    assert {each.category for each in shared_labels(texts, BOX)} == {""}


# --- muted authors --------------------------------------------------------------------


@given(reports(), reports(), st.integers(0, 2**32))
def test_what_is_passed_over_changes_nothing_that_is_read(
    found: list[Waiting], muted: list[Waiting], seed: int
) -> None:
    """Texts, labels, tables and what waits: all as if the muted had written nothing."""
    passed = [passed_over(number, each) for number, each in enumerate(muted)]
    mixed = [*found, *passed]
    random.Random(seed).shuffle(mixed)
    order = {each.report.case_id: at for at, each in enumerate(mixed)}

    without = read_of(sorted(found, key=lambda each: order[each.report.case_id]))
    assert read_of(mixed) == without


def read_of(found: list[Waiting]) -> tuple[object, ...]:
    """Return all that organizers see of a round, and what of others still waits."""
    pending, batch = take_batch(add_reports(EMPTY, found))
    pending, tables = take_tables(pending, BOX)
    shown = [each for each in shared_labels(batch, BOX) if not each.passed_over]
    left = [each for each in pending.texts if not each.passed_over]
    return shown, tables, replace(pending, texts=tuple(left))


def passed_over(number: int, each: Waiting) -> Waiting:
    """Return a report like this, of a case of its own, while its author is muted."""
    report = each.report
    if report.text:
        report = replace(report, case_id=case(1000 + number))
    return replace(each, report=report, passed_over=True)


def test_a_muted_text_leaves_with_the_others() -> None:
    """Its author's code opens when the codes of that batch do, and not before."""
    muted = replace(by(8, agreed(text_report(8), 5)), passed_over=True)
    four = [by(person, agreed(text_report(person), 5)) for person in range(4)]
    pending, batch = take_batch(add_reports(EMPTY, [*four, muted]))
    assert batch == ()
    fifth = by(4, agreed(text_report(4), 5))
    pending, batch = take_batch(add_reports(pending, [fifth]))

    assert {each.tag for each in batch} == {each.tag for each in [*four, muted, fifth]}
    assert {each.category for each in shared_labels(batch, BOX)} == {"Pay"}
    assert pending.texts == ()


def test_two_who_agreed_on_a_word_can_notice() -> None:
    """What is left over: one code opens and the other does not (protocol.md §12.7).

    The other text waits as it would if the muted one had not been written.
    """
    muted = replace(by(0, agreed(text_report(0), 2)), passed_over=True)
    friend = by(1, agreed(text_report(1), 2))
    others = [by(person, text_report(person)) for person in range(2, 7)]
    pending, batch = take_batch(add_reports(EMPTY, [muted, friend, *others]))

    assert muted in batch
    assert pending.texts == (friend,)


def test_five_muted_people_are_no_batch() -> None:
    """Only people who are read are counted."""
    muted = [
        replace(by(person, text_report(person)), passed_over=True)
        for person in range(5)
    ]

    assert not is_batch(muted)


# --- tables ---------------------------------------------------------------------------


def test_tables_are_of_ten_people() -> None:
    """Nine people's reports wait, however many they are."""
    nine = add_reports(EMPTY, [by(n % 9, count_report()) for n in range(30)])
    ten = add_reports(nine, [by(9, count_report(2, 1))])

    assert take_tables(nine, BOX) == (nine, ())
    left, tables = take_tables(ten, BOX)
    assert len(tables) == 2
    assert [row.label for row in tables[0].rows] == list(BOX.categories)
    assert [row.label for row in tables[1].rows] == list(BOX.severities)
    assert (sum(left.categories), left.tags) == (0, frozenset())


def test_no_report_is_in_two_tables() -> None:
    """The counts begin anew; texts that wait go on waiting."""
    first = [by(n, count_report()) for n in range(9)]
    found = add_reports(EMPTY, [*first, by(9, text_report(1))])
    left, _ = take_tables(found, BOX)
    again = add_reports(left, [by(n, count_report(1)) for n in range(9)])

    assert take_tables(again, BOX)[1] == ()
    assert [each.report.case_id for each in again.texts] == [case(2)]


@given(st.lists(st.integers(0, 80), min_size=3, max_size=3), st.data())
def test_tables_show_no_cell_of_few(cells: list[int], data: st.DataObject) -> None:
    """R2 holds for reports as for answers, and by twenties from a hundred on."""
    total = sum(cells)
    first = data.draw(st.integers(0, total))
    tables = box_tables(BOX, cells, [first, total - first])

    assert bool(tables) == (total >= 10)
    for table in tables:
        assert table.base == (5 if total < 100 else 20)
        assert all(row.number is None or row.number >= table.base for row in table.rows)


# --- what waits -----------------------------------------------------------------------


@pytest.mark.parametrize("vector", vectors("pending", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """What waits is read and written with the same bytes."""
    data = bytes.fromhex(vector["hex"]).ljust(vector["length"], b"\x00")

    assert encode_pending(decode_pending(data, box_of_vectors())) == data


@pytest.mark.parametrize("vector", vectors("pending", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """One thing wrong is enough."""
    data = bytes.fromhex(vector["hex"]).ljust(vector["length"], b"\x00")
    with pytest.raises(Malformed):
        decode_pending(data, box_of_vectors())


@pytest.mark.parametrize("vector", vectors("pending", "older"))
def test_older_vectors(vector: Vector) -> None:
    """What version 1 wrote is read; nobody was passed over then."""
    data = bytes.fromhex(vector["hex"]).ljust(vector["length"], b"\x00")
    found = decode_pending(data, box_of_vectors())

    assert len(found.texts) == 2
    assert not any(each.passed_over for each in found.texts)
    assert decode_pending(encode_pending(found), box_of_vectors()) == found


def test_another_length_is_refused() -> None:
    """Its length says nothing, so it has few of them."""
    with pytest.raises(Malformed):
        decode_pending(encode_pending(EMPTY)[:-1], BOX)


@given(reports())
def test_what_waits_comes_back(found: list[Waiting]) -> None:
    """What was sealed at one round is there at the next, in no order that tells."""
    pending = add_reports(EMPTY, found)
    mixed = random.Random(1).sample(found, len(found))
    data = encode_pending(pending)

    assert len(data) % STATE_STEP_BYTES == 0
    assert decode_pending(data, BOX) == replace(
        pending,
        texts=tuple(sorted(pending.texts, key=lambda each: each.report.case_id)),
    )
    assert encode_pending(add_reports(EMPTY, mixed)) == data


def test_one_case_waits_once() -> None:
    """A text that is there already is not there twice."""
    twice = add_reports(EMPTY, [by(0, text_report(1)), by(1, text_report(1))])

    assert len(twice.texts) == 1


def test_texts_that_were_taken_back_or_waited_too_long() -> None:
    """They are gone before anything is released."""
    found = add_reports(EMPTY, [by(n, text_report(n), slot=n) for n in range(4)])
    left = without_texts(found, {case(1)}, {3})

    assert [each.slot for each in left.texts] == [1, 2]


# --- the letter -----------------------------------------------------------------------


def a_report(number: int) -> ReleasedReport:
    """Return a report as it leaves the counter."""
    return ReleasedReport(
        case_id=case(number),
        box=DRIVE,
        reply_key=KEY,
        text="x",
        mute_box=bytes(80),
        keep_seconds=BOX.retention_seconds,
    )


def test_long_releases_take_several_letters() -> None:
    """Letters stay small, are numbered on, and together hold everything once."""
    tables = box_tables(BOX, [10, 0, 0], [10, 0])
    whole = Released(
        drive_id=DRIVE,
        number=4,
        reports=tuple(a_report(n) for n in range(ITEMS_MAX + 1)),
        words=(ReleasedWords(case_id=case(1), text="y"),),
        taken_back=(case(2),),
        tables=tables,
    )
    letters = list(split_release(whole))

    assert [each.number for each in letters] == [4, 5, 6, 7, 8]
    cases = Counter(each.case_id for part in letters for each in part.reports)
    assert cases == Counter(case(n) for n in range(ITEMS_MAX + 1))
    assert [part.tables for part in letters if part.tables] == [tables]
    assert all(released_of(released_to_json(part)) == part for part in letters)


def test_letter_of_an_older_version() -> None:
    """It may lie in the store while a new version is installed: nobody was muted."""
    words = (ReleasedWords(case_id=case(1), text="y"),)
    whole = Released(drive_id=DRIVE, number=1, reports=(a_report(0),), words=words)
    body: Any = json.loads(canonical.encode(released_to_json(whole)))
    del body["reports"][0]["passed_over"]
    body["words"] = [part[:2] for part in body["words"]]

    assert released_of(body) == whole


def test_words_of_a_case_have_two_parts() -> None:
    """A case and a text; one of them alone says nothing."""
    body = released_to_json(Released(drive_id=DRIVE, number=1))
    words: JsonObject = {"words": [[case(1).hex()]]}
    with pytest.raises(Malformed):
        released_of(body | words)


def test_nothing_is_said_about_nothing() -> None:
    """A round that releases nothing sends no letter."""
    assert list(split_release(Released(drive_id=DRIVE, number=1))) == []
