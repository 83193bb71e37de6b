"""The file that holds a petition's split key (protocol.md §13).

For each group of people that suffices there is one part for each of them, sealed to
that person's key. All parts of a group together give the seed; fewer say nothing of it.
"""

from dataclasses import dataclass
from itertools import combinations

from bot.core import canonical
from bot.core.canonical import JsonValue, Malformed
from bot.core.trustees import KEY_BYTES, TRUSTEES_MAX, Trustees

SHARES_FORMAT = 1
# A sealed box around 16 bytes.
SHARE_BOX_BYTES = 64

_KEYS = frozenset(
    ["roundrobin", "format", "public", "needed", "trustees", "groups"],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A split key. `keys` are the trustees' public keys, 32 B each, all different.

    `groups` has for each group of `groups_of`, in that order, one box for each member.
    """

    trustees: Trustees
    keys: tuple[bytes, ...]
    groups: tuple[tuple[bytes, ...], ...]

    def __post_init__(self) -> None:
        if len(self.keys) != self.trustees.count or len(set(self.keys)) != len(
            self.keys
        ):
            raise ValueError("trustees are missing, or one is named twice")
        expected = groups_of(self.trustees)
        if [len(group) for group in self.groups] != [len(one) for one in expected]:
            raise ValueError("boxes are missing")

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return canonical.encode(
            {
                "roundrobin": "shares",
                "format": SHARES_FORMAT,
                "public": self.trustees.public.hex(),
                "needed": self.trustees.needed,
                "trustees": [key.hex() for key in self.keys],
                "groups": [[box.hex() for box in group] for group in self.groups],
            }
        )


def groups_of(trustees: Trustees) -> list[tuple[int, ...]]:
    """Return all groups of just enough people, each by their places in `keys`."""
    return [*combinations(range(trustees.count), trustees.needed)]


def decode_shares(data: bytes) -> Shares:
    """Return the split key in a file, or raise `Malformed`."""
    fields = canonical.decode_object(data.strip(), _KEYS)
    if fields["roundrobin"] != "shares":
        raise Malformed("a file of another kind")
    canonical.format_of(fields["format"], SHARES_FORMAT)
    keys = _keys(fields["trustees"])
    try:
        return Shares(
            trustees=Trustees(
                public=canonical.bytes_of(fields["public"], KEY_BYTES),
                count=len(keys),
                needed=canonical.integer_of(fields["needed"], 1, TRUSTEES_MAX),
            ),
            keys=keys,
            groups=_groups(fields["groups"]),
        )
    except Malformed:
        raise
    except ValueError:
        raise Malformed("shares that cannot be") from None


def _keys(value: JsonValue) -> tuple[bytes, ...]:
    items = canonical.list_of(value, TRUSTEES_MAX)
    return tuple(canonical.bytes_of(item, KEY_BYTES) for item in items)


def _groups(value: JsonValue) -> tuple[tuple[bytes, ...], ...]:
    # Of seven people there are 35 groups of three, and as many of four.
    return tuple(
        tuple(
            canonical.bytes_of(box, SHARE_BOX_BYTES)
            for box in canonical.list_of(group, TRUSTEES_MAX)
        )
        for group in canonical.list_of(value, 35)
    )
