"""The gate's secrets in memory and on disk, and the numbers of its mail (§3, §9)."""

from dataclasses import replace

from bot.core.canonical import Malformed
from bot.core.letters import Closed, LetterBody, letter_of, letter_to_json
from bot.core.manifest import DriveId
from bot.core.records import Mail, Party
from bot.crypto.gate_secrets import GateDrive, GateSecrets, decode_gate_secrets
from bot.crypto.mail import Letter, is_by, read_mail, write_mail
from bot.gate.checks import is_done
from bot.ports import Keystore, Randomness, Store, Tampered

# `seq` is reserved durably in blocks of this before it is used (protocol.md §6).
SEQ_BLOCK = 2**16
_KEY_BYTES = 32


class Vault:
    """What the gate's keystore holds. Each change is durable before it is used.

    The numbers of the mail follow the store, which is committed first. Should the
    keystore fail then, it catches up before the store gets another commit: a start
    makes good for one step, and takes two for a database from a backup.
    """

    def __init__(self, keystore: Keystore, randomness: Randomness) -> None:
        """Read the keystore; it is already open."""
        self._keystore = keystore
        self._random = randomness
        self._secrets = decode_gate_secrets(keystore.content)
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

    def pinned(self) -> list[DriveId]:
        """Return the drives whose terms the keystore pins."""
        drives = self._secrets.drives.items()
        return [drive_id for drive_id, keys in drives if keys.manifest_digest]

    def drive_ids(self) -> list[DriveId]:
        """Return the drives that have keys."""
        return list(self._secrets.drives)

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

    # Mail --------------------------------------------------------------------

    async def recover(self, store: Store) -> None:
        """Take over what a crash left between store and keystore.

        Raises `Tampered` if the store is older than the keystore.
        """
        cursor = await store.cursor(Party.GATE)
        ahead = cursor - self._secrets.received
        if ahead not in (0, 1):
            raise Tampered("The database is older than the gate's keystore.")
        if ahead:
            await self._recover_received(store)
        self._recover_sent(await store.last_mail(Party.COUNTER))

    async def _recover_received(self, store: Store) -> None:
        """Remember a message that was acted on just before a crash."""
        letters = await store.mail(Party.GATE, self._secrets.received)
        if not letters:
            raise Tampered("A message from the counter is missing.")
        body, ack = self.read(letters[0])
        if not is_done(body, await store.drives()):
            raise Tampered("A message from the counter was passed over.")
        self.mark_received(body, ack)

    def _recover_sent(self, last: Mail | None) -> None:
        sent = self._secrets.sent
        if last is None:
            if sent > self._secrets.acked:
                raise Tampered("A message to the counter is missing.")
            return
        if not is_by(self._secrets.own.public.signing, last):
            raise Tampered("A message to the counter was altered.")
        if last.number not in (sent, sent + 1):
            raise Tampered("The database is older than the gate's keystore.")
        if last.number == sent + 1:
            self.mark_sent()

    def write(self, body: LetterBody) -> Mail:
        """Return the next message to the counter; `mark_sent` once it is stored."""
        kind, fields = letter_to_json(body)
        return write_mail(
            Letter(kind=kind, body=fields, ack=self._secrets.received),
            reader=Party.COUNTER,
            number=self._secrets.sent + 1,
            own=self._secrets.own,
            peer=self._secrets.peer,
        )

    def mark_sent(self) -> None:
        """Remember that the message last written is in the store."""
        self._follow(replace(self._secrets, sent=self._secrets.sent + 1))

    def read(self, mail: Mail) -> tuple[LetterBody, int]:
        """Return the next message's content, and what the counter has read of ours."""
        if mail.number != self._secrets.received + 1:
            raise Tampered("A message from the counter is missing.")
        try:
            letter = read_mail(mail, own=self._secrets.own, peer=self._secrets.peer)
            return letter_of(letter.kind, letter.body), letter.ack
        except Malformed:
            raise Tampered("A message from the counter was altered.") from None

    def mark_received(self, body: LetterBody, ack: int) -> None:
        """Remember that the next message was acted on, and what it acknowledged.

        The keys of a drive that it closed are destroyed with it.
        """
        over = body.drive_id if isinstance(body, Closed) else None
        drives = self._secrets.drives.items()
        self._follow(
            replace(
                self._secrets,
                received=self._secrets.received + 1,
                acked=max(ack, self._secrets.acked),
                drives={each: keys for each, keys in drives if each != over},
            )
        )

    def catch_up(self) -> None:
        """Write what the keystore failed to write after the last commit."""
        if self._is_behind:
            self._replace(self._secrets)

    def _put(self, drive_id: DriveId, keys: GateDrive) -> None:
        drives = {**self._secrets.drives, drive_id: keys}
        self._replace(replace(self._secrets, drives=drives))

    def _follow(self, secrets: GateSecrets) -> None:
        """Take over what the store has committed already."""
        self._secrets = secrets
        self._is_behind = True
        self._replace(secrets)

    def _replace(self, secrets: GateSecrets) -> None:
        self._keystore.replace(secrets.encode())
        self._secrets = secrets
        self._is_behind = False
