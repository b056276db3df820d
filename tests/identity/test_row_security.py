"""What PostgreSQL itself refuses, whatever the code above it forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
import pytest

from given import Given
from tongban import identity
from tongban.foundation.actor import ANONYMOUS, Actor, Kind
from tongban.foundation.work import Work

PROTECTED: tuple[LiteralString, ...] = (
    "person", "organisation", "sealed", "authorisation", "look", "account"
)  # fmt: skip


@pytest.fixture
def filled(work: Work, given: Given) -> tuple[Actor, Actor]:
    """Two people with a firm each, an account each, and a look at each."""
    people = []
    for login, name in (("zhang", "张小明"), ("li", "李四")):
        actor = given.person(name=name, acts_for=[given.organisation(name=f"{name}的公司")])
        identity.open_account(
            work, subject=actor.id, login=login, password="三顾茅庐-2026", cost=CHEAP
        )
        with work.acting_as(given.officer()):
            identity.reveal(work, holder=actor.id, field="telephone", reason="核实")
        people.append(actor)
    return people[0], people[1]


CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)


def rows(work: Work, table: LiteralString) -> int:
    return int(work.value("select count(*) from identity." + table))


@contextmanager
def nobody_announced(work: Work) -> Iterator[None]:
    kinds = ("kind", "actor", "departments", "regions", "holders", "subject")
    with work.acting_as(ANONYMOUS):
        for kind in kinds:
            work.run("select set_config('tongban.' || %(kind)s, '', true)", kind=kind)
        yield


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("table", PROTECTED)
def test_there_is_something_to_protect(work: Work, table: LiteralString) -> None:
    assert rows(work, table) >= 2


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("table", PROTECTED)
def test_without_a_context_there_are_no_rows(work: Work, table: LiteralString) -> None:
    with nobody_announced(work):
        assert rows(work, table) == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("table", PROTECTED)
def test_a_visitor_and_an_officer_without_any_role_see_nothing(
    work: Work, nobody: Actor, table: LiteralString
) -> None:
    for actor in (ANONYMOUS, nobody, Actor("x", "谁", Kind.CASE, case_number="990100-2406-1-X")):
        with work.acting_as(actor):
            assert rows(work, table) == 0


@pytest.mark.parametrize(
    ("table", "seen"),
    [
        ("person", 1),
        ("organisation", 1),
        ("sealed", 4),  # Number, telephone and address; and the firm's telephone.
        ("authorisation", 1),
        ("look", 1),
        ("account", 0),
    ],
)
def test_a_person_sees_only_what_is_theirs(
    work: Work, filled: tuple[Actor, Actor], table: LiteralString, seen: int
) -> None:
    for person in filled:
        with work.acting_as(person):
            assert rows(work, table) == seen


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("table", "seen"),
    [("person", 2), ("organisation", 2), ("sealed", 0), ("look", 0), ("account", 0)],
)
def test_an_officer_sees_people_but_nothing_that_is_sealed(
    work: Work, given: Given, table: LiteralString, seen: int
) -> None:
    for officer in (given.officer(), given.officer(region="990100")):
        with work.acting_as(officer):
            assert rows(work, table) == seen


@pytest.mark.parametrize(
    "statement",
    [
        "insert into identity.person (name, id_kind, id_number_masked, created_at)"
        " values ('假人', 'resident', '', now())",
        "insert into identity.authorisation (person, organisation, since, granted_by, granted_at)"
        " select 'p-1', 'b-1', now(), 'me', now()",
        "insert into identity.look"
        " (holder, field, reason, officer, officer_name, department, at)"
        " values ('p-1', 'telephone', 'x', 'o', 'o', '', now())",
        "insert into identity.sealed (holder, field, content, hash)"
        " values ('p-1', 'address', '', '')",
    ],
)
def test_a_person_writes_into_none_of_these_tables(
    work: Work, filled: tuple[Actor, Actor], statement: LiteralString
) -> None:
    with (
        work.acting_as(filled[0]),
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        work.savepoint(),
    ):
        work.run(statement)


def test_a_person_changes_no_row_directly_not_even_their_own(
    work: Work, filled: tuple[Actor, Actor]
) -> None:
    with work.acting_as(filled[0]):
        assert work.run("update identity.person set name = '改名'") == 0
        assert work.run("update identity.account set disabled_at = null") == 0


def test_security_is_forced_and_the_application_owns_nothing(work: Work) -> None:
    unprotected = work.value(
        """
        select array_agg(relname::text) from pg_class
         where relnamespace = 'identity'::regnamespace
           and relname = any (%(tables)s)
           and not (relrowsecurity and relforcerowsecurity
                    and pg_get_userbyid(relowner) <> 'tongban_app')
        """,
        tables=list(PROTECTED),
    )
    assert unprotected is None


def test_finding_a_session_leaves_nobody_else_announced(
    work: Work, filled: tuple[Actor, Actor]
) -> None:
    """The function works as the system for its own length only."""
    with nobody_announced(work):
        assert identity.actor(work, id=filled[0].id).name == "张小明"
        assert rows(work, "person") == 0
