"""Members' pages: answer, look at results, read who can see what.

No page shows what somebody did, and none looks different for somebody.
"""

from bot.core.ballots import Answer
from bot.core.drives import DRAFTS, LISTED, State
from bot.core.errors import (
    DriveClosed,
    DriveNotOpen,
    MessageTooOld,
    NotAPoll,
    NotInAudience,
    UnknownDrive,
)
from bot.core.polls import read_answer
from bot.core.records import Drive
from bot.core.terms import BoxTerms, PollTerms
from bot.gate import Gate
from bot.ports import Platform
from bot.router.asked import Asked, Page, View
from bot.views import boxes, cards, forms, help_text, text
from bot.views.kinds import result_card
from bot.views.posts import needs_form
from bot.views.scene import Scene

# The last group of a code has two characters.
CHECKED_CHARS_MIN = 2


class MemberPages:
    """Answers what anybody may ask. It keeps nothing between two requests."""

    def __init__(self, *, gate: Gate, platform: Platform, scene: Scene) -> None:
        """Join the parts."""
        self._gate = gate
        self._platform = platform
        self._scene = scene

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        pages: dict[str, Page] = {}
        for page, words in (
            (self.menu, ("", "menu", "start", "hi")),
            (self.vote, ("vote", "answer")),
            (self.results, ("results", "result", "tally", "score")),
            (self.list_all, ("list", "drives", "open")),
            (self.privacy, ("privacy", "who", "safe", "anonymous")),
            (self.help_page, ("help", "?")),
        ):
            pages |= dict.fromkeys(words, page)
        return pages

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("menu", 0): self.menu,
            ("privacy", 0): self.privacy,
            ("nothing", 0): self.nothing,
            ("skip", 0): self.skip,
            ("vote", 2): self.tap,
            ("answer", 1): self.vote,
            ("change", 1): self.change_form,
            ("results", 1): self.results,
            ("verify", 1): self.verify,
            ("list", 1): self.list_all,
            ("kept", 1): self.check_code,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {
            ("answer", 1): self.answer,
            ("change", 1): self.change,
            ("kept", 1): self.compare_code,
        }

    # Reading -----------------------------------------------------------------

    async def menu(self, asked: Asked) -> View:
        """The menu, the same for everybody."""
        del asked
        return cards.menu(await self._open())

    async def unknown(self, asked: Asked) -> View:
        """The menu again; what was typed is thrown away."""
        del asked
        return cards.menu(await self._open(), unknown_word=True)

    async def list_all(self, asked: Asked) -> View:
        """All polls that started, from the page that the argument names."""
        # A word behind the command is no number of ours: the list begins anew.
        start = int(asked.name) if asked.pressed and _is_index(asked.name) else 0
        return cards.drive_list(await self._listed(), self._scene, start=start)

    async def results(self, asked: Asked) -> View:
        """What is published of a poll, or why nothing is."""
        if asked.name:
            return self._result(self._drive(asked))
        drives = await self._listed()
        if len(drives) == 1:
            return self._result(drives[0])
        if not drives:
            return cards.notice(text.NOTHING_PUBLISHED)
        return cards.choose(
            text.WHICH_RESULT, drives, verb="results", label=text.RESULT
        )

    async def verify(self, asked: Asked) -> View:
        """How a result is checked without this bot."""
        self._drive(asked)
        return cards.notice(text.CHECK_HOW)

    async def privacy(self, asked: Asked) -> View:
        """Who can see what."""
        del asked
        return cards.privacy(self._scene)

    async def help_page(self, asked: Asked) -> View:
        """What can be typed."""
        del asked
        return cards.help_page(self._scene)

    async def message(self, reference: str, *, has_files: bool) -> View:
        """The answer to a direct message, which is not kept."""
        is_box = any(isinstance(each.terms, BoxTerms) for each in await self._open())
        if is_box:
            return boxes.message_choice(reference, self._scene, has_files=has_files)
        return cards.message_choice(self._scene)

    async def nothing(self, asked: Asked) -> View:
        """Nothing was done with a direct message."""
        del asked
        return cards.notice(help_text.DM_DONE)

    # Answering ---------------------------------------------------------------

    async def vote(self, asked: Asked) -> View:
        """The form that answers a poll, or a list to choose the poll from."""
        drives = [self._open_drive(asked)] if asked.name else await self._open_polls()
        if not drives:
            return cards.notice(text.NO_POLL_OPEN)
        if len(drives) == 1:
            return forms.answer_form(drives[0].poll, self._scene)
        return cards.choose(text.WHICH_ANSWER, drives, verb="answer", label=text.ANSWER)

    async def change_form(self, asked: Asked) -> View:
        """The form that changes a counted answer."""
        return forms.change_form(self._open_drive(asked).poll, self._scene)

    async def tap(self, asked: Asked) -> View:
        """One tap: an answer without a code. The reply is the same every time."""
        drive = self._open_drive(asked)
        index = asked.arguments[1]
        options = len(drive.poll.options)
        if needs_form(drive.poll) or not _is_index(index) or int(index) >= options:
            raise MessageTooOld
        await self._check_audience(asked, drive)
        answer = Answer(chosen=1 << int(index))
        receipt = await self._gate.submit(asked.actor, drive, answer)
        return cards.received(drive, receipt.next_count)

    async def answer(self, asked: Asked) -> View:
        """The answering form: a new code, or none where an old one was typed."""
        drive = self._open_drive(asked)
        answer = self._read_answer(asked, drive)
        code = asked.text("code")
        await self._check_audience(asked, drive)
        receipt = await self._gate.submit(
            asked.actor, drive, answer, code=code, wants_code=not code
        )
        if code:
            return cards.received(drive, receipt.next_count)
        return cards.code_receipt(drive, receipt)

    async def change(self, asked: Asked) -> View:
        """The changing form: the same reply for every code, right or wrong."""
        drive = self._open_drive(asked)
        code = asked.required("code")
        answer = self._read_answer(asked, drive)
        await self._check_audience(asked, drive)
        receipt = await self._gate.submit(asked.actor, drive, answer, code=code)
        return cards.received(drive, receipt.next_count)

    async def check_code(self, asked: Asked) -> View:
        """The form in which the end of a code is typed back."""
        return forms.check_form(asked.name, self._scene)

    async def compare_code(self, asked: Asked) -> View:
        """Whether the code was written down right. It is sent either way."""
        typed = asked.text("last4").upper().replace(" ", "").replace("-", "")
        if not typed:
            return cards.notice(text.CODE_SKIPPED)
        read = typed.translate(_LOOK_ALIKES)
        # Who typed more, or the last group alone, looked at the right place.
        end = asked.name.upper()
        right = len(read) >= CHECKED_CHARS_MIN and (
            read.endswith(end) or end.endswith(read)
        )
        return cards.notice(text.CODE_RIGHT if right else text.CODE_WRONG)

    async def skip(self, asked: Asked) -> View:
        """The person keeps no code."""
        del asked
        return cards.notice(text.CODE_SKIPPED)

    # Private -----------------------------------------------------------------

    async def _open(self) -> list[Drive]:
        return [each for each in await self._listed() if each.state is State.OPEN]

    async def _open_polls(self) -> list[Drive]:
        return [
            each for each in await self._open() if isinstance(each.terms, PollTerms)
        ]

    async def _listed(self) -> list[Drive]:
        """Return the polls that started: the open ones first, and newer ones first.

        The same for everybody, so that a poll of a private channel is not among them:
        it stands under its post, and by its name.
        """
        drives = [
            each
            for each in self._gate.drives()
            if each.state in LISTED and await self._is_public(each)
        ]
        return sorted(
            drives, key=lambda each: (each.state is not State.OPEN, -each.drafted_at)
        )

    async def _is_public(self, drive: Drive) -> bool:
        for place in drive.terms.places:
            if await self._platform.is_public(place):
                return True
        return False

    def _drive(self, asked: Asked) -> Drive:
        drive = self._gate.drive(asked.name)
        if drive is None or drive.state in DRAFTS:
            raise MessageTooOld if asked.pressed else UnknownDrive
        if drive.state not in LISTED:
            raise DriveNotOpen
        return drive

    def _open_drive(self, asked: Asked) -> Drive:
        drive = self._drive(asked)
        if not isinstance(drive.terms, PollTerms):
            raise NotAPoll
        if drive.state is not State.OPEN:
            raise DriveClosed
        return drive

    def _result(self, drive: Drive) -> View:
        is_open = drive.state is State.OPEN
        next_count = self._gate.next_count(drive) if is_open else 0
        return result_card(drive, self._scene, next_count=next_count)

    def _read_answer(self, asked: Asked, drive: Drive) -> Answer:
        return read_answer(drive.poll, asked.texts("answer"), asked.text("segment"))

    async def _check_audience(self, asked: Asked, drive: Drive) -> None:
        if not await self._platform.may_answer(asked.actor, drive.terms):
            raise NotInAudience


# As codes are read: letters that look like digits are digits (protocol.md §8).
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _is_index(typed: str) -> bool:
    # Three digits hold every option and every place in a list of 200.
    return typed.isascii() and typed.isdecimal() and len(typed) <= 3  # noqa: PLR2004
