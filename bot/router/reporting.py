"""Members' pages about reports: the form, the page before sending, back with a code.

What somebody types is in the request alone: between two pages it travels in the form.
"""

from dataclasses import replace

from bot.core.drives import LISTED, State
from bot.core.errors import (
    BoxClosed,
    BoxNotOpen,
    DriveClosed,
    MessageTooOld,
    NoBoxOpen,
    NotInBox,
    TextTooLong,
    UnknownDrive,
    WaitsAndHurries,
)
from bot.core.giveaways import find_marks, snippets
from bot.core.records import Drive
from bot.core.reports import (
    REPORT_CHARS_MAX,
    Act,
    Consent,
    Report,
    ReportForm,
    digest_of,
    read_choices,
    read_matter,
    read_place,
    read_text,
)
from bot.core.terms import BoxTerms, PollTerms
from bot.gate import Gate
from bot.ports import Platform
from bot.router.asked import Asked, Page, View
from bot.views import boxes, cards, cases, forms, organizer_text, report_text, text
from bot.views.scene import Scene


class ReportPages:
    """Answers people who report something. It keeps nothing between two requests."""

    def __init__(self, *, gate: Gate, platform: Platform, scene: Scene) -> None:
        """Join the parts."""
        self._gate = gate
        self._platform = platform
        self._scene = scene

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        pages: dict[str, Page] = {}
        for page, words in (
            (self.report, ("report", "grievance", "complain")),
            (self.code, ("code", "case", "reply", "receipt")),
        ):
            pages |= dict.fromkeys(words, page)
        return pages

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("report", 0): self.report,
            ("report", 1): self.report,
            ("dmsend", 1): self.send_message,
            ("quote", 0): self.quote,
            ("quote", 1): self.quote,
            ("code", 0): self.code,
            ("add", 1): self.add_form,
            ("back", 1): self.ask_take_back,
            ("takeback", 1): self.take_back,
            ("leave", 0): self.leave,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {
            ("which", 0): self.into_box,
            ("report", 1): self.check,
            ("look", 5): self.look,
            ("send", 5): self.send,
            ("case", 0): self.open_case,
        }

    # Reporting ---------------------------------------------------------------

    async def report(self, asked: Asked) -> View:
        """The form, or a list of boxes; words behind the command are dropped unread."""
        open_boxes = await self._open(BoxTerms)
        named = self._gate.drive(asked.name) if asked.name else None
        if named is not None and isinstance(named.terms, BoxTerms):
            return boxes.report_form(self._open_box(asked), self._scene)
        if asked.pressed and asked.name:
            raise MessageTooOld
        if not open_boxes:
            return cards.no_report_box(self._scene, words_dropped=bool(asked.words))
        if asked.words and not asked.pressed:
            return boxes.words_dropped(self._scene)
        return self._form_or_choice(open_boxes)

    async def send_message(self, asked: Asked) -> View:
        """The form with a direct message in it, as its author chose."""
        return await self._filled(asked, report_text.DM_WORDS_SHOWN)

    async def quote(self, asked: Asked) -> View:
        """The form with somebody's message in it; whoever wrote that may guess."""
        return await self._filled(asked, report_text.QUOTED_SHOWN)

    async def into_box(self, asked: Asked) -> View:
        """The form of the box that was chosen, with the text that came along."""
        chosen = asked.required("which")
        for box in await self._open(BoxTerms):
            if boxes.option_of(box) == chosen:
                return boxes.report_form(box, self._scene, value=asked.text("text"))
        raise BoxClosed

    async def check(self, asked: Asked) -> View:
        """The page before sending: always shown, and nothing of it is kept."""
        box = self._open_box(asked)
        terms = box.box
        form = ReportForm(
            category=asked.text("category"),
            severity=asked.text("severity"),
            consent=asked.text("consent"),
        )
        chosen = read_choices(terms, form, report_text.CONSENTS)
        await self._check_audience(asked, box)
        return self._check_page(asked, terms, chosen)

    async def look(self, asked: Asked) -> View:
        """The same page for a text that was changed on it."""
        terms = self._open_box(asked).box
        return self._check_page(asked, terms, _chosen(terms, asked))

    async def send(self, asked: Asked) -> View:
        """The report is sealed and stored; its code is shown once.

        Where its text is another than the one that was checked, and something is found
        in it, the page before sending comes once more.
        """
        box = self._open_box(asked)
        terms = box.box
        chosen = _chosen(terms, asked)
        await self._check_audience(asked, box)
        urgent = chosen.consent is Consent.TEXT and asked.is_checked("urgent")
        report = _written(terms, chosen, asked, urgent=urgent)
        if report.text and digest_of(report.text) != asked.arguments[-1]:
            checked = _checked(asked, report.text, again=True)
            if checked.found:
                return self._checked_page(terms, chosen, checked)
        code = await self._gate.report(asked.actor, box, report, urgent=urgent)
        read_at = self._gate.next_count(box)
        if code is None:
            return boxes.counted(read_at)
        if urgent:
            read_at = self._gate.next_letters()
        return boxes.sent(
            code, read_at, self._scene, urgent=urgent, others=report.others
        )

    def _check_page(self, asked: Asked, terms: BoxTerms, chosen: Report) -> View:
        only_counts = chosen.consent is Consent.COUNT
        typed = _text_of(asked, chosen.consent)
        checked = _checked(asked, typed, only_counts=only_counts)
        return self._checked_page(terms, chosen, checked)

    def _checked_page(
        self, terms: BoxTerms, chosen: Report, checked: boxes.Checked
    ) -> View:
        form = _send_form(terms, chosen, checked.text)
        return boxes.check_form(form, terms, checked, self._scene)

    # Coming back -------------------------------------------------------------

    async def code(self, asked: Asked) -> View:
        """The form that takes a code: of a report, or of a poll where no box is."""
        if asked.name:
            return self._named_code(asked)
        if self._has_reports():
            return cases.code_form(self._scene)
        polls = await self._open(PollTerms)
        if not polls:
            return cards.notice(text.NO_CHANGE)
        if len(polls) == 1:
            return forms.change_form(polls[0].poll, self._scene)
        return cards.choose(
            text.WHICH_CHANGE, polls, verb="change", label=text.CHANGE_COUNTED
        )

    async def open_case(self, asked: Asked) -> View:
        """A case as its author reads it; or what they add, whatever the code opens."""
        code = asked.required("code")
        if asked.text("text"):
            words = read_text(asked.text("text"), "words")
            await self._gate.write_to_case(asked.actor, code, Act.ADD, words)
            return cases.received(report_text.ADDED, self._gate.next_letters())
        found = self._gate.opened(code)
        if found is None:
            return cases.no_case(await self._open(PollTerms), code)
        case, said = found
        return cases.authors_case(
            case, said, code=code, next_letters=self._gate.next_letters()
        )

    async def add_form(self, asked: Asked) -> View:
        """The form in which an author adds something; it carries the code."""
        return cases.code_form(self._scene, code=asked.name.upper())

    async def ask_take_back(self, asked: Asked) -> View:
        """What taking a report back means."""
        return cases.ask_take_back(asked.name, self._gate.next_letters())

    async def take_back(self, asked: Asked) -> View:
        """A report is taken back, whatever its code opens."""
        await self._gate.write_to_case(asked.actor, asked.name, Act.TAKE_BACK)
        return cases.received(report_text.TAKEN_BACK, self._gate.next_letters())

    async def leave(self, asked: Asked) -> View:
        """Nothing is taken back."""
        del asked
        return cards.notice(organizer_text.LEFT_ALONE)

    # Private -----------------------------------------------------------------

    def _named_code(self, asked: Asked) -> View:
        """Return the form that takes a code of the drive that was named."""
        drive = self._gate.drive(asked.name)
        if drive is None or drive.state not in LISTED:
            raise UnknownDrive
        if isinstance(drive.terms, BoxTerms):
            return cases.code_form(self._scene)
        if drive.state is not State.OPEN:
            raise DriveClosed
        return forms.change_form(drive.poll, self._scene)

    async def _filled(self, asked: Asked, note: str) -> View:
        """Return the form with a text in it, or a list of boxes, or that none is."""
        words = asked.words
        if not words:
            note = report_text.WORDS_MISSING
        if asked.has_files:
            note = f"{note}\n{report_text.FILES_REFUSED}"
        open_boxes = await self._open(BoxTerms)
        if not open_boxes:
            raise NoBoxOpen
        if len(words) > REPORT_CHARS_MAX:
            raise TextTooLong(label="text", limit=REPORT_CHARS_MAX)
        if len(open_boxes) > 1:
            # A list cannot carry the text along, and nothing keeps it: a form can.
            return boxes.which_form(open_boxes, self._scene, value=words, note=note)
        return boxes.report_form(open_boxes[0], self._scene, value=words, note=note)

    def _form_or_choice(self, open_boxes: list[Drive]) -> View:
        if len(open_boxes) == 1:
            return boxes.report_form(open_boxes[0], self._scene)
        return cards.choose(
            report_text.WHICH_BOX, open_boxes, verb="report", label=text.REPORT
        )

    async def _open(self, kind: type) -> list[Drive]:
        """Return the open drives of a kind in public channels, newer ones first."""
        found = [
            drive
            for drive in self._gate.drives()
            if drive.state is State.OPEN
            and isinstance(drive.terms, kind)
            and await self._is_public(drive)
        ]
        return sorted(found, key=lambda each: -each.drafted_at)

    async def _is_public(self, drive: Drive) -> bool:
        for place in drive.terms.places:
            if await self._platform.is_public(place):
                return True
        return False

    def _has_reports(self) -> bool:
        """Tell whether a code may be one of a report: the same for everybody."""
        return any(
            isinstance(drive.terms, BoxTerms) and drive.state in LISTED
            for drive in self._gate.drives()
        )

    def _open_box(self, asked: Asked) -> Drive:
        drive = self._gate.drive(asked.name)
        if drive is None or not isinstance(drive.terms, BoxTerms):
            raise MessageTooOld if asked.pressed else UnknownDrive
        if drive.state not in LISTED:
            raise BoxNotOpen
        if drive.state is not State.OPEN:
            raise BoxClosed
        return drive

    async def _check_audience(self, asked: Asked, box: Drive) -> None:
        if not await self._platform.may_answer(asked.actor, box.terms):
            raise NotInBox


def _text_of(asked: Asked, consent: Consent) -> str:
    """Return what was typed; a report that only counts needs no words."""
    typed = asked.text("text")
    if consent is Consent.COUNT and not typed:
        return ""
    return read_text(typed)


def _written(terms: BoxTerms, chosen: Report, asked: Asked, *, urgent: bool) -> Report:
    """Return the report that the page before sending makes of what was chosen."""
    if chosen.consent is Consent.COUNT:
        return chosen
    others, matter = read_matter(asked.text("matter"))
    if urgent and others:
        raise WaitsAndHurries
    return replace(
        chosen,
        others=others,
        matter=matter,
        place=read_place(terms, asked.text("place")),
        text=read_text(asked.text("text")),
    )


def _checked(
    asked: Asked, typed: str, *, only_counts: bool = False, again: bool = False
) -> boxes.Checked:
    """Return a report with all that may point to its author, whose names go no way."""
    marks = find_marks(typed, asked.names, account=asked.actor.user)
    return boxes.Checked(
        text=typed,
        found=tuple(snippets(typed, marks)),
        place=asked.text("place"),
        matter=asked.text("matter"),
        urgent=asked.is_checked("urgent"),
        named=bool(asked.names),
        only_counts=only_counts,
        again=again,
    )


def _send_form(terms: BoxTerms, chosen: Report, typed: str) -> str:
    """Return the id that carries what was chosen to the page before sending.

    With it goes which text was looked at: the id comes back with what was made of it.
    """
    numbers = (chosen.category, chosen.severity, int(chosen.consent))
    # What only counts sends no words: they may change as they like.
    looked_at = digest_of(typed if chosen.consent is Consent.TEXT else "")
    return ":".join(["send", terms.name, *map(str, numbers), looked_at])


def _chosen(terms: BoxTerms, asked: Asked) -> Report:
    """Return what the id of the page before sending carries."""
    numbers = [
        int(each) if each.isascii() and each.isdecimal() and len(each) < 3 else -1  # noqa: PLR2004 - two digits hold every choice
        for each in asked.arguments[1:-1]
    ]
    limits = (len(terms.categories), len(terms.severities), len(Consent))
    if any(
        not 0 <= number < most for number, most in zip(numbers, limits, strict=True)
    ):
        raise MessageTooOld
    category, severity, consent = numbers
    return Report(consent=Consent(consent), category=category, severity=severity)
