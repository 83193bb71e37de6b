"""What the gate's keystore holds: nothing that opens a ballot (protocol.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.crypto import secret_codec as codec
from bot.crypto.keypairs import OwnKeys, PeerKeys

FORMAT = 1
_KEYS = frozenset(
    [
        "format",
        "role",
        "own",
        "peer",
        "k_org",
        "sent",
        "acked",
        "received",
        "seq_reserved",
        "drives",
    ]
)
_DRIVE_KEYS = frozenset(["k_gate", "k_mac", "k_inbox", "manifest"])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GateDrive:
    """The gate's keys for one drive, 32 B each.

    `manifest_digest` pins the terms and DS once they came; it is empty before.
    """

    k_gate: bytes
    k_mac: bytes
    k_inbox: bytes
    manifest_digest: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GateSecrets:
    """All secrets of the gate, and the last numbers of both directions of the mail.

    `acked` is the last of its own messages that the counter is known to have read.
    All answers of earlier runs have a `seq` below `seq_reserved`.
    """

    own: OwnKeys
    peer: PeerKeys
    k_org: bytes
    sent: int = 0
    acked: int = 0
    received: int = 0
    seq_reserved: int = 0
    drives: Mapping[DriveId, GateDrive]

    def encode(self) -> bytes:
        """Return the content of the keystore."""
        drives: JsonObject = {
            drive_id.hex(): _drive_to_json(drive)
            for drive_id, drive in self.drives.items()
        }
        return canonical.encode(
            {
                "format": FORMAT,
                "role": "gate",
                "own": codec.own_to_json(self.own),
                "peer": codec.peer_to_json(self.peer),
                "k_org": self.k_org.hex(),
                "sent": self.sent,
                "acked": self.acked,
                "received": self.received,
                "seq_reserved": self.seq_reserved,
                "drives": drives,
            }
        )


def decode_gate_secrets(content: bytes) -> GateSecrets:
    """Return the secrets in a keystore's content, or raise `Malformed`."""
    fields = canonical.decode_object(content, _KEYS)
    canonical.format_of(fields["format"], FORMAT)
    if fields["role"] != "gate":
        raise Malformed("a keystore of another role")
    drives = fields["drives"]
    if not isinstance(drives, dict):
        raise Malformed("a keystore without its drives")
    return GateSecrets(
        own=codec.own_of(fields["own"]),
        peer=codec.peer_of(fields["peer"]),
        k_org=codec.key_of(fields["k_org"]),
        sent=codec.number_of(fields["sent"]),
        acked=codec.number_of(fields["acked"]),
        received=codec.number_of(fields["received"]),
        seq_reserved=codec.number_of(fields["seq_reserved"]),
        drives={
            DriveId(canonical.bytes_of(drive_id, DRIVE_ID_BYTES)): _drive_of(drive)
            for drive_id, drive in drives.items()
        },
    )


def _drive_to_json(drive: GateDrive) -> JsonObject:
    return {
        "k_gate": drive.k_gate.hex(),
        "k_mac": drive.k_mac.hex(),
        "k_inbox": drive.k_inbox.hex(),
        "manifest": drive.manifest_digest.hex(),
    }


def _drive_of(value: JsonValue) -> GateDrive:
    fields = canonical.object_of(value, _DRIVE_KEYS)
    return GateDrive(
        k_gate=codec.key_of(fields["k_gate"]),
        k_mac=codec.key_of(fields["k_mac"]),
        k_inbox=codec.key_of(fields["k_inbox"]),
        manifest_digest=codec.key_or_none_of(fields["manifest"]),
    )
