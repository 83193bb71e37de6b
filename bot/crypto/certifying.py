"""Checking a certificate file offline, with nothing but the file (protocol.md §10)."""

from bot.core.certificates import CertificateFile, NotGenuine, decode_file
from bot.core.petition_files import PetitionFile, decode_petition
from bot.crypto import signing


def verify_file(data: bytes) -> CertificateFile:
    """Return the contents of a genuine certificate file.

    Raises `Malformed` if the bytes are no certificate file in its one encoding, and
    `NotGenuine` if a signature, the terms or the board do not hold, or if the result
    is one that the terms do not allow. Whether the terms
    are those of the poll that people saw shows in the manifest's hash, which stood
    in the channel: compare it.
    """
    file = decode_file(data)
    _check_signatures(file)
    file.check_terms()
    file.check_board()
    return file


def verify_petition(data: bytes) -> PetitionFile:
    """Return the contents of a genuine petition's file, its name boxes still closed.

    Raises `Malformed` and `NotGenuine` as `verify_file` does. A name box that was
    damaged later is no forgery: `PetitionFile.boxes` says which are whole.
    """
    file = decode_petition(data)
    _check_signatures(file)
    file.check_terms()
    file.check_board()
    file.check_boxes()
    return file


def _check_signatures(file: CertificateFile | PetitionFile) -> None:
    signer = file.manifest.signer
    if not signing.is_signed(
        signer, signing.MANIFEST, file.manifest.encode(), file.manifest_signature
    ):
        raise NotGenuine("the terms are not signed by their key")
    if not signing.is_signed(
        signer, signing.CERTIFICATE, file.certificate.encode(), file.signature
    ):
        raise NotGenuine("the result is not signed by the key in the terms")
