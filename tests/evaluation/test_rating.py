"""Rating: who may, when, what; and that nobody learns who it was."""

import threading

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from given_cases import clerk, handler, holder_of, officer
from tongban import cases, evaluation
from tongban.cases import Stage
from tongban.evaluation import AlreadyRated, Summary, TooEarly
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid, Refusal
from tongban.foundation.work import Work


@pytest.fixture
def decided(given: Given) -> cases.Case:
    return given.case(stage=Stage.GRANTED)


def rate(work: Work, case: cases.Case, stars: int = 5, **said: object) -> evaluation.Rating:
    """Rate as the holder of the case would."""
    with work.acting_as(holder_of(case)):
        return evaluation.rate(work, case_number=case.number, stars=stars, **said)  # type: ignore[arg-type]


def test_the_holder_rates_a_decided_case(work: Work, decided: cases.Case) -> None:
    rated = rate(
        work,
        decided,
        4,
        tags=["fast", "clear", "fast"],
        scores={"efficiency": 5, "guide": 3},
        comment=" 第二天就办好了 ",
        channel=evaluation.Channel.MOBILE,
    )

    assert (rated.stars, rated.tags, rated.comment) == (4, ("fast", "clear"), "第二天就办好了")
    with work.acting_as(holder_of(decided)):
        assert evaluation.rating(work, case_number=decided.number) == rated
    assert evaluation.summary(work, item_code=decided.item_code) == Summary(1, 4.0)


RATEABLE = {
    *(Stage.GRANTED, Stage.REFUSED, Stage.DELIVERED, Stage.CLOSED, Stage.NOT_ACCEPTED),
}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_is_rated_after_its_decision_and_not_before(
    work: Work, given: Given, stage: Stage
) -> None:
    case = given.case(stage=stage)
    with work.acting_as(holder_of(case)):
        assert evaluation.may_rate(work, case=case) is (stage in RATEABLE)
    if stage in RATEABLE:
        assert rate(work, case).stars == 5
    else:
        with pytest.raises(TooEarly):
            rate(work, case)


def test_a_case_is_rated_once(work: Work, decided: cases.Case) -> None:
    rate(work, decided, 5)
    with work.acting_as(holder_of(decided)):
        assert not evaluation.may_rate(work, case=decided)
    with pytest.raises(AlreadyRated):
        rate(work, decided, 1)
    assert evaluation.summary(work, item_code=decided.item_code) == Summary(1, 5.0)


def test_a_double_click_rates_once(own_database: str) -> None:
    with as_application(own_database) as connection:
        case = Given(Work(connection, actor=SYSTEM, now=MONDAY)).case(stage=Stage.GRANTED)
        connection.commit()
    outcomes: list[str] = []

    def click() -> None:
        with as_application(own_database) as connection:
            try:
                rate(Work(connection, actor=SYSTEM, now=MONDAY), case)
                outcomes.append("rated")
            except AlreadyRated:
                outcomes.append("already")

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(20)

    assert sorted(outcomes) == ["already", "rated"]
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        assert evaluation.summary(work, item_code=case.item_code).count == 1


def test_nobody_rates_the_case_of_somebody_else(
    work: Work, given: Given, decided: cases.Case
) -> None:
    for actor in (given.person(name="王五"), handler(decided), clerk(decided), ANONYMOUS):
        with work.acting_as(actor):
            assert not evaluation.may_rate(work, case=decided)
            with pytest.raises(Refusal):
                evaluation.rate(work, case_number=decided.number, stars=1)
    assert evaluation.summary(work, item_code=decided.item_code).count == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"stars": 5, "tags": ["slow"]}, "tags"),
        ({"stars": 1, "tags": ["fast"]}, "tags"),
        ({"stars": 5, "tags": ["invented"]}, "tags"),
        ({"stars": 5, "scores": {"efficiency": 6}}, "scores"),
        ({"stars": 5, "scores": {"attitude": 5}}, "scores"),  # It was handled online.
        ({"stars": 5, "comment": "长" * 501}, "comment"),
        ({"stars": 5, "comment": "\x00"}, "comment"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(
    work: Work, decided: cases.Case, said: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rate(work, decided, **said)  # type: ignore[arg-type]
    assert [problem.field for problem in refused.value.problems] == [field]


def test_what_is_asked_depends_on_how_the_case_was_handled() -> None:
    online, in_person = (evaluation.content(online=online) for online in (True, False))
    assert list(online.aspects) == ["efficiency", "guide", "convenience", "platform"]
    assert list(in_person.aspects) == ["efficiency", "skill", "attitude"]
    assert list(online.levels) == [5, 4, 3, 2, 1]
    assert not online.good.keys() & online.bad.keys()


def test_the_average_of_all_ratings_is_public(work: Work, given: Given) -> None:
    item = given.item()
    assert evaluation.summary(work, item_code=item.code) == Summary(0, 0.0)
    for stars in (5, 4, 2):
        rate(work, given.case(stage=Stage.GRANTED, item=item), stars)
    with work.acting_as(ANONYMOUS):
        assert evaluation.summary(work, item_code=item.code) == Summary(3, 3.7)


# The rater is protected.


def rows_that_tell(work: Work, text: str) -> int:
    """Return in how many rows the actor can read a text, outside the tables of cases."""
    tables = work._connection.execute(
        """
        select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname in ('evaluation', 'foundation')
           and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')
        """
    ).fetchall()
    assert len(tables) > 8
    return sum(
        work.value(f"select count(*) from {table} t where strpos(t::text, %(text)s) > 0", text=text)
        for (table,) in tables
    )


def test_the_department_reads_what_was_said_but_not_by_whom(
    work: Work, decided: cases.Case
) -> None:
    told = (decided.number, decided.holder, decided.applicant)
    with work.acting_as(handler(decided)):
        before = [rows_that_tell(work, text) for text in told]
    rate(work, decided, 1, tags=["slow"], comment="等了很久")

    with work.acting_as(handler(decided)):
        [opinion] = evaluation.opinions(work).rows
        assert (opinion.stars, opinion.tags, opinion.comment) == (1, ("slow",), "等了很久")
        assert opinion.rated_on == work.today
        # Nothing that was written with the rating tells the department who it was.
        assert [rows_that_tell(work, text) for text in told] == before
        assert evaluation.rating(work, case_number=decided.number) is None
        assert "CaseRated" not in str(cases.trace(work, number=decided.number))
    assert rows_that_tell(work, decided.number) > before[0]


def test_the_trace_of_rating_is_shown_to_the_rater_alone(work: Work, decided: cases.Case) -> None:
    rate(work, decided)

    def seen(actor: Actor) -> int:
        with work.acting_as(actor):
            return int(
                work.value(
                    "select count(*) from foundation.event where topic = 'evaluation.CaseRated'"
                )
            )

    city = officer("evaluation.remedy", region="9901")
    assert [seen(actor) for actor in (holder_of(decided), handler(decided), city)] == [1, 0, 0]


def test_departments_read_opinions_about_themselves_page_by_page(work: Work, given: Given) -> None:
    item = given.item()
    for stars in (5, 4, 3, 2, 1):
        case = given.case(stage=Stage.GRANTED, item=item)
        rate(work, case, stars)
    other = officer(department="another")
    with work.acting_as(other):
        assert evaluation.opinions(work).rows == []
    with work.acting_as(handler(case)):
        seen, after = [], ""
        while True:
            page = evaluation.opinions(work, item_code=item.code, after=after, size=2)
            seen += [opinion.stars for opinion in page.rows]
            after = page.following
            if not after:
                break
    assert sorted(seen) == [1, 2, 3, 4, 5]
    with work.acting_as(holder_of(case)), pytest.raises(Forbidden):
        evaluation.opinions(work)
    for cursor in ("x", "WyJhIiwiYiJd", "WzEsMl0"):
        with work.acting_as(handler(case)), pytest.raises(Invalid, match="翻页"):
            evaluation.opinions(work, after=cursor)


def test_a_rating_cannot_be_changed_by_the_application(work: Work, decided: cases.Case) -> None:
    rate(work, decided)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), work.savepoint():
        work.run("update evaluation.rating set stars = 5")
