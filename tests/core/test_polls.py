"""What people type becomes terms, a span of time, or an answer; or it is refused."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.errors import (
    AudienceTooAlike,
    AudienceTooSmall,
    AudienceUnknown,
    FieldWrong,
    NoAnswer,
    OneAnswerOnly,
    OptionsWrong,
    Refused,
    SegmentsWrong,
    TextMissing,
    TextTooLong,
    TimeWrong,
    UnknownOption,
)
from bot.core.polls import (
    PollForm,
    Span,
    check_audience,
    check_size,
    has_quotes,
    make_name,
    quoted_words,
    read_answer,
    read_span,
    read_terms,
    sample_result,
)
from bot.core.tallies import Choice
from bot.core.terms import NAME_CHARS_MAX, NPS_LABELS, SCALE_LABELS, PollTerms
from bot.core.wording import one_line

# 2026-11-24 12:00 UTC
NOON = 1_795_521_600
DAY = 24 * 60 * 60

LUNCH = PollForm(
    question="Should we ask for paid lunch breaks?", options="Yes\nNo\nUnsure"
)


def terms_of(form: PollForm) -> PollTerms:
    """Return the terms of a form for sixty people."""
    return read_terms(form, place="general", audience=60, taken=set())


def poll(**values) -> PollTerms:
    """Return the terms of the lunch poll with some fields filled in otherwise."""
    return terms_of(replace(LUNCH, **values))


def people(numbers: range) -> frozenset[str]:
    """Return members of a channel."""
    return frozenset(f"p{number}" for number in numbers)


def test_form_becomes_terms() -> None:
    """A question and answers are enough; the rest has defaults."""
    terms = terms_of(LUNCH)

    assert terms == PollTerms(
        name="ask-paid-lunch-breaks",
        question="Should we ask for paid lunch breaks?",
        choice=Choice.SINGLE,
        options=("Yes", "No", "Unsure"),
        place="general",
        audience=60,
    )


def test_all_fields_are_read() -> None:
    """Groups, guests, the extension and a short name are taken as typed."""
    terms = poll(
        choice="Single", segments="Day\nNight", audience="guests", extend=True, name="L"
    )

    assert terms.segments == ("Day", "Night")
    assert terms.guests
    assert terms.extend
    assert terms.name == "l"


@pytest.mark.parametrize(
    ("choice", "labels"), [("scale", SCALE_LABELS), ("nps", NPS_LABELS)]
)
def test_scales_have_their_own_answers(choice: str, labels: tuple[str, ...]) -> None:
    """Whatever stands in the answers' field, a scale offers its numbers."""
    assert poll(choice=choice, options="Yes").options == labels


def test_lines_are_cleaned() -> None:
    """White space, empty lines and invisible signs make no answer."""
    terms = poll(question=" Paid\n breaks\u202e? ", options=" Yes \r\n\n\tNo\x00\n")

    assert terms.question == "Paid breaks ?"
    assert terms.options == ("Yes", "No")


def test_letters_that_need_joiners_keep_them() -> None:
    """Scripts that join letters, and composed emoji, stay as they were typed."""
    word = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"

    assert one_line(word) == word


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"question": " \u200b "}, TextMissing),
        ({"question": "x" * 151}, TextTooLong),
        ({"options": ""}, OptionsWrong),
        ({"options": "Yes"}, OptionsWrong),
        ({"options": "Yes\nYes"}, OptionsWrong),
        ({"options": "Yes\nyes"}, OptionsWrong),
        ({"options": "Yes\n" + "x" * 76}, OptionsWrong),
        ({"options": "\n".join(map(str, range(21)))}, OptionsWrong),
        ({"choice": "best"}, FieldWrong),
        ({"audience": "everybody"}, FieldWrong),
        ({"segments": "Day"}, SegmentsWrong),
        ({"segments": "Day\nday"}, SegmentsWrong),
        ({"segments": "Day\nNight", "choice": "multi"}, SegmentsWrong),
        ({"segments": "\n".join(map(str, range(13)))}, SegmentsWrong),
    ],
)
def test_wrong_form_is_refused(values: dict[str, str], refusal: type[Refused]) -> None:
    """Each mistake has its own words."""
    with pytest.raises(refusal):
        poll(**values)


def test_bounds_are_allowed() -> None:
    """The longest question, the longest answers and the most of them are terms."""
    options = "\n".join("x" * 73 + f"{number:02}" for number in range(20))

    terms = poll(question="x" * 150, options=options)

    assert len(terms.options) == 20


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("", Span(length=DAY)),
        ("24h", Span(length=DAY)),
        (" 7 D ", Span(length=7 * DAY)),
        ("2w", Span(length=14 * DAY)),
        ("1m", Span(length=60)),
        ("90s", Span(length=90)),
        ("400d", Span(length=400 * DAY)),
        ("2026-11-25", Span(closes_at=NOON + DAY // 2)),
        ("2026-11-25 12:00", Span(closes_at=NOON + DAY)),
        ("2026-11-25 12:00 utc", Span(closes_at=NOON + DAY)),
        ("2026-11-25T12:00Z", Span(closes_at=NOON + DAY)),
        ("2026-11-25 13:00+01:00", Span(closes_at=NOON + DAY)),
    ],
)
def test_closing_time_is_read(typed: str, span: Span) -> None:
    """A length or a date says when a poll closes."""
    assert read_span(typed, NOON) == span


@pytest.mark.parametrize(
    "typed",
    [
        "soon",
        "59s",
        "0d",
        "401d",
        "-1d",
        "99999999w",
        "٣d",
        "2026-11-24",
        "2026-11-24 12:00:30",
        "2027-12-31",
        "2031-13-01",
        "0001-01-01",
        "0001-01-01T00:00+14:00",
        "9" * 5000,
    ],
)
def test_wrong_closing_time_is_refused(typed: str) -> None:
    """Less than a minute, more than 400 days, and what is no time are refused."""
    with pytest.raises(TimeWrong):
        read_span(typed, NOON)


@given(st.text(max_size=60))
def test_any_text_as_closing_time_is_read_or_refused(typed: str) -> None:
    """Nothing else than a refusal comes of what people type."""
    try:
        span = read_span(typed, NOON)
    except TimeWrong:
        return

    assert (span.length or span.closes_at - NOON) in range(60, 400 * DAY + 1)


@pytest.mark.parametrize("span", [Span(length=7 * DAY), Span(closes_at=NOON + DAY)])
def test_span_becomes_a_schedule(span: Span) -> None:
    """A preview shows when the poll would close if it started now."""
    schedule = span.schedule(NOON)

    assert schedule.opens_at == NOON
    assert schedule.closes_at == (span.closes_at or NOON + span.length)
    assert schedule.slot_seconds == DAY


def test_date_that_passed_still_has_a_schedule() -> None:
    """A draft that waited too long can still be looked at."""
    assert Span(closes_at=NOON).schedule(NOON + DAY).closes_at > NOON + DAY


@pytest.mark.parametrize(
    ("wanted", "question", "name"),
    [
        ("", "Should we ask for paid lunch breaks?", "ask-paid-lunch-breaks"),
        ("", "Who's on shift?", "whos-shift"),
        ("", "Wo möchtest du Überstunden abbauen?", "wo-mochtest-du"),
        ("", "Should we?", "should-we"),
        ("", "ランチ?", "poll"),
        ("", "x" * 150, "x" * 24),
        ("Lunch breaks!", "Should we?", "lunch-breaks"),
        ("ランチ", "Paid breaks?", "paid-breaks"),
    ],
)
def test_short_name_comes_from_the_question(
    wanted: str, question: str, name: str
) -> None:
    """A name is what was wanted, or what the question is about."""
    assert make_name(wanted, question, ()) == name


def test_taken_name_gets_a_number() -> None:
    """No two polls have one name, and no name is too long."""
    taken = {"x" * 24, "x" * 22 + "-2"}

    assert make_name("", "x" * 150, taken) == "x" * 22 + "-3"


@given(st.text(max_size=40), st.text(max_size=150), st.sets(st.text(max_size=24)))
def test_any_name_can_be_typed(wanted: str, question: str, taken: set[str]) -> None:
    """A name is short, in plain letters, free, and fits into a button's id."""
    name = make_name(wanted, question, taken)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= NAME_CHARS_MAX
    assert name not in taken


@pytest.mark.parametrize(
    "words",
    [
        '"Tea or coffee?" "Tea" "Coffee"',
        "“Tea or coffee?” “Tea” “Coffee”",
        "„Tea or coffee?“ „Tea“ „Coffee“",
        "«Tea or coffee?» «Tea» «Coffee»",
        '“Tea or coffee?" "Tea” "" "Coffee" please',
    ],
)
def test_quoted_words_are_read(words: str) -> None:
    """Straight and curly quotes are the same, and the rest is lost."""
    assert quoted_words(words) == ("Tea or coffee?", "Tea", "Coffee")
    assert has_quotes(words)


def test_words_without_quotes_are_none() -> None:
    """A short name is not taken for a question."""
    assert quoted_words("lunch") == ()
    assert not has_quotes("lunch")


def test_quoted_words_are_bounded() -> None:
    """No more answers are read than a poll can have."""
    assert len(quoted_words('"x" ' * 1000)) == 21


@pytest.mark.parametrize(
    ("chosen", "segment", "answer"),
    [
        (("Yes",), "", Answer(chosen=1, segment=NO_SEGMENT)),
        ((" No ", ""), "Night", Answer(chosen=2, segment=1)),
    ],
)
def test_answer_is_read(chosen: tuple[str, ...], segment: str, answer: Answer) -> None:
    """A label becomes the position of its bit."""
    terms = poll(segments="Day\nNight")

    assert read_answer(terms, chosen, segment) == answer


def test_several_answers_are_read() -> None:
    """In a poll for several answers each has its bit."""
    terms = poll(choice="multi")

    assert read_answer(terms, ("Unsure", "Yes", "Yes"), "").chosen == 0b101


@pytest.mark.parametrize(
    ("chosen", "segment", "refusal"),
    [
        ((), "", NoAnswer),
        ((" ",), "", NoAnswer),
        (("Perhaps",), "", UnknownOption),
        (("Yes",), "Night", UnknownOption),
        (("Yes", "No"), "", OneAnswerOnly),
    ],
)
def test_wrong_answer_is_refused(
    chosen: tuple[str, ...], segment: str, refusal: type[Refused]
) -> None:
    """What a poll does not offer is not recorded."""
    with pytest.raises(refusal):
        read_answer(poll(), chosen, segment)


def test_nine_people_are_too_few() -> None:
    """Fewer than ten people are not asked."""
    with pytest.raises(AudienceTooSmall) as caught:
        check_size(9, least=10)

    assert "at least 10 people" in caught.value.text


@pytest.mark.parametrize("differ", [1, 9])
def test_nearly_the_same_people_are_not_asked_twice(differ: int) -> None:
    """Two polls of audiences that differ by one to nine people tell these apart."""
    with pytest.raises(AudienceTooAlike):
        check_audience(people(range(30)), [people(range(30 - differ))])


@pytest.mark.parametrize(
    ("asked", "other"), [(None, people(range(30))), (people(range(30)), None)]
)
def test_unknown_people_are_not_asked_beside_others(
    asked: frozenset[str] | None, other: frozenset[str] | None
) -> None:
    """Where nobody tells who is in a channel, two of them may hold the same people."""
    with pytest.raises(AudienceUnknown):
        check_audience(asked, [other])


@pytest.mark.parametrize("differ", [0, 1, 9])
def test_the_same_people_without_their_guests_are_not_asked(differ: int) -> None:
    """A poll with guests beside one without tells the guests' answers apart."""
    with pytest.raises(AudienceTooAlike):
        check_audience(people(range(30)), [people(range(30 - differ))], as_guests=False)

    check_audience(people(range(30)), [people(range(20))], as_guests=False)


@pytest.mark.parametrize("other", [range(30), range(20), range(100, 140)])
def test_the_same_or_other_people_are_asked(other: range) -> None:
    """The same people, or others by ten or more, may be asked at the same time."""
    check_audience(people(range(30)), [people(other)])


@pytest.mark.parametrize("choice", Choice)
@pytest.mark.parametrize("audience", [10, 14, 25, 60, 1000])
def test_sample_is_what_the_publisher_makes(choice: Choice, audience: int) -> None:
    """A sample has one clear winner, whoever and however many are asked."""
    form = PollForm(question="Q", options="A\nB\nC\nD", choice=choice.value)
    terms = read_terms(form, place="general", audience=audience, taken=())

    sample = sample_result(terms)

    assert sample is not None
    assert sample.total <= audience
    shown = [row.shown for rows in sample.all_rows() for row in rows]
    assert "the rest" in shown or "top group" in shown


def test_sample_of_sixty_people() -> None:
    """Forty-two of sixty people answer in a sample."""
    sample = sample_result(poll())

    assert sample is not None
    assert [row.shown for row in sample.rows] == ["the rest", "10", "0–4"]
    assert sample.total == 40
