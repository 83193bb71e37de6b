"""The sealed keystore: what opens it, what does not, and what a crash leaves."""

import errno
import os
import stat
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.records import Party
from storage import database
from storage import folder as folder_module
from storage import keystore as keystore_module
from storage.faults import Fault, NewerVersion
from storage.keystore import (
    CHEAPEST,
    MEMORY_KIB_MAX,
    MODERATE,
    OPERATIONS_MAX,
    PASSPHRASE_WORDS,
    Cost,
    KeystoreExists,
    KeystoreMissing,
    KeystoreNotWritten,
    KeystoreUnreadable,
    NotEnoughMemory,
    SealedKeystore,
    WrongPassphrase,
    generate_passphrase,
)

WORDS = "canine share bubbly unlighted rural pretended undefined"
SECRET = b"canary-7f3a91c2"
HEADER_BYTES = 29
NONCE_BYTES = 24


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the test's keystore stands."""
    return tmp_path / "keystore"


@pytest.fixture
def keystore(place: Path) -> SealedKeystore:
    """The gate's keystore, as cheap to open as can be."""
    return SealedKeystore.create(place, WORDS, Party.GATE, SECRET, CHEAPEST)


def test_content_returns(keystore: SealedKeystore, place: Path) -> None:
    """Whoever has the passphrase reads what was put in."""
    opened = SealedKeystore.open(place, WORDS, Party.GATE)

    assert keystore.content == opened.content == SECRET


def test_replaced_content_returns(keystore: SealedKeystore, place: Path) -> None:
    """After a replacement the new content is there, and the old is not."""
    keystore.replace(b"second")

    assert keystore.content == b"second"
    assert SealedKeystore.open(place, WORDS, Party.GATE).content == b"second"


# Each example writes a file and makes it durable.
@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=9000))
def test_any_content_returns(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Content of any bytes and length survives, its own padding marks too."""
    place = tmp_path_factory.mktemp("any") / "keystore"
    SealedKeystore.create(place, WORDS, Party.COUNTER, content, CHEAPEST)

    assert SealedKeystore.open(place, WORDS, Party.COUNTER).content == content


def test_spacing_of_the_words_does_not_matter(
    keystore: SealedKeystore, place: Path
) -> None:
    """A passphrase from a file ends with a line; from a note it is in two."""
    written = WORDS.replace(" ", "\n", 3) + "\r\n"

    assert SealedKeystore.open(place, written, Party.GATE).content == SECRET


def test_file_layout(keystore: SealedKeystore, place: Path) -> None:
    """The header says format and cost, and the rest is a multiple of 4096 bytes."""
    sealed = place.read_bytes()

    magic, version, ops, memory_kib = struct.unpack(">4sBII", sealed[:13])
    assert (magic, version) == (b"RRKS", 1)
    assert (ops, memory_kib) == (CHEAPEST.ops, CHEAPEST.memory_kib)
    assert (len(sealed) - HEADER_BYTES - NONCE_BYTES - 16) % 4096 == 0


def test_length_tells_little(keystore: SealedKeystore, place: Path) -> None:
    """A few keys more or less do not change the length of the file."""
    sizes = set[int]()
    for count in (0, 1, 1000, 4095):
        keystore.replace(b"k" * count)
        sizes.add(place.stat().st_size)

    assert len(sizes) == 1


def test_only_the_owner_may_read_it(keystore: SealedKeystore, place: Path) -> None:
    """The file has mode 0600, after a replacement too."""
    assert stat.S_IMODE(place.stat().st_mode) == 0o600

    keystore.replace(b"second")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_secret_is_not_in_the_file(keystore: SealedKeystore, place: Path) -> None:
    """Neither the content nor the passphrase stands in the file."""
    sealed = place.read_bytes()

    assert SECRET not in sealed
    assert b"canine" not in sealed


def test_keystore_prints_no_secret(keystore: SealedKeystore) -> None:
    """What debuggers and logs show of a keystore is its role."""
    assert repr(keystore) == str(keystore) == "SealedKeystore(gate)"


def test_each_replacement_has_its_own_nonce(
    keystore: SealedKeystore, place: Path
) -> None:
    """The same content sealed again is other bytes."""
    before = place.read_bytes()
    keystore.replace(SECRET)
    after = place.read_bytes()

    assert before[:HEADER_BYTES] == after[:HEADER_BYTES]
    assert before[HEADER_BYTES:][:NONCE_BYTES] != after[HEADER_BYTES:][:NONCE_BYTES]


def test_two_keystores_have_two_salts(tmp_path: Path) -> None:
    """One passphrase for both roles gives two keys."""
    for role in Party:
        SealedKeystore.create(tmp_path / role, WORDS, role, SECRET, CHEAPEST)
    headers = {(tmp_path / role).read_bytes()[:HEADER_BYTES] for role in Party}

    assert len(headers) == 2


# --- what does not open ------------------------------------------------------------


def test_wrong_passphrase_is_said(keystore: SealedKeystore, place: Path) -> None:
    """Another passphrase does not open it, and the sentence says what to think."""
    with pytest.raises(WrongPassphrase) as raised:
        SealedKeystore.open(place, f"{WORDS} more", Party.GATE)

    assert str(raised.value) == (
        "The passphrase does not fit, or the keystore was altered. Nothing was changed."
    )


def test_keystore_of_one_role_is_not_another(
    keystore: SealedKeystore, place: Path
) -> None:
    """The gate's keystore in the counter's place does not open."""
    with pytest.raises(WrongPassphrase):
        SealedKeystore.open(place, WORDS, Party.COUNTER)


@pytest.mark.parametrize("at", [13, 28, 29, 52, 53, 1000, -1])
def test_altered_bytes_do_not_open(
    keystore: SealedKeystore, place: Path, at: int
) -> None:
    """A changed bit in salt, nonce, content or mark is noticed."""
    sealed = bytearray(place.read_bytes())
    sealed[at] ^= 1
    place.write_bytes(sealed)

    with pytest.raises(WrongPassphrase):
        SealedKeystore.open(place, WORDS, Party.GATE)


def test_header_of_a_cheaper_cost_does_not_open(place: Path) -> None:
    """Who lowers the cost in the header gets no keystore that opens."""
    cost = Cost(ops=2, memory_kib=16)
    SealedKeystore.create(place, WORDS, Party.GATE, SECRET, cost)
    sealed = bytearray(place.read_bytes())
    sealed[5:13] = struct.pack(">II", CHEAPEST.ops, CHEAPEST.memory_kib)
    place.write_bytes(sealed)

    with pytest.raises(WrongPassphrase):
        SealedKeystore.open(place, WORDS, Party.GATE)


@pytest.mark.parametrize("left", [0, 3, 4, 5, 29, 53, 69, 4096, -1])
def test_truncated_keystore_is_unreadable(
    keystore: SealedKeystore, place: Path, left: int
) -> None:
    """A keystore that was cut short is told apart from a wrong passphrase."""
    place.write_bytes(place.read_bytes()[:left])

    with pytest.raises(KeystoreUnreadable):
        SealedKeystore.open(place, WORDS, Party.GATE)


@pytest.mark.parametrize("start", [b"RRKX\x01", b"-----BEGIN", b"RRKS\x00"])
def test_foreign_file_is_unreadable(
    keystore: SealedKeystore, place: Path, start: bytes
) -> None:
    """A file of something else is no keystore, whatever its length."""
    place.write_bytes(start + place.read_bytes()[len(start) :])

    with pytest.raises(KeystoreUnreadable):
        SealedKeystore.open(place, WORDS, Party.GATE)


def test_newer_keystore_is_refused(keystore: SealedKeystore, place: Path) -> None:
    """A keystore of a later format is named as such."""
    sealed = place.read_bytes()
    place.write_bytes(sealed[:4] + b"\x02" + sealed[5:])

    with pytest.raises(NewerVersion, match="newer version of Roundrobin"):
        SealedKeystore.open(place, WORDS, Party.GATE)


@pytest.mark.parametrize(
    ("ops", "memory_kib"),
    [
        (0, 8),
        (OPERATIONS_MAX + 1, 8),
        (2**32 - 1, 8),
        (1, 0),
        (1, MEMORY_KIB_MAX + 1),
        (1, 2**32 - 1),
    ],
)
def test_absurd_cost_is_refused(
    keystore: SealedKeystore, place: Path, ops: int, memory_kib: int
) -> None:
    """A header cannot make the program take all memory, or all day."""
    sealed = place.read_bytes()
    place.write_bytes(sealed[:5] + struct.pack(">II", ops, memory_kib) + sealed[13:])

    with pytest.raises(KeystoreUnreadable):
        SealedKeystore.open(place, WORDS, Party.GATE)
    with pytest.raises(ValueError, match="out of bounds"):
        Cost(ops=ops, memory_kib=memory_kib)


def test_file_beyond_the_bound_is_unreadable(
    keystore: SealedKeystore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is too long for a keystore is not read into memory."""
    monkeypatch.setattr(keystore_module, "KEYSTORE_BYTES_MAX", 4096)

    with pytest.raises(KeystoreUnreadable):
        SealedKeystore.open(place, WORDS, Party.GATE)
    with pytest.raises(KeystoreNotWritten):
        keystore.replace(b"more")


def test_missing_keystore_is_said(place: Path) -> None:
    """A keystore that is not there is told apart from one that does not open."""
    with pytest.raises(KeystoreMissing):
        SealedKeystore.open(place, WORDS, Party.GATE)


def test_lack_of_memory_is_said(keystore: SealedKeystore, place: Path) -> None:
    """Where the derivation finds no memory, that is said, not "wrong passphrase"."""
    sealed = place.read_bytes()
    costly = struct.pack(">II", 1, MEMORY_KIB_MAX)
    place.write_bytes(sealed[:5] + costly + sealed[13:])
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from bot.core.records import Party; from storage.keystore import *\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))\n"
        "try: SealedKeystore.open(Path(sys.argv[1]), 'x', Party.GATE)\n"
        "except NotEnoughMemory as fault: print(fault)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(place)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == str(NotEnoughMemory())


# --- making and replacing ----------------------------------------------------------


def test_keystore_is_never_overwritten(keystore: SealedKeystore, place: Path) -> None:
    """Making one where one is refuses, and the one that is stays."""
    with pytest.raises(KeystoreExists):
        SealedKeystore.create(place, WORDS, Party.GATE, b"other", CHEAPEST)

    assert SealedKeystore.open(place, WORDS, Party.GATE).content == SECRET


def test_keystore_needs_its_folder(tmp_path: Path) -> None:
    """Making one in a folder that is not there is a fault of the disk."""
    with pytest.raises(KeystoreNotWritten):
        SealedKeystore.create(tmp_path / "no" / "k", WORDS, Party.GATE, b"", CHEAPEST)


def fail_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Let the disk fail at one of the calls that make a replacement durable."""
    real, calls = os.fsync, iter(range(1, 100))

    def fsync(file: int) -> None:
        if next(calls) == call:
            raise OSError(errno.EIO, "disk")
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)


def test_failed_replacement_leaves_the_old(
    keystore: SealedKeystore, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the new file cannot be made durable, the old one is in place, alone."""
    fail_at(monkeypatch, 1)

    with pytest.raises(KeystoreNotWritten):
        keystore.replace(b"second")
    assert keystore.content == SECRET
    assert SealedKeystore.open(place, WORDS, Party.GATE).content == SECRET
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize("call", [2, 3])
def test_replacement_that_may_be_lost_is_no_success(
    keystore: SealedKeystore,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: int,
) -> None:
    """If the name cannot be made durable, nothing may build on the replacement."""
    fail_at(monkeypatch, call)

    with pytest.raises(KeystoreNotWritten):
        keystore.replace(b"second")
    assert SealedKeystore.open(place, WORDS, Party.GATE).content == b"second"


def test_failed_making_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keystore that could not be written does not stand there as an empty file."""
    fail_at(monkeypatch, 1)

    with pytest.raises(KeystoreNotWritten):
        SealedKeystore.create(place, WORDS, Party.GATE, SECRET, CHEAPEST)
    assert list(place.parent.iterdir()) == []


def test_bytes_of_the_earlier_file_are_overwritten(
    keystore: SealedKeystore, place: Path
) -> None:
    """Whoever kept the earlier file under another name has rubbish in it."""
    kept = place.with_name("kept")
    kept.hardlink_to(place)
    keystore.replace(b"second")

    with pytest.raises(KeystoreUnreadable):
        SealedKeystore.open(kept, WORDS, Party.GATE)


def test_what_a_crash_left_is_replaced(keystore: SealedKeystore, place: Path) -> None:
    """A half-written file beside the keystore stops nothing, and does not stay."""
    left = place.with_name("keystore.new")
    left.write_bytes(b"half")
    left.chmod(0o444)
    keystore.replace(b"second")

    assert list(place.parent.iterdir()) == [place]


REPLACER = """
import sys; from pathlib import Path
from bot.core.records import Party
from storage.keystore import SealedKeystore
keystore = SealedKeystore.open(Path(sys.argv[1]), sys.argv[2], Party.GATE)
for n in range(10_000):
    keystore.replace(b"%d " % n + bytes([n % 256]) * 50_000)
    print(n, flush=True)
"""


@pytest.mark.timeout(180)
def test_killed_replacement_leaves_a_whole_keystore(
    keystore: SealedKeystore, place: Path
) -> None:
    """After kill -9 the keystore opens, with the last content or the one before."""
    for count in (1, 4, 9):
        with subprocess.Popen(
            [sys.executable, "-c", REPLACER, str(place), WORDS],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            done = [int(process.stdout.readline()) for _ in range(count)][-1]
            process.kill()
        number, filling = SealedKeystore.open(place, WORDS, Party.GATE).content.split(
            b" ", 1
        )

        assert int(number) >= done
        assert filling == bytes([int(number) % 256]) * 50_000


# --- passphrases -------------------------------------------------------------------


def test_passphrase_has_seven_words_of_the_long_list() -> None:
    """A passphrase is 90 bits of dice, in words that people can write down."""
    words = [generate_passphrase().split() for _ in range(200)]

    assert {len(each) for each in words} == {PASSPHRASE_WORDS}
    # 1,400 draws of 7,776 words: far more than half of them are different.
    assert len({word for each in words for word in each}) > 1000


def test_default_cost_is_moderate(place: Path) -> None:
    """Without being asked, a keystore takes libsodium's MODERATE."""
    SealedKeystore.create(place, WORDS, Party.GATE, SECRET)

    ops, memory_kib = struct.unpack(">II", place.read_bytes()[5:13])
    assert Cost(ops=ops, memory_kib=memory_kib) == MODERATE
    assert Cost(ops=3, memory_kib=256 * 1024) == MODERATE
    assert SealedKeystore.open(place, WORDS, Party.GATE).content == SECRET


@pytest.mark.parametrize(
    "fault",
    [
        each
        for module in (database, folder_module, keystore_module)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Fault)
    ],
)
def test_faults_are_sentences(fault: type[Fault]) -> None:
    """What people read is the docstring on one line, ending as a sentence does."""
    text = str(fault())

    assert text.endswith(".")
    assert "\n" not in text
