"""Statements that go straight to libpq: prepared when they come back, right in every case."""

from dataclasses import dataclass

import psycopg
import pytest

from conftest import MONDAY, as_application
from tongban.foundation.actor import Actor
from tongban.foundation.connection import KNOWN_MAX, PREPARED_AFTER, Connection, Outdated
from tongban.foundation.db import Db
from tongban.foundation.work import Work

OFTEN = PREPARED_AFTER + 2


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: str


def prepared(connection: Connection) -> int:
    return sum(bool(known.name) for known in connection.known.values())


def test_what_comes_back_is_prepared_and_a_rollback_keeps_it(database: str) -> None:
    with as_application(database) as connection:
        db = Db(connection)
        for _ in range(OFTEN):
            assert db.one(Pair, "select %(a)s::int as left, %(b)s as right", a=1, b="x") == Pair(
                1, "x"
            )
            connection.rollback()
        assert prepared(connection) == 1
        assert db.all(Pair, "select %(b)s as right, 2 as left", b="y") == [Pair(2, "y")]


def test_a_rollback_after_a_pipeline_keeps_what_is_prepared(database: str) -> None:
    with as_application(database) as connection:
        db = Db(connection)
        for _ in range(OFTEN):
            assert db.value("select %(a)s::int", a=1) == 1
        for _ in range(OFTEN):
            db.run_each("select %(a)s::int", [{"a": 1}, {"a": 2}])
        connection.rollback()

        assert db.value("select %(a)s::int", a=2) == 2


def test_a_statement_takes_values_of_other_types(database: str) -> None:
    with as_application(database) as connection:
        db = Db(connection)
        for number in (1, 40_000, 2**40, None, *range(OFTEN)):
            assert db.value("select %(n)s::bigint", n=number) == number
            assert db.value("select %(n)s::text[]", n=["a", 'b"', "通"]) == ["a", 'b"', "通"]


def test_seldom_statements_make_room_for_others(database: str) -> None:
    with as_application(database) as connection:
        db = Db(connection)
        for _ in range(OFTEN):
            db.value("select 0 as first")
        for number in range(KNOWN_MAX):
            db.value(f"select {number} as other")  # type: ignore[arg-type]
        assert prepared(connection) == 0
        assert db.value("select count(*) from pg_prepared_statements") == 0


def test_a_failed_statement_says_what_psycopg_would_say(database: str) -> None:
    with as_application(database) as connection:
        for _ in range(OFTEN):
            with pytest.raises(psycopg.errors.DivisionByZero):
                Db(connection).value("select 1 / %(n)s", n=0)
            connection.rollback()
        with pytest.raises(psycopg.ProgrammingError, match="written %%"):
            Db(connection).value("select 1 % 2")
        assert Db(connection).value("select 5 %% 3") == 2


def test_a_transaction_that_only_reads_is_begun_as_such(database: str) -> None:
    with as_application(database) as connection:
        connection.read_only = True
        work = Work(connection, actor=Actor("o-1", "李"), now=MONDAY)
        assert work.value("select current_setting('transaction_read_only')") == "on"


def test_whatever_an_actor_is_called_row_security_hears_it(database: str) -> None:
    names = ("it's", 'a"b', "a\\b", "{x,y}", "通办", "a;b--")
    with as_application(database) as connection:
        for name in names:
            actor = Actor(name, name, holders=(name, "other"))
            work = Work(connection, actor=actor, now=MONDAY)
            assert work.value("select current_setting('tongban.actor')") == name
            assert work.value("select foundation.holders()") == [name, "other"]
        with pytest.raises(psycopg.DataError):
            Work(connection, actor=Actor("a\0b", "x"), now=MONDAY)


def test_whoever_tries_again_after_tables_have_changed_is_answered(own_database: str) -> None:
    with (
        psycopg.connect(own_database, autocommit=True) as owner,
        Connection.connect(own_database) as connection,
    ):
        owner.execute("create table thing as select 1 as a")
        for _ in range(OFTEN):
            assert Db(connection).value("select * from thing") == 1
        connection.commit()
        owner.execute("alter table thing alter a type text")

        with pytest.raises(Outdated):
            Db(connection).value("select * from thing")
        connection.rollback()
        assert Db(connection).value("select * from thing") == "1"


def test_a_lost_connection_is_told_as_one(database: str) -> None:
    with as_application(database) as connection:
        number = Db(connection).value("select pg_backend_pid()")
        connection.commit()
        with psycopg.connect(database, autocommit=True) as owner:
            owner.execute("select pg_terminate_backend(%s)", [number])
        with pytest.raises(psycopg.OperationalError):
            ask_until_it_fails(Db(connection))
        assert connection.closed


def ask_until_it_fails(db: Db) -> None:
    for _ in range(10_000):
        db.value("select 1")
