"""The cases that organizers read, and that authors open with their codes (§12).

On disk each is sealed under a key of its own, and here too until somebody looks at it.
With its time a case's key is destroyed first, and then its row.
"""

from collections.abc import Sequence

from bot.core.canonical import Malformed
from bot.core.cases import (
    NAME_CHARS,
    By,
    Case,
    decode_case,
    open_report,
    with_words,
    without_mute,
)
from bot.core.errors import CaseGone
from bot.core.records import (
    BoxTables,
    CaseRow,
    Change,
    DropCase,
    SaveCase,
    SaveTables,
)
from bot.core.releases import Released
from bot.core.reports import CaseId
from bot.crypto.cases import (
    NONCE_BYTES,
    case_id_of,
    open_case,
    open_reply,
    seal_case,
)
from bot.gate.book import Book
from bot.gate.vault import Vault
from bot.log import failure
from bot.ports import Clock, Randomness, Store, Tampered

# protocol.md §12: a mute box leads to its author for so long.
MUTE_SECONDS = 14 * 24 * 60 * 60


class Cases:
    """All cases, as they lie in the store."""

    def __init__(
        self,
        *,
        store: Store,
        book: Book,
        vault: Vault,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        """Start empty; `load` reads the store."""
        self._store = store
        self._book = book
        self._vault = vault
        self._clock = clock
        self._random = randomness
        self._rows: dict[CaseId, CaseRow] = {}
        # Until when a case leads the counter to its author.
        self._mutes: dict[CaseId, int] = {}
        # Those that organizers never hear of: to open them takes time that tells.
        self._passed_over: set[CaseId] = set()
        book.tell(self._remember)

    async def load(self) -> None:
        """Read all cases. A row without its key, or a key without its row, is over."""
        rows = {row.case_id: row for row in await self._store.cases()}
        keys = self._vault.case_ids()
        self._vault.forget_cases(*(keys - rows.keys()))
        self._rows = {each: row for each, row in rows.items() if each in keys}
        for case_id in list(self._rows):
            try:
                self._note(self._open(case_id))
            except Tampered as fault:
                # It stays where it is; a restored database may still have it whole.
                failure("case_held", fault)
                del self._rows[case_id]
        gone = [DropCase(case_id=case_id) for case_id in rows.keys() - keys]
        if gone:
            await self._book.commit(gone)

    # Reading -----------------------------------------------------------------

    def all(self) -> list[Case]:
        """Return all that organizers may read, by their ids, whose order is chance."""
        return [self._open(case_id) for case_id in sorted(self._heard())]

    def named(self, name: str) -> Case:
        """Return the case that a button or somebody names, or raise `CaseGone`."""
        for case_id in self._heard():
            if case_id.hex()[:NAME_CHARS] == name:
                return self._open(case_id)
        raise CaseGone

    def by_code(self, code_key: bytes) -> tuple[Case, list[str]] | None:
        """Return the case that a code opens, with what was said in it, or nothing.

        Nothing comes for a wrong code, and for a report that nobody may read yet. One
        that is passed over opens like any that waits for a reply.
        """
        case_id = case_id_of(code_key)
        if case_id not in self._rows:
            return None
        case = self._open(case_id)
        said: list[str] = []
        for turn in case.turns:
            try:
                is_reply = turn.by is By.ORGANIZERS
                said.append(open_reply(turn.box, code_key) if is_reply else turn.text)
            except Malformed:
                raise Tampered("A reply in a case cannot be read.") from None
        return case, said

    def next_end(self) -> int | None:
        """Return when the next case is destroyed, or stops to lead to its author."""
        ends = [row.ends_at for row in self._rows.values()]
        mutes = [self._mutes[each] for each in self._rows if self._mutes[each]]
        return min(ends + mutes, default=None)

    # Writing -----------------------------------------------------------------

    def saved(self, case: Case) -> SaveCase:
        """Return the change that keeps a case as it is now."""
        self._note(case)
        return SaveCase(case=self._sealed(case))

    def take(self, released: Released) -> list[Change]:
        """Return the changes that a release brings; keys of new cases are kept first.

        What is about a case that is not here, since its code is wrong or its time is
        over, changes nothing, and nobody hears of it.
        """
        now = self._clock.now()
        changed: dict[CaseId, Case] = {}
        for report in released.reports:
            changed[report.case_id] = open_report(
                report,
                now=now,
                ends_at=now + report.keep_seconds,
                mute_until=now + MUTE_SECONDS if report.mute_box else 0,
            )
        self._vault.keep_cases({each: self._random(32) for each in changed})
        for words in released.words:
            case = changed.get(words.case_id)
            if case is None and words.case_id in self._rows:
                case = self._open(words.case_id)
            if case is not None:
                changed[words.case_id] = with_words(
                    case, words.text, passed_over=words.passed_over
                )
        changes: list[Change] = [self.saved(case) for case in changed.values()]
        back = [each for each in released.taken_back if each in self._rows]
        # The key first, so that nothing opens what may be left of the row.
        self._vault.forget_cases(*back)
        for case_id in back:
            del self._rows[case_id]
        changes += [DropCase(case_id=case_id) for case_id in back]
        if released.tables:
            tables = BoxTables(
                drive_id=released.drive_id,
                number=released.number,
                tables=released.tables,
            )
            changes.append(SaveTables(tables=tables))
        return changes

    async def expire(self, now: int) -> bool:
        """Destroy one case whose time is over; tell whether there was one."""
        for row in self._rows.values():
            if row.ends_at <= now:
                await self.drop(row.case_id)
                return True
        for case_id in self._rows:
            if 0 < self._mutes[case_id] <= now:
                await self.keep(without_mute(self._open(case_id)))
                return True
        return False

    async def keep(self, *cases: Case) -> None:
        """Write cases as they are now, all or none."""
        await self._book.commit([self.saved(case) for case in cases])

    async def drop(self, case_id: CaseId) -> None:
        """Destroy a case: its key first, so that nothing opens what may be left."""
        self._vault.forget_cases(case_id)
        self._rows.pop(case_id, None)
        await self._book.commit([DropCase(case_id=case_id)])

    # Private -----------------------------------------------------------------

    def _heard(self) -> set[CaseId]:
        """Return the cases that organizers may read."""
        return self._rows.keys() - self._passed_over

    def _note(self, case: Case) -> None:
        """Know of a case what is needed before it is opened."""
        self._mutes[case.case_id] = case.mute_until
        if case.passed_over:
            self._passed_over.add(case.case_id)

    def _remember(self, changes: Sequence[Change]) -> None:
        """Follow what is in the store now."""
        for change in changes:
            if isinstance(change, SaveCase):
                self._rows[change.case.case_id] = change.case

    def _open(self, case_id: CaseId) -> Case:
        row = self._rows[case_id]
        try:
            plain = open_case(
                self._vault.case_key(case_id),
                row.sealed,
                case_id=case_id,
                box=row.drive_id,
                ends_at=row.ends_at,
            )
            return decode_case(plain, case_id, row.drive_id, row.ends_at)
        except Malformed:
            raise Tampered("A case was altered in the database.") from None

    def _sealed(self, case: Case) -> CaseRow:
        sealed = seal_case(
            self._vault.case_key(case.case_id),
            case.encode(),
            case_id=case.case_id,
            box=case.box,
            ends_at=case.ends_at,
            nonce=self._random(NONCE_BYTES),
        )
        return CaseRow(
            case_id=case.case_id,
            drive_id=case.box,
            ends_at=case.ends_at,
            sealed=sealed,
        )
