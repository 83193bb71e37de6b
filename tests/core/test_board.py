"""The board: RFC 6962's tree, and a chain of roots."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.board import (
    EMPTY_HEAD,
    MARK_CHARS,
    Tree,
    chain,
    envelope_hash,
    mark_of,
    tree_root,
)
from tests.vectors.reading import Vector, read, vectors

TREES = [vector for vector in read("board") if vector["of"] == "tree"]


def by_definition(entries: list[bytes]) -> bytes:
    """Return MTH(D[n]) as RFC 6962 §2.1 writes it, with k the largest power below n."""
    if len(entries) == 0:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1 << (len(entries) - 1).bit_length() - 1
    left, right = by_definition(entries[:k]), by_definition(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("vector", TREES, ids=lambda vector: vector["comment"])
def test_published_roots(vector: Vector) -> None:
    """The roots are those that others compute, by two ways of computing them."""
    entries = [bytes.fromhex(entry) for entry in vector["entries"]]

    assert tree_root(entries).hex() == vector["expect"]
    assert by_definition(entries).hex() == vector["expect"]


def test_published_roots_are_those_of_nine_trees() -> None:
    """From no entry to eight, and the file holds the figures everybody knows."""
    roots = [vector["expect"] for vector in TREES]

    assert [len(vector["entries"]) for vector in TREES] == list(range(9))
    assert roots[0].startswith("e3b0c442")
    assert roots[1].startswith("6e340b9c")
    assert roots[8] == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_tree_is_the_definitions(entries: list[bytes]) -> None:
    """Adding one entry after the other gives the root of the recursive definition."""
    tree = Tree()
    for size, entry in enumerate(entries, start=1):
        tree.add(entry)

        assert tree.size == size
        assert tree.root == by_definition(entries[:size])


@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=20, unique=True), st.data()
)
def test_root_covers_every_entry(entries: list[bytes], data: st.DataObject) -> None:
    """An entry that is changed, dropped or doubled shows."""
    at = data.draw(st.integers(0, len(entries) - 1))
    root = tree_root(entries)

    assert tree_root([*entries[:at], *entries[at + 1 :]]) != root
    assert tree_root([*entries[:at], entries[at] + b"!", *entries[at + 1 :]]) != root
    assert tree_root([*entries, entries[at]]) != root


def test_root_covers_the_order() -> None:
    """Two entries that change places show."""
    assert tree_root([b"a", b"b"]) != tree_root([b"b", b"a"])


@pytest.mark.parametrize(
    "vector", [v for v in vectors("board") if v.values[0]["of"] == "chain"]
)
def test_chain_vectors(vector: Vector) -> None:
    """The head after these roots."""
    head = EMPTY_HEAD
    for slot, root in enumerate(vector["roots"]):
        head = chain(head, slot, bytes.fromhex(root))

    assert head.hex() == vector["expect"]


def test_head_covers_slot_root_and_what_was_before() -> None:
    """Each of the three makes another head."""
    root = tree_root([])
    heads = {
        chain(EMPTY_HEAD, 0, root),
        chain(EMPTY_HEAD, 1, root),
        chain(EMPTY_HEAD, 0, tree_root([b""])),
        chain(chain(EMPTY_HEAD, 0, root), 0, root),
    }

    assert len(heads) == 4


def test_receipt_shows_the_begin_of_the_hash() -> None:
    """16 characters, which stand on the board as well."""
    envelope = b"an envelope"

    assert mark_of(envelope) == hashlib.sha256(envelope).hexdigest()[:MARK_CHARS]
    assert envelope_hash(envelope).hex().startswith(mark_of(envelope))
    assert MARK_CHARS == 16
