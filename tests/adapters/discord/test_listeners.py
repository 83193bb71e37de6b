"""People press, type and write; the real discord.py carries it to a fake Discord."""

from tests.fakes.discord_house import House
from tests.fakes.discord_people import labels_of, text_of


async def test_poll_is_posted_and_answered(house: House) -> None:
    """An organizer starts a poll; a member taps, and only they see the receipt."""
    mei, sam = house.discord.person("mei"), house.discord.person("sam")
    await house.welcome(mei)
    post = await house.poll(mei)
    receipt = await house.says.press(sam, "Yes", post)

    assert "Should we ask for paid lunch breaks?" in text_of(post.body)
    assert labels_of(post.body)[:3] == ["Yes", "No", "Unsure"]
    assert receipt.text.startswith("**Received.**")
    assert receipt.callback["data"]["flags"] & 64
