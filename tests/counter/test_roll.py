"""A roll that is full takes nobody new, and stays one that can be counted."""

from bot.core.petitions import NAMES_MAX
from bot.core.roll import NO_CODE_MARK, Roll, Signed
from bot.core.signatures import Act, Signature
from bot.counter.petitions import Row, act_in_order

OLD, NEW = (0).to_bytes(16, "big"), NAMES_MAX.to_bytes(16, "big")


def row(tag: bytes, act: Act = Act.SIGN) -> Row:
    """Return what one person did without a code."""
    return Row(tag=tag, code_key=bytes(32), signature=Signature(act=act))


def full() -> Roll:
    """Return a roll that as many people signed as it can hold."""
    tags = [number.to_bytes(16, "big") for number in range(NAMES_MAX)]
    nobody = Signed(code_mark=NO_CODE_MARK, box=b"")
    return Roll(generation=1, seen=frozenset(tags), signed=dict.fromkeys(tags, nobody))


def test_full_roll_takes_nobody_new() -> None:
    """One more is passed over, and the count goes on."""
    after = act_in_order(full(), [row(NEW), row(OLD)])
    assert len(after.signed) == NAMES_MAX
    assert NEW not in after.signed
    assert NEW in after.seen


def test_full_roll_has_room_again() -> None:
    """Who leaves a full roll makes room for the next."""
    after = act_in_order(full(), [row(OLD, Act.WITHDRAW), row(NEW)])
    assert NEW in after.signed
    assert OLD not in after.signed
