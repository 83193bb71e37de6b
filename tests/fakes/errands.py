"""What a person does at the console in several steps, as days of people need it."""

from tests.fakes.program import Console, action


def started(console: Console, organizer: str, form: str, **fields: str) -> None:
    """Start something as an organizer who is alone."""
    console.press(
        organizer, action(console.submit(organizer, form, **fields), "Start it")
    )


def reported(console: Console, who: str, text: str, **chosen: str) -> str:
    """Report something, page by page; without a text it only counts.

    Return the code, if there is one.
    """
    consent = "Read my text" if text else "Count it only"
    form = console.command(who, "report")[0]
    filled = {"text": text, "consent": consent, **chosen}
    (page,) = console.submit(who, form["form"], **filled)
    kept = {field["name"]: field.get("value") for field in page["fields"]}
    (receipt,) = console.submit(who, page["form"], **kept)
    return str(receipt["data"].get("code", ""))


def signed(console: Console, who: str, form: str, **fields: str) -> str:
    """Sign, or take a name off; return the code."""
    box = "consent" if form.startswith("sign") else "withdraw"
    (receipt,) = console.submit(who, form, **{box: True}, **fields)
    return str(receipt["data"]["code"])
