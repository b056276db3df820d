"""Discretion: a row, a range, and what it takes to leave it. Rechecks of instant approvals."""

from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from conftest import as_application
from given import Given
from given_rules import ITEM, House
from tongban import rulebook
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.errors import Forbidden, Invalid, NotFound
from tongban.foundation.work import Work
from tongban.rules import HitPolicy

NUMBER = "990100-2406-0000001-0"
STANDARD = rulebook.Sheet(
    "举报奖励等级",
    (rulebook.Term("evidence", "证据", "string"), rulebook.Term("fine", "罚没款", "number")),
    (
        rulebook.Input("证据", "evidence", "string", '"full", "part"'),
        rulebook.Input("罚没款（元）", "fine", "number"),
    ),
    (
        rulebook.Output("等级", "grade", "string"),
        rulebook.Output("最少（元）", "least", "number"),
        rulebook.Output("最多（元）", "most", "number"),
        rulebook.Output("单位", "unit", "string"),
    ),
    (
        rulebook.Row(
            ('"full"', "-"),
            ('"一级"', "fine * 0.03", "fine * 0.05", '"元"'),
            "市场监管领域重大违法行为举报奖励暂行办法",
            "第十一条",
        ),
        rulebook.Row(('"part"', "-"), ('"二级"', "1000", "null", '"元"')),
    ),
    HitPolicy.UNIQUE,
)
TESTS = [
    rulebook.TestCase(
        "一级", {"evidence": "full", "fine": 10000}, {"least": 300, "most": 500, "grade": "一级"}
    )
]


@pytest.fixture
def house(work: Work, given: Given) -> House:
    house = House.of(work, given)
    house.made(purpose=rulebook.Purpose.DISCRETION, favour=rulebook.Favour("most"), name="奖励基准")
    with work.acting_as(house.author):
        draft = rulebook.begin_version(work, code=house.code, sheet=STANDARD)
        rulebook.save_draft(work, version=draft, tests=TESTS)
        rulebook.submit_version(work, code=house.code, version=1)
    with work.acting_as(house.reviewer):
        rulebook.review_version(work, code=house.code, version=1, agree=True)
        rulebook.publish_version(work, code=house.code, version=1, effective_from=work.today)
    return house


@pytest.fixture
def about(house: House) -> rulebook.About:
    return rulebook.About(NUMBER, ITEM, "990100", house.author.department, "p-1")


@pytest.fixture
def handler(house: House, given: Given) -> Actor:
    return given.officer(
        role=["handler", "approver"], name="承办人", department=house.author.department
    )


def applied(work: Work, about: rulebook.About) -> UUID:
    facts = {"evidence": "full", "fine": 10000}
    found = rulebook.discretion(work, item_code=ITEM, facts=facts, about=about)
    assert found is not None
    assert found.outcome.evaluation is not None
    return found.outcome.evaluation


@pytest.mark.usefixtures("house")
def test_the_row_that_applies_leaves_a_range_with_its_basis(work: Work) -> None:
    facts = {"evidence": "full", "fine": 10000}
    found = rulebook.discretion(work, item_code=ITEM, facts=facts)
    assert found is not None
    assert (found.row, found.grade, found.unit) == (1, "一级", "元")
    assert (found.least, found.most) == (300, 500)
    assert found.basis == "《市场监管领域重大违法行为举报奖励暂行办法》第十一条"
    assert found.outcome.evaluation is None
    assert [found.permits(Decimal(n)) for n in (299, 300, 500, 501)] == [False, True, True, False]


@pytest.mark.usefixtures("house")
def test_a_row_may_set_no_upper_bound(work: Work) -> None:
    found = rulebook.discretion(work, item_code=ITEM, facts={"evidence": "part"})
    assert found is not None
    assert (found.least, found.most) == (1000, None)
    assert found.permits(Decimal(10**9))


@pytest.mark.usefixtures("house")
def test_what_a_result_is_computed_from_may_not_be_missing(work: Work) -> None:
    found = rulebook.discretion(work, item_code=ITEM, facts={"evidence": "full"})
    assert found is not None
    assert found.row is None
    assert [missing.label for missing in found.outcome.missing] == ["罚没款"]
    assert not found.permits(Decimal(400))


def test_a_choice_within_the_range_is_settled_at_once(
    work: Work, about: rulebook.About, handler: Actor
) -> None:
    with work.acting_as(handler):
        choice = rulebook.choose(work, evaluation=applied(work, about), chosen=Decimal(400))
    assert not choice.deviates
    assert choice.settled
    rulebook.must_be_settled(work, number=NUMBER)


def test_a_deviation_needs_reasons_and_a_second_person(
    work: Work, house: House, about: rulebook.About, handler: Actor
) -> None:
    evaluation = applied(work, about)
    with work.acting_as(handler):
        with pytest.raises(Invalid, match="请写明理由"):
            rulebook.choose(work, evaluation=evaluation, chosen=Decimal(800), reasons="酌情")
        rulebook.choose(
            work,
            evaluation=evaluation,
            chosen=Decimal(800),
            reasons="内部人员举报，避免了重大食品安全事故",
        )
        with pytest.raises(rulebook.SecondPersonNeeded):
            rulebook.must_be_settled(work, number=NUMBER)
        with pytest.raises(rulebook.SamePerson):
            rulebook.confirm_deviation(work, evaluation=evaluation)
    with work.acting_as(house.reviewer):
        rulebook.confirm_deviation(work, evaluation=evaluation)
        with pytest.raises(rulebook.NothingToConfirm):
            rulebook.confirm_deviation(work, evaluation=evaluation)
        rulebook.must_be_settled(work, number=NUMBER)
    [choice] = rulebook.choices(work, number=NUMBER)
    assert (choice.deviates, choice.confirmed_name) == (True, "钱局长")


def test_a_choice_is_made_once_under_an_evaluation(
    work: Work, about: rulebook.About, handler: Actor
) -> None:
    evaluation = applied(work, about)
    with work.acting_as(handler):
        rulebook.choose(work, evaluation=evaluation, chosen=Decimal(400))
        with pytest.raises(rulebook.AlreadyChosen):
            rulebook.choose(work, evaluation=evaluation, chosen=Decimal(450))


def test_officers_of_another_department_see_no_record(
    work: Work, about: rulebook.About, given: Given
) -> None:
    evaluation = applied(work, about)
    elsewhere = given.department(name="海州市教育局").code
    stranger = given.officer(role=["handler", "approver"], department=elsewhere)
    with work.acting_as(stranger):
        with pytest.raises(NotFound):
            rulebook.evaluation(work, id=evaluation)
        with pytest.raises(NotFound):
            rulebook.choose(work, evaluation=evaluation, chosen=Decimal(400))


def test_people_see_what_was_decided_about_them_and_nothing_else(
    work: Work, about: rulebook.About
) -> None:
    evaluation = applied(work, about)
    mine = Actor(id="p-1", name="本人", kind=Kind.PERSON, holders=("p-1",))
    other = Actor(id="p-2", name="别人", kind=Kind.PERSON, holders=("p-2",))
    with work.acting_as(mine):
        assert rulebook.evaluation(work, id=evaluation).about.number == NUMBER
        assert [one.id for one in rulebook.evaluations_of(work, number=NUMBER)] == [evaluation]
    with work.acting_as(other):
        assert rulebook.evaluations_of(work, number=NUMBER) == []
    by_code = Actor(id="c", name="凭码查询", kind=Kind.CASE, case_number=NUMBER)
    with work.acting_as(by_code):
        assert rulebook.evaluation(work, id=evaluation)


@pytest.mark.parametrize("table", ["evaluation", "choice", "recheck", "replay"])
def test_without_a_known_asker_there_are_no_rows(database: str, table: str) -> None:
    with as_application(database) as connection:
        found = connection.execute(f"select count(*) from rulebook.{table}").fetchone()  # type: ignore[arg-type]
        assert found == (0,)


def test_an_evaluation_cannot_be_changed_or_deleted(work: Work, about: rulebook.About) -> None:
    applied(work, about)
    for act in ("update rulebook.evaluation set result = '1'", "delete from rulebook.evaluation"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), work.savepoint():
            work.run(act)  # type: ignore[arg-type]


class TestRechecks:
    @pytest.fixture
    def drawn(self, work: Work, given: Given) -> tuple[House, UUID]:
        house = House.of(work, given)
        house.made(share_rechecked=Decimal(1))
        house.published()
        about = rulebook.About(NUMBER, ITEM, "990100", house.author.department, "p-1")
        facts = {"age": 85, "household": "city"}
        decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=about)
        assert decided is not None
        assert decided.recheck
        assert decided.outcome is not None
        assert decided.outcome.evaluation is not None
        return house, decided.outcome.evaluation

    def test_a_person_checks_again_once(self, work: Work, drawn: tuple[House, UUID]) -> None:
        house, evaluation = drawn
        with work.acting_as(house.reviewer):
            [waiting] = rulebook.rechecks(work, code=house.code)
            assert waiting.number == NUMBER
            with pytest.raises(Invalid):
                rulebook.recheck(work, evaluation=evaluation, agreed=False)
            rulebook.recheck(work, evaluation=evaluation, agreed=False, note="户口已迁出")
            with pytest.raises(rulebook.AlreadyChecked):
                rulebook.recheck(work, evaluation=evaluation, agreed=True)
            assert rulebook.rechecks(work, code=house.code) == []
            counted = rulebook.tally(work, code=house.code, since=work.now)
        assert (counted.granted, counted.rechecked, counted.disagreed) == (1, 1, 1)

    def test_who_applied_does_not_learn_of_the_lot(
        self, work: Work, drawn: tuple[House, UUID]
    ) -> None:
        house, evaluation = drawn
        mine = Actor(id="p-1", name="本人", kind=Kind.PERSON, holders=("p-1",))
        with work.acting_as(mine):
            assert rulebook.rechecks(work, code=house.code) == []
            with pytest.raises(Forbidden):
                rulebook.recheck(work, evaluation=evaluation, agreed=True)
