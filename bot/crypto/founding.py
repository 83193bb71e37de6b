"""The first content of both keystores: each role pins the other's public keys."""

from collections.abc import Callable

from bot.crypto.counter_secrets import CounterSecrets
from bot.crypto.gate_secrets import GateSecrets
from bot.crypto.keypairs import OwnKeys

_KEY_BYTES = 32


def new_installation(randomness: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """Return the contents of the gate's and the counter's keystore, in this order."""
    gate, counter = _own_keys(randomness), _own_keys(randomness)
    gate_secrets = GateSecrets(
        own=gate, peer=counter.public, k_org=randomness(_KEY_BYTES), drives={}
    )
    counter_secrets = CounterSecrets(own=counter, peer=gate.public, drives={})
    return gate_secrets.encode(), counter_secrets.encode()


def _own_keys(randomness: Callable[[int], bytes]) -> OwnKeys:
    return OwnKeys(
        signing_seed=randomness(_KEY_BYTES), box_secret=randomness(_KEY_BYTES)
    )
