"""What a signer is sent who asks for a confirmation, and the reply to them (pure).

The message names the signer. It goes to the platform once and is kept nowhere.
"""

from dataclasses import replace

from bot.core.details import Detail
from bot.core.name_boxes import SignedName
from bot.core.receipts import Receipt
from bot.core.records import Drive
from bot.views import confirmation_text
from bot.views.names import quoted
from bot.views.petition_words import words_of
from bot.views.petitions import received, title_and_text
from bot.views.posts import closes_of, mark_line, places_of
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import Button, Buttons, Card, CardKind, Line, Look


def confirmation(drive: Drive, signed: SignedName, scene: Scene) -> Card:
    """Return all that was signed, as the rule wants it repeated, and the way back."""
    terms = drive.petition
    said = confirmation_text.SIGNED.format(date=signed.date)
    off = confirmation_text.TAKE_OFF.format(
        closes=moment(closes_of(drive)),
        place=places_of(terms),
    )
    take_off = Button(action=f"unsign:{drive.name}", label=words_of(terms).take_off)
    empty = Button(action="forget", label=confirmation_text.EMPTY)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=confirmation_text.FIRST),
            Line(text=said),
            *title_and_text(terms),
            Line(text=_details(signed)),
            Line(text=off),
            Line(text=confirmation_text.STAYS[scene.platform], look=Look.NOTE),
            mark_line(drive),
            Buttons(buttons=(take_off, empty)),
        ),
        data={"drive": drive.name},
    )


def confirmed(drive: Drive, receipt: Receipt, *, sent: bool) -> Card:
    """Return the reply to who asked for a confirmation: it says that they signed."""
    card = received(drive, receipt)
    words = confirmation_text.SENT if sent else confirmation_text.NOT_SENT
    sealed = confirmation_text.SEALED.format(closes=moment(closes_of(drive)))
    # Not the first line of all others' reply, which says whose it is.
    blocks = (Line(text=words), Line(text=sealed), *card.blocks[1:])
    return replace(card, blocks=blocks)


def emptied() -> Card:
    """Return what stands in the place of a confirmation that its owner emptied."""
    words = Line(text=confirmation_text.EMPTIED)
    return Card(kind=CardKind.NOTICE, blocks=(words,))


def _details(signed: SignedName) -> str:
    shown = [
        confirmation_text.DETAIL.format(
            label=confirmation_text.LABELS[detail.value], value=quoted(value)
        )
        for detail in Detail
        if (value := signed.detail(detail))
    ]
    return "\n".join(shown)
