"""The long-term keys of gate and counter (protocol.md §3)."""

from dataclasses import dataclass

from nacl.bindings import crypto_scalarmult_base

from bot.crypto import signing


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OwnKeys:
    """A role's own long-term secrets: Ed25519 seed and X25519 secret, 32 B each."""

    signing_seed: bytes
    box_secret: bytes

    @property
    def public(self) -> "PeerKeys":
        """The halves that the other role pins."""
        return PeerKeys(
            signing=signing.public_of(self.signing_seed),
            box=crypto_scalarmult_base(self.box_secret),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerKeys:
    """The other role's public keys, pinned at `init`."""

    signing: bytes
    box: bytes
