"""What the store must say, given what the gate's keystore remembers (§5, §9, §11).

Whoever writes the database could show people other answers than the signed ones, or
end a poll before its time. Each is noticed when the gate starts. Not noticed: a wrong
turnout floor, wrong times of drafting and of an early close, the result of a poll that
is over taken away, and a whole closed poll put in place of another one; against the
last two, compare with what was posted.
"""

from collections.abc import Sequence

from bot.core.canonical import Malformed
from bot.core.certificates import decode_certificate, fits
from bot.core.drives import DRAFTS, State
from bot.core.letters import Closed, Counted, Extended, Keyed, LetterBody
from bot.core.manifest import Manifest, decode_manifest
from bot.core.records import Drive
from bot.crypto.gate_secrets import GateDrive
from bot.crypto.prf import is_same
from bot.crypto.sealing import commit_to_key
from bot.crypto.signing import CERTIFICATE, MANIFEST, SIGNATURE_BYTES, is_signed
from bot.ports import Tampered

OVER = frozenset({State.CLOSED, State.PUBLISHED})
_ALTERED = "A poll was altered in the database."


def check_drive(drive: Drive, keys: GateDrive | None, *, ended: int) -> None:
    """Raise `Tampered` unless a stored drive is one that this gate left there.

    `keys` are what the keystore has for it, `ended` is how many slots have a bundle.
    """
    if drive.state in DRAFTS:
        pinned = keys is not None and keys.manifest_digest
        is_ours = bool(drive.author) and not drive.manifest and not pinned
    elif drive.state is State.CONFIRMED:
        _check_keys(keys)
        is_ours = not (drive.author or drive.manifest or ended)
    elif drive.state in OVER:
        is_ours = keys is None and _is_over(drive)
    else:
        is_ours = _is_running(drive, _check_keys(keys), ended=ended)
    if not is_ours:
        raise Tampered(_ALTERED)


def is_done(body: LetterBody, drives: Sequence[Drive]) -> bool:
    """Tell whether the drives show that a letter of the counter was acted on."""
    if not isinstance(body, Keyed | Counted | Extended | Closed):
        return False
    drive = next((each for each in drives if each.drive_id == body.drive_id), None)
    if drive is None:
        return False
    match body:
        case Keyed():
            return drive.manifest == body.manifest
        case Counted():
            return drive.floor >= body.floor
        case Extended():
            return drive.extended
        case Closed():
            certificate = body.signature + body.certificate
            return drive.state in OVER and drive.certificate == certificate


def _check_keys(keys: GateDrive | None) -> GateDrive:
    """Refuse to go on without a drive's own keys: others would count people twice."""
    if keys is None:
        raise Tampered("The gate's keystore has no keys for an open poll.")
    return keys


def _is_running(drive: Drive, keys: GateDrive, *, ended: int) -> bool:
    manifest = _signed_manifest(drive)
    if not is_same(manifest.gate_commitment, commit_to_key(keys.k_gate)):
        raise Tampered("The gate's keystore has other keys than a poll's terms name.")
    schedule = manifest.schedule.extended() if drive.extended else manifest.schedule
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
        and is_same(manifest.digest, keys.manifest_digest)
    )


def _is_over(drive: Drive) -> bool:
    if drive.state is State.CLOSED:
        if drive.manifest:
            _signed_manifest(drive)
        return not drive.certificate
    manifest = _signed_manifest(drive)
    signature, text = split_certificate(drive)
    try:
        certificate = decode_certificate(text)
    except Malformed:
        return False
    is_genuine = is_signed(manifest.signer, CERTIFICATE, text, signature)
    return is_genuine and fits(certificate, manifest)


def split_certificate(drive: Drive) -> tuple[bytes, bytes]:
    """Return DS's signature and the certificate's bytes of a published drive."""
    return drive.certificate[:SIGNATURE_BYTES], drive.certificate[SIGNATURE_BYTES:]


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
