"""What people see of petitions, in every state and on every platform."""

from dataclasses import replace

import pytest

from bot.core.details import Detail
from bot.core.drives import State
from bot.core.legal import LegalLine
from bot.core.petition_files import NO_BOXES, PetitionCertificate
from bot.core.petitions import Collects, PetitionTerms
from bot.core.receipts import Receipt
from bot.core.records import Drive, Post, PostKind
from bot.core.signing_forms import PetitionForm
from bot.core.slots import Schedule
from bot.views import organizing, petition_forms, petition_text, petitions
from bot.views.kinds import post_card, result_card
from bot.views.posts import mark_line
from bot.views.scene import Scene
from bot.views.widgets import (
    FORM_FIELDS_MAX,
    Card,
    CardKind,
    Chart,
    FieldType,
    Form,
    Goal,
)
from tests.core.petition import BREAKS, COUNTED, MEMBERS
from tests.fakes.workplace import buttons, labels, words
from tests.views.drives import CONSOLE, DAY, NOON, SCENES, a_drive

WEEK = Schedule(opens_at=NOON, closes_at=NOON + 7 * DAY, slot_seconds=DAY // 4)
INTEREST = replace(
    BREAKS,
    collects=Collects.INTEREST,
    asks=(Detail.CONTACT, Detail.PHONE),
    employer="Ware House",
    language="en",
)
KINDS = (BREAKS, COUNTED, INTEREST, MEMBERS)
BUTTONS = {kind: ["Sign", "Take my name off"] for kind in Collects} | {
    Collects.MEMBERSHIP: ["I am a member", "How to join", "Don't count me"]
}


def petition(
    terms: PetitionTerms = BREAKS, state: State = State.OPEN, floor: int = 0
) -> Drive:
    """Return a petition as it is in this state."""
    return replace(a_drive(), terms=terms, state=state, floor=floor, schedule=WEEK)


def ended(count: int | None, terms: PetitionTerms = BREAKS) -> Drive:
    """Return a petition that ended with so many signatures."""
    if count is None:
        return petition(terms, State.CLOSED)
    certificate = PetitionCertificate(
        manifest_digest=bytes(32),
        chain_head=bytes(32),
        slots=1,
        count=count,
        boxes=NO_BOXES,
    )
    text = bytes(64) + certificate.encode()
    return replace(petition(terms, State.PUBLISHED), certificate=text)


def post(kind: PostKind) -> Post:
    """Return a post of this kind."""
    return Post(drive_id=a_drive().drive_id, kind=kind, place="general")


def said(drive: Drive, kind: PostKind = PostKind.DRIVE, scene: Scene = CONSOLE) -> str:
    """Return the words of a post."""
    card = post_card(post(kind), drive, next_count=NOON, scene=scene, file=b"file")
    return words(card)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
@pytest.mark.parametrize("terms", KINDS, ids=lambda terms: terms.collects.value)
def test_post_says_who_can_see_what_before_its_buttons(
    terms: PetitionTerms, scene: Scene
) -> None:
    """What happens to a name stands above the button that signs."""
    card = post_card(
        post(PostKind.DRIVE), petition(terms), next_count=NOON, scene=scene
    )
    shown = words(card)

    assert labels(card) == [*BUTTONS[terms.collects], "Who can see what?"]
    assert "Who can see what:" in shown
    assert terms.title in shown
    assert terms.text in shown
    assert shown.index("Who can see what:") < shown.index("About 800 people")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
@pytest.mark.parametrize("terms", KINDS, ids=lambda terms: terms.collects.value)
def test_form_says_who_could_cheat(terms: PetitionTerms, scene: Scene) -> None:
    """Before every signature: who sees it, what becomes of it, and who could cheat."""
    form = petitions.sign_form(petition(terms), scene)
    shown = "\n".join(line.text for line in form.blocks)

    assert "**Who can see what:**" in shown
    assert "could" in shown
    assert terms.text in shown
    assert ("2 of 3 key holders" in shown) is terms.has_names
    assert form.fields[-1].name == "consent"
    assert form.fields[-1].type is FieldType.CHECK
    assert not form.fields[-1].value


def test_form_asks_for_what_the_terms_say() -> None:
    """A field for each detail, the name first; a count asks for consent alone."""
    fields = [
        [field.name for field in petitions.sign_form(petition(terms), CONSOLE).fields]
        for terms in KINDS
    ]

    assert fields == [
        ["name", "affiliation", "consent"],
        ["consent"],
        ["name", "contact", "phone", "consent"],
        ["consent"],
    ]
    # Discord has room for no more.
    assert max(map(len, fields)) <= FORM_FIELDS_MAX


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.platform)
def test_withdrawing_says_who_sees_it(scene: Scene) -> None:
    """Taking a name off is a form of its own, with a code for other accounts."""
    form = petitions.withdraw_form(petition(), scene)

    assert [field.name for field in form.fields] == ["withdraw", "code"]
    assert [field.required for field in form.fields] == [True, False]
    assert any("Who can see what" in line.text for line in form.blocks)


def test_text_of_one_line_is_not_said_twice() -> None:
    """A text that is its own title stands once in the post."""
    terms = replace(BREAKS, title="We ask for breaks.", text="We ask for breaks.")

    assert said(petition(terms)).count("We ask for breaks.") == 1
    assert said(petition()).count(BREAKS.text) == 1


ELECTION = LegalLine(
    percent=30,
    since="2015-09-01",
    link="https://example.org/rule",
    words="For an **election**.",
)


@pytest.mark.parametrize(
    ("floor", "is_reached"), [(0, False), (225, False), (250, True)]
)
def test_line_of_the_law(floor: int, is_reached: bool) -> None:  # noqa: FBT001
    """It is counted of those who can sign, and the floor alone says it is reached."""
    terms = replace(BREAKS, threshold=500)
    scene = replace(CONSOLE, legal_lines=(ELECTION,))
    shown = said(petition(terms, floor=floor), scene=scene)

    assert "30 % of about 800 people is 240. “For an *election*.”" in shown
    assert "Rule of 2015-09-01: https://example.org/rule" in shown
    assert ("at least 240 people had signed" in shown) is is_reached
    assert petition_text.LEGAL_NOTE in shown


def test_line_of_the_law_where_nobody_was_counted() -> None:
    """Where nobody knows how many can sign, no line is reached."""
    scene = replace(CONSOLE, legal_lines=(ELECTION,))
    shown = said(petition(replace(BREAKS, audience=0)), scene=scene)

    assert "is 0." in shown
    assert "people had signed" not in shown


def test_no_line_of_the_law_by_itself() -> None:
    """The program draws no line that nobody told it."""
    assert "law" not in said(petition()).lower().replace("lawyer", "")


@pytest.mark.parametrize(
    ("floor", "shown"),
    [
        (0, "No number yet. The first one shows at 10."),
        (10, "At a count, at least 10 of about 800 people had signed. 20 are needed."),
        (20, "20 reached. At a count, at least 20 of about 800 people had signed."),
    ],
)
def test_progress(floor: int, shown: str) -> None:
    """The line says its own rule, and the threshold when it is reached."""
    assert shown in said(petition(floor=floor))
    assert shown in words(result_card(petition(floor=floor), CONSOLE, next_count=NOON))


def test_of_how_many_is_said_once() -> None:
    """Before the first count it stands alone; then in the sentence with the floor."""
    assert "About 800 people can sign." in said(petition())
    assert "About 800 people can sign." not in said(petition(floor=10))


@pytest.mark.parametrize("audience", [0, 9])
def test_more_signed_than_could_at_the_start(audience: int) -> None:
    """Where more came than were there, nobody reads that 10 of 9 had signed."""
    shown = said(petition(replace(BREAKS, audience=audience), floor=10))

    assert "at least 10 people had signed." in shown
    assert f"About {audience} people can sign." in shown


@pytest.mark.parametrize(
    ("drive", "shown"),
    [
        (petition(), "no early look"),
        (petition(state=State.CLOSING), "being counted"),
        (ended(1023), "1,023 people signed. The key holders can open"),
        (ended(40, COUNTED), "40 of about 800 people signed. No names were asked for."),
        (ended(30, replace(BREAKS, threshold=100)), "30 of about 800 people signed. "),
        (ended(None), "Fewer than 25 of about 800 people signed."),
        (ended(30, replace(BREAKS, audience=29)), " 30 people signed. "),
        (ended(None, replace(BREAKS, audience=0)), "Fewer than 25 people signed."),
        (ended(None), "2 of 3 key holders would have had to cheat together"),
        (ended(None, COUNTED), "organizers can start again"),
    ],
)
def test_results(drive: Drive, shown: str) -> None:
    """In each state everybody reads the same, and never more than the rules say."""
    assert shown.strip() in words(result_card(drive, CONSOLE, next_count=NOON))


def test_result_for_programs() -> None:
    """A program reads whether the count is known."""
    known, unknown = (result_card(ended(count), CONSOLE).data for count in (30, None))

    assert (known["signed"], unknown["signed"]) == (30, None)
    assert known["released"] is None


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (PostKind.RESULT, "30 of about 800 people signed"),
        (PostKind.CERTIFICATE, "roundrobin trustee"),
        (PostKind.CLOSED_EARLY, "closed early"),
        (PostKind.DRIVE, "This petition is closed."),
    ],
)
def test_posts_after_the_end(kind: PostKind, shown: str) -> None:
    """Each post says what it is there for."""
    assert shown in said(ended(30), kind)


def test_result_has_the_mark_that_key_holders_compare() -> None:
    """The count and the mark stand in one post; without a count there is none."""
    mark = words(Card(kind=CardKind.DRIVE, blocks=(mark_line(ended(30)),)))

    assert mark in said(ended(30), PostKind.RESULT)
    assert mark not in said(ended(None), PostKind.RESULT)


def test_file_goes_with_its_post() -> None:
    """The file of names has an ending of its own."""
    card = post_card(
        post(PostKind.CERTIFICATE),
        ended(30),
        next_count=0,
        scene=CONSOLE,
        file=b"file",
    )

    assert card.kind is CardKind.CERTIFICATE
    assert card.attachment == ("breaks.petition", b"file")


def test_reply_shows_a_code_and_nothing_else() -> None:
    """The reply depends on the petition and the code alone."""
    receipt = Receipt(next_count=NOON, code="AAAA " * 6 + "BB", mark="0" * 16)
    card = petitions.received(petition(), receipt)

    assert card.kind is CardKind.RECEIPT
    assert words(card).startswith("Received.")
    assert [button.label for button in buttons(card)][-1] == "Take my name off"


def test_petition_without_an_addressee() -> None:
    """Where nobody is named, no line is empty."""
    terms = replace(BREAKS, addressee="")

    assert "To:" not in said(petition(terms))
    assert "whoever it is for" in said(petition(terms))


def test_draft_has_no_mark() -> None:
    """Before its terms are signed, a post has no mark of them."""
    blocks = petitions.open_blocks(
        replace(petition(), manifest=b""), next_count=NOON, scene=CONSOLE
    )

    assert not any("mark" in getattr(block, "text", "") for block in blocks)


@pytest.mark.parametrize("terms", KINDS, ids=lambda terms: terms.collects.value)
@pytest.mark.parametrize("changed", [False, True])
def test_preview_says_all_that_is_decided(
    terms: PetitionTerms, *, changed: bool
) -> None:
    """Organizers read what nobody can change, before they start it."""
    if changed:
        terms = replace(terms, ends_at_threshold=True, guests=True, asks=())
    drive = petition(terms, State.DRAFT)
    for card in (
        organizing.preview(drive, WEEK, CONSOLE, alone=True),
        organizing.confirm_start(drive, WEEK),
    ):
        shown = words(card)

        assert terms.text in shown
        assert f"until {terms.threshold} people" in shown or not terms.has_names
        assert f"{terms.threshold} are needed" in shown or terms.has_names
        assert (f"To: {terms.addressee}" in shown) is bool(terms.addressee)
        assert "Short name: breaks" in shown
        assert "nothing here can be changed" in shown
        assert ("It ends at the first count" in shown) is changed
        assert ("Guests" in shown) is changed


def test_a_second_organizer_sees_who_can_open_the_names() -> None:
    """One holder with a key of the author's own would read them alone."""
    terms = replace(INTEREST, employer="Acme", language="de")
    assert terms.trustees is not None
    shown = words(organizing.confirm_start(petition(terms, State.DRAFT), WEEK))

    assert f"Then {terms.trustees.needed} of {terms.trustees.count} key" in shown
    assert terms.trustees.line() in shown
    assert "Sealed with each name, besides the day: Acme, de." in shown


def test_form_of_a_petition() -> None:
    """The first four fields are enough, and all carry what was typed before."""
    value = PetitionForm(text="We ask.", threshold="20", kind="count")
    form = petition_forms.petition_form("petition", replace(CONSOLE), value=value)
    first = [field.name for field in form.fields[:FORM_FIELDS_MAX]]

    assert first == ["text", "threshold", "kind", "trustees"]
    assert isinstance(form, Form)
    assert {field.name: field.value for field in form.fields}["kind"] == "count"


def test_form_on_two_platforms() -> None:
    """Where another app is connected, its channel can be named."""
    scene = replace(CONSOLE, elsewhere=("discord",))
    form = petition_forms.petition_form("petition", scene, value=PetitionForm())

    assert "also" in [field.name for field in form.fields]


def test_two_platforms_count_accounts() -> None:
    """A petition that is open on two platforms says that each account counts once."""
    both = petition(replace(BREAKS, place="slack/C1 discord/2"))

    assert "Open in #slack/C1 and #discord/2. Each account counts once" in said(both)
    assert "Each account" not in said(petition())


@pytest.mark.parametrize(
    ("floor", "goals"), [(0, []), (200, [(200, 1000)]), (1200, [(1000, 1000)])]
)
def test_post_has_a_bar_once_there_is_a_number(
    floor: int, goals: list[tuple[int, int]]
) -> None:
    """A picture with words that say the same; it shows steps, as the words do."""
    drive = petition(replace(BREAKS, threshold=1000, audience=5000), floor=floor)
    card = post_card(post(PostKind.DRIVE), drive, next_count=NOON, scene=CONSOLE)
    charts = [block for block in card.blocks if isinstance(block, Chart)]

    assert [each.shown for each in charts] == [
        Goal(reached=reached, wanted=wanted, people=5_000) for reached, wanted in goals
    ]
    assert all("of 1,000" in each.alt_text for each in charts)
    assert all(f"{floor:,} of about 5,000 people" in c.alt_text for c in charts)


def test_bar_where_more_came_than_were_there() -> None:
    """It says how far it is, and not of how many."""
    drive = petition(replace(BREAKS, threshold=1000, audience=9), floor=200)
    card = post_card(post(PostKind.DRIVE), drive, next_count=NOON, scene=CONSOLE)
    (chart,) = (block for block in card.blocks if isinstance(block, Chart))

    assert chart.shown == Goal(reached=200, wanted=1000)
    assert "at least 200 people had signed" in chart.alt_text
