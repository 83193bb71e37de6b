"""What people see of petitions: post, forms, replies, results (pure).

Each page says who can see what before anything is sent. None depends on who asks, and
the reply is the same for signing, signing again and taking a name off.
"""

from itertools import starmap

from bot.core.details import Detail
from bot.core.drives import State
from bot.core.petitions import COUNT_SHOWN_MIN, Collects, PetitionTerms
from bot.core.receipts import Receipt
from bot.core.records import Drive, Post, PostKind
from bot.views import confirmation_text, form_text, member_text, petition_text, text
from bot.views.forms import CODE_CHARS_MAX
from bot.views.names import quoted
from bot.views.petition_words import words_of
from bot.views.posts import (
    WHO_BUTTON,
    closes_of,
    facts,
    last_line,
    mark_line,
    several_places,
)
from bot.views.progress import (
    audience_words,
    goal,
    holders_of,
    legal_lines,
    progress,
    result_words,
    signed_count,
)
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import (
    Block,
    Button,
    Buttons,
    Card,
    CardKind,
    Field,
    FieldType,
    Form,
    Line,
    Look,
)

_CODE_LINE_CHARS = 14
# A field's own bound is in bytes; no form takes more characters than that.
_NAME_CHARS_MAX = 200
_LINE_CHARS_MAX = 120


def post_card(
    post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes = b""
) -> Card:
    """Return what a petition says in its channel; `file` is its signed result."""
    title = quoted(drive.title)
    match post.kind:
        case PostKind.RESULT:
            return result_card(drive, scene)
        case PostKind.CERTIFICATE:
            words = words_of(drive.petition).certificate.format(title=title)
            return Card(
                kind=CardKind.CERTIFICATE,
                blocks=(Line(text=words), last_line(drive, scene)),
                data={"drive": drive.name},
                attachment=(f"{drive.name}.petition", file),
            )
        case PostKind.CLOSED_EARLY:
            time = moment(drive.closed_early_at)
            words = petition_text.CLOSED_EARLY.format(question=title, time=time)
            return Card(
                kind=CardKind.NOTICE,
                blocks=(Line(text=words), last_line(drive, scene)),
                data=facts(drive),
            )
        case _:
            return _drive_card(drive, next_count=next_count, scene=scene)


def open_blocks(drive: Drive, *, next_count: int, scene: Scene) -> tuple[Block, ...]:
    """Return the post of an open petition; who can see what stands above buttons."""
    terms, words = drive.petition, words_of(drive.petition)
    sign = Button(action=f"sign:{drive.name}", label=words.sign)
    join = Button(action=f"joining:{drive.name}", label=member_text.JOIN)
    off = Button(action=f"unsign:{drive.name}", label=words.take_off)
    joins = [join] if terms.link else []
    blocks: list[Block] = [
        *title_and_text(terms),
        *addressed_to(terms),
        Line(text=promise(drive)),
        *join_here(terms),
        Line(text=words.seen[scene.platform], look=Look.NOTE),
        Buttons(buttons=(sign, *joins, off, WHO_BUTTON)),
        Line(text=f"{progress(drive, next_count)} {audience_words(drive)}"),
        *goal(drive),
        *legal_lines(drive, scene),
    ]
    blocks += several_places(drive.terms)
    if drive.manifest:
        blocks.append(mark_line(drive))
    blocks.append(last_line(drive, scene))
    return tuple(blocks)


def title_and_text(terms: PetitionTerms) -> list[Line]:
    """Return the title and the text; a text of one line is its own title."""
    title = Line(text=quoted(terms.title), look=Look.HEADING)
    if terms.title == terms.text:
        return [title]
    return [title, Line(text=quoted(terms.text))]


def result_card(drive: Drive, scene: Scene, *, next_count: int = 0) -> Card:
    """Return what everybody may know of a petition now, organizers too."""
    count = signed_count(drive)
    words: list[str]
    if drive.state is State.OPEN:
        words = [progress(drive, next_count), words_of(drive.petition).result_open]
    elif drive.state is State.CLOSING:
        words = [words_of(drive.petition).result_counting]
    else:
        words = result_words(drive)
    return Card(
        kind=CardKind.TALLY,
        blocks=(
            Line(text=quoted(drive.title), look=Look.HEADING),
            *(Line(text=part) for part in words),
            # Key holders compare it with the one in the file.
            *([mark_line(drive)] if drive.certificate else []),
            last_line(drive, scene),
        ),
        data={
            "drive": drive.name,
            "state": drive.state.value,
            "released": None,
            "turnout_floor": drive.floor,
            "threshold": drive.petition.threshold,
            "signed": count,
        },
    )


def sign_form(drive: Drive, scene: Scene) -> Form:
    """Return the form that signs: the text, who can see what, then the fields."""
    terms, words = drive.petition, words_of(drive.petition)
    later = words.sign_later.format(closes=moment(closes_of(drive)))
    details = (Detail.NAME, *terms.asks) if terms.has_names else ()
    hints = {detail: _hint(detail, terms) for detail in details}
    consent = _confirming() if terms.confirms else _check("consent", words.consent)
    cost = confirmation_text.COST[scene.platform]
    return Form(
        form=f"sign:{drive.name}",
        title=words.sign_title,
        blocks=(
            *title_and_text(terms),
            *addressed_to(terms),
            *join_here(terms),
            *_who_reads(terms, scene),
            *([Line(text=cost)] if terms.confirms else []),
            Line(text=later, look=Look.NOTE),
        ),
        fields=(*starmap(_detail_field, hints.items()), consent),
        submit=words.sign_send,
    )


def withdraw_form(drive: Drive, scene: Scene) -> Form:
    """Return the form that takes a name off; the code is for another account."""
    words, stays = words_of(drive.petition), confirmation_text.OFF_STAYS
    return Form(
        form=f"unsign:{drive.name}",
        title=words.off_title,
        blocks=(
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=words.off_form),
            Line(text=petition_text.OFF_SEEN[scene.platform]),
            *([Line(text=stays)] if drive.petition.confirms else []),
        ),
        fields=(
            _check("withdraw", words.withdraw),
            Field(
                name="code",
                label=form_text.FIELD["sign_code"],
                type=FieldType.CODE,
                required=False,
                hint=form_text.FIELD_HINT["sign_code"],
                chars_max=CODE_CHARS_MAX,
            ),
        ),
        submit=words.off_send,
    )


def received(drive: Drive, receipt: Receipt) -> Card:
    """Return the reply to signing, signing again and taking a name off."""
    at = _CODE_LINE_CHARS
    code = f"{receipt.code[:at].strip()}\n{receipt.code[at:].strip()}"
    last = receipt.code.replace(" ", "")[-4:]
    words = words_of(drive.petition)
    said = confirmation_text.RECEIVED if drive.petition.confirms else words.received
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(
            Line(text=said.format(closes=moment(closes_of(drive)))),
            *join_here(drive.petition),
            Line(text=code, look=Look.CODE),
            Line(text=words.code_for),
            Line(text=text.CODE_MARK.format(mark=receipt.mark), look=Look.NOTE),
            Buttons(
                buttons=(
                    Button(action=f"kept:{last}", label=text.HAVE_CODE),
                    Button(action="skip", label=text.NO_CODE_WANTED),
                    Button(action=f"unsign:{drive.name}", label=words.take_off),
                )
            ),
        ),
        data={"code": receipt.code},
    )


def not_yet(drive: Drive, scene: Scene) -> Card:
    """Return where people join who are no members yet; it is the same for everybody."""
    terms = drive.petition
    sign = Button(action=f"sign:{drive.name}", label=member_text.SIGN)
    return Card(
        kind=CardKind.NOTICE,
        blocks=(
            Line(text=member_text.NOT_YET),
            Line(text=member_text.NOT_YET_LINK, link=terms.link),
            Line(text=member_text.NOT_YET_SEEN[scene.platform], look=Look.NOTE),
            Buttons(buttons=(sign,)),
        ),
        data={"drive": drive.name, "link": terms.link},
    )


def join_here(terms: PetitionTerms) -> list[Line]:
    """Return where people join the union, if members are counted."""
    if not terms.link:
        return []
    return [Line(text=member_text.JOIN_HERE, link=terms.link)]


def _drive_card(drive: Drive, *, next_count: int, scene: Scene) -> Card:
    if drive.state is State.OPEN:
        blocks = open_blocks(drive, next_count=next_count, scene=scene)
    else:
        blocks = (
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=words_of(drive.petition).post_closed),
            mark_line(drive),
            last_line(drive, scene),
        )
    return Card(
        kind=CardKind.DRIVE,
        blocks=blocks,
        data={**facts(drive), "turnout_floor": drive.floor},
    )


def addressed_to(terms: PetitionTerms) -> list[Line]:
    """Return whom it is for, if anybody is named."""
    if not terms.addressee:
        return []
    words = petition_text.POST_TO.format(addressee=quoted(terms.addressee))
    return [Line(text=words)]


def promise(drive: Drive) -> str:
    """Return what comes of it, from how many people on, and who opens the names."""
    terms = drive.petition
    return words_of(terms).post.format(
        threshold=f"{terms.threshold:,}",
        shown=min(terms.threshold, COUNT_SHOWN_MIN),
        addressee=_addressee(terms),
        closes=moment(closes_of(drive)),
        **holders_of(terms),
    )


def _who_reads(terms: PetitionTerms, scene: Scene) -> list[Line]:
    if not terms.has_names:
        return [Line(text=words_of(terms).seen[scene.platform])]
    words = petition_text.SIGN_IF
    if terms.collects is Collects.INTEREST:
        words = petition_text.SIGN_IF_INTEREST
    when = words.format(threshold=f"{terms.threshold:,}", addressee=_addressee(terms))
    cheat = petition_text.SIGN_CHEAT.format(**holders_of(terms))
    parts = (petition_text.SEEN[scene.platform], when, cheat)
    return [Line(text=part) for part in parts]


def _addressee(terms: PetitionTerms) -> str:
    return quoted(terms.addressee) or petition_text.WHOEVER


def _confirming() -> Field:
    """Return consent and choice as one field: Discord's form has room for no more."""
    return Field(
        name="consent",
        label=form_text.FIELD["confirm_consent"],
        type=FieldType.ONE,
        options=(confirmation_text.YES, confirmation_text.NO),
        hint=form_text.FIELD_HINT["confirm_consent"],
    )


def _check(name: str, label: str) -> Field:
    return Field(
        name=name,
        label=form_text.FIELD[label],
        type=FieldType.CHECK,
        hint=form_text.FIELD_HINT[label],
    )


def _hint(detail: Detail, terms: PetitionTerms) -> str:
    """Return who reads a detail: a confirmation repeats it."""
    if terms.confirms and detail is not Detail.NAME:
        return confirmation_text.HINT
    return form_text.FIELD_HINT["sign_name" if detail is Detail.NAME else detail.value]


def _detail_field(detail: Detail, hint: str) -> Field:
    label = "sign_name" if detail is Detail.NAME else detail.value
    return Field(
        name=detail.value,
        label=form_text.FIELD[label],
        required=detail is Detail.NAME,
        hint=hint,
        chars_max=_NAME_CHARS_MAX if detail is Detail.NAME else _LINE_CHARS_MAX,
    )
