"""What is asked of the system for this process, whichever role it has.

Core dumps and debuggers would show keys, so the kernel is asked for neither. Threads
take turns more often than Python has them do, and garbage is looked for less often.
"""

import ctypes
import gc
import resource
import sys

# Linux, prctl(2).
_PR_SET_DUMPABLE = 4
# The thread that writes answers leaves the interpreter's lock whenever it waits for the
# disk, and would then wait 5 ms for it, Python's default.
_TURN_SECONDS = 0.001
# Thousands of answers in flight are no garbage, and walking through them again and
# again took 11 of the 36 µs that an answer spends on the event loop.
_GARBAGE_THRESHOLDS = (20_000, 20, 100)


def leave_no_memory_behind() -> None:
    """Ask the kernel for no core dumps, and to let no other process read memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def make_ready_for_a_rush() -> None:
    """Let threads take quick turns, and look for garbage in what is new alone."""
    sys.setswitchinterval(_TURN_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
