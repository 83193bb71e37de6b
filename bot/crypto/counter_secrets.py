"""What the counter's keystore holds: all that opens a ballot (protocol.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.manifest import DriveId
from bot.core.records import Mail, SlotEnd
from bot.core.reports import CASE_ID_BYTES, CaseId
from bot.core.slots import SLOTS_EXTENDED_MAX
from bot.crypto import secret_codec as codec
from bot.crypto.keypairs import OwnKeys, PeerKeys

# A counter that was off for long answers every slot of 200 drives before the gate reads
# the first of its letters. What is written must be readable, or all keys are lost.
_OUT_MAX = 200 * (SLOTS_EXTENDED_MAX + 2)
_MANIFEST_CHARS_MAX = 65536
_SLOT_MAX = 2**32 - 1
_WAITING_PARTS = 3
# Four releases a day of 200 boxes for 14 days; whoever fills this loses old mutes.
MUTES_MAX = 12_000
MUTED_MAX = 1_000
# Reports that were taken back before they were read; the oldest go first.
TAKEN_BACK_MAX = 10_000
# What the lane needs of boxes that ended within its slot; no more are open at once.
ENDED_BOXES_MAX = 200
_T2_BYTES = 16
_KEYS = frozenset(
    [
        *codec.COMMON_KEYS,
        "sent",
        "received",
        "out",
        "last",
        "owes_rewrite",
        "mutes",
        "taken_back",
        "ended_boxes",
    ]
)
_DRIVE_KEYS = frozenset(
    [
        "signer",
        "rk",
        "k_ctr",
        "k_mac",
        "k_state",
        "generation",
        "state",
        "manifest",
        "slots",
        "waiting",
        "head",
        "ended",
        "floor",
        "extended",
        "held",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEnd:
    """What the gate said with the last slot of a round: when, and whether it closes."""

    ended_at: int
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CounterDrive:
    """The counter's keys for one drive, and where its count stands.

    `signer` (DS seed), `rk`, `k_ctr`, `k_mac`, `k_state`: 32 B each. `slot_keys` are
    the X25519 secrets of slots not counted yet. `waiting` are ended slots that are
    not counted yet. `state` is the digest of the sealed count of `generation`, empty
    at generation 0. `head` is the board's chain so far, over `ended` slots. `held` is
    set while what waits cannot be opened: it is tried again.
    """

    signer: bytes
    rk: bytes
    k_ctr: bytes
    k_mac: bytes
    k_state: bytes
    generation: int
    state: bytes
    manifest: bytes
    slot_keys: Mapping[int, bytes]
    waiting: tuple[SlotEnd, ...]
    head: bytes
    ended: int
    floor: int = 0
    extended: bool = False
    held: RoundEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MuteKey:
    """What opens the mute boxes of one release (32 B) until a time, and who is muted.

    `muted` are second tags in the box `drive_id`. They die with the key.
    """

    drive_id: DriveId
    secret: bytes
    until: int
    muted: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TakenBack:
    """A report that its author took back, should it still wait somewhere."""

    case_id: CaseId
    until: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EndedBox:
    """The terms of a box that ended, until the lane's slot of that moment is emptied.

    No key is among them: `manifest` is public.
    """

    manifest: bytes
    ended_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStep:
    """What the last step still had to remove from the store, should it have crashed.

    States of `drive_id` other than generation `keep` (-1 keeps none), and the bundles
    of `slots`.
    """

    drive_id: DriveId
    keep: int
    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CounterSecrets:
    """All secrets of the counter, and the last numbers of both directions.

    `out` are the messages that the gate is not known to have read: publication after
    a crash repeats them without change. `owes_rewrite` says that what was counted may
    still be in free pages of the store.
    """

    own: OwnKeys
    peer: PeerKeys
    sent: int = 0
    received: int = 0
    out: tuple[Mail, ...] = ()
    drives: Mapping[DriveId, CounterDrive]
    last: LastStep | None = None
    owes_rewrite: bool = False
    mutes: tuple[MuteKey, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()
    ended_boxes: tuple[EndedBox, ...] = ()

    def encode(self) -> bytes:
        """Return the content of the keystore."""
        return canonical.encode(
            {
                **codec.common_to_json("counter", self.own, self.peer),
                "sent": self.sent,
                "received": self.received,
                "out": [codec.mail_to_json(mail) for mail in self.out],
                "drives": codec.drives_to_json(self.drives, _drive_to_json),
                "last": _last_to_json(self.last),
                "mutes": [_mute_to_json(mute) for mute in self.mutes],
                "taken_back": [
                    [each.case_id.hex(), each.until] for each in self.taken_back
                ],
                "ended_boxes": [
                    [each.manifest.decode(), each.ended_at] for each in self.ended_boxes
                ],
                "owes_rewrite": self.owes_rewrite,
            }
        )


def decode_counter_secrets(content: bytes) -> CounterSecrets:
    """Return the secrets in a keystore's content, or raise `Malformed`."""
    fields = codec.fields_of(content, _KEYS, role="counter")
    return CounterSecrets(
        own=codec.own_of(fields["own"]),
        peer=codec.peer_of(fields["peer"]),
        sent=codec.number_of(fields["sent"]),
        received=codec.number_of(fields["received"]),
        out=tuple(
            codec.mail_of(item) for item in canonical.list_of(fields["out"], _OUT_MAX)
        ),
        drives=codec.drives_of(fields["drives"], _drive_of),
        last=_last_of(fields["last"]),
        mutes=tuple(
            _mute_of(item) for item in canonical.list_of(fields["mutes"], MUTES_MAX)
        ),
        taken_back=tuple(
            _taken_back_of(item)
            for item in canonical.list_of(fields["taken_back"], TAKEN_BACK_MAX)
        ),
        ended_boxes=tuple(
            _ended_box_of(item)
            for item in canonical.list_of(fields["ended_boxes"], ENDED_BOXES_MAX)
        ),
        owes_rewrite=canonical.flag_of(fields["owes_rewrite"]),
    )


def _drive_to_json(drive: CounterDrive) -> JsonObject:
    slots: JsonObject = {
        str(slot): secret.hex() for slot, secret in drive.slot_keys.items()
    }
    return {
        "signer": drive.signer.hex(),
        "rk": drive.rk.hex(),
        "k_ctr": drive.k_ctr.hex(),
        "k_mac": drive.k_mac.hex(),
        "k_state": drive.k_state.hex(),
        "generation": drive.generation,
        "state": drive.state.hex(),
        "manifest": drive.manifest.decode(),
        "slots": slots,
        "waiting": [[end.slot, end.size, end.root.hex()] for end in drive.waiting],
        "head": drive.head.hex(),
        "ended": drive.ended,
        "floor": drive.floor,
        "extended": drive.extended,
        "held": _held_to_json(drive.held),
    }


def _drive_of(drive_id: DriveId, value: JsonValue) -> CounterDrive:
    fields = canonical.object_of(value, _DRIVE_KEYS)
    slots = fields["slots"]
    if not isinstance(slots, dict):
        raise Malformed("a keystore without its slot keys")
    return CounterDrive(
        signer=codec.key_of(fields["signer"]),
        rk=codec.key_of(fields["rk"]),
        k_ctr=codec.key_of(fields["k_ctr"]),
        k_mac=codec.key_of(fields["k_mac"]),
        k_state=codec.key_of(fields["k_state"]),
        generation=codec.number_of(fields["generation"]),
        state=codec.key_or_none_of(fields["state"]),
        manifest=canonical.text_of(fields["manifest"], _MANIFEST_CHARS_MAX).encode(),
        slot_keys={_slot_named(slot): codec.key_of(key) for slot, key in slots.items()},
        waiting=tuple(
            _waiting(drive_id, item)
            for item in canonical.list_of(fields["waiting"], SLOTS_EXTENDED_MAX)
        ),
        head=codec.key_of(fields["head"]),
        ended=codec.number_of(fields["ended"]),
        floor=codec.number_of(fields["floor"]),
        extended=canonical.flag_of(fields["extended"]),
        held=_held_of(fields["held"]),
    )


def _held_to_json(held: RoundEnd | None) -> JsonObject | None:
    if held is None:
        return None
    return {"ended_at": held.ended_at, "final": held.final}


def _held_of(value: JsonValue) -> RoundEnd | None:
    if value is None:
        return None
    fields = canonical.object_of(value, frozenset({"ended_at", "final"}))
    return RoundEnd(
        ended_at=codec.number_of(fields["ended_at"]),
        final=canonical.flag_of(fields["final"]),
    )


def _waiting(drive_id: DriveId, value: JsonValue) -> SlotEnd:
    parts = canonical.list_of(value, _WAITING_PARTS)
    if len(parts) != _WAITING_PARTS:
        raise Malformed("a waiting slot has other parts")
    return SlotEnd(
        drive_id=drive_id,
        slot=canonical.integer_of(parts[0], 0, _SLOT_MAX),
        size=codec.number_of(parts[1]),
        root=codec.key_of(parts[2]),
    )


def _slot_named(name: str) -> int:
    """Return the slot whose number stands in `name`, written in the one way."""
    digits = name.isascii() and name.isdecimal() and len(name) <= len(str(_SLOT_MAX))
    if not digits or str(int(name)) != name:
        raise Malformed("a slot key without its slot")
    return canonical.integer_of(int(name), 0, _SLOT_MAX)


def _last_to_json(last: LastStep | None) -> JsonObject | None:
    if last is None:
        return None
    return {
        "drive": last.drive_id.hex(),
        "keep": last.keep,
        "slots": list(last.slots),
    }


def _last_of(value: JsonValue) -> LastStep | None:
    if value is None:
        return None
    fields = canonical.object_of(value, frozenset({"drive", "keep", "slots"}))
    slots = canonical.list_of(fields["slots"], SLOTS_EXTENDED_MAX)
    return LastStep(
        drive_id=codec.drive_id_of(fields["drive"]),
        keep=canonical.integer_of(fields["keep"], -1, codec.NUMBER_MAX),
        slots=tuple(canonical.integer_of(slot, 0, _SLOT_MAX) for slot in slots),
    )


def _mute_to_json(mute: MuteKey) -> JsonObject:
    return {
        "drive": mute.drive_id.hex(),
        "secret": mute.secret.hex(),
        "until": mute.until,
        "muted": [tag.hex() for tag in mute.muted],
    }


def _mute_of(value: JsonValue) -> MuteKey:
    fields = canonical.object_of(
        value, frozenset({"drive", "secret", "until", "muted"})
    )
    return MuteKey(
        drive_id=codec.drive_id_of(fields["drive"]),
        secret=codec.key_of(fields["secret"]),
        until=codec.number_of(fields["until"]),
        muted=tuple(
            canonical.bytes_of(tag, _T2_BYTES)
            for tag in canonical.list_of(fields["muted"], MUTED_MAX)
        ),
    )


def _taken_back_of(value: JsonValue) -> TakenBack:
    parts = canonical.list_of(value, 2)
    if len(parts) != 2:  # noqa: PLR2004 - a case and a time
        raise Malformed("what was taken back has other parts")
    return TakenBack(
        case_id=CaseId(canonical.bytes_of(parts[0], CASE_ID_BYTES)),
        until=codec.number_of(parts[1]),
    )


def _ended_box_of(value: JsonValue) -> EndedBox:
    parts = canonical.list_of(value, 2)
    if len(parts) != 2:  # noqa: PLR2004 - a manifest and a time
        raise Malformed("a box that ended has other parts")
    return EndedBox(
        manifest=canonical.text_of(parts[0], _MANIFEST_CHARS_MAX).encode(),
        ended_at=codec.number_of(parts[1]),
    )
