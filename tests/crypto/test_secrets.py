"""What the two keystores hold, and that what is written can be read."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.board import EMPTY_HEAD
from bot.core.canonical import Malformed
from bot.core.drives import LIVE, State
from bot.core.manifest import DriveId
from bot.core.records import Mail, Party, SlotEnd
from bot.core.reports import CaseId
from bot.core.slots import SLOTS_EXTENDED_MAX, SLOTS_MAX
from bot.crypto.counter_secrets import (
    CounterDrive,
    CounterSecrets,
    EndedBox,
    LastStep,
    MuteKey,
    RoundEnd,
    TakenBack,
    decode_counter_secrets,
)
from bot.crypto.founding import new_installation
from bot.crypto.gate_secrets import (
    OVER_MAX,
    GateDrive,
    GateSecrets,
    decode_gate_secrets,
)
from bot.crypto.keypairs import OwnKeys
from tests.core.lunch import DRIVE, damaged, keys_of_32, spoiled, texts

OWN = OwnKeys(signing_seed=b"\x21" * 32, box_secret=b"\x22" * 32)
PEER = OwnKeys(signing_seed=b"\x23" * 32, box_secret=b"\x24" * 32).public
ROOT = b"\x0b" * 32

numbers = st.integers(0, canonical.INTEGER_MAX)
slots = st.integers(0, 2**32 - 1)
drive_ids = st.binary(min_size=16, max_size=16).map(DriveId)
own_keys = st.builds(OwnKeys, signing_seed=keys_of_32, box_secret=keys_of_32)
peer_keys = own_keys.map(lambda own: own.public)
gate_drives = st.builds(
    GateDrive,
    k_gate=keys_of_32,
    k_mac=keys_of_32,
    k_inbox=keys_of_32,
    manifest_digest=st.just(b"") | keys_of_32,
    state=st.none() | st.sampled_from(sorted(LIVE)),
    ended=st.integers(0, SLOTS_EXTENDED_MAX),
    extended_at=numbers,
    floor=numbers,
)
gate_secrets = st.builds(
    GateSecrets,
    own=own_keys,
    peer=peer_keys,
    k_org=keys_of_32,
    sent=numbers,
    acked=numbers,
    received=numbers,
    passed_over=numbers,
    seq_reserved=numbers,
    drives=st.dictionaries(drive_ids, gate_drives, max_size=2),
    over=st.dictionaries(drive_ids, keys_of_32, max_size=3),
    cases=st.dictionaries(drive_ids.map(CaseId), keys_of_32, max_size=2),
)
mutes = st.builds(
    MuteKey,
    drive_id=drive_ids,
    secret=keys_of_32,
    until=numbers,
    muted=st.lists(drive_ids.map(bytes), max_size=2).map(tuple),
)
taken_back = st.builds(TakenBack, case_id=drive_ids.map(CaseId), until=numbers)
ended_boxes = st.builds(EndedBox, manifest=st.text().map(str.encode), ended_at=numbers)
mails = st.builds(
    Mail,
    reader=st.sampled_from(Party),
    number=numbers,
    box=st.binary(max_size=40),
    signature=st.binary(min_size=64, max_size=64),
)
round_ends = st.builds(RoundEnd, ended_at=numbers, final=st.booleans())
last_steps = st.builds(
    LastStep,
    drive_id=drive_ids,
    keep=st.integers(-1, canonical.INTEGER_MAX),
    slots=st.lists(slots, max_size=3).map(tuple),
)


@st.composite
def counter_secrets(draw: st.DrawFn) -> CounterSecrets:
    """Draw what a counter's keystore may hold."""
    drives: dict[DriveId, CounterDrive] = {}
    for drive_id in draw(st.sets(drive_ids, max_size=2)):
        ends = st.builds(
            SlotEnd,
            drive_id=st.just(drive_id),
            slot=slots,
            size=numbers,
            root=keys_of_32,
        )
        drives[drive_id] = draw(
            st.builds(
                CounterDrive,
                signer=keys_of_32,
                rk=keys_of_32,
                k_ctr=keys_of_32,
                k_mac=keys_of_32,
                k_state=keys_of_32,
                generation=numbers,
                state=st.just(b"") | keys_of_32,
                manifest=texts.map(str.encode),
                slot_keys=st.dictionaries(slots, keys_of_32, max_size=3),
                waiting=st.lists(ends, max_size=2).map(tuple),
                head=keys_of_32,
                ended=numbers,
                floor=numbers,
                extended=st.booleans(),
                held=st.none() | round_ends,
            )
        )
    return CounterSecrets(
        own=draw(own_keys),
        peer=draw(peer_keys),
        sent=draw(numbers),
        received=draw(numbers),
        out=tuple(draw(st.lists(mails, max_size=2))),
        drives=drives,
        last=draw(st.none() | last_steps),
        mutes=tuple(draw(st.lists(mutes, max_size=2))),
        taken_back=tuple(draw(st.lists(taken_back, max_size=2))),
        ended_boxes=tuple(draw(st.lists(ended_boxes, max_size=2))),
        owes_rewrite=draw(st.booleans()),
    )


def counter_drive(slots_of_drive: int) -> CounterDrive:
    """Return a drive whose slots all wait."""
    return CounterDrive(
        signer=b"\x01" * 32,
        rk=b"\x02" * 32,
        k_ctr=b"\x03" * 32,
        k_mac=b"\x04" * 32,
        k_state=b"\x05" * 32,
        generation=1,
        state=b"\x06" * 32,
        manifest=b"{}",
        slot_keys=dict.fromkeys(range(slots_of_drive), b"\x07" * 32),
        waiting=tuple(
            SlotEnd(drive_id=DRIVE, slot=slot, size=256, root=ROOT)
            for slot in range(slots_of_drive)
        ),
        head=EMPTY_HEAD,
        ended=slots_of_drive,
        held=RoundEnd(ended_at=9, final=True),
    )


GATE = GateSecrets(
    own=OWN,
    peer=PEER,
    k_org=b"\x0a" * 32,
    drives={
        DRIVE: GateDrive(
            k_gate=b"\x01" * 32,
            k_mac=b"\x02" * 32,
            k_inbox=b"\x03" * 32,
            manifest_digest=b"\x04" * 32,
            state=State.OPEN,
            ended=7,
        )
    },
    over={DriveId(b"\x0c" * 16): b"\x0d" * 32},
)
COUNTER = CounterSecrets(
    own=OWN,
    peer=PEER,
    out=(Mail(reader=Party.GATE, number=1, box=b"box", signature=bytes(64)),),
    drives={DRIVE: counter_drive(2)},
    last=LastStep(drive_id=DRIVE, keep=1, slots=(0,)),
    mutes=(MuteKey(drive_id=DRIVE, secret=ROOT, until=7, muted=(b"m" * 16,)),),
    taken_back=(TakenBack(case_id=CaseId(b"c" * 16), until=8),),
    ended_boxes=(EndedBox(manifest=b"{}", ended_at=9),),
)


@given(gate_secrets)
def test_gate_round_trip(secrets: GateSecrets) -> None:
    """What the gate keeps comes back."""
    assert decode_gate_secrets(secrets.encode()) == secrets


@given(counter_secrets())
def test_counter_round_trip(secrets: CounterSecrets) -> None:
    """What the counter keeps comes back."""
    assert decode_counter_secrets(secrets.encode()) == secrets


@given(
    st.binary()
    | damaged(GATE.encode())
    | spoiled(json.loads(GATE.encode())).map(canonical.encode)
)
def test_bytes_are_the_gates_or_malformed(content: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        secrets = decode_gate_secrets(content)
    except Malformed:
        return

    # An older version wrote all but one key.
    whole = {"passed_over": 0} | json.loads(content)
    assert secrets.encode() == canonical.encode(whole)


def test_keystore_of_an_older_version() -> None:
    """It had passed over no letter that it knew of; nothing else may be missing."""
    before = json.loads(GATE.encode())
    del before["passed_over"]
    assert decode_gate_secrets(canonical.encode(before)) == GATE
    del before["sent"]

    with pytest.raises(Malformed):
        decode_gate_secrets(canonical.encode(before))


@given(
    st.binary()
    | damaged(COUNTER.encode())
    | spoiled(json.loads(COUNTER.encode())).map(canonical.encode)
)
def test_bytes_are_the_counters_or_malformed(content: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        secrets = decode_counter_secrets(content)
    except Malformed:
        return

    assert secrets.encode() == content


def spoil(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a keystore's content with one thing in it changed."""
    assert content.count(old) == 1
    return content.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"format":1', b'"format":true'),
        (b'"format":1', b'"format":2'),
        (b'"role":"gate"', b'"role":"counter"'),
        (b'"manifest":"' + b"04" * 32, b'"manifest":"' + b"04" * 31),
        (b'"manifest":"' + b"04" * 32 + b'"', b'"manifest":null'),
        (b'"manifest":"' + b"04" * 32 + b'"', b'"manifest":0'),
        (b'"k_org":"0a', b'"k_org":"0A'),
        (b'"sent":0', b'"sent":-1'),
        (b'"state":"open"', b'"state":"closed"'),
        (b'"state":"open"', b'"state":null'),
        (b'"ended":7', b'"ended":801'),
        (b'"ended":7', b'"ended":true'),
        (b'"extended_at":0', b'"extended_at":-1'),
        (b'"over":[[', b'"over":[["' + b"0c" * 16 + b'"],['),
        (b'"over":[[', b'"over":[["' + b"0c" * 16 + b'","' + b"0e" * 32 + b'"],['),
        (DRIVE.hex().encode(), DRIVE.hex().upper().encode()),
    ],
)
def test_gates_content_that_is_refused(old: bytes, new: bytes) -> None:
    """One thing wrong is enough."""
    with pytest.raises(Malformed):
        decode_gate_secrets(spoil(GATE.encode(), old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"format":1', b'"format":true'),
        (b'"role":"counter"', b'"role":"gate"'),
        (b'"reader":"gate"', b'"reader":"desk"'),
        (b'"box":"626f78"', b'"box":"626f7"'),
        (b'"state":"' + b"06" * 32 + b'"', b'"state":[]'),
        (b'"1":"07', b'"01":"07'),
        (b'"1":"07', b'"-1":"07'),
        (b'"1":"07', '"\u0661":"07'.encode()),
        (b'"1":"07', b'"4294967296":"07'),
        (b'"1":"07', b'"x":"07'),
        (b'"1":"07', b'" 1":"07'),
        (b"[1,256,", b"[256,"),
        (b"[1,256,", b"[1,1,256,"),
        (b"[1,256,", b"[4294967296,256,"),
        (b'"keep":1', b'"keep":-2'),
        (b'"slots":[0]', b'"slots":[true]'),
        (b'"slots":[0]', b'"slots":{}'),
        (b'"muted":["6d', b'"muted":["6'),
        (b'"until":7', b'"until":-7'),
        (b'63",8]', b'63"]'),
        (b'63",8]', b'63",true]'),
        (b'["{}",9]', b'["{}"]'),
        (b'["{}",9]', b'["{}",true]'),
        (b'"ended_at":9', b'"ended_at":-9'),
        (b'"final":true', b'"final":1'),
        (b'"owes_rewrite":false', b'"owes_rewrite":0'),
    ],
)
def test_counters_content_that_is_refused(old: bytes, new: bytes) -> None:
    """One thing wrong is enough."""
    with pytest.raises(Malformed):
        decode_counter_secrets(spoil(COUNTER.encode(), old, new))


@pytest.mark.parametrize("key", ["drives", "last", "cases"])
def test_content_of_another_shape_is_refused(key: str) -> None:
    """Lists do not stand for objects."""
    for secrets, decode in (
        (GATE, decode_gate_secrets),
        (COUNTER, decode_counter_secrets),
    ):
        value = json.loads(secrets.encode())
        value[key] = []
        with pytest.raises(Malformed):
            decode(canonical.encode(value))


def test_oldest_polls_that_are_over_are_forgotten() -> None:
    """However many polls there were, the keystore that is written can be read."""
    over = {
        DriveId(number.to_bytes(16, "big")): bytes(32) for number in range(OVER_MAX + 3)
    }
    kept = decode_gate_secrets(replace(GATE, over=over).encode()).over

    assert list(kept) == list(over)[3:]


def test_slot_keys_of_another_shape_are_refused() -> None:
    """The slots' keys are named by their slots."""
    value = json.loads(COUNTER.encode())
    value["drives"][DRIVE.hex()]["slots"] = []
    with pytest.raises(Malformed):
        decode_counter_secrets(canonical.encode(value))


def test_drive_with_all_its_slots_waiting_is_read() -> None:
    """A poll of 400 days that nobody answers, extended once, ends no other poll."""
    secrets = replace(
        COUNTER,
        drives={DRIVE: counter_drive(SLOTS_EXTENDED_MAX)},
        last=LastStep(drive_id=DRIVE, keep=-1, slots=tuple(range(SLOTS_EXTENDED_MAX))),
    )

    assert SLOTS_EXTENDED_MAX == 2 * SLOTS_MAX
    assert decode_counter_secrets(secrets.encode()) == secrets


def test_counter_that_answers_many_letters_is_read() -> None:
    """What a counter sent after months of being off can be read by it."""
    letters = (replace(COUNTER.out[0], box=b""),) * 20_000
    secrets = replace(COUNTER, out=letters)

    assert decode_counter_secrets(secrets.encode()) == secrets


def test_nothing_of_a_secret_is_printed() -> None:
    """No key lands in a message."""
    drives = [*GATE.drives.values(), *COUNTER.drives.values()]
    shown = f"{GATE} {COUNTER} {drives} {OWN}"

    assert "\\x" not in shown


# --- the first content ----------------------------------------------------------------


def test_roles_pin_each_other() -> None:
    """Each role has keys of its own, and the other's public halves."""
    given_out: list[bytes] = []

    def randomness(size: int) -> bytes:
        given_out.append(bytes([len(given_out) + 1]) * size)
        return given_out[-1]

    gate_content, counter_content = new_installation(randomness)
    gate = decode_gate_secrets(gate_content)
    counter = decode_counter_secrets(counter_content)

    assert gate.peer == counter.own.public
    assert counter.peer == gate.own.public
    assert len(given_out) == len(set(given_out)) == 5
    assert {len(key) for key in given_out} == {32}
    assert not gate.drives
    assert not counter.drives
    for secret in (counter.own.signing_seed, counter.own.box_secret):
        assert secret.hex().encode() not in gate_content
    assert gate.k_org.hex().encode() not in counter_content
