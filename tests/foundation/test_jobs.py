"""Jobs: asked for within an act, taken under a lease, tried again, given up."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg import Rollback

from conftest import MONDAY, as_application
from tongban.foundation import jobs
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden
from tongban.foundation.jobs import Job, JobLine, NoSuchJob
from tongban.foundation.work import Work

HOUR = timedelta(hours=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the job "test.remind" was run for."""
    done: list[str] = []
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))

    @jobs.job("test.remind")
    def remind(work: Work, payload: dict[str, Any]) -> None:
        assert work.value("select 1") == 1
        if payload["whom"] == "nobody":
            raise LookupError("nobody is here")
        done.append(payload["whom"])

    return done


def ask(work: Work, whom: str, *, after: timedelta = timedelta(), key: str | None = None) -> None:
    jobs.schedule(work, kind="test.remind", due_at=work.now + after, key=key, whom=whom)


def reminders(work: Work) -> list[JobLine]:
    """Return the unfinished jobs of these tests; an installation has some of its own."""
    return [line for line in jobs.unfinished(work) if line.kind == "test.remind"]


def run_all(work: Work) -> None:
    while taken := jobs.take(work):
        try:
            with work.savepoint():
                jobs.perform(work, taken)
        except Exception as error:
            jobs.failed(work, taken, error)


def test_a_job_runs_when_its_time_has_come_and_once(work: Work, done: list[str]) -> None:
    ask(work, "later", after=HOUR)
    ask(work, "now")

    run_all(work)
    assert done == ["now"]
    work.now += HOUR
    run_all(work)
    run_all(work)
    assert done == ["now", "later"]


def test_the_most_urgent_comes_first(work: Work, done: list[str]) -> None:
    ask(work, "second", after=HOUR)
    ask(work, "first", after=HOUR / 2)
    work.now += HOUR
    run_all(work)
    assert done == ["first", "second"]


def test_asking_again_with_the_same_key_moves_the_job(work: Work, done: list[str]) -> None:
    ask(work, "old", key="case-1")
    ask(work, "new", key="case-1", after=HOUR)
    ask(work, "other", key="case-2")

    run_all(work)
    assert done == ["other"]
    work.now += HOUR
    run_all(work)
    assert done == ["other", "new"]

    ask(work, "again", key="case-1")
    run_all(work)
    assert done == ["other", "new", "again"]


def test_a_job_asked_for_in_an_act_that_failed_does_not_exist(work: Work, done: list[str]) -> None:
    with work.savepoint() as act:
        ask(work, "ghost")
        raise Rollback(act)
    run_all(work)
    assert done == []


def test_a_taken_job_is_not_taken_again_until_its_lease_runs_out(
    work: Work, done: list[str]
) -> None:
    ask(work, "slow")
    dead = jobs.take(work)
    assert dead is not None
    assert jobs.take(work) is None

    work.now += jobs.LEASE + timedelta(seconds=1)
    taken = jobs.take(work)
    assert taken is not None
    assert (taken.id, taken.attempts) == (dead.id, 2)

    jobs.perform(work, dead)  # It was only asleep, wakes up, and is too late.
    assert done == []
    jobs.perform(work, taken)
    assert done == ["slow"]
    jobs.perform(work, taken)
    assert done == ["slow"]


def test_a_worker_that_lost_its_lease_cannot_give_the_job_back(work: Work, done: list[str]) -> None:
    ask(work, "slow")
    dead = jobs.take(work)
    work.now += jobs.LEASE + timedelta(seconds=1)
    taken = jobs.take(work)
    assert dead is not None
    assert taken is not None

    jobs.failed(work, dead, RuntimeError("late"))

    assert jobs.take(work) is None
    jobs.perform(work, taken)
    assert done == ["slow"]


def test_a_job_moved_while_it_is_taken_runs_at_its_new_time(work: Work, done: list[str]) -> None:
    ask(work, "old", key="case-1")
    taken = jobs.take(work)
    assert taken is not None
    ask(work, "new", key="case-1", after=HOUR)

    jobs.perform(work, taken)
    assert done == []
    work.now += HOUR
    run_all(work)
    assert done == ["new"]


def exhaust(work: Work) -> None:
    for _ in range(jobs.ATTEMPTS_MAX):
        run_all(work)
        work.now += HOUR


def test_a_failing_job_waits_longer_each_time_and_is_given_up_at_last(
    work: Work, done: list[str]
) -> None:
    ask(work, "nobody", key="case-1")
    run_all(work)
    wait = work.value("select due_at from foundation.job where key = 'case-1'") - work.now
    assert wait == timedelta(seconds=2)

    work.now += HOUR
    exhaust(work)

    [line] = reminders(work)
    assert (line.kind, line.key, line.attempts, line.dead) == ("test.remind", "case-1", 8, True)
    assert line.last_error == "LookupError: nobody is here"
    assert jobs.take(work) is None
    assert done == []


def test_an_operator_tries_a_job_again_that_was_given_up(work: Work, done: list[str]) -> None:
    ask(work, "nobody", key="case-1")
    exhaust(work)
    [line] = reminders(work)
    work.run('update foundation.job set payload = \'{"whom": "somebody"}\'')

    jobs.retry(work, job=line.id)

    run_all(work)
    assert done == ["somebody"]
    assert reminders(work) == []
    with pytest.raises(NoSuchJob):
        jobs.retry(work, job=line.id)


def test_a_job_that_killed_every_worker_is_retried_too(work: Work, done: list[str]) -> None:
    ask(work, "somebody")
    for _ in range(jobs.ATTEMPTS_MAX):
        assert jobs.take(work)  # And the worker dies.
        work.now += HOUR
    assert jobs.take(work) is None

    jobs.retry(work, job=reminders(work)[0].id)
    run_all(work)
    assert done == ["somebody"]


def test_what_failed_stands_first_in_the_list_of_jobs(work: Work, done: list[str]) -> None:
    ask(work, "later", after=HOUR)
    ask(work, "nobody")
    run_all(work)
    assert [line.last_error != "" for line in reminders(work)] == [True, False]
    assert done == []


def test_asking_anew_revives_a_job_that_was_given_up(work: Work, done: list[str]) -> None:
    ask(work, "nobody", key="case-1")
    exhaust(work)
    ask(work, "somebody", key="case-1")
    run_all(work)
    assert done == ["somebody"]


def test_only_an_operator_retries_jobs(work: Work, nobody: Actor) -> None:
    with work.acting_as(nobody), pytest.raises(Forbidden):
        jobs.retry(work, job=1)


def test_two_workers_never_take_the_same_job(own_database: str, done: list[str]) -> None:
    with as_application(own_database) as first, as_application(own_database) as second:
        ask(Work(first, actor=SYSTEM, now=MONDAY), "once")
        first.commit()

        taken = jobs.take(Work(first, actor=SYSTEM, now=MONDAY))
        assert isinstance(taken, Job)
        assert jobs.take(Work(second, actor=SYSTEM, now=MONDAY)) is None  # Locked,
        first.commit()
        second.commit()
        assert jobs.take(Work(second, actor=SYSTEM, now=MONDAY)) is None  # and then leased.
    assert done == []
