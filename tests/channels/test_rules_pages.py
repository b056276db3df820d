"""Rules on pages: what to bring, can I, granted at once and why; officers beside their decision."""

import pytest

import given_tables
from given_cases import _pdf as pdf
from given_site import Browser, Page, Site
from tongban import cases, catalogue
from tongban.cases import Stage


def food(site: Site, *tables: str) -> catalogue.Item:
    with site.given() as given:
        item = given_tables.food_item(given)
        for table in tables:
            getattr(given_tables, table)(given.work, given, item)
        return item


def allowance(site: Site, *, share: str = "0") -> catalogue.Item:
    with site.given() as given:
        item = given_tables.allowance_item(given)
        given_tables.instant(given.work, given, item, share=share)
        given_tables.eligibility(given.work, given, item)
        return item


def test_the_guide_asks_for_what_the_rules_say(site: Site) -> None:
    item = food(site, "scenario")
    visitor = site.visitor()
    page = visitor.open(f"/items/{item.code}?kind=shop")
    assert "布局图" in page.text
    assert "排水许可" not in page.text
    assert "50.00" in page.text
    page = visitor.open(f"/items/{item.code}?kind=kitchen")
    assert "排水许可" in page.text
    assert "先办排水许可" in page.text
    assert "70.00" in page.text


def test_the_public_rules_are_one_step_from_every_page_of_the_portal(site: Site) -> None:
    for address in ("/", "/search", "/sign-in", "/rules"):
        assert site.visitor().open(address).follow("规则公开").heading == "规则公开"


def test_the_form_asks_for_the_same_and_the_check_page_names_the_fee(site: Site) -> None:
    item = food(site, "scenario")
    applicant = site.person()
    page = applicant.open(f"/apply/{item.code}?step=choices")
    page = page.press("保存并继续", **{"choice.kind": "shop"})
    assert "厨房面积" not in page.text
    page = page.press("保存并继续", shop_name="小面馆")
    assert "排水许可" not in page.text
    page = page.press("保存并继续", **{"material.layout": ("图.pdf", pdf("图"))})
    page = page.press("保存并继续", **{"delivery.way": "online"})
    assert "50.00" in page.text
    page = page.press("提交申请", declared="1")
    assert page.heading == "申请已提交"
    page = page.follow("查看办件")
    assert "50.00" in page.text
    assert "需要的材料：布局图" in page.text


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("", "回答几个问题就知道"),
        ("?age=85", "按公开的条件，您可以办"),
        ("?age=60", "您现在可能办不了"),
        ("?age=很老", "要由工作人员看过才知道"),
    ],
)
def test_can_i(site: Site, address: str, answer: str) -> None:
    item = allowance(site)
    page = site.visitor().open(f"/items/{item.code}/eligibility{address}")
    assert answer in page.text
    assert page.value("age") == address.removeprefix("?age=")


def test_a_no_says_why_and_keeps_nobody_from_applying(site: Site) -> None:
    item = allowance(site)
    page = site.visitor().open(f"/items/{item.code}").follow("我能办吗？")
    (form,) = [each for each in page.tree.forms if "age" in each.fields]
    assert form.method == "GET"
    page = site.visitor().open(f"/items/{item.code}/eligibility?age=60")
    assert "没有满八十周岁" in page.text
    assert "您仍然可以申请" in page.text


def test_an_item_without_such_rules_has_no_such_page(site: Site) -> None:
    with site.given() as given:
        item = given.item()
    visitor = site.visitor()
    assert "我能办吗" not in visitor.open(f"/items/{item.code}").text
    assert visitor.open(f"/items/{item.code}/eligibility").status == 404


def applied(applicant: Browser, item: catalogue.Item, **answers: str) -> Page:
    page = applicant.open(f"/apply/{item.code}").press("保存并继续", **answers)
    page = page.press("保存并继续", **{"material.photo": ("照片.pdf", pdf("照片"))})
    page = page.press("保存并继续", **{"delivery.way": "online"})
    return page.press("提交申请", declared="1")


def test_granted_at_once_and_the_receipt_says_why(site: Site) -> None:
    item = allowance(site)
    applicant = site.person()
    page = applied(applicant, item, age="85", household="city")
    assert page.heading == "已当场办结"
    assert "满八十周岁，本市户口" in page.text
    assert "《海州市食品经营许可办法》第六条" in page.text
    site.settle()
    page = page.follow("查看办件")
    assert "按公开的规则当场办结" in page.text
    assert applicant.open(page.link("准予决定书")).content.startswith(b"%PDF")


def test_the_officer_sees_why_a_case_came_to_a_person(site: Site) -> None:
    item = allowance(site)
    page = applied(site.person(), item, age="60", household="city")
    assert page.heading == "申请已提交"
    officer = site.officer(role=["clerk", "handler"], department=item.department)
    page = officer.open("/counter")
    number = page.link("990100-").rsplit("/", 1)[-1]
    page = officer.open(f"/workbench/cases/{number}")
    assert "为什么没有自动办结" in page.text
    assert "由工作人员核实" in page.text


def test_a_grant_is_rechecked_on_a_page(site: Site) -> None:
    item = allowance(site, share="1")
    applied(site.person(), item, age="85", household="city")
    handler = site.officer(role="handler", department=item.department)
    page = handler.open("/workbench").follow("去复核")
    number = page.link("990100-").rsplit("/", 1)[-1]
    wrong = page.press("提交复核结论", **{f"fine.{number}": "no"})
    assert wrong.errors == {f"note.{number}": "认为批得不对的，请写明原因"}
    page = wrong.press("提交复核结论", **{f"fine.{number}": "no", f"note.{number}": "户籍不符"})
    assert "复核结果已记录" in page.text
    assert "户籍不符" in page.text
    assert "没有等待复核的办件" in page.text


def accepted(site: Site, item: catalogue.Item, *, kitchen: str = "1") -> cases.Case:
    with site.given() as given:
        return given_tables.accepted(given.work, given, item, kitchen=kitchen)


def test_a_deviation_through_the_pages(site: Site) -> None:
    item = food(site, "discretion", "risk")
    case = accepted(site, item, kitchen="200")
    site.settle()
    handler = site.officer(role="handler", department=item.department)
    page = handler.open(f"/workbench/cases/{case.number}")
    assert "厨房面积大" in page.text
    assert "大型" in page.text
    assert "1 — 1 年" in page.text
    opinion = {"review.agree": "yes", "review.opinion": "同意"}
    page = page.press("提交意见", **opinion)
    assert "review.chosen" in page.errors
    page = page.press("提交意见", **opinion, **{"review.chosen": "很多"})
    assert page.errors == {"review.chosen": "请填写数字，例如 3"}
    page = page.press("提交意见", **opinion, **{"review.chosen": "2"})
    assert "review.deviation" in page.errors
    why = {"review.chosen": "2", "review.deviation": "经整改后风险等级已经降低"}
    page = page.press("提交意见", **opinion, **why)
    assert "意见已提交" in page.text
    reviewer = site.officer(role="reviewer", department=item.department)
    page = reviewer.open(f"/workbench/cases/{case.number}")
    page.press("提交意见", **{"review.agree": "yes", "review.opinion": "同意"})
    approver = site.officer(role="approver", department=item.department)
    page = approver.open(f"/workbench/cases/{case.number}")
    assert "就是同意这样处理" in page.text
    assert "经整改后风险等级已经降低" in page.text
    page = page.press("作出决定", **{"decide.grant": "yes"})
    assert "决定已作出" in page.text
    with site.work() as work:
        assert cases.case(work, number=case.number).stage is Stage.GRANTED
        chosen = cases.choice(work, number=case.number)
        assert chosen is not None
        assert chosen.settled


def test_a_deviation_of_an_instant_item_takes_two(site: Site) -> None:
    with site.given() as given:
        item = given_tables.kitchen_item(given)
        given_tables.discretion(given.work, given, item)
    case = accepted(site, item)
    first = site.officer(role="approver", department=item.department)
    page = first.open(f"/workbench/cases/{case.number}")
    refused = page.press("作出决定", **{"decide.grant": "yes", "decide.chosen": "5"})
    assert refused.status == 409
    assert "不能由一人决定" in refused.text
    page = page.press(
        "提出裁量意见",
        **{"propose.chosen": "5", "propose.deviation": "申请人是老字号，多年没有问题"},
    )
    assert "等待另一位有决定权限的人决定" in page.text
    assert "作出决定" not in page.buttons()
    second = site.officer(role="approver", department=item.department)
    page = second.open(f"/workbench/cases/{case.number}")
    assert "决定已作出" in page.press("作出决定", **{"decide.grant": "yes"}).text
