"""Names come out at the threshold, with enough keys, and never otherwise."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.core.manifest import DriveId
from bot.core.petition_files import PetitionFile
from bot.crypto.certifying import verify_petition
from bot.crypto.unsealing import (
    StaysClosed,
    Trouble,
    check_petition,
    join_parts,
    member_of,
    open_names,
)
from tests.core.lunch import DRIVE, damaged
from tests.core.petition import (
    BREAKS,
    COUNTED,
    SECRETS,
    SEED,
    STRANGER,
    Closed,
    boxes_of,
    closed_by,
    people,
    shares,
    signed,
)
from tests.vectors.reading import Vector, bytes_of, read, vectors

ALL = people(30)
CLOSED = closed_by(ALL)
FILE = CLOSED.file()
GOOD = bytes_of(read("petitions")[0])


def opened(file: PetitionFile) -> tuple[list[str], tuple[int, ...]]:
    """Return the names that come out of a file's bytes, and the damaged boxes."""
    checked, trustees = check_petition(file.encode())
    found = open_names(checked, trustees, SEED)
    return sorted(name.name for name in found.names), found.damaged


def trouble(work: Callable[[], object]) -> Trouble:
    """Return why something stays closed."""
    with pytest.raises(StaysClosed) as closed:
        work()
    return closed.value.trouble


@pytest.mark.parametrize("vector", vectors("petitions", "ok"))
def test_genuine(vector: Vector) -> None:
    """What DS signed is genuine, also with a name box that was damaged later."""
    assert verify_petition(bytes_of(vector)).encode() == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("petitions", "not genuine"))
def test_forged(vector: Vector) -> None:
    """What is readable and not signed so is called what it is."""
    with pytest.raises(NotGenuine):
        verify_petition(bytes_of(vector))


@pytest.mark.parametrize("vector", vectors("petitions", "malformed"))
def test_unreadable(vector: Vector) -> None:
    """What is no petition's file is refused, signed or not."""
    with pytest.raises(Malformed):
        verify_petition(bytes_of(vector))


def test_no_byte_of_the_first_line_can_be_changed() -> None:
    """Byte after byte, a bit turned over is noticed."""
    head = GOOD.partition(b"\n")[0]
    noticed = 0
    for at in range(len(head)):
        data = GOOD[:at] + bytes([GOOD[at] ^ 1]) + GOOD[at + 1 :]
        try:
            verify_petition(data)
        except (Malformed, NotGenuine):
            noticed += 1

    assert noticed == len(head)


@given(damaged(FILE.encode()))
def test_damage_brings_out_nobody_else(data: bytes) -> None:
    """Whatever is changed, no name comes out that nobody signed with."""
    try:
        file, trustees = check_petition(data)
    except (Malformed, NotGenuine):
        return

    names = {name.name for name in open_names(file, trustees, SEED).names}
    assert names <= {name.name for name in ALL}


def test_all_names_come_out() -> None:
    """The list is exactly who signed."""
    assert opened(FILE) == ([name.name for name in ALL], ())


def test_one_damaged_box_costs_one_name() -> None:
    """The damage is numbered, and the others come out."""
    broken = FILE.lines[6][:-1] + b"!"
    file = replace(FILE, lines=(*FILE.lines[:6], broken, *FILE.lines[7:]))
    names, numbers = opened(file)

    assert numbers == (7,)
    assert len(names) == len(ALL) - 1


def test_swapped_box_is_damage() -> None:
    """A box from elsewhere, sealed to the same key, brings out no name."""
    (foreign,) = boxes_of([replace(ALL[0], name="Nobody")])
    lines = (foreign.hex().encode(), *FILE.lines[1:])
    names, numbers = opened(replace(FILE, lines=lines))

    assert numbers == (1,)
    assert "Nobody" not in names


def test_box_of_another_petition_is_damage() -> None:
    """A box that was sealed for another petition under this key does not count."""
    other = replace(ALL[0], drive_id=DriveId(DRIVE[::-1]), name="Nobody")
    names, numbers = opened(closed_by([*ALL[1:], other]).file())

    assert len(numbers) == 1
    assert names == [name.name for name in ALL[1:]]


def test_box_that_holds_no_name_is_damage() -> None:
    """What a changed gate boxed instead of a name does not stop the others."""
    nonsense = replace(CLOSED, boxes=(*CLOSED.boxes[1:], bytes(640)))
    names, numbers = opened(nonsense.file())

    assert len(numbers) == 1
    assert len(names) == len(ALL) - 1


def test_below_the_threshold_nothing_opens() -> None:
    """A certificate of fewer people than the terms ask for opens nothing."""
    strict = replace(BREAKS, threshold=100)
    file = Closed(terms=strict, count=30).file()

    assert trouble(lambda: check_petition(file.encode())) is Trouble.BELOW_THRESHOLD


def test_forged_below_the_threshold() -> None:
    """Names beside such a certificate make the file a forgery."""
    file = replace(CLOSED, terms=replace(BREAKS, threshold=31)).file()

    with pytest.raises(NotGenuine, match="fit"):
        check_petition(file.encode())


def test_foreign_certificate() -> None:
    """The certificate of another petition opens nothing."""
    other = closed_by(ALL, replace(BREAKS, threshold=2)).file()
    file = replace(FILE, certificate=other.certificate, signature=other.signature)

    with pytest.raises(NotGenuine, match="other terms"):
        check_petition(file.encode())


def test_certificate_that_somebody_else_signed() -> None:
    """A key of one's own makes no certificate for the terms of others."""
    file = replace(FILE, signature=signed(FILE, STRANGER).signature)

    with pytest.raises(NotGenuine, match="signed"):
        check_petition(file.encode())


def test_petition_that_only_counts() -> None:
    """There is nothing to open where no names were collected."""
    file = Closed(terms=COUNTED, count=30).file()

    assert trouble(lambda: check_petition(file.encode())) is Trouble.NO_NAMES


def test_one_key_short() -> None:
    """One key less than needed opens nothing, also if it is given twice."""
    split = shares()
    for few in ((), SECRETS[:1], (SECRETS[0], SECRETS[0])):

        def join(keys: tuple[bytes, ...] = few) -> bytes:
            return join_parts(split, keys, split.trustees)

        assert trouble(join) is Trouble.TOO_FEW_KEYS


def test_key_of_a_stranger() -> None:
    """A key that is in no box is told."""
    split = shares()

    assert trouble(lambda: member_of(split, STRANGER)) is Trouble.FOREIGN_KEY
    assert (
        trouble(lambda: join_parts(split, [SECRETS[0], STRANGER], split.trustees))
        is Trouble.FOREIGN_KEY
    )


def test_shares_of_another_petition() -> None:
    """Shares are another petition's if key, people or number differ."""
    other = shares(SECRETS, 3)

    assert (
        trouble(lambda: join_parts(other, SECRETS, shares().trustees))
        is Trouble.FOREIGN_SHARES
    )


def test_one_damaged_share_is_no_matter_where_others_suffice() -> None:
    """With a third key, a group whose boxes are whole is found."""
    split = shares()
    first = (bytes(64), split.groups[0][1])
    broken = replace(split, groups=(first, *split.groups[1:]))

    assert join_parts(broken, SECRETS, split.trustees) == SEED
    assert (
        trouble(lambda: join_parts(broken, SECRETS[:2], split.trustees))
        is Trouble.DAMAGED_SHARES
    )


def test_shares_that_were_exchanged() -> None:
    """Boxes of another seed are noticed before anything is opened with them."""
    split = shares()
    exchanged = replace(
        split, groups=(shares().groups[1][:1] + split.groups[0][1:], *split.groups[1:])
    )

    assert (
        trouble(lambda: join_parts(exchanged, SECRETS[:2], split.trustees))
        is Trouble.DAMAGED_SHARES
    )


@given(st.binary(min_size=16, max_size=16).filter(lambda seed: seed != SEED))
def test_another_seed_opens_nothing(seed: bytes) -> None:
    """Words or shares of another petition bring out no name."""
    assert BREAKS.trustees
    file, trustees = FILE, BREAKS.trustees

    assert trouble(lambda: open_names(file, trustees, seed)) is Trouble.FOREIGN_WORDS


def test_nobody_is_in_a_repr() -> None:
    """What came out names nobody in an error."""
    file, trustees = check_petition(FILE.encode())

    assert "Person" not in repr(open_names(file, trustees, SEED))
