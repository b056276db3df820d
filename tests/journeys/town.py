"""The demonstration city, served for real: database, web, worker; and its people at browsers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from documents.samples import pdf

ROOT = Path(__file__).parents[2]
PASSWORD = "tongban-demo-1"
READY_SECONDS = 90
EXAMPLES: dict[str, Any] = tomllib.loads((ROOT / "seed/answers.toml").read_text("utf-8"))


def paper(words: str = "") -> bytes:
    """Return a small PDF, different from every other."""
    return pdf(extra=f"({words}{os.urandom(4).hex()})".encode())


@dataclass
class Town:
    """A running installation. ``database`` is a superuser's, to look behind the scenes."""

    address: str
    database: str
    log: Path
    sessions: dict[str, Any] = field(default_factory=dict)
    _told: int = 0

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look at (or change) what is stored, past all permissions."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            found = connection.execute(query, values)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    def firms_of(self, person: str) -> list[str]:
        """Return the holders of the organisations that a person may act for."""
        found = self.rows(
            "select organisation from identity.authorisation where person = %s", person
        )
        return [str(holder) for (holder,) in found]

    def case_in(self, stage: str) -> tuple[str, str]:
        """Return the number of a case in a stage, and the login of somebody whose case it is."""
        for login, person in self.rows("select login, subject from identity.account"):
            for (number,) in self.rows(
                "select number from cases.case_file where stage = %s and holder = any(%s)",
                stage,
                [person, *self.firms_of(person)],
            ):
                return str(number), str(login)
        raise AssertionError(f"no case is {stage}")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Ask without a browser. Returns status, headers and body."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, dict(answer.headers), answer.read().decode()

    def logged(self) -> list[dict[str, Any]]:
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def faults(self) -> list[str]:
        """Return what was logged as an error since this was asked last, and is new."""
        said = [str(line) for line in self.logged() if line.get("level") == "error"]
        new, self._told = said[self._told :], len(said)
        return new


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(*, database: str, owner: str, folder: Path) -> Iterator[Town]:
    """Start web and worker as ``tongban up`` does, on a database that is given."""
    port, log = free_port(), folder / "town.log"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": database,
        "TONGBAN_OWNER_URL": owner,
        "TONGBAN_DATA": str(folder),
        "TONGBAN_PORT": str(port),
        "TONGBAN_HOST": "127.0.0.1",
        "TONGBAN_PROCESSES": "2",
    }
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "tongban", "up"],
            env=environment,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    town = Town(f"http://127.0.0.1:{port}", database, log)
    try:
        _wait(town, server)
        yield town
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(town: Town, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if town.get("/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the town did not start:\n" + town.log.read_text("utf-8")[-4000:])


class Visitor:
    """Somebody at a browser. What the browser complains about is kept in ``complaints``."""

    def __init__(self, town: Town, context: BrowserContext) -> None:
        self.town, self.context = town, context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        # That an answer has the status of an error is what some tests are about.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().strip()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.town.address)

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def open(self, path: str) -> int:
        """Go to an address. Returns the status of the answer."""
        answer = self.page.goto(self.town.address + path)
        assert answer is not None
        return answer.status

    def follow(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link).first.click()

    def press(self, button: str, *, within: Locator | None = None) -> None:
        """Press a button of the page's own content; the header has buttons of its own."""
        within = within or self.page.locator("main")
        with self.page.expect_navigation():
            within.get_by_role("button", name=button, exact=True).first.click()

    def unfold(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).first.click()

    def fill(self, field: str, value: str) -> None:
        self.page.locator(f'[name="{field}"]').fill(value)

    def choose(self, field: str, value: str) -> None:
        self.page.locator(f'[name="{field}"][value="{value}"]').check()

    def sign_in(self, login: str) -> None:
        """Sign in on the page for it, wherever that page comes up."""
        self.fill("login", login)
        self.fill("password", PASSWORD)
        self.press("登录")

    def fill_in(self, answers: dict[str, Any]) -> None:
        """Fill in fields by name, whatever kind of field each is."""
        for name, value in answers.items():
            fields = self.page.locator(f'main [name="{name}"]')
            kind = fields.first.get_attribute("type")
            if kind == "radio":
                self.choose(name, str(value))
            elif kind == "checkbox":
                fields.first.set_checked(bool(value))
            elif fields.first.evaluate("it => it.tagName") == "SELECT":
                fields.first.select_option(str(value))
            else:
                fields.first.fill(str(value))

    def upload(self, field: str, name: str, content: bytes) -> None:
        self.page.locator(f'[name="{field}"]').set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def upload_everything(self) -> None:
        """Give a small PDF to every required material that has none."""
        for index, section in enumerate(self.page.locator("main section.card").all()):
            if section.locator('input[type="file"]').count() and "必要" in (
                section.locator(".tag").first.inner_text()
            ):
                section.locator('input[type="file"]').set_input_files(
                    {
                        "name": f"材料{index}.pdf",
                        "mimeType": "application/pdf",
                        "buffer": paper(),
                    }
                )


class Doors:
    """Lets visitors in, each with a browser of their own, and sees them out after the test."""

    def __init__(self, town: Town, browser: Browser) -> None:
        self._town, self._browser = town, browser
        self._inside: list[Visitor] = []

    def visitor(self, login: str = "", **context: Any) -> Visitor:
        """A visitor, signed in if a login is named. ``context`` is what Playwright takes."""
        state = self._session(login) if login else None
        context = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"} | context
        visitor = Visitor(self._town, self._browser.new_context(storage_state=state, **context))
        self._inside.append(visitor)
        return visitor

    def close(self) -> None:
        for visitor in self._inside:
            visitor.context.close()
        complaints = [each for visitor in self._inside for each in visitor.complaints]
        # A fault is told with its cause, of which the page says nothing.
        assert (self._town.faults(), complaints) == ([], [])

    def _session(self, login: str) -> Any:
        """Return the cookies of somebody signed in; each login signs in once."""
        if login not in self._town.sessions:
            context = self._browser.new_context(locale="zh-CN")
            visitor = Visitor(self._town, context)
            visitor.open("/sign-in")
            visitor.sign_in(login)
            assert not visitor.path.startswith("/sign-in"), visitor.text
            self._town.sessions[login] = context.storage_state()
            context.close()
        return self._town.sessions[login]
