"""Members' pages about petitions: sign, sign again, take a name off.

No page shows what somebody did, and none looks different for somebody.
"""

import asyncio
from datetime import UTC, datetime

from bot.core.actors import Actor
from bot.core.details import Detail
from bot.core.drives import DRAFTS, LISTED, State
from bot.core.errors import (
    ConfirmationNotChosen,
    MessageTooOld,
    NoPetitionOpen,
    NotAPetition,
    NotInPetition,
    PetitionClosed,
    PetitionNotOpen,
    SignConsentMissing,
    UnknownDrive,
    WithdrawNotTicked,
)
from bot.core.name_boxes import SignedName
from bot.core.petitions import PetitionTerms
from bot.core.records import Drive
from bot.core.signing_forms import SignForm, read_signature
from bot.gate import Gate
from bot.ports import Clock, Platform
from bot.requests import NotShown
from bot.router.asked import Asked, Page, View
from bot.views import (
    cards,
    confirmation_text,
    confirmations,
    petition_text,
    petitions,
)
from bot.views.scene import Scene

# Somebody waits for the reply with their code. Slack and Discord answer in a second.
CONFIRM_SECONDS_MAX = 10


class SignPages:
    """Answers whoever signs. It keeps nothing between two requests."""

    def __init__(
        self, *, gate: Gate, platform: Platform, clock: Clock, scene: Scene
    ) -> None:
        """Join the parts."""
        self._gate = gate
        self._platform = platform
        self._clock = clock
        self._scene = scene

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"sign": self.sign, "unsign": self.take_off}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("sign", 1): self.sign,
            ("unsign", 1): self.take_off,
            ("joining", 1): self.joining,
            ("forget", 0): self.forget,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("sign", 1): self.signed, ("unsign", 1): self.withdrawn}

    async def sign(self, asked: Asked) -> View:
        """The form that signs, or a list to choose the petition from."""
        if asked.name:
            return petitions.sign_form(self._open_petition(asked), self._scene)
        drives = await self._open()
        if not drives:
            raise NoPetitionOpen
        if len(drives) == 1:
            return petitions.sign_form(drives[0], self._scene)
        return cards.choose(
            petition_text.WHICH_SIGN, drives, verb="sign", label=petition_text.SIGN
        )

    async def take_off(self, asked: Asked) -> View:
        """The form that takes a name off, or a list to choose from."""
        if asked.name:
            return petitions.withdraw_form(self._open_petition(asked), self._scene)
        drives = await self._open()
        if not drives:
            raise NoPetitionOpen
        if len(drives) == 1:
            return petitions.withdraw_form(drives[0], self._scene)
        return cards.choose(
            petition_text.WHICH_TAKE_OFF,
            drives,
            verb="unsign",
            label=petition_text.TAKE_OFF,
        )

    async def joining(self, asked: Asked) -> View:
        """Where people join the union whose members are counted."""
        petition = self._open_petition(asked)
        if not petition.petition.link:
            raise MessageTooOld
        return petitions.not_yet(petition, self._scene)

    async def forget(self, asked: Asked) -> View:
        """A confirmation is emptied: this stands in its place, and nothing is kept."""
        del asked
        return confirmations.emptied()

    async def signed(self, asked: Asked) -> View:
        """A signature is sealed and stored; the reply is everybody's."""
        petition = self._open_petition(asked)
        form = SignForm(typed={detail: asked.text(detail.value) for detail in Detail})
        signed = read_signature(
            form, petition.petition, petition.drive_id, date=self._today()
        )
        wants = _wants_confirmation(asked, petition.petition)
        await self._check_audience(asked, petition)
        receipt = await self._gate.sign(asked.actor, petition, signed)
        if signed is None or not wants:
            return petitions.received(petition, receipt)
        sent = await self._confirm(asked.actor, petition, signed)
        return confirmations.confirmed(petition, receipt, sent=sent)

    async def withdrawn(self, asked: Asked) -> View:
        """A name is taken off, if there is one; the reply is everybody's."""
        petition = self._open_petition(asked)
        if not asked.is_checked("withdraw"):
            raise WithdrawNotTicked
        await self._check_audience(asked, petition)
        receipt = await self._gate.withdraw(asked.actor, petition, asked.text("code"))
        return petitions.received(petition, receipt)

    # Private -----------------------------------------------------------------

    async def _open(self) -> list[Drive]:
        """Return the open petitions of public channels, the same for everybody."""
        found: list[Drive] = []
        for drive in self._gate.drives():
            is_open = drive.state is State.OPEN
            if is_open and isinstance(drive.terms, PetitionTerms):
                places = drive.terms.places
                if any([await self._platform.is_public(place) for place in places]):
                    found.append(drive)
        return found

    def _open_petition(self, asked: Asked) -> Drive:
        drive = self._gate.drive(asked.name)
        if drive is None or drive.state in DRAFTS:
            raise MessageTooOld if asked.pressed else UnknownDrive
        if not isinstance(drive.terms, PetitionTerms):
            raise NotAPetition
        if drive.state not in LISTED:
            raise PetitionNotOpen
        if drive.state is not State.OPEN:
            raise PetitionClosed
        return drive

    async def _check_audience(self, asked: Asked, petition: Drive) -> None:
        if not await self._platform.may_answer(asked.actor, petition.terms):
            raise NotInPetition

    async def _confirm(self, actor: Actor, petition: Drive, signed: SignedName) -> bool:
        """Send a signer what they signed; tell whether the platform took it.

        It goes out in this request or never: what waited would name them on a disk.
        """
        card = confirmations.confirmation(petition, signed, self._scene)
        try:
            async with asyncio.timeout(CONFIRM_SECONDS_MAX):
                await self._platform.confirm(actor, card)
        except (NotShown, TimeoutError):
            return False
        return True

    def _today(self) -> str:
        return datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m-%d")


def _wants_confirmation(asked: Asked, terms: PetitionTerms) -> bool:
    """Tell whether a signer asked to be sent what they sign, or raise without consent.

    Where there is a choice, consent is one of its two answers and nothing else.
    """
    if not terms.confirms:
        if not asked.is_checked("consent"):
            raise SignConsentMissing
        return False
    chosen = asked.text("consent")
    if chosen not in (confirmation_text.YES, confirmation_text.NO):
        raise ConfirmationNotChosen
    return chosen == confirmation_text.YES
