"""What the national platform refused is a worklist for the editors of the department."""

import pytest

from given_site import Site
from tongban import catalogue


@pytest.fixture
def refused(site: Site) -> str:
    """A service that went out and came back; the code of its department."""
    with site.given() as given:
        item = given.item(code="X-1", name="食品经营许可")
        given.item(code="X-2", name="别的事", department=given.department(name="海州市民政局").code)
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
        [mine] = catalogue.refusals(work, departments=(refused,))
    with site.given() as given:
        other = given.department(name="海州市教育局").code
    stranger = site.officer(role="cataloguer", name="外人", department=other)
    assert stranger.open(f"/console/exchange/{mine.id}").status == 403
    assert stranger.open("/console/exchange/999999").status == 404
