"""Rules at work: discretion by two, approval at once and its switch, second looks, publicity."""

from collections.abc import Iterator

import pytest

from journeys.test_turns_and_troubles import WIDE, fill_all
from journeys.town import Doors, Visitor

ADVERTISING, STANDARD = "AL-ZWSJ-001", "AL-ZWSJ-001-discretion"
ALLOWANCE, AT_ONCE = "AL-MZ-001", "AL-MZ-001-instant"
REASONS = "位置在背街一侧，设施轻便，申请人承诺每年检测"
FIRM = "改为安澜市晨光餐饮有限公司办理"


def applied(person: Visitor, code: str) -> str:
    """Apply for a service, to have the result online. Returns the number of the case."""
    fill_all(person, code, way="online")
    person.choose("declared", "1")
    person.press("提交申请")
    number, _ = person.page.locator(".receipt .code").all_inner_texts()
    return number


def at_case(doors: Doors, login: str, number: str) -> Visitor:
    officer = doors.visitor(login, **WIDE)
    officer.open(f"/workbench/cases/{number}")
    return officer


def propose(handler: Visitor, *, chosen: str, reasons: str = "") -> None:
    handler.choose("review.agree", "yes")
    handler.fill("review.chosen", chosen)
    handler.fill("review.deviation", reasons)
    handler.fill("review.opinion", "材料齐全，符合设置规划。")
    handler.press("提交意见")


def review(doors: Doors, number: str) -> None:
    reviewer = at_case(doors, "reviewer", number)
    reviewer.choose("review.agree", "yes")
    reviewer.fill("review.opinion", "审核无误。")
    reviewer.press("提交意见")


@pytest.fixture
def weighed(doors: Doors) -> str:
    """An accepted application that is weighed by a standard."""
    person = doors.visitor("zhang")
    person.open(f"/apply/{ADVERTISING}")
    if person.page.get_by_role("button", name=FIRM).count():
        person.press(FIRM)
    number = applied(person, ADVERTISING)
    clerk = doors.visitor("clerk", **WIDE)
    clerk.open(f"/counter/cases/{number}")
    for box in clerk.page.locator('[name="checked"]').all():
        box.check()
    clerk.press("受理")
    return number


def test_outside_of_the_standard_only_with_reasons_and_by_two(doors: Doors, weighed: str) -> None:
    handler = at_case(doors, "handler", weighed)
    handler.unfold("整张表")
    row = handler.page.locator("tr", has_text="适用").inner_text()
    assert "路段：主要路段" in row
    assert "最多（月）：30" in row
    propose(handler, chosen="36")
    wrong = handler.page.locator('[name="review.deviation"]')
    assert wrong.get_attribute("aria-invalid") == "true"
    assert "选择超出裁量基准，请写明理由" in handler.text
    assert handler.page.locator('[name="review.chosen"]').input_value() == "36"
    propose(handler, chosen="36", reasons=REASONS)
    review(doors, weighed)
    approver = at_case(doors, "approver", weighed)
    assert "已提出：36 个月 超出基准 刘洋" in approver.text
    approver.unfold("退回承办")
    approver.fill("send_back.reason", "请再核对检测安排。")
    approver.press("退回")
    handler.page.reload()
    propose(handler, chosen="36", reasons=f"{REASONS}，已有合同")
    review(doors, weighed)
    approver.page.reload()
    assert "作出准予的决定，就是同意这样处理" in approver.text
    assert "已有合同" in approver.text
    approver.choose("decide.grant", "yes")
    approver.press("作出决定")
    assert "决定已作出" in approver.text


@pytest.fixture
def rules(doors: Doors) -> Iterator[Visitor]:
    """The approver at the rules of an approval at once, of which every one is looked at again."""
    approver = doors.visitor("approver", **WIDE)
    approver.open(f"/console/rules/{AT_ONCE}")
    before = approver.page.locator('[name="share"]').input_value()
    for share in ("100", before):
        approver.unfold("设置：")
        approver.fill("share", share)
        approver.press("保存设置")
        assert "设置已保存" in approver.text
        if share == "100":
            yield approver


def test_off_and_on_at_once_and_what_is_granted_is_looked_at_again(
    doors: Doors, rules: Visitor
) -> None:
    rules.press("立即暂停自动审批")
    assert rules.page.locator('[name="switch_reason"]').get_attribute("aria-invalid") == "true"
    rules.fill("switch_reason", "户籍数据正在核对")
    rules.press("立即暂停自动审批")
    assert "须由另一位有审查权限的人恢复" in rules.text
    assert rules.page.get_by_role("button", name="恢复自动审批").count() == 0
    li = doors.visitor("li")
    waiting = applied(li, ALLOWANCE)
    assert li.heading == "申请已提交"
    assert "这个事项的秒批已暂停，由工作人员审批" in li.text
    handler = at_case(doors, "handler", waiting)
    assert "为什么没有自动办结 这个事项的秒批已暂停" in handler.text

    second = doors.visitor("approver2", **WIDE)
    second.open(f"/console/rules/{AT_ONCE}")
    second.fill("switch_reason", "核对完毕")
    second.press("恢复自动审批")
    number = applied(li, ALLOWANCE)
    assert li.heading == "已当场办结"
    handler.open("/workbench")
    handler.follow("去复核")
    assert waiting not in handler.text
    verdict = handler.page.locator(f'[name="fine.{number}"]')
    handler.press("提交复核结论", within=handler.page.locator("main form", has=verdict))
    assert "请选择无误或者有误" in handler.text
    verdict.first.check()
    handler.press("提交复核结论", within=handler.page.locator("main form", has=verdict))
    assert number in handler.page.locator("tr", has_text="无误").first.inner_text()


@pytest.mark.parametrize(
    ("code", "words"), [(STANDARD, ["个月", "重点路段"]), (AT_ONCE, ["当场批准", "安澜市"])]
)
def test_the_running_version_is_public(doors: Doors, code: str, words: list[str]) -> None:
    for language, said in [("zh-CN", "正在生效"), ("en-GB", "In force")]:
        anybody = doors.visitor(java_script_enabled=False, locale=language)
        assert anybody.open(f"/rules/{code}") == 200
        assert said in anybody.text
        table = anybody.page.locator("details", has=anybody.page.locator("table.grid"))
        table.locator("summary").click()
        assert all(word in table.inner_text() for word in words)
        assert '"grant"' not in table.inner_text()
