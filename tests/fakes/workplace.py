"""An installation with real gate, counter and storage, and people who use it."""

import itertools
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.actors import Actor
from bot.core.records import Invite, Party, Role, SaveInvite
from bot.counter import count_once
from bot.crypto.codes import make_code
from bot.crypto.founding import new_installation
from bot.desk import Desk
from bot.gate import Gate
from bot.outbox import Outbox
from bot.ports import Store
from bot.requests import Command, DirectMessage, Press, Reply, Request, Submit
from bot.router import Router
from bot.views.scene import Scene
from bot.views.widgets import Button, Buttons, Card, Field, Form, Line
from storage.inbox import DiskInboxes
from storage.keystore import CHEAPEST, SealedKeystore
from storage.store import SqlStore, create_store, open_store
from tests.fakes.chat import Chat, account

# 2026-11-24 12:00 UTC
NOON = 1_795_521_600
DAY = 24 * 60 * 60
SCENE = Scene(platform="console")


@dataclass
class SetClock:
    """A clock that moves when a test says so."""

    seconds: int = NOON

    def now(self) -> int:
        return self.seconds


@dataclass
class Workplace:
    """The bot of one workplace. `ask` is what a person does, `chat` what they see."""

    clock: SetClock
    store: Store
    gate: Gate
    desk: Desk
    router: Router
    outbox: Outbox
    chat: Chat
    counter_runs: bool = True

    async def ask(self, request: Request) -> Card | Form:
        """Return the one view that a request brings, after its posts are shown."""
        replies = await self.router.handle(request)
        await self.outbox.deliver()
        assert len(replies) == 1
        return replies[0].view

    async def replies(self, request: Request) -> list[Reply]:
        return await self.router.handle(request)

    async def card(self, request: Request) -> Card:
        view = await self.ask(request)
        assert isinstance(view, Card), view
        return view

    async def form(self, request: Request) -> Form:
        view = await self.ask(request)
        assert isinstance(view, Form), words(view)
        return view

    async def type(self, actor: Actor, typed: str, place: str = "") -> Card:
        return await self.card(Command(actor=actor, words=typed, place=place))

    async def press(self, actor: Actor, action: str) -> Card:
        return await self.card(Press(actor=actor, action=action))

    async def send(
        self,
        actor: Actor,
        form: str,
        **fields: str | tuple[str, ...] | bool,
    ) -> Card:
        return await self.card(Submit(actor=actor, form=form, fields=fields))

    async def write(self, actor: Actor, text: str) -> Card:
        return await self.card(DirectMessage(actor=actor, text=text))

    async def advance(self, seconds: int) -> None:
        """Let time pass, stopping wherever something is due."""
        end = self.clock.seconds + seconds
        while (due := self.gate.next_due()) is not None and due <= end:
            self.clock.seconds = max(self.clock.seconds, due)
            await self.gate.settle()
        self.clock.seconds = end
        await self.gate.settle()
        await self.outbox.deliver()

    async def welcome(self, actor: Actor, role: Role = Role.ORGANIZER) -> None:
        """Make somebody an organizer, by an invite as `init` makes it."""
        code = make_code(secrets.token_bytes(15))
        invite = Invite(
            digest=self.gate.invite_digest(code),
            role=role,
            expires_at=self.clock.seconds + DAY,
        )
        await self.gate.commit([SaveInvite(invite=invite)])
        card = await self.send(actor, "join", code=code)
        assert "organizer now" in words(card)

    async def start_poll(
        self, organizer: Actor, **fields: str | tuple[str, ...] | bool
    ) -> str:
        """Return the name of a poll that one organizer, who is alone, has started."""
        preview = await self.send(organizer, "poll", **(LUNCH | fields))
        assert "drive" in preview.data, words(preview)
        await self.press(organizer, action_of(preview, "Start it"))
        return str(preview.data["drive"])


LUNCH: dict[str, str | tuple[str, ...] | bool] = {
    "question": "Should we ask for paid lunch breaks?",
    "options": "Yes\nNo\nUnsure",
}
MEI = account("mei")
SAM = account("sam")
ANA = account("ana")
# Sixty people in one channel, and everybody in the other one.
STAFF = tuple(account(f"p{number:02}") for number in range(57))
WAREHOUSE = {actor.user for actor in (MEI, SAM, ANA, *STAFF)}


@asynccontextmanager
async def workplace(
    folder: Path, *, scene: Scene = SCENE, channels: dict[str, set[str]] | None = None
) -> AsyncIterator[Workplace]:
    """Open a new installation in `folder`."""
    clock = SetClock()
    store = await create_store(folder / "shared.sqlite")
    counters_store = await open_store(folder / "shared.sqlite")
    gate_content, counter_content = new_installation(secrets.token_bytes)
    keystores = {
        role: SealedKeystore.create(
            folder / f"{role.value}.keys", "open sesame", role, content, CHEAPEST
        )
        for role, content in (
            (Party.GATE, gate_content),
            (Party.COUNTER, counter_content),
        )
    }
    opened: list[Workplace] = []

    async def wake_counter() -> None:
        if not opened or opened[0].counter_runs:
            await count_once(
                store=counters_store,
                keystore=keystores[Party.COUNTER],
                clock=clock,
                randomness=secrets.token_bytes,
            )

    gate = await Gate.open(
        store=store,
        keystore=keystores[Party.GATE],
        inboxes=DiskInboxes(folder / "inboxes"),
        clock=clock,
        randomness=secrets.token_bytes,
        wake_counter=wake_counter,
    )
    desk = Desk(roll=gate.roll, clock=clock, randomness=secrets.token_bytes)
    chat = Chat(channels=channels or {"general": set(WAREHOUSE)})
    place = Workplace(
        clock=clock,
        store=store,
        gate=gate,
        desk=desk,
        router=Router(gate=gate, desk=desk, platform=chat, clock=clock, scene=scene),
        outbox=Outbox(gate, store, scene, chat),
        chat=chat,
    )
    opened.append(place)
    try:
        yield place
    finally:
        await _close(gate, store, counters_store)


async def _close(gate: Gate, *stores: SqlStore) -> None:
    await gate.close()
    for store in stores:
        await store.close()


def words(view: Card | Form) -> str:
    """Return all that a person reads of a card or a form, as plain text."""
    blocks = view.blocks
    read = [block.words for block in blocks if isinstance(block, Line)]
    return "\n".join(read).replace("**", "")


def buttons(view: Card | Form) -> list[Button]:
    """Return what can be pressed, from top to bottom."""
    rows = [block.buttons for block in view.blocks if isinstance(block, Buttons)]
    return list(itertools.chain.from_iterable(rows))


def action_of(card: Card, label: str) -> str:
    """Return the action of the button with this label."""
    [action] = [each.action for each in buttons(card) if each.label == label]
    return action


def labels(card: Card) -> list[str]:
    """Return what stands on the buttons."""
    return [button.label for button in buttons(card)]


def field_of(form: Form, name: str) -> Field:
    """Return the field with this name."""
    [field] = [each for each in form.fields if each.name == name]
    return field
