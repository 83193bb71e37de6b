"""What the gate's keystore holds: nothing that opens a ballot (protocol.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.drives import LIVE, State
from bot.core.manifest import DriveId
from bot.core.reports import CASE_ID_BYTES, CaseId
from bot.core.slots import SLOTS_EXTENDED_MAX
from bot.crypto import secret_codec as codec
from bot.crypto.keypairs import OwnKeys, PeerKeys

# The file is written anew at each step of a drive, so it must stay short: these are
# 400 kB, and a poll a day for eleven years. Older ones are not shown any more.
OVER_MAX = 4096
_OVER_PARTS = 2
_KEYS = frozenset(
    [
        *codec.COMMON_KEYS,
        "k_org",
        "sent",
        "acked",
        "received",
        "passed_over",
        "seq_reserved",
        "over",
        "cases",
    ]
)
# What keystores of before this key did not have.
_ADDED: JsonObject = {"passed_over": 0}
_DRIVE_KEYS = frozenset(
    [
        "k_gate",
        "k_mac",
        "k_inbox",
        "manifest",
        "state",
        "ended",
        "extended_at",
        "floor",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GateDrive:
    """The gate's keys for one drive, 32 B each, and where the drive stands.

    `manifest_digest` pins the terms and DS once they came; it is empty before.
    `state` is None until the store has the drive confirmed. `ended` slots have a
    bundle. `extended_at` is when the extension began, 0 without one. `floor` is what
    the counter said last: how many people at the least, or how many releases.
    """

    k_gate: bytes
    k_mac: bytes
    k_inbox: bytes
    manifest_digest: bytes = b""
    state: State | None = None
    ended: int = 0
    extended_at: int = 0
    floor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GateSecrets:
    """All secrets of the gate, and the last numbers of both directions of the mail.

    `acked` is the last of its own messages that the counter is known to have read.
    `passed_over` is the last of the counter's that was read without effect, or 0.
    All answers of earlier runs have a `seq` below `seq_reserved`. `over` pins each
    drive that is over by a digest of its row, the oldest first. `cases` are the keys
    (CK, 32 B) under which cases lie in the database.
    """

    own: OwnKeys
    peer: PeerKeys
    k_org: bytes
    sent: int = 0
    acked: int = 0
    received: int = 0
    passed_over: int = 0
    seq_reserved: int = 0
    drives: Mapping[DriveId, GateDrive]
    cases: Mapping[CaseId, bytes] = field(default_factory=dict[CaseId, bytes])
    over: Mapping[DriveId, bytes] = field(default_factory=dict[DriveId, bytes])

    def encode(self) -> bytes:
        """Return the content of the keystore."""
        over = list(self.over.items())[-OVER_MAX:]
        cases: JsonObject = {
            case_id.hex(): key.hex() for case_id, key in self.cases.items()
        }
        return canonical.encode(
            {
                **codec.common_to_json("gate", self.own, self.peer),
                "k_org": self.k_org.hex(),
                "sent": self.sent,
                "acked": self.acked,
                "received": self.received,
                "passed_over": self.passed_over,
                "seq_reserved": self.seq_reserved,
                "drives": codec.drives_to_json(self.drives, _drive_to_json),
                "over": [[drive_id.hex(), pin.hex()] for drive_id, pin in over],
                "cases": cases,
            }
        )


def decode_gate_secrets(content: bytes) -> GateSecrets:
    """Return the secrets in a keystore's content, or raise `Malformed`."""
    fields = codec.fields_of(content, _KEYS, role="gate", added=_ADDED)
    cases = fields["cases"]
    if not isinstance(cases, dict):
        raise Malformed("a keystore without its cases")
    return GateSecrets(
        own=codec.own_of(fields["own"]),
        peer=codec.peer_of(fields["peer"]),
        k_org=codec.key_of(fields["k_org"]),
        sent=codec.number_of(fields["sent"]),
        acked=codec.number_of(fields["acked"]),
        received=codec.number_of(fields["received"]),
        passed_over=codec.number_of(fields["passed_over"]),
        seq_reserved=codec.number_of(fields["seq_reserved"]),
        drives=codec.drives_of(fields["drives"], lambda _, value: _drive_of(value)),
        over=_over_of(fields["over"]),
        cases={
            CaseId(canonical.bytes_of(case_id, CASE_ID_BYTES)): codec.key_of(key)
            for case_id, key in cases.items()
        },
    )


def _drive_to_json(drive: GateDrive) -> JsonObject:
    return {
        "k_gate": drive.k_gate.hex(),
        "k_mac": drive.k_mac.hex(),
        "k_inbox": drive.k_inbox.hex(),
        "manifest": drive.manifest_digest.hex(),
        "state": drive.state.value if drive.state else "",
        "ended": drive.ended,
        "extended_at": drive.extended_at,
        "floor": drive.floor,
    }


def _drive_of(value: JsonValue) -> GateDrive:
    fields = canonical.object_of(value, _DRIVE_KEYS)
    return GateDrive(
        k_gate=codec.key_of(fields["k_gate"]),
        k_mac=codec.key_of(fields["k_mac"]),
        k_inbox=codec.key_of(fields["k_inbox"]),
        manifest_digest=codec.key_or_none_of(fields["manifest"]),
        state=_state_of(fields["state"]),
        ended=canonical.integer_of(fields["ended"], 0, SLOTS_EXTENDED_MAX),
        extended_at=codec.number_of(fields["extended_at"]),
        floor=codec.number_of(fields["floor"]),
    )


def _state_of(value: JsonValue) -> State | None:
    """Return the state of a drive that lives; none before it started."""
    if value == "":
        return None
    state = next((each for each in LIVE if each.value == value), None)
    if state is None:
        raise Malformed("a drive with keys in a state that has none")
    return state


def _over_of(value: JsonValue) -> dict[DriveId, bytes]:
    over: dict[DriveId, bytes] = {}
    for item in canonical.list_of(value, OVER_MAX):
        parts = canonical.list_of(item, _OVER_PARTS)
        if len(parts) != _OVER_PARTS:
            raise Malformed("a drive that is over has other parts")
        over[codec.drive_id_of(parts[0])] = codec.key_of(parts[1])
    if len(over) != len(canonical.list_of(value, OVER_MAX)):
        raise Malformed("a drive is over twice")
    return over
