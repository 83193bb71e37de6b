"""The board: one Merkle tree for each slot, and the chain of their roots (RFC 6962).

An entry of a slot's tree is the SHA-256 of an envelope; entries are sorted, and
dummies are among them. Roots are chained, so that the last head covers all of them.
"""

import hashlib
from collections.abc import Iterable

HASH_BYTES = 32
EMPTY_HEAD = bytes(HASH_BYTES)
# A receipt shows this many characters of an envelope's hash.
MARK_CHARS = 16
_CHAIN_LABEL = b"rr/chain/v1"


class Tree:
    """RFC 6962 §2.1's tree hash of entries that come one by one, in log space."""

    __slots__ = ("_size", "_subtrees")

    def __init__(self) -> None:
        """Start with no entries."""
        self._size = 0
        # Roots of complete subtrees, the largest first.
        self._subtrees: list[bytes] = []

    def add(self, entry: bytes) -> None:
        """Append an entry of any length."""
        node = hashlib.sha256(b"\x00" + entry).digest()
        # Each trailing 1 bit of the size is a subtree as large as the new one.
        size = self._size
        while size & 1:
            node = _join(self._subtrees.pop(), node)
            size >>= 1
        self._subtrees.append(node)
        self._size += 1

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self._size

    @property
    def root(self) -> bytes:
        """The 32-byte root; that of no entries is the hash of nothing."""
        if not self._subtrees:
            return hashlib.sha256(b"").digest()
        *left, node = self._subtrees
        for subtree in reversed(left):
            node = _join(subtree, node)
        return node


def tree_root(entries: Iterable[bytes]) -> bytes:
    """Return the root over `entries` in this order."""
    tree = Tree()
    for entry in entries:
        tree.add(entry)
    return tree.root


def envelope_hash(envelope: bytes) -> bytes:
    """Return an envelope's entry on the board."""
    return hashlib.sha256(envelope).digest()


def mark_of(envelope: bytes) -> str:
    """Return what a receipt shows of an envelope: 16 hexadecimal characters."""
    return envelope_hash(envelope).hex()[:MARK_CHARS]


def chain(head: bytes, slot: int, root: bytes) -> bytes:
    """Return the next head: SHA-256 over label, head 32, slot 4, root 32."""
    return hashlib.sha256(_CHAIN_LABEL + head + slot.to_bytes(4, "big") + root).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
