"""The console: the calendar is kept, failed work is seen and started again, the trace is read."""

from datetime import date

import pytest

from given_site import Browser, Site
from tongban.foundation import calendar


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.officer(role="administrator", region="")


def kind_of(site: Site, day: date, region: str = calendar.NATION) -> calendar.Kind:
    with site.work() as work:
        days = calendar.year(work, region=region, year=day.year)
    return next(each.kind for each in days if each.day == day)


def test_a_day_is_corrected_with_a_reason(site: Site, admin: Browser) -> None:
    page = admin.open("/console/calendar?year=2027")
    page = page.press(
        "更正", day="2027-03-03", kind="holiday", name="纪念日", reason="国办发〔2027〕1 号"
    )

    assert "日历已更新" in page.text
    assert page.address.startswith("/console/calendar?region=000000&year=2027")
    assert kind_of(site, date(2027, 3, 3)) is calendar.Kind.HOLIDAY


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("day", "", "请填写日期"),
        ("day", "2027-02-30", "请填写日期"),
        ("day", "明天", "请填写日期"),
        ("reason", "", "原因"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_changes(
    site: Site, admin: Browser, field: str, value: str, says: str
) -> None:
    filled = {"day": "2027-03-03", "kind": "holiday", "name": "", "reason": "通知"}
    page = admin.open("/console/calendar?year=2027").press("更正", **filled | {field: value})

    assert page.status == 422
    assert says in page.errors[field]
    assert kind_of(site, date(2027, 3, 3)) is calendar.Kind.WORKING


def test_stop_work_is_local(site: Site, admin: Browser) -> None:
    with site.given() as given:
        given.region()
    admin.open("/console/calendar?year=2027").press(
        "登记停工", region="990100", first="2027-07-20", last="2027-07-21", reason="防汛 3 号令"
    )

    assert kind_of(site, date(2027, 7, 20), "990100") is calendar.Kind.STOP_WORK
    assert kind_of(site, date(2027, 7, 20)) is calendar.Kind.WORKING


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "CSV"),
        (b"\xff\xfe\x00", ""),
        (b"date,kind,name\n2027-13-01,holiday,x\n", ""),
        (b"date,kind,name\n2027-01-01,martian,x\n", ""),
        (b"nonsense", ""),
    ],
)
def test_a_wrong_file_of_days_is_refused_with_its_place(
    admin: Browser, content: bytes, says: str
) -> None:
    page = admin.open("/console/calendar?year=2027").press(
        "导入", file=("days.csv", content), reason="通知"
    )

    assert page.status == 422
    assert page.tree.xpath("//*[contains(@class, 'error-summary')]//li")
    assert says in page.text


def test_a_notice_of_a_year_is_imported(site: Site, admin: Browser) -> None:
    admin.open("/console/calendar?year=2027").press(
        "导入",
        file=("days.csv", "date,kind,name\n2027-01-01,holiday,元旦\n".encode()),
        reason="国办发〔2026〕7 号",
    )

    assert kind_of(site, date(2027, 1, 1)) is calendar.Kind.HOLIDAY


@pytest.mark.parametrize("year", ["0", "99999", "²", "", "x", "-1"])
def test_any_year_shows_a_year(admin: Browser, year: str) -> None:
    assert admin.open(f"/console/calendar?year={year}").heading.startswith("工作日历 20")


def test_a_failed_job_is_seen_with_its_error_and_started_again(site: Site) -> None:
    with site.work() as work:
        work.run(
            """
            insert into foundation.job (kind, key, payload, due_at, attempts, last_error)
            values ('cases.nightly_round', 'x', '{}', %(now)s, 8, '磁盘已满')
            """,
            now=work.now,
        )
    operator = site.officer(role="operator", region="")

    page = operator.open("/console/jobs")
    assert "磁盘已满" in page.text
    done = page.press("重新执行")

    assert "已重新安排" in done.text


def test_the_trace_of_anything_is_found_by_those_who_may(site: Site) -> None:
    with site.given() as given:
        case = given.submitted_case()
    auditor = site.officer(role="auditor", region="")

    found = auditor.open(f"/console/trace?subject={case.number}")
    assert "CaseSubmitted" in found.text
    assert "没有找到" in auditor.open("/console/trace?subject=nothing").text
    assert site.person().open("/console/trace").status == 403


def test_each_officer_sees_only_the_doors_that_open(site: Site) -> None:
    operator = site.officer(role="operator", region="").open("/console")
    clerk = site.officer(role="clerk", region="").open("/console")

    assert "失败投递" in operator.text
    assert "失败投递" not in clerk.text
    assert site.person().open("/console").status == 403
