"""G14: the early opener. The operator alone has no name, and neither have trustees."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.bindings import crypto_box_seal_open, crypto_scalarmult_base
from nacl.exceptions import CryptoError

from bot.core.name_boxes import SignedName
from bot.core.records import Party
from bot.core.roll import decode_roll
from bot.crypto.petition_keys import secret_of
from bot.crypto.states import open_state
from tests.core.petition import BREAKS, SECRETS, SEED, shares
from tests.world import World, drafted, person, running_world

TERMS = replace(BREAKS, threshold=100, audience=60)
SIGNERS = 30
# Each slot of a petition opens with 256 dummies of a kilobyte.
pytestmark = pytest.mark.timeout(180)


async def play(world: World) -> None:
    """Let thirty people sign a petition that needs a hundred."""
    drive = drafted(TERMS, now=world.clock.time, days=1)
    await world.gate.begin(await world.draft(drive))
    await world.gate.settle()
    petition = world.drive("breaks")
    for at in range(SIGNERS):
        signed = SignedName(drive_id=petition.drive_id, name=f"Canary {at}")
        await world.gate.sign(person(at), petition, signed)
    await world.pass_slot()


async def boxes_of(world: World) -> list[bytes]:
    """Return the name boxes, which whoever has the counter's keystore can take out."""
    drive, kept = world.drive("breaks"), world.counter_drive("breaks")
    box = await world.store.state(drive.drive_id, kept.generation)
    assert box is not None
    plain = open_state(
        kept.k_state, drive_id=drive.drive_id, generation=kept.generation, box=box
    )
    return [each.box for each in decode_roll(plain, drive.petition).signed.values()]


def keys_in(*contents: bytes) -> Iterator[bytes]:
    """Yield every 32 bytes that somebody wrote down as hexadecimal."""
    for content in contents:
        for found in re.findall(rb"[0-9a-f]{64}", content):
            yield bytes.fromhex(found.decode())


def opened(boxes: list[bytes], keys: Iterator[bytes]) -> int:
    """Return how many names any of the keys opens."""
    names: set[int] = set()
    for key in set(keys):
        public = crypto_scalarmult_base(key)
        for number, box in enumerate(boxes):
            try:
                crypto_box_seal_open(box, public, key)
            except CryptoError:
                continue
            names.add(number)
    return len(names)


async def test_operator_alone_opens_no_name(tmp_path: Path) -> None:
    """All files, both keystores, the passphrase: every key that is there is tried."""
    async with running_world(tmp_path / "data") as world:
        await play(world)
        boxes = await boxes_of(world)
        contents = [world.keystore(role).content for role in Party]
        files = b"".join(world.bytes_of_all().values())

        assert len(boxes) == SIGNERS
        assert opened(boxes, keys_in(*contents, files)) == 0
        assert b"Canary" not in files + b"".join(contents)
        # The control: with the trustees' key each box opens.
        assert opened(boxes, iter([secret_of(SEED)])) == SIGNERS


async def test_trustees_alone_have_no_box(tmp_path: Path) -> None:
    """What trustees have before the close is keys and shares, and no name at all."""
    async with running_world(tmp_path / "data") as world:
        await play(world)
        boxes = await boxes_of(world)
        theirs = shares().encode() + b"".join(SECRETS)

        assert not any(box in theirs or box.hex().encode() in theirs for box in boxes)
        # Their own keys are none that opens a box: only enough of them together are.
        assert opened(boxes, iter(SECRETS)) == 0


async def test_below_the_threshold_nobody_ever_opens(tmp_path: Path) -> None:
    """After the close there is no box left for the operator and trustees together."""
    async with running_world(tmp_path / "data") as world:
        await play(world)
        boxes = await boxes_of(world)
        await world.pass_all("breaks")
        files = b"".join(world.bytes_of_all().values())

        assert not any(box in files for box in boxes)
        file = await world.gate.file_of(world.drive("breaks"))
        head = json.loads(file.splitlines()[0])
        assert (head["boxes"], len(file.splitlines())) == ("", 1)
