"""Reports: what fits into a ballot, and what a form may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ballots import Tag
from bot.core.canonical import Malformed
from bot.core.errors import (
    ConsentMissing,
    FieldWrong,
    MatterWrong,
    TextMissing,
    TextTooLong,
    Unreadable,
)
from bot.core.manifest import DriveId, decode_manifest
from bot.core.reports import (
    NO_MATTER,
    Act,
    Address,
    CaseLetter,
    Consent,
    Report,
    ReportForm,
    decode_address,
    decode_letter,
    decode_report,
    read_choices,
    read_matter,
    read_place,
    read_text,
)
from bot.core.shapes import REPORT
from bot.core.terms import BoxTerms
from tests.core.boxed import BOX, KEY, case
from tests.vectors.reading import Vector, bytes_of, read, vectors

CONSENTS = ("Count it only", "Read my text")
FORM = ReportForm(category="Safety", severity="It can wait", consent="Read my text")
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=600)


def box_of_vectors() -> BoxTerms:
    """Return the terms of the box in the manifests' vectors."""
    found = [v for v in read("manifest") if v["comment"] == "a report box"]
    terms = decode_manifest(bytes_of(found[0])).terms
    assert isinstance(terms, BoxTerms)
    return terms


@pytest.mark.parametrize("vector", vectors("reports", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A payload is read and written with the same bytes."""
    data = bytes_of(vector)
    if vector["of"] == "report":
        assert decode_report(data, box_of_vectors()).encode() == data
    else:
        assert decode_letter(data).encode() == data


@pytest.mark.parametrize("vector", vectors("reports", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """One thing wrong is enough."""
    terms = box_of_vectors()
    decode = {
        "report": lambda data: decode_report(data, terms),
        "letter": decode_letter,
    }
    with pytest.raises(Malformed):
        decode[vector["of"]](bytes_of(vector))


@given(words, st.sampled_from(["", "Day shift", "長" * 75]))
def test_any_report_fits_and_comes_back(text: str, place: str) -> None:
    """Six hundred characters of any script fit into a record, with the address."""
    report = Report(
        consent=Consent.TEXT,
        category=2,
        severity=1,
        case_id=case(7),
        reply_key=KEY,
        place=place,
        text=text,
    )
    address = Address(box=DriveId(b"b" * 16), tag=Tag(b"t" * 32))
    payload = address.encode() + report.encode()

    assert len(payload) <= REPORT.payload_bytes_max
    found, rest = decode_address(payload)
    assert found == address
    assert decode_report(rest, BOX) == report


@given(st.binary(max_size=80))
def test_any_bytes_are_a_payload_or_malformed(data: bytes) -> None:
    """A decoder fails in one way, and takes one encoding."""
    for decode in (lambda: decode_report(data, BOX), lambda: decode_letter(data)):
        try:
            assert decode().encode() == data
        except Malformed:
            continue


def test_address_that_is_cut_off() -> None:
    """Forty-eight bytes say where something belongs."""
    with pytest.raises(Malformed):
        decode_address(bytes(47))


def test_letter_comes_back() -> None:
    """What an author adds says to which case."""
    letter = CaseLetter(case_id=case(3), act=Act.ADD, text="And again.")

    assert decode_letter(letter.encode()) == letter


def test_reports_show_nothing_of_themselves() -> None:
    """A stray print or traceback must not give anybody away."""
    report = Report(consent=Consent.TEXT, category=0, severity=0, text="my words")

    assert "my words" not in repr(report)


# --- what a form says -----------------------------------------------------------------


def test_choices_are_read() -> None:
    """Labels are read in any case, and consent by its name too."""
    typed = ReportForm(category="safety", severity="IT CAN WAIT", consent="count")

    assert read_choices(BOX, FORM, CONSENTS).consent is Consent.TEXT
    found = read_choices(BOX, typed, CONSENTS)
    assert (found.category, found.severity) == (1, 0)
    assert found.consent is Consent.COUNT


def test_consent_has_no_preset() -> None:
    """Nobody's words are thrown away, or shown, by a default."""
    with pytest.raises(ConsentMissing):
        read_choices(BOX, ReportForm(category="Pay", severity="It can wait"), CONSENTS)


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        (ReportForm(category="Pay", severity="It can wait", consent="all"), FieldWrong),
        (ReportForm(category="", severity="It can wait", consent="text"), TextMissing),
        (ReportForm(category="Pay", severity="", consent="text"), TextMissing),
        (ReportForm(category="Pets", severity="x", consent="text"), FieldWrong),
    ],
)
def test_choices_that_are_refused(form: ReportForm, refused: type[Exception]) -> None:
    """What the form does not offer is not taken."""
    with pytest.raises(refused):
        read_choices(BOX, form, CONSENTS)


def test_text_is_kept_as_it_was_typed() -> None:
    """Line breaks and hidden signs stay; whoever reads them is shown them."""
    typed = "  First.\r\nThen \u202eright\u200b to left.\x07 \U0001f600\r"

    assert read_text(typed) == "First.\nThen \u202eright\u200b to left. \U0001f600"


def test_only_emoji_is_a_text() -> None:
    """Nobody has to find words."""
    assert read_text("\U0001f480") == "\U0001f480"


def test_six_hundred_characters_and_one_more() -> None:
    """A character is a code point, whatever its bytes."""
    assert len(read_text("\U0001f600" * 600)) == 600
    with pytest.raises(TextTooLong):
        read_text("\U0001f600" * 601)


@pytest.mark.parametrize("typed", ["", "  \n ", "\x00\x07"])
def test_text_that_is_nothing(typed: str) -> None:
    """A text to be read has something in it."""
    with pytest.raises(TextMissing):
        read_text(typed)


def test_half_of_a_pair_is_no_text() -> None:
    """What nothing could store is refused before anything is sealed."""
    with pytest.raises(Unreadable):
        read_text("\ud800")


def test_place_is_one_of_the_boxes() -> None:
    """Where the organizers named large places, no smaller one is taken."""
    free = BoxTerms(
        name="box",
        title="Box",
        categories=("A", "B"),
        severities=("C", "D"),
        place="general",
        audience=60,
        slot_seconds=86_400,
        retention_seconds=86_400,
    )

    assert read_place(BOX, " Day shift ") == "Day shift"
    assert read_place(BOX, " ") == ""
    assert read_place(free, "The  yard\nbehind") == "The yard behind"
    with pytest.raises(FieldWrong):
        read_place(BOX, "My desk")
    with pytest.raises(TextTooLong):
        read_place(free, "x" * 76)


def test_an_agreed_word_is_the_same_however_it_is_typed() -> None:
    """Small letters, spaces and wide letters do not matter; the word and number do."""
    first = read_matter("Fork lift 3")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in "fork") + " lift 3"

    assert first[0] == 3
    assert first == read_matter("  fork   LIFT  3 ") == read_matter(wide)
    assert read_matter("fork lifts 3")[1] != first[1]
    assert read_matter(" ") == (0, NO_MATTER)


@pytest.mark.parametrize(
    "typed",
    ["forklift", "3", "forklift 1", "forklift 21", "forklift three", "x" * 76 + " 3"],
)
def test_a_matter_is_a_word_and_a_number(typed: str) -> None:
    """Whoever agreed on nothing leaves the field empty."""
    with pytest.raises(MatterWrong):
        read_matter(typed)
