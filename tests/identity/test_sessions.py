"""Sessions: one statement to find them, thirty minutes of quiet to end them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import identity
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid
from tongban.foundation.jobs import perform, take
from tongban.foundation.work import Work
from tongban.identity.model.sessions import lifetimes
from tongban.identity.subscribers import schedule_tidying

PASSWORD = "三顾茅庐-2026"


def signed_in(work: Work, subject: Actor, login: str = "someone") -> str:
    cheap = identity.Cost(cost=16, block_size=1, parallelism=1)
    identity.open_account(work, subject=subject.id, login=login, password=PASSWORD, cost=cheap)
    answer = identity.sign_in(work, login=login, password=PASSWORD)
    assert isinstance(answer, identity.SignIn)
    return answer.token


@pytest.fixture
def fresh_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    lifetimes.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    lifetimes.cache_clear()


def test_a_visitor_has_a_session_with_everything_a_form_needs(work: Work) -> None:
    token = identity.start_session(work, language="en", mode="elder")

    session = identity.session(work, token=token, now=work.now)

    assert session is not None
    assert session.actor == ANONYMOUS
    assert (session.language, session.mode, session.acting_for) == ("en", "elder", "")
    assert len(session.csrf) > 40


def test_neither_the_token_nor_a_name_is_stored(work: Work, given: Given) -> None:
    token = signed_in(work, given.person(name="张小明"))

    stored = work.value("select string_agg(s::text, ' ') from identity.session s")

    assert token not in stored
    assert "张小明" not in stored


@pytest.mark.parametrize("token", ["", "unknown", "x" * 10_000, "令牌"])
def test_an_unknown_token_is_nobody(work: Work, token: str) -> None:
    assert identity.session(work, token=token, now=work.now) is None


def test_everything_is_found_in_one_statement_before_anybody_is_known(own_database: str) -> None:
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        given = Given(work)
        token = signed_in(work, given.person(acts_for=[given.organisation()]))

    class Counting(Db):
        statements = 0

        def one(self, row: type[Any], sql: LiteralString, **values: object) -> Any:
            self.statements += 1
            return super().one(row, sql, **values)

    with as_application(own_database) as connection:
        connection.read_only = True
        db = Counting(connection)
        session = identity.session(db, token=token, now=MONDAY)

        assert session is not None
        assert len(session.actor.holders) == 2
        assert db.statements == 1
        # Without a Work nobody has been announced, and the session has not changed that.
        assert db.value("select count(*) from identity.person") == 0


def test_roles_are_resolved_to_permissions_where_they_are_held(work: Work, given: Given) -> None:
    unit, other = given.department(), given.department(name="海州市公安局")
    officer = given.officer(role=["handler"], department=unit.code)
    identity.grant_role(
        work,
        officer=officer.id,
        role=identity.RoleGrant(identity.Role.SUPERVISOR, region="990100"),
    )

    session = identity.session(work, token=signed_in(work, officer), now=work.now)

    assert session is not None
    actor = session.actor
    assert actor.department == unit.code
    assert actor.may("cases.review", department=unit.code, region="990100")
    assert not actor.may("cases.review", department=other.code, region="990100")
    assert actor.may("supervision.read", department=other.code, region="990102")
    assert not actor.may("supervision.read", department="x", region="990200")


def test_a_role_taken_back_is_gone_with_the_next_click(work: Work, given: Given) -> None:
    officer = given.officer(role="clerk")
    token = signed_in(work, officer)
    held = identity.RoleGrant(identity.Role.CLERK, department=officer.department)

    identity.revoke_role(work, officer=officer.id, role=held)

    session = identity.session(work, token=token, now=work.now)
    assert session is not None
    assert session.actor.grants == ()


@pytest.mark.parametrize("kind", ["person", "officer"])
def test_half_an_hour_without_a_click_ends_a_session(work: Work, given: Given, kind: str) -> None:
    token = signed_in(work, given.person() if kind == "person" else given.officer())
    half_an_hour = timedelta(minutes=30)

    almost = work.now + half_an_hour - timedelta(seconds=1)
    assert identity.session(work, token=token, now=almost) is not None
    assert identity.session(work, token=token, now=work.now + half_an_hour) is None


def test_looking_at_a_session_prolongs_nothing_touching_it_does(work: Work, given: Given) -> None:
    token = signed_in(work, given.person())
    later = work.now + timedelta(minutes=20)

    session = identity.session(work, token=token, now=later)
    assert session is not None
    assert session.needs_touch(later)
    assert not session.needs_touch(work.now + timedelta(minutes=5))
    assert session.expires_at == work.now + timedelta(minutes=30)

    identity.touch(work, token=token, now=later)
    session = identity.session(work, token=token, now=later + timedelta(minutes=29))
    assert session is not None
    assert not session.needs_touch(later)


def test_a_session_that_has_ended_cannot_be_revived(work: Work, given: Given) -> None:
    token = signed_in(work, given.person())
    late = work.now + timedelta(minutes=31)

    identity.touch(work, token=token, now=late)

    assert identity.session(work, token=token, now=late) is None


def test_an_officers_day_ends_after_ten_hours_however_busy(work: Work, given: Given) -> None:
    officer, person = signed_in(work, given.officer()), signed_in(work, given.person(), "zhang")
    now = work.now
    for _ in range(30):
        now += timedelta(minutes=20)
        for token in (officer, person):
            identity.touch(work, token=token, now=now)

    assert now == work.now + timedelta(hours=10)
    assert identity.session(work, token=officer, now=now - timedelta(seconds=1)) is not None
    assert identity.session(work, token=officer, now=now) is None
    assert identity.session(work, token=person, now=now) is not None


def test_lifetimes_are_set_in_minutes(
    work: Work, given: Given, fresh_settings: pytest.MonkeyPatch
) -> None:
    fresh_settings.setenv("TONGBAN_OFFICER_IDLE", "10")

    token = signed_in(work, given.officer())

    assert identity.session(work, token=token, now=work.now + timedelta(minutes=10)) is None


@pytest.mark.parametrize("text", ["", "0", "-5", "half an hour", "1.5"])
def test_a_lifetime_that_is_no_number_of_minutes_is_refused(
    fresh_settings: pytest.MonkeyPatch, text: str
) -> None:
    fresh_settings.setenv("TONGBAN_PERSON_IDLE", text)

    with pytest.raises(ValueError, match="TONGBAN_PERSON_IDLE"):
        lifetimes()


def test_preferences_are_changed_one_by_one(work: Work) -> None:
    token = identity.start_session(work)

    identity.set_preferences(work, token=token, language="en")
    identity.set_preferences(work, token=token, mode="elder")

    session = identity.session(work, token=token, now=work.now)
    assert session is not None
    assert (session.language, session.mode) == ("en", "elder")


def test_unknown_preferences_are_refused(work: Work) -> None:
    token = identity.start_session(work)
    with pytest.raises(Invalid, match="klingon"):
        identity.set_preferences(work, token=token, language="klingon")
    with pytest.raises(Invalid, match="disco"):
        identity.set_preferences(work, token=token, mode="disco")
    with pytest.raises(identity.NoSuchSession):
        identity.set_preferences(work, token="none", language="en")


def test_a_person_acts_for_an_organisation_and_for_themself_again(work: Work, given: Given) -> None:
    firm = given.organisation(name="海州星河餐饮有限公司")
    person = given.person(name="张小明", acts_for=[firm])
    token = signed_in(work, person)

    with work.acting_as(person):
        identity.act_for(work, token=token, holder=firm.id)
        session = identity.session(work, token=token, now=work.now)
        assert session is not None
        assert (session.acting_for, session.acting_name) == (firm.id, "海州星河餐饮有限公司")
        assert dict(session.holders) == {person.id: "张小明", firm.id: firm.name}

        identity.act_for(work, token=token, holder=person.id)
        session = identity.session(work, token=token, now=work.now)
        assert session is not None
        assert (session.acting_for, session.acting_name) == (person.id, "张小明")


def test_nobody_acts_for_an_organisation_without_being_authorised(work: Work, given: Given) -> None:
    person, firm = given.person(), given.organisation()
    token = signed_in(work, person)

    with work.acting_as(person), pytest.raises(identity.NotAuthorised):
        identity.act_for(work, token=token, holder=firm.id)


def test_nobody_switches_the_session_of_somebody_else(work: Work, given: Given) -> None:
    firm = given.organisation()
    victim, thief = given.person(acts_for=[firm]), given.person(acts_for=[firm])
    token = signed_in(work, victim)

    with work.acting_as(thief), pytest.raises(identity.NoSuchSession):
        identity.act_for(work, token=token, holder=firm.id)


def test_when_the_authorisation_ends_the_person_acts_for_themself(work: Work, given: Given) -> None:
    firm = given.organisation()
    person = given.person()
    authorisation = identity.authorise(
        work, person=person.id, organisation=firm.id, since=work.today
    )
    token = signed_in(work, person)
    with work.acting_as(identity.actor(work, id=person.id)):
        identity.act_for(work, token=token, holder=firm.id)

    identity.revoke_authorisation(work, id=authorisation.id)

    session = identity.session(work, token=token, now=work.now)
    assert session is not None
    assert session.acting_for == person.id
    assert session.actor.holders == (person.id,)


def test_what_has_expired_is_forgotten_every_hour(work: Work, given: Given) -> None:
    living = signed_in(work, given.person())
    dead = identity.start_session(work)
    identity.sign_in(work, login="nobody", password="x")
    work.run("update identity.session set expires_at = %(now)s where subject = ''", now=work.now)
    work.run("delete from foundation.job")
    schedule_tidying(work)
    for minutes in (25, 50):
        identity.touch(work, token=living, now=work.now + timedelta(minutes=minutes))
    work.now += timedelta(hours=1)

    job = take(work)
    assert job is not None
    perform(work, job)

    assert identity.session(work, token=living, now=work.now) is not None
    assert identity.session(work, token=dead, now=MONDAY) is None
    assert work.value("select count(*) from identity.session") == 1
    assert work.value("select count(*) from identity.attempt") == 0
    assert work.value("select due_at from foundation.job where done_at is null") == (
        work.now + timedelta(hours=1)
    )


def test_a_session_cannot_be_forged_by_its_hash(work: Work, given: Given) -> None:
    """Whoever reads the table cannot use what stands there as a token."""
    signed_in(work, given.person())
    kept = work.value("select encode(token_hash, 'hex') from identity.session")

    assert identity.session(work, token=kept, now=work.now) is None


def test_the_table_of_sessions_refuses_an_unknown_mode(work: Work) -> None:
    with pytest.raises(psycopg.errors.CheckViolation), work.savepoint():
        work.run(
            """
            insert into identity.session (token_hash, csrf, language, mode, created_at, seen_at,
                                          expires_at)
            values ('x', '', '', 'disco', now(), now(), now())
            """
        )
