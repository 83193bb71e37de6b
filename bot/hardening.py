"""What is asked of the system for this process, whichever role it has.

Core dumps and debuggers would show keys, so the kernel is asked for neither. Threads
take turns more often than Python has them do, for the sake of sealing.
"""

import ctypes
import resource
import sys

# Linux, prctl(2).
_PR_SET_DUMPABLE = 4
# The threads that seal leave the interpreter's lock for 50 µs at a time and would then
# wait 5 ms for it, Python's default. Measured at 5,000 waiting: 1.17 to 1.28.
_TURN_SECONDS = 0.001


def leave_no_memory_behind() -> None:
    """Ask the kernel for no core dumps, and to let no other process read memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def take_quick_turns() -> None:
    """Let threads wait a millisecond at most for one another (the gate's process)."""
    sys.setswitchinterval(_TURN_SECONDS)
