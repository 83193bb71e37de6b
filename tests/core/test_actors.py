"""A person's account, while a request lasts."""

from bot.core.actors import Actor

MEI = Actor(platform="slack", team="T0WORKPLACE", user="U0CANARY")


def test_account_is_not_printed() -> None:
    """Neither the person nor the workplace lands in a message."""
    shown = f"{MEI} {MEI!r} {[MEI]}"

    assert "CANARY" not in shown
    assert "T0WORKPLACE" not in shown


def test_same_account_is_equal() -> None:
    """An account is its platform, its team and its user."""
    again = Actor(platform="slack", team="T0WORKPLACE", user="U0CANARY")

    assert again == MEI
    assert Actor(platform="discord", team="T0WORKPLACE", user="U0CANARY") != MEI
