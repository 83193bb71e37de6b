"""Where envelopes stand in an inbox, so that a place tells nothing (protocol.md §5).

An inbox is a row of blocks, each of 16 envelopes of one width. It starts with a pool
of 256 dummies; a single envelope takes the place of a random one, which is known in
memory only. A batch fills whole blocks of its own; what remains goes to the pool.
When 16 dummies would be left, and after a restart, when nobody remembers which they
are, another pool is added.

**Order.** A new block takes a random number, and the block that had it moves to the
end: an inside-out shuffle. Without it the second pool would stand behind the first,
and whoever reads the file could tell who came before whom. Pools are always shuffled
in; blocks of batches as long as there are `SHUFFLED_BLOCKS_MAX`. Beyond, blocks of
large batches stand in the order in which those batches came.

**MAC.** All blocks together have one MAC: PRF over their number and the XOR of one PRF
for each block over drive, slot, block number and body. It is kept up to date with one
PRF for each changed block, and a missing, swapped, added or altered block breaks it.
It cannot notice that the whole file was put back to an earlier state, or removed.
"""

import secrets
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.core.ballots import Envelope
from bot.core.manifest import DriveId
from bot.core.shapes import POLL, Shape
from bot.crypto.prf import BLOCK, BLOCK_INDEX, PRF_BYTES, prf

BLOCK_ENVELOPES = 16
# Those of a poll; longer records have their own (`bot.core.shapes`).
BLOCK_BYTES = BLOCK_ENVELOPES * POLL.envelope_bytes
POOL_ENVELOPES = POLL.pool_envelopes
# Fewer places than these would say too well where the next envelope goes.
POOL_ENVELOPES_LEFT_MIN = 16
# 8,192 envelopes. Shuffling a block in writes another one too: up to here it costs
# little, and a poll of a workplace ends before; a million envelopes would be written
# five times instead of two.
SHUFFLED_BLOCKS_MAX = 512

_THROW_BYTES = 8

_SLOT_BYTES = 4
_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BlockKey:
    """The key that MACs the blocks of one slot (32 B), and what the blocks hold."""

    key: bytes
    drive_id: DriveId
    slot: int
    shape: Shape = POLL

    @property
    def block_bytes(self) -> int:
        """The length of a block."""
        return BLOCK_ENVELOPES * self.shape.envelope_bytes

    def of_block(self, number: int, body: bytes) -> int:
        """Return one block's share of the MAC."""
        share = prf(self.key, BLOCK, self._name() + _number(number) + body)
        return int.from_bytes(share, "big")

    def of_all(self, count: int, shares: int) -> bytes:
        """Return the MAC of `count` blocks, whose XORed shares are `shares`."""
        sum_of_shares = shares.to_bytes(PRF_BYTES, "big")
        message = self._name() + _number(count) + sum_of_shares
        return prf(self.key, BLOCK_INDEX, message)

    def _name(self) -> bytes:
        return self.drive_id + self.slot.to_bytes(_SLOT_BYTES, "big")


@dataclass(slots=True, kw_only=True, repr=False, eq=False)
class Blocks:
    """The blocks of an inbox. Changes go to a draft, which is kept once it is on disk.

    `read` returns the body of a block that is on disk.
    """

    key: BlockKey
    read: Callable[[int], bytes]
    count: int = 0
    # The XOR of all blocks' shares of the MAC.
    shares: int = 0
    # Places of dummies: block number times 16, plus the position in the block.
    dummies: list[int] = field(default_factory=list[int])
    # The blocks that have, or lately had, dummies.
    pool: set[int] = field(default_factory=set[int])
    # Bodies of blocks, and their shares of the MAC, that need not be read again: those
    # of the pool, and as long as all blocks are shuffled all of them. A draft has the
    # same ones, and adds to them once it is on disk.
    bodies: dict[int, bytes] = field(default_factory=dict[int, bytes])
    body_shares: dict[int, int] = field(default_factory=dict[int, int])
    # What the next `settle` returns, and how many blocks were there at the last.
    changed: dict[int, bytes] = field(default_factory=dict[int, bytes])
    new_shares: dict[int, int] = field(default_factory=dict[int, int])
    settled: int = 0

    @property
    def mac(self) -> bytes:
        """The MAC of all blocks."""
        return self.key.of_all(self.count, self.shares)

    def draft(self) -> "Blocks":
        """Return a copy to change."""
        dummies, pool = self.dummies.copy(), self.pool.copy()
        return replace(self, dummies=dummies, pool=pool, changed={}, new_shares={})

    def load(self, body: bytes) -> None:
        """Take the next block as it stands on disk."""
        self.shares ^= self.key.of_block(self.count, body)
        self.count += 1
        self.settled = self.count

    def lacks_dummies(self, envelopes: int) -> bool:
        """Tell whether so many envelopes need another pool first."""
        left = len(self.dummies) - envelopes % BLOCK_ENVELOPES
        return left < POOL_ENVELOPES_LEFT_MIN

    def add_pool(self, dummies: Sequence[Envelope]) -> None:
        """Shuffle in blocks of dummies."""
        self.pool = {place // BLOCK_ENVELOPES for place in self.dummies}
        dice = _Dice(len(dummies) // BLOCK_ENVELOPES)
        for body in _bodies(dummies):
            number = self._add_block(body, dice)
            self.pool.add(number)
            first = number * BLOCK_ENVELOPES
            self.dummies.extend(range(first, first + BLOCK_ENVELOPES))

    def add(self, envelopes: Sequence[Envelope]) -> None:
        """Add a batch: whole blocks, and the remainder in the place of dummies."""
        # Their first bytes are random, so that sorting forgets how they arrived.
        batch = sorted(envelopes)
        single = len(batch) % BLOCK_ENVELOPES
        dice = _Dice(len(batch) // BLOCK_ENVELOPES + single)
        for body in _bodies(batch[single:]):
            self._add_block(body, dice if self.count < SHUFFLED_BLOCKS_MAX else None)
        for envelope in batch[:single]:
            self._replace_dummy(envelope, dice)

    def settle(self) -> list[tuple[int, bytes]]:
        """Return number and new body of all that changed, and bring the MAC along.

        `remember` follows once it is on disk; a draft that never gets there is dropped.
        """
        for number, body in self.changed.items():
            if number < self.settled:
                self.shares ^= self._share_on_disk(number)
            share = self.new_shares[number] = self.key.of_block(number, body)
            self.shares ^= share
        self.settled = self.count
        return sorted(self.changed.items())

    def remember(self) -> None:
        """Take over what `settle` returned: it is on disk now."""
        self.bodies.update(self.changed)
        self.body_shares.update(self.new_shares)
        if self.count > SHUFFLED_BLOCKS_MAX:
            for number in self.bodies.keys() - self.pool:
                del self.bodies[number], self.body_shares[number]
        self.changed, self.new_shares = {}, {}

    def _share_on_disk(self, number: int) -> int:
        share = self.body_shares.get(number)
        return self.key.of_block(number, self.read(number)) if share is None else share

    def _add_block(self, body: bytes, dice: "_Dice | None") -> int:
        last = self.count
        self.count += 1
        number = dice.below(last + 1) if dice else last
        if number != last:
            self._move(number, last)
        self.changed[number] = body
        return number

    def _move(self, number: int, to: int) -> None:
        self.changed[to] = self._body(number)
        if number in self.pool:
            self.pool.remove(number)
            self.pool.add(to)
            shift = (to - number) * BLOCK_ENVELOPES
            self.dummies = [
                place + shift if place // BLOCK_ENVELOPES == number else place
                for place in self.dummies
            ]

    def _body(self, number: int) -> bytes:
        body = self.changed.get(number) or self.bodies.get(number)
        return body or self.read(number)

    def _replace_dummy(self, envelope: Envelope, dice: "_Dice") -> None:
        chosen = dice.below(len(self.dummies))
        place = self.dummies[chosen]
        self.dummies[chosen] = self.dummies[-1]
        self.dummies.pop()
        number, position = divmod(place, BLOCK_ENVELOPES)
        start = position * len(envelope)
        body = self._body(number)
        self.changed[number] = body[:start] + envelope + body[start + len(envelope) :]


class _Dice:
    """Random numbers, drawn from the system for many throws at once.

    Asking the system gives the interpreter's lock away, and in a rush it takes a
    millisecond to get it back.
    """

    def __init__(self, throws: int) -> None:
        drawn = secrets.token_bytes(_THROW_BYTES * throws)
        self._throws: Iterator[int] = iter(struct.unpack(f"={throws}Q", drawn))

    def below(self, bound: int) -> int:
        """Return a number from 0 to `bound` - 1; each with 1 / `bound`, ± 2⁻⁶⁴."""
        return next(self._throws) * bound >> 8 * _THROW_BYTES


def _bodies(envelopes: Sequence[Envelope]) -> Iterator[bytes]:
    for start in range(0, len(envelopes), BLOCK_ENVELOPES):
        yield b"".join(envelopes[start : start + BLOCK_ENVELOPES])


def _number(number: int) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big")
