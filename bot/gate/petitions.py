"""A signature's way in, and the way a name is taken off (protocol.md §6, §13)."""

from bot.core.actors import Actor
from bot.core.ballots import NO_CODE, Kind
from bot.core.board import mark_of
from bot.core.errors import (
    DriveClosed,
    DriveNotOpen,
    PetitionClosed,
    PetitionNotOpen,
)
from bot.core.name_boxes import SignedName
from bot.core.receipts import Receipt
from bot.core.records import Drive
from bot.core.signatures import Act, Signature
from bot.crypto.codes import CODE_RANDOM_BYTES, code_key, make_code, read_code
from bot.crypto.name_sealing import seal_name
from bot.gate.answers import Answers, Content, next_count
from bot.ports import Clock, Randomness


class Petitions:
    """Takes signatures. A name is a value here until it is boxed, and nowhere else."""

    def __init__(
        self, *, answers: Answers, clock: Clock, randomness: Randomness
    ) -> None:
        """Join the parts."""
        self._answers = answers
        self._clock = clock
        self._random = randomness

    async def sign(
        self, actor: Actor, petition: Drive, signed: SignedName | None
    ) -> Receipt:
        """Store a signature durably; `signed` is None where people only count.

        The receipt is the same for a first signature, a repeat and a withdrawal: each
        brings a new code, and that of a signature takes it off.
        """
        trustees = petition.petition.trustees
        box = b""
        if signed is not None and trustees is not None:
            box = seal_name(signed, trustees.public)
        random = self._random(CODE_RANDOM_BYTES)
        signature = Signature(act=Act.SIGN, box=box)
        return await self._put(actor, petition, signature, random, code_key(random))

    async def withdraw(self, actor: Actor, petition: Drive, code: str = "") -> Receipt:
        """Store that a name is taken off: this account's, or the one of a code.

        The new code in the receipt opens nothing; a receipt without one would tell.
        """
        key = code_key(read_code(code)) if code else b""
        random = self._random(CODE_RANDOM_BYTES)
        return await self._put(
            actor, petition, Signature(act=Act.WITHDRAW), random, key
        )

    async def _put(
        self,
        actor: Actor,
        petition: Drive,
        signature: Signature,
        random: bytes,
        key: bytes,
    ) -> Receipt:
        content = Content(
            kind=Kind.SIGNATURE,
            payload=signature.encode(),
            code_key=key or NO_CODE,
        )
        try:
            envelope = await self._answers.put(actor, petition.drive_id, content)
        except DriveClosed:
            raise PetitionClosed from None
        except DriveNotOpen:
            raise PetitionNotOpen from None
        return Receipt(
            next_count=next_count(petition, self._clock.now()),
            code=make_code(random),
            mark=mark_of(envelope),
        )
