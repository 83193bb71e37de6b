"""The demo's chapter about a report box: write, wait, be read, come back by code."""

from typing import cast

from adapters.console.parse import Advance
from adapters.console.telling import Teller, card_in, form_in, kind_of
from adapters.console.workspace import Workspace
from bot.requests import Command
from bot.views.widgets import CardKind

_SLOT_SECONDS = 6 * 60 * 60
# By place in the list of people: the first one writes what points to them.
_AUTHORS = range(3, 8)
_REPLY = "Thank you. We put this to the site manager on Monday."
_MADE_UP = "0" * 26


async def tell_reports(teller: Teller, workspace: Workspace) -> list[str]:
    """Tell it; return the words that no file of the bot may hold."""
    teller.title("7  Something is wrong at work")
    seen = await teller.send(workspace, 0, "box", name="box", every="6h", closes="7d")
    seen = await teller.start(workspace, seen)
    teller.draw(next(shown for shown in seen if shown.to is None))
    codes, texts = await _report(teller, workspace)
    await _read(teller, workspace, codes, texts)
    return [*texts, _REPLY]


async def _report(
    teller: Teller, workspace: Workspace
) -> tuple[dict[str, str], list[str]]:
    """Let five people report, the last one after an early look."""
    codes: dict[str, str] = {}
    texts = [f"Wages came {days} days late again." for days in range(2, 7)]
    texts[0] = "At 14:32 my desk by dock 4 was searched, and I am the only one there."
    for at, text in zip(_AUTHORS, texts, strict=True):
        if at == _AUTHORS[-1]:
            await _look_early(teller, workspace)
        seen = await teller.send(
            workspace,
            at,
            "report:box",
            category="Pay",
            severity="It hurts people",
            consent="Read my text",
            text=text,
        )
        if at == _AUTHORS[0]:
            teller.say(f"{teller.name(at)} writes a report. Before it is sent:")
            teller.draw(seen[-1])
        seen = await teller.send(workspace, at, form_in(seen).form, text=text)
        codes[text] = str(card_in(seen, CardKind.RECEIPT).data["code"])
    return codes, texts


async def _look_early(teller: Teller, workspace: Workspace) -> None:
    await teller.do(workspace, Advance(seconds=_SLOT_SECONDS))
    seen = await teller.do(workspace, Command(actor=teller.actor(0), words="cases"))
    teller.expect(
        card_in(seen, CardKind.CASES).data["cases"] == [],
        "Four people have written. Mei looks after the count, and can read nothing.",
    )


async def _read(
    teller: Teller, workspace: Workspace, codes: dict[str, str], texts: list[str]
) -> None:
    await teller.do(workspace, Advance(seconds=_SLOT_SECONDS))
    seen = await teller.do(workspace, Command(actor=teller.actor(0), words="cases"))
    listed = cast("list[dict[str, str]]", card_in(seen, CardKind.CASES).data["cases"])
    teller.expect(
        {each["text"] for each in listed} == set(texts),
        "A fifth one writes. Now Mei reads all five, mixed, with no name and no time. "
        "She answers one, without knowing whom:",
    )
    (name,) = [each["case"] for each in listed if each["text"] == texts[0]]
    await teller.send(workspace, 0, f"reply:{name}", text=_REPLY)
    author = _AUTHORS[0]
    seen = await teller.send(workspace, author, "case", code=codes[texts[0]])
    teller.draw(seen[-1])
    wrong = await teller.send(workspace, author, "case", code=_MADE_UP)
    teller.expect(
        {kind_of(shown) for shown in wrong} == {CardKind.REFUSAL},
        "Only that code opens it. Any other reads: no report opens with this code.",
    )
