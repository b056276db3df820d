"""The browser that tests look at pages with."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, and end it afterwards.

    The build without windows shows the same pages; the whole browser, though nobody sees its
    windows either, keeps a core busy for half of the time that a page stands open.
    """
    program = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        running.close()
