"""Short-lived memory that knows nobody: keyed digests under a key of this process.

The key is made at the start and never written down, so that what is kept here says
nothing to whoever reads the memory later without it, and nothing at all after the end.
"""

import hashlib
from collections import OrderedDict

from bot.ports import Clock, Randomness

# Enough that no two of ten million accounts share one by chance.
DIGEST_BYTES = 16
KEY_BYTES = 32
# Slack repeats an event for an hour at the most; its first repeats come at once.
REMEMBER_SECONDS = 60 * 60
# A busy hour. Beyond it the oldest are forgotten first.
REMEMBERED_MAX = 16_384


class Digests:
    """Turns what must not be kept into what may."""

    def __init__(self, randomness: Randomness) -> None:
        """Make a key for as long as this process lives."""
        self._key = randomness(KEY_BYTES)

    def of(self, said: str) -> bytes:
        """Return what stands for `said` in this process and nowhere else."""
        return hashlib.blake2b(
            said.encode("utf-8", "replace"), key=self._key, digest_size=DIGEST_BYTES
        ).digest()


class Recent:
    """Remembers which requests came lately, so that none is done twice."""

    def __init__(self, digests: Digests, clock: Clock) -> None:
        """Join the parts."""
        self._digests = digests
        self._clock = clock
        self._seen: OrderedDict[bytes, int] = OrderedDict()

    def is_new(self, once: str) -> bool:
        """Tell whether a request comes for the first time, and remember that it did."""
        now = self._clock.now()
        self._forget_before(now - REMEMBER_SECONDS)
        digest = self._digests.of(once)
        # What has no name of its own cannot be told from another.
        if not once:
            return True
        if digest in self._seen:
            return False
        self._seen[digest] = now
        return True

    def forget(self, once: str) -> None:
        """Let a request that failed come once more."""
        self._seen.pop(self._digests.of(once), None)

    def _forget_before(self, oldest: int) -> None:
        while self._seen:
            digest, at = next(iter(self._seen.items()))
            if at >= oldest and len(self._seen) < REMEMBERED_MAX:
                return
            del self._seen[digest]
