"""What officials make of a guide on pages: files, the manual, forms, questions by ticks."""

from typing import Any

import pytest

from channels.test_console_items import Keeping
from documents.samples import pdf
from given_site import Browser, Page, Site
from tongban import catalogue
from tongban.catalogue import Item


@pytest.fixture
def keeping(site: Site) -> Keeping:
    return Keeping(site)


def published(keeping: Keeping, draft: Page) -> Item:
    keeping.editor.open(draft.address).press("提交审核", within="/submit")
    page = keeping.approver.open(draft.address).press("提交审核意见", agree="yes")
    page.press("发布")
    return keeping.present()


def held(keeping: Keeping) -> Item:
    with keeping.site.work() as work:
        found = catalogue.open_draft(work, item_code="HZ-1")
    assert found is not None
    return found.item


def applicant(keeping: Keeping) -> Browser:
    return keeping.site.person(name="王小明")


def test_a_blank_form_is_offered_on_the_guide_and_while_applying(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.section(draft, "materials")
    fields: dict[str, Any] = {"0-blank_form": ("申请书.pdf", pdf())}
    page.press("保存", **fields)
    item = published(keeping, draft)
    assert item.materials[0].has_blank_form

    guide = keeping.site.visitor().open("/items/HZ-1")
    file = guide.follow("空白表格")
    assert file.content == pdf()
    assert file.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in file.headers["content-security-policy"]
    assert applicant(keeping).open("/apply/HZ-1?step=materials").follow("空白表格").content == pdf()


def test_an_old_version_keeps_the_form_it_had(keeping: Keeping) -> None:
    draft = keeping.begun()
    first: dict[str, Any] = {"0-blank_form": ("旧.pdf", pdf(extra=b"(1)"))}
    keeping.section(draft, "materials").press("保存", **first)
    published(keeping, draft)
    draft = keeping.begun()
    second: dict[str, Any] = {"0-blank_form": ("新.pdf", pdf(extra=b"(2)"))}
    keeping.section(draft, "materials").press("保存", **second)
    page = keeping.editor.open(draft.address)
    assert "的空白表格：原为" in page.text
    published(keeping, draft)
    visitor = keeping.site.visitor()
    now, old = visitor.open("/items/HZ-1"), visitor.open("/items/HZ-1/versions/2")
    assert now.follow("空白表格").content == pdf(extra=b"(2)")
    assert old.follow("空白表格").content == pdf(extra=b"(1)")


def test_a_form_is_taken_off_by_ticking(keeping: Keeping) -> None:
    draft = keeping.begun()
    given: dict[str, Any] = {"0-sample": ("样例.pdf", pdf())}
    keeping.section(draft, "materials").press("保存", **given)
    assert held(keeping).materials[0].sample
    removed: dict[str, Any] = {"0-sample-remove": "1"}
    keeping.section(draft, "materials").press("保存", **removed)
    assert held(keeping).materials[0].sample == ""


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"", b"<script>alert(1)</script>"])
def test_a_file_that_is_not_let_in_is_named_beside_its_field(
    keeping: Keeping, content: bytes
) -> None:
    fields: dict[str, Any] = {"0-blank_form": ("表.pdf", content)}
    page = keeping.section(keeping.begun(), "materials").press("保存", **fields)
    assert page.status == 422
    assert "0-blank_form" in page.errors
    assert held(keeping).materials[0].blank_form == ""


def test_only_files_of_guides_are_had_by_everybody(keeping: Keeping) -> None:
    visitor = keeping.site.visitor()
    nobody = "00000000-0000-0000-0000-000000000000"
    assert visitor.open(f"/guide-files/{nobody}").status == 404
    browser = applicant(keeping)
    page = browser.open("/apply/HZ-1?step=materials")
    mine: dict[str, Any] = {"material.application": ("我的.pdf", pdf())}
    page = page.press("上传所选文件", **mine)
    address = page.link("我的.pdf").replace("/files/", "/guide-files/")
    assert browser.open(address).status == 404


def test_the_manual_of_a_step_is_written_and_read_on_the_case(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.section(draft, "steps").follow("审查")
    fields: dict[str, Any] = {
        "discretion": "面积 50 平方米以下，一档；以上，二档",
        "p0-text": "布局是否合理",
        "p0-standard": "食品处理区不小于 6 平方米",
        "r0-text": "放宽标准",
        "r0-level": "高",
        "r0-measures": "两人复核",
    }
    page.press("保存", **fields)
    step = published(keeping, draft).steps[1]
    assert (step.name, step.review_points[0].text, step.risks[0].level) == (
        "审查",
        "布局是否合理",
        "高",
    )
    with keeping.site.given() as given:
        number = given.case(item=keeping.present()).number
    handler = keeping.site.officer(role="handler", department=keeping.item.department)
    text = handler.open(f"/workbench/cases/{number}").text
    assert "食品处理区不小于 6 平方米" in text
    assert "面积 50 平方米以下，一档；以上，二档" in text
    assert keeping.editor.open(f"{draft.address}/steps/99").status == 404


def test_answers_ask_for_materials_by_ticking(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.editor.open(draft.address).follow("情形问题")
    assert page.press("保存", **{"0-title": "哪种情形？", "0-0-title": "新开店"}).errors == {
        "0-title": "一个问题至少要有两个答案"
    }
    fields: dict[str, Any] = {
        "0-title": "哪种情形？",
        "0-0-title": "新开店",
        "0-0-materials": ["layout"],
        "0-1-title": "换店名",
    }
    page.press("保存", **fields)
    assert "“情形问题”增加了“哪种情形？”" in keeping.editor.open(draft.address).text
    published(keeping, draft)
    visitor = keeping.site.visitor()
    assert "布局图" in visitor.open("/items/HZ-1?q1=c1").text
    assert "布局图" not in visitor.open("/items/HZ-1?q1=c2").text


def test_an_answer_chooses_among_forms(keeping: Keeping) -> None:
    draft = keeping.begun()
    fields: dict[str, Any] = {}
    for title, form in (("店主姓名", "个体工商户申请表"), ("董事会名单", "公司申请表")):
        page = keeping.section(draft, "form")
        at = page.value("rows")
        fields = {f"{int(at) - 1}-title": title, f"{int(at) - 1}-form": form}
        page.press("保存并再加一项", **fields)
    page = keeping.editor.open(f"{draft.address}/situations")
    fields = {
        "0-title": "谁来开？",
        "0-0-title": "个体",
        "0-0-forms": ["个体工商户申请表"],
        "0-1-title": "公司",
        "0-1-forms": ["公司申请表"],
    }
    page.press("保存", **fields)
    published(keeping, draft)
    browser = applicant(keeping)
    browser.open("/apply/HZ-1").press("保存并继续", **{"choice.q1": "c1"})
    text = browser.open("/apply/HZ-1?step=form").text
    assert "店主姓名" in text
    assert "董事会名单" not in text


def test_the_guide_is_shared_by_its_permanent_address(keeping: Keeping) -> None:
    page = keeping.site.visitor().open("/items/HZ-1")
    assert page.value("address") == "http://testserver/items/HZ-1"
    assert keeping.site.visitor().open("/items/HZ-1/code.svg").status == 200


def test_power_agency_and_redress_are_edited(keeping: Keeping) -> None:
    draft = keeping.begun()
    fields: dict[str, Any] = {
        "authority.source": "1",
        "authority.levels": ["3", "4"],
        "agency.nature": "1",
    }
    keeping.section(draft, "authority").press("保存", **fields)
    fields = {"0-way": "行政复议", "0-organ": "海州市人民政府"}
    keeping.section(draft, "rights").press("保存", **fields)
    item = held(keeping)
    assert (item.authority.source, item.authority.levels) == ("1", ("3", "4"))
    assert item.agency.nature == "1"
    assert item.rights[0].organ == "海州市人民政府"
