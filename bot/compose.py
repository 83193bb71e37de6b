"""Where the parts meet: storage, adapters, gate and counter. Owns clock and dice.

Gate and counter never run in one process: the gate starts the counter as a program of
its own and hands it the passphrase through a pipe (protocol.md §2).
"""

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Mapping,
    Sequence,
)
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from adapters.console.clock import FileClock, ReadClock
from adapters.console.listeners import JsonListener, Lines, show_on
from adapters.console.people import People
from adapters.console.platform import ConsolePlatform
from adapters.console.render import Shown
from adapters.console.workspace import Workspace
from bot import log
from bot.core.cases import Deadlines
from bot.core.legal import read_legal_lines
from bot.core.records import Invite, Party, Role, SaveInvite
from bot.core.slots import DAY
from bot.counter import count_once
from bot.crypto.codes import CODE_RANDOM_BYTES, Code, make_code, read_code
from bot.crypto.founding import new_installation
from bot.crypto.gate_secrets import decode_gate_secrets
from bot.crypto.prf import INVITE, prf
from bot.crypto.vouching import vouch
from bot.desk import Desk
from bot.gate import Gate
from bot.hardening import make_ready_for_a_rush
from bot.outbox import Outbox
from bot.platforms import Platforms
from bot.ports import CannotConnect, Clock, Platform, StorageError
from bot.router import Router
from bot.schedule import INVITE_SECONDS_MAX
from bot.service import Adapter, Keeper, Service, serve
from bot.views.scene import Scene
from storage.folder import AlreadyRunning, DataFolder
from storage.inbox import DiskInboxes
from storage.keystore import (
    CHEAPEST,
    MODERATE,
    Cost,
    SealedKeystore,
    generate_passphrase,
)
from storage.store import SqlStore, create_store, open_store

if TYPE_CHECKING:
    from adapters.discord.listeners import Options
    from bot.config import Platform as PlatformName
    from bot.config import Settings

# A count of a million envelopes takes minutes; one that takes longer hangs.
COUNT_SECONDS_MAX = 30 * 60
# Slack takes about one message a second in a channel (docs.slack.dev/apis/web-api/
# rate-limits); Discord takes five in five seconds.
PACE_SECONDS = 1.0

SLACK_URL_NEEDED = (
    "with ROUNDROBIN_SLACK_HTTP_BIND the manifest needs the address at which Slack "
    "reaches the bot: --url https://bot.example.org"
)
# The rights that the app's manifest asks Slack for, and those that a hardened one does
# without.
SLACK_SCOPES = frozenset(
    [
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:read",
        "users:read",
    ]
)
SLACK_SCOPES_OPTIONAL = frozenset(["im:history"])

_SETTINGS = """\
# The settings of this installation. The environment (ROUNDROBIN_...) wins over them.
# Passphrases and tokens do not belong here: name a file of their own instead, for
# example passphrase_file = "/etc/roundrobin/passphrase".
platform = "{platform}"
level = {level}
# command = "rr"
"""
NO_DISCORD_BOT = (
    "the bot's token is missing. Put it into a file, and name that file in "
    "ROUNDROBIN_DISCORD_TOKEN_FILE."
)
_PREFIX = "ROUNDROBIN_"
# All that a counter needs to know from the environment.
_FOR_THE_COUNTER = frozenset([f"{_PREFIX}DATABASE_URL", f"{_PREFIX}DATABASE_URL_FILE"])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Founded:
    """What `init` shows once, and nobody can look up."""

    passphrase: str
    invite: Code
    # From level 1 on the counter has a passphrase of its own.
    counter_passphrase: str = ""


class SystemClock:
    """The time of this computer."""

    def now(self) -> int:
        """Return whole seconds since 1970-01-01T00:00:00Z."""
        return int(time.time())  # noqa: TID251 - the one place that reads it


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
    keystore = _open_keystore(data, passphrase, Party.GATE)
    store = await open_store(_database(data))
    try:
        return await _invite(store, keystore.content, _clock(data))
    finally:
        await store.close()


async def count(folder: Path, passphrase: str) -> bool:
    """Count what is due, once, in this process; tell whether it was free to."""
    data = DataFolder(folder)
    try:
        with data.lock(Party.COUNTER):
            keystore = _open_keystore(data, passphrase, Party.COUNTER)
            store = await open_store(_database(data))
            try:
                await count_once(
                    store=store,
                    keystore=keystore,
                    clock=_clock(data),
                    randomness=secrets.token_bytes,
                )
            finally:
                await store.close()
    except AlreadyRunning:
        return False
    return True


def wipe(folder: Path) -> None:
    """Destroy the keys of an installation first, then its files."""
    DataFolder(folder).wipe()


def check(folder: Path) -> None:
    """Raise unless `folder` holds an installation that this version knows."""
    DataFolder(folder).check()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CounterProgram:
    """Starts `roundrobin count` in a process of its own, and waits for it."""

    folder: Path
    passphrase: str
    log_file: IO[str] | None = None

    async def __call__(self) -> None:
        """Count once. A count that fails is logged, and tried again when it is due."""
        try:
            exit_code = await self._run()
        except (OSError, TimeoutError) as error:
            log.failure("counter_failed", error)
            return
        if exit_code:
            log.failure("counter_failed", exit_code=exit_code)

    async def _run(self) -> int:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_PREFIX) or name in _FOR_THE_COUNTER
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Not a package of this name that lies where somebody happens to stand.
            "-P",
            "-m",
            "bot",
            "count",
            "--data",
            str(self.folder.absolute()),
            "--passphrase-stdin",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=self.log_file,
            env=environment,
            # The terminal's Ctrl-C is for the gate; a count ends by itself.
            process_group=0,
        )
        try:
            async with asyncio.timeout(COUNT_SECONDS_MAX):
                await process.communicate(self.passphrase.encode() + b"\n")
                return await process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise


async def wake_nobody() -> None:
    """Start no counter: from level 1 on it has an account, and a timer, of its own."""


def check_passphrase(folder: Path, passphrase: str, role: Party) -> None:
    """Raise unless the passphrase opens a role's keystore."""
    _open_keystore(DataFolder(folder), passphrase, role)


def what_run_needs(folder: Path) -> str:
    """Return which settings `run` lacks in order to connect a platform, or nothing."""
    if _adapters(_settings_of(folder)):
        return ""
    return (
        "no platform is set up. Slack needs ROUNDROBIN_SLACK_BOT_TOKEN and "
        "ROUNDROBIN_SLACK_APP_TOKEN (with ROUNDROBIN_SLACK_HTTP_BIND it needs "
        "ROUNDROBIN_SLACK_SIGNING_SECRET in place of it), Discord needs "
        "ROUNDROBIN_DISCORD_TOKEN; each may be a file, named in the same setting with "
        "_FILE behind it."
    )


def slack_manifest(
    folder: Path | None, *, name: str, url: str = "", hardened: bool = False
) -> str:
    """Return the manifest of a Slack app for an installation, or for one to come."""
    from adapters.slack.manifest import (  # noqa: PLC0415 - see _slack
        NAME_CHARS_MAX,
        ManifestWishes,
        manifest_json,
    )

    settings = _settings_of(folder or Path())
    if settings.slack_http_bind and not url.startswith("https://"):
        raise CannotConnect(SLACK_URL_NEEDED)
    if not 0 < len(name) <= NAME_CHARS_MAX:
        raise CannotConnect(f"an app's name has 1 to {NAME_CHARS_MAX} characters")
    wishes = ManifestWishes(
        command=settings.command,
        name=name,
        url=url if settings.slack_http_bind else "",
        hardened=hardened,
    )
    return manifest_json(wishes)


async def run(folder: Path, passphrase: str) -> int:
    """Serve the platforms that are set up until SIGTERM or SIGINT."""
    settings = _settings_of(folder)
    data = DataFolder(folder)
    with data.lock(Party.GATE):
        clock = SystemClock()
        counter = (
            wake_nobody
            if settings.level
            else CounterProgram(folder=folder, passphrase=passphrase)
        )
        async with AsyncExitStack() as stack:
            gate, store = await stack.enter_async_context(
                _gate(data, passphrase, clock, counter)
            )
            adapters = [
                await stack.enter_async_context(opened)
                for opened in _adapters(settings)
            ]
            if not adapters:
                raise CannotConnect(what_run_needs(folder))
            served = _Served(settings=settings, gate=gate, store=store, clock=clock)
            await _until_ended(served.by(adapters))
    return 0


async def discord_invite(folder: Path) -> str:
    """Return the link that installs the bot of this installation on Discord."""
    settings = _settings_of(folder)
    if not settings.discord_token:
        raise CannotConnect(NO_DISCORD_BOT)
    from adapters.discord.listeners import install_link  # noqa: PLC0415 - see _discord

    return await install_link(_discord_options(settings))


def discord_link(application: str) -> str:
    """Return the link that installs a bot whose application is known."""
    from adapters.discord.commands import install_link  # noqa: PLC0415 - see _discord

    return install_link(application)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Served:
    """What all platforms share: one gate, one desk, one decision at a time."""

    settings: "Settings"
    gate: Gate
    store: SqlStore
    clock: Clock

    async def by(self, adapters: Sequence[Adapter]) -> None:
        """Serve through `adapters` until cancelled."""
        desk = Desk(
            roll=self.gate.roll, clock=self.clock, randomness=secrets.token_bytes
        )
        lock = asyncio.Lock()
        platforms = {each.platform.name: each.platform for each in adapters}
        outboxes = [self._outbox(each.platform, platforms) for each in adapters]
        keeper = Keeper(self.gate, self.clock, outboxes)
        services = [
            Service(
                Router(
                    gate=self.gate,
                    desk=desk,
                    platform=Platforms(each.platform, platforms),
                    clock=self.clock,
                    scene=self._scene(each.platform, platforms),
                    lock=lock,
                ),
                keeper,
            )
            for each in adapters
        ]
        await serve(list(zip(adapters, services, outboxes, strict=True)), keeper)

    def _outbox(self, platform: Platform, platforms: Mapping[str, Platform]) -> Outbox:
        scene = self._scene(platform, platforms)
        return Outbox(self.gate, self.store, scene, platform, pace_seconds=PACE_SECONDS)

    def _scene(self, platform: Platform, platforms: Mapping[str, Platform]) -> Scene:
        elsewhere = tuple(name for name in platforms if name != platform.name)
        return _scene(self.settings, platform.name, elsewhere=elsewhere)


def _adapters(
    settings: "Settings",
) -> "list[AbstractAsyncContextManager[Adapter]]":
    """Return the connections that the settings allow, not opened yet."""
    found: list[AbstractAsyncContextManager[Adapter]] = []
    if settings.slack_bot_token and (
        settings.slack_signing_secret
        if settings.slack_http_bind
        else settings.slack_app_token
    ):
        found.append(_slack(settings))
    if settings.discord_token:
        found.append(_discord(settings))
    return found


def _slack(settings: "Settings") -> "AbstractAsyncContextManager[Adapter]":
    # Half a second, which only who serves Slack has to pay.
    from adapters.slack.adapter import SlackSettings, open_slack  # noqa: PLC0415

    told = SlackSettings(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        http_bind=settings.slack_http_bind,
        api_url=settings.slack_api_url,
    )
    return open_slack(told, clock=SystemClock(), randomness=secrets.token_bytes)


async def _until_ended(work: Coroutine[None, None, None]) -> None:
    """Do `work` until it fails, or SIGTERM or SIGINT asks for its end."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, task.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await task
    except BaseExceptionGroup as faults:
        raise log.leaf_of(faults) from None
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)


def _discord(settings: "Settings") -> "AbstractAsyncContextManager[Adapter]":
    # A third of a second, which only who serves Discord has to pay.
    from adapters.discord.listeners import open_adapter  # noqa: PLC0415
    from bot.charts import chart_png  # noqa: PLC0415 - see above

    return open_adapter(_discord_options(settings), draw=chart_png)


def _discord_options(settings: "Settings") -> "Options":
    from adapters.discord.listeners import Options  # noqa: PLC0415 - see _discord

    return Options(
        token=settings.discord_token.get_secret_value(),
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        command=settings.command,
    )


async def console_for_programs(
    folder: Path, passphrase: str, counter_passphrase: str = ""
) -> int:
    """Answer lines of JSON on standard input until they end."""
    lines = Lines(sys.stdout.fileno())
    try:
        async with console(
            folder,
            passphrase,
            counter_passphrase,
            show=lambda shown: show_on(lines, shown),
        ) as workspace:
            await JsonListener(workspace, lines=lines).serve(sys.stdin.fileno())
    finally:
        lines.end()
    return 0


async def console_for_a_person(
    folder: Path,
    passphrase: str,
    counter_passphrase: str = "",
    *,
    plain: bool,
    log_file: IO[str],
) -> int:
    """Play the workspace in the terminal until the person leaves."""
    # Programs, and the counter, have no use for what draws on a terminal.
    from adapters.console.interactive import Conversation  # noqa: PLC0415

    conversation = Conversation(plain=plain)
    async with console(
        folder,
        passphrase,
        counter_passphrase,
        show=conversation.show,
        log_file=log_file,
    ) as workspace:
        await conversation.hold(workspace)
    return 0


async def show_demo(root: Path, *, plain: bool, stay: bool) -> bool:
    """Tell the demo in the empty folder `root`; return whether all went well."""
    from adapters.console.demo import Demo, Place, made_up_people  # noqa: PLC0415

    data, log_path = root / "data", root / "log"
    founded = await found(data, platform="console", cost=CHEAPEST)
    demo = Demo(plain=plain, people=made_up_people())
    place = Place(root=root, data=data, log=log_path, invite=founded.invite)
    with log_path.open("w", encoding="utf-8") as log_file:
        log.start(now=SystemClock().now, stream=log_file)
        async with console(
            data, founded.passphrase, show=demo.show, log_file=log_file
        ) as workspace:
            all_well = await demo.tell(workspace, place)
            if stay:
                await demo.play(workspace)
        log.stop()
    return all_well


@asynccontextmanager
async def console(
    folder: Path,
    passphrase: str,
    counter_passphrase: str = "",
    *,
    show: Callable[[Shown], None],
    log_file: IO[str] | None = None,
) -> AsyncGenerator[Workspace]:
    """Open the simulated workspace of an installation; be its only gate meanwhile."""
    data = DataFolder(folder)
    with data.lock(Party.GATE):
        settings = _settings_of(folder)
        clock = FileClock.open(folder, first=SystemClock().now())
        people = People.open(folder)
        platform = ConsolePlatform(
            certificates=data.certificates.absolute(), people=people, show=show
        )
        scene = _scene(settings, "console")
        # In the console one person plays both roles, whatever the level.
        counter = CounterProgram(
            folder=folder,
            passphrase=counter_passphrase or passphrase,
            log_file=log_file,
        )
        async with _gate(data, passphrase, clock, counter) as (gate, store):
            desk = Desk(roll=gate.roll, clock=clock, randomness=secrets.token_bytes)
            workspace = Workspace(
                gate=gate,
                router=Router(
                    gate=gate, desk=desk, platform=platform, clock=clock, scene=scene
                ),
                outbox=Outbox(gate, store, scene, platform),
                platform=platform,
                clock=clock,
                people=people,
                command=settings.command,
            )
            await workspace.open()
            yield workspace


@asynccontextmanager
async def _gate(
    data: DataFolder,
    passphrase: str,
    clock: Clock,
    counter: Callable[[], Awaitable[None]],
) -> AsyncGenerator[tuple[Gate, SqlStore]]:
    make_ready_for_a_rush()
    keystore = _open_keystore(data, passphrase, Party.GATE)
    store = await open_store(_database(data))
    try:
        gate = await Gate.open(
            store=store,
            keystore=keystore,
            inboxes=DiskInboxes(data.inboxes),
            clock=clock,
            randomness=secrets.token_bytes,
            wake_counter=counter,
        )
        try:
            yield gate, store
        finally:
            await gate.close()
    finally:
        await store.close()


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


def _open_keystore(data: DataFolder, passphrase: str, role: Party) -> SealedKeystore:
    return SealedKeystore.open(data.keystore(role), passphrase, role)


def _clock(data: DataFolder) -> Clock:
    """Return the simulated clock where there is one, else the computer's."""
    return ReadClock(data.path) if data.clock.exists() else SystemClock()


def _database(data: DataFolder) -> Path | str:
    """Return where the database is: in the folder, unless a setting says otherwise."""
    told = data.config.read_bytes() if data.config.exists() else b""
    if b"database_url" not in told and not _FOR_THE_COUNTER & os.environ.keys():
        return data.database
    from bot.config import load  # noqa: PLC0415 - see _settings_of

    # The counter's user cannot read the gate's secrets, and needs no other than this.
    settings = load(data.path, secrets={"database_url"})
    address = settings.database_url.get_secret_value()
    return address or data.database


def _settings_of(folder: Path) -> "Settings":
    # A quarter of a second, which each count would pay again.
    from bot.config import load  # noqa: PLC0415

    return load(folder)


def _scene(
    settings: "Settings", platform: str, *, elsewhere: tuple[str, ...] = ()
) -> Scene:
    return Scene(
        level=settings.level,
        elsewhere=elsewhere,
        platform=platform,
        command=settings.command,
        owner=settings.owner,
        keeper=settings.keeper,
        deadlines=Deadlines(
            reply_seconds=settings.reply_days * DAY,
            outcome_seconds=settings.outcome_days * DAY,
        ),
        legal_lines=read_legal_lines(settings.legal_lines),
    )
