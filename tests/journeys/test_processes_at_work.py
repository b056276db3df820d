"""Services whose processes go beyond the three steps of the house, from application to delivery."""

import re
import time
from typing import Any

from journeys.town import EXAMPLES, Doors, Town, Visitor

CONTACT = {"contact_telephone": "19900000009", "notify_by": "sms"}
WIDE = {"viewport": {"width": 1280, "height": 900}}
PLAIN = {"java_script_enabled": False}


def apply(person: Visitor, code: str) -> str:
    """Apply for a service with the answers of its example sheet. Returns the number."""
    sheet = EXAMPLES[code]
    person.open(f"/items/{code}")
    person.follow("在线办理")
    if person.page.get_by_role("button", name=re.compile("^改为")).count():
        person.page.get_by_role("button", name=re.compile("^改为")).first.click()
        person.page.wait_for_load_state()
    if person.heading == "选择情形":
        for question, choice in sheet.get("choices", {}).items():
            person.choose(f"choice.{question}", choice)
        person.press("保存并继续")
    asked = {
        name: value
        for name, value in (sheet["answers"] | CONTACT).items()
        if person.page.locator(f'main [name="{name}"]').count()
    }
    person.fill_in(asked)
    person.press("保存并继续")
    assert person.heading == "上传材料", person.text
    person.upload_everything()
    person.press("上传所选文件")
    person.press("保存并继续")
    person.choose("delivery.way", "pick_up")
    person.press("保存并继续")
    person.choose("declared", "1")
    person.press("提交申请")
    number: str = person.page.locator(".receipt .code").first.inner_text()
    return number


def accept(clerk: Visitor, number: str) -> None:
    clerk.open(f"/counter/cases/{number}")
    for box in clerk.page.locator('[name="checked"]').all():
        box.check()
    clerk.press("受理")


def agree(officer: Visitor, number: str) -> None:
    officer.open(f"/workbench/cases/{number}")
    officer.choose("review.agree", "yes")
    officer.fill("review.opinion", "符合法定条件。")
    officer.press("提交意见")


def do_step(officer: Visitor, name: str, number: str, **answers: Any) -> None:
    """Find a step in the list of other steps, and do it."""
    officer.open("/workbench/steps")
    officer.page.locator("tr", has_text=number).get_by_role("link", name=name).click()
    officer.page.wait_for_load_state()
    assert officer.heading == name
    officer.fill_in(answers)
    officer.choose("agree", "yes")
    officer.fill("opinion", f"{name}：没有意见。")
    officer.press("完成这一环节")
    assert "已办理" in officer.text, officer.text


def decide_and_deliver(doors: Doors, number: str) -> None:
    approver = doors.visitor("approver", **WIDE)
    approver.open(f"/workbench/cases/{number}")
    approver.choose("decide.grant", "yes")
    approver.press("作出决定")
    clerk = doors.visitor("clerk", **WIDE)
    clerk.open(f"/counter/delivery/{number}")
    clerk.choose("way", "pick_up")
    clerk.fill("receiver", "赵卫国")
    clerk.press("登记送达")
    assert "送达" in clerk.text


def test_departments_give_their_opinions_at_the_same_time(doors: Doors) -> None:
    person = doors.visitor("zhao", **PLAIN)
    number = apply(person, "AL-ZJ-001")
    accept(doors.visitor("clerk", **WIDE), number)
    handler = doors.visitor("handler", **WIDE, **PLAIN)
    agree(handler, number)
    assert "规划部门意见" in handler.text
    do_step(handler, "公安交管部门意见", number)
    do_step(doors.visitor("handler"), "规划部门意见", number, conditions="退线 5 米。")
    person.open(f"/my/cases/{number}")
    assert "建设部门技术意见" in person.text
    do_step(doors.visitor("reviewer", **WIDE), "建设部门技术意见", number)
    decide_and_deliver(doors, number)
    person.open(f"/my/cases/{number}")
    assert "已送达" in person.text


def test_a_benefit_is_published_before_it_is_granted(doors: Doors, town: Town) -> None:
    person = doors.visitor("chen")
    number = apply(person, "AL-ZJ-002")
    accept(doors.visitor("clerk", **WIDE), number)
    handler = doors.visitor("handler", **WIDE)
    agree(handler, number)
    agree(doors.visitor("reviewer", **WIDE), number)
    do_step(handler, "发布公示", number, published_on="2026-11-27", published_where="社区公示栏")
    person.open(f"/my/cases/{number}")
    assert "公示" in person.text
    # Seven working days go by, and the worker rings.
    town.rows(
        """
        update process.alarm a set due_at = now()
          from process.instance i
         where i.number = %s and (a.region, a.month, a.instance) = (i.region, i.month, i.id)
        """,
        number,
    )
    waited(town, number, "objections")
    do_step(handler, "核对公示异议", number, objections="0")
    decide_and_deliver(doors, number)
    held = town.rows("select kind, ended_on is not null from cases.pause where number = %s", number)
    assert held == [("publication", True)]


def waited(town: Town, number: str, node: str) -> None:
    """Wait until the process of a case has come to a node."""
    deadline = time.monotonic() + 60
    query = """
        select count(*) from process.token t join process.instance i
            on (t.region, t.month, t.instance) = (i.region, i.month, i.id)
         where i.number = %s and t.node = %s
    """
    while town.rows(query, number, node) == [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.3)
