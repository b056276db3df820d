"""A service from its guide to the delivered result and its rating, by everybody concerned."""

import re
import time

import pytest

from journeys.town import EXAMPLES, Doors, Town, Visitor

SERVICE, NAME = "AL-SCJG-001", "食品经营许可（新办）"
EXAMPLE = EXAMPLES[SERVICE]
CONTACT = {"contact_telephone": "19900000009", "notify_by": "sms"}


def find_and_read(person: Visitor) -> None:
    """Find the service in everyday words, and answer the questions on its guide."""
    person.open("/")
    search = person.page.locator("main [role=search]")
    search.locator("input").fill("我想开饭店")
    person.press("搜索", within=search)
    person.follow(NAME)
    assert person.heading == NAME
    assert "办完拿到什么" in person.text
    for question, choice in EXAMPLE["choices"].items():
        person.choose(question, choice)
    person.press("看我要准备什么")
    assert "免提交" in person.text


def apply(person: Visitor) -> str:
    """Fill in, hand in, check and submit. Returns the number of the case."""
    assert person.heading == "选择情形"
    assert "为安澜市晨光餐饮有限公司办理" in person.text
    person.press("保存并继续")
    assert person.heading == "填写申请表"
    asked = {
        name: value
        for name, value in (EXAMPLE["answers"] | CONTACT).items()
        if person.page.locator(f'main [name="{name}"]').count()
    }
    person.fill_in(asked)
    person.press("保存并继续")
    assert person.heading == "上传材料", person.text
    person.upload_everything()
    person.press("上传所选文件")
    assert "请先改正" not in person.text, person.text
    person.press("保存并继续")
    assert person.heading == "领取方式", person.text
    person.choose("delivery.way", "pick_up")
    person.press("保存并继续")
    assert person.heading == "核对并提交"
    assert "没有填好" not in person.text
    person.choose("declared", "1")
    person.press("提交申请")
    assert person.heading == "申请已提交"
    number, _ = person.page.locator(".receipt .code").all_inner_texts()
    assert re.fullmatch(r"\d{6}-\d{4}-\d{7}-[0-9A-Z]", number)
    return number


def accept(clerk: Visitor, number: str) -> None:
    clerk.open("/counter")
    clerk.fill("q", number)
    clerk.press("查找")
    assert NAME in clerk.heading
    for box in clerk.page.locator('[name="checked"]').all():
        box.check()
    clerk.press("受理")
    assert "承办" in clerk.text


def agree(officer: Visitor, number: str, opinion: str) -> None:
    officer.open(f"/workbench/cases/{number}")
    officer.choose("review.agree", "yes")
    officer.fill("review.opinion", opinion)
    officer.press("提交意见")
    assert officer.page.get_by_role("status").first.is_visible()


def decide(approver: Visitor, number: str) -> None:
    approver.open(f"/workbench/cases/{number}")
    approver.choose("decide.grant", "yes")
    approver.press("作出决定")
    assert "准予" in approver.text


def hand_out(clerk: Visitor, number: str) -> None:
    clerk.open(f"/counter/delivery/{number}")
    clerk.choose("way", "pick_up")
    clerk.fill("receiver", "张伟")
    clerk.press("登记送达")
    assert "送达" in clerk.text


def papers_of(person: Visitor, number: str) -> dict[str, bytes]:
    """Download every notice of a case that the worker has issued by now, by its title."""
    deadline = time.monotonic() + 30
    while True:
        person.open(f"/my/cases/{number}")
        links = person.page.locator('a[href^="/files/"]').all()
        found = {link.inner_text(): link.get_attribute("href") or "" for link in links}
        if any("准予" in title for title in found) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return {
        title: person.context.request.get(person.town.address + href).body()
        for title, href in found.items()
    }


def rate(person: Visitor, number: str) -> None:
    person.open(f"/my/cases/{number}")
    person.choose("stars", "5")
    person.fill("comment", "很快，讲得清楚。")
    person.press("提交评价")
    assert "感谢您的评价" in person.text
    assert "很快，讲得清楚。" in person.text


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_guide_to_the_delivered_result(doors: Doors, town: Town, script: bool) -> None:
    person = doors.visitor(java_script_enabled=script)
    find_and_read(person)
    person.follow("在线办理")
    person.sign_in("zhang")
    assert "这项服务面向企业和其他组织" in person.text
    person.press("改为安澜市晨光餐饮有限公司办理")
    number = apply(person)

    wide = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": script}
    clerk = doors.visitor("clerk", **wide)
    accept(clerk, number)
    agree(doors.visitor("handler", **wide), number, "材料齐全，符合法定条件。")
    agree(doors.visitor("reviewer", **wide), number, "审核无误。")
    decide(doors.visitor("approver", **wide), number)
    hand_out(clerk, number)

    papers = papers_of(person, number)
    assert all(content.startswith(b"%PDF-") for content in papers.values())
    assert any("受理" in title for title in papers)
    assert any("准予" in title for title in papers)
    rate(person, number)

    person.follow("查看全部留痕")
    for step in ("提交申请", "受理申请", "完成承办", "完成审核", "准予", "送达结果"):
        assert step in person.text, step
    assert town.rows("select count(*) from cases.case_file where number = %s", number) == [(1,)]
