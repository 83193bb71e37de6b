"""A process that seals for the gate: padded records in, envelopes out (protocol.md §6).

It is started fresh and has none of the gate's keys: a slot's public key comes with each
share of records. What it was handed lies in its memory until the next share and on no
disk. It ends when the gate's end of the line is gone, however the gate ended.
"""

import struct
from contextlib import suppress
from socket import MSG_WAITALL, socket

from bot.core.ballots import POLL_RECORD_BYTES
from bot.crypto.sealing import seal_joined
from bot.hardening import leave_no_memory_behind

PUBLIC_BYTES = 32
# How many records follow, and the key that they are sealed to.
HEAD = struct.Struct(f">I{PUBLIC_BYTES}s")
# Said once, when the first share may come.
READY = b"\x01"

# Standard input: one socket, for both directions.
_LINE = 0


def main() -> None:
    """Seal share after share until nobody asks any more."""
    leave_no_memory_behind()
    # A gate that was killed leaves an answer that nobody can be told.
    with socket(fileno=_LINE) as line, suppress(ConnectionError):
        line.sendall(READY)
        while len(head := line.recv(HEAD.size, MSG_WAITALL)) == HEAD.size:
            count, public = HEAD.unpack(head)
            size = count * POLL_RECORD_BYTES
            records = line.recv(size, MSG_WAITALL)
            if len(records) < size:
                return
            line.sendall(seal_joined(records, public))


if __name__ == "__main__":
    main()
