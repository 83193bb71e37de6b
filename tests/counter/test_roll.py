"""A roll that is full takes nobody new, and codes are tried within bounds."""

from bot.core.petitions import NAMES_MAX
from bot.core.roll import NO_CODE_MARK, Roll, Signed
from bot.core.signatures import Act, Signature
from bot.counter.petitions import CODES_MAX, Row, act_in_order
from bot.crypto.states import revision_id

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


def after_codes(wrong: int) -> Roll:
    """Return what a code does that one account enters after so many wrong ones."""
    code_key, tag = b"c" * 32, b"s" * 16
    signed = {tag: Signed(code_mark=revision_id(code_key, tag), box=b"")}
    roll = Roll(generation=1, seen=frozenset(signed), signed=signed)
    leave = Signature(act=Act.WITHDRAW)
    keys = [*(bytes([number + 1] * 32) for number in range(wrong)), code_key]
    return act_in_order(
        roll, [Row(tag=OLD, code_key=key, signature=leave) for key in keys]
    )


def test_few_codes_are_tried() -> None:
    """The last code that one account may enter in a round acts; the next does not."""
    assert not after_codes(CODES_MAX - 1).signed
    assert after_codes(CODES_MAX).signed
