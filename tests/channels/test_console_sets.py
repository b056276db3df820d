"""The same change of many services: chosen, foreseen, handed in once, reviewed once, undone."""

from dataclasses import replace
from typing import Any

import pytest

from channels.test_console_items import Keeping
from given_site import Page, Site
from tongban import catalogue
from tongban.catalogue import Channels, Item
from tongban.foundation.errors import Invalid

OLD, NEW = "0999-8812001", "0999-8815555"


class Many(Keeping):
    """Three services of one department with the same telephone."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        with site.given() as given:
            catalogue.publish_all(
                given.work,
                items=[
                    replace(self.item, code=f"HZ-{n}", name=f"食品经营许可（{name}）")
                    for n, name in ((2, "变更"), (3, "注销"))
                ],
            )

    def foreseen(self, **asked: str) -> Page:
        fields: dict[str, str] = {
            "field": "channels.consult", "act": "replace", "old": OLD, "value": NEW
        } | asked  # fmt: skip
        query = "&".join(f"{name}={value}" for name, value in fields.items())
        return self.editor.open(f"/console/sets/new?{query}")

    def telephones(self) -> list[str]:
        with self.site.work() as work:
            return [catalogue.item(work, code=f"HZ-{n}").channels.consult for n in (1, 2, 3)]


@pytest.fixture
def many(site: Site) -> Many:
    return Many(site)


def test_a_new_telephone_goes_to_all_services_by_one_review(many: Many) -> None:
    page = many.foreseen()
    assert f"“咨询方式”由“{OLD}”改为“{NEW}”" in page.text or f"现为“{NEW}”" in page.text
    page = page.press("提交审核", codes=["HZ-1", "HZ-2", "HZ-3"])
    assert many.telephones() == [OLD, OLD, OLD]

    page = many.approver.open(page.address)
    page = page.press("提交审核意见", agree="yes")
    assert "已发布" in page.text
    assert many.telephones() == [NEW, NEW, NEW]
    text = many.site.visitor().open("/items/HZ-2/changes").text
    assert f"咨询方式中的“{OLD}”改为“{NEW}”" in text


def test_it_is_undone_but_for_what_was_changed_since(many: Many) -> None:
    page = many.foreseen().press("提交审核", codes=["HZ-1", "HZ-2"])
    many.approver.open(page.address).press("提交审核意见", agree="yes")
    with many.site.given() as given:
        item = catalogue.item(given.work, code="HZ-2")
        catalogue.publish(given.work, item=replace(item, summary="后来改的"))
    page = many.approver.open(page.address)
    assert "sure" in page.press("撤销这一批").errors
    page = many.approver.open(page.address).press("撤销这一批", sure="1")
    assert many.telephones() == [OLD, NEW, OLD]
    assert "有 1 个事项另有新的版本" in page.text


def test_whoever_handed_it_in_does_not_review_it(many: Many) -> None:
    both = many.site.officer(
        role=["cataloguer", "approver"], name="两岗", department=many.item.department
    )
    page = both.open(many.foreseen().address).press("提交审核", codes=["HZ-1"])
    assert "提交审核意见" not in page.buttons()
    with many.site.work(both.actor) as work, pytest.raises(catalogue.OwnDraft):
        catalogue.review_set(work, id=page.address.rsplit("/", 1)[1], agree=True)


def test_sent_back_it_changes_nothing_and_frees_the_services(many: Many) -> None:
    page = many.foreseen().press("提交审核", codes=["HZ-1"])
    page = many.approver.open(page.address)
    assert page.press("提交审核意见", agree="no").errors == {"comment": "退回时请写明要改什么"}
    many.approver.open(page.address).press("提交审核意见", agree="no", comment="号码不对")
    assert many.telephones()[0] == OLD
    assert many.editor.open("/console/items/HZ-1").press("修改").status == 200


def test_what_somebody_is_changing_or_the_linter_refuses_is_left_out(many: Many) -> None:
    many.editor.open("/console/items/HZ-2").press("修改")
    page = many.foreseen()
    assert "已有正在修改的草稿" in page.text
    page = page.press("提交审核", codes=["HZ-1", "HZ-2"])
    assert "1 个事项" in page.text
    complaint = many.foreseen(act="set", value="0999-8813001")
    assert "没有事项会改变" in complaint.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"field": "promised", "act": "set", "value": "很快"}, "value"),
        ({"act": "replace", "old": ""}, "old"),
        ({"field": "department", "act": "set", "value": "nobody"}, "value"),
    ],
)
def test_a_change_that_makes_no_sense_is_named_beside_its_field(
    many: Many, asked: dict[str, str], field: str
) -> None:
    assert field in many.foreseen(**asked).errors


def test_nobody_changes_services_of_another_department(many: Many) -> None:
    with many.site.given() as given:
        elsewhere = given.department(name="海州市公安局")
    stranger = many.site.officer(role="cataloguer", name="外人", department=elsewhere.code)
    page = stranger.open(many.foreseen().address)
    assert "选到 0 个事项" in page.text
    with many.site.work(stranger.actor) as work:
        change = catalogue.BulkChange("fee_basis", "新依据")
        with pytest.raises(Invalid):
            catalogue.begin_set(work, change=change, codes=["HZ-1"])


def test_an_assigned_service_is_edited_by_its_editor_alone(many: Many) -> None:
    other = many.site.officer(role="cataloguer", name="吴编目", department=many.item.department)
    page = many.approver.open("/console/items/HZ-1")
    fields: dict[str, Any] = {"officer": other.actor.id}
    page.press("分派", **fields)

    assert many.editor.open("/console/items/HZ-1").status == 403
    assert "由吴编目负责" in many.foreseen().text
    assert "HZ-1" in other.open("/console/items?mine=1").text
    assert other.open("/console/items/HZ-1").press("修改").status == 200


def test_a_list_gains_and_loses_an_entry_and_other_is_no_theme_beside_one() -> None:
    item = Item(code="x", name="x", department="", department_name="", region="", region_name="",
                themes=("其他",), channels=Channels())  # fmt: skip
    add = catalogue.BulkChange("themes", "医疗卫生", catalogue.BulkAct.ADD)
    assert add.of(item).themes == ("医疗卫生",)
    remove = catalogue.BulkChange("themes", "医疗卫生", catalogue.BulkAct.REMOVE)
    assert remove.of(add.of(item)).themes == ()
