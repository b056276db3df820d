"""Running processes in the console: lists, what is stuck, one instance, what may be done."""

from datetime import timedelta

import pytest

import given_process
from given_process import timer
from given_site import Browser, Site
from tongban import process
from tongban.foundation import calendar, outbox
from tongban.process import Attributes, StepLimit


def started(site: Site, text: str, *, department: str, count: int = 1, **nodes: dict[str, object]):
    """Publish a process and start instances of it; return their keys."""
    drawn = given_process.process(text, **nodes)
    bpmn = process.write(process.Definition((drawn,)))
    with site.work() as work:
        process.publish(work, bpmn=bpmn, department=department, region="990100")
        return [
            process.start(
                work,
                process="p",
                new=process.New(f"n{k}", "990100", department, data={"name": "张小明", "n": k}),
            ).instance.key
            for k in range(count)
        ]


def site_unit(site: Site) -> str:
    with site.given() as given:
        return given.department().code


@pytest.fixture
def operator(site: Site) -> Browser:
    with site.given() as given:
        region = given.region().code
    return site.officer(role=["operator", "approver"], region=region)


def test_an_instance_is_followed_suspended_and_resumed(site: Site, operator: Browser) -> None:
    [key] = started(site, "start > A > end", department=site_unit(site))
    page = operator.open("/console/instances?process=p").follow("n0")
    assert page.tree.xpath("//svg//g[@data-node='A'][contains(@class, 'is-current')]")
    assert "张**" in page.text
    assert "张小明" not in page.text
    shown = page.press("查看", within="/variables", look_reason="核对材料")
    assert "张小明" in shown.text
    page = operator.open(page.address).press("挂起", within="/act", reason="等待上级答复")
    assert "已挂起" in page.text
    assert "等待上级答复" in page.text
    page = page.press("恢复", within="/act", reason="已答复")
    page = page.press("跳过这一环节", reason="材料齐全", authority="局长批示 2027-1")
    assert "正常办结" in page.text
    assert str(key) in page.text


def test_failed_services_are_tried_again_together(site: Site, operator: Browser) -> None:
    broken = {"attributes": Attributes(service="nowhere", retries=0)}
    keys = started(site, "start > do1 > end", department=site_unit(site), count=2, do1=broken)
    with site.work() as work:
        for key in keys:
            token = work.value("select id from process.token where instance = %(i)s", i=key.id)
            process.do_service(work, item=process.ItemKey(key, token))
    page = operator.open("/console/instances/stuck")
    assert "nowhere" in page.text
    page = page.press("重新安排所选的")
    assert "已重新安排" in page.text
    assert "这里没有卡住的" in page.text


def test_timers_and_what_nothing_moves_are_listed(site: Site, operator: Browser) -> None:
    waits = {"events": timer("P1D"), "name": "等待一天"}
    started(site, "start > catch1 > end", department=site_unit(site), catch1=waits)
    listed = operator.open("/console/instances/timers").text
    assert "n0" in listed
    assert "等待一天" in listed
    with site.work() as work:
        work.run("delete from process.alarm")
    assert "n0" in operator.open("/console/instances/stuck?kind=unmoved").text
    for kind in ("timers", "overdue", "failed"):
        assert "这里没有卡住的" in operator.open(f"/console/instances/stuck?kind={kind}").text


def test_instances_are_hidden_from_other_departments_and_the_public(site: Site) -> None:
    [key] = started(site, "start > A > end", department=site_unit(site))
    with site.given() as given:
        other = given.department(name="海州市民政局").code
    elsewhere = site.officer(role="supervisor", department=other)
    assert "没有流程实例" in elsewhere.open("/console/instances").text
    assert elsewhere.open(f"/console/instances/{key}").status == 403
    assert site.officer(role="clerk").open("/console/instances").status == 403
    assert site.person().open("/console/instances").status == 403


def test_due_dates_that_moved_with_the_calendar_are_listed(site: Site, operator: Browser) -> None:
    limit = {"attributes": Attributes(limit=StepLimit(5))}
    [key] = started(site, "start > A > end", department=site_unit(site), A=limit)
    with site.work() as work:
        first = work.today + timedelta(days=1)
        calendar.add_stop_work(
            work, region="990100", first=first, last=first + timedelta(days=3), reason="台风停工"
        )
        while outbox.deliver_next(work):
            pass
    assert "随工作日历变动的期限" in operator.open(f"/console/instances/{key}").text
