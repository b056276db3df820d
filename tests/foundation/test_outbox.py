"""Deliveries: in order for each module and subject, tried again, given up, replayed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from conftest import MONDAY, as_application
from tongban.foundation import events, outbox
from tongban.foundation.actor import SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden
from tongban.foundation.events import Event, subscribe
from tongban.foundation.outbox import NoSuchDelivery
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class Rang(Event):
    door: str
    times: int = 1

    @property
    def subject(self) -> str:
        return self.door


class Household:
    """Two modules that listen to the bell: the porter hears it, the dog barks at it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.failing: set[str] = set()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Household:
    house = Household()

    def listener(module: str) -> Any:
        def answer(work: Work, event: Rang) -> None:
            work.run(
                "insert into foundation.heartbeat (worker, seen_at) values (%(w)s, now())",
                w=f"{module} {event.door} {event.times}",
            )
            if module in house.failing:
                raise RuntimeError(f"the {module} is asleep")
            house.heard.append(f"{module} {event.door} {event.times}")

        answer.__module__ = f"house.{module}.subscribers"
        return answer

    monkeypatch.setitem(events._handlers, Rang, {})
    for module in ("porter", "dog"):
        subscribe(Rang)(listener(module))
    return house


def deliver_all(work: Work) -> int:
    delivered = 0
    while outbox.deliver_next(work):
        delivered += 1
    return delivered


def written(work: Work) -> int:
    return int(
        work.value("select count(*) from foundation.heartbeat where strpos(worker, ' ') > 0")
    )


def test_each_subscriber_hears_of_an_event_once(work: Work, house: Household) -> None:
    work.record(Rang("front"))

    assert deliver_all(work) == 2
    assert sorted(house.heard) == ["dog front 1", "porter front 1"]
    assert deliver_all(work) == 0


def test_what_a_failing_subscriber_wrote_is_undone_and_tried_again(
    work: Work, house: Household
) -> None:
    house.failing = {"dog"}
    work.record(Rang("front"))
    assert deliver_all(work) == 2
    assert house.heard == ["porter front 1"]
    assert written(work) == 1

    house.failing = set()
    assert deliver_all(work) == 0  # Not before its time,
    work.now += timedelta(seconds=1)
    assert deliver_all(work) == 1  # and then only what failed.
    assert house.heard == ["porter front 1", "dog front 1"]


def test_each_failure_waits_twice_as_long_as_the_last(work: Work, house: Household) -> None:
    house.failing = {"dog"}
    work.record(Rang("front"))
    waits = []
    for _ in range(4):
        deliver_all(work)
        due = work.value("select max(due_at) from foundation.delivery where done_at is null")
        waits.append((due - work.now).total_seconds())
        work.now = due
    assert waits == [1, 2, 4, 8]


def test_a_later_event_of_the_same_subject_waits_for_the_earlier(
    work: Work, house: Household
) -> None:
    house.failing = {"dog"}
    work.record(Rang("front", 1))
    deliver_all(work)
    house.failing = set()
    work.record(Rang("front", 2))
    work.record(Rang("back", 1))

    deliver_all(work)

    # The porter and the back door do not wait for the dog at the front door.
    assert sorted(house.heard) == [
        *("dog back 1", "porter back 1", "porter front 1", "porter front 2"),
    ]
    work.now += timedelta(seconds=1)
    deliver_all(work)
    assert house.heard[-2:] == ["dog front 1", "dog front 2"]


def exhaust(work: Work, house: Household) -> None:
    house.failing = {"dog"}
    work.record(Rang("front", 1))
    for _ in range(outbox.ATTEMPTS_MAX):
        deliver_all(work)
        work.now += timedelta(hours=1)
    house.failing = set()


def test_what_fails_again_and_again_becomes_a_dead_letter_and_holds_up_what_follows(
    work: Work, house: Household
) -> None:
    exhaust(work, house)
    work.record(Rang("front", 2))
    house.heard.clear()

    deliver_all(work)

    assert house.heard == ["porter front 2"]
    [letter] = outbox.dead_letters(work)
    assert (letter.topic, letter.subject, letter.handler) == (
        *("test_outbox.Rang", "front", "dog.answer"),
    )
    assert letter.attempts == outbox.ATTEMPTS_MAX
    assert letter.last_error == "RuntimeError: the dog is asleep"


def test_an_operator_replays_a_dead_letter_and_all_follows_in_order(
    work: Work, house: Household
) -> None:
    exhaust(work, house)
    work.record(Rang("front", 2))
    deliver_all(work)
    house.heard.clear()
    operator = Actor(
        "o-1", "运维", grants=(Grant(frozenset({"operations.read", "operations.replay"}), "it"),)
    )
    with work.acting_as(operator):
        [letter] = outbox.dead_letters(work)
        outbox.replay(work, delivery=letter.id)
        assert outbox.dead_letters(work) == []
        with pytest.raises(NoSuchDelivery):
            outbox.replay(work, delivery=letter.id)

    deliver_all(work)

    assert house.heard == ["dog front 1", "dog front 2"]


def test_only_an_operator_sees_and_replays_dead_letters(work: Work, nobody: Actor) -> None:
    with work.acting_as(nobody):
        with pytest.raises(Forbidden):
            outbox.dead_letters(work)
        with pytest.raises(Forbidden):
            outbox.replay(work, delivery=1)


def test_an_event_that_no_installed_module_knows_is_kept_for_later(
    work: Work, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.record(Rang("front"))
    monkeypatch.delitem(events._registry, "test_outbox.Rang")

    assert deliver_all(work) == 2

    errors = work._connection.execute(
        "select distinct last_error from foundation.delivery where done_at is null"
    ).fetchall()
    assert errors == [("UnknownTopic: test_outbox.Rang",)]
    assert house.heard == []


def test_two_workers_never_take_the_same_delivery_nor_overtake_each_other(
    own_database: str, house: Household
) -> None:
    with as_application(own_database) as first, as_application(own_database) as second:
        asking = Work(first, actor=SYSTEM, now=MONDAY)
        for times in (1, 2, 3):
            asking.record(Rang("front", times))
        first.commit()

        one = Work(first, actor=SYSTEM, now=MONDAY)
        other = Work(second, actor=SYSTEM, now=MONDAY)
        assert outbox.deliver_next(one)
        held = house.heard[0].split()[0]
        assert deliver_all(other) == 3  # All of the other module; those of the first are held up.
        assert not any(line.startswith(held) for line in house.heard[1:])
        first.commit()
        second.commit()

        rest = Work(first, actor=SYSTEM, now=MONDAY)
        deliver_all(rest)
        first.commit()
    for module in ("dog", "porter"):
        mine = [line for line in house.heard if line.startswith(module)]
        assert mine == [f"{module} front {times}" for times in (1, 2, 3)]


def test_a_worker_that_dies_leaves_its_delivery_to_the_next(
    own_database: str, house: Household
) -> None:
    with as_application(own_database) as connection:
        Work(connection, actor=SYSTEM, now=MONDAY).record(Rang("front"))
    dying = as_application(own_database)
    assert outbox.deliver_next(Work(dying, actor=SYSTEM, now=MONDAY))
    with psycopg.connect(own_database, autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(%s)", [dying.info.backend_pid])
    house.heard.clear()
    with as_application(own_database) as connection:
        assert deliver_all(Work(connection, actor=SYSTEM, now=MONDAY)) == 2
    assert sorted(house.heard) == ["dog front 1", "porter front 1"]
