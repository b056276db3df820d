"""What the national platform refused, or would, is a worklist for the editors of the department."""

import pytest

from given_national import SENDABLE
from given_site import Site
from tongban import catalogue


@pytest.fixture
def refused(site: Site) -> str:
    """A service that went out and came back; the code of its department."""
    with site.given() as given:
        item = given.item(code="X-1", name="食品经营许可", **SENDABLE)
        other = given.department(name="海州市民政局").code
        given.item(code="X-2", name="别的事", department=other, **SENDABLE)
        unfit = SENDABLE | {"conditions": "", "department": item.department}
        given.item(code="X-3", name="食品生产许可", **unfit)
        given.item(code="X-4", name="外人的事", **unfit | {"department": other})
    with site.work() as work:
        made = catalogue.make_batch(work)
        assert made is not None
        for row in catalogue.batch_rows(work, number=made.number):
            if row.table_name == "up_task_general_basic":
                back = [catalogue.SentBack(row.row_guid, "<b>依据</b>不规范", "by_law")]
                catalogue.take_refusals(work, back=back)
    return item.department


def test_an_editor_sees_what_came_back_to_the_department_and_sends_it_again(
    site: Site, refused: str
) -> None:
    editor = site.officer(role="cataloguer", name="郑编目", department=refused)
    listing = editor.open("/console/exchange")
    assert "食品经营许可" in listing.text
    assert "设定依据" in listing.text
    assert "别的事" not in listing.text

    page = listing.follow("食品经营许可")
    assert "<b>依据</b>不规范" in page.tree.text_content()
    assert page.tree.xpath("//a[contains(@href, '/console/items/X-1')]")
    after = page.press("内容无误，重新报送")
    assert "等待报送" in after.text
    with site.work() as work:
        assert catalogue.make_batch(work) is not None
    assert "没有退回的数据" in editor.open("/console/exchange").text


def test_others_see_nothing_of_it(site: Site, refused: str) -> None:
    clerk = site.officer(role="clerk", department=refused)
    assert clerk.open("/console/exchange").status == 403
    with site.work() as work:
        [mine] = catalogue.refusals(work, departments=(refused,)).rows
    with site.given() as given:
        other = given.department(name="海州市教育局").code
    stranger = site.officer(role="cataloguer", name="外人", department=other)
    assert stranger.open(f"/console/exchange/{mine.id}").status == 403
    assert stranger.open("/console/exchange/999999").status == 404


def test_an_editor_sees_what_was_held_back_and_by_which_rule(site: Site, refused: str) -> None:
    editor = site.officer(role="cataloguer", name="郑编目", department=refused)
    listing = editor.open("/console/exchange").follow("暂未上报")
    assert "“受理条件”必须填写" in listing.text
    assert "外人的事" not in listing.text

    page = listing.follow("食品生产许可")
    assert "整个事项没有报送" in page.text
    assert page.tree.xpath("//a[contains(@href, '/console/items/X-3')]")
    assert "up_task_general_basic.accept_condition" in page.text
    assert editor.open("/console/exchange/held-back/item/X-4").status == 403
    assert editor.open("/console/exchange/held-back/item/X-1").status == 404

    with site.given() as given:
        given.item(code="X-3", name="食品生产许可", **SENDABLE | {"department": refused})
    assert "等待复查" in editor.open("/console/exchange/held-back").text
    with site.work() as work:
        catalogue.make_batch(work)
    assert "没有暂未上报的数据" in editor.open("/console/exchange/held-back").text


def test_those_who_run_the_exchange_see_its_batches(site: Site, refused: str) -> None:
    operator = site.officer(role="operator", name="吴运维", region="")
    listing = operator.open("/console/exchange/batches")
    assert "没有等待上报的变更" in listing.text
    [number] = listing.tree.xpath("//tbody//a/text()")
    batch = listing.follow(number)
    assert "up_task_general_material" in batch.text
    materials = batch.follow("申请材料")
    assert "食品经营许可申请书" in materials.text
    assert materials.tree.xpath("//a[text()='看全部数据']")
    assert operator.open(f"/console/exchange/batches/{number}?after=x").status == 422
    assert operator.open("/console/exchange/batches/1").status == 404
    editor = site.officer(role="cataloguer", name="郑编目", department=refused)
    assert editor.open("/console/exchange/batches").status == 403
