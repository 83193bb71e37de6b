"""What people do in Discord, and what they then see."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_format import walk
from tests.fakes.discord_shapes import BOT_ID, GUILD_ID, Channel, Person, Posted, new_id

if TYPE_CHECKING:
    from tests.fakes.discord import Discord

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
# A machine with much else to do takes its time.
SECONDS = 20


@dataclass
class Exchange:
    """One interaction: what was answered, and every message of the answer."""

    id: str
    token: str
    kind: int
    person: Person
    channel: str
    payload: dict[str, Any]
    about: Posted | None = None
    callback: dict[str, Any] | None = None
    shown: list[Posted] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    aged: float = 0.0
    born: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        """Return how many seconds old its token is."""
        return time.monotonic() - self.born + self.aged

    @property
    def form(self) -> dict[str, Any]:
        """The form that opened."""
        assert self.callback is not None
        assert self.callback["type"] == 9, self.callback
        data: dict[str, Any] = self.callback["data"]
        return data

    @property
    def text(self) -> str:
        """Everything that can be read in the answer."""
        return "\n".join(text_of(each.body) for each in self.shown)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """What was suggested."""
        assert self.callback is not None
        found: list[dict[str, Any]] = self.callback["data"]["choices"]
        return found


def text_of(body: dict[str, Any]) -> str:
    """Return what can be read in a message or a form."""
    parts = walk(body.get("components") or [])
    return "\n".join(each["content"] for each in parts if each["type"] == 10)


def labels_of(body: dict[str, Any]) -> list[str]:
    """Return the labels of a message's buttons."""
    parts = walk(body.get("components") or [])
    return [each["label"] for each in parts if each["type"] == 2]


def id_of(body: dict[str, Any], label: str) -> str:
    """Return the id of the button that is labelled so."""
    for each in walk(body.get("components") or []):
        if each["type"] == 2 and each["label"] == label:
            return str(each["custom_id"])
    raise AssertionError(f"no button {label!r} among {labels_of(body)}")


class Says:
    """Lets people act; each act returns once its answer is there."""

    def __init__(self, discord: "Discord") -> None:
        self._discord = discord
        self._changed = asyncio.Event()
        self.root = "rr"

    def tell(self) -> None:
        """Let whoever waits for a message look again."""
        self._changed.set()

    async def command(
        self,
        person: Person,
        name: str,
        /,
        *,
        at: Channel | None = None,
        wait: bool = True,
        **options: str,
    ) -> Exchange:
        """Type a command, in a channel of the server or in direct messages."""
        data = self._command_data(name, options)
        return await self._ask(person, COMMAND, data, at=at, wait=wait)

    async def suggest(
        self,
        person: Person,
        name: str,
        /,
        *,
        at: Channel | None = None,
        **typed: str,
    ) -> Exchange:
        """Type into the option of a command, and look at what is suggested."""
        data = self._command_data(name, typed)
        for option in data["options"][0]["options"]:
            option["focused"] = True
        return await self._ask(person, AUTOCOMPLETE, data, at=at)

    async def choose_message(
        self,
        person: Person,
        name: str,
        content: str,
        *,
        at: Channel,
        files: tuple[str, ...] = (),
    ) -> Exchange:
        """Choose an app's command in the menu of somebody's message."""
        body = {"content": content, **_with_files(files)}
        message = Posted(new_id(), at.id, [body], author=new_id())
        data = {
            "id": new_id(),
            "name": name,
            "type": 3,
            "target_id": message.id,
            "resolved": {"messages": {message.id: shapes.message_of(message, base="")}},
        }
        return await self._ask(person, COMMAND, data, at=at)

    async def press(
        self,
        person: Person,
        label: str,
        of: Exchange | Posted,
        *,
        wait: bool = True,
    ) -> Exchange:
        """Press the button that is labelled so."""
        posted = _last(of)
        custom_id = id_of(posted.body, label)
        return await self.press_id(person, custom_id, posted, wait=wait)

    async def press_id(
        self, person: Person, custom_id: str, posted: Posted, *, wait: bool = True
    ) -> Exchange:
        """Press a button by its id, which may be from another time."""
        data = {"custom_id": custom_id, "component_type": 2}
        at = self._discord.channels.get(posted.channel)
        return await self._ask(person, COMPONENT, data, at=at, about=posted, wait=wait)

    async def pick(
        self, person: Person, custom_id: str, values: list[str], of: Exchange | Posted
    ) -> Exchange:
        """Choose in a list of a message."""
        posted = _last(of)
        part = next(
            e
            for e in walk(posted.body["components"])
            if e.get("custom_id") == custom_id
        )
        data = {
            "custom_id": custom_id,
            "component_type": part["type"],
            "values": values,
        }
        at = self._discord.channels.get(posted.channel)
        return await self._ask(person, COMPONENT, data, at=at, about=posted)

    async def change(
        self, person: Person, preview: Exchange, **fields: str
    ) -> Exchange:
        """Change what had no room in the form of a draft; return the new preview."""
        page = await self.press(person, "Change", preview)
        chooser = page
        for part in labels_of(_last(chooser).body):
            if "See it first" in labels_of(_last(page).body):
                break
            # There are several pages; each button says what its page begins with.
            page = await self.press(person, part, chooser)
            page = page if _has_all(page, fields) else chooser
        page = await self.fill(person, page, **fields)
        return await self.press(person, "See it first", page)

    async def fill(self, person: Person, page: Exchange, **fields: str) -> Exchange:
        """Change a page: a text by the button beside it, a choice in its list."""
        for name, value in fields.items():
            posted = _last(page)
            ids = [str(e.get("custom_id", "")) for e in walk(posted.body["components"])]
            custom_id = next(
                each for each in ids if each[:1] in "~?" and each.endswith(f":{name}")
            )
            if custom_id.startswith("?"):
                page = await self.pick(person, custom_id, [value], page)
                continue
            opened = await self.press_id(person, custom_id, posted)
            page = await self.submit(person, opened, **{name: value})
        return page

    async def submit(
        self, person: Person, opened: Exchange, **fields: str | list[str]
    ) -> Exchange:
        """Fill in a form that opened, and send it."""
        return await self.submit_form(
            person, opened.form, fields, at=opened.channel, about=opened.about
        )

    async def submit_form(
        self,
        person: Person,
        form: dict[str, Any],
        fields: dict[str, str | list[str]],
        *,
        at: str,
        about: Posted | None = None,
    ) -> Exchange:
        """Send a form, which may have been opened before a restart."""
        data = {
            "custom_id": form["custom_id"],
            "components": [
                _sent(number, part, fields)
                for number, part in enumerate(form["components"])
            ],
        }
        unknown = set(fields) - {
            part["component"]["custom_id"]
            for part in form["components"]
            if "component" in part
        }
        assert not unknown, f"the form has no {unknown}"
        channel = self._discord.channels.get(at)
        return await self._ask(person, FORM, data, at=channel, about=about)

    async def write(
        self, person: Person, content: str, *, files: tuple[str, ...] = ()
    ) -> Posted:
        """Write to the bot, and return its answer."""
        before = len(self._discord.posted_in(person))
        await self.write_only(person, content, files=files)
        async with asyncio.timeout(SECONDS):
            while len(self._discord.posted_in(person)) == before:
                self._changed.clear()
                await self._changed.wait()
        return self._discord.posted_in(person)[-1]

    async def write_only(
        self, person: Person, content: str, *, files: tuple[str, ...] = ()
    ) -> Posted:
        """Write to the bot, and expect nothing."""
        posted = Posted(
            new_id(),
            person.channel,
            [_with_files(files)],
            author=person.id,
            content=content,
        )
        self._discord.messages[posted.id] = posted
        written = {
            **shapes.message_of(posted, base=""),
            "author": shapes.user_of(person.id, person.name),
        }
        await self._discord.gateway.dispatch("MESSAGE_CREATE", written)
        return posted

    async def repeat(self, exchange: Exchange) -> None:
        """Let the gateway deliver an interaction once more."""
        await self._discord.gateway.dispatch("INTERACTION_CREATE", exchange.payload)

    def _command_data(self, name: str, options: dict[str, str]) -> dict[str, Any]:
        inner = [
            {"name": key, "type": 3, "value": value} for key, value in options.items()
        ]
        return {
            "id": new_id(),
            "name": self.root,
            "type": 1,
            "options": [{"name": name, "type": 1, "options": inner}],
        }

    async def _ask(
        self,
        person: Person,
        kind: int,
        data: dict[str, Any],
        *,
        at: Channel | None,
        about: Posted | None = None,
        wait: bool = True,
    ) -> Exchange:
        channel = person.channel if at is None else at.id
        token = f"aW50ZXJhY3Rpb246{new_id()}:{person.id}"
        exchange = Exchange(new_id(), token, kind, person, channel, {}, about)
        exchange.payload = {
            "id": exchange.id,
            "application_id": BOT_ID,
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "channel_id": channel,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"1": person.id},
            **(_in_direct_messages(person) if at is None else _in_server(person, at)),
        }
        if about is not None:
            message = shapes.message_of(about, base="")
            exchange.payload["message"] = message
        self._discord.exchanges[token] = exchange
        await self._discord.gateway.dispatch("INTERACTION_CREATE", exchange.payload)
        if wait:
            async with asyncio.timeout(SECONDS):
                await exchange.answered.wait()
        return exchange


def _with_files(names: tuple[str, ...]) -> dict[str, Any]:
    return {"attachments": [{"filename": each} for each in names]}


def _last(of: Exchange | Posted) -> Posted:
    return of.shown[-1] if isinstance(of, Exchange) else of


def _in_server(person: Person, channel: Channel) -> dict[str, Any]:
    return {
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel": {"id": channel.id, "type": 0, "name": channel.name},
        "member": {**shapes.member_of(person), "permissions": "1024"},
        "app_permissions": "1024",
        "context": 0,
    }


def _in_direct_messages(person: Person) -> dict[str, Any]:
    return {
        "user": shapes.user_of(person.id, person.name),
        "channel": {"id": person.channel, "type": 1},
        "app_permissions": "1024",
        "context": 1,
    }


def _sent(
    number: int, part: dict[str, Any], fields: dict[str, str | list[str]]
) -> dict[str, Any]:
    """Return a part of a form as the client sends it, if the client would let it."""
    if part["type"] != 18:
        return {"type": part["type"], "id": number}
    asked = part["component"]
    name = asked["custom_id"]
    sent: dict[str, Any] = {"type": asked["type"], "id": number, "custom_id": name}
    if asked["type"] == 4:
        typed = fields.get(name, asked.get("value", ""))
        assert isinstance(typed, str)
        assert typed or not asked["required"], f"{name} is required"
        assert len(typed) <= asked["max_length"], f"{name} is too long"
        return {"type": 18, "id": number, "component": {**sent, "value": typed}}
    options = asked.get("options", [])
    preset = [each["value"] for each in options if each.get("default")]
    preset += [each["id"] for each in asked.get("default_values", [])]
    chosen = fields.get(name, preset)
    values = [chosen] if isinstance(chosen, str) else chosen
    assert values or not asked["required"], f"{name} is required"
    assert not options or set(values) <= {each["value"] for each in options}
    if asked["type"] == 21:
        sent["value"] = values[0] if values else None
    else:
        sent["values"] = values
    return {"type": 18, "id": number, "component": sent}


def _has_all(page: Exchange, fields: dict[str, str]) -> bool:
    ids = [str(e.get("custom_id", "")) for e in walk(_last(page).body["components"])]
    return all(any(each.endswith(f":{name}") for each in ids) for name in fields)
