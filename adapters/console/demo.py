"""The demo: a poll, a report box and a petition, told in plain words.

All of it is the real thing, but for the people, the clock, and a passphrase that
costs little to guess: the folder is removed at the end.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from adapters.console.demo_petition import tell_petition
from adapters.console.demo_reports import tell_reports
from adapters.console.interactive import Conversation
from adapters.console.parse import Advance, SetPeople, actor_named
from adapters.console.people import PEOPLE_FILE
from adapters.console.render import Shown
from adapters.console.screen import PlainScreen, RichScreen, Screen
from adapters.console.telling import Teller, card_in, form_in, kind_of
from adapters.console.traces import Search, files_under, search_apart
from adapters.console.workspace import Workspace
from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.crypto.certifying import verify_file
from bot.requests import Command, DirectMessage, Press, Submit
from bot.views.widgets import CardKind

_FIRST = (
    *("Mei", "Sam", "Ada", "Bo", "Cleo", "Dina", "Eli", "Femi", "Gus", "Hana"),
    *("Ivo", "Jo", "Kira", "Lars", "Mona", "Nils", "Omar", "Pia", "Quinn", "Rosa"),
    *("Sol", "Tara", "Ugo", "Vera", "Wim", "Xenia", "Yara", "Zoe", "Amir", "Bea"),
    *("Carl", "Dora", "Ebbe", "Fay", "Gina", "Hugo", "Ines", "Jan", "Kofi", "Lena"),
)
_QUESTION = "Should we ask for paid lunch breaks?"
_OPTIONS = ("Yes", "No", "Unsure", "Ask me later")
# Who taps what before the first count, by place in the list of people.
_TAPS = {"Yes": range(1, 20), "No": range(20, 29), "Unsure": range(29, 32)}
_CHANGED_MIND = range(18, 20)
_CODE_HOLDER = 32
_SECONDS = 72 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the demo happens: a folder of its own, and what `init` showed."""

    root: Path
    data: Path
    log: Path
    invite: str


def made_up_people() -> dict[str, str]:
    """Return forty accounts as a platform would name them, and their people's names."""
    return {f"U0{secrets.token_hex(5).upper()}": name for name in _FIRST}


class Demo:
    """Tells the story, and afterwards lets the person play on."""

    def __init__(self, *, plain: bool, people: Mapping[str, str]) -> None:
        """Show things framed and coloured, or plain."""
        self._screen: Screen = PlainScreen() if plain else RichScreen()
        self._conversation = Conversation(
            plain=plain, screen=self._screen, names=people
        )
        self._teller = Teller(
            screen=self._screen, conversation=self._conversation, people=people
        )
        self._ids = self._teller.ids
        # What was written, which no file may hold.
        self._written: list[str] = []
        self._playing = False

    def show(self, shown: Shown) -> None:
        """Keep what appears, so that the story can point at it."""
        if self._playing:
            self._conversation.show(shown)
        else:
            self._teller.note(shown)

    async def tell(self, workspace: Workspace, place: Place) -> bool:
        """Tell the story; return whether everything was as it should be."""
        await self._begin(workspace, place)
        await self._answer(workspace, place)
        await self._look_early(workspace)
        await self._change_counted(workspace)
        table = await self._close(workspace)
        self._check_certificate(table)
        self._written += await tell_reports(self._teller, workspace)
        self._written += await tell_petition(
            self._teller, workspace, place.root / "holders"
        )
        await self._search(place)
        return self._teller.all_well

    async def play(self, workspace: Workspace) -> None:
        """Let the person go on in the same workspace."""
        self._playing = True
        self._screen.say(
            "\nNow it is yours: the same workspace, the same people. Type quit to "
            "leave; then its folder is removed.\n"
        )
        await self._conversation.hold(workspace)

    # The story ---------------------------------------------------------------

    async def _begin(self, workspace: Workspace, place: Place) -> None:
        self._teller.title("1  A workplace with forty people, and one organizer")
        await self._teller.do(workspace, SetPeople(names=tuple(self._ids)))
        mei = actor_named(self._ids[0])
        await self._teller.do(
            workspace, Submit(actor=mei, form="join", fields={"code": place.invite})
        )
        self._teller.say(
            f"Mei's account is {self._ids[0]}. She became an organizer with a code "
            "that works once. She writes a poll, looks at it, and presses Start."
        )
        words = " ".join(f'"{word}"' for word in (_QUESTION, *_OPTIONS))
        seen = await self._teller.do(
            workspace, Command(actor=mei, words=f"poll {words}")
        )
        form = form_in(seen)
        fields = {field.name: field.value for field in form.fields if field.value}
        fields |= {"name": "lunch", "closes": "72h"}
        seen = await self._teller.do(
            workspace, Submit(actor=mei, form=form.form, fields=fields)
        )
        seen = await self._teller.start(workspace, seen)
        self._teller.draw(next(s for s in seen if s.to is None))

    async def _answer(self, workspace: Workspace, place: Place) -> None:
        self._teller.title("2  People answer")
        replies: list[Shown] = []
        for option, places in _TAPS.items():
            for at in places:
                replies += await self._tap(workspace, at, option)
        self._teller.say(
            "31 people tap a button. Each sees this, and nobody else does:"
        )
        self._teller.draw(replies[0])
        for at in _CHANGED_MIND:
            replies += await self._tap(workspace, at, "Unsure")
        same = len({repr(shown.view) for shown in replies}) == 1
        self._teller.expect(
            same,
            "Two of them change their mind and tap again. All 33 replies are the same, "
            "letter by letter: nobody learns from them who had answered before.",
        )
        holder = actor_named(self._ids[_CODE_HOLDER])
        fields = {"answer": "No"}
        seen = await self._teller.do(
            workspace, Submit(actor=holder, form="answer:lunch", fields=fields)
        )
        self._code = str(card_in(seen, CardKind.RECEIPT).data["code"])
        self._teller.say(
            f"{self._teller.name(_CODE_HOLDER)} uses the form and gets a code. It can "
            "change the answer after it was counted."
        )
        name = f"{self._teller.name(1)} Andersson-Okafor"
        await self._teller.do(
            workspace,
            DirectMessage(actor=actor_named(self._ids[1]), text=f"Hi, this is {name}!"),
        )
        self._full_name = name
        self._while_open = await self._searched(place)

    async def _look_early(self, workspace: Workspace) -> None:
        self._teller.title("3  The organizer asks for the result too early")
        await self._teller.do(workspace, Advance(seconds=_SECONDS // 3))
        seen = await self._teller.do(
            workspace, Command(actor=actor_named(self._ids[0]), words="results lunch")
        )
        card = card_in(seen, CardKind.TALLY)
        self._teller.draw(seen[-1])
        self._teller.expect(
            card.data["released"] is None,
            "A day has passed and the counter has run. Even she learns only this much.",
        )

    async def _change_counted(self, workspace: Workspace) -> None:
        self._teller.title("4  After the count")
        await self._tap(workspace, 1, "No")
        holder = actor_named(self._ids[_CODE_HOLDER])
        fields = {"code": self._code, "answer": "Ask me later"}
        await self._teller.do(
            workspace, Submit(actor=holder, form="change:lunch", fields=fields)
        )
        self._teller.say(
            f"{self._teller.name(1)} taps No. That counts no more: the Yes was "
            "counted, and nothing on disk says any more whose it was. "
            f"{self._teller.name(_CODE_HOLDER)} changes with the code, and that counts."
        )

    async def _close(self, workspace: Workspace) -> Path | None:
        self._teller.title("5  The poll closes")
        seen = await self._teller.do(workspace, Advance(seconds=2 * _SECONDS // 3))
        posts = [shown for shown in seen if shown.to is None]
        self._teller.draw(next(s for s in posts if kind_of(s) is CardKind.TALLY))
        true = Counter({option: len(places) for option, places in _TAPS.items()})
        true["Yes"] -= len(_CHANGED_MIND)
        true["Unsure"] += len(_CHANGED_MIND)
        true["Ask me later"] += 1
        counts = ", ".join(f"{option} {true[option]}" for option in _OPTIONS)
        self._teller.say(
            f"What really happened: {counts}. Only this demo knows it; the bot never "
            "shows it, and the keys to the answers are gone now."
        )
        return next((s.file for s in posts if s.file is not None), None)

    def _check_certificate(self, file: Path | None) -> None:
        self._teller.title("6  Anyone can check the result")
        content = b"" if file is None else file.read_bytes()
        try:
            verify_file(content)
            genuine = True
        except (NotGenuine, Malformed):
            genuine = False
        self._teller.expect(genuine, "The signed result that was posted: genuine.")
        forged = content.replace(b'"0\xe2\x80\x934"', b'"10"', 1)
        try:
            verify_file(forged)
            refused = False
        except (NotGenuine, Malformed):
            refused = forged != content
        self._teller.expect(
            refused, "The same file with one number in it changed: refused."
        )

    async def _search(self, place: Place) -> None:
        self._teller.title("9  Who is in the files?")
        found = await self._searched(place)
        control = place.root / "another-bot.db"
        store_as_others_do(control, voter=self._ids[1])
        known = await search_apart([control], self._ids)
        self._teller.say(
            f"All that the bot keeps, its logs too: {found.files} files, "
            f"{found.bytes // 1024} KiB, searched for forty accounts, fifteen names "
            "and all that was reported, as they are, in hexadecimal, in base64 and in "
            "UTF-16."
        )
        self._teller.expect(
            self._while_open.hits == found.hits == 0,
            f"Found in Roundrobin's files: {self._while_open.hits} while the poll was "
            f"open, {found.hits} now.",
        )
        self._teller.expect(
            known.hits > 0,
            "Found in a file that stores one vote as other poll bots do: "
            f"{known.hits}. So the search does find people where they are.",
        )

    async def _searched(self, place: Place) -> Search:
        """Search all that the bot keeps, and its log, for the people."""
        # The list of members is the simulated platform's own, not the bot's.
        files = files_under(place.data, without=[place.data / PEOPLE_FILE])
        return await search_apart(
            [*files, place.log], [*self._ids, self._full_name, *self._written]
        )

    async def _tap(self, workspace: Workspace, at: int, option: str) -> list[Shown]:
        action = f"vote:lunch:{_OPTIONS.index(option)}"
        press = Press(actor=self._teller.actor(at), action=action)
        return await self._teller.do(workspace, press)


def store_as_others_do(path: Path, *, voter: str) -> None:
    """Make the database of a poll bot that keeps who voted what: the control."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE votes (voter TEXT, choice TEXT)")
        database.execute("INSERT INTO votes VALUES (?, ?)", (voter, "Yes"))
        database.commit()
