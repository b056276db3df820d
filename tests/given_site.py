"""The whole web application for a test: every act is committed, every form really filled in.

A ``Browser`` is one visitor. It reads pages, fills in the forms that stand on them and presses
their buttons, so a form without its token, key or field fails the test that uses it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import lxml.html
from starlette.testclient import TestClient

from given import Given
from tongban import identity
from tongban.channels.shell.visitor import SESSION
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor
from tongban.foundation.work import Work
from tongban.identity.adapters import Identified
from tongban.main import worker
from tongban.main.app import create_app
from tongban.main.pool import open_pool

PASSWORD = "sunny-haizhou-26"
CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)
# A text, several texts for boxes to tick, or (name, content) of a file.
Value = str | list[str] | tuple[str, bytes]


class Page:
    """One answer of the server, as its visitor sees it."""

    def __init__(self, browser: "Browser", response: Any) -> None:
        self._browser = browser
        self.status: int = response.status_code
        self.address: str = response.url.raw_path.decode()
        self.headers = response.headers
        self.content: bytes = response.content
        html = response.headers.get("content-type", "").startswith("text/html")
        self._tree = lxml.html.fromstring(response.text) if html else None
        # A browser ends a form at the end of one within it, and the rest of its buttons are dead.
        tags = re.findall(r"<(/?)form\b", response.text) if html else []
        assert tags == ["", "/"] * (len(tags) // 2), f"a form within a form on {self.address}"

    @property
    def tree(self) -> Any:
        assert self._tree is not None, f"{self.address} is no page but {self.headers}"
        return self._tree

    @property
    def text(self) -> str:
        """What can be read on the page, blanks folded."""
        return " ".join(self.tree.find(".//body").text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.findtext(".//h1", "").split())

    @property
    def errors(self) -> dict[str, str]:
        """The errors beside fields, by the name of the field."""
        found = {}
        for line in self.tree.xpath("//p[contains(@class, 'error-text')]"):
            field = line.get("id").removeprefix("f-").removesuffix("-error")
            found[field] = line.text_content().strip().removeprefix("错误：")
        return found

    def link(self, text: str) -> str:
        """Return the address of the link with this text."""
        found = [a.get("href") for a in self.tree.iter("a") if text in a.text_content()]
        assert found, f"no link “{text}” on {self.address}"
        return str(found[0])

    def follow(self, text: str) -> "Page":
        return self._browser.open(self.link(text))

    def buttons(self) -> list[str]:
        return [" ".join(b.text_content().split()) for b in self.tree.iter("button")]

    def press(self, button: str, within: str = "", **fields: Value) -> "Page":
        """Fill in the form that has this button, and press it.

        ``within`` is part of the address of form or button, where several have such a button.
        """
        form, pressed = self._form_of(button, within)
        self._browser.client.headers["referer"] = f"http://testserver{self.address}"
        return self._browser.send(form, pressed, fields)

    def value(self, field: str) -> str:
        """Return what stands in a field."""
        found = self.tree.xpath("//*[@name=$name]", name=field)
        assert found, f"no field {field} on {self.address}"
        return str(found[0].value or "").removeprefix("\n")

    def _form_of(self, button: str, within: str) -> tuple[Any, Any]:
        found = [
            (form, each)
            for form in self.tree.forms
            for each in self.tree.iter("button")
            if _belongs(each, form)
            and " ".join(each.text_content().split()) == button
            and within in f"{form.get('action')} {each.get('formaction')}"
        ]
        assert len(found) == 1, (
            f"{len(found)} buttons “{button}” on {self.address}: {self.buttons()}"
        )
        return found[0]


def _belongs(button: Any, form: Any) -> bool:
    """Tell whether a button sends a form: one that it names, or the one that it stands in."""
    if button.get("form"):
        return bool(button.get("form") == form.get("id"))
    return any(each is form for each in button.iterancestors("form"))


class Browser:
    """One visitor: anonymous, or signed in as ``actor``."""

    def __init__(self, app: Any, actor: Actor = ANONYMOUS) -> None:
        self.actor = actor
        self.client = TestClient(app, headers={"sec-fetch-site": "same-origin"})

    def open(self, address: str) -> Page:
        return Page(self, self.client.get(address))

    def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        return self.open("/sign-in").press(
            "登录", within="/sign-in", login=login, password=password
        )

    def send(self, form: Any, pressed: Any, fields: dict[str, Value]) -> Page:
        """Send a form as a browser would, with these fields filled in or changed."""
        names = {each.get("name") for each in form.iter("input", "select", "textarea")}
        unknown = fields.keys() - names
        assert not unknown, f"the form {form.get('action')} has no field {unknown}"
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value.removeprefix("\n"))
        files = {}
        for name, value in fields.items():
            if isinstance(value, tuple):
                files[name] = value
            else:
                data[name] = [value] if isinstance(value, str) else value
        if pressed.get("name"):
            data[pressed.get("name")] = [pressed.get("value") or ""]
        address = pressed.get("formaction") or form.get("action")
        return self.post(address, data, files)

    def post(
        self,
        address: str,
        data: dict[str, list[str]],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Send fields as they are, for what no form on a page would send."""
        return Page(self, self.client.post(address, data=data, files=files or None))


@dataclass(frozen=True, slots=True)
class _Vouched:
    """An identity provider that knows somebody by sight."""

    subject: str
    name = "by sight"

    def identify(self, work: Work, *, login: str, password: str) -> Identified:  # noqa: ARG002
        return Identified(self.subject, proved=True)


class Site:
    """The application over a database of its own."""

    def __init__(self, url: str) -> None:
        # Pages leave their connections read-only, so what is behind the scenes has its own.
        self._pages, self.pool = open_pool(url, size=4), open_pool(url, size=2)
        self.app = create_app(self._pages)
        self._serial = count(1)

    @contextmanager
    def given(self, *, now: datetime | None = None) -> Iterator[Given]:
        """Build a part of the world and commit it; ``now`` is when it happened."""
        with self.pool.connection() as connection, connection.transaction():
            work = Work(connection, actor=SYSTEM, now=now or datetime.now(UTC))
            yield Given(work, serial=self._serial)

    @contextmanager
    def work(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """Ask a module's face for what has come of it all."""
        with self.pool.connection() as connection, connection.transaction():
            yield Work(connection, actor=actor, now=datetime.now(UTC))

    def visitor(self) -> Browser:
        return Browser(self.app)

    def person(self, **described: Any) -> Browser:
        """Somebody signed in, described as for ``Given.person``."""
        with self.given() as given:
            actor = given.person(**described)
        return self.signed_in(actor)

    def officer(self, **described: Any) -> Browser:
        """An officer signed in, described as for ``Given.officer``."""
        with self.given() as given:
            actor = given.officer(**described)
        return self.signed_in(actor)

    def signed_in(self, actor: Actor) -> Browser:
        """Open an account for somebody and begin a session, without the page and its slow hash."""
        login = f"{actor.id}-{next(self._serial)}"
        with self.work() as work:
            identity.open_account(
                work, subject=actor.id, login=login, password=PASSWORD, cost=CHEAP
            )
        with self.work(ANONYMOUS) as work:
            begun = identity.sign_in(work, login=login, password="", provider=_Vouched(actor.id))
        assert isinstance(begun, identity.SignIn), begun
        browser = Browser(self.app, actor)
        browser.client.cookies.set(SESSION, begun.token, domain="testserver.local")
        return browser

    def settle(self) -> None:
        """Deliver every event, as the worker does: papers are issued now."""
        while worker.deliver_one(self.pool):
            pass

    def close(self) -> None:
        self._pages.close()
        self.pool.close()
