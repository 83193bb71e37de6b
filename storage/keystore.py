"""One role's secrets in one sealed file, replaced as a whole (protocol.md §2).

The file: magic "RRKS", version u8, Argon2id operations u32, Argon2id memory in KiB
u32, salt 16 B, nonce 24 B, then XChaCha20-Poly1305 over the padded content. All
integers are big-endian. What stands before the nonce, and the role's name after it,
are authenticated with the content: a keystore of one role does not open as another's.
"""

import os
import secrets
import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    sodium_pad,
    sodium_unpad,
)
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from bot.core.records import Party
from storage.faults import Fault, NewerVersion
from storage.folder import overwrite, sync_folder

MAGIC = b"RRKS"
VERSION = 1
KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 24
TAG_BYTES = 16
# The length of the file tells how much is in it only to this grain.
PAD_BYTES = 4096
# 200 drives with 400 slot keys of 32 B, written in hexadecimal with their names, stay
# under 16 MiB; anything beyond this is no keystore.
KEYSTORE_BYTES_MAX = 64 * 1024 * 1024

# A header is read before it can be authenticated: it must not be able to ask for more
# than libsodium's SENSITIVE in memory, or for minutes of work.
MEMORY_KIB_MIN = argon2id.MEMLIMIT_MIN // 1024
MEMORY_KIB_MAX = argon2id.MEMLIMIT_SENSITIVE // 1024
OPERATIONS_MAX = 16

# Seven words of 7,776 are 90 bits; six would be 77.
PASSPHRASE_WORDS = 7
WORDS = 7776

_HEADER = struct.Struct(f">4sBII{SALT_BYTES}s")
_CONTENT_AT = _HEADER.size + NONCE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess at a passphrase costs: Argon2id's operations and memory."""

    ops: int
    memory_kib: int

    def __post_init__(self) -> None:
        """Hold the bounds of what is read from a file as well."""
        if not 1 <= self.ops <= OPERATIONS_MAX:
            raise ValueError("the operations of Argon2id are out of bounds")
        if not MEMORY_KIB_MIN <= self.memory_kib <= MEMORY_KIB_MAX:
            raise ValueError("the memory of Argon2id is out of bounds")


MODERATE = Cost(
    ops=argon2id.OPSLIMIT_MODERATE, memory_kib=argon2id.MEMLIMIT_MODERATE // 1024
)
# For tests and throw-away demonstrations: guessing is as cheap as it can be.
CHEAPEST = Cost(ops=1, memory_kib=MEMORY_KIB_MIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeystoreMark:
    """What a keystore's first bytes tell anybody; its salt tells it from others."""

    cost: Cost
    salt: bytes


class WrongPassphrase(Fault):
    """The passphrase does not fit, or the keystore was altered. Nothing was changed."""


class KeystoreUnreadable(Fault):
    """The keystore is cut short, or is no keystore. Nothing was changed.

    Without its keys the open drives cannot be counted.
    """


class KeystoreMissing(Fault):
    """There is no keystore that can be read in this place. Nothing was changed.

    Check the data folder, and the owner and the mode of the files in it.
    """


class KeystoreExists(Fault):
    """There is a keystore in this place already. Nothing was changed."""


class KeystoreNotWritten(Fault):
    """The keystore could not be written: the disk failed or is full.

    Nothing that depends on it was done. Check the disk and try again.
    """


class NotEnoughMemory(Fault):
    """There is not enough memory to open the keystore. Nothing was changed."""


class SealedKeystore:
    """A keystore that is open; implements `bot.ports.Keystore`. It prints no secret."""

    __slots__ = ("_content", "_header", "_key", "_path", "_role")

    def __init__(
        self, path: Path, role: Party, *, header: bytes, key: bytes, content: bytes
    ) -> None:
        """Hold what `create` and `open` found."""
        self._path = path
        self._role = role
        self._header = header
        self._key = key
        self._content = content

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        role: Party,
        content: bytes,
        cost: Cost = MODERATE,
    ) -> "SealedKeystore":
        """Make a keystore in a new file of mode 0600; never overwrite one."""
        salt = secrets.token_bytes(SALT_BYTES)
        header = _HEADER.pack(MAGIC, VERSION, cost.ops, cost.memory_kib, salt)
        key = _derive(passphrase, header)
        try:
            # Claims the name first: of two at once one loses and writes nothing.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise KeystoreExists from None
        except OSError:
            raise KeystoreNotWritten from None
        keystore = cls(path, role, header=header, key=key, content=b"")
        try:
            keystore.replace(content)
        except Fault:
            path.unlink(missing_ok=True)
            raise
        return keystore

    @classmethod
    def open(cls, path: Path, passphrase: str, role: Party) -> "SealedKeystore":
        """Open a role's keystore; the key is derived here, once."""
        sealed = _read(path)
        header = sealed[: _HEADER.size]
        key = _derive(passphrase, header)
        content = _open(sealed, role, key=key)
        return cls(path, role, header=header, key=key, content=content)

    def __repr__(self) -> str:
        return f"SealedKeystore({self._role})"

    @property
    def content(self) -> bytes:
        """The secrets as last replaced."""
        return self._content

    def replace(self, content: bytes) -> None:
        """Put `content` in place of what was there: all of it or nothing, durably.

        The bytes of the earlier file are overwritten afterwards, as far as a file
        system does that in place: an old copy would open what was destroyed since.
        After `KeystoreNotWritten` the file may hold either content, each of them
        whole: the process has to end, and the next one reads which.
        """
        sealed = _seal(content, self._role, header=self._header, key=self._key)
        if len(sealed) > KEYSTORE_BYTES_MAX:
            raise KeystoreNotWritten
        try:
            _replace_file(self._path, sealed)
        except OSError:
            raise KeystoreNotWritten from None
        self._content = content


def generate_passphrase() -> str:
    """Return seven words of the EFF's long list, at least 77 bits of dice."""
    text = (files("xkcdpass") / "static" / "eff-long").read_text("utf-8")
    words = text.split()
    assert len(set(words)) == len(words) == WORDS, "another word list"
    return " ".join(secrets.choice(words) for _ in range(PASSPHRASE_WORDS))


def read_mark(path: Path) -> KeystoreMark:
    """Return what tells a keystore of this version; nothing of it is opened."""
    return _mark_of(_read(path)[: _HEADER.size])


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            sealed = file.read(KEYSTORE_BYTES_MAX + 1)
    except OSError:
        raise KeystoreMissing from None
    if sealed[: len(MAGIC)] != MAGIC or len(sealed) <= len(MAGIC):
        raise KeystoreUnreadable
    if sealed[len(MAGIC)] > VERSION:
        raise NewerVersion
    padded = len(sealed) - _CONTENT_AT - TAG_BYTES
    if sealed[len(MAGIC)] != VERSION or len(sealed) > KEYSTORE_BYTES_MAX:
        raise KeystoreUnreadable
    if padded <= 0 or padded % PAD_BYTES:
        raise KeystoreUnreadable
    return sealed


def _mark_of(header: bytes) -> KeystoreMark:
    _, _, ops, memory_kib, salt = _HEADER.unpack(header)
    try:
        return KeystoreMark(cost=Cost(ops=ops, memory_kib=memory_kib), salt=salt)
    except ValueError:
        raise KeystoreUnreadable from None


def _derive(passphrase: str, header: bytes) -> bytes:
    mark = _mark_of(header)
    # However the words were spaced or broken into lines, they are the same words.
    words = " ".join(passphrase.split())
    try:
        return argon2id.kdf(
            KEY_BYTES,
            words.encode("utf-8"),
            mark.salt,
            opslimit=mark.cost.ops,
            memlimit=mark.cost.memory_kib * 1024,
        )
    except (CryptoError, MemoryError, RuntimeError):
        raise NotEnoughMemory from None


def _seal(content: bytes, role: Party, *, header: bytes, key: bytes) -> bytes:
    # 192 random bits never repeat (libsodium: XChaCha20-Poly1305, random nonces).
    nonce = secrets.token_bytes(NONCE_BYTES)
    return (
        header
        + nonce
        + crypto_aead_xchacha20poly1305_ietf_encrypt(
            sodium_pad(content, PAD_BYTES), _bound_to(header, role), nonce, key
        )
    )


def _open(sealed: bytes, role: Party, *, key: bytes) -> bytes:
    header, nonce = sealed[: _HEADER.size], sealed[_HEADER.size : _CONTENT_AT]
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[_CONTENT_AT:], _bound_to(header, role), nonce, key
        )
        return sodium_unpad(padded, PAD_BYTES)
    except CryptoError:
        raise WrongPassphrase from None


def _bound_to(header: bytes, role: Party) -> bytes:
    return header + role.value.encode("ascii")


def _replace_file(path: Path, sealed: bytes) -> None:
    # One name for all attempts: what a crash left here is gone before a key dies.
    fresh = path.with_name(f"{path.name}.new")
    earlier = os.open(path, os.O_RDWR)
    try:
        _write_new(fresh, sealed)
        fresh.replace(path)
        sync_folder(path.parent)
        overwrite(earlier)
    finally:
        os.close(earlier)


def _write_new(path: Path, sealed: bytes) -> None:
    path.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
