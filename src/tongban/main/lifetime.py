"""When processes end: told by a signal, or because whoever started them is gone."""

import ctypes
import os
import select
import signal
import sys
from collections.abc import Callable
from types import FrameType

PR_SET_PDEATHSIG = 1
STOPPING = (signal.SIGTERM, signal.SIGINT)


def end_with(parent: int, *, by: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when its parent is gone, however it went."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)  # It went before the kernel was asked.


def leave_on_signal() -> None:
    """Leave through every ``with`` and ``finally`` when told to stop, with exit code 0."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        # Nothing may interrupt the tidying up that now begins.
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        sys.exit(0)

    for number in STOPPING:
        signal.signal(number, leave)


class Told:
    """Knows whether the process was told to stop, and can wait for it.

    A ``threading.Event`` would not do: setting it in a signal handler can wait for ever for a lock
    that the interrupted code holds.
    """

    def __init__(self) -> None:
        self._told = False
        self._reader, self._writer = os.pipe()

    def is_set(self) -> bool:
        return self._told

    def set(self) -> None:
        self._told = True
        os.write(self._writer, b".")

    def wait(self, seconds: float) -> None:
        select.select([self._reader], [], [], seconds)


def told_by_signal() -> Told:
    """Return what becomes true at the first signal to stop; what is being done can be finished."""
    told = Told()
    handler: Callable[[int, FrameType | None], None] = lambda _number, _frame: told.set()  # noqa: E731
    for number in STOPPING:
        signal.signal(number, handler)
    return told
