"""Makes an installation, looks at one, and takes it down."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.compose.parts import SystemClock, clock_of, database_of, open_keystore
from bot.core.records import Invite, Party, Role, SaveInvite
from bot.crypto.codes import CODE_RANDOM_BYTES, Code, make_code, read_code
from bot.crypto.founding import new_installation
from bot.crypto.gate_secrets import decode_gate_secrets
from bot.crypto.prf import INVITE, prf
from bot.crypto.vouching import vouch
from bot.ports import Clock, StorageError
from bot.schedule import INVITE_SECONDS_MAX
from storage.folder import DataFolder
from storage.keystore import MODERATE, Cost, SealedKeystore, generate_passphrase
from storage.store import SqlStore, create_store, open_store

if TYPE_CHECKING:
    from bot.config import Platform as PlatformName

_SETTINGS = """\
# The settings of this installation. The environment (ROUNDROBIN_...) wins over them.
# Passphrases and tokens do not belong here: name a file of their own instead, for
# example passphrase_file = "/etc/roundrobin/passphrase".
platform = "{platform}"
level = {level}
# command = "rr"
"""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Founded:
    """What `init` shows once, and nobody can look up."""

    passphrase: str
    invite: Code
    # From level 1 on the counter has a passphrase of its own.
    counter_passphrase: str = ""


async def found(
    folder: Path, *, platform: "PlatformName", level: int = 0, cost: Cost = MODERATE
) -> Founded:
    """Make an installation in `folder`, or leave nothing behind."""
    data = DataFolder(folder)
    data.create()
    try:
        passphrase = generate_passphrase()
        counters = generate_passphrase() if level else ""
        gate, counter = new_installation(secrets.token_bytes)
        async with asyncio.TaskGroup() as both:
            for role, content, words in (
                (Party.GATE, gate, passphrase),
                (Party.COUNTER, counter, counters or passphrase),
            ):
                both.create_task(
                    asyncio.to_thread(
                        SealedKeystore.create,
                        data.keystore(role),
                        words,
                        role,
                        content,
                        cost,
                    )
                )
        store = await create_store(data.database)
        try:
            invite = await _invite(store, gate, SystemClock())
        finally:
            await store.close()
        text = _SETTINGS.format(platform=platform, level=level)
        data.config.write_text(text, encoding="utf-8")
        data.config.chmod(0o644)
    except BaseException:
        with suppress(StorageError):
            data.wipe()
        raise
    return Founded(passphrase=passphrase, invite=invite, counter_passphrase=counters)


async def invite(folder: Path, passphrase: str) -> Code:
    """Return a new one-time code for a lead organizer, and keep its digest."""
    data = DataFolder(folder)
    data.check()
    keystore = open_keystore(data, passphrase, Party.GATE)
    store = await open_store(database_of(data))
    try:
        return await _invite(store, keystore.content, clock_of(data))
    finally:
        await store.close()


def wipe(folder: Path) -> None:
    """Destroy the keys of an installation first, then its files."""
    DataFolder(folder).wipe()


def check(folder: Path) -> None:
    """Raise unless `folder` holds an installation that this version knows."""
    DataFolder(folder).check()


def check_passphrase(folder: Path, passphrase: str, role: Party) -> None:
    """Raise unless the passphrase opens a role's keystore."""
    open_keystore(DataFolder(folder), passphrase, role)


async def _invite(store: SqlStore, gate_content: bytes, clock: Clock) -> Code:
    code = make_code(secrets.token_bytes(CODE_RANDOM_BYTES))
    k_org = decode_gate_secrets(gate_content).k_org
    kept = Invite(
        digest=prf(k_org, INVITE, read_code(code)),
        role=Role.LEAD,
        expires_at=clock.now() + INVITE_SECONDS_MAX,
    )
    await store.commit([SaveInvite(invite=vouch(k_org, kept))])
    return code
