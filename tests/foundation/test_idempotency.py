"""The same request twice has one effect and one answer."""

import threading
from datetime import timedelta

import pytest

from conftest import MONDAY, as_application
from tongban.foundation import idempotency
from tongban.foundation.actor import SYSTEM, Actor, Kind
from tongban.foundation.errors import Invalid
from tongban.foundation.idempotency import KeyReused
from tongban.foundation.work import Work

KEY = "form-0001"
PERSON = Actor("p-1", "张三", Kind.PERSON, holders=("p-1",))


def submit(work: Work, *, content: str = "same") -> str:
    """Do what a form does: claim its key, have an effect, keep the answer."""
    earlier = idempotency.claim(work, key=KEY, fingerprint=content)
    if earlier is not None:
        return f"again {earlier.location}"
    work.run(
        "insert into foundation.heartbeat (worker, seen_at) values ('effect', %(now)s)",
        now=work.now,
    )
    idempotency.answer(work, key=KEY, status=303, location="/cases/1")
    return "done /cases/1"


def effects(work: Work) -> int:
    return int(work.value("select count(*) from foundation.heartbeat where worker = 'effect'"))


def test_sending_a_form_again_gives_the_first_answer(work: Work) -> None:
    assert submit(work) == "done /cases/1"
    assert submit(work) == "again /cases/1"
    assert effects(work) == 1


def test_a_used_key_is_no_cover_for_other_content(work: Work) -> None:
    submit(work)
    with pytest.raises(KeyReused):
        submit(work, content="other")


def test_a_key_belongs_to_whoever_used_it(work: Work) -> None:
    submit(work)
    with work.acting_as(PERSON):
        assert idempotency.claim(work, key=KEY, fingerprint="another's") is None


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "key\x00with-nul", "编号一二三四五六七八"])
def test_a_key_that_is_none_is_refused(work: Work, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        idempotency.claim(work, key=key, fingerprint="same")
    assert [problem.field for problem in refused.value.problems] == ["key"]


def test_old_keys_are_forgotten(work: Work) -> None:
    submit(work)
    work.now += timedelta(days=3)
    assert idempotency.forget_older_than(work, days=7) == 0
    assert idempotency.forget_older_than(work, days=2) == 1


@pytest.mark.parametrize("first_one_fails", [False, True])
def test_a_double_click_waits_for_the_first_and_has_one_effect(
    own_database: str, first_one_fails: bool
) -> None:
    answers: list[str] = []
    with as_application(own_database) as first:
        slow = Work(first, actor=SYSTEM, now=MONDAY)
        submit(slow)

        def click_again() -> None:
            with as_application(own_database) as second:
                answers.append(submit(Work(second, actor=SYSTEM, now=MONDAY)))

        second_click = threading.Thread(target=click_again)
        second_click.start()
        second_click.join(0.3)
        assert answers == []  # It waits for the first to end,
        if first_one_fails:
            first.rollback()
        else:
            first.commit()
        second_click.join(10)

        assert answers == ["done /cases/1" if first_one_fails else "again /cases/1"]
        assert effects(Work(first, actor=SYSTEM, now=MONDAY)) == 1
