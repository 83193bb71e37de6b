"""The demo's chapter about a petition: sealed names, and three people with keys.

The key holders' commands are the real ones, in processes and a folder of their own:
nothing that hears people could open a name.
"""

import asyncio
import csv
import sys
from pathlib import Path

from adapters.console.parse import Advance
from adapters.console.telling import Teller, kind_of
from adapters.console.workspace import Workspace
from bot.views.widgets import CardKind

_THRESHOLD = 12
_SIGNERS = range(10, 24)
_OPEN_SECONDS = 6 * 60 * 60
# A command starts within a second; a busy machine takes longer.
_COMMAND_SECONDS = 30


async def tell_petition(
    teller: Teller, workspace: Workspace, folder: Path
) -> list[str]:
    """Tell it; return the names that no file of the bot may hold.

    `folder` stands for the computers of the key holders.
    """
    teller.title("8  A petition, and three people with keys")
    line = await _split_key(_made(folder))
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
        trustees=line,
        name="breaks",
    )
    await teller.start(workspace, seen)
    names = [f"{teller.name(at)} Lindqvist-Adeyemi" for at in _SIGNERS]
    for at, name in zip(_SIGNERS, names, strict=True):
        await teller.send(workspace, at, "sign:breaks", name=name, consent=True)
    seen = await teller.do(workspace, Advance(seconds=_OPEN_SECONDS))
    teller.draw(next(shown for shown in seen if kind_of(shown) is CardKind.TALLY))
    file = next(shown.file for shown in seen if shown.file is not None)
    await _open(teller, file, folder, names)
    return names


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


async def _split_key(folder: Path) -> str:
    """Let three people make keys, and one of them split the petition's key."""
    made = [await _trustee("keygen", "--out", str(folder / name)) for name in "abc"]
    shares = str(folder / "shares")
    _, line = await _trustee("split", "--out", shares, *(line for _, line in made))
    return line


async def _open(teller: Teller, file: Path, folder: Path, names: list[str]) -> None:
    """Open the posted file with too few keys, and with enough."""
    table = folder / "names.csv"
    unseal = ("unseal", str(file), "--shares", str(folder / "shares"))
    to = ("--csv", str(table))
    keys = [("--key", str(folder / name)) for name in "ac"]
    code, _ = await _trustee(*unseal, *keys[0], *to)
    teller.expect(
        code != 0 and not table.exists(),
        "One of the three tries to open the posted file: refused.",
    )
    await _trustee(*unseal, *keys[0], *keys[1], *to)
    found = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    teller.expect(
        {row["name"] for row in csv.DictReader(found)} == set(names),
        f"Two of them together, offline: all {len(names)} names, in nobody's order.",
    )


async def _trustee(*words: str) -> tuple[int | None, str]:
    """Run a key holders' command; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "bot", "trustee", *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(_COMMAND_SECONDS):
        said, _ = await process.communicate()
    return process.returncode, said.decode().strip()
