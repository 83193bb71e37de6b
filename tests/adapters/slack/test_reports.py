"""Reports and petitions in a workspace: what is sent on, and who comes back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.crypto.codes import make_code
from bot.views import form_text, report_text
from tests.core.petition import shares
from tests.fakes.slack import GENERAL, Person, Shown
from tests.fakes.slack_house import MEI, SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60
PHOTO: dict[str, Any] = {
    "subtype": "file_share",
    "files": [{"id": "F1", "mode": "file_access", "file_access": "check_file_info"}],
}
CHOSEN = {
    "category": "Pay",
    "severity": "It hurts people",
    "consent": "Read my text",
}
CLOSED = "Nothing was recorded. This petition is closed."
PETITION = {
    "text": "We ask for a paid break of 30 minutes.",
    "threshold": "20",
    "closes": "3d",
    "trustees": shares().trustees.line(),
    "name": "breaks",
}


@pytest.fixture
async def boxed(tmp_path: Path) -> AsyncIterator[House]:
    """Yield a workspace with an open report box; nothing breaks a rule in it."""
    async with slack_house(tmp_path) as house:
        await house.start("box", name="Report box")
        yield house

        assert house.slack.broken == []


async def code_of_report(who: Person, words: str) -> str:
    """Report something by the form; return the code."""
    page = await who.submit(await who.command("report"), **CHOSEN, text=words)
    sent = await who.submit(page)
    return sent.words.split("```")[1].strip().replace("\n", " ")


def plain(shown: Shown) -> str:
    """Return what is shown without the marks of bold."""
    return shown.words.replace("*", "")


# A message to the bot -----------------------------------------------------------------


@pytest.mark.parametrize("words", ["Look at this!", ""], ids=["words", "photo alone"])
async def test_photo_is_answered_and_not_sent_on(boxed: House, words: str) -> None:
    """Its sender learns why, in the choice and above the form; nobody asks for it."""
    sam = boxed.person(SAM)

    choice = await sam.write(words, **PHOTO)
    form = await sam.press(choice, "Send this text anyway")

    assert choice.words.startswith("*Choose what happens with your message.*")
    assert "Your file is not sent on." in choice.words
    assert "Your file is not sent on." in form.words
    assert ("stands in the form below" in form.words) is bool(words)
    assert form.inputs()["text"].get("initial_value", "") == words
    assert boxed.slack.called("files.info") == []


@pytest.mark.parametrize("subtype", ["me_message", "thread_broadcast"])
async def test_other_ways_to_write_are_answered(boxed: House, subtype: str) -> None:
    """A line about oneself, and an answer in a thread, are messages like any other."""
    choice = await boxed.person(SAM).write("is not paid", subtype=subtype)

    assert choice.words.startswith("*Choose what happens with your message.*")


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted", "bot_add"])
async def test_what_nobody_wrote_is_not_answered(boxed: House, subtype: str) -> None:
    """An edit is no new message; files of the earlier one do not make it one."""
    sam = boxed.person(SAM)
    edited = sam.written("new words", **(PHOTO | {"subtype": subtype}))

    assert await boxed.slack.deliver("events_api", edited) == {}
    assert sam.has_seen_all


@pytest.mark.parametrize(
    "fault", [{"error": "missing_scope"}, {"status": 500}, {"retry_after": 30}], ids=str
)
async def test_message_that_cannot_be_read(boxed: House, fault: dict[str, Any]) -> None:
    """The form opens empty and says so; it does not claim to hold the message."""
    sam = boxed.person(SAM)
    choice = await sam.write("Overtime is not paid.")
    boxed.slack.fail("conversations.history", **fault)

    form = await sam.press(choice, "Send this text anyway")
    again = await sam.press(choice, "Send this text anyway")

    assert report_text.WORDS_MISSING in form.words
    assert "stands in the form below" not in form.words
    assert again.inputs()["text"]["initial_value"] == "Overtime is not paid."


async def test_photo_on_a_chosen_message_is_not_sent_on(boxed: House) -> None:
    """Of a message that somebody chose, the words alone come along."""
    form = await boxed.person(SAM).choose_message("The ladder.", files=PHOTO["files"])

    assert "Your file is not sent on." in form.words
    assert form.inputs()["text"]["initial_value"] == "The ladder."


@pytest.mark.parametrize("way", ["message", "menu"])
async def test_text_comes_along_where_a_box_is_chosen(boxed: House, way: str) -> None:
    """With two boxes a form asks for which one it is; the text is in the next one."""
    await boxed.start("box", name="Night box")
    sam = boxed.person(SAM)
    if way == "message":
        choice = await sam.write("Overtime is <not> paid.")
        which = await sam.press(choice, "Send this text anyway")
    else:
        which = await sam.choose_message("Overtime is <not> paid.")
    form = await sam.submit(which, which="Night box (night-box)")
    page = await sam.submit(form, **CHOSEN)
    sent = await sam.submit(page)

    assert which.inputs()["text"]["initial_value"] == "Overtime is <not> paid."
    assert form.content["callback_id"] == "report:night-box"
    assert form.inputs()["text"]["initial_value"] == "Overtime is <not> paid."
    assert "or your Slack user name." in page.words
    assert sent.content["title"]["text"] == "Keep this code"


async def test_own_name_is_found(boxed: House) -> None:
    """The user name that Slack sends with the form is looked for, in its parts."""
    boxed.slack.handles[SAM] = "sam.field"
    sam = boxed.person(SAM)

    page = await sam.submit(
        await sam.command("report"),
        **CHOSEN,
        text="Field was not paid, and I was not. Samuel was.",
    )

    assert "“*Field* was not paid" in page.words
    assert "*Samuel*" not in page.words
    assert boxed.slack.called("users.info") == []


async def test_new_text_with_new_marks_is_shown_before_it_is_sent(boxed: House) -> None:
    """A text that was changed there is looked at again; the rest stays filled in."""
    sam = boxed.person(SAM)
    page = await sam.submit(
        await sam.command("report"), **CHOSEN, text="Overtime is not paid."
    )
    changed = {"text": "At 14:32 it was not paid.", "place": "Hall 4", "urgent": True}

    again = await sam.submit(page, **changed)
    sent = await sam.submit(again)

    assert "*Not sent yet: your text is new.*" in again.words
    assert "*14:32*" in again.words
    assert again.inputs()["text"]["initial_value"] == changed["text"]
    assert again.inputs()["place"]["initial_value"] == "Hall 4"
    assert again.inputs()["urgent"]["initial_options"]
    assert sent.content["title"]["text"] == "Keep this code"


# Back with a code ---------------------------------------------------------------------


async def test_right_and_wrong_codes_show_pages(boxed: House) -> None:
    """A right code shows the report; a wrong one a page of its own, and no fault."""
    writers = [boxed.person(name) for name in STAFF[:6]]
    codes = [await code_of_report(each, "Overtime is not paid.") for each in writers]
    await boxed.advance(DAY)
    sam = boxed.person(SAM)

    right = await sam.submit(await sam.command("code"), code=codes[0])
    wrong = await sam.submit(await sam.command("code"), code=make_code(bytes(15)))

    assert (right.kind, wrong.kind) == ("form", "form")
    assert right.content["title"]["text"] == form_text.PAGE_TITLE["case"]
    assert {"Add to it", "Take it back"} <= right.buttons().keys()
    assert report_text.CODE_WRONG in plain(wrong)
    assert "Add to it" not in wrong.buttons()


async def test_what_nobody_read_yet_is_taken_back(boxed: House) -> None:
    """A code that opens nothing yet takes its report back, from above the form."""
    writers = [boxed.person(name) for name in STAFF[:6]]
    codes = [await code_of_report(each, f"Not paid: {each.name}.") for each in writers]
    sam = boxed.person(SAM)
    form = await sam.command("code")

    once = await sam.submit(form, code=codes[0].lower().replace(" ", "-"))
    twice = await sam.submit(once, code=codes[0])
    ask = await sam.press(twice, "Take it back")
    done = await sam.press(ask, "Take it back")
    await boxed.advance(DAY)

    assert [each["type"] for each in twice.content["blocks"]].count("actions") == 1
    assert twice.inputs()["code"]["initial_value"] == codes[0]
    assert "it is destroyed after" in done.words
    read = {each.text for each in boxed.place.gate.cases()}
    assert len(read) == 5
    assert f"Not paid: {STAFF[0]}." not in read


async def test_code_of_a_poll_finds_its_form(boxed: House) -> None:
    """Somebody who types a poll's code among reports is shown the way."""
    await boxed.poll()
    sam = boxed.person(SAM)

    wrong = await sam.submit(await sam.command("code"), code=make_code(bytes(15)))
    form = await sam.press(wrong, "Change a counted answer")

    assert report_text.CODE_POLL in plain(wrong)
    assert form.content["callback_id"].startswith("change:")


# Closed meanwhile ---------------------------------------------------------------------


async def closed(house: House) -> None:
    """Let Mei close the newest drive."""
    mei = house.person(MEI)
    name = house.place.gate.drives()[-1].name
    await mei.press(await mei.command(f"close {name}"), "Close it")
    await house.advance(DAY)


@pytest.mark.parametrize("is_checked", [False, True], ids=["form", "page before"])
async def test_report_of_a_closed_box_keeps_what_was_typed(
    boxed: House, *, is_checked: bool
) -> None:
    """What became of it stands above the same form, with the words still in it."""
    sam = boxed.person(SAM)
    form = await sam.command("report")
    filled: dict[str, Any] = {**CHOSEN, "text": "Overtime is not paid."}
    if is_checked:
        form, filled = await sam.submit(form, **filled), {}
    await closed(boxed)

    refused = await sam.submit(form, **filled)

    assert refused.words.startswith("Nothing was recorded. This report box is closed.")
    assert refused.inputs()["text"]["initial_value"] == "Overtime is not paid."


async def test_name_on_a_closed_petition(tmp_path: Path) -> None:
    """Neither a form that was open meanwhile nor a button of the post signs it."""
    async with slack_house(tmp_path) as house:
        post = await house.start("petition", **PETITION)
        sam = house.person(SAM)
        form = await sam.press(post, "Sign")
        await house.advance(4 * DAY)

        refused = await sam.submit(form, name="Sam Field", consent=True)
        pressed = await sam.press(post, "Sign")

        for each in (refused, pressed):
            assert each.words.startswith(CLOSED)
        assert refused.inputs()["name"]["initial_value"] == "Sam Field"
        assert "Sam Field" not in str(house.slack.posts(GENERAL)[0].content)
        assert house.slack.broken == []
