"""Reports and petitions on Discord where something is not as it should be."""

from typing import Any

import pytest

from bot.views import report_text
from tests.fakes.discord_house import DAY, House
from tests.fakes.discord_people import Exchange, labels_of, text_of
from tests.fakes.discord_shapes import Person, Posted

CHOSEN = {
    "category": "Pay",
    "severity": "It hurts people",
    "consent": "Read my text",
}
TEXT = "The overtime was never paid."


async def open_box(house: House, *names: str) -> list[Posted]:
    """Open report boxes as the only organizer, and return their posts."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    for name in names or ("Report box",):
        page = await house.says.command(mei, "organize", at=house.discord.general)
        opened = await house.says.press(mei, "New report box", page)
        drafted = await house.says.submit(mei, opened, name=name)
        await house.says.press(mei, "Start it", drafted)
        await house.settle()
    return house.discord.posted_in(house.discord.general)


async def checked(house: House, sam: Person, **fields: Any) -> Exchange:
    """Fill in the form of a report, and return the page before sending."""
    opened = await house.says.command(sam, "report", at=house.discord.general)
    page: Exchange = await house.says.submit(sam, opened, **(CHOSEN | fields))
    return page


async def test_page_holds_the_text_until_it_is_sent(house: House) -> None:
    """Text and place are changed on the page; what is sent is what stands there."""
    await open_box(house)
    sam = house.discord.person("sam")
    page = await checked(house, sam, text="At 14:32 I am the only one.")
    first = page.text
    opened = await house.says.press_id(sam, "~l0600:text", page.shown[-1])
    changed = await house.says.submit(sam, opened, text=TEXT)
    second = changed.text
    picked = await house.says.pick(sam, "?k:urgent", ["yes"], changed)
    sent = await house.says.press(sam, "Send as it is now", picked)
    await house.advance(DAY)
    (case,) = house.world.gate.cases()

    assert "**14:32**" in first
    assert TEXT in second
    assert "14:32" not in second
    assert "We found no numbers, exact times, or your names on Discord." in second
    assert "sealed and sent" in sent.text
    # The page with the text was replaced by the code.
    assert TEXT not in text_of(page.shown[-1].body)
    assert (case.text, case.urgent) == (TEXT, True)


async def test_box_closed_before_the_report_was_sent(house: House) -> None:
    """The person reads that nothing was recorded, and their text stays on the page."""
    await open_box(house)
    sam, mei = house.discord.person("sam"), house.discord.person("mei2")
    page = await checked(house, sam, text=TEXT)
    await house.welcome(mei)
    (drive,) = house.world.gate.drives()
    await house.world.gate.close_early(drive)
    await house.settle()
    sent = await house.says.press(sam, "Send as it is now", page)

    assert "Nothing was recorded" in sent.text
    assert TEXT in text_of(page.shown[0].body)


async def test_files_are_not_taken(house: House) -> None:
    """Files carry hidden facts: none is sent on, and the person reads that first."""
    await open_box(house)
    sam = house.discord.person("sam")
    answer = await house.says.write(sam, TEXT, files=("photo.jpg",))
    pressed = await house.says.press(sam, "Send this text anyway", answer)
    chosen = await house.says.choose_message(
        sam,
        "Send to report box",
        TEXT,
        at=house.discord.general,
        files=("photo.jpg",),
    )

    assert report_text.FILES_REFUSED in text_of(answer.body)
    for each in (pressed, chosen):
        assert report_text.FILES_REFUSED in text_of(each.form)


async def test_message_that_is_gone(house: House) -> None:
    """Somebody deleted their message meanwhile: the form opens, and is empty."""
    await open_box(house)
    sam = house.discord.person("sam")
    answer = await house.says.write(sam, TEXT)
    for each in [m for m in house.discord.messages.values() if m.author == sam.id]:
        del house.discord.messages[each.id]
    opened = await house.says.press(sam, "Send this text anyway", answer)
    (typed,) = [
        part["component"]
        for part in opened.form["components"]
        if part.get("component", {}).get("custom_id") == "text"
    ]

    assert not typed.get("value")


async def test_text_that_is_too_long_for_a_report(house: House) -> None:
    """A direct message holds more than a report: it says so, and nothing is lost."""
    await open_box(house)
    sam = house.discord.person("sam")
    answer = await house.says.write(sam, "x" * 601)
    refused = await house.says.press(sam, "Send this text anyway", answer)

    assert "600" in refused.text


@pytest.mark.parametrize("way", ["message", "menu"])
async def test_text_comes_along_where_a_box_is_chosen(house: House, way: str) -> None:
    """With two boxes a form asks for which one it is; the text is in the next one."""
    await open_box(house, "Day box", "Night box")
    sam = house.discord.person("sam")
    if way == "message":
        answer = await house.says.write(sam, TEXT)
        which = await house.says.press(sam, "Send this text anyway", answer)
    else:
        which = await house.says.choose_message(
            sam, "Send to report box", TEXT, at=house.discord.general
        )
    form = await house.says.submit(sam, which, which="Night box (night-box)")
    first = form.text
    for name, value in (("category", "Pay"), ("severity", "It hurts people")):
        await house.says.pick(sam, f"?o:{name}", [value], form)
    await house.says.pick(sam, "?o:consent", ["Read my text"], form)
    page = await house.says.press(sam, "Check my text", form)
    second = page.text
    sent = await house.says.press(sam, "Send as it is now", page)

    assert TEXT in first
    assert TEXT in second
    assert "or your names on Discord" in second
    assert "sealed and sent" in sent.text


async def test_own_names_are_found(house: House) -> None:
    """Handle, display name and name in the server came with the form."""
    await open_box(house)
    sam = house.discord.person("sam.field")
    sam.nick = "Captain of Hall Nine"
    page = await checked(
        house, sam, text="Field was not paid, the Captain says. Samuel was."
    )

    assert "**Field**" in page.text
    assert "**Captain**" in page.text
    assert "**Samuel**" not in page.text


async def test_new_text_with_new_marks_is_shown_before_it_is_sent(house: House) -> None:
    """Changing the text shows what is found in it now; sending it as it is sends it."""
    await open_box(house)
    sam = house.discord.person("sam")
    page = await checked(house, sam, text=TEXT)
    first = page.text
    opened = await house.says.press_id(sam, "~l0600:text", page.shown[-1])
    changed = await house.says.submit(sam, opened, text="At 14:32 it was not paid.")
    second = changed.text
    picked = await house.says.pick(sam, "?k:urgent", ["yes"], changed)
    opened = await house.says.press_id(sam, "~t075:place", picked.shown[-1])
    placed = await house.says.submit(sam, opened, place="Hall 4")
    third = placed.text
    sent = await house.says.press(sam, "Send as it is now", placed)
    await house.advance(DAY)
    (case,) = house.world.gate.cases()

    assert "14:32" not in first
    assert "**14:32**" in second
    assert "**14:32**" in third
    assert "sealed and sent" in sent.text
    assert (case.text, case.urgent) == ("At 14:32 it was not paid.", True)


async def test_several_boxes_are_a_list(house: House) -> None:
    """With two boxes a list comes first; each opens its own form."""
    await open_box(house, "Day box", "Night box")
    sam = house.discord.person("sam")
    listed = await house.says.command(sam, "report", at=None)
    buttons = [label for each in listed.shown for label in labels_of(each.body)]
    opened = await house.says.press_id(sam, "report:night-box", listed.shown[-1])

    assert len(buttons) == 2
    assert opened.form["custom_id"] == "report:night-box"
