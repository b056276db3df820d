"""The paper of an act follows it, through the outbox, exactly once."""

from datetime import timedelta
from io import BytesIO

import psycopg
import pytest
from pypdf import PdfReader

import given_cases as people
from given import Given
from tongban import cases, catalogue, documents
from tongban.cases import Stage
from tongban.foundation import calendar, outbox
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work


def papers(work: Work, case: cases.Case) -> list[documents.File]:
    """Deliver what waits, and return the papers of a case in the order in which they came."""
    while outbox.deliver_next(work):
        pass
    assert outbox.dead_letters(work) == []
    waiting = "select count(*) from foundation.delivery where done_at is null"
    assert work.value(waiting) == 0, work.value(
        "select last_error from foundation.delivery where done_at is null limit 1"
    )
    files = documents.files_of_case(work, case_number=case.number)
    return [file for file in files if file.kind == "notice"]


def text_of(work: Work, file: documents.File) -> str:
    pdf = PdfReader(BytesIO(documents.read(work, id=file.id)))
    return "".join(page.extract_text() for page in pdf.pages).replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("stage", "issued"),
    [
        (Stage.SUBMITTED, {"submission_receipt"}),
        (Stage.CORRECTING, {"submission_receipt", "correction"}),
        (Stage.ACCEPTED, {"submission_receipt", "acceptance"}),
        (Stage.NOT_ACCEPTED, {"submission_receipt", "not_accepted"}),
        (Stage.WITHDRAWN, {"submission_receipt", "withdrawal"}),
        (Stage.GRANTED, {"submission_receipt", "acceptance", "grant"}),
        (Stage.REFUSED, {"submission_receipt", "acceptance", "refusal"}),
        (Stage.DELIVERED, {"submission_receipt", "acceptance", "grant", "delivery"}),
    ],
)
def test_each_act_that_the_law_wants_proved_brings_its_paper(
    work: Work, given: Given, stage: Stage, issued: set[str]
) -> None:
    case = given.case(stage=stage)
    assert {file.template for file in papers(work, case)} == issued


def test_the_receipt_names_number_code_and_materials(work: Work, given: Given) -> None:
    case = given.submitted_case()
    with work.acting_as(people.holder_of(case)):
        code = cases.query_code(work, number=case.number)
    (receipt,) = papers(work, case)
    said = text_of(work, receipt)
    for words in (case.number, code, "张小明", "食品经营许可申请书", "2024年6月11日"):
        assert words in said


def test_a_correction_notice_still_says_all_when_the_case_has_moved_on(
    work: Work, given: Given
) -> None:
    case = given.case(stage=Stage.CORRECTING)
    holder = people.holder_of(case)
    file = people.upload(work, by=holder)
    with work.acting_as(holder):
        cases.correct(
            work, number=case.number, filled=cases.Filled(materials={"application": (file,)})
        )
    notice = next(p for p in papers(work, case) if p.template == "correction")
    assert "看不清，请重新扫描" in text_of(work, notice)
    assert "2024年6月25日" in text_of(work, notice)


def test_a_refusal_tells_reasons_and_redress(work: Work, given: Given) -> None:
    rights = (
        catalogue.Redress("行政复议", "海州市人民政府"),
        catalogue.Redress("行政诉讼", "海州市新港区人民法院"),
    )
    case = given.case(stage=Stage.REFUSED, item=given.item(rights=rights))
    refusal = next(p for p in papers(work, case) if p.template == "refusal")
    said = text_of(work, refusal)
    for words in ("面积不够", "海州市人民政府", "海州市新港区人民法院"):
        assert words in said


def test_a_delivery_slip_names_the_decision_and_the_receiver(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.DELIVERED)
    issued = {paper.template: paper for paper in papers(work, case)}
    said = text_of(work, issued["delivery"])
    assert issued["grant"].number in said
    assert "张小明" in said


def test_delivering_the_same_event_again_issues_nothing_more(work: Work, given: Given) -> None:
    case = given.submitted_case()
    first = papers(work, case)
    assert papers(work, case) == first


def test_an_undone_act_leaves_no_paper(work: Work, given: Given) -> None:
    case = given.submitted_case()
    with work.savepoint() as undone, work.acting_as(people.clerk(case)):
        cases.accept(work, number=case.number)
        raise psycopg.Rollback(undone)
    with work.acting_as(SYSTEM):
        assert cases.case(work, number=case.number) == case
    assert {file.template for file in papers(work, case)} == {"submission_receipt"}


def test_the_applicant_and_the_department_read_the_papers(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    (_, acceptance) = papers(work, case)
    for actor in (people.holder_of(case), people.clerk(case), cases.follower(case.number)):
        with work.acting_as(actor):
            assert documents.read(work, id=acceptance.id).startswith(b"%PDF")


def test_papers_stand_in_the_trace_but_are_no_stops_of_the_way(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    accepted_at = work.now
    work.now += timedelta(minutes=1)
    papers(work, case)
    with work.acting_as(people.holder_of(case)):
        said = [line.say() for line in cases.trace(work, number=case.number)]
        stops = cases.timeline(work, case=case)
    assert [line for line in said if line.startswith("出具《受理通知书》")]
    assert [stop.sentence.say() for stop in stops if stop.when is cases.When.PAST] == [
        "提交申请",
        "受理申请，应于 2024-06-11 前办结",
    ]
    assert [stop.at for stop in stops if stop.when is cases.When.CURRENT] == [accepted_at]
    with (
        work.acting_as(people.clerk(case)),
        pytest.raises(cases.StalePage, match="窗口小李：受理申请"),
    ):
        cases.decline(work, number=case.number, reason="迟了", revision=1)


def test_a_change_of_the_calendar_reaches_the_cases(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    calendar.add_stop_work(
        work,
        region="990100",
        first=work.today.replace(day=6),
        last=work.today.replace(day=6),
        reason="台风",
    )
    papers(work, case)
    moved = cases.case(work, number=case.number)
    assert moved.due_on is not None
    assert str(moved.due_on) == "2024-06-12"
