"""Moving running cases to another version, on pages: tried, carried out by a second person."""

import given_process
from given_site import Browser, Site
from tongban import process
from tongban.foundation import jobs

ADDRESS = "/console/processes/published/p/migrations"


def two_versions(site: Site, first: str, second: str, *, count: int = 2) -> str:
    """Publish two versions; ``count`` instances run in the first. Return their region."""
    with site.given() as given:
        unit, region = given.department().code, given.region().code
    with site.work() as work:
        for text in (first, second):
            drawn = given_process.process(text)
            bpmn = process.write(process.Definition((drawn,)))
            process.publish(work, bpmn=bpmn, department=unit, region=region)
            if text == first:
                new = [process.New(f"n{k}", region, unit) for k in range(count)]
                assert process.start_many(work, process="p", new=new) == []
    return region


def people(site: Site, region: str) -> tuple[Browser, Browser]:
    """Two who may migrate."""
    return (
        site.officer(role="approver", region=region, name="王建国"),
        site.officer(role="approver", region=region, name="李爱华"),
    )


def carry_on(site: Site) -> None:
    """What the worker does."""
    with site.work() as work:
        while taken := jobs.take(work):
            jobs.perform(work, taken)


def test_one_proposes_and_tries_and_another_carries_out_and_reverts(site: Site) -> None:
    region = two_versions(site, "start > A > B > end", "start > A > X > end")
    wang, li = people(site, region)
    page = wang.open(ADDRESS)
    assert "第 1 版（2 件）" in page.text
    page = wang.open(f"{ADDRESS}/new?source=1&target=2")
    assert "没有找到对应的" in page.text
    tried = page.press("试算", **{"node.B": "X", "reason": "新规定"})
    assert "正在试算" in tried.text
    assert 'http-equiv="refresh"' in tried.content.decode()
    carry_on(site)
    page = wang.open(tried.address)
    assert "须由另一位" in page.text
    assert "执行迁移" not in page.buttons()
    page = li.open(tried.address).press("执行迁移")
    assert "正在迁移" in page.text
    carry_on(site)
    page = li.open(tried.address)
    assert "王建国 提出于" in page.text
    assert "李爱华 执行于" in page.text
    with site.work() as work:
        new = process.published(work, process="p", version=2).line.id
        assert process.running_of(work, definitions=[new]) == {new: 2}
    assert "请写明理由" in page.press("回退", reason=" ").text
    page.press("回退", reason="规定未生效")
    carry_on(site)
    assert "已回退" in li.open(tried.address).text
    assert "已回退" in wang.open(ADDRESS).text


def test_what_stands_in_the_way_is_counted_and_listed_by_pages(site: Site) -> None:
    region = two_versions(site, "start > A > B > end", "start > B > end", count=60)
    wang, li = people(site, region)
    page = wang.open(f"{ADDRESS}/new?source=1&target=2").press("试算", reason="合并环节")
    carry_on(site)
    page = li.open(page.address)
    assert "执行迁移" not in page.buttons()
    assert page.text.count("没有对应到新版本的节点") == 51
    assert "n10" in page.text
    assert "n59" not in page.text
    assert "n59" in page.follow("下一页").text
    again = page.follow("修改对应关系，重新试算")
    assert again.value("reason") == "合并环节"


def test_nobody_else_sees_it_and_a_wrong_mapping_is_told_at_its_field(site: Site) -> None:
    region = two_versions(site, "start > A > end", "start > A > B > end")
    wang, _ = people(site, region)
    assert site.officer(role="clerk").open(ADDRESS).status == 403
    with site.given() as given:
        other = given.department(name="海州市民政局").code
    assert site.officer(role="approver", department=other).open(ADDRESS).status == 403
    assert wang.open("/console/migrations/999999").status == 404
    page = wang.open(f"{ADDRESS}/new?source=1&target=2")
    page = page.press("试算", **{"node.A": "end", "reason": "试"})
    assert "不是同一种节点" in page.errors["node.A"]
    assert "请选择一个已发布的版本" in wang.open(f"{ADDRESS}/new?source=1&target=9").text
