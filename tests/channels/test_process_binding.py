"""Services are bound to a process on its page, and let go, by whoever publishes for both."""

from pathlib import Path

import pytest

from given_site import Site
from tongban import cases, catalogue, process

DRAWN = Path(__file__).parents[2] / "seed" / "processes"
PAGE = "/console/processes/published/simple-committed"


@pytest.fixture
def item(site: Site) -> catalogue.Item:
    """A service, and a published process that could carry its cases."""
    with site.given() as given:
        found = given.item()
        bpmn = (DRAWN / "simple-committed.bpmn").read_bytes()
        process.publish(given.work, bpmn=bpmn, department=found.department, region=found.region)
    return found


def course(site: Site, item: catalogue.Item) -> int | None:
    with site.work() as work:
        return cases.course_of(work, item=item)


def test_a_service_is_bound_on_the_page_and_let_go(site: Site, item: catalogue.Item) -> None:
    plain = course(site, item)
    approver = site.officer(role="approver", department=item.department)
    page = approver.open(PAGE)
    assert "还没有事项走这个流程" in page.text

    page = page.press("让这个事项走这个流程", item=f" {item.code} ")
    assert "今后提交的办件按这个流程办理" in page.text
    assert item.name in page.text
    assert course(site, item) != plain

    page = page.press("解除绑定")
    assert "还没有事项走这个流程" in page.text
    assert course(site, item) == plain


def test_what_cannot_be_bound_is_told_beside_the_field(site: Site, item: catalogue.Item) -> None:
    with site.given() as given:
        instant = given.item(
            department=item.department, handling=catalogue.Handling.INSTANT, name="即办的事"
        )
    page = site.officer(role="approver", department=item.department).open(PAGE)
    for code, said in (("", "请填写"), ("NONE-1", "NONE-1"), (instant.code, "即办件")):
        refused = page.press("让这个事项走这个流程", item=code)
        assert said in refused.errors["item"], code
        assert refused.value("item") == code
    with site.work() as work:
        assert cases.items_on(work, process_id="simple-committed") == []


def test_nobody_binds_a_service_of_another_department(site: Site, item: catalogue.Item) -> None:
    with site.given() as given:
        unit = given.department(name="海州市公安局")
        other = given.item(department=unit.code, department_name=unit.name)
    cataloguer = site.officer(role="cataloguer", department=item.department)
    refused = cataloguer.open(PAGE).press("让这个事项走这个流程", item=other.code)
    assert refused.status == 403
    with site.work() as work:
        cases.set_course(work, item_code=other.code, process_id="simple-committed")
    page = cataloguer.open(PAGE)
    assert other.code in page.text
    assert "解除绑定" not in page.text


def test_who_only_reads_sees_the_services_and_no_button(site: Site, item: catalogue.Item) -> None:
    with site.work() as work:
        cases.set_course(work, item_code=item.code, process_id="simple-committed")
    page = site.officer(role="handler", department=item.department).open(PAGE)
    assert item.code in page.text
    assert "让这个事项走这个流程" not in page.text
    assert "解除绑定" not in page.text
