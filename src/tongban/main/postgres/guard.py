"""The process between the starter and PostgreSQL: when the starter goes, however, the server goes.

It is run as a file of its own, with the standard library only, so that it starts in a few
milliseconds. It reads its order as JSON from its argument, writes the server's process number to
its standard output, lets the server complain to its own standard error, and then waits for one of:
the end of its standard input or of its starter (it stops the server), a word on its standard input
or a signal (the same), the server's own end.

Should the guard itself be killed, the kernel tells the server to stop (PR_SET_PDEATHSIG), which is
reliable here because the guard has one thread and the signal is asked for after the change of
account, which would clear it.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import sys
import time
from typing import Any

PR_SET_PDEATHSIG = 1
# Seconds for a fast shutdown with its checkpoint, then for one that leaves work to the next start.
FAST, IMMEDIATE = 60.0, 5.0


def launch(order: dict[str, Any]) -> int:
    """Start the server as a child, under its account, and return its process number."""
    guard = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        os.setsid()
        os.umask(0o077)
        os.chdir("/")
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if order["uid"] != os.geteuid():
            os.setgroups([])
            os.setgid(order["gid"])
            os.setuid(order["uid"])
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() == guard:
            os.execve(order["command"][0], order["command"], order["environment"])
    except OSError as error:
        os.write(2, f"{error}\n".encode())
    finally:
        os._exit(127)


def listen(asked: list[int]) -> int:
    """Collect the signals that ask for the end; return a descriptor that any signal wakes."""
    wake, alarm = os.pipe()
    for descriptor in (wake, alarm):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(alarm)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: asked.append(got))
    signal.signal(signal.SIGCHLD, lambda _got, _frame: None)
    return wake


def watch(child: int, *, starter: int, wake: int, asked: list[int]) -> bool:
    """Wait until the server ended (true) or is to be stopped (false)."""
    waiting = select.poll()
    waiting.register(0, select.POLLIN | select.POLLHUP)
    waiting.register(wake, select.POLLIN)
    while True:
        if ended(child):
            return True
        # A copy of the pipe that a fork of the starter holds would hide the starter's end.
        if asked or os.getppid() != starter:
            return False
        events = [descriptor for descriptor, _ in waiting.poll(500)]
        if 0 in events:
            return False
        if wake in events:
            os.read(wake, 512)


def ended(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


def stop(child: int) -> None:
    for number, patience in ((signal.SIGINT, FAST), (signal.SIGQUIT, IMMEDIATE)):
        os.kill(child, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if ended(child):
                return
            time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main() -> None:
    order = json.loads(sys.argv[1])
    asked: list[int] = []
    wake = listen(asked)
    child = launch(order)
    with contextlib.suppress(OSError):
        os.write(1, f"{child}\n".encode())
    if not watch(child, starter=order["starter"], wake=wake, asked=asked):
        stop(child)
    if order["remove"]:
        with contextlib.suppress(OSError):
            os.rmdir(order["remove"])


if __name__ == "__main__":
    main()
