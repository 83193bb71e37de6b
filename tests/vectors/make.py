"""Makes the vectors beside this file: `python tests/vectors/make.py`.

Nothing of the product is imported. Bytes are laid out here a second time, from
docs/protocol.md, with `struct`, `json` and `hashlib`; of libsodium only primitives are
used. Everything is fixed, ephemeral keys and nonces too, so that the same files come
out each time. They are made once: a change of a file is a change of the protocol.
"""

import copy
import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box,
    crypto_scalarmult_base,
    crypto_sign,
    crypto_sign_seed_keypair,
    sodium_pad,
)
from nacl.pwhash import argon2id

FOLDER = Path(__file__).parent
Vector = dict[str, Any]

OK = "ok"
MALFORMED = "malformed"
# Of a version ago: read as it is, and written anew in other bytes.
OLDER = "older"
NOT_GENUINE = "not genuine"

# Keys that can be told apart by eye.
DRIVE = bytes(range(16))
K_GATE, K_CTR, K_MAC, K_STATE, K_ORG = (bytes([n]) * 32 for n in (1, 2, 3, 4, 5))
DS_SEED, RK, EK, EPHEMERAL, OTHER = (bytes([n]) * 32 for n in (17, 18, 19, 20, 21))
GATE_SIGN, GATE_BOX, COUNTER_SIGN, COUNTER_BOX = (
    bytes([n]) * 32 for n in (33, 34, 35, 36)
)
NONCE = bytes(range(24))
RANDOM = bytes(range(1, 16))
# 2031-05-01T12:00:00Z
NOON = 1_935_403_200
DAY = 86_400
PEOPLE = ("console", "T0WORKPLACE", "U00000000001")
PASSPHRASE = "not a good passphrase"

TERMS: Vector = {
    "name": "lunch",
    "question": "Where do we eat – inside?",
    "choice": "single",
    "options": ["Canteen", "Park", "Desk"],
    "segments": ["Day", "Night"],
    "place": "general",
    "audience": 60,
    "guests": False,
    "extend": False,
    "rules": {"version": 1, "answers_min": 10, "base_min": 5},
}


BOX_TERMS: Vector = {
    "name": "box",
    "title": "Report box",
    "categories": ["Pay", "Safety", "Too much work"],
    "severities": ["It can wait", "Someone may get harmed"],
    "areas": ["Day shift", "Night shift"],
    "place": "general",
    "audience": 60,
    "guests": False,
    "slot_seconds": DAY,
    "retention_seconds": 90 * DAY,
    "digest": "",
    "rules": 1,
}


# Primitives ---------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """Return canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def prf(key: bytes, person: bytes, message: bytes) -> bytes:
    """Return keyed BLAKE2b with a personalisation, from the standard library."""
    return hashlib.blake2b(message, digest_size=32, key=key, person=person).digest()


def ed25519(seed: bytes, purpose: bytes, message: bytes) -> bytes:
    """Return a signature bound to its purpose."""
    _, secret = crypto_sign_seed_keypair(seed)
    return crypto_sign(purpose + b"\x00" + message, secret)[:64]


def public_of(seed: bytes) -> bytes:
    """Return an Ed25519 public key."""
    return crypto_sign_seed_keypair(seed)[0]


def seal(
    message: bytes, secret_of_reader: bytes, ephemeral: bytes = EPHEMERAL
) -> bytes:
    """Return libsodium's sealed box, made of its parts with a fixed ephemeral key."""
    reader = crypto_scalarmult_base(secret_of_reader)
    sender = crypto_scalarmult_base(ephemeral)
    nonce = hashlib.blake2b(sender + reader, digest_size=24).digest()
    return sender + crypto_box(message, nonce, reader, ephemeral)


def xchacha(key: bytes, nonce: bytes, extra: bytes, plain: bytes) -> bytes:
    """Return nonce and ciphertext."""
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, extra, nonce, key)


def flipped(data: bytes, at: int, bit: int = 1) -> bytes:
    """Return `data` with one bit of the byte at `at` turned over."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


def changed(value: Vector, *path: Any, to: Any) -> Vector:
    """Return a copy of a JSON value with one thing in it changed."""
    result = copy.deepcopy(value)
    inner: Any = result
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return result


def without(value: Vector, key: str) -> Vector:
    """Return a copy of an object without one key."""
    return {name: part for name, part in value.items() if name != key}


# Canonical JSON (protocol.md §2) ------------------------------------------------------


def canonical_vectors() -> list[Vector]:
    """Return texts that are, and are not, the one encoding of a value."""
    good = {
        "an empty object": "{}",
        "no white space, keys in order": '{"a":1,"b":[true,false,null,"x"]}',
        "letters stand for themselves": '{"é":"–"}',
        "what has to be escaped": '"\\"\\\\\\n\\t\\u0001"',
        "the largest integer": "9007199254740991",
        "the smallest integer": "-9007199254740991",
        "keys by code point, not by UTF-16": '{"\ue000":1,"\U0001f600":2}',
        "sixteen levels": "[" * 15 + "1" + "]" * 15,
    }
    hostile = {
        "nothing at all": "",
        "a space after a colon": '{"a": 1}',
        "a line end behind": "{}\n",
        "a space before": " {}",
        "a byte order mark": "\ufeff{}",
        "keys out of order": '{"b":1,"a":2}',
        "keys in UTF-16 order": '{"\U0001f600":2,"\ue000":1}',
        "a key twice": '{"a":1,"a":1}',
        "two values": "1 2",
        "cut off": '{"a":1',
        "a fraction": "1.0",
        "an exponent": "1e2",
        "minus nothing": "-0",
        "a leading zero": "01",
        "a plus sign": "+1",
        "no number": "NaN",
        "infinity": "Infinity",
        "one above the largest integer": "9007199254740992",
        "one below the smallest integer": "-9007199254740992",
        "more digits than Python converts": "1" * 5000,
        "an escape that is not needed": '"\\u00e9"',
        "an escaped slash": '"\\/"',
        "an escape in capitals": '"\\u001F"',
        "a control character as it is": '"\x01"',
        "half of a surrogate pair": '"\\ud800"',
        "single quotes": "{'a':1}",
        "a key that is no text": "{1:2}",
        "a comma too many": "[1,]",
        "seventeen levels": "[" * 16 + "1" + "]" * 16,
        "ten thousand levels": "[" * 10_000,
    }
    raw = {
        "a byte that is no UTF-8": b'"\xff"',
        "an overlong encoding": b'"\xc0\xaf"',
        "a surrogate in UTF-8": b'"\xed\xa0\x80"',
        "UTF-16": "{}".encode("utf-16-le"),
    }
    return [
        *[{"comment": c, "expect": OK, "text": t} for c, t in good.items()],
        *[{"comment": c, "expect": MALFORMED, "text": t} for c, t in hostile.items()],
        *[{"comment": c, "expect": MALFORMED, "hex": b.hex()} for c, b in raw.items()],
    ]


# The keyed function, tags and codes (§3, §6, §8) --------------------------------------


def tag_input(drive: bytes, *parts: str) -> bytes:
    """Return what a tag is made of."""
    lengths = [struct.pack(">H", len(part.encode())) + part.encode() for part in parts]
    return drive + b"".join(lengths)


def prf_vectors() -> list[Vector]:
    """Return keyed hashes, and what is made of them."""
    t1 = prf(K_GATE, b"rr/tag1/v1", tag_input(DRIVE, *PEOPLE))
    labels = (
        "rr/tag1/v1",
        "rr/tag2/v1",
        "rr/mac/v1",
        "rr/commit",
        "rr/code/v1",
        "rr/revision/v1",
        "rr/org/v1",
        "rr/invite/v1",
        "rr/block/v1",
        "rr/blocks/v1",
        "rr/row/v1",
    )
    return [
        *[
            {
                "comment": f"the label {label}",
                "expect": prf(K_GATE, label.encode(), b"message").hex(),
                "of": "prf",
                "key": K_GATE.hex(),
                "label": label,
                "message": b"message".hex(),
            }
            for label in labels
        ],
        {
            "comment": "t1 of an account in a drive",
            "expect": t1.hex(),
            "of": "tag1",
            "key": K_GATE.hex(),
            "drive": DRIVE.hex(),
            "account": list(PEOPLE),
        },
        {
            "comment": "t1 of an account with letters of two and four bytes",
            "expect": prf(
                K_GATE, b"rr/tag1/v1", tag_input(DRIVE, "é", "", "\U0001f600")
            ).hex(),
            "of": "tag1",
            "key": K_GATE.hex(),
            "drive": DRIVE.hex(),
            "account": ["é", "", "\U0001f600"],
        },
        {
            "comment": "t2 of that account: 16 bytes",
            "expect": prf(K_CTR, b"rr/tag2/v1", t1)[:16].hex(),
            "of": "tag2",
            "key": K_CTR.hex(),
            "tag1": t1.hex(),
        },
        {
            "comment": "the tag of an organizer: no drive in it",
            "expect": prf(K_ORG, b"rr/org/v1", tag_input(b"", *PEOPLE)).hex(),
            "of": "organizer",
            "key": K_ORG.hex(),
            "account": list(PEOPLE),
        },
        {
            "comment": "what a manifest pins",
            "expect": prf(K_GATE, b"rr/commit", b"").hex(),
            "of": "commitment",
            "key": K_GATE.hex(),
        },
    ]


# Rows about organizers, and polls that are over (§3.5, §9.4) ------------------------


def row_vectors() -> list[Vector]:
    """Return rows with the gate's MAC, and the pin of a poll that is over."""
    tag, other = (bytes([n]) * 32 for n in (71, 72))
    organizer = {"tag": tag.hex(), "role": "lead", "label": "Birch"}
    invite = {"digest": other.hex(), "role": "organizer", "expires_at": NOON}
    proposal = {
        "proposal": "00112233445566ff",
        "kind": "close",
        "target": DRIVE.hex(),
        "author": tag.hex(),
        "expires_at": NOON,
    }
    draft = {
        "drive": DRIVE.hex(),
        "state": "awaiting",
        "terms": TERMS,
        "author": tag.hex(),
        "drafted_at": NOON,
        "length": DAY,
        "closes_at": 0,
    }
    rows: dict[str, Vector] = {
        "organizer": organizer,
        "invite": invite,
        "proposal": proposal,
        "draft": draft,
    }
    found = [
        {
            "comment": f"the MAC of a row: {name}",
            "expect": prf(K_ORG, b"rr/row/v1", canonical({"row": name} | row)).hex(),
            "of": name,
            "key": K_ORG.hex(),
            "row": row,
        }
        for name, row in rows.items()
    ]
    for comment, manifest, certificate in (
        ("the pin of a poll with a result", b"manifest", b"certificate"),
        ("the pin of a poll that never had keys", b"", b""),
    ):
        parts = (canonical(TERMS), manifest, certificate)
        digests = b"".join(hashlib.sha256(part).digest() for part in parts)
        pin = hashlib.sha256(b"rr/over/v1" + DRIVE + digests).hexdigest()
        found.append(
            {
                "comment": comment,
                "expect": pin,
                "of": "over",
                "drive": DRIVE.hex(),
                "terms": TERMS,
                "manifest": manifest.hex(),
                "certificate": certificate.hex(),
            }
        )
    return found


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_chars(random: bytes, check: int | None = None) -> str:
    """Return a code without its spaces."""
    number = int.from_bytes(random, "big")
    number = number << 10 | (number % 1021 if check is None else check)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def in_groups(chars: str) -> str:
    """Return a code as people see it."""
    return " ".join(chars[at : at + 4] for at in range(0, len(chars), 4))


def code_vectors() -> list[Vector]:
    """Return codes as they are typed, right and wrong."""
    chars = code_chars(RANDOM)
    zeros, ones = bytes(15), b"\xff" * 15
    good = {
        "as it is shown": (in_groups(chars), RANDOM),
        "without spaces": (chars, RANDOM),
        "in small letters, with dashes": (
            in_groups(chars).lower().replace(" ", "-"),
            RANDOM,
        ),
        "nothing but zeros": (code_chars(zeros), zeros),
        "O is read as zero": (code_chars(zeros).replace("0", "O"), zeros),
        "I and L are read as one": (
            code_chars(b"\x08\x42\x10\x84\x21" * 3)
            .replace("1", "I", 5)
            .replace("1", "l"),
            b"\x08\x42\x10\x84\x21" * 3,
        ),
        "nothing but ones": (code_chars(ones), ones),
    }
    number = int.from_bytes(RANDOM, "big")
    hostile = {
        "nothing": "",
        "one character short": chars[:-1],
        "one character more": chars + "0",
        "the first character is another": ("1" if chars[0] != "1" else "2") + chars[1:],
        "the last character is another": chars[:-1]
        + ("0" if chars[-1] != "0" else "2"),
        "two neighbours have changed places": chars[:2]
        + chars[3]
        + chars[2]
        + chars[4:],
        "the last of the code and the first of the checksum have changed places": chars[
            :23
        ]
        + chars[24]
        + chars[23]
        + chars[25],
        "U is no character of a code": "U" + chars[1:],
        "an asterisk, which Crockford's own check symbol uses": chars[:-1] + "*",
        "a checksum above the prime": code_chars(bytes(15), check=1021),
        "a checksum that is off by one": code_chars(RANDOM, check=(number + 1) % 1021),
        "digits of another script": chars[:-1] + "\u0661",
        "a line end inside": chars[:4] + "\n" + chars[4:],
        "a code behind a hundred spaces": " " * 104 + chars,
    }
    return [
        *[
            {
                "comment": comment,
                "expect": random.hex(),
                "typed": typed,
                "key": prf(random.ljust(32, b"\0"), b"rr/code/v1", b"").hex(),
            }
            for comment, (typed, random) in good.items()
        ],
        *[
            {"comment": comment, "expect": "mistyped", "typed": typed}
            for comment, typed in hostile.items()
        ],
    ]


# The manifest and slot keys (§4, §5) --------------------------------------------------


def manifest_value() -> Vector:
    """Return the manifest that all vectors share."""
    return {
        "format": 1,
        "kind": "poll",
        "drive": DRIVE.hex(),
        "terms": TERMS,
        "opens": NOON,
        "closes": NOON + 3 * DAY,
        "slot_seconds": DAY,
        "signer": public_of(DS_SEED).hex(),
        "gate_commitment": prf(K_GATE, b"rr/commit", b"").hex(),
    }


def box_manifest() -> Vector:
    """Return the manifest of a report box."""
    return manifest_value() | {"kind": "box", "terms": BOX_TERMS}


def lane_manifest() -> Vector:
    """Return the manifest of a lane."""
    six_hours = DAY // 4
    return manifest_value() | {
        "kind": "lane",
        "terms": {"lane": 1},
        "slot_seconds": six_hours,
        "closes": NOON + 400 * six_hours,
    }


def _hostile_boxes() -> dict[str, Vector]:
    """Return manifests of boxes and lanes that are wrong in one thing each."""
    box, lane = box_manifest(), lane_manifest()
    many = [f"Topic {n}" for n in range(21)]
    return {
        "a box called a poll": box | {"kind": "poll"},
        "a poll called a box": manifest_value() | {"kind": "box"},
        "a lane called a box": lane | {"kind": "box"},
        "a box with a question": changed(box, "terms", "question", to="Why?"),
        "a box without its retention": changed(
            box, "terms", to=without(BOX_TERMS, "retention_seconds")
        ),
        "a box with a title of two lines": changed(box, "terms", "title", to="A\nB"),
        "a box with a topic that hides what follows": changed(
            box, "terms", "categories", to=["Pay", "Safety\x1b[8m"]
        ),
        "a box with one category": changed(box, "terms", "categories", to=["Pay"]),
        "a box with 21 categories": changed(box, "terms", "categories", to=many),
        "a box with a category twice": changed(
            box, "terms", "categories", to=["Pay", "Pay"]
        ),
        "a box with 11 severities": changed(box, "terms", "severities", to=many[:11]),
        "a box with one area": changed(box, "terms", "areas", to=["Day shift"]),
        "a box with slots of a second": changed(box, "terms", "slot_seconds", to=1),
        "a box that keeps for an hour": changed(
            box, "terms", "retention_seconds", to=3600
        ),
        "a box with rules of version 2": changed(box, "terms", "rules", to=2),
        "a lane of version 2": changed(lane, "terms", "lane", to=2),
        "a lane with true for its version": changed(lane, "terms", "lane", to=True),
        "terms that are a list": changed(box, "terms", to=[]),
    }


def manifest_vectors() -> list[Vector]:
    """Return manifests, right and wrong in one thing each."""
    good = manifest_value()
    scale = changed(good, "terms", "choice", to="scale")
    scale = changed(scale, "terms", "options", to=["1", "2", "3", "4", "5"])
    many = [f"Option {n}" for n in range(21)]
    hostile: dict[str, Vector] = {
        "another format": changed(good, "format", to=2),
        "true for the format": changed(good, "format", to=True),
        "another kind": changed(good, "kind", to="survey"),
        "a key too many": good | {"note": ""},
        "a key too few": without(good, "signer"),
        "a term too many": changed(good, "terms", "note", to=""),
        "a term too few": changed(good, "terms", to=without(TERMS, "guests")),
        "a drive of 15 bytes": changed(good, "drive", to=DRIVE[1:].hex()),
        "a key in capitals": changed(good, "signer", to="AB" * 32),
        "a key that is not hexadecimal": changed(good, "signer", to="zz" * 32),
        "a key of 33 bytes": changed(good, "gate_commitment", to="00" * 33),
        "a close before the opening": changed(good, "closes", to=NOON - 1),
        "a close at the opening": changed(good, "closes", to=NOON),
        "slots of no length": changed(good, "slot_seconds", to=0),
        "401 slots": changed(good, "closes", to=NOON + 400 * DAY + 1),
        "a time as a text": changed(good, "opens", to=str(NOON)),
        "a negative time": changed(good, "opens", to=-1),
        "one option": changed(good, "terms", "options", to=["Canteen"]),
        "21 options": changed(good, "terms", "options", to=many),
        "an option twice": changed(good, "terms", "options", to=["Park", "Park"]),
        "an option of 76 characters": changed(good, "terms", "options", 0, to="x" * 76),
        "one segment": changed(good, "terms", "segments", to=["Day"]),
        "13 segments": changed(good, "terms", "segments", to=many[:13]),
        "a segment twice": changed(good, "terms", "segments", to=["Day", "Day"]),
        "a name of 25 characters": changed(good, "terms", "name", to="x" * 25),
        "a question of 151 characters": changed(
            good, "terms", "question", to="x" * 151
        ),
        "a choice that is not known": changed(good, "terms", "choice", to="ranked"),
        "a scale with other labels": changed(good, "terms", "choice", to="scale"),
        "guests as a number": changed(good, "terms", "guests", to=1),
        "an audience below nobody": changed(good, "terms", "audience", to=-1),
        "rules that release nine answers": changed(
            good, "terms", "rules", "answers_min", to=9
        ),
        "rules with a base of four": changed(good, "terms", "rules", "base_min", to=4),
        "rules of version 2": changed(good, "terms", "rules", "version", to=2),
        **_hostile_boxes(),
    }
    kept = {
        "a poll with two segments": good,
        "a report box": box_manifest(),
        "a box without areas": changed(box_manifest(), "terms", "areas", to=[]),
        "a lane": lane_manifest(),
        "a scale": scale,
        "one slot that is shorter than its length": changed(
            good, "closes", to=NOON + 3600
        ),
        "400 slots": changed(good, "closes", to=NOON + 400 * DAY),
        "rules that are stricter": changed(
            good,
            "terms",
            "rules",
            to={"version": 1, "answers_min": 30, "base_min": 10},
        ),
    }
    return [
        *[
            {
                "comment": comment,
                "expect": OK,
                "text": canonical(value).decode(),
                "digest": hashlib.sha256(canonical(value)).hexdigest(),
            }
            for comment, value in kept.items()
        ],
        *[
            {"comment": c, "expect": MALFORMED, "text": canonical(value).decode()}
            for c, value in hostile.items()
        ],
    ]


def slot_key_message(drive: bytes, slot: int, public: bytes) -> bytes:
    """Return what DS signs of a slot key."""
    return drive + struct.pack(">I", slot) + public


def signature_vectors() -> list[Vector]:
    """Return slot keys whose signature holds, and does not."""
    public = crypto_scalarmult_base(EK)
    label = b"rr/sign/slotkey/v1"
    signed = slot_key_message(DRIVE, 7, public)
    good = ed25519(DS_SEED, label, signed)
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(good[32:], "little") + order
    base: Vector = {
        "signer": public_of(DS_SEED).hex(),
        "drive": DRIVE.hex(),
        "slot": 7,
        "public": public.hex(),
        "signature": good.hex(),
    }
    # A point of small order, for which "no signature" is one over every message.
    trivial = (b"\x01" + bytes(31)).hex()
    elsewhere: dict[str, Vector] = {
        "another slot": {"slot": 8},
        "another drive": {"drive": bytes(16).hex()},
        "another key": {"public": crypto_scalarmult_base(OTHER).hex()},
        "another signer": {"signer": public_of(OTHER).hex()},
        "a bit of R turned over": {"signature": flipped(good, 0).hex()},
        "a bit of S turned over": {"signature": flipped(good, 32).hex()},
        "S plus the group's order": {
            "signature": (good[:32] + scalar.to_bytes(32, "little")).hex()
        },
        "a byte short": {"signature": good[:-1].hex()},
        "a byte more": {"signature": (good + b"\0").hex()},
        "nothing": {"signature": ""},
        "signed as a manifest": {
            "signature": ed25519(DS_SEED, b"rr/sign/manifest/v1", signed).hex()
        },
        "signed as mail": {
            "signature": ed25519(DS_SEED, b"rr/sign/mail/v1", signed).hex()
        },
        "signed without a purpose": {
            "signature": crypto_sign(signed, crypto_sign_seed_keypair(DS_SEED)[1])[
                :64
            ].hex()
        },
        "a signer of small order": {
            "signer": trivial,
            "signature": trivial + bytes(32).hex(),
        },
    }
    return [
        {"comment": "signed by DS for this slot", "expect": OK, **base},
        *[
            {"comment": comment, "expect": "refused", **base, **other}
            for comment, other in elsewhere.items()
        ],
    ]


# The ballot (§6) ----------------------------------------------------------------------


def body_of(**other: Any) -> bytes:
    """Return header and payload of a ballot, right but for `other`."""
    fields: Vector = {
        "version": 1,
        "kind": 1,
        "drive": DRIVE,
        "slot": 7,
        "tag": prf(K_GATE, b"rr/tag1/v1", tag_input(DRIVE, *PEOPLE)),
        "seq": 65_537,
        "id": bytes(range(16, 32)),
        "code": prf(RANDOM.ljust(32, b"\0"), b"rr/code/v1", b""),
        "payload": struct.pack(">IB", 0b010, 1),
    } | other
    head = struct.pack(
        ">BB16sI32sQ16s32s", *[fields[name] for name in list(fields)[:-1]]
    )
    payload: bytes = fields["payload"]
    return head + payload


def record_of(body: bytes, mac: bytes | None = None) -> bytes:
    """Return a padded record."""
    mac = prf(K_MAC, b"rr/mac/v1", body) if mac is None else mac
    return (mac + body + b"\x80").ljust(256, b"\0")


def answer(chosen: int, segment: int = 255) -> bytes:
    """Return the payload of a poll."""
    return struct.pack(">IB", chosen, segment)


def ballot_vectors() -> list[Vector]:
    """Return envelopes for slot 7 that count, or fill, or are refused."""
    body = body_of()
    good = record_of(body)
    long = b"\x80" + bytes(112)
    records: dict[str, tuple[str, bytes]] = {
        "an answer with a segment and a code": ("answer", good),
        "an answer with neither": (
            "answer",
            record_of(body_of(payload=answer(0b100), code=bytes(32))),
        ),
        "a dummy": (
            "dummy",
            record_of(body_of(kind=0, payload=b"", seq=0, code=bytes(32))),
        ),
        "a MAC with one bit turned over": (
            "refused",
            record_of(body, flipped(prf(K_MAC, b"rr/mac/v1", body), 0)),
        ),
        "a body with one bit turned over": ("refused", flipped(good, 32 + 30)),
        "a MAC under another key": (
            "refused",
            record_of(body, prf(OTHER, b"rr/mac/v1", body)),
        ),
        "a MAC with another label": (
            "refused",
            record_of(body, prf(K_MAC, b"rr/tag1/v1", body)),
        ),
        "no mark behind the payload": ("refused", good.replace(b"\x80", b"\0")),
        "something behind the mark": ("refused", good[:-1] + b"\x01"),
        "a second mark": ("refused", good[:-1] + b"\x80"),
        "nothing but zeros": ("refused", bytes(256)),
        "a header that is cut off": ("refused", record_of(body[:109])),
        "version 0": ("refused", record_of(body_of(version=0))),
        "version 2": ("refused", record_of(body_of(version=2))),
        "kind 2": ("refused", record_of(body_of(kind=2))),
        "another drive": ("refused", record_of(body_of(drive=bytes(16)))),
        "another slot": ("refused", record_of(body_of(slot=8))),
        "a payload of four bytes": (
            "refused",
            record_of(body_of(payload=answer(1)[:4])),
        ),
        "a payload of six bytes": (
            "refused",
            record_of(body_of(payload=answer(1) + b"\0")),
        ),
        "a payload of 113 bytes": ("refused", record_of(body_of(payload=long))),
        "no payload": ("refused", record_of(body_of(payload=b""))),
        "no option": ("refused", record_of(body_of(payload=answer(0)))),
        "two options where one is allowed": (
            "refused",
            record_of(body_of(payload=answer(0b011))),
        ),
        "an option that is not there": (
            "refused",
            record_of(body_of(payload=answer(0b1000))),
        ),
        "a segment that is not there": (
            "refused",
            record_of(body_of(payload=answer(1, 2))),
        ),
        "segment 254": ("refused", record_of(body_of(payload=answer(1, 254)))),
    }
    shared = {"slot": 7, "secret": EK.hex(), "k_mac": K_MAC.hex(), "k_ctr": K_CTR.hex()}
    vectors: list[Vector] = [
        {
            "comment": comment,
            "expect": expect,
            "record": record.hex(),
            "envelope": seal(record, EK).hex(),
        }
        for comment, (expect, record) in records.items()
    ]
    envelope = seal(good, EK)
    sealed = {
        "sealed to another key": seal(good, OTHER),
        "an ephemeral key with one bit turned over": flipped(envelope, 0),
        "an ephemeral key with the bit turned over that X25519 ignores": flipped(
            envelope, 31, 0x80
        ),
        "a Poly1305 tag with one bit turned over": flipped(envelope, 32),
        "a ciphertext with one bit turned over": flipped(envelope, -1),
        "nothing but zeros where a box should be": bytes(304),
        "a record of 255 bytes in a box padded to length": seal(good[:-1], EK) + b"\0",
        "the envelope of a mail": seal(good[:200], COUNTER_BOX).ljust(304, b"\0"),
    }
    vectors += [
        {"comment": comment, "expect": "refused", "envelope": data.hex()}
        for comment, data in sealed.items()
    ]
    return [vector | shared for vector in vectors]


# Report boxes (§12) ------------------------------------------------------------------


def code_key(random: bytes = RANDOM) -> bytes:
    """Return the key of a code."""
    return prf(random.ljust(32, b"\0"), b"rr/code/v1", b"")


CASE_ID = prf(code_key(), b"rr/case/v1", b"")[:16]
OTHER_CASE_ID = bytes(range(16, 32))
REPLY_SECRET = prf(code_key(), b"rr/reply/v1", b"")
CK = bytes([6]) * 32
MATTER = hashlib.sha256(b"rr/matter/v1\0forklift").digest()[:16]
ENDS_AT = NOON + 90 * DAY


def short(text: str | bytes, length: int | None = None) -> bytes:
    """Return a text behind its length, or behind another one."""
    data = text.encode() if isinstance(text, str) else text
    return struct.pack(">H", len(data) if length is None else length) + data


def report(
    consent: int = 1,
    category: int = 0,
    severity: int = 1,
    *,
    case_id: bytes = CASE_ID,
    others: int = 0,
    matter: bytes = bytes(16),
    place: bytes = b"",
    text: bytes = b"",
) -> bytes:
    """Return a report's payload; `place` and `text` stand there with their lengths."""
    key = crypto_scalarmult_base(REPLY_SECRET) if any(case_id) else bytes(32)
    head = struct.pack(">BBB16s32s", consent, category, severity, case_id, key)
    head += bytes([others]) + matter
    return head + (place or short("")) + (text or short("The pay was late."))


def counting(**other: Any) -> bytes:
    """Return a report that only counts."""
    return report(0, case_id=bytes(16), text=short(""), **other)


def case_letter(act: int, text: bytes) -> bytes:
    """Return a letter of a case, without its address."""
    return CASE_ID + bytes([act]) + text


def report_vectors() -> list[Vector]:
    """Return payloads of the kinds 2 and 3 for the box in the manifests' vectors."""
    good = report(place=short("Day shift"))
    reports = {
        "a text with a place": (OK, good),
        "a text of 600 characters of four bytes": (
            OK,
            report(text=short("\U0001f600" * 600)),
        ),
        "a report that only counts": (OK, counting()),
        "a text that waits for two others": (OK, report(others=3, matter=MATTER)),
        "one that waits for nobody, with a matter": (MALFORMED, report(matter=MATTER)),
        "one that waits for itself": (MALFORMED, report(others=1, matter=MATTER)),
        "one that waits for too many": (MALFORMED, report(others=21, matter=MATTER)),
        "one that waits on no matter": (MALFORMED, report(others=3)),
        "a report that only counts, and waits": (
            MALFORMED,
            counting(others=3, matter=MATTER),
        ),
        "nothing": (MALFORMED, b""),
        "cut off in its head": (MALFORMED, good[:50]),
        "cut off in its text": (MALFORMED, good[:-1]),
        "cut off before its text": (MALFORMED, report()[:70]),
        "something behind it": (MALFORMED, good + b"\0"),
        "a consent that there is not": (MALFORMED, report(2)),
        "a category that there is not": (MALFORMED, report(1, 3)),
        "a severity that there is not": (MALFORMED, report(1, 0, 2)),
        "a text of 601 characters": (MALFORMED, report(text=short("x" * 601))),
        "a place of 76 characters": (MALFORMED, report(place=short("x" * 76))),
        "a length beyond what is there": (MALFORMED, report(text=short("x", 2000))),
        "a text that is no UTF-8": (MALFORMED, report(text=short(b"\xff\xfe"))),
        "half of a surrogate pair": (MALFORMED, report(text=short(b"\xed\xa0\x80"))),
        "a text to be read that is empty": (MALFORMED, report(text=short(""))),
        "a text to be read without a case": (MALFORMED, report(case_id=bytes(16))),
        "a report that only counts, with its text": (
            MALFORMED,
            report(0, case_id=bytes(16)),
        ),
        "a report that only counts, with a case": (
            MALFORMED,
            report(0, text=short("")),
        ),
        "a report that only counts, with a place": (
            MALFORMED,
            counting(place=short("Day shift")),
        ),
    }
    letters_of_cases = {
        "what an author adds": (OK, case_letter(1, short("It began in March."))),
        "that an author takes it back": (OK, case_letter(2, short(""))),
        "a letter that is cut off": (MALFORMED, CASE_ID),
        "an act that there is not": (MALFORMED, case_letter(3, short("x"))),
        "an addition without words": (MALFORMED, case_letter(1, short(""))),
        "taken back, with words": (MALFORMED, case_letter(2, short("x"))),
        "an addition of 601 characters": (MALFORMED, case_letter(1, short("x" * 601))),
        "a letter with something behind it": (
            MALFORMED,
            case_letter(2, short("")) + b"\0",
        ),
    }
    return [
        {"comment": comment, "expect": expect, "of": of, "hex": data.hex()}
        for of, found in (("report", reports), ("letter", letters_of_cases))
        for comment, (expect, data) in found.items()
    ]


def released_report(**other: Any) -> Vector:
    """Return a report as it leaves the counter."""
    return {
        "case": CASE_ID.hex(),
        "box": DRIVE.hex(),
        "reply_key": crypto_scalarmult_base(REPLY_SECRET).hex(),
        "category": "Pay",
        "severity": "",
        "place": "",
        "text": "The pay was late.",
        "urgent": False,
        "mute": "ab" * 80,
        "keep": 90 * DAY,
        "passed_over": False,
    } | other


def released_table(labels: list[str]) -> Vector:
    """Return a table of ten reports that all have one label."""
    return {
        "choice": "single",
        "total": 10,
        "base": 5,
        "rules": 1,
        "rows": [
            {"label": label, "shown": "0\u20134" if at else "the rest"}
            for at, label in enumerate(labels)
        ],
    }


def pending(
    *,
    magic: bytes = b"RRGB",
    version: int = 2,
    shape: tuple[int, int] = (3, 2),
    counts: tuple[int, ...] = (3, 0, 1, 2, 2),
    tags: tuple[bytes, ...] = (b"a" * 16, b"b" * 16),
    texts: tuple[bytes, ...] | None = None,
    passed_over: int = 0,
    end: bytes = b"\x80",
) -> bytes:
    """Return what waits in a box, without its zeros."""
    first = report(case_id=OTHER_CASE_ID)
    rows = sorted([first, report()], key=lambda row: row[3:19])
    found = tuple(rows) if texts is None else texts
    return b"".join(
        [
            struct.pack(">4sBQHH", magic, version, 5, *shape),
            *(struct.pack(">I", count) for count in counts),
            struct.pack(">I", len(tags)),
            *tags,
            struct.pack(">I", len(found)),
            *(
                b"".join(
                    [
                        struct.pack(">16sI", b"a" * 16, 4),
                        bytes([passed_over] if version > 1 else []),
                        struct.pack(">H", len(one)),
                        one,
                    ]
                )
                for one in found
            ),
            end,
        ]
    )


def pending_vectors() -> list[Vector]:
    """Return what may wait in a box, and what may not."""
    both = sorted([report(case_id=OTHER_CASE_ID), report()], key=lambda row: row[3:19])
    hostile = {
        "another magic": pending(magic=b"RRST"),
        "version 3": pending(version=3),
        "version 0": pending(version=0),
        "another number of categories": pending(shape=(4, 2)),
        "another number of severities": pending(shape=(3, 1)),
        "counts that do not add up": pending(counts=(3, 0, 1, 2, 1)),
        "a tag twice": pending(tags=(b"a" * 16, b"a" * 16)),
        "tags out of order": pending(tags=(b"b" * 16, b"a" * 16)),
        "more tags than there are": pending()[:37] + b"\0\0\xff\xff" + pending()[41:],
        "texts out of order": pending(texts=(both[1], both[0])),
        "a case twice": pending(texts=(both[0], both[0])),
        "a text of a category that there is not": pending(texts=(report(1, 3),)),
        "a report that only counts among the texts": pending(texts=(counting(),)),
        "a text that is neither passed over nor not": pending(passed_over=2),
        "no mark at the end": pending(end=b"\x81"),
        "a number behind the mark": pending(end=b"\x80\x01"),
        "cut off in its head": pending()[:12],
        "cut off in its counts": pending()[:30],
        "cut off in its texts": pending()[:-30],
    }
    vectors = {"two texts of four reports": (OK, pending())}
    vectors |= {"two texts that version 1 wrote": (OLDER, pending(version=1))}
    vectors |= {"two texts that are passed over": (OK, pending(passed_over=1))}
    vectors |= {"an empty box": (OK, pending(counts=(0,) * 5, tags=(), texts=()))}
    vectors |= {comment: (MALFORMED, data) for comment, data in hostile.items()}
    return [
        {"comment": comment, "expect": expect, "length": 16384, "hex": data.hex()}
        for comment, (expect, data) in vectors.items()
    ]


def case_value(**other: Any) -> Vector:
    """Return a case with one turn of each side."""
    reply = seal(b"Thank you.\x80".ljust(4096, b"\0"), REPLY_SECRET)
    return {
        "format": 1,
        "reply_key": crypto_scalarmult_base(REPLY_SECRET).hex(),
        "category": "Pay",
        "severity": "",
        "place": "",
        "text": "The pay was late.",
        "urgent": False,
        "mute": "ab" * 80,
        "mute_until": NOON + 14 * DAY,
        "state": "in hand",
        "reason": "",
        "assigned": "Wren",
        "turns": [["organizers", reply.hex(), False], ["author", "In March.", False]],
        "notes": ["Ask the office."],
        "opened_at": NOON,
        "same_as": "",
        "flag": "",
        "flagged_by": "",
        "passed_over": False,
        "new_words": True,
    } | other


def sealed_case(
    plain: bytes, *, ends_at: int = ENDS_AT, case: bytes = CASE_ID
) -> bytes:
    """Return a case as it lies in the store."""
    padded = plain + b"\x80"
    padded += bytes(-len(padded) % 4096)
    extra = b"rr/case/v1" + case + DRIVE + struct.pack(">Q", ends_at)
    return xchacha(CK, NONCE, extra, padded)


def case_vectors() -> list[Vector]:
    """Return cases of the code that `codes.json` begins with, and none of its own."""
    good = sealed_case(canonical(case_value()))
    value = case_value()
    hostile = {
        "bound to another case": sealed_case(canonical(value), case=OTHER_CASE_ID),
        "bound to another end": sealed_case(canonical(value), ends_at=ENDS_AT + 1),
        "one bit turned over": flipped(good, 60),
        "cut off": good[:-1],
        "a nonce alone": good[:24],
        "no mark of its padding": xchacha(
            CK,
            NONCE,
            b"rr/case/v1" + CASE_ID + DRIVE + struct.pack(">Q", ENDS_AT),
            canonical(value).ljust(4096, b"\0"),
        ),
        "format 2": sealed_case(canonical(case_value(format=2))),
        "a key too many": sealed_case(canonical(case_value(author="mei"))),
        "a key too few": sealed_case(canonical(without(value, "notes"))),
        "a state that there is not": sealed_case(canonical(case_value(state="lost"))),
        "new words that are no flag": sealed_case(canonical(case_value(new_words=1))),
        "a flag that there is not": sealed_case(canonical(case_value(flag="lost"))),
        "joined to 15 bytes": sealed_case(canonical(case_value(same_as="ab" * 15))),
        "a mute box of 79 bytes": sealed_case(canonical(case_value(mute="ab" * 79))),
        "a text of 601 characters": sealed_case(canonical(case_value(text="x" * 601))),
        "a turn by nobody": sealed_case(
            canonical(case_value(turns=[["bot", "x", False]]))
        ),
        "a turn of one part": sealed_case(canonical(case_value(turns=[["author"]]))),
        "a turn whose box is no hexadecimal": sealed_case(
            canonical(case_value(turns=[["organizers", "xy", False]]))
        ),
        "a reply that is passed over": sealed_case(
            canonical(case_value(turns=[["organizers", "ab" * 48, True]]))
        ),
        "white space": sealed_case(canonical(value).replace(b":", b": ", 1)),
    }
    muted = sealed_case(canonical(case_value(mute="", mute_until=0)))
    vectors = {"a talk of two": (OK, good), "after 14 days": (OK, muted)}
    flagged = case_value(flag="asked", flagged_by="cd" * 32, same_as="ab" * 16)
    vectors["joined to another, and flagged"] = (OK, sealed_case(canonical(flagged)))
    turns = [["author", "In March.", True], value["turns"][0]]
    passed = case_value(passed_over=True, turns=turns)
    vectors["a muted author's"] = (OK, sealed_case(canonical(passed)))
    vectors |= {comment: (MALFORMED, data) for comment, data in hostile.items()}
    return [
        {
            "comment": comment,
            "expect": expect,
            "code": RANDOM.hex(),
            "case": CASE_ID.hex(),
            "drive": DRIVE.hex(),
            "ends_at": ENDS_AT,
            "key": CK.hex(),
            "hex": data.hex(),
        }
        for comment, (expect, data) in vectors.items()
    ]


# Mail and letters (§9) ----------------------------------------------------------------


def letters() -> dict[str, Vector]:
    """Return one letter of each kind."""
    public = crypto_scalarmult_base(EK)
    keys = [
        [
            slot,
            public.hex(),
            ed25519(
                DS_SEED, b"rr/sign/slotkey/v1", slot_key_message(DRIVE, slot, public)
            ).hex(),
        ]
        for slot in range(3)
    ]
    text = canonical(manifest_value())
    drive = DRIVE.hex()
    return {
        "draft": {
            "drive": drive,
            "terms": TERMS,
            "length": 3 * DAY,
            "closes": 0,
            "gate_commitment": prf(K_GATE, b"rr/commit", b"").hex(),
            "k_mac": K_MAC.hex(),
        },
        "slot_end": {
            "drive": drive,
            "slot": 0,
            "size": 256,
            "root": hashlib.sha256(b"").hexdigest(),
            "ended": NOON + DAY,
            "final": False,
        },
        "keyed": {
            "drive": drive,
            "manifest": text.decode(),
            "signature": ed25519(DS_SEED, b"rr/sign/manifest/v1", text).hex(),
            "keys": keys,
        },
        "counted": {"drive": drive, "floor": 10},
        "mute": {"drive": drive, "box": "ab" * 80},
        "released": {
            "drive": drive,
            "number": 1,
            "reports": [released_report()],
            "words": [
                [CASE_ID.hex(), "It began in March.", False],
                [CASE_ID.hex(), "And in April.", True],
            ],
            "taken_back": [OTHER_CASE_ID.hex()],
            "tables": [released_table(BOX_TERMS["categories"])] * 2,
        },
        "extended": {"drive": drive, "keys": keys},
        "closed": {"drive": drive, "certificate": "", "signature": ""},
    }


def letter(kind: Any, body: Any, ack: int = 4) -> Vector:
    """Return a letter as it stands inside a box."""
    return {"kind": kind, "body": body, "ack": ack}


def mail(
    plain: bytes,
    *,
    reader: bytes = b"counter",
    number: int = 5,
    signer: bytes = GATE_SIGN,
    box_of: bytes = COUNTER_BOX,
    purpose: bytes = b"rr/sign/mail/v1",
) -> Vector:
    """Return a message from the gate to the counter, or nearly."""
    box = seal(plain, box_of)
    signed = reader + b"\0" + struct.pack(">Q", number) + box
    return {
        "reader": "counter",
        "number": 5,
        "box": box.hex(),
        "signature": ed25519(signer, purpose, signed).hex(),
    }


def mail_vectors() -> list[Vector]:
    """Return messages that the counter reads, and refuses."""
    kinds = letters()
    plain = canonical(letter("counted", kinds["counted"]))
    good = mail(plain)
    refused: dict[str, Vector] = {
        "signed by the counter itself": mail(plain, signer=COUNTER_SIGN),
        "signed by a stranger": mail(plain, signer=OTHER),
        "signed for another reader": mail(plain, reader=b"gate"),
        "signed with another number": mail(plain, number=6),
        "signed for another purpose": mail(plain, purpose=b"rr/sign/manifest/v1"),
        "another number than was signed": good | {"number": 6},
        "number 0": mail(plain, number=0) | {"number": 0},
        "another reader than was signed": good | {"reader": "gate"},
        "a signature with one bit turned over": good
        | {"signature": flipped(bytes.fromhex(good["signature"]), 5).hex()},
        "no signature": good | {"signature": ""},
        "a box with one bit turned over": good
        | {"box": flipped(bytes.fromhex(good["box"]), 40).hex()},
        "a box that is cut off": good | {"box": good["box"][:-2]},
        "sealed to the gate": mail(plain, box_of=GATE_BOX),
        "a box of 47 bytes, signed": _short_box(),
        "a letter with white space": mail(plain.replace(b":", b": ", 1)),
        "a letter without an ack": mail(
            canonical(without(letter("counted", kinds["counted"]), "ack"))
        ),
        "a letter with a key too many": mail(
            canonical(letter("counted", kinds["counted"]) | {"time": 0})
        ),
        "a body that is a list": mail(canonical(letter("counted", []))),
        "a kind that is a number": mail(canonical(letter(1, kinds["counted"]))),
        "an ack below 0": mail(canonical(letter("counted", kinds["counted"], ack=-1))),
        "an ack as a text": mail(
            canonical(letter("counted", kinds["counted"]) | {"ack": "4"})
        ),
    }
    bodies = _hostile_letters(kinds)
    return [
        *[
            {
                "comment": f"a letter of the kind {kind}",
                "expect": OK,
                "kind": kind,
                "mail": mail(canonical(letter(kind, body))),
                "body": body,
            }
            for kind, body in kinds.items()
        ],
        *[
            {"comment": c, "expect": MALFORMED, "mail": vector}
            for c, vector in refused.items()
        ],
        *[
            {"comment": c, "expect": MALFORMED, "mail": mail(canonical(value))}
            for c, value in bodies.items()
        ],
    ]


def _short_box() -> Vector:
    box = bytes(47)
    signed = b"counter\0" + struct.pack(">Q", 5) + box
    signature = ed25519(GATE_SIGN, b"rr/sign/mail/v1", signed)
    return {
        "reader": "counter",
        "number": 5,
        "box": box.hex(),
        "signature": signature.hex(),
    }


def _hostile_letters(kinds: dict[str, Vector]) -> dict[str, Vector]:
    key = kinds["keyed"]["keys"][0]
    edits: dict[str, tuple[str, Callable[[Vector], Vector]]] = {
        "a mute with a box of 79 bytes": ("mute", lambda b: b | {"box": "ab" * 79}),
        "a release of number 0": ("released", lambda b: b | {"number": 0}),
        "a release without its tables": ("released", lambda b: without(b, "tables")),
        "a release of three tables": (
            "released",
            lambda b: b | {"tables": b["tables"] + b["tables"][:1]},
        ),
        "a release with a table that no counts lead to": (
            "released",
            lambda b: changed(b, "tables", 0, "rows", 1, "shown", to="5"),
        ),
        "a release of 151 reports": (
            "released",
            lambda b: b | {"reports": b["reports"] * 151},
        ),
        "a report with its author": (
            "released",
            lambda b: b | {"reports": [released_report(author="mei")]},
        ),
        "a report with a case of 15 bytes": (
            "released",
            lambda b: b | {"reports": [released_report(case=CASE_ID[1:].hex())]},
        ),
        "a report of 601 characters": (
            "released",
            lambda b: b | {"reports": [released_report(text="x" * 601)]},
        ),
        "a report with a mute box of 79 bytes": (
            "released",
            lambda b: b | {"reports": [released_report(mute="ab" * 79)]},
        ),
        "a report that is kept for ever": (
            "released",
            lambda b: b | {"reports": [released_report(keep=401 * DAY)]},
        ),
        "a report whose urgency is a number": (
            "released",
            lambda b: b | {"reports": [released_report(urgent=1)]},
        ),
        "words without their case": (
            "released",
            lambda b: b | {"words": [["It began in March.", False]]},
        ),
        "a kind that is not known": ("vote", lambda _: kinds["counted"]),
        "a draft read as another kind": ("slot_end", lambda _: kinds["draft"]),
        "a draft without its MAC key": ("draft", lambda b: without(b, "k_mac")),
        "a draft with a MAC key of 31 bytes": (
            "draft",
            lambda b: changed(b, "k_mac", to="03" * 31),
        ),
        "a draft that lasts a negative time": (
            "draft",
            lambda b: changed(b, "length", to=-1),
        ),
        "a draft with terms that cannot be": (
            "draft",
            lambda b: changed(b, "terms", "options", to=[]),
        ),
        "a slot of 33 bits": ("slot_end", lambda b: changed(b, "slot", to=2**32)),
        "a final flag that is a number": (
            "slot_end",
            lambda b: changed(b, "final", to=1),
        ),
        "a root of 16 bytes": ("slot_end", lambda b: changed(b, "root", to="00" * 16)),
        "a manifest that is no text": (
            "keyed",
            lambda b: changed(b, "manifest", to=manifest_value()),
        ),
        "a slot key of two parts": (
            "keyed",
            lambda b: changed(b, "keys", 0, to=key[:2]),
        ),
        "a slot key of four parts": (
            "keyed",
            lambda b: changed(b, "keys", 0, to=[*key, 0]),
        ),
        "a floor that is a text": ("counted", lambda b: changed(b, "floor", to="10")),
        "an extension with a flag": ("extended", lambda b: b | {"again": True}),
        "a certificate without a signature": (
            "closed",
            lambda b: changed(b, "certificate", to="{}"),
        ),
        "a signature without a certificate": (
            "closed",
            lambda b: changed(b, "signature", to="00" * 64),
        ),
    }
    return {
        comment: letter(kind, edit(kinds.get(kind, {})))
        for comment, (kind, edit) in edits.items()
    }


# The running count (§7, §8) -----------------------------------------------------------

T2 = [bytes([n]) * 16 for n in (1, 2, 0xFE)]


def revision_row(code: bytes, tag: bytes, nonce: bytes = NONCE) -> tuple[bytes, bytes]:
    """Return id and box of a revision row."""
    inner = seal(tag + answer(0b010, 1), RK)
    row_id = prf(code, b"rr/revision/v1", tag)
    return row_id, xchacha(code, nonce, b"rr/revision/v1", inner)


def running(**other: Any) -> bytes:
    """Return a running count, right but for `other`."""
    code = prf(RANDOM.ljust(32, b"\0"), b"rr/code/v1", b"")
    fields: Vector = {
        "magic": b"RRST",
        "version": 1,
        "generation": 2,
        "answers": 3,
        "options": 3,
        "cells": [1, 2, 0],
        "segments": [(1, [0, 1, 0]), (0, [0, 0, 0])],
        "seen": T2,
        "rows": [revision_row(code, T2[0])],
        "end": b"\x80",
    } | other
    parts = [
        struct.pack(
            ">4sBQIHH",
            fields["magic"],
            fields["version"],
            fields["generation"],
            fields["answers"],
            fields["options"],
            len(fields["segments"]),
        ),
        *[struct.pack(">I", cell) for cell in fields["cells"]],
    ]
    for people, cells in fields["segments"]:
        parts += [struct.pack(">I", number) for number in (people, *cells)]
    parts += [struct.pack(">I", len(fields["seen"])), *fields["seen"]]
    parts.append(struct.pack(">I", len(fields["rows"])))
    parts += [part for row in fields["rows"] for part in row]
    data: bytes = b"".join(parts) + fields["end"]
    return data + bytes(-len(data) % 16384)


def running_vectors() -> list[Vector]:
    """Return running counts of the shared manifest's poll, without their zeros."""
    row = revision_row(bytes(31) + b"\x01", T2[0])
    rows = sorted([row, revision_row(bytes(31) + b"\x02", T2[1])])
    nobody = running(
        generation=0,
        answers=0,
        cells=[0] * 3,
        segments=[(0, [0] * 3)] * 2,
        seen=[],
        rows=[],
    )
    good = {
        "three people, one of them with a code": running(),
        "nobody": nobody,
        "two revision rows": running(rows=rows),
    }
    hostile = {
        "another magic": running(magic=b"RRSU"),
        "version 2": running(version=2),
        "a poll of two options": running(options=2, cells=[1, 2]),
        "a poll without segments": running(segments=[]),
        "cells that do not add up": running(cells=[1, 1, 0]),
        "a segment with more people than the poll": running(
            segments=[(4, [0, 4, 0]), (0, [0, 0, 0])]
        ),
        "one person less seen than counted": running(seen=T2[:2]),
        "people out of order": running(seen=[T2[1], T2[0], T2[2]]),
        "a person twice": running(seen=[T2[0], T2[0], T2[2]]),
        "revision rows out of order": running(rows=rows[::-1]),
        "a revision row twice": running(rows=[rows[0], rows[0]]),
        "no mark at the end": running(end=b""),
        "something behind the mark": running(end=b"\x80\x01"),
        "another mark": running(end=b"\x81"),
        "cut off before the rows": running()[:100].ljust(16384, b"\0"),
        "one byte more than a step": running() + b"\0",
        "no bytes": b"",
        "nothing but zeros": bytes(16384),
        "more people than bytes": running().replace(
            struct.pack(">I", 3) + T2[0], struct.pack(">I", 2**32 - 1) + T2[0]
        ),
    }
    return [
        {
            "comment": comment,
            "expect": expect,
            "length": len(data),
            "hex": data.rstrip(b"\0").hex(),
        }
        for expect, group in ((OK, good), (MALFORMED, hostile))
        for comment, data in group.items()
    ]


def state_vectors() -> list[Vector]:
    """Return sealed states and revision rows, and keys that open them or do not."""
    plain = b"a running count"
    extra = b"rr/state/v1" + DRIVE + struct.pack(">Q", 2)
    box = xchacha(K_STATE, NONCE, extra, plain)
    state: Vector = {
        "of": "state",
        "key": K_STATE.hex(),
        "drive": DRIVE.hex(),
        "generation": 2,
        "box": box.hex(),
    }
    bare = xchacha(K_STATE, NONCE, b"", plain)
    states: dict[str, Vector] = {
        "another key": {"key": OTHER.hex()},
        "another drive": {"drive": bytes(16).hex()},
        "another generation": {"generation": 1},
        "a nonce with one bit turned over": {"box": flipped(box, 0).hex()},
        "a ciphertext with one bit turned over": {"box": flipped(box, 24).hex()},
        "a tag with one bit turned over": {"box": flipped(box, -1).hex()},
        "sealed without saying for what": {"box": bare.hex()},
        "cut off": {"box": box[:-1].hex()},
        "a nonce alone": {"box": NONCE.hex()},
        "nothing": {"box": ""},
    }
    code = prf(RANDOM.ljust(32, b"\0"), b"rr/code/v1", b"")
    row_id, row_box = revision_row(code, T2[0])
    row: Vector = {
        "of": "revision",
        "code_key": code.hex(),
        "rk": RK.hex(),
        "tag": T2[0].hex(),
        "id": row_id.hex(),
        "box": row_box.hex(),
    }
    rows: dict[str, Vector] = {
        "another code": {"code_key": OTHER.hex()},
        "another RK": {"rk": OTHER.hex()},
        "one bit turned over": {"box": flipped(row_box, 50).hex()},
        "a byte short": {"box": row_box[:-1].hex()},
        "a byte more": {"box": (row_box + b"\0").hex()},
        "random bytes, as padding rows are": {"box": (b"\xa5" * 109).hex()},
    }
    return [
        {"comment": "a sealed state", "expect": plain.hex(), **state},
        {"comment": "a row", "expect": answer(0b010, 1).hex(), **row},
        *[
            {"comment": f"a state: {c}", "expect": MALFORMED, **state, **other}
            for c, other in states.items()
        ],
        *[
            {"comment": f"a row: {c}", "expect": MALFORMED, **row, **other}
            for c, other in rows.items()
        ],
    ]


# The board and the certificate file (§10) ---------------------------------------------


def tree(entries: list[bytes]) -> bytes:
    """Return RFC 6962's tree hash, written as the RFC defines it."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    joined = tree(entries[:split]) + tree(entries[split:])
    return hashlib.sha256(b"\x01" + joined).digest()


# From the tests of certificate-transparency: well-known inputs, and their roots.
CT_INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
CT_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def board_vectors() -> list[Vector]:
    """Return the published roots of RFC 6962 trees, and one chain."""
    root = tree([b"entry"])
    head = hashlib.sha256(
        b"rr/chain/v1" + bytes(32) + struct.pack(">I", 0) + root
    ).digest()
    second = hashlib.sha256(
        b"rr/chain/v1" + head + struct.pack(">I", 1) + root
    ).digest()
    return [
        *[
            {
                "comment": f"RFC 6962, the first {size} of the well-known inputs",
                "expect": expect,
                "of": "tree",
                "entries": list(CT_INPUTS[:size]),
            }
            for size, expect in enumerate(CT_ROOTS)
        ],
        {
            "comment": "the chain over two slots with one root",
            "expect": second.hex(),
            "of": "chain",
            "roots": [root.hex()] * 2,
        },
    ]


def certificate_file(
    *,
    manifest: Vector | None = None,
    certificate: Vector | None = None,
    board: list[str] | None = None,
    slots: int = 3,
    seed: bytes = DS_SEED,
) -> Vector:
    """Return a certificate file, signed by DS, right but for what is given."""
    manifest = manifest_value() if manifest is None else manifest
    text = canonical(manifest)
    entries = [
        sorted(hashlib.sha256(bytes([slot, n])).digest() for n in range(2))
        for slot in range(slots)
    ]
    head = bytes(32)
    for slot, hashes in enumerate(entries):
        root = tree(hashes)
        head = hashlib.sha256(
            b"rr/chain/v1" + head + struct.pack(">I", slot) + root
        ).digest()
    rows = [
        {"label": "Canteen", "shown": "the rest"},
        {"label": "Park", "shown": "15"},
        {"label": "Desk", "shown": "0–4"},
    ]
    signed = {
        "format": 1,
        "manifest": hashlib.sha256(text).hexdigest(),
        "chain": head.hex(),
        "slots": slots,
        "released": {
            "choice": "single",
            "total": 45,
            "base": 5,
            "rules": 1,
            "rows": rows,
        },
    } | (certificate or {})
    return {
        "roundrobin": "certificate",
        "manifest": manifest,
        "manifest_signature": ed25519(seed, b"rr/sign/manifest/v1", text).hex(),
        "certificate": signed,
        "signature": ed25519(
            DS_SEED, b"rr/sign/certificate/v1", canonical(signed)
        ).hex(),
        "board": [b"".join(part).hex() for part in entries] if board is None else board,
    }


def certificate_vectors() -> list[Vector]:
    """Return certificate files that are genuine, forged, and unreadable."""
    good = certificate_file()
    table = good["certificate"]["released"]
    board: list[str] = good["board"]
    hashes = board[0]

    def signed(**released: Any) -> Vector:
        return certificate_file(certificate={"released": table | released})

    def segments(*names: str) -> Vector:
        rows = [
            {"label": "Canteen", "shown": "the rest"},
            {"label": "Park", "shown": "5"},
            {"label": "Desk", "shown": "0–4"},
        ]
        return signed(
            segments=[
                {"label": name, "total": 20, "base": 5, "rows": rows} for name in names
            ]
        )

    rows: list[Vector] = table["rows"]
    strict = changed(
        manifest_value(),
        "terms",
        "rules",
        to={"version": 1, "answers_min": 50, "base_min": 5},
    )
    coarse = changed(
        manifest_value(),
        "terms",
        "rules",
        to={"version": 1, "answers_min": 10, "base_min": 10},
    )
    genuine = {
        "a poll without a breakdown": good,
        "a poll with both segments": segments("Day", "Night"),
        "a poll with one segment and the others": segments("Night", "Other"),
    }
    forged = {
        "another question": changed(good, "manifest", "terms", "question", to="Why?"),
        "another total": changed(good, "certificate", "released", "total", to=50),
        "rows that have changed places": changed(
            good, "certificate", "released", "rows", to=[rows[1], rows[0], rows[2]]
        ),
        "a manifest's signature with one bit turned over": changed(
            good,
            "manifest_signature",
            to=flipped(bytes.fromhex(good["manifest_signature"]), 3).hex(),
        ),
        "a signature with one bit turned over": changed(
            good, "signature", to=flipped(bytes.fromhex(good["signature"]), 3).hex()
        ),
        "the manifest's signature under the result": changed(
            good, "signature", to=good["manifest_signature"]
        ),
        "terms signed by another key": certificate_file(seed=OTHER),
        "a result of other terms": certificate_file(
            certificate={"manifest": bytes(32).hex()}
        ),
        "another chain head": certificate_file(certificate={"chain": bytes(32).hex()}),
        "a hash on the board with one bit turned over": certificate_file(
            board=[flipped(bytes.fromhex(hashes), 0).hex(), *board[1:]]
        ),
        "a hash less on the board": certificate_file(board=[hashes[64:], *board[1:]]),
        "a hash twice on the board": certificate_file(
            board=[hashes + hashes[64:], *board[1:]]
        ),
        "hashes in another order": certificate_file(
            board=[hashes[64:] + hashes[:64], *board[1:]]
        ),
        "slots in another order": certificate_file(board=board[::-1]),
        "a slot less on the board": certificate_file(board=board[:2]),
        "a slot more on the board": certificate_file(board=[*board, hashes]),
        "a row that the terms do not offer": signed(
            rows=[*rows[:2], {"label": "Roof", "shown": "0–4"}]
        ),
        "a row less than the terms offer": signed(rows=rows[:2]),
        "rows in another order than the terms": signed(
            rows=[rows[1], rows[0], rows[2]]
        ),
        "a segment that the terms do not name": segments("Day", "Morning"),
        "segments in another order than the terms": segments("Night", "Day"),
        "a base finer than the terms allow": certificate_file(manifest=coarse),
        "fewer answers than the terms ask for": certificate_file(manifest=strict),
        "more slots than the terms have": certificate_file(slots=4),
    }
    unreadable = {
        "a key too many": good | {"note": ""},
        "a key too few": without(good, "board"),
        "a file of another kind": changed(good, "roundrobin", to="receipt"),
        "true for a certificate's format": certificate_file(
            certificate={"format": True}
        ),
        "a certificate of format 2": certificate_file(certificate={"format": 2}),
        "true for a manifest's format": changed(good, "manifest", "format", to=True),
        "a signature of 63 bytes": changed(
            good, "signature", to=good["signature"][:-2]
        ),
        "a signature in capitals": changed(
            good, "signature", to=good["signature"].upper()
        ),
        "half a hash on the board": changed(good, "board", 0, to=hashes[:-32]),
        "a board that is one text": changed(good, "board", to=hashes),
        "no slots": certificate_file(slots=0),
        "a table that no counts lead to": signed(total=15),
        "a cell of four": signed(rows=[rows[0], rows[1] | {"shown": "4"}, rows[2]]),
        "rules of version 2": signed(rules=2),
    }
    texts = {
        "a line end behind": canonical(good) + b"\n",
        "a space behind a colon": canonical(good).replace(b":", b": ", 1),
        "nothing": b"",
    }
    groups = ((OK, genuine), (NOT_GENUINE, forged), (MALFORMED, unreadable))
    return [
        *[
            {"comment": c, "expect": expect, "text": canonical(value).decode()}
            for expect, group in groups
            for c, value in group.items()
        ],
        *[
            {"comment": c, "expect": MALFORMED, "text": text.decode()}
            for c, text in texts.items()
        ],
    ]


# Petitions (§13) ----------------------------------------------------------------------

TK_SEED = bytes(range(100, 116))
TRUSTEE_SECRETS = [bytes([n]) * 32 for n in (51, 52, 53)]
NAME_RECORD_BYTES = 592
SIGNED: dict[str, str] = {
    "name": "Mei Lin 林美",
    "affiliation": "Dock 4",
    "contact": "mei@example.org",
    "phone": "+49 30 1234567",
    "language": "de",
    "employer": "Ware House Ltd",
    "date": "2031-05-02",
}
NAME_SIZES = {
    "name": 200,
    "affiliation": 100,
    "contact": 120,
    "phone": 20,
    "language": 8,
    "employer": 100,
    "date": 10,
}


def name_body(texts: dict[str, bytes], drive: bytes = DRIVE, version: int = 1) -> bytes:
    """Return a name's record up to its padding."""
    parts = [bytes([len(text) % 256]) + text for text in texts.values()]
    return bytes([version]) + drive + b"".join(parts)


def name_record(body: bytes, mark: bytes = b"\x80") -> bytes:
    """Return a name's record with its padding."""
    return (body + mark).ljust(NAME_RECORD_BYTES, b"\0")


def name_vectors() -> list[Vector]:
    """Return records of name boxes, and what is no such record."""
    raw = {key: text.encode() for key, text in SIGNED.items()}
    full = {key: b"x" * size for key, size in NAME_SIZES.items()}
    alone = dict.fromkeys(NAME_SIZES, b"") | {"name": b"Mei"}
    body = name_body(raw)

    def of(**other: bytes) -> bytes:
        return name_record(name_body(raw | other))

    good = {
        "all details": name_record(body),
        "a name alone": name_record(name_body(alone)),
        "all details as long as can be": name_record(name_body(full)),
        "a joiner inside a Persian name": of(
            name="\u0639\u0644\u06cc\u200c\u067e".encode()
        ),
        "a picture": of(name="Mei \U0001f338".encode()),
    }
    longer = {
        f"{key} of one byte more": name_record(
            name_body(raw | {key: b"x" * (size + 1)})
        )
        for key, size in NAME_SIZES.items()
    }
    hostile = longer | {
        "no name": of(name=b""),
        "a space before the name": of(name=b" Mei"),
        "a space behind a place": of(affiliation=b"Dock 4 "),
        "a line end in the name": of(name=b"Mei\nSam"),
        "a carriage return in the name": of(name=b"Mei\rSam"),
        "a tab in the name": of(name=b"Mei\tSam"),
        "a null in the name": of(name=b"Mei\0Sam"),
        "a line separator in the name": of(name="Mei\u2028Sam".encode()),
        "the reading direction turned around": of(name="Mei\u202emaS".encode()),
        "an isolate that is not closed": of(name="Mei\u2067Sam".encode()),
        "a byte that is no UTF-8": of(name=b"Mei\xff"),
        "half a letter at the end": of(name="Mei é".encode()[:-1]),
        "a surrogate in UTF-8": of(name=b"\xed\xa0\x80"),
        "version 0": name_record(name_body(raw, version=0)),
        "version 2": name_record(name_body(raw, version=2)),
        "a length that leads behind the end": name_record(
            body[:17] + 2 * (b"\xff" + b"x" * 255) + b"\xff"
        ),
        "no mark behind the last text": body.ljust(NAME_RECORD_BYTES, b"\0"),
        "another mark": name_record(body, b"\x81"),
        "something behind the mark": flipped(name_record(body), -1),
        "a byte short": name_record(body)[:-1],
        "a byte more": name_record(body) + b"\0",
        "nothing": b"",
    }
    return [
        *[{"comment": c, "expect": OK, "hex": b.hex()} for c, b in good.items()],
        *[
            {"comment": c, "expect": MALFORMED, "hex": b.hex()}
            for c, b in hostile.items()
        ],
    ]


def checked(text: str) -> str:
    """Return a trustees' line with its checksum."""
    digest = hashlib.sha256(b"rr/trustees/v1" + text.encode()).hexdigest()
    return f"{text}-{digest[:8]}"


def tk_public() -> bytes:
    """Return TK's public half."""
    secret = prf(TK_SEED.ljust(32, b"\0"), b"rr/trustees/v1", b"")
    return crypto_scalarmult_base(secret)


def trustees_line(count: int = 3, needed: int = 2) -> str:
    """Return the line that the bot gets."""
    return checked(f"rrnames1-{tk_public().hex()}-{count}-{needed}")


def line_vectors() -> list[Vector]:
    """Return trustees' lines, and what is typed instead."""
    key = crypto_scalarmult_base(TRUSTEE_SECRETS[0]).hex()
    good = {"two of three": trustees_line(), "one of one": trustees_line(1, 1)}
    line = trustees_line()
    hostile = {
        "one letter changed": line.replace("a", "b", 1),
        "one digit of the checksum changed": line[:-1]
        + ("0" if line[-1] != "0" else "1"),
        "another number of people": line.replace("-3-2-", "-4-2-"),
        "another number needed": line.replace("-3-2-", "-3-1-"),
        "more needed than there are": trustees_line(2, 3),
        "eight people": trustees_line(8, 2),
        "nobody needed": trustees_line(3, 0),
        "somebody's own line": checked(f"rrkey1-{key}"),
        "a later version": checked(f"rrnames2-{tk_public().hex()}-3-2"),
        "no checksum": line[:-9],
        "nothing": "",
    }
    return [
        *[{"comment": c, "expect": OK, "text": t} for c, t in good.items()],
        *[{"comment": c, "expect": MALFORMED, "text": t} for c, t in hostile.items()],
    ]


def shares_value() -> Vector:
    """Return the seed split among three, of whom two are needed."""
    keys = [crypto_scalarmult_base(secret) for secret in TRUSTEE_SECRETS]
    groups: list[list[str]] = []
    for number, (left, right) in enumerate([(0, 1), (0, 2), (1, 2)]):
        drawn = bytes([number + 1]) * 16
        rest = bytes(a ^ b for a, b in zip(TK_SEED, drawn, strict=True))
        pairs = ((drawn, left), (rest, right))
        groups.append([seal(part, TRUSTEE_SECRETS[who]).hex() for part, who in pairs])
    return {
        "roundrobin": "shares",
        "format": 1,
        "public": tk_public().hex(),
        "needed": 2,
        "trustees": [key.hex() for key in keys],
        "groups": groups,
    }


def shares_vectors() -> list[Vector]:
    """Return shares files, and what is none."""
    good = shares_value()
    groups: list[list[str]] = good["groups"]
    keys: list[str] = good["trustees"]
    hostile = {
        "a key too many": good | {"note": ""},
        "a key too few": without(good, "public"),
        "a file of another kind": good | {"roundrobin": "certificate"},
        "format 2": good | {"format": 2},
        "true for the format": good | {"format": True},
        "nobody needed": good | {"needed": 0},
        "more needed than there are": good | {"needed": 4},
        "another number needed": good | {"needed": 3},
        "the same key twice": good | {"trustees": [keys[0], keys[1], keys[1]]},
        "a key holder less": good | {"trustees": keys[:2]},
        "a group less": good | {"groups": groups[:2]},
        "a group more": good | {"groups": [*groups, groups[0]]},
        "a box less": changed(good, "groups", 1, to=groups[1][:1]),
        "a box more": changed(good, "groups", 1, to=[*groups[1], groups[1][0]]),
        "a box of 63 bytes": changed(good, "groups", 0, 0, to=groups[0][0][:-2]),
        "a box in capitals": changed(good, "groups", 0, 0, to=groups[0][0].upper()),
        "a public key of 31 bytes": good | {"public": good["public"][:-2]},
        "no key holders": good | {"trustees": [], "groups": [], "needed": 1},
    }
    return [
        {
            "comment": "two of three, whose seed is 100 to 115",
            "expect": OK,
            "text": canonical(good).decode(),
        },
        *[
            {"comment": c, "expect": MALFORMED, "text": canonical(v).decode()}
            for c, v in hostile.items()
        ],
        {"comment": "nothing", "expect": MALFORMED, "text": ""},
    ]


PETITION_TERMS: Vector = {
    "name": "breaks",
    "title": "Paid lunch breaks",
    "text": "We ask for a paid break of 30 minutes.\nIt begins next month.",
    "addressee": "the site management",
    "threshold": 3,
    "collects": "names",
    "asks": ["affiliation"],
    "employer": "",
    "language": "",
    "trustees": trustees_line(),
    "place": "general",
    "audience": 800,
    "guests": False,
    "ends_at_threshold": False,
    "rules": 1,
}
SIX_HOURS = 6 * 3600
JOIN_LINK = "https://union.example.org/join?at=warehouse&v=2"
NEEDS_NOTHING: Vector = {"people": 0, "link": "", "confirms": False, "rules": 2}
METER: Vector = NEEDS_NOTHING | {
    "collects": "membership",
    "link": JOIN_LINK,
    "people": 800,
}


def petition_boxes(count: int = 3) -> list[bytes]:
    """Return name boxes, sorted by their hashes."""
    secret = prf(TK_SEED.ljust(32, b"\0"), b"rr/trustees/v1", b"")
    raw = {key: text.encode() for key, text in SIGNED.items()}
    boxes = [
        seal(
            name_record(name_body(raw | {"name": f"Person {n}".encode()})),
            secret,
            bytes([n + 60]) * 32,
        )
        for n in range(count)
    ]
    return sorted(boxes, key=lambda box: hashlib.sha256(box).digest())


def petition_head(
    *,
    terms: Vector | None = None,
    certificate: Vector | None = None,
    boxes: list[bytes] | None = None,
    count: int = 3,
    slots: int = 2,
    seed: bytes = DS_SEED,
    **other: Any,
) -> Vector:
    """Return the first line of a petition's file, right but for what is given."""
    manifest = manifest_value() | {
        "kind": "petition",
        "terms": PETITION_TERMS | (terms or {}),
        "slot_seconds": SIX_HOURS,
    }
    text = canonical(manifest)
    entries = [
        sorted(hashlib.sha256(bytes([slot, n])).digest() for n in range(2))
        for slot in range(slots)
    ]
    head = bytes(32)
    for slot, hashes in enumerate(entries):
        head = hashlib.sha256(
            b"rr/chain/v1" + head + struct.pack(">I", slot) + tree(hashes)
        ).digest()
    sealed = petition_boxes() if boxes is None else boxes
    listed = [hashlib.sha256(box).digest() for box in sealed]
    signed = {
        "format": 1,
        "manifest": hashlib.sha256(text).hexdigest(),
        "chain": head.hex(),
        "slots": slots,
        "count": count,
        "boxes": tree(listed).hex() if listed else "",
    } | (certificate or {})
    return {
        "roundrobin": "petition",
        "manifest": manifest,
        "manifest_signature": ed25519(seed, b"rr/sign/manifest/v1", text).hex(),
        "certificate": signed,
        "signature": ed25519(
            DS_SEED, b"rr/sign/certificate/v1", canonical(signed)
        ).hex(),
        "board": [b"".join(part).hex() for part in entries],
        "boxes": b"".join(listed).hex(),
    } | other


def petition_text(head: Vector, lines: list[str] | None = None) -> str:
    """Return a petition's file."""
    boxes = [box.hex() for box in petition_boxes()] if lines is None else lines
    return "".join(f"{line}\n" for line in [canonical(head).decode(), *boxes])


def roll(
    signed: dict[bytes, bytes] | None = None,
    *,
    seen: list[bytes] | None = None,
    magic: bytes = b"RRPS",
    version: int = 1,
    mark: bytes = b"\x80",
    length: int = 131_072,
) -> bytes:
    """Return a petition's roll; `signed` are rows without their boxes' bytes."""
    rows = {bytes([2]) * 16: bytes([8]) * 672} if signed is None else signed
    tags = [bytes([n]) * 16 for n in (1, 2, 3)] if seen is None else seen
    parts = [magic, bytes([version]), struct.pack(">Q", 5)]
    parts += [struct.pack(">I", len(tags)), *tags, struct.pack(">I", len(rows))]
    parts += [tag + row for tag, row in rows.items()]
    return b"".join([*parts, mark]).ljust(length, b"\0")


def roll_vectors() -> list[Vector]:
    """Return rolls of the petition in `petitions.json`, and what is none."""
    row = bytes([8]) * 672
    one, two, three = (bytes([n]) * 16 for n in (1, 2, 3))
    good = {
        "one signature of three people": roll(),
        "nobody": roll({}, seen=[]),
    }
    hostile = {
        "another magic": roll(magic=b"RRST"),
        "version 2": roll(version=2),
        "people out of order": roll(seen=[two, one, three]),
        "somebody twice": roll(seen=[one, two, two]),
        "signatures out of order": roll({three: row, two: row}),
        "a signature of nobody": roll({bytes([9]) * 16: row}),
        "a box that is a byte short": roll({two: row[:-1]}),
        "a box that is a byte longer": roll({two: row + b"\1"}),
        "another mark": roll(mark=b"\x81"),
        "something behind the mark": roll(mark=b"\x80\x01"),
        "another length": roll(length=131_073),
        "nothing": b"",
    }
    return [
        {
            "comment": comment,
            "expect": expect,
            "length": len(data),
            "hex": data.rstrip(b"\0").hex(),
        }
        for expect, group in ((OK, good), (MALFORMED, hostile))
        for comment, data in group.items()
    ]


def petition_vectors() -> list[Vector]:
    """Return petitions' files that are genuine, forged, and unreadable."""
    good = petition_head()
    boxes = [box.hex() for box in petition_boxes()]
    hashes: str = good["boxes"]
    counted: Vector = {"collects": "count", "asks": [], "trustees": ""}
    meter = PETITION_TERMS | counted | METER
    genuine = {
        "three names of three": petition_text(good),
        "a count that reached its threshold": petition_text(
            petition_head(terms=counted, boxes=[]), []
        ),
        "twenty-five of a hundred, and no names": petition_text(
            petition_head(terms={"threshold": 100}, count=25, boxes=[]), []
        ),
        "a name box with one bit turned over": petition_text(
            good, [flipped(bytes.fromhex(boxes[0]), 100).hex(), *boxes[1:]]
        ),
        "a name box that is missing": petition_text(good, boxes[1:]),
        "a membership meter of version 2": petition_text(
            petition_head(terms=meter, boxes=[]), []
        ),
        "names of about 800 people": petition_text(
            petition_head(terms=NEEDS_NOTHING | {"people": 800})
        ),
        "a showing of interest that confirms": petition_text(
            petition_head(
                terms=NEEDS_NOTHING | {"collects": "interest", "confirms": True}
            )
        ),
    }
    forged = {
        "another text": petition_text(
            changed(good, "manifest", "terms", "text", to="We ask for nothing.")
        ),
        "a lower threshold": petition_text(
            changed(good, "manifest", "terms", "threshold", to=2)
        ),
        "another count": petition_text(changed(good, "certificate", "count", to=4)),
        "terms signed by another key": petition_text(petition_head(seed=OTHER)),
        "a result of other terms": petition_text(
            petition_head(certificate={"manifest": bytes(32).hex()})
        ),
        "names below the threshold": petition_text(
            petition_head(terms={"threshold": 4})
        ),
        "a count below 25 and below the threshold": petition_text(
            petition_head(terms={"threshold": 100}, count=24, boxes=[]), []
        ),
        "names of a petition that only counts": petition_text(
            petition_head(terms=counted)
        ),
        "names of a membership meter": petition_text(petition_head(terms=meter)),
        "another link to join": petition_text(
            changed(
                petition_head(terms=meter, boxes=[]),
                "manifest",
                "terms",
                "link",
                to="https://evil.example.net",
            ),
            [],
        ),
        "no names of a petition that reached its threshold": petition_text(
            petition_head(boxes=[]), []
        ),
        "fewer names than the count": petition_text(petition_head(count=4)),
        "other hashes than the certificate says": petition_text(
            good | {"boxes": flipped(bytes.fromhex(hashes), -1).hex()}
        ),
        "hashes in another order": petition_text(
            good | {"boxes": hashes[64:128] + hashes[:64] + hashes[128:]}
        ),
        "a hash twice": petition_text(
            good | {"boxes": hashes[:64] + hashes[:64] + hashes[128:]}
        ),
        "a line that nobody signed for": petition_text(
            petition_head(terms=counted, boxes=[]), boxes[:1]
        ),
        "another chain head": petition_text(
            petition_head(certificate={"chain": bytes(32).hex()})
        ),
        "a slot less on the board": petition_text(good | {"board": good["board"][:1]}),
        "more slots than the terms have": petition_text(petition_head(slots=13)),
    }
    terms_wrong: dict[str, Vector] = {
        "a threshold of one": {"threshold": 1},
        "a threshold above the most": {"threshold": 200_001},
        "a name asked for twice": {"asks": ["name"]},
        "details in another order": {"asks": ["contact", "affiliation"]},
        "a detail that there is not": {"asks": ["salary"]},
        "names without key holders": {"trustees": ""},
        "a count with key holders": {"collects": "count", "asks": []},
        "a count that asks for something": counted | {"asks": ["contact"]},
        "another kind of outcome": {"collects": "votes"},
        "a line of key holders with a mistake": {"trustees": trustees_line()[:-1]},
        "a line of key holders in capitals": {"trustees": trustees_line().upper()},
        "two lines for an employer": {"employer": "Ware\nHouse"},
        "rules of version 2": {"rules": 2},
        "true for the rules' version": {"rules": True},
        "a key too many in the terms": {"note": ""},
        "a membership meter of the first version": counted | {"collects": "membership"},
        "version 2 that needs nothing of it": NEEDS_NOTHING,
        "version 2 that calls itself 1": meter | {"rules": 1},
        "version 2 without its link": without(meter, "link"),
        "a key too many in version 2": meter | {"note": ""},
        "a meter without a link": meter | {"link": ""},
        "a meter with key holders": meter | {"trustees": trustees_line()},
        "a meter that asks for something": meter | {"asks": ["contact"]},
        "a link to join by http": meter | {"link": "http://union.example.org"},
        "a link to a script": meter | {"link": "javascript:alert(1)"},
        "somebody before a link's host": meter
        | {"link": "https://union.example.org@evil.example.net/"},
        "a link with a letter of another script": meter
        | {"link": "https://un\u0456on.example.org/"},
        "a link that ends in a mark": meter
        | {"link": "https://union.example.org/|here"},
        "a link of 201 signs": meter
        | {"link": "https://union.example.org/" + "j" * 175},
        "a link of a petition for names": NEEDS_NOTHING | {"link": JOIN_LINK},
        "fewer people than are needed": meter | {"people": 2},
        "more people than there are": meter | {"people": 10_000_001},
        "true for a number of people": meter | {"people": True},
        "0 for whether it confirms": meter | {"confirms": 0},
        "a meter that confirms": meter | {"confirms": True},
        "names that confirm": NEEDS_NOTHING | {"confirms": True},
    }
    unreadable = {
        **{c: petition_text(petition_head(terms=t)) for c, t in terms_wrong.items()},
        "a key too many": petition_text(good | {"note": ""}),
        "a key too few": petition_text(without(good, "board")),
        "a poll's manifest": petition_text(good | {"manifest": manifest_value()}),
        "a manifest that calls itself a poll": petition_text(
            changed(good, "manifest", "kind", to="poll")
        ),
        "a schedule without a length": petition_text(
            changed(good, "manifest", "closes", to=NOON)
        ),
        "a file of another kind": petition_text(good | {"roundrobin": "certificate"}),
        "a certificate of format 2": petition_text(
            petition_head(certificate={"format": 2})
        ),
        "no slots": petition_text(petition_head(certificate={"slots": 0})),
        "a root of 31 bytes": petition_text(
            petition_head(certificate={"boxes": "00" * 31})
        ),
        "half a hash": petition_text(good | {"boxes": hashes[:-32]}),
        "hashes in capitals": petition_text(good | {"boxes": hashes.upper()}),
        "a space in the first line": petition_text(good).replace(":", ": ", 1),
        "nothing": "",
    }
    groups = ((OK, genuine), (NOT_GENUINE, forged), (MALFORMED, unreadable))
    return [
        {"comment": comment, "expect": expect, "text": text}
        for expect, group in groups
        for comment, text in group.items()
    ]


# The keystore's file (§3) -------------------------------------------------------------


def keystore(
    content: bytes = b'{"secret":1}',
    *,
    magic: bytes = b"RRKS",
    version: int = 1,
    ops: int = 1,
    memory: int = 8,
    role: bytes = b"gate",
    derive: tuple[int, int] | None = None,
) -> bytes:
    """Return a keystore under `PASSPHRASE`; its Argon2id costs as good as nothing."""
    salt = bytes(range(16))
    cost_ops, cost_memory = derive or (ops, memory)
    key = argon2id.kdf(
        32,
        PASSPHRASE.encode(),
        salt,
        opslimit=cost_ops,
        memlimit=cost_memory * 1024,
    )
    header = struct.pack(">4sBII16s", magic, version, ops, memory, salt)
    return header + xchacha(key, NONCE, header + role, sodium_pad(content, 4096))


def keystore_vectors() -> list[Vector]:
    """Return keystores of the gate that open, and do not."""
    good = keystore()
    least = (1, 8)
    hostile: dict[str, tuple[str, bytes]] = {
        "the counter's keystore": ("wrong passphrase", keystore(role=b"counter")),
        "a nonce with one bit turned over": ("wrong passphrase", flipped(good, 29)),
        "a salt with one bit turned over": ("wrong passphrase", flipped(good, 13)),
        "a content with one bit turned over": ("wrong passphrase", flipped(good, 60)),
        "a tag with one bit turned over": ("wrong passphrase", flipped(good, -1)),
        "a cost that was put up": ("wrong passphrase", flipped(good, 8, 2)),
        "another magic": ("unreadable", keystore(magic=b"RRKT")),
        "version 0": ("unreadable", keystore(version=0)),
        "version 2": ("newer", keystore(version=2)),
        "no operations": ("unreadable", keystore(ops=0, derive=least)),
        "17 operations": ("unreadable", keystore(ops=17, derive=least)),
        "memory below the least": ("unreadable", keystore(memory=7, derive=least)),
        "more than a gigabyte of memory": (
            "unreadable",
            keystore(memory=1024 * 1024 + 1, derive=least),
        ),
        "a byte short": ("unreadable", good[:-1]),
        "a byte more": ("unreadable", good + b"\0"),
        "a header alone": ("unreadable", good[:53]),
        "nothing": ("unreadable", b""),
    }
    vectors = {"one page": (OK, good)} | hostile
    return [
        {
            "comment": comment,
            "expect": expect,
            "passphrase": PASSPHRASE,
            "content": b'{"secret":1}'.hex(),
            "hex": data.hex(),
        }
        for comment, (expect, data) in vectors.items()
    ]


# Published by others ------------------------------------------------------------------


def ed25519_vectors() -> list[Vector]:
    """Return the first three tests of RFC 8032 §7.1."""
    tests = (
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    )
    return [
        {
            "comment": f"RFC 8032 §7.1, TEST {number}",
            "seed": seed,
            "public": public,
            "message": message,
            "expect": first + second,
        }
        for number, (seed, public, message, first, second) in enumerate(tests, 1)
    ]


FILES: dict[str, tuple[str, Callable[[], list[Vector]]]] = {
    "canonical": ("Canonical JSON: `text` in UTF-8, or `hex`.", canonical_vectors),
    "prf": ("Keyed hashes and what is made of them, in hexadecimal.", prf_vectors),
    "rows": ("Rows with the gate's MAC, and pins.", row_vectors),
    "codes": ("What is typed; `expect` is the 15 bytes or a refusal.", code_vectors),
    "manifest": ("Manifests as DS signs them.", manifest_vectors),
    "slot_keys": ("A slot's key and DS's signature over it.", signature_vectors),
    "ballots": ("Envelopes of one slot of the manifest's poll.", ballot_vectors),
    "mail": ("Messages from the gate, as the counter reads them.", mail_vectors),
    "reports": ("Payloads of reports and of letters of cases.", report_vectors),
    "pending": ("What waits in a box; `hex` lacks the zeros.", pending_vectors),
    "cases": ("Cases as they lie in the store.", case_vectors),
    "running": ("Running counts; `hex` lacks the zeros at the end.", running_vectors),
    "states": ("Sealed states and revision rows.", state_vectors),
    "board": ("Tree roots and chain heads.", board_vectors),
    "certificates": ("Certificate files, as handed out.", certificate_vectors),
    "names": ("Records of name boxes, opened.", name_vectors),
    "lines": ("Trustees' lines for the bot.", line_vectors),
    "shares": ("Shares files.", shares_vectors),
    "rolls": ("Rolls; `hex` lacks the zeros at the end.", roll_vectors),
    "petitions": ("Petitions' files, as handed out.", petition_vectors),
    "keystores": ("The file of the gate's keystore.", keystore_vectors),
    "ed25519": ("Signatures as RFC 8032 publishes them.", ed25519_vectors),
}


def text_of(name: str) -> str:
    """Return the content of a file of vectors."""
    comment, make = FILES[name]
    value = {"comment": comment, "vectors": make()}
    return json.dumps(value, ensure_ascii=True, indent=1) + "\n"


def main() -> None:
    """Write all files."""
    for name in FILES:
        (FOLDER / f"{name}.json").write_text(text_of(name), encoding="ascii")


if __name__ == "__main__":
    main()
