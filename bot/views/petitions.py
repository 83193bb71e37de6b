"""What people see of petitions: post, forms, replies, results (pure).

Each page says who can see what before anything is sent. None depends on who asks, and
the reply is the same for signing, signing again and taking a name off.
"""

from bot.core.details import Detail
from bot.core.drives import State
from bot.core.petitions import Collects, PetitionTerms
from bot.core.receipts import Receipt
from bot.core.records import Drive, Post, PostKind
from bot.core.signing_forms import ENDS, PetitionForm
from bot.views import petition_text, text
from bot.views.forms import (
    CLOSES_CHARS_MAX,
    CODE_CHARS_MAX,
    seen_by_organizer,
)
from bot.views.names import quoted
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
_TRUSTEES_CHARS_MAX = 200


def post_card(
    post: Post, drive: Drive, *, next_count: int, scene: Scene, file: bytes = b""
) -> Card:
    """Return what a petition says in its channel; `file` is its signed result."""
    title = quoted(drive.title)
    match post.kind:
        case PostKind.RESULT:
            return result_card(drive, scene)
        case PostKind.CERTIFICATE:
            words = petition_text.CERTIFICATE.format(title=title)
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
    terms = drive.petition
    sign = Button(action=f"sign:{drive.name}", label=petition_text.SIGN)
    off = Button(action=f"unsign:{drive.name}", label=petition_text.TAKE_OFF)
    seen = petition_text.SEEN
    if terms.collects is Collects.COUNT:
        seen = petition_text.SEEN_COUNT
    blocks: list[Block] = [
        *title_and_text(terms),
        *_to(terms),
        Line(text=_promise(drive)),
        Line(text=seen[scene.platform], look=Look.NOTE),
        Buttons(buttons=(sign, off, WHO_BUTTON)),
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
        words = [progress(drive, next_count), petition_text.RESULT_OPEN]
    elif drive.state is State.CLOSING:
        words = [petition_text.RESULT_COUNTING]
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
    terms = drive.petition
    closes = moment(closes_of(drive))
    names = terms.collects is not Collects.COUNT
    consent = Field(
        name="consent",
        label=text.FIELD["sign_consent" if names else "count_consent"],
        type=FieldType.CHECK,
        hint=text.FIELD_HINT["sign_consent" if names else "count_consent"],
    )
    details = (Detail.NAME, *terms.asks) if names else ()
    return Form(
        form=f"sign:{drive.name}",
        title=petition_text.SIGN_TITLE,
        blocks=(
            *title_and_text(terms),
            *_to(terms),
            *_who_reads(terms, scene),
            Line(text=petition_text.SIGN_LATER.format(closes=closes), look=Look.NOTE),
        ),
        fields=(*map(_detail_field, details), consent),
        submit=petition_text.SIGN_SEND,
    )


def withdraw_form(drive: Drive, scene: Scene) -> Form:
    """Return the form that takes a name off; the code is for another account."""
    return Form(
        form=f"unsign:{drive.name}",
        title=petition_text.OFF_TITLE,
        blocks=(
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=petition_text.OFF_FORM),
            Line(text=petition_text.OFF_SEEN[scene.platform]),
        ),
        fields=(
            Field(
                name="withdraw",
                label=text.FIELD["withdraw"],
                type=FieldType.CHECK,
                hint=text.FIELD_HINT["withdraw"],
            ),
            Field(
                name="code",
                label=text.FIELD["sign_code"],
                type=FieldType.CODE,
                required=False,
                hint=text.FIELD_HINT["sign_code"],
                chars_max=CODE_CHARS_MAX,
            ),
        ),
        submit=petition_text.OFF_SEND,
    )


def received(drive: Drive, receipt: Receipt) -> Card:
    """Return the reply to signing, signing again and taking a name off."""
    at = _CODE_LINE_CHARS
    code = f"{receipt.code[:at].strip()}\n{receipt.code[at:].strip()}"
    last = receipt.code.replace(" ", "")[-4:]
    closes = moment(closes_of(drive))
    return Card(
        kind=CardKind.RECEIPT,
        blocks=(
            Line(text=petition_text.RECEIVED.format(closes=closes)),
            Line(text=code, look=Look.CODE),
            Line(text=petition_text.CODE_FOR),
            Line(text=text.CODE_MARK.format(mark=receipt.mark), look=Look.NOTE),
            Buttons(
                buttons=(
                    Button(action=f"kept:{last}", label=text.HAVE_CODE),
                    Button(action="skip", label=text.NO_CODE_WANTED),
                    Button(action=f"unsign:{drive.name}", label=petition_text.TAKE_OFF),
                )
            ),
        ),
        data={"code": receipt.code},
    )


def petition_form(form: str, scene: Scene, *, value: PetitionForm) -> Form:
    """Return the form of a new petition with `value` filled in; `form` is its id."""
    return Form(
        form=form,
        title=petition_text.PETITION_TITLE,
        blocks=(Line(text=petition_text.PETITION_FORM), seen_by_organizer(scene)),
        fields=(
            _field("text", "petition", value.text, 2500, kind=FieldType.LONG_TEXT),
            _field("threshold", "threshold", value.threshold, 10),
            _field("closes", "closes", value.closes or "30d", CLOSES_CHARS_MAX),
            _field("trustees", "trustees", value.trustees, _TRUSTEES_CHARS_MAX),
            _field("channel", "channel", "", 100, kind=FieldType.PLACE),
            *([_field("also", "also", "", 100)] if scene.elsewhere else []),
            _field("title", "title", value.title, 150),
            _field("addressee", "addressee", value.addressee, 100),
            _choice("kind", value.kind, tuple(each.value for each in Collects)),
            _field("ask", "ask", ", ".join(value.ask), 100),
            _choice("ends", value.ends, ENDS),
            _choice("audience", value.audience, ("members", "guests")),
            _field("name", "name", value.name, 24),
            _field("employer", "employer", value.employer, 100),
            _field("language", "language", value.language, 8),
        ),
        submit=text.FORM_POLL_SEND,
    )


def asked_words(terms: PetitionTerms) -> str:
    """Return what a petition asks for, as its preview says it."""
    if terms.collects is Collects.COUNT:
        return petition_text.NO_NAMES
    if not terms.asks:
        return petition_text.NOTHING_ASKED
    return ", ".join(each.value for each in (Detail.NAME, *terms.asks))


def _drive_card(drive: Drive, *, next_count: int, scene: Scene) -> Card:
    if drive.state is State.OPEN:
        blocks = open_blocks(drive, next_count=next_count, scene=scene)
    else:
        blocks = (
            Line(text=quoted(drive.title), look=Look.HEADING),
            Line(text=petition_text.POST_CLOSED),
            mark_line(drive),
            last_line(drive, scene),
        )
    return Card(
        kind=CardKind.DRIVE,
        blocks=blocks,
        data={**facts(drive), "turnout_floor": drive.floor},
    )


def _to(terms: PetitionTerms) -> list[Line]:
    if not terms.addressee:
        return []
    words = petition_text.POST_TO.format(addressee=quoted(terms.addressee))
    return [Line(text=words)]


def _promise(drive: Drive) -> str:
    terms = drive.petition
    words = {
        Collects.NAMES: petition_text.POST_NAMES,
        Collects.COUNT: petition_text.POST_COUNT,
        Collects.INTEREST: petition_text.POST_INTEREST,
    }[terms.collects]
    return words.format(
        threshold=f"{terms.threshold:,}",
        addressee=_addressee(terms),
        closes=moment(closes_of(drive)),
        **holders_of(terms),
    )


def _who_reads(terms: PetitionTerms, scene: Scene) -> list[Line]:
    if terms.collects is Collects.COUNT:
        return [Line(text=petition_text.SEEN_COUNT[scene.platform])]
    words = petition_text.SIGN_IF
    if terms.collects is Collects.INTEREST:
        words = petition_text.SIGN_IF_INTEREST
    when = words.format(threshold=f"{terms.threshold:,}", addressee=_addressee(terms))
    cheat = petition_text.SIGN_CHEAT.format(**holders_of(terms))
    parts = (petition_text.SEEN[scene.platform], when, cheat)
    return [Line(text=part) for part in parts]


def _addressee(terms: PetitionTerms) -> str:
    return quoted(terms.addressee) or petition_text.WHOEVER


def _detail_field(detail: Detail) -> Field:
    label = "sign_name" if detail is Detail.NAME else detail.value
    return Field(
        name=detail.value,
        label=text.FIELD[label],
        required=detail is Detail.NAME,
        hint=text.FIELD_HINT[label],
        chars_max=_NAME_CHARS_MAX if detail is Detail.NAME else _LINE_CHARS_MAX,
    )


def _field(
    name: str, label: str, value: str, most: int, *, kind: FieldType = FieldType.TEXT
) -> Field:
    return Field(
        name=name,
        label=text.FIELD[label],
        type=kind,
        required=False,
        hint=text.FIELD_HINT[label],
        value=value,
        chars_max=most,
    )


def _choice(name: str, value: str, options: tuple[str, ...]) -> Field:
    default = {"kind": Collects.NAMES.value}.get(name, options[0])
    return Field(
        name=name,
        label=text.FIELD[name],
        type=FieldType.ONE,
        required=False,
        options=options,
        hint=text.FIELD_HINT[name],
        value=value or default,
    )
