"""Entries of the lists are changed by one and agreed to by another, on pages."""

from dataclasses import replace
from typing import Any

import pytest

from channels.test_console_items import Keeping
from given_site import Browser, Page, Site
from tongban import catalogue
from tongban.catalogue import Duty, Power, StandardMaterial
from tongban.catalogue.queries import materials


@pytest.fixture
def keeping(site: Site) -> Keeping:
    return Keeping(site)


def new(keeping: Keeping, of: str, code: str, name: str) -> Page:
    page = keeping.editor.open(f"/console/lists/{of}/new")
    return page.press("建立草稿", name=name, code=code, department=keeping.item.department)


def agreed(keeping: Keeping, draft: Page) -> Page:
    keeping.editor.open(draft.address).press("提交审核", within="/submit")
    return keeping.approver.open(draft.address).press("提交审核意见", agree="yes")


def test_a_power_with_its_duty_is_written_agreed_to_and_published(keeping: Keeping) -> None:
    power = new(keeping, "power", "P-1", "食品经营许可权")
    fields: dict[str, Any] = {"b0-law": "食品安全法", "b0-clause": "第三十五条", "kind": "01"}
    power = power.press("保存", **fields)
    assert "已发布" in agreed(keeping, power).text

    duty = new(keeping, "duty", "D-1", "食品经营许可责任")
    fields = {"power": "P-9", "d0-text": "公示条件", "a0-text": "违规许可的"}
    duty = duty.press("保存", **fields)
    wrong = keeping.editor.open(duty.address).press("提交审核", within="/submit")
    assert "权力清单中没有编码 P-9" in wrong.text
    duty = keeping.editor.open(duty.address).press("保存", power="P-1")
    agreed(keeping, duty)
    with keeping.site.work() as work:
        assert catalogue.entry(work, kind=Power, code="P-1").legal_basis[0].law == "食品安全法"
        found = catalogue.entry(work, kind=Duty, code="D-1")
    assert (found.power, found.responsibilities[0].text) == ("P-1", "公示条件")
    assert "食品经营许可权" in keeping.site.visitor().open("/lists/powers").text
    shown = keeping.approver.open("/console/lists/duty/entries/D-1").text
    assert "公示条件" in shown
    assert "P-1" in shown
    shown = keeping.approver.open("/console/lists/power/entries/P-1").text
    assert "行政许可" in shown
    assert "published" not in shown


def test_changes_are_told_and_sent_back_with_a_word(keeping: Keeping) -> None:
    agreed(keeping, new(keeping, "material", "L-1", "营业执照"))
    page = keeping.editor.open("/console/lists/material/entries/L-1").press("修改")
    page = page.press("保存", aliases="执照\n工商执照")
    assert "“别名”增加了“工商执照”" in page.text
    keeping.editor.open(page.address).press("提交审核", within="/submit")
    at = keeping.approver.open(page.address)
    assert at.press("提交审核意见", agree="no").errors == {"comment": "退回时请写明要改什么"}
    keeping.approver.open(page.address).press("提交审核意见", agree="no", comment="再想想")
    assert "再想想" in keeping.editor.open(page.address).text
    with keeping.site.work() as work:
        assert catalogue.entry(work, kind=StandardMaterial, code="L-1").version == 1


def test_nobody_agrees_to_what_they_wrote(keeping: Keeping) -> None:
    both = keeping.site.officer(
        role=["cataloguer", "approver"], name="两岗", department=keeping.item.department
    )
    page = both.open("/console/lists/intermediary/new").press(
        "建立草稿", name="环评", code="Z-1", department=keeping.item.department
    )
    page = page.press("提交审核", within="/submit")
    assert "提交审核意见" not in page.buttons()
    with keeping.site.work(both.actor) as work, pytest.raises(catalogue.OwnDraft):
        catalogue.review_entry(work, id=page.address.rsplit("/", 1)[1], agree=True)


def test_of_two_editors_the_later_is_told(keeping: Keeping) -> None:
    other: Browser = keeping.site.officer(
        role="cataloguer", name="吴编目", department=keeping.item.department
    )
    draft = new(keeping, "negative", "N-1", "烟草专卖")
    theirs = other.open(draft.address)
    draft.press("保存", sector="批发零售")
    page = theirs.press("保存", sector="制造")
    assert page.status == 422
    assert "郑编目在您之后改过这份草稿" in page.text
    assert page.value("sector") == "制造"


def test_materials_of_a_name_are_bound_to_a_standard_material_by_one_review(
    keeping: Keeping,
) -> None:
    agreed(keeping, new(keeping, "material", "L-7", "经营场所布局图纸"))
    draft = keeping.editor.open("/console/lists/material/entries/L-7").press("修改")
    agreed(keeping, draft.press("保存", aliases="申请书　（ 新 ）\n布局图"))
    with keeping.site.given() as given:
        asked = (catalogue.Material("a", "布局图"), catalogue.Material("b", "申请书(新)"))
        other = given.department(name="别的局")
        fit = replace(keeping.item, materials=asked)
        theirs = replace(fit, department=other.code, department_name=other.name)
        many = [replace(fit, code="HZ-8"), replace(theirs, code="HZ-9")]
        catalogue.publish_all(given.work, items=many)

    page = keeping.editor.open("/console/materials")
    at = {page.value(f"name-{n}"): n for n in range(2) if page.value(f"name-{n}") != "申请书"}
    assert page.value(f"code-{at['布局图']}") == page.value(f"code-{at['申请书(新)']}") == "L-7"
    page = page.press("看会改变什么")
    assert "HZ-8" in page.text
    assert "HZ-9" not in page.text
    page = page.press("提交审核")
    keeping.approver.open(page.address).press("提交审核意见", agree="yes")
    with keeping.site.work() as work:
        found = [catalogue.item(work, code=code).materials for code in ("HZ-8", "HZ-9")]
    assert [[one.standard_code for one in each] for each in found] == [["L-7"] * 2, [""] * 2]
    assert "申请书(新)" not in keeping.editor.open("/console/materials").text


def test_a_code_that_the_dictionary_lacks_is_refused_beside_its_field(keeping: Keeping) -> None:
    page = keeping.editor.open("/console/materials").press("看会改变什么", **{"other-0": "L-404"})
    assert page.errors == {"other-0": "标准材料中没有编码 L-404"}


def test_a_material_of_a_draft_is_bound_and_unbound_by_ticking(keeping: Keeping) -> None:
    name = keeping.item.materials[0].name
    agreed(keeping, new(keeping, "material", "L-8", name))
    draft = keeping.begun()
    page = keeping.section(draft, "materials")
    assert f"{name} · 未绑定" in page.text
    page.press("保存", **{"0-standard_material": "L-8"})
    page = keeping.section(draft, "materials")
    assert f"已绑定：{name}" in page.text
    assert page.value("0-standard_material") == "L-8"
    page.press("保存", **{"0-standard_material": "none"})
    assert f"{name} · 未绑定" in keeping.section(draft, "materials").text


def test_a_stranger_sees_no_draft_of_another_department(keeping: Keeping) -> None:
    with keeping.site.given() as given:
        elsewhere = given.department(name="海州市公安局")
    stranger = keeping.site.officer(role="cataloguer", name="外人", department=elsewhere.code)
    assert stranger.open(new(keeping, "directory", "B-1", "目录").address).status == 403
    assert stranger.open("/console/lists?list=nothing").status == 404


def test_a_code_is_taken_once(keeping: Keeping) -> None:
    new(keeping, "material", "L-1", "营业执照")
    assert new(keeping, "material", "L-1", "营业执照").status == 409


def test_more_services_than_one_page_can_look_at_are_looked_at_part_by_part(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(keeping, new(keeping, "material", "L-7", "经营场所布局图纸"))
    with keeping.site.given() as given:
        named = [(f"甲{n}", f"HZ-{n}", f"图纸{n}") for n in range(3)]
        many = [
            replace(keeping.item, name=name, code=code, materials=(catalogue.Material("a", paper),))
            for name, code, paper in named
        ]
        catalogue.publish_all(given.work, items=many)
    monkeypatch.setattr(materials, "LOOKED_AT", 2)

    parts = [keeping.editor.open("/console/materials")]
    while "下一页" in parts[-1].text:
        parts.append(parts[-1].follow("下一页"))
    assert len(parts) >= 2
    seen = ["".join(n for n in "012" if f"图纸{n}" in part.text) for part in parts]
    assert "".join(seen) == "012"
    last = next(part for part in parts if "图纸2" in part.text)
    at = next(n for n in range(9) if last.value(f"name-{n}") == "图纸2")
    preview = last.press("看会改变什么", **{f"other-{at}": "L-7"})
    assert "HZ-2" in preview.text
    assert "HZ-0" not in preview.text
    handed_in = preview.press("提交审核")
    assert "HZ-2" in handed_in.text
