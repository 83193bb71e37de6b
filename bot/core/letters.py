"""What gate and counter say to each other (protocol.md §9): eight kinds of letter.

`bot.crypto.mail` seals them; this module is their one encoding. A letter that does
not decode is `Malformed`: it was not written by this program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.certificates import SIGNATURE_BYTES
from bot.core.manifest import DRIVE_ID_BYTES, KEY_BYTES, DriveId
from bot.core.records import SlotEnd, SlotKey
from bot.core.releases import (
    MUTE_BOX_BYTES,
    Released,
    released_of,
    released_to_json,
)
from bot.core.slots import SLOTS_MAX
from bot.core.terms import Terms, terms_of, terms_to_json

# Room for a manifest with 20 options of 75 characters in any script.
_MANIFEST_BYTES_MAX = 65536
# slot, public key, signature
_KEY_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """Gate to counter: make the keys of a drive that organizers confirmed.

    It opens when its keys are made, so that a counter that was off takes no time away.
    It lasts `length` seconds, or until `closes_at`; the other of the two is 0.
    """

    drive_id: DriveId
    terms: Terms
    length: int
    closes_at: int
    gate_commitment: bytes
    k_mac: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEnded:
    """Gate to counter: a slot's bundle lies in the store. `final` ends the drive."""

    slot_end: SlotEnd
    ended_at: int
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """Counter to gate: the manifest, DS's signature under it, and all slot keys."""

    drive_id: DriveId
    manifest: bytes
    signature: bytes
    keys: tuple[SlotKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Counter to gate: a round was counted; at least `floor` people have answered."""

    drive_id: DriveId
    floor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """Counter to gate: too few answered, so the drive goes on, with these keys."""

    drive_id: DriveId
    keys: tuple[SlotKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Counter to gate: it is over. `certificate` is empty if nothing is published."""

    drive_id: DriveId
    certificate: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mute:
    """Gate to counter: organizers mute a case's author; the counter alone knows who.

    `box` is the case's mute box, which opens for 14 days after the case came.
    """

    drive_id: DriveId
    box: bytes


LetterBody: TypeAlias = (
    Draft | SlotEnded | Mute | Keyed | Counted | Released | Extended | Closed
)


def letter_to_json(letter: LetterBody) -> tuple[str, JsonObject]:
    """Return a letter's kind and body."""
    if isinstance(letter, Draft | SlotEnded | Mute):
        return _gates_to_json(letter)
    return _counters_to_json(letter)


def letter_of(kind: str, body: JsonObject) -> LetterBody:
    """Return the letter of this kind and body, or raise `Malformed`."""
    reader = _READERS.get(kind)
    if reader is None:
        raise Malformed("a letter of an unknown kind")
    return reader(body)


def _gates_to_json(letter: Draft | SlotEnded | Mute) -> tuple[str, JsonObject]:
    match letter:
        case Draft():
            return "draft", {
                "drive": letter.drive_id.hex(),
                "terms": terms_to_json(letter.terms),
                "length": letter.length,
                "closes": letter.closes_at,
                "gate_commitment": letter.gate_commitment.hex(),
                "k_mac": letter.k_mac.hex(),
            }
        case SlotEnded():
            return "slot_end", {
                "drive": letter.slot_end.drive_id.hex(),
                "slot": letter.slot_end.slot,
                "size": letter.slot_end.size,
                "root": letter.slot_end.root.hex(),
                "ended": letter.ended_at,
                "final": letter.final,
            }
        case _:
            return "mute", {"drive": letter.drive_id.hex(), "box": letter.box.hex()}


def _counters_to_json(
    letter: Keyed | Counted | Released | Extended | Closed,
) -> tuple[str, JsonObject]:
    match letter:
        case Keyed():
            return "keyed", {
                "drive": letter.drive_id.hex(),
                "manifest": letter.manifest.decode(),
                "signature": letter.signature.hex(),
                "keys": _keys_to_json(letter.keys),
            }
        case Counted():
            return "counted", {"drive": letter.drive_id.hex(), "floor": letter.floor}
        case Released():
            return "released", released_to_json(letter)
        case Extended():
            return "extended", {
                "drive": letter.drive_id.hex(),
                "keys": _keys_to_json(letter.keys),
            }
        case _:
            return "closed", {
                "drive": letter.drive_id.hex(),
                "certificate": letter.certificate.decode(),
                "signature": letter.signature.hex(),
            }


def _draft(body: JsonObject) -> Draft:
    fields = canonical.object_of(
        body,
        frozenset(["drive", "terms", "length", "closes", "gate_commitment", "k_mac"]),
    )
    return Draft(
        drive_id=_drive(fields["drive"]),
        terms=terms_of(fields["terms"]),
        length=_number(fields["length"]),
        closes_at=_number(fields["closes"]),
        gate_commitment=canonical.bytes_of(fields["gate_commitment"], KEY_BYTES),
        k_mac=canonical.bytes_of(fields["k_mac"], KEY_BYTES),
    )


def _slot_end(body: JsonObject) -> SlotEnded:
    fields = canonical.object_of(
        body, frozenset(["drive", "slot", "size", "root", "ended", "final"])
    )
    return SlotEnded(
        slot_end=SlotEnd(
            drive_id=_drive(fields["drive"]),
            slot=_slot(fields["slot"]),
            size=_number(fields["size"]),
            root=canonical.bytes_of(fields["root"], KEY_BYTES),
        ),
        ended_at=_number(fields["ended"]),
        final=canonical.flag_of(fields["final"]),
    )


def _keyed(body: JsonObject) -> Keyed:
    fields = canonical.object_of(
        body, frozenset(["drive", "manifest", "signature", "keys"])
    )
    drive_id = _drive(fields["drive"])
    manifest = canonical.text_of(fields["manifest"], _MANIFEST_BYTES_MAX)
    return Keyed(
        drive_id=drive_id,
        manifest=manifest.encode(),
        signature=canonical.bytes_of(fields["signature"], SIGNATURE_BYTES),
        keys=_keys(drive_id, fields["keys"]),
    )


def _counted(body: JsonObject) -> Counted:
    fields = canonical.object_of(body, frozenset({"drive", "floor"}))
    return Counted(drive_id=_drive(fields["drive"]), floor=_number(fields["floor"]))


def _extended(body: JsonObject) -> Extended:
    fields = canonical.object_of(body, frozenset({"drive", "keys"}))
    drive_id = _drive(fields["drive"])
    return Extended(drive_id=drive_id, keys=_keys(drive_id, fields["keys"]))


def _closed(body: JsonObject) -> Closed:
    fields = canonical.object_of(body, frozenset({"drive", "certificate", "signature"}))
    certificate = canonical.text_of(fields["certificate"], _MANIFEST_BYTES_MAX)
    return Closed(
        drive_id=_drive(fields["drive"]),
        certificate=certificate.encode(),
        signature=canonical.bytes_of(
            fields["signature"], SIGNATURE_BYTES if certificate else 0
        ),
    )


def _mute(body: JsonObject) -> Mute:
    fields = canonical.object_of(body, frozenset({"drive", "box"}))
    return Mute(
        drive_id=_drive(fields["drive"]),
        box=canonical.bytes_of(fields["box"], MUTE_BOX_BYTES),
    )


_READERS: dict[str, Callable[[JsonObject], LetterBody]] = {
    "draft": _draft,
    "slot_end": _slot_end,
    "keyed": _keyed,
    "mute": _mute,
    "counted": _counted,
    "released": released_of,
    "extended": _extended,
    "closed": _closed,
}


def _keys_to_json(keys: tuple[SlotKey, ...]) -> list[JsonValue]:
    return [[key.slot, key.public.hex(), key.signature.hex()] for key in keys]


def _keys(drive_id: DriveId, value: JsonValue) -> tuple[SlotKey, ...]:
    return tuple(_key(drive_id, item) for item in canonical.list_of(value, SLOTS_MAX))


def _key(drive_id: DriveId, value: JsonValue) -> SlotKey:
    parts = canonical.list_of(value, _KEY_PARTS)
    if len(parts) != _KEY_PARTS:
        raise Malformed("a slot key has other parts")
    return SlotKey(
        drive_id=drive_id,
        slot=_slot(parts[0]),
        public=canonical.bytes_of(parts[1], KEY_BYTES),
        signature=canonical.bytes_of(parts[2], SIGNATURE_BYTES),
    )


def _drive(value: JsonValue) -> DriveId:
    return DriveId(canonical.bytes_of(value, DRIVE_ID_BYTES))


def _slot(value: JsonValue) -> int:
    return canonical.integer_of(value, 0, 2**32 - 1)


def _number(value: JsonValue) -> int:
    return canonical.integer_of(value, 0, canonical.INTEGER_MAX)
