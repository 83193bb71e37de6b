"""The gate's secrets in memory and on disk, and the numbers of its mail (§3, §9)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.canonical import Malformed
from bot.core.drives import LIVE
from bot.core.letters import Closed, LetterBody, letter_of, letter_to_json
from bot.core.manifest import DriveId
from bot.core.records import Drive, Mail, Party
from bot.core.reports import CaseId
from bot.crypto.gate_secrets import GateDrive, GateSecrets, decode_gate_secrets
from bot.crypto.mail import Letter, is_by, read_mail, write_mail
from bot.gate.checks import NO_PIN, OVER, Ahead, is_done, pin_of
from bot.ports import Keystore, OtherVersion, Randomness, Store, Tampered

# `seq` is reserved durably in blocks of this before it is used (protocol.md §6).
SEQ_BLOCK = 2**16
_KEY_BYTES = 32


class Vault:
    """What the gate's keystore holds. Each change is durable before it is used.

    The numbers of the mail, and where each drive stands, follow the store, which is
    committed first. Should the keystore fail then, it catches up before the store gets
    another commit: a start makes good for one step, and takes two for a database from
    a backup.
    """

    def __init__(self, keystore: Keystore, randomness: Randomness) -> None:
        """Read the keystore; it is already open."""
        self._keystore = keystore
        self._random = randomness
        try:
            self._secrets = decode_gate_secrets(keystore.content)
        except Malformed:
            raise OtherVersion from None
        # A run's first answer takes a new block: the last one may be half used.
        self._seq = self._secrets.seq_reserved
        self._is_behind = False

    @property
    def k_org(self) -> bytes:
        """The key of organizers' tags."""
        return self._secrets.k_org

    @property
    def received(self) -> int:
        """The last of the counter's messages that the keystore knows of."""
        return self._secrets.received

    def drive(self, drive_id: DriveId) -> GateDrive | None:
        """Return the keys of a drive, while it has any."""
        return self._secrets.drives.get(drive_id)

    def pin_of(self, drive_id: DriveId) -> bytes:
        """Return what pins a drive that is over, or nothing."""
        return self._secrets.over.get(drive_id, b"")

    def known(self) -> list[DriveId]:
        """Return the drives that the store must have, live ones and those over."""
        drives = self._secrets.drives.items()
        started = [drive_id for drive_id, keys in drives if keys.state is not None]
        return [*started, *self._secrets.over]

    def never_started(self) -> list[DriveId]:
        """Return the drives that have keys for a start that failed."""
        drives = self._secrets.drives.items()
        return [drive_id for drive_id, keys in drives if keys.state is None]

    def is_at(self, drive: Drive) -> bool:
        """Tell whether the keystore has a live drive where its row has it."""
        keys = self.drive(drive.drive_id)
        return keys is not None and keys == _followed(keys, drive)

    def next_seq(self) -> int:
        """Return a number above all that any run of this gate has given out."""
        if self._seq == self._secrets.seq_reserved:
            self._replace(
                replace(
                    self._secrets, seq_reserved=self._secrets.seq_reserved + SEQ_BLOCK
                )
            )
        self._seq += 1
        return self._seq

    def make_keys(self, drive_id: DriveId) -> GateDrive:
        """Make and keep the keys of a drive that is about to be confirmed.

        A start that failed half-way keeps the keys it made: the counter may have them.
        """
        if drive_id in self._secrets.drives:
            return self._secrets.drives[drive_id]
        keys = GateDrive(
            k_gate=self._random(_KEY_BYTES),
            k_mac=self._random(_KEY_BYTES),
            k_inbox=self._random(_KEY_BYTES),
        )
        self._put(drive_id, keys)
        return keys

    def pin(self, drive_id: DriveId, manifest_digest: bytes) -> None:
        """Remember a drive's terms for good: no others are accepted after this."""
        keys = self._secrets.drives[drive_id]
        if keys.manifest_digest not in (b"", manifest_digest):
            raise Tampered("The counter sent other terms than before.")
        self._put(drive_id, replace(keys, manifest_digest=manifest_digest))

    def forget(self, *drive_ids: DriveId) -> None:
        """Destroy the keys of drives."""
        drives = {
            drive_id: keys
            for drive_id, keys in self._secrets.drives.items()
            if drive_id not in drive_ids
        }
        if len(drives) != len(self._secrets.drives):
            self._replace(replace(self._secrets, drives=drives))

    # Cases -------------------------------------------------------------------

    def case_ids(self) -> frozenset[CaseId]:
        """Return the cases that have a key."""
        return frozenset(self._secrets.cases)

    def case_key(self, case_id: CaseId) -> bytes:
        """Return the key under which a case lies in the store."""
        return self._secrets.cases[case_id]

    def keep_cases(self, keys: Mapping[CaseId, bytes]) -> None:
        """Keep the keys of new cases, before the store has the cases."""
        if keys:
            cases = {**self._secrets.cases, **keys}
            self._replace(replace(self._secrets, cases=cases))

    def forget_cases(self, *case_ids: CaseId) -> None:
        """Destroy the keys of cases."""
        cases = self._secrets.cases.items()
        kept = {each: key for each, key in cases if each not in case_ids}
        if len(kept) != len(self._secrets.cases):
            self._replace(replace(self._secrets, cases=kept))

    # Mail --------------------------------------------------------------------

    async def recover(self, store: Store) -> Ahead:
        """Return the one step that a crash left between store and keystore, if any.

        Nothing is written before the drives were checked too: `follow` does it.
        Raises `Tampered` if the store is older than the keystore.
        """
        steps = await store.cursor(Party.GATE) - self._secrets.received
        if steps not in (0, 1):
            raise Tampered("The database is older than the gate's keystore.")
        # First what was read: it acknowledged letters that are gone with it.
        body = await self._recover_received(store) if steps else None
        is_sent = self._is_sent_ahead(await store.last_mail(Party.COUNTER))
        if is_sent and steps:
            # One commit sends a letter or acts on one.
            raise Tampered("The gate's keystore is older than the database.")
        if is_sent:
            self._take_over(replace(self._secrets, sent=self._secrets.sent + 1))
        return Ahead(sent=is_sent, read=body)

    async def _recover_received(self, store: Store) -> LetterBody | None:
        """Remember a message that was read just before a crash.

        Returns it if it was acted on, so that its drive may be a step ahead.
        """
        letters = await store.mail(Party.GATE, self._secrets.received)
        if not letters:
            raise Tampered("A message from the counter is missing.")
        body, ack = self.read(letters[0])
        if ack > self._secrets.sent:
            raise Tampered("The gate's keystore is older than the database.")
        drives = await store.drives()
        if is_done(body, drives):
            closed = [each for each in drives if self._is_closed_by(body, each)]
            self._take_over(self._after(closed, read=(body, ack)))
            return body
        if self._secrets.passed_over != letters[0].number:
            raise Tampered("A message from the counter was passed over.")
        self._take_over(self._after([], read=(body, ack)))
        return None

    def _is_closed_by(self, body: LetterBody, drive: Drive) -> bool:
        """Tell whether a row is one that a letter closed, under the terms pinned."""
        keys = self.drive(drive.drive_id)
        if not isinstance(body, Closed) or body.drive_id != drive.drive_id or not keys:
            return False
        manifest = drive.manifest
        digest = hashlib.sha256(manifest).digest() if manifest else b""
        return digest == keys.manifest_digest

    def _is_sent_ahead(self, last: Mail | None) -> bool:
        sent = self._secrets.sent
        if last is None:
            if sent > self._secrets.acked:
                raise Tampered("A message to the counter is missing.")
            return False
        if not is_by(self._secrets.own.public.signing, last):
            raise Tampered("A message to the counter was altered.")
        if last.number not in (sent, sent + 1):
            raise Tampered("The database is older than the gate's keystore.")
        return last.number > sent

    def write(self, body: LetterBody) -> Mail:
        """Return the next message to the counter; `follow` once it is stored."""
        kind, fields = letter_to_json(body)
        return write_mail(
            Letter(kind=kind, body=fields, ack=self._secrets.received),
            reader=Party.COUNTER,
            number=self._secrets.sent + 1,
            own=self._secrets.own,
            peer=self._secrets.peer,
        )

    def read(self, mail: Mail) -> tuple[LetterBody, int]:
        """Return the next message's content, and what the counter has read of ours."""
        if mail.number != self._secrets.received + 1:
            raise Tampered("A message from the counter is missing.")
        try:
            letter = read_mail(mail, own=self._secrets.own, peer=self._secrets.peer)
            return letter_of(letter.kind, letter.body), letter.ack
        except Malformed:
            raise Tampered("A message from the counter was altered.") from None

    def pass_over(self) -> None:
        """Remember that the next message is read without its drive being moved.

        To be called before the store's cursor says that it was read: were the gate to
        die then, nothing in the store would tell it from a letter that was taken away.
        """
        self._replace(replace(self._secrets, passed_over=self._secrets.received + 1))

    def follow(
        self,
        saved: Sequence[Drive] = (),
        *,
        is_sent: bool = False,
        read: tuple[LetterBody, int] | None = None,
    ) -> None:
        """Remember in one replacement what a commit of the store has made true.

        Drives were `saved`, the next letter was sent, or one was `read` and acted on,
        which acknowledged ours up to a number. The keys of a drive that is over are
        destroyed, and its row is pinned.
        """
        secrets = self._after(saved, read=read)
        if is_sent:
            secrets = replace(secrets, sent=secrets.sent + 1)
        if secrets != self._secrets or self._is_behind:
            self._take_over(secrets)
            self._replace(secrets)

    def _after(
        self, saved: Sequence[Drive], *, read: tuple[LetterBody, int] | None
    ) -> GateSecrets:
        secrets = self._secrets
        drives, over = dict(secrets.drives), dict(secrets.over)
        if read is not None:
            body, ack = read
            received, acked = secrets.received + 1, max(ack, secrets.acked)
            secrets = replace(secrets, received=received, acked=acked)
            if isinstance(body, Closed):
                over[body.drive_id] = NO_PIN
        for drive in saved:
            if drive.state in OVER:
                over[drive.drive_id] = pin_of(drive)
            elif drive.state in LIVE and drive.drive_id in drives:
                drives[drive.drive_id] = _followed(drives[drive.drive_id], drive)
        drives = {each: keys for each, keys in drives.items() if each not in over}
        return replace(secrets, drives=drives, over=over)

    def catch_up(self) -> None:
        """Write what the keystore failed to write after the last commit."""
        if self._is_behind:
            self._replace(self._secrets)

    def _put(self, drive_id: DriveId, keys: GateDrive) -> None:
        drives = {**self._secrets.drives, drive_id: keys}
        self._replace(replace(self._secrets, drives=drives))

    def _take_over(self, secrets: GateSecrets) -> None:
        """Know what the store has committed already, and owe it to the keystore."""
        self._secrets = secrets
        self._is_behind = True

    def _replace(self, secrets: GateSecrets) -> None:
        self._keystore.replace(secrets.encode())
        self._secrets = secrets
        self._is_behind = False


def _followed(keys: GateDrive, drive: Drive) -> GateDrive:
    schedule = drive.schedule
    extended_at = schedule.opens_at if drive.extended and schedule else 0
    return replace(
        keys,
        state=drive.state,
        ended=drive.next_slot,
        extended_at=extended_at,
        floor=drive.floor,
    )
