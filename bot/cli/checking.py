"""`verify`: a signed result, checked offline with nothing but the file."""

import json
import re
from pathlib import Path

import typer

from bot.cli.shield import DONE, FAILED, WRONG_USAGE, say
from bot.core.canonical import Malformed
from bot.core.certificates import CertificateFile, NotGenuine
from bot.core.petition_files import PetitionFile, is_petition_file
from bot.core.petitions import Collects
from bot.crypto.certifying import verify_file, verify_petition
from bot.views import results, times

# A poll of a million answers in 400 slots stays below this.
FILE_BYTES_MAX = 512 * 1024 * 1024
# What stands under a poll and on a receipt.
_MARK = re.compile(r"[0-9a-f]{16,64}")
_MARK_CHARS = 16
# As many as the post shows (bot.views.posts).
_TERMS_MARK_CHARS = 32


def verify_certificate(path: Path, *, manifest: str, receipt: str) -> int:
    """Say whether a file is a genuine result, and which: 0, 1 or 2."""
    marks = [mark.strip().lower() for mark in (manifest, receipt)]
    if not all(not mark or _MARK.fullmatch(mark) for mark in marks):
        say("a mark is 16 letters and digits, 0 to 9 and a to f.")
        return WRONG_USAGE
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES_MAX + 1)
    except OSError:
        say("the file cannot be read.")
        return WRONG_USAGE
    return _judge(content, *marks)


def _judge(content: bytes, manifest: str, receipt: str) -> int:
    try:
        file = _verified(content)
    except NotGenuine as reason:
        say(f"NOT GENUINE: {reason}.")
        return FAILED
    except Malformed:
        return _say_unreadable(content)
    digest = file.manifest.digest.hex()
    if manifest and not digest.startswith(manifest):
        say("NOT THIS POLL: the file is signed, but its terms have another mark.")
        return FAILED
    typer.echo("\n".join(_in_words(file, digest)).replace("**", ""))
    if receipt and not file.has_mark(receipt[:_MARK_CHARS]):
        say("NOT IN THERE: no sealed answer in this file has the mark of that receipt.")
        return FAILED
    if receipt:
        typer.echo("Your receipt: a sealed answer with this mark is in there.")
    return DONE


def _verified(content: bytes) -> CertificateFile | PetitionFile:
    if not is_petition_file(content):
        return verify_file(content)
    petition = verify_petition(content)
    if not petition.is_whole:
        raise NotGenuine("a name box was changed, or is missing")
    return petition


def _say_unreadable(content: bytes) -> int:
    """Tell a certificate that was changed from a file of another kind."""
    try:
        value: object = json.loads(content.partition(b"\n")[0])
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict) and "certificate" in value:
        say("NOT GENUINE: something in this file was changed.")
        return FAILED
    say("this file is no signed result, or it is damaged.")
    return WRONG_USAGE


def _in_words(file: CertificateFile | PetitionFile, digest: str) -> list[str]:
    entries = sum(len(hashes) for hashes in file.board) // 32
    found = (
        _petition_in_words(file)
        if isinstance(file, PetitionFile)
        else _poll_in_words(file)
    )
    return [
        "GENUINE. Both signatures hold, and nothing in this file was changed.",
        "",
        *found,
        "",
        f"The board lists {entries} sealed entries, made-up ones included.",
        f"The mark of the terms: {digest[:_TERMS_MARK_CHARS]}",
        "Compare it with the mark that stood in the channel: it says that these are",
        "the terms that people saw.",
    ]


def _poll_in_words(file: CertificateFile) -> list[str]:
    terms, table = file.manifest.terms, file.certificate.released
    return [
        f"Poll: {terms.title}",
        f"Opened: {times.moment(file.manifest.schedule.opens_at)}",
        "",
        *results.paragraphs(table),
        results.numbers(table),
        results.explanation(table),
    ]


def _petition_in_words(file: PetitionFile) -> list[str]:
    terms, count = file.terms, file.certificate.count
    reached = "reached" if count >= terms.threshold else "not reached"
    is_meter = terms.collects is Collects.MEMBERSHIP
    did = "said that they are members" if is_meter else "signed"
    return [
        f"Petition: {terms.title}",
        f"Opened: {times.moment(file.manifest.schedule.opens_at)}",
        "",
        f"{count:,} people {did}. The threshold of {terms.threshold:,} was {reached}.",
        f"Sealed names in this file: {len(file.lines):,}.",
    ]
