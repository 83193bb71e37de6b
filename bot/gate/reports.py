"""A report's way in, and an author's way back to it by a code (protocol.md §6, §12)."""

from dataclasses import replace

from bot.core.actors import Actor
from bot.core.ballots import Kind, Tag
from bot.core.errors import (
    BoxClosed,
    BoxNotOpen,
    DriveClosed,
    DriveNotOpen,
    TooBusy,
)
from bot.core.manifest import DriveId
from bot.core.records import Drive
from bot.core.reports import (
    NO_BOX,
    Act,
    Address,
    CaseLetter,
    Consent,
    Report,
)
from bot.crypto.cases import case_id_of, reply_key_of
from bot.crypto.codes import CODE_RANDOM_BYTES, Code, code_key, make_code, read_code
from bot.crypto.tags import make_tag
from bot.gate.answers import Answers, Content
from bot.gate.cases import Cases
from bot.gate.lanes import Lanes
from bot.gate.vault import Vault
from bot.ports import Randomness

_TAG_BYTES = 32


class Reports:
    """Takes reports and the letters of cases."""

    def __init__(
        self,
        *,
        vault: Vault,
        answers: Answers,
        lanes: Lanes,
        cases: Cases,
        randomness: Randomness,
    ) -> None:
        """Join the parts."""
        self._vault = vault
        self._answers = answers
        self._lanes = lanes
        self._cases = cases
        self._random = randomness

    async def submit(
        self, actor: Actor, box: Drive, report: Report, *, urgent: bool
    ) -> Code | None:
        """Store a report durably; return the one code that ever opens its case.

        A report that only counts has no case, so no code. One that is `urgent` takes
        the lane: its author agreed to be read alone.
        """
        try:
            self._answers.check_open(box.drive_id)
            return await self._submit(actor, box, report, urgent=urgent)
        except DriveClosed:
            raise BoxClosed from None
        except DriveNotOpen:
            raise BoxNotOpen from None

    async def add(self, actor: Actor, code: str, act: Act, text: str = "") -> None:
        """Store what an author says about their case, whether or not there is one.

        The same is stored, in the same time, for every well-formed code.
        """
        key = code_key(read_code(code))
        found = self._cases.by_code(key)
        # A mute holds by the box's tag. Nobody can be muted in a case that is not here.
        address = self._address(actor, found[0].box if found else NO_BOX)
        letter = CaseLetter(case_id=case_id_of(key), act=act, text=text)
        await self._by_lane(actor, Kind.LETTER, address.encode() + letter.encode())

    async def _submit(
        self, actor: Actor, box: Drive, report: Report, *, urgent: bool
    ) -> Code | None:
        if report.consent is Consent.COUNT:
            content = Content(kind=Kind.REPORT, payload=report.encode())
            await self._answers.put(actor, box.drive_id, content)
            return None
        random = self._random(CODE_RANDOM_BYTES)
        key = code_key(random)
        payload = replace(
            report, case_id=case_id_of(key), reply_key=reply_key_of(key)
        ).encode()
        if urgent:
            address = self._address(actor, box.drive_id)
            await self._by_lane(actor, Kind.REPORT, address.encode() + payload)
        else:
            content = Content(kind=Kind.REPORT, payload=payload)
            await self._answers.put(actor, box.drive_id, content)
        return make_code(random)

    async def _by_lane(self, actor: Actor, kind: Kind, payload: bytes) -> None:
        lane = self._lanes.open_lane()
        # The counter has not made its keys yet.
        if lane is None:
            raise TooBusy
        try:
            content = Content(kind=kind, payload=payload)
            await self._answers.put(actor, lane.drive_id, content)
        except DriveClosed:
            raise TooBusy from None

    def _address(self, actor: Actor, box: DriveId) -> Address:
        keys = self._vault.drive(box)
        tag = make_tag(keys.k_gate, box, actor) if keys else None
        return Address(box=box, tag=tag or Tag(self._random(_TAG_BYTES)))
