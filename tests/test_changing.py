"""A draft is changed before it starts, whole or in parts, and nothing else of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.records import Drive, OrganizerTag, Role
from bot.core.slots import DAY, HOUR
from bot.requests import Press, Submit
from bot.views.widgets import FORM_FIELDS_MAX, PAGE_FIELDS_MAX, Card, Form
from tests.core.petition import shares
from tests.fakes.workplace import (
    LUNCH,
    MEI,
    SAM,
    SCENE,
    WAREHOUSE,
    Workplace,
    action_of,
    buttons,
    field_of,
    labels,
    words,
    workplace,
)

PETITION = {
    "text": "We ask for a paid break.",
    "threshold": "20",
    "trustees": shares().trustees.line(),
}
SHOP = {
    "text": "We are joining.",
    "threshold": "30",
    "link": "https://example.org/join",
    "people": "50",
}


@pytest.fixture(params=["console", "discord"])
async def office(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Workplace]:
    """A workplace whose only organizer is Mei, and where forms are whole or short."""
    scene = replace(SCENE, platform=request.param)
    async with workplace(tmp_path, scene=scene) as place:
        await place.welcome(MEI, Role.LEAD)
        yield place


async def opened(office: Workplace, preview: Card) -> Form:
    """Open the form of a draft that has one part."""
    return await office.form(Press(actor=MEI, action=action_of(preview, "Change")))


def the_draft(office: Workplace) -> Drive:
    """Return the only drive that there is."""
    (drive,) = office.gate.drives()
    return drive


async def test_settings_of_a_poll(office: Workplace) -> None:
    """The fields that had no room come with what stands, and the others stay."""
    fields = LUNCH | {"closes": "3d", "choice": "single"}
    form = await opened(office, await office.send(MEI, "poll", **fields))
    names = [field.name for field in form.fields]
    kept = {field.name: field.value for field in form.fields}
    changed = kept | {"segments": "Day\nNight", "audience": "guests"}
    changed |= {"extend": "yes", "name": "noon"}
    preview = await office.send(MEI, form.form, **changed)
    poll = the_draft(office).poll

    assert form.whole
    assert names[-4:] == ["name", "segments", "audience", "extend"]
    assert (poll.question, len(poll.options)) == (LUNCH["question"], 3)
    assert (poll.choice.value, poll.segments) == ("single", ("Day", "Night"))
    assert (poll.guests, poll.extend, poll.name) == (True, True, "noon")
    assert the_draft(office).length == 3 * DAY
    assert labels(preview) == ["Start it", "Change", "Not now"]


async def test_settings_of_a_box(office: Workplace) -> None:
    """A digest, areas and times, which one platform's form has no room for."""
    office.chat.channels["organizers"] = {MEI.user}
    form = await opened(office, await office.send(MEI, "box", categories="Pay\nSafety"))
    assert field_of(form, "closes").value == "365d"
    changed = {"every": "6h", "areas": "Hall\nYard", "digest": "organizers"}
    again = await office.send(MEI, form.form, **changed)
    form = await opened(office, again)
    await office.send(MEI, form.form, closes="2d")
    box = the_draft(office).box

    assert field_of(form, "digest").value == "organizers"
    assert (box.categories, box.areas) == (("Pay", "Safety"), ("Hall", "Yard"))
    assert (box.slot_seconds, box.digest) == (6 * HOUR, "organizers")
    assert the_draft(office).length == 2 * DAY


async def test_settings_of_a_petition(office: Workplace) -> None:
    """They come in as many parts as there is room for; each leaves the others alone."""
    preview = await office.send(MEI, "petition", **PETITION)
    for name, value in (("closes", "2027-02-01 18:00"), ("people", "80")):
        form = await part_with(office, preview, name)
        preview = await office.send(MEI, form.form, **{name: value})
    terms = the_draft(office).petition

    assert (terms.text, terms.people) == (PETITION["text"], 80)
    assert terms.trustees is not None
    assert terms.trustees.line() == PETITION["trustees"]
    closes = field_of(await part_with(office, preview, "closes"), "closes")
    assert closes.value == "2027-02-01 18:00:00"


async def part_with(office: Workplace, preview: Card, name: str) -> Form:
    """Open the part of a draft's form that has a field."""
    view = await office.ask(Press(actor=MEI, action=action_of(preview, "Change")))
    if isinstance(view, Form):
        return view
    assert words(view) == "What do you want to change?"
    actions = [action_of(view, label) for label in labels(view)]
    forms = [await office.form(Press(actor=MEI, action=each)) for each in actions]
    assert all(len(form.fields) <= PAGE_FIELDS_MAX for form in forms)
    (form,) = [each for each in forms if name in [f.name for f in each.fields]]
    return form


async def test_every_kind_of_petition_is_in_the_first_fields(office: Workplace) -> None:
    """Whoever has no key holders says so at once; what was chosen stays."""
    first = {"text": "We ask.", "threshold": "20", "kind": "count", "trustees": ""}
    preview = await office.send(MEI, "petition", **first)
    form = await part_with(office, preview, "title")
    await office.send(MEI, form.form, title="A break")
    assert len(first) == FORM_FIELDS_MAX
    assert the_draft(office).petition.collects.value == "count"
    await office.press(MEI, action_of(preview, "Not now"))


async def test_a_meter_stays_one(office: Workplace) -> None:
    """Its own form opens, without names or key holders."""
    form = await opened(office, await office.send(MEI, "membership", **SHOP))
    await office.send(MEI, form.form, title="Join in", ends="threshold")
    terms = the_draft(office).petition

    assert (terms.collects.value, terms.title) == ("membership", "Join in")
    assert (terms.link, terms.people) == (SHOP["link"], 50)
    assert terms.ends_at_threshold


async def test_what_is_wrong_leaves_the_draft(office: Workplace) -> None:
    """It says what is wrong; the draft is there as it was, and its buttons work."""
    preview = await office.send(MEI, "poll", **LUNCH)
    before = the_draft(office)
    form = await opened(office, preview)
    wrong = Submit(actor=MEI, form=form.form, fields={"segments": "Day"})
    refused = await office.card(wrong)
    assert refused.kind.value == "refusal"
    assert the_draft(office) == before
    await office.press(MEI, action_of(preview, "Start it"))

    assert office.gate.drive(before.name) is not None


async def test_a_changed_draft_is_another(office: Workplace) -> None:
    """Buttons under the old preview start nothing that nobody looked at."""
    preview = await office.send(MEI, "poll", **LUNCH)
    form = await opened(office, preview)
    await office.send(MEI, form.form, segments="Day\nNight")
    for label in ("Start it", "Change"):
        old = await office.card(Press(actor=MEI, action=action_of(preview, label)))
        assert old.kind.value == "refusal"
    twice = await office.card(Submit(actor=MEI, form=form.form, fields={}))

    assert twice.kind.value == "refusal"
    assert the_draft(office).poll.segments == ("Day", "Night")


async def test_only_the_author_changes_a_draft(office: Workplace) -> None:
    """Another organizer can confirm it, and not change it."""
    await office.welcome(SAM)
    preview = await office.send(MEI, "poll", **LUNCH)
    pressed = Press(actor=SAM, action=action_of(preview, "Change"))

    assert (await office.card(pressed)).kind.value == "refusal"


async def test_what_was_started_meanwhile_stays(
    office: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other organizer starts it as its author sends a change: it runs on."""
    await office.welcome(SAM)
    preview = await office.send(MEI, "poll", **LUNCH)
    form = await opened(office, preview)
    await office.press(MEI, action_of(preview, "Ask a second organizer"))
    start = action_of(await office.type(SAM, "confirm"), "Start it")
    is_asked, is_read, goes_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    audience, check = office.chat.audience, office.desk.check_drop

    async def slowly(place: str) -> int:
        is_asked.set()
        await goes_on.wait()
        return await audience(place)

    def checked(author: OrganizerTag, drive: Drive) -> None:
        check(author, drive)
        is_read.set()

    monkeypatch.setattr(office.desk, "check_drop", checked)
    monkeypatch.setattr(office.chat, "audience", slowly)
    starting = asyncio.ensure_future(office.press(SAM, start))
    await is_asked.wait()
    changed = Submit(actor=MEI, form=form.form, fields={"segments": "Day\nNight"})
    changing = asyncio.ensure_future(office.card(changed))
    await is_read.wait()
    goes_on.set()
    await starting

    assert (await changing).kind.value == "refusal"
    assert (the_draft(office).state, the_draft(office).poll.segments) == (
        State.OPEN,
        (),
    )


async def test_a_part_that_there_is_not(office: Workplace) -> None:
    """An id that was made up is a message that is too old."""
    preview = await office.send(MEI, "poll", **LUNCH)
    for part in ("7", "x", "-1"):
        action = f"{action_of(preview, 'Change')}:{part}"
        card = await office.card(Press(actor=MEI, action=action))
        assert card.kind.value == "refusal"


async def test_channel_of_a_draft(office: Workplace) -> None:
    """It stays where it is, unless another one is chosen."""
    office.chat.channels |= {"night": set(WAREHOUSE), "yard": set(WAREHOUSE)}
    preview = await office.send(MEI, "poll", **LUNCH, channel="night")
    form = await opened(office, preview)
    # Slack would offer the channel where the form is opened in place of none.
    assert field_of(form, "channel").value == "night"
    preview = await office.send(MEI, form.form, segments="Day\nNight")
    assert the_draft(office).poll.places == ("night",)
    form = await opened(office, preview)
    await office.send(MEI, form.form, channel="#yard")

    assert the_draft(office).poll.places == ("yard",)


async def test_channel_of_a_draft_that_begins_anew(office: Workplace) -> None:
    """Its form comes with the channel, too."""
    await office.welcome(SAM)
    office.chat.channels["night"] = set(WAREHOUSE)
    preview = await office.send(MEI, "poll", **LUNCH, channel="night")
    waits = await office.press(MEI, action_of(preview, "Ask a second organizer"))
    (again,) = [each.action for each in buttons(waits)]
    form = await office.form(Press(actor=MEI, action=again))

    assert field_of(form, "channel").value == "night"


async def test_channel_on_another_platform(tmp_path: Path) -> None:
    """It is added to the draft's own, whatever the draft is called, and stays."""
    scene = replace(SCENE, elsewhere=("discord",))
    channels = {name: set(WAREHOUSE) for name in ("general", "discord/yard", "lunch")}
    async with workplace(tmp_path, scene=scene, channels=channels) as office:
        await office.welcome(MEI, Role.LEAD)
        preview = await office.send(MEI, "poll", **LUNCH, name="lunch")
        form = await opened(office, preview)
        preview = await office.send(MEI, form.form, also="yard")
        assert the_draft(office).poll.places == ("general", "discord/yard")
        form = await opened(office, preview)
        await office.send(MEI, form.form, channel="lunch")

        assert the_draft(office).poll.places == ("lunch", "discord/yard")


async def test_a_title_that_nobody_typed_follows_the_text(office: Workplace) -> None:
    """What the channel reads first is of the new text; a title that was typed stays."""
    first = {"text": "We ask for a break.", "threshold": "20", "kind": "count"}
    preview = await office.send(MEI, "petition", **first)
    drive = the_draft(office)
    form = f"edit:{drive.name}:{drive.drive_id.hex()[:16]}"
    await office.send(MEI, form, text="We ask for two breaks.")
    assert the_draft(office).petition.title == "We ask for two breaks."
    await office.press(MEI, action_of(preview, "Not now"))
