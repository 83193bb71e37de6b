"""Organizers' pages about reports: read them, reply, note, close, mute."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.cases import (
    NOTES_MAX,
    REASON_CHARS_MAX,
    REPLY_CHARS_MAX,
    Case,
    CaseState,
    about,
    flagged,
    joined,
    moved,
    unflagged,
)
from bot.core.drives import State
from bot.core.errors import TextTooLong
from bot.core.roles import Act
from bot.core.terms import BoxTerms
from bot.router.asked import Asked, Page, View
from bot.router.office import Office
from bot.views import cards, casework, report_text
from bot.views.times import moment

_STATES = {"inhand": CaseState.IN_HAND, "actedon": CaseState.ACTED_ON}


class CasePages:
    """Answers organizers about what people reported. They never learn who."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"cases": self.cases}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("cases", 0): self.cases,
            ("cases", 1): self.cases,
            ("case", 1): self.case,
            ("case", 2): self.case,
            ("reply", 1): self.reply_form,
            ("note", 1): self.note_form,
            ("closecase", 1): self.close_form,
            ("mute", 1): self.mute,
            ("take", 1): self.take,
            ("inhand", 1): self.in_hand,
            ("actedon", 1): self.acted_on,
            ("same", 1): self.same_form,
            ("apart", 1): self.apart,
            ("hide", 1): self.hide,
            ("show", 1): self.show,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {
            ("reply", 1): self.reply,
            ("note", 1): self.note,
            ("closecase", 1): self.close,
            ("same", 1): self.same,
        }

    # Reading -----------------------------------------------------------------

    async def cases(self, asked: Asked) -> View:
        """What may be read, in an order by chance, and the counts of each box."""
        office = self._office
        await office.require(asked, Act.CASES)
        drives = [
            each for each in office.gate.drives() if isinstance(each.terms, BoxTerms)
        ]
        counted = {box.title: await office.gate.box_tables(box) for box in drives}
        is_index = asked.name.isascii() and asked.name.isdecimal()
        return casework.case_list(
            office.gate.cases(),
            [
                (box, office.gate.next_count(box))
                for box in drives
                if box.state is State.OPEN
            ],
            counted,
            scene=office.scene,
            now=office.clock.now(),
            start=int(asked.name[:4]) if asked.pressed and is_index else 0,
        )

    async def case(self, asked: Asked) -> View:
        """One case with all that organizers may see."""
        skip = asked.arguments[1] if len(asked.arguments) > 1 else ""
        is_count = skip.isascii() and skip.isdecimal()
        return self._page(
            await self._case(asked), skip=int(skip[:4]) if is_count else 0
        )

    async def reply_form(self, asked: Asked) -> View:
        """The form of a reply."""
        return casework.reply_form(await self._case(asked), self._office.scene)

    async def note_form(self, asked: Asked) -> View:
        """The form of a note."""
        return casework.note_form(await self._case(asked), self._office.scene)

    async def close_form(self, asked: Asked) -> View:
        """The form that closes a case with a reason."""
        return casework.close_form(await self._case(asked), self._office.scene)

    async def same_form(self, asked: Asked) -> View:
        """The form that joins a case to another one about the same."""
        return casework.same_form(await self._case(asked), self._office.scene)

    # Writing -----------------------------------------------------------------

    async def reply(self, asked: Asked) -> View:
        """A reply is sealed to the code; a case that was new is in hand with it."""
        async with self._office.lock:
            case = await self._case(asked)
            words = _required(asked, "reply", REPLY_CHARS_MAX)
            await self._office.gate.reply(case.name, words)
        return cards.notice(report_text.REPLIED)

    async def note(self, asked: Asked) -> View:
        """A note for organizers alone."""
        await self._office.require(asked, Act.CASES)
        words = _required(asked, "note", REPLY_CHARS_MAX)
        return await self._changed(
            asked,
            lambda case, _: [replace(case, notes=(*case.notes, words)[-NOTES_MAX:])],
        )

    async def close(self, asked: Asked) -> View:
        """A case is closed with a reason, which its author can read."""
        await self._office.require(asked, Act.CASES)
        reason = _required(asked, "reason", REASON_CHARS_MAX)
        return await self._moved(asked, CaseState.CLOSED, reason)

    async def in_hand(self, asked: Asked) -> View:
        """Somebody works on it."""
        return await self._moved(asked, CaseState.IN_HAND)

    async def acted_on(self, asked: Asked) -> View:
        """Something was done."""
        return await self._moved(asked, CaseState.ACTED_ON)

    async def take(self, asked: Asked) -> View:
        """An organizer takes a case; the others see their label."""
        label = (await self._office.require(asked, Act.CASES)).label
        return await self._changed(
            asked, lambda case, _: [replace(case, assigned=label)]
        )

    async def same(self, asked: Asked) -> View:
        """Two cases are about the same: what organizers say goes to both authors."""
        await self._office.require(asked, Act.CASES)
        other = asked.required("text").lower()
        gate = self._office.gate
        await self._changed(
            asked, lambda case, cases: joined(case, gate.case(other), cases)
        )
        return cards.notice(report_text.SAME_DONE)

    async def apart(self, asked: Asked) -> View:
        """A case stands for itself again."""
        return await self._changed(asked, lambda case, _: [replace(case, same_as=b"")])

    async def hide(self, asked: Asked) -> View:
        """An organizer wishes to hide a text, or a second one agrees."""
        tag = (await self._office.require(asked, Act.CASES)).tag
        alone = await self._office.desk.is_alone()
        return await self._changed(
            asked, lambda case, _: [flagged(case, tag, alone=alone)]
        )

    async def show(self, asked: Asked) -> View:
        """A text is to be read by all organizers again."""
        return await self._changed(asked, lambda case, _: [unflagged(case)])

    async def mute(self, asked: Asked) -> View:
        """A case's author is muted for a time; organizers are not shown who it is."""
        async with self._office.lock:
            case = await self._case(asked)
            await self._office.gate.mute(case)
        until = moment(case.mute_until)
        return cards.notice(report_text.MUTED.format(until=until))

    # Private -----------------------------------------------------------------

    async def _case(self, asked: Asked) -> Case:
        await self._office.require(asked, Act.CASES)
        return self._office.gate.case(asked.name)

    async def _moved(self, asked: Asked, state: CaseState, reason: str = "") -> View:
        """Write where a case stands, and all that are about the same with it."""
        return await self._changed(
            asked,
            lambda case, cases: [
                moved(each, state, reason) for each in about(case, cases)
            ],
        )

    async def _changed(
        self, asked: Asked, change: Callable[[Case, Sequence[Case]], Sequence[Case]]
    ) -> View:
        """Write what `change` makes of a case and of those beside it, and show it."""
        gate = self._office.gate
        async with self._office.lock:
            await self._office.require(asked, Act.CASES)
            await gate.change_cases(asked.name, change)
            return self._page(gate.case(asked.name))

    def _page(self, case: Case, *, skip: int = 0) -> View:
        office = self._office
        return casework.organizers_case(
            case,
            scene=office.scene,
            now=office.clock.now(),
            others=len(about(case, office.gate.cases())) - 1,
            skip=skip,
        )


def _required(asked: Asked, label: str, limit: int) -> str:
    words = asked.required("text")
    if len(words) > limit:
        raise TextTooLong(label=label, limit=limit)
    return words
