"""The demo's chapter about a petition: sealed names, and three people with keys."""

import secrets
from pathlib import Path

from adapters.console.parse import Advance
from adapters.console.telling import Teller, kind_of
from adapters.console.workspace import Workspace
from bot.core.shares import Shares
from bot.crypto.petition_keys import (
    SEED_BYTES,
    parts_random_bytes,
    public_of_secret,
    split_seed,
)
from bot.crypto.unsealing import StaysClosed, check_petition, join_parts, open_names
from bot.views.widgets import CardKind

_THRESHOLD = 12
_SIGNERS = range(10, 24)
_NEEDED = 2
_OPEN_SECONDS = 6 * 60 * 60


async def tell_petition(teller: Teller, workspace: Workspace) -> list[str]:
    """Tell it; return the names that no file of the bot may hold."""
    teller.title("8  A petition, and three people with keys")
    holders = [secrets.token_bytes(32) for _ in range(3)]
    shares = split_seed(
        secrets.token_bytes(SEED_BYTES),
        [public_of_secret(each) for each in holders],
        needed=_NEEDED,
        random=secrets.token_bytes(parts_random_bytes(len(holders), _NEEDED)),
    )
    teller.say(
        "Three people far from the bot make keys on their own computers; two of them "
        f"suffice. Names are sealed to these keys. {_THRESHOLD} have to sign."
    )
    seen = await teller.send(
        workspace,
        0,
        "petition",
        text="We ask for a paid break of 30 minutes.",
        title="Paid breaks",
        addressee="the site management",
        threshold=str(_THRESHOLD),
        closes="6h",
        trustees=shares.trustees.line(),
        name="breaks",
    )
    await teller.start(workspace, seen)
    names = [f"{teller.name(at)} Lindqvist-Adeyemi" for at in _SIGNERS]
    for at, name in zip(_SIGNERS, names, strict=True):
        await teller.send(workspace, at, "sign:breaks", name=name, consent=True)
    seen = await teller.do(workspace, Advance(seconds=_OPEN_SECONDS))
    teller.draw(next(shown for shown in seen if kind_of(shown) is CardKind.TALLY))
    file = next(shown.file for shown in seen if shown.file is not None)
    _open(teller, file, shares, holders, names)
    return names


def _open(
    teller: Teller, path: Path, shares: Shares, holders: list[bytes], names: list[str]
) -> None:
    """Open the posted file with too few keys, and with enough."""
    file, trustees = check_petition(path.read_bytes())
    try:
        join_parts(shares, holders[:1], trustees)
        refused = False
    except StaysClosed:
        refused = True
    teller.expect(refused, "One of the three tries to open the posted file: refused.")
    opened = open_names(file, trustees, join_parts(shares, holders[1:], trustees))
    teller.expect(
        {each.name for each in opened.names} == set(names),
        f"Two of them together, offline: all {len(names)} names, in nobody's order.",
    )
