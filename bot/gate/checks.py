"""What the store must say, given what the gate's keystore remembers (§4, §5, §9, §11).

Whoever writes the database could show people other answers than the signed ones, end a
poll before its time, or put another poll's result in the place of one that is over.
Each is noticed when the gate starts, and the poll that it happened to is held. Not
noticed: wrong times of drafting and of an early close.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import canonical
from bot.core.canonical import Malformed
from bot.core.drives import DRAFTS, State
from bot.core.letters import Closed, Counted, Extended, Keyed, LetterBody
from bot.core.manifest import Manifest, decode_manifest
from bot.core.records import Drive
from bot.core.releases import Released
from bot.core.slots import Schedule
from bot.core.terms import terms_to_json
from bot.crypto.gate_secrets import GateDrive
from bot.crypto.prf import is_same
from bot.crypto.sealing import commit_to_key
from bot.crypto.signing import CERTIFICATE, MANIFEST, is_signed
from bot.gate.files import slots_of, split_certificate
from bot.ports import Tampered

OVER = frozenset({State.CLOSED, State.PUBLISHED})
# What pins a poll whose result never reached its row: nothing fits it.
NO_PIN = bytes(32)

_OVER_LABEL = b"rr/over/v1"
_ALTERED = "A poll was altered in the database."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The one step that a crash may have left between the store and the keystore.

    `sent` says that a letter was stored, `read` is one that was acted on.
    """

    sent: bool = False
    read: LetterBody | None = None


def check_drive(
    drive: Drive, keys: GateDrive | None, *, pin: bytes, ended: int, ahead: Ahead
) -> None:
    """Raise `Tampered` unless a stored drive is one that this gate left there.

    `keys` are what the keystore has for it, `pin` what it pins of it if it is over,
    `ended` is how many slots have a bundle.
    """
    if drive.state in OVER:
        is_pinned = keys is None and is_same(pin, pin_of(drive))
        is_ours = is_pinned and _is_over(drive)
    elif drive.state in DRAFTS:
        has_begun = pin or (keys is not None and keys.state is not None)
        is_ours = bool(drive.author) and not (drive.manifest or has_begun)
    elif keys is None:
        raise Tampered("The gate's keystore has no keys for an open poll.")
    elif not (_has_floor(drive, keys, ahead) and _is_reached(drive, keys, ahead)):
        is_ours = False
    elif drive.state is State.CONFIRMED:
        is_ours = not (drive.author or drive.manifest or ended)
    else:
        is_ours = _is_running(drive, keys, ended=ended, ahead=ahead)
    if not is_ours:
        raise Tampered(_ALTERED)


def pin_of(drive: Drive) -> bytes:
    """Return what pins a drive that is over: its terms, its manifest, its result."""
    terms = canonical.encode(terms_to_json(drive.terms))
    parts = (terms, drive.manifest, drive.certificate)
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(_OVER_LABEL + drive.drive_id + digests).digest()


def is_done(body: LetterBody, drives: Sequence[Drive]) -> bool:
    """Tell whether the drives show that a letter of the counter was acted on."""
    if not isinstance(body, Keyed | Counted | Released | Extended | Closed):
        return False
    drive = next((each for each in drives if each.drive_id == body.drive_id), None)
    if drive is None:
        return False
    match body:
        case Keyed():
            return drive.manifest == body.manifest
        case Counted() | Released():
            return drive.floor >= _told(body)
        case Extended():
            return drive.extended
        case Closed():
            certificate = body.signature + body.certificate
            return drive.state in OVER and drive.certificate == certificate


def _is_reached(drive: Drive, keys: GateDrive, ahead: Ahead) -> bool:
    """Tell whether a row is where the keystore says, or the one step further on."""
    if drive.state is keys.state and drive.next_slot == keys.ended:
        return True
    match keys.state, drive.state:
        case None, State.CONFIRMED:
            return ahead.sent
        case State.CONFIRMED, State.KEYED:
            return _was_read(Keyed, drive, ahead)
        case State.OPEN, State.OPEN | State.CLOSING:
            return ahead.sent and drive.next_slot == keys.ended + 1
        case State.CLOSING, State.OPEN:
            return _was_read(Extended, drive, ahead)
        case _:
            # No letter opens a drive: it is due as soon as its keys have come.
            opened = (State.KEYED, State.OPEN, 0)
            return (keys.state, drive.state, drive.next_slot) == opened


def _told(body: Counted | Released) -> int:
    return body.floor if isinstance(body, Counted) else body.number


def _has_floor(drive: Drive, keys: GateDrive, ahead: Ahead) -> bool:
    """Tell whether a row says of the counts so far what the counter said.

    It is shown, and where the terms say so it ends a petition.
    """
    body = ahead.read
    if isinstance(body, Counted | Released) and body.drive_id == drive.drive_id:
        return drive.floor in (keys.floor, max(keys.floor, _told(body)))
    return drive.floor == keys.floor


def _was_read(kind: type[Keyed] | type[Extended], drive: Drive, ahead: Ahead) -> bool:
    return isinstance(ahead.read, kind) and ahead.read.drive_id == drive.drive_id


def _is_running(drive: Drive, keys: GateDrive, *, ended: int, ahead: Ahead) -> bool:
    manifest = _signed_manifest(drive)
    if not is_same(manifest.gate_commitment, commit_to_key(keys.k_gate)):
        raise Tampered("The gate's keystore has other keys than a poll's terms name.")
    extended_at = keys.extended_at
    if drive.schedule is not None and _was_read(Extended, drive, ahead):
        extended_at = drive.schedule.opens_at
    schedule = _schedule(drive, manifest, extended_at)
    running = range(schedule.first_slot, schedule.last_slot + 1)
    match drive.state:
        case State.CLOSING:
            in_time = bool(drive.closed_early_at) or ended == running.stop
        case State.OPEN:
            in_time = not drive.closed_early_at and ended in running
        case _:
            in_time = not ended
    return (
        in_time
        and not drive.certificate
        and drive.next_slot == ended
        and drive.schedule == schedule
        and drive.extended == bool(extended_at)
        and is_same(manifest.digest, keys.manifest_digest)
    )


def _schedule(drive: Drive, manifest: Manifest, extended_at: int) -> Schedule:
    if not drive.extended:
        return manifest.schedule
    return manifest.schedule.extended(extended_at)


def _is_over(drive: Drive) -> bool:
    if drive.state is State.CLOSED:
        if drive.manifest:
            _signed_manifest(drive)
        return not drive.certificate
    manifest = _signed_manifest(drive)
    signature, text = split_certificate(drive)
    is_genuine = is_signed(manifest.signer, CERTIFICATE, text, signature)
    slots = slots_of(text, manifest)
    opened_at = drive.schedule.opens_at if drive.schedule else 0
    schedule = _schedule(drive, manifest, opened_at)
    return (
        is_genuine
        and drive.schedule == schedule
        and drive.next_slot == slots
        and slots in range(schedule.first_slot + 1, schedule.last_slot + 2)
    )


def _signed_manifest(drive: Drive) -> Manifest:
    """Return a drive's signed terms, which are those that people are shown."""
    try:
        manifest = decode_manifest(drive.manifest)
    except Malformed:
        raise Tampered(_ALTERED) from None
    if (
        manifest.drive_id != drive.drive_id
        or manifest.terms != drive.terms
        or not is_signed(manifest.signer, MANIFEST, drive.manifest, drive.signature)
    ):
        raise Tampered(_ALTERED)
    return manifest
