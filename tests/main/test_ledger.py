"""No acknowledged act is lost and none happens twice, whatever dies in the middle of the work.

People submit and clerks accept over HTTP, several at once; each keeps a ledger of what the server
has acknowledged with a redirect. Meanwhile web processes, the worker, single connections of the
database and the whole database are killed with -9. A client that gets no answer sends the same
again, with the same key, as a browser's user does.
"""

import os
import random
import re
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import httpx2
import lxml.html
import psycopg
import pytest

from given import Given
from main.installation import Installation, installation, soon
from tongban import identity
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.work import Work

SECONDS = 22
PASSWORD = "sunny-haizhou-26"
CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)
CITIZENS, CLERKS = 4, 2
BLOWS = ("web", "backend", "worker", "database", "keeper", "web", "backend", "database", "worker")


@dataclass(slots=True)
class Ledger:
    """What the server has acknowledged: by key the number of a new case; the cases accepted."""

    submitted: dict[str, str] = field(default_factory=dict)
    accepted: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Client(threading.Thread, ABC):
    """One browser that goes on until told to stop, and sends again what got no answer."""

    def __init__(self, address: str, login: str, ledger: Ledger, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.http = httpx2.Client(
            base_url=address, timeout=10, headers={"sec-fetch-site": "same-origin"}
        )
        self.ledger, self.stop, self.login = ledger, stop, login

    def run(self) -> None:
        try:
            self.sign_in()
            while not self.stop.is_set():
                self.act()
        except Exception as error:
            self.ledger.faults.append(f"{self.login}: {error!r}")
            raise

    @abstractmethod
    def act(self) -> None:
        """Do one thing and note in the ledger what was acknowledged."""

    def sign_in(self) -> None:
        fields = self.fields("/sign-in", "/sign-in")
        answer = self.send("/sign-in", fields | {"login": self.login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text

    def send(self, address: str, data: dict[str, Any] | None = None) -> httpx2.Response:
        """Send until there is an answer that a person could act on."""
        while True:
            try:
                answer = self.http.request("POST" if data else "GET", address, data=data)
            except httpx2.TransportError as error:
                self.ledger.answers[type(error).__name__] += 1
            else:
                self.ledger.answers[str(answer.status_code)] += 1
                if answer.status_code < 500:
                    return answer
            time.sleep(0.2)

    def fields(self, page: str, action: str) -> dict[str, Any]:
        """Return what stands in the form of a page that goes to an address."""
        tree = lxml.html.fromstring(self.send(page).text)
        for form in tree.forms:
            if action in (form.get("action") or ""):
                return dict(form.form_values())
        raise LookupError(action)


class Citizen(Client):
    """Fills in and submits one application after the other."""

    def __init__(self, *args: Any, item: str) -> None:
        super().__init__(*args)
        self.item = item

    def act(self) -> None:
        at = f"/apply/{self.item}"
        token = {"csrf_token": self.fields(at, f"{at}/form")["csrf_token"]}
        self.send(f"{at}/form", token | {"shop_name": "好味小馆", "contact_name": "张小明"})
        self.send(f"{at}/delivery", token | {"delivery.way": "pick_up"})
        asked = self.fields(f"{at}?step=check", f"{at}/submit") | {"declared": "1"}
        answer = self.send(f"{at}/submit", asked)
        assert answer.status_code == 303, answer.text
        number = re.search(r"\d{6}-\d{4}-\d{7}-\w", unquote(answer.headers["location"]))
        assert number, answer.headers["location"]
        self.ledger.submitted[asked["idempotency_key"]] = number[0]


class Clerk(Client):
    """Accepts what waits longest; another clerk may have been quicker."""

    def act(self) -> None:
        waiting = re.findall(r"/counter/cases/([\w-]+)", self.send("/counter").text)
        if not waiting:
            time.sleep(0.1)
            return
        number = random.choice(waiting)
        at = f"/counter/cases/{number}"
        try:
            asked = self.fields(at, f"{at}/accept")
        except LookupError:
            return
        if self.send(f"{at}/accept", asked).status_code == 303:
            self.ledger.accepted.append(number)


def strike(lent: Installation, blow: str) -> None:
    """Kill something with -9."""
    serving = lent.those(r"tongban serve$")
    found = {
        "web": serving[1:],
        "keeper": serving[:1],
        "worker": lent.those(r"tongban worker$"),
        "database": lent.those(r"bin/postgres -D"),
        "backend": lent.those(r"^postgres: tongban"),
    }[blow]
    if found:
        try:
            os.kill(random.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return


@pytest.mark.timeout(240)
def test_a_ledger_of_acknowledged_acts_is_found_complete_after_every_kind_of_death() -> None:
    with installation(TONGBAN_DEMONSTRATION="0", TONGBAN_LOG_LEVEL="WARNING") as lent:
        lent.start()
        ledger, stop = Ledger(), threading.Event()
        clients = prepared(lent, ledger, stop)
        for client in clients:
            client.start()
        assert soon(lambda: len(ledger.submitted) > CITIZENS), ledger
        began = time.monotonic()
        for blow in BLOWS:
            time.sleep(random.uniform(0.5, 2 * SECONDS / len(BLOWS) - 0.5))
            strike(lent, blow)
        assert soon(lambda: time.monotonic() - began > SECONDS, seconds=SECONDS)
        stop.set()
        for client in clients:
            client.join(timeout=40)
            assert not client.is_alive(), client.login

        assert not ledger.faults, ledger.faults
        assert len(ledger.submitted) > 30, ledger.answers
        assert len(ledger.accepted) > 5, ledger.answers
        assert ledger.answers.keys() - {"200", "303"}, "nothing was ever disturbed"
        assert soon(lambda: undelivered(lent) == 0, seconds=40), dead(lent)
        agrees(lent, ledger)

        lent.up.kill()  # And once more everything at once.
        lent.up.wait()
        lent.start()
        agrees(lent, ledger)


def prepared(lent: Installation, ledger: Ledger, stop: threading.Event) -> list[Client]:
    with psycopg.connect(lent.url()) as connection:
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        given = Given(work)
        items = [given.item(materials=()) for _ in range(CITIZENS)]
        people = [(given.person(), f"citizen{n}") for n in range(CITIZENS)]
        clerks = [(given.officer(role="clerk"), f"clerk{n}") for n in range(CLERKS)]
        for actor, login in people + clerks:
            open_account(work, actor, login)
    common = (lent.address, ledger, stop)
    return [
        *(
            Citizen(common[0], login, *common[1:], item=item.code)
            for item, (_, login) in zip(items, people, strict=True)
        ),
        *(Clerk(common[0], login, *common[1:]) for _, login in clerks),
    ]


def open_account(work: Work, actor: Actor, login: str) -> None:
    identity.open_account(work, subject=actor.id, login=login, password=PASSWORD, cost=CHEAP)


def undelivered(lent: Installation) -> int:
    return int(asked(lent, "select count(*) from foundation.delivery where done_at is null")[0][0])


def dead(lent: Installation) -> list[Any]:
    return asked(lent, "select * from foundation.delivery where done_at is null limit 5")


def asked(lent: Installation, sql: str) -> list[Any]:
    try:
        with psycopg.connect(lent.url()) as connection:
            return connection.execute(sql).fetchall()
    except psycopg.OperationalError:
        return [(-1,)]


def agrees(lent: Installation, ledger: Ledger) -> None:
    """Compare the ledger with the database, and the parts of every act with each other."""
    cases = dict(asked(lent, "select number, accepted_at is not null from cases.case_file"))
    answered = dict(
        asked(
            lent,
            "select key, substring(location from '[0-9]{6}-[0-9]{4}-[0-9]{7}-[0-9A-Z]')"
            "  from foundation.idempotency where location like '%/receipt'",
        )
    )
    assert ledger.submitted.items() <= answered.items()
    assert Counter(answered.values()) == Counter(cases.keys()), "a case without its key, or twice"
    assert len(set(ledger.accepted)) == len(ledger.accepted), "accepted twice"
    assert all(cases[number] for number in ledger.accepted)
    for what, sql in HALF_DONE.items():
        assert asked(lent, sql) == [], what


# Each asks for acts of which a part is missing, or there twice.
HALF_DONE = {
    "a case without its one event, or an event without its case": """
        select subject, c.number
          from (select subject from foundation.event where topic = 'cases.CaseSubmitted') e
          full join cases.case_file c on c.number = e.subject
         where c.number is null or e.subject is null
        union all
        select subject, topic from foundation.event
         where topic in ('cases.CaseSubmitted', 'cases.CaseAccepted')
         group by subject, topic having count(*) > 1
    """,
    "an acceptance without its event, or an event without the acceptance": """
        select c.number, e.subject
          from (select number from cases.case_file where accepted_at is not null) c
          full join (select subject from foundation.event where topic = 'cases.CaseAccepted') e
            on c.number = e.subject
         where c.number is null or e.subject is null
    """,
    "clocks that do not fit the stage": """
        select c.number, c.stage, array_agg(k.kind || ' ' || k.state order by k.kind)
          from cases.case_file c left join cases.clock k using (region, month, number)
         group by c.number, c.stage
        having array_agg(k.kind || ' ' || k.state order by k.kind) <>
               case c.stage when 'submitted' then array['notice running']
                    else array['notice met', 'promised running', 'statutory running'] end
    """,
    "an event without its deliveries": """
        select e.id, e.topic from foundation.event e
         where e.topic in ('cases.CaseSubmitted', 'cases.CaseAccepted')
           and (select count(*) from foundation.delivery d where d.event_id = e.id)
               <> (select count(distinct handler) from foundation.delivery d
                     join foundation.event other on other.id = d.event_id
                    where other.topic = e.topic)
    """,
    "a delivery that is not done": "select id from foundation.delivery where done_at is null",
    "a paper that is missing, or was issued twice": """
        select e.subject, count(f.id)
          from foundation.event e
          left join documents.file f
            on f.case_number = e.subject and f.kind <> 'upload'
         where e.topic in ('cases.CaseSubmitted', 'cases.CaseAccepted')
         group by e.subject
        having count(distinct e.id) <> count(distinct f.id)
    """,
    "a draft that outlived its submission": """
        select d.item_code from cases.draft d
         where d.begun_at < (select max(submitted_at) from cases.case_file c
                              where c.item_code = d.item_code and c.holder = d.holder)
    """,
}
