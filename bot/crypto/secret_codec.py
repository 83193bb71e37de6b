"""What both roles' keystores have in common, and how it is written (protocol.md §3)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.records import Mail, Party
from bot.crypto.keypairs import OwnKeys, PeerKeys

FORMAT = 1
# What every keystore's object has, beside what its role adds.
COMMON_KEYS = ("format", "role", "own", "peer", "drives")
KEY_BYTES = 32
NUMBER_MAX = canonical.INTEGER_MAX
# A letter with 400 slot keys takes about 100 kB.
_BOX_BYTES_MAX = 1_000_000

_Drive = TypeVar("_Drive")


def common_to_json(role: str, own: OwnKeys, peer: PeerKeys) -> JsonObject:
    """Return what a keystore of `role` begins with."""
    return {
        "format": FORMAT,
        "role": role,
        "own": own_to_json(own),
        "peer": peer_to_json(peer),
    }


def fields_of(
    content: bytes,
    keys: frozenset[str],
    *,
    role: str,
    added: Mapping[str, JsonValue] = MappingProxyType({}),
) -> JsonObject:
    """Return the object in a keystore's content, or raise unless it is of `role`.

    `added` are the keys that an older version did not write, with what they then are.
    """
    fields = canonical.grown_object_of(canonical.decode(content), keys, added)
    canonical.format_of(fields["format"], FORMAT)
    if fields["role"] != role:
        raise Malformed("a keystore of another role")
    return fields


def drives_to_json(
    drives: Mapping[DriveId, _Drive], to_json: Callable[[_Drive], JsonObject]
) -> JsonObject:
    """Return drives as an object, each under its id."""
    return {drive_id.hex(): to_json(drive) for drive_id, drive in drives.items()}


def drives_of(
    value: JsonValue, drive_of: Callable[[DriveId, JsonValue], _Drive]
) -> dict[DriveId, _Drive]:
    """Return the drives in `value`, or raise `Malformed`."""
    if not isinstance(value, dict):
        raise Malformed("a keystore without its drives")
    decoded = ((drive_id_of(name), each) for name, each in value.items())
    return {drive_id: drive_of(drive_id, each) for drive_id, each in decoded}


def drive_id_of(value: JsonValue) -> DriveId:
    """Return a drive's id."""
    return DriveId(canonical.bytes_of(value, DRIVE_ID_BYTES))


def key_of(value: JsonValue) -> bytes:
    """Return a key of 32 bytes."""
    return canonical.bytes_of(value, KEY_BYTES)


def key_or_none_of(value: JsonValue) -> bytes:
    """Return a key of 32 bytes, or nothing where the text is empty."""
    return b"" if value == "" else key_of(value)


def number_of(value: JsonValue) -> int:
    """Return a number that is not negative."""
    return canonical.integer_of(value, 0, NUMBER_MAX)


def own_to_json(own: OwnKeys) -> JsonObject:
    """Return a role's own long-term secrets as an object."""
    return {"signing": own.signing_seed.hex(), "box": own.box_secret.hex()}


def own_of(value: JsonValue) -> OwnKeys:
    """Return the long-term secrets in `value`, or raise `Malformed`."""
    fields = canonical.object_of(value, frozenset({"signing", "box"}))
    return OwnKeys(
        signing_seed=key_of(fields["signing"]), box_secret=key_of(fields["box"])
    )


def peer_to_json(peer: PeerKeys) -> JsonObject:
    """Return the other role's public keys as an object."""
    return {"signing": peer.signing.hex(), "box": peer.box.hex()}


def peer_of(value: JsonValue) -> PeerKeys:
    """Return the public keys in `value`, or raise `Malformed`."""
    fields = canonical.object_of(value, frozenset({"signing", "box"}))
    return PeerKeys(signing=key_of(fields["signing"]), box=key_of(fields["box"]))


def mail_to_json(mail: Mail) -> JsonObject:
    """Return a message as an object."""
    return {
        "reader": mail.reader.value,
        "number": mail.number,
        "box": mail.box.hex(),
        "signature": mail.signature.hex(),
    }


def mail_of(value: JsonValue) -> Mail:
    """Return the message in `value`, or raise `Malformed`."""
    fields = canonical.object_of(
        value, frozenset({"reader", "number", "box", "signature"})
    )
    box = canonical.text_of(fields["box"], 2 * _BOX_BYTES_MAX)
    if fields["reader"] not in (Party.GATE.value, Party.COUNTER.value):
        raise Malformed("a message to nobody")
    return Mail(
        reader=Party(fields["reader"]),
        number=number_of(fields["number"]),
        box=canonical.bytes_of(box, len(box) // 2),
        signature=canonical.bytes_of(fields["signature"], 64),
    )
