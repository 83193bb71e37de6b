"""What people put into a report box: reports, and the letters of a case (§6, §12).

Pure values, their one encoding in a ballot's payload, and how forms become them.
"""

import hashlib
import struct
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

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
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.terms import BoxTerms

# What opens a case, 16 B: made from its author's code, and of no use without it.
CaseId = NewType("CaseId", bytes)

CASE_ID_BYTES = 16
REPLY_KEY_BYTES = 32
TAG_BYTES = 32
# A report is short on every platform: long texts betray who writes them (R8).
REPORT_CHARS_MAX = 600
PLACE_CHARS_MAX = 75
NO_CASE = CaseId(bytes(CASE_ID_BYTES))
NO_REPLY_KEY = bytes(REPLY_KEY_BYTES)
NO_BOX = DriveId(bytes(DRIVE_ID_BYTES))
MATTER_BYTES = 16
NO_MATTER = bytes(MATTER_BYTES)
# One alone waits for nobody; more than these agree on no word.
OTHERS_MIN = 2
OTHERS_MAX = 20

# consent, category, severity, case, reply key, how many and on which matter; then two
# texts behind their lengths.
_REPORT = struct.Struct(">BBB16s32sB16s")
_MATTER_LABEL = b"rr/matter/v1\x00"
# box, the author's tag in it; then the report, or what follows.
_ADDRESS = struct.Struct(">16s32s")
# case, act; then one text behind its length.
_LETTER = struct.Struct(">16sB")
_LENGTH = struct.Struct(">H")
# A character takes four bytes of UTF-8 at the most.
_BYTES_PER_CHAR = 4


class Consent(IntEnum):
    """What an author lets organizers see. There is no preset choice."""

    COUNT = 0
    TEXT = 1


class Act(IntEnum):
    """What an author does to a case with its code."""

    ADD = 1
    TAKE_BACK = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report:
    """One report. `category` and `severity` are positions in the box's terms.

    Where it only counts, there is no text, no place, no case and no key in it. Where
    `others` is not 0, it waits unread until so many people, its author one of them,
    have named the same `matter` in the same category.
    """

    consent: Consent
    category: int
    severity: int
    case_id: CaseId = NO_CASE
    reply_key: bytes = NO_REPLY_KEY
    others: int = 0
    matter: bytes = NO_MATTER
    place: str = ""
    text: str = ""

    def encode(self) -> bytes:
        """Return the payload of a report's ballot."""
        head = _REPORT.pack(
            self.consent,
            self.category,
            self.severity,
            self.case_id,
            self.reply_key,
            self.others,
            self.matter,
        )
        return head + _texts_to_bytes(self.place, self.text)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address:
    """To which box something in the lane belongs, and its author's tag in there.

    The lane has tags of its own; with the box's, a mute holds in both.
    """

    box: DriveId
    tag: Tag

    def encode(self) -> bytes:
        """Return what stands before anything that takes the lane."""
        return _ADDRESS.pack(self.box, self.tag)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseLetter:
    """What an author adds to a case, or that they take it back."""

    case_id: CaseId
    act: Act
    text: str = ""

    def encode(self) -> bytes:
        """Return the payload of a letter's ballot, without its address."""
        return _LETTER.pack(self.case_id, self.act) + _texts_to_bytes(self.text)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportForm:
    """What stood in the fields of the report form, as it was chosen and typed."""

    category: str = ""
    severity: str = ""
    consent: str = ""
    text: str = ""
    place: str = ""


def decode_report(payload: bytes, terms: BoxTerms) -> Report:
    """Return the report in `payload` if `terms` offer it, or raise `Malformed`."""
    if len(payload) < _REPORT.size:
        raise Malformed("a report is cut off")
    consent, category, severity, case_id, key, others, matter = _REPORT.unpack_from(
        payload
    )
    place, text = _texts_of(payload[_REPORT.size :], PLACE_CHARS_MAX, REPORT_CHARS_MAX)
    offered = category < len(terms.categories) and severity < len(terms.severities)
    if not offered or consent not in set(Consent):
        raise Malformed("a report that the terms do not offer")
    bare = (case_id, key, place, text) == (NO_CASE, NO_REPLY_KEY, "", "")
    whole = bool(text) and case_id != NO_CASE and key != NO_REPLY_KEY
    if not (whole if consent == Consent.TEXT else bare and others == 0):
        raise Malformed("a report that says more than its author allowed, or less")
    _check_matter(others, matter)
    return Report(
        consent=Consent(consent),
        category=category,
        severity=severity,
        case_id=CaseId(case_id),
        reply_key=key,
        others=others,
        matter=matter,
        place=place,
        text=text,
    )


def decode_address(payload: bytes) -> tuple[Address, bytes]:
    """Return the address before `payload`, and what stands behind it."""
    if len(payload) < _ADDRESS.size:
        raise Malformed("an address is cut off")
    box, tag = _ADDRESS.unpack_from(payload)
    return Address(box=DriveId(box), tag=Tag(tag)), payload[_ADDRESS.size :]


def decode_letter(payload: bytes) -> CaseLetter:
    """Return the letter in `payload`, or raise `Malformed`."""
    if len(payload) < _LETTER.size:
        raise Malformed("a letter is cut off")
    case_id, act = _LETTER.unpack_from(payload)
    (text,) = _texts_of(payload[_LETTER.size :], REPORT_CHARS_MAX)
    if act not in set(Act) or (act == Act.ADD) != bool(text):
        raise Malformed("a letter that does nothing there is")
    return CaseLetter(case_id=CaseId(case_id), act=Act(act), text=text)


def read_choices(terms: BoxTerms, form: ReportForm, texts: tuple[str, str]) -> Report:
    """Return what was chosen in the form: what it is about, how bad, what may be seen.

    `texts` are the labels of the two consents, in the order of `Consent`; there is no
    preset, so that nobody's words are thrown away or shown by a default.
    """
    labels = {texts[each].casefold(): each for each in Consent}
    labels |= {each.name.casefold(): each for each in Consent}
    consent = labels.get(form.consent.strip().casefold())
    if consent is None:
        raise FieldWrong(label="consent") if form.consent.strip() else ConsentMissing
    return Report(
        consent=consent,
        category=_chosen(terms.categories, form.category, "category"),
        severity=_chosen(terms.severities, form.severity, "severity"),
    )


def read_text(typed: str, label: str = "text") -> str:
    """Return a report's text as it was typed, or raise if it is empty or too long.

    What cannot be seen stays in it and is shown to whoever reads it; only signs that
    no text holds are left out.
    """
    try:
        typed.encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable from None
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    kept = "".join(
        char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc"
    )
    if not kept:
        raise TextMissing(label=label)
    if len(kept) > REPORT_CHARS_MAX:
        raise TextTooLong(label=label, limit=REPORT_CHARS_MAX)
    return kept


def digest_of(text: str) -> str:
    """Return what tells a text from another, in a form's id: where the text stands too.

    It is kept nowhere: half of a digest of a short text is enough to guess the text.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]


def read_place(terms: BoxTerms, typed: str) -> str:
    """Return the place that was chosen or typed; it may be empty."""
    place = " ".join(read_text(typed, "area").split()) if typed.strip() else ""
    if len(place) > PLACE_CHARS_MAX:
        raise TextTooLong(label="area", limit=PLACE_CHARS_MAX)
    if place and terms.areas and place not in terms.areas:
        raise FieldWrong(label="area")
    return place


def read_matter(typed: str) -> tuple[int, bytes]:
    """Return how many people a report waits for, and the digest of their agreed word.

    Both stand in one line, as "forklift 3"; small letters, widths and spaces do not
    matter. Nothing typed is 0 and `NO_MATTER`: the report waits for no matching one.
    """
    if not typed.strip():
        return 0, NO_MATTER
    words = unicodedata.normalize("NFKC", read_text(typed, "matter")).casefold().split()
    number, word = words[-1], " ".join(words[:-1])
    is_number = number.isascii() and number.isdecimal() and len(number) <= _DIGITS_MAX
    others = int(number) if is_number else 0
    if not OTHERS_MIN <= others <= OTHERS_MAX or not 0 < len(word) <= PLACE_CHARS_MAX:
        raise MatterWrong(least=OTHERS_MIN, most=OTHERS_MAX)
    return others, hashlib.sha256(_MATTER_LABEL + word.encode()).digest()[:MATTER_BYTES]


def _check_matter(others: int, matter: bytes) -> None:
    """Raise `Malformed` unless there is a matter and a number, or neither."""
    if others == 0 and matter == NO_MATTER:
        return
    if not OTHERS_MIN <= others <= OTHERS_MAX or matter == NO_MATTER:
        raise Malformed("a report that waits for what there is not")


def _chosen(labels: tuple[str, ...], typed: str, name: str) -> int:
    if not typed.strip():
        raise TextMissing(label=name)
    for at, label in enumerate(labels):
        if label.casefold() == typed.strip().casefold():
            return at
    raise FieldWrong(label=name)


def _texts_to_bytes(*texts: str) -> bytes:
    encoded = [text.encode("utf-8") for text in texts]
    return b"".join(_LENGTH.pack(len(one)) + one for one in encoded)


def _texts_of(data: bytes, *chars_max: int) -> list[str]:
    """Return exactly so many texts, each within its length, and nothing behind them."""
    found: list[str] = []
    for limit in chars_max:
        (length,) = _LENGTH.unpack(data[:2]) if len(data) > 1 else (_BEYOND,)
        end = _LENGTH.size + length
        if length > _BYTES_PER_CHAR * limit or end > len(data):
            raise Malformed("a text is cut off or too long")
        try:
            text = data[_LENGTH.size : end].decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("a text is no text") from None
        if len(text) > limit:
            raise Malformed("a text is too long")
        found.append(text)
        data = data[end:]
    if data:
        raise Malformed("a text has something behind it")
    return found


# More than any text has.
_BEYOND = 2**16
# 20 has two.
_DIGITS_MAX = 2
# Nobody looks for a second text with the same digest to hide it from themselves.
_DIGEST_CHARS = 16
