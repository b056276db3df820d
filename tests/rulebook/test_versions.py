"""From draft to force: four eyes, tests that must pass, dates, races."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from given_rules import TESTS, House, allowance
from tongban import rulebook
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.trace import trace
from tongban.foundation.work import Work
from tongban.rulebook import events


@pytest.fixture
def house(work: Work, given: Given) -> House:
    made = House.of(work, given)
    made.made()
    return made


def status(house: House, version: int = 1) -> rulebook.Status:
    return rulebook.version(house.work, code=house.code, version=version).status


def test_a_version_is_written_reviewed_and_published_by_two_people(
    house: House, work: Work
) -> None:
    published = house.published()
    assert published.status is rulebook.Status.PUBLISHED
    assert (published.author, published.reviewer) == (house.author.id, house.reviewer.id)
    topics = [type(entry.event) for entry in trace(work, subject=f"rules-{house.code}")]
    assert topics == [
        events.RuleSetBound,
        events.RuleSetDrafted,
        events.RuleSetSubmitted,
        events.RuleSetReviewed,
        events.RuleSetPublished,
    ]


def both_roles(given: Given, house: House) -> Actor:
    return given.officer(
        role=["cataloguer", "approver"], name="一人两职", department=house.author.department
    )


def test_whoever_wrote_a_version_neither_reviews_nor_publishes_it(
    house: House, work: Work, given: Given
) -> None:
    house.author = both_roles(given, house)
    house.draft()
    with work.acting_as(house.author):
        rulebook.submit_version(work, code=house.code, version=1)
        with pytest.raises(rulebook.OwnWork):
            rulebook.review_version(work, code=house.code, version=1, agree=True)
    with work.acting_as(house.reviewer):
        rulebook.review_version(work, code=house.code, version=1, agree=True)
    with work.acting_as(house.author), pytest.raises(rulebook.OwnWork):
        rulebook.publish_version(work, code=house.code, version=1, effective_from=work.today)
    assert status(house) is rulebook.Status.APPROVED


def test_whoever_changes_a_draft_is_its_author_from_then_on(
    house: House, work: Work, given: Given
) -> None:
    other = both_roles(given, house)
    draft = house.draft()
    with work.acting_as(other):
        rulebook.save_draft(work, version=draft, note="改了一个字")
        rulebook.submit_version(work, code=house.code, version=1)
        with pytest.raises(rulebook.OwnWork):
            rulebook.review_version(work, code=house.code, version=1, agree=True)


def test_even_the_database_lets_nobody_publish_their_own_work(house: House, work: Work) -> None:
    house.draft()
    with pytest.raises(psycopg.errors.CheckViolation):
        work.run(
            """
            update rulebook.version set status = 'published', reviewer = author,
                   effective_from = current_date
             where rule_set_code = %(code)s
            """,
            code=house.code,
        )


@pytest.mark.parametrize("change", ["dmn = '<x/>'", "tests = '[]'", "author = 'o-9'"])
def test_even_the_database_keeps_a_reviewed_text(house: House, work: Work, change: str) -> None:
    house.approved()
    with pytest.raises(psycopg.errors.RaiseException, match="only a draft can change"):
        work.run(f"update rulebook.version set {change}")  # type: ignore[arg-type]


def test_without_passing_tests_nothing_is_handed_in(house: House, work: Work) -> None:
    draft = house.draft(allowance(age="90"))
    with work.acting_as(house.author):
        with pytest.raises(rulebook.NotReady, match="测试用例“本市老人”没有通过"):
            rulebook.submit_version(work, code=house.code, version=1)
        rulebook.save_draft(work, version=draft, tests=[])
        with pytest.raises(rulebook.NotReady, match="至少要有一个测试用例"):
            rulebook.submit_version(work, code=house.code, version=1)
    assert status(house) is rulebook.Status.DRAFT


def test_a_test_may_expect_that_a_person_decides(house: House, work: Work) -> None:
    draft = house.draft()
    wrong = rulebook.TestCase("全都知道", {"age": 85, "household": "city"}, to_a_person=True)
    with work.acting_as(house.author):
        rulebook.save_draft(work, version=draft, tests=[*TESTS, wrong])
        with pytest.raises(rulebook.NotReady, match="全都知道"):
            rulebook.submit_version(work, code=house.code, version=1)


def test_every_faulty_cell_is_named(house: House, work: Work) -> None:
    sheet = allowance()
    faulty = replace(
        sheet, rows=(replace(sheet.rows[0], conditions=(">= ", '"city', "-")), *sheet.rows[1:])
    )
    house.draft(faulty)
    with work.acting_as(house.author), pytest.raises(rulebook.NotReady) as refused:
        rulebook.submit_version(work, code=house.code, version=1)
    assert [problem.field for problem in refused.value.problems] == ["r-0-c-0", "r-0-c-1"]


def test_a_column_that_the_platform_reads_must_be_there(house: House, work: Work) -> None:
    sheet = allowance()
    renamed = replace(sheet.outputs[0], name="verdict")
    house.draft(replace(sheet, outputs=(renamed, *sheet.outputs[1:])))
    with work.acting_as(house.author), pytest.raises(rulebook.NotReady, match="decision"):
        rulebook.submit_version(work, code=house.code, version=1)


def test_a_rejected_version_goes_back_with_a_reason(house: House, work: Work) -> None:
    house.draft()
    with work.acting_as(house.author):
        rulebook.submit_version(work, code=house.code, version=1)
    with work.acting_as(house.reviewer):
        with pytest.raises(Invalid, match="写明要改什么"):
            rulebook.review_version(work, code=house.code, version=1, agree=False)
        rulebook.review_version(
            work, code=house.code, version=1, agree=False, comment="第二条缺依据"
        )
    found = rulebook.version(work, code=house.code, version=1)
    assert (found.status, found.review_comment) == (rulebook.Status.DRAFT, "第二条缺依据")


def test_two_authors_do_not_overwrite_each_other(house: House, work: Work) -> None:
    draft = house.draft()
    with work.acting_as(house.author):
        rulebook.save_draft(work, version=draft, note="先改的")
        with pytest.raises(rulebook.ChangedMeanwhile, match="郑编目"):
            rulebook.save_draft(work, version=draft, note="后改的")


def test_rules_begin_and_end_on_their_days(house: House, work: Work) -> None:
    today = work.today
    house.published(since=today + timedelta(days=3))
    assert rulebook.in_force(work, code=house.code, on=today) is None
    third = rulebook.in_force(work, code=house.code, on=today + timedelta(days=3))
    assert third is not None
    house.published(allowance(amount="120"), since=today + timedelta(days=10))
    before = rulebook.in_force(work, code=house.code, on=today + timedelta(days=9))
    after = rulebook.in_force(work, code=house.code, on=today + timedelta(days=10))
    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)


def test_rules_do_not_reach_back(house: House, work: Work) -> None:
    house.approved()
    with work.acting_as(house.reviewer), pytest.raises(Invalid, match="不能早于今天"):
        rulebook.publish_version(
            work, code=house.code, version=1, effective_from=work.today - timedelta(days=1)
        )


def test_a_withdrawn_version_gives_no_way_to_an_older_one(house: House, work: Work) -> None:
    house.published()
    house.published(allowance(amount="120"), since=work.today + timedelta(days=1))
    tomorrow = work.today + timedelta(days=1)
    with work.acting_as(house.reviewer):
        rulebook.withdraw_version(
            work, code=house.code, version=2, reason="依据已废止", withdrawn_from=tomorrow
        )
    assert rulebook.in_force(work, code=house.code, on=tomorrow) is None
    facts = {"age": 85, "household": "city"}
    later = Work(work._connection, actor=SYSTEM, now=MONDAY + timedelta(days=1))
    outcome = rulebook.evaluate(later, code=house.code, facts=facts)
    assert (outcome.to_a_person, outcome.version) == (True, 0)


def test_only_one_version_begins_on_a_day(house: House, work: Work) -> None:
    house.published()
    house.approved(allowance(amount="120"))
    with work.acting_as(house.reviewer), pytest.raises(rulebook.DateTaken):
        rulebook.publish_version(work, code=house.code, version=2, effective_from=work.today)


def test_a_second_draft_waits_for_the_first(house: House, work: Work) -> None:
    house.draft()
    with work.acting_as(house.author), pytest.raises(Invalid, match="第 1 版还没有发布"):
        rulebook.begin_version(work, code=house.code)


def test_a_new_version_begins_as_the_latest_with_its_tests(house: House, work: Work) -> None:
    house.published()
    with work.acting_as(house.author):
        draft = rulebook.begin_version(work, code=house.code)
    assert draft.version == 2
    assert draft.tests == TESTS
    assert rulebook.Compiled(draft.dmn).summary.sheet == allowance()


def test_switching_off_needs_a_reason_and_on_another_hand(
    house: House, work: Work, given: Given
) -> None:
    with work.acting_as(house.reviewer):
        with pytest.raises(Invalid):
            rulebook.switch(work, code=house.code, off=True, reason=" ")
        rulebook.switch(work, code=house.code, off=True, reason="数据源异常")
        with pytest.raises(rulebook.SameHand):
            rulebook.switch(work, code=house.code, off=False, reason="好了")
    other = given.officer(role="approver", name="李处长", department=house.author.department)
    with work.acting_as(other):
        rulebook.switch(work, code=house.code, off=False, reason="已核实恢复")
    assert not rulebook.rule_set(work, code=house.code).switched_off


def test_nobody_without_the_permission_writes_or_reviews(
    house: House, work: Work, given: Given
) -> None:
    house.draft()
    elsewhere = given.department(name="海州市教育局").code
    stranger = given.officer(role=["cataloguer", "approver"], department=elsewhere)
    with work.acting_as(stranger):
        for act in (
            lambda: rulebook.begin_version(work, code=house.code),
            lambda: rulebook.submit_version(work, code=house.code, version=1),
            lambda: rulebook.review_version(work, code=house.code, version=1, agree=True),
            lambda: rulebook.switch(work, code=house.code, off=True, reason="试试"),
            lambda: rulebook.bind(work, code=house.code, item_code="X"),
        ):
            with pytest.raises(Forbidden):
                act()


@contextmanager
def working(url: str, actor: Actor = SYSTEM) -> Iterator[Work]:
    with as_application(url) as connection:
        yield Work(connection, actor=actor, now=MONDAY)
        connection.commit()


def test_of_two_publishers_at_once_one_wins_and_the_other_is_told(own_database: str) -> None:
    with working(own_database) as work:
        given = Given(work)
        house = House.of(work, given)
        house.made()
        house.approved()
        second = given.officer(role="approver", name="李处长", department=house.author.department)
    together = Barrier(2)

    def publish(actor: Actor) -> str:
        with working(own_database, actor) as work:
            together.wait(timeout=10)
            try:
                rulebook.publish_version(
                    work, code=house.code, version=1, effective_from=date(2024, 6, 3)
                )
            except rulebook.WrongStatus:
                return "told"
            return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, [house.reviewer, second])) == ["published", "told"]
    with working(own_database) as work:
        topics = [type(entry.event) for entry in trace(work, subject=f"rules-{house.code}")]
        assert topics.count(events.RuleSetPublished) == 1
