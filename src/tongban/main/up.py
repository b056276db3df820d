"""Everything at once: database, schema, seed, web and worker, in one command."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace

from tongban.main import install, postgres
from tongban.main.settings import Settings

READY_SECONDS = 60


def up(settings: Settings, *, say: Callable[[str], None]) -> int:
    """Start the platform and stay until it is told to stop. Return an exit code."""
    if settings.database_url:
        return _run(settings, say)
    say("正在启动数据库 / starting the database …")
    with postgres.start(settings.data) as server:
        embedded = replace(
            settings, database_url=server.url(), owner_url=server.url("tongban_owner")
        )
        return _run(embedded, say)


def _run(settings: Settings, say: Callable[[str], None]) -> int:
    install.prepare(settings, say=say)
    metrics = settings.data / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "TONGBAN_OWNER_URL": settings.owner_url,
        "TONGBAN_DATA": str(settings.data),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }
    command = [sys.executable, "-m", "tongban"]
    children = [
        subprocess.Popen(
            [*command, part], env=environment, start_new_session=True, preexec_fn=_die_with_parent
        )
        for part in ("serve", "worker")
    ]
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            child.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        if _ready(settings, children):
            say(install.welcome(settings))
        # Whoever ends first ends all: half a platform helps nobody.
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        stop()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
    return 0 if stopping and not any(child.returncode not in (0, -15) for child in children) else 1


def _die_with_parent() -> None:
    """Ask the kernel to stop this child when its parent is gone, however it went."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _ready(settings: Settings, children: list["subprocess.Popen[bytes]"]) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
