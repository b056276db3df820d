"""Signing in: who is let in, who is not, and what an attacker learns (nothing)."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import identity
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor, Kind
from tongban.foundation.work import Work
from tongban.identity.adapters import Identified
from tongban.identity.model.sessions import FAILURES_MAX, LOCKED_FOR

PASSWORD = "三顾茅庐-2026"


@pytest.fixture
def clerk(work: Work, given: Given) -> Actor:
    officer = given.officer(name="李小红")
    identity.open_account(work, subject=officer.id, login="lixh", password=PASSWORD)
    return officer


@pytest.fixture
def visiting(work: Work) -> Work:
    """The work of somebody who is not known yet."""
    work._actor = ANONYMOUS
    work._announce()
    return work


def events(work: Work, topic: str) -> list[dict[str, Any]]:
    with work.acting_as(SYSTEM):
        return list(
            work.value(
                """
                select coalesce(jsonb_agg(body order by id), '[]') from foundation.event
                 where topic = 'identity.' || %(topic)s
                """,
                topic=topic,
            )
        )


def wrong(work: Work, times: int, login: str = "lixh") -> list[identity.SignInRefused]:
    answers = [identity.sign_in(work, login=login, password="错误的密码") for _ in range(times)]
    assert all(isinstance(answer, identity.SignInRefused) for answer in answers)
    return answers  # type: ignore[return-value]


def test_the_right_password_begins_a_session(clerk: Actor, visiting: Work) -> None:
    signed_in = identity.sign_in(visiting, login=" LiXH ", password=PASSWORD)

    assert isinstance(signed_in, identity.SignIn)
    assert signed_in.actor == clerk
    session = identity.session(visiting, token=signed_in.token, now=visiting.now)
    assert session is not None
    assert session.actor == clerk
    assert session.actor.may("cases.accept", department=clerk.department)
    assert [event["account"] for event in events(visiting, "SignedIn")] == [clerk.id]


def test_a_person_signs_in_with_their_organisations(
    work: Work, given: Given, visiting: Work
) -> None:
    with work.acting_as(SYSTEM):
        firm = given.organisation()
        zhang = given.person(acts_for=[firm])
        identity.open_account(work, subject=zhang.id, login="zhang", password=PASSWORD)

    signed_in = identity.sign_in(visiting, login="zhang", password=PASSWORD)

    assert isinstance(signed_in, identity.SignIn)
    assert signed_in.actor.kind is Kind.PERSON
    assert signed_in.actor.holders == (zhang.id, firm.id)
    assert signed_in.actor.may("cases.apply")
    assert not signed_in.actor.may("cases.read")


@pytest.mark.usefixtures("clerk")
def test_unknown_login_wrong_password_and_disabled_account_get_the_same_answer(
    visiting: Work, given: Given
) -> None:
    with visiting.acting_as(SYSTEM):
        other = given.officer(name="停用的人")
        identity.open_account(visiting, subject=other.id, login="gone", password=PASSWORD)
        identity.disable_account(visiting, subject=other.id, reason="调离")

    answers = [
        identity.sign_in(visiting, login="lixh", password="错误的密码"),
        identity.sign_in(visiting, login="no-such-login", password=PASSWORD),
        identity.sign_in(visiting, login="gone", password=PASSWORD),
        identity.sign_in(visiting, login="", password=""),
        identity.sign_in(visiting, login="\x00' or 1=1 --", password="x" * 100_000),
    ]

    assert len({(type(answer), str(answer)) for answer in answers}) == 1
    assert visiting.value("select count(*) from identity.session") == 0


@pytest.mark.usefixtures("clerk")
def test_an_unknown_login_costs_the_same_time(
    visiting: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured by what takes the time, so that the test is not at the mercy of the machine."""
    spent: list[tuple[int, int, int]] = []
    scrypt: Callable[..., bytes] = hashlib.scrypt

    def counting(password: bytes, *, n: int, r: int, p: int, **rest: Any) -> bytes:
        spent.append((n, r, p))
        return scrypt(password, n=n, r=r, p=p, **rest)

    monkeypatch.setattr(hashlib, "scrypt", counting)
    identity.sign_in(visiting, login="lixh", password="错误的密码")
    identity.sign_in(visiting, login="no-such-login", password="错误的密码")

    assert len(spent) == 2
    assert spent[0] == spent[1]


def test_five_failures_lock_the_login_for_fifteen_minutes(clerk: Actor, visiting: Work) -> None:
    wrong(visiting, FAILURES_MAX)

    locked = identity.sign_in(visiting, login="lixh", password=PASSWORD)
    assert isinstance(locked, identity.LockedOut)
    assert "15分钟" in str(locked)
    visiting.now += LOCKED_FOR - timedelta(seconds=1)
    almost = identity.sign_in(visiting, login="lixh", password=PASSWORD)
    assert "1分钟" in str(almost)
    visiting.now += timedelta(seconds=1)
    assert isinstance(identity.sign_in(visiting, login="lixh", password=PASSWORD), identity.SignIn)
    failed = events(visiting, "SignInFailed")
    assert [event["failures"] for event in failed] == [1, 2, 3, 4, 5, 5, 5]
    assert [event["locked"] for event in failed] == [False] * 4 + [True] * 3
    assert failed[0]["account"] == clerk.id


def test_a_login_that_does_not_exist_is_locked_just_the_same(visiting: Work) -> None:
    known = wrong(visiting, FAILURES_MAX + 1, login="no-such-login")

    assert isinstance(known[-1], identity.LockedOut)
    [*_, last] = events(visiting, "SignInFailed")
    assert last["account"] == ""
    assert "no-such-login" not in str(last)


@pytest.mark.usefixtures("clerk")
def test_failures_are_forgotten_after_success_and_after_a_quarter_of_an_hour(
    visiting: Work,
) -> None:
    wrong(visiting, FAILURES_MAX - 1)
    assert isinstance(identity.sign_in(visiting, login="lixh", password=PASSWORD), identity.SignIn)
    wrong(visiting, FAILURES_MAX - 1)
    visiting.now += LOCKED_FOR
    wrong(visiting, FAILURES_MAX - 1)

    assert isinstance(identity.sign_in(visiting, login="lixh", password=PASSWORD), identity.SignIn)


@pytest.mark.usefixtures("clerk")
def test_signing_in_changes_the_token_and_keeps_language_and_mode(visiting: Work) -> None:
    """Whoever planted a session in a browser before sign-in holds nothing afterwards."""
    planted = identity.start_session(visiting, language="en", mode="elder")
    before = identity.session(visiting, token=planted, now=visiting.now)

    signed_in = identity.sign_in(visiting, login="lixh", password=PASSWORD, session_token=planted)

    assert isinstance(signed_in, identity.SignIn)
    assert signed_in.token != planted
    assert identity.session(visiting, token=planted, now=visiting.now) is None
    after = identity.session(visiting, token=signed_in.token, now=visiting.now)
    assert before is not None
    assert after is not None
    assert (after.language, after.mode) == ("en", "elder")
    assert after.csrf != before.csrf


@pytest.mark.usefixtures("clerk")
def test_a_failed_sign_in_leaves_the_visitor_as_they_were(visiting: Work) -> None:
    token = identity.start_session(visiting)

    identity.sign_in(visiting, login="lixh", password="错误的密码", session_token=token)

    session = identity.session(visiting, token=token, now=visiting.now)
    assert session is not None
    assert session.actor == ANONYMOUS


def test_signing_out_ends_the_session(clerk: Actor, visiting: Work) -> None:
    signed_in = identity.sign_in(visiting, login="lixh", password=PASSWORD)
    assert isinstance(signed_in, identity.SignIn)

    identity.sign_out(visiting, token=signed_in.token)
    identity.sign_out(visiting, token=signed_in.token)

    assert identity.session(visiting, token=signed_in.token, now=visiting.now) is None
    assert [event["account"] for event in events(visiting, "SignedOut")] == [clerk.id]


def test_another_provider_may_prove_who_somebody_is(clerk: Actor, visiting: Work) -> None:
    class CityCard:
        name = "city-card"

        def identify(self, work: Work, *, login: str, password: str) -> Identified:
            assert work.actor == SYSTEM
            return Identified(clerk.id, proved=(login, password) == ("card-7", "pin"))

    signed_in = identity.sign_in(visiting, login="card-7", password="pin", provider=CityCard())

    assert isinstance(signed_in, identity.SignIn)
    assert signed_in.actor == clerk
    assert [event["provider"] for event in events(visiting, "SignedIn")] == ["city-card"]


def test_a_cheaper_hash_is_made_anew_when_its_owner_signs_in(
    work: Work, given: Given, visiting: Work
) -> None:
    with work.acting_as(SYSTEM):
        officer = given.officer()
        cheap = identity.Cost(cost=16, block_size=1, parallelism=1)
        identity.open_account(work, subject=officer.id, login="lixh", password=PASSWORD, cost=cheap)

    for _ in range(2):
        assert isinstance(
            identity.sign_in(visiting, login="lixh", password=PASSWORD), identity.SignIn
        )
    with work.acting_as(SYSTEM):
        kept = work.value("select cost * parallelism from identity.account")
    assert kept == 2**14 * 5


# Races, against committed data.


@pytest.fixture
def committed_clerk(own_database: str) -> str:
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        officer = Given(work).officer()
        identity.open_account(work, subject=officer.id, login="lixh", password=PASSWORD)
    return own_database


def sign_in(url: str, password: str, session_token: str = "") -> object:
    with as_application(url) as connection:
        work = Work(connection, actor=ANONYMOUS, now=MONDAY)
        return identity.sign_in(work, login="lixh", password=password, session_token=session_token)


def test_guesses_in_parallel_are_counted_one_by_one(committed_clerk: str) -> None:
    with ThreadPoolExecutor(8) as guessers:
        answers = list(guessers.map(lambda n: sign_in(committed_clerk, f"猜测{n}"), range(8)))

    assert len([a for a in answers if isinstance(a, identity.LockedOut)]) == 8 - FAILURES_MAX


def test_two_sign_ins_at_once_have_a_session_each_and_the_old_one_is_gone(
    committed_clerk: str,
) -> None:
    with as_application(committed_clerk) as connection:
        visit = identity.start_session(Work(connection, actor=ANONYMOUS, now=MONDAY))

    with ThreadPoolExecutor(2) as browsers:
        both = list(browsers.map(lambda _: sign_in(committed_clerk, PASSWORD, visit), range(2)))

    tokens = {answer.token for answer in both if isinstance(answer, identity.SignIn)}
    assert len(tokens) == 2
    with as_application(committed_clerk) as connection:
        work = Work(connection, actor=ANONYMOUS, now=MONDAY)
        assert identity.session(work, token=visit, now=MONDAY) is None
        assert all(identity.session(work, token=token, now=MONDAY) for token in tokens)


def test_disabling_waits_for_a_sign_in_under_way_and_ends_it(committed_clerk: str) -> None:
    """Whichever comes first, nobody whose account is disabled keeps a session."""

    def disable() -> None:
        with as_application(committed_clerk) as connection:
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            subject = work.value("select subject from identity.account")
            identity.disable_account(work, subject=subject, reason="调离")

    with ThreadPoolExecutor(2) as both:
        signing_in = both.submit(sign_in, committed_clerk, PASSWORD)
        both.submit(disable).result()
        signing_in.result()

    with psycopg.connect(committed_clerk) as connection:
        assert connection.execute("select count(*) from identity.session").fetchone() == (0,)
