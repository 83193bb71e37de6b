"""What a closed drive's certificate says, and the file that holds it (§10, §13)."""

from bot.core.canonical import Malformed
from bot.core.certificates import CertificateFile, decode_certificate, fits
from bot.core.manifest import Manifest, decode_manifest
from bot.core.name_boxes import NAME_BOX_BYTES
from bot.core.petition_files import (
    PetitionFile,
    decode_petition_certificate,
    fits_petition,
    seal_boxes,
)
from bot.core.petitions import PetitionTerms
from bot.core.records import Drive
from bot.crypto.signing import SIGNATURE_BYTES
from bot.ports import Store, Tampered


def slots_of(text: bytes, manifest: Manifest) -> int:
    """Return how many slots the certificate with these bytes counts.

    Zero if a drive of these terms cannot end in it.
    """
    try:
        if isinstance(manifest.terms, PetitionTerms):
            petition = decode_petition_certificate(text)
            is_its_own = petition.manifest_digest == manifest.digest
            is_possible = is_its_own and fits_petition(petition, manifest)
            return petition.slots if is_possible else 0
        certificate = decode_certificate(text)
    except Malformed:
        return 0
    return certificate.slots if fits(certificate, manifest) else 0


def split_certificate(drive: Drive) -> tuple[bytes, bytes]:
    """Return DS's signature and the certificate's bytes of a published drive."""
    return drive.certificate[:SIGNATURE_BYTES], drive.certificate[SIGNATURE_BYTES:]


async def file_of(drive: Drive, store: Store) -> bytes:
    """Return a published drive's file."""
    signature, text = split_certificate(drive)
    manifest = decode_manifest(drive.manifest)
    if isinstance(manifest.terms, PetitionTerms):
        return await _petition_file(drive, manifest, store)
    certificate = decode_certificate(text)
    file = CertificateFile(
        manifest=manifest,
        manifest_signature=drive.signature,
        certificate=certificate,
        signature=signature,
        board=await _board(drive, certificate.slots, store),
    )
    return file.encode()


async def _petition_file(drive: Drive, manifest: Manifest, store: Store) -> bytes:
    signature, text = split_certificate(drive)
    certificate = decode_petition_certificate(text)
    joined = b""
    if certificate.boxes:
        joined = await store.last_state(drive.drive_id) or b""
    boxes = [
        joined[at : at + NAME_BOX_BYTES] for at in range(0, len(joined), NAME_BOX_BYTES)
    ]
    root, hashes, lines = seal_boxes(boxes)
    if certificate.boxes and root != certificate.boxes:
        raise Tampered("The names of a petition were altered in the database.")
    file = PetitionFile(
        manifest=manifest,
        manifest_signature=drive.signature,
        certificate=certificate,
        signature=signature,
        board=await _board(drive, certificate.slots, store),
        hashes=hashes,
        lines=lines,
    )
    return file.encode()


async def _board(drive: Drive, slots: int, store: Store) -> tuple[bytes, ...]:
    return tuple([await store.board_hashes(drive.drive_id, at) for at in range(slots)])
