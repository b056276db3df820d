"""What happens on the way: corrections, second thoughts, stale pages, sessions that run out."""

import re
from typing import Any

import pytest

from journeys.town import EXAMPLES, PASSWORD, Doors, Town, Visitor, paper

SEARCH = "AL-ZRGH-003"  # 不动产登记资料查询: instant, for people, few questions.
WIDE = {"viewport": {"width": 1280, "height": 900}}


def fill_all(person: Visitor, code: str, *, way: str = "pick_up") -> None:
    """Fill in an application up to its check page."""
    example = EXAMPLES[code]
    person.open(f"/apply/{code}?step=choices")
    for question, choice in example["choices"].items():
        person.choose(f"choice.{question}", choice)
    person.press("保存并继续")
    answers = example["answers"] | {"contact_telephone": "19900000009", "notify_by": "sms"}
    here = {
        name: value
        for name, value in answers.items()
        if person.page.locator(f'main [name="{name}"]').count()
    }
    person.fill_in(here)
    person.press("保存并继续")
    assert person.heading == "上传材料", person.text
    person.upload_everything()
    person.press("保存并继续")
    assert person.heading == "领取方式", person.text
    person.choose("delivery.way", way)
    person.press("保存并继续")
    assert person.heading == "核对并提交"


def submitted(person: Visitor, code: str = SEARCH) -> tuple[str, str]:
    """Apply for a service. Returns number and query code of the case."""
    fill_all(person, code)
    person.choose("declared", "1")
    person.press("提交申请")
    assert person.heading == "申请已提交", person.text
    number, query_code = person.page.locator(".receipt .code").all_inner_texts()
    return number, query_code


@pytest.fixture
def chen(doors: Doors) -> Visitor:
    return doors.visitor("chen")


def test_what_is_missing_is_asked_for_once_and_handed_in(doors: Doors, chen: Visitor) -> None:
    number, _ = submitted(chen)
    clerk = doors.visitor("clerk", **WIDE)
    clerk.open(f"/counter/cases/{number}")
    clerk.unfold("这份材料需要补正")
    field = clerk.page.locator('[name^="wrong."]').first
    name = (field.get_attribute("name") or "").removeprefix("wrong.")
    field.fill("看不清，请重新扫描后上传")
    clerk.press("一次性告知补正")

    chen.open("/my")
    assert "需要补正" in chen.text
    chen.open(f"/my/cases/{number}")
    assert "看不清，请重新扫描后上传" in chen.text
    chen.follow("马上补正")
    chen.upload(f"material.{name}", "坏的.pdf", b"%PDF-1.7 nothing")
    chen.press("提交补正")
    assert "请先改正下面的问题" in chen.text
    assert "坏的.pdf" in chen.text
    chen.upload(f"material.{name}", "清楚的.pdf", paper())
    chen.press("提交补正")
    assert "补正材料已提交" in chen.text

    clerk.open(f"/counter/cases/{number}")
    assert "清楚的.pdf" in clerk.text
    clerk.press("受理")
    assert "受理" in clerk.text


def test_a_person_takes_an_application_back(doors: Doors, chen: Visitor) -> None:
    number, _ = submitted(chen)
    chen.open(f"/my/cases/{number}")
    chen.unfold("撤回申请")
    chen.press("撤回申请")
    assert "请写明撤回的理由" in chen.text
    chen.fill("reason", "不卖房了")
    chen.press("撤回申请")

    assert "申请已撤回" in chen.text
    assert "不卖房了" in chen.text
    clerk = doors.visitor("clerk", **WIDE)
    clerk.open("/counter")
    assert number not in clerk.text


def test_anybody_with_number_and_code_follows_a_case(doors: Doors, chen: Visitor) -> None:
    number, code = submitted(chen)
    anybody = doors.visitor()
    anybody.open("/track")
    anybody.fill("number", "12345")
    anybody.fill("code", code)
    anybody.press("查询")
    assert "办件编号" in anybody.page.locator(".error-summary").inner_text()
    anybody.fill("number", number)
    anybody.fill("code", "ZZZZZZ")
    anybody.press("查询")
    assert "编号和查询码对不上" in anybody.text
    # However it was written down.
    anybody.fill("number", f" {number.lower()} ")
    anybody.fill("code", code.lower())
    anybody.press("查询")

    assert "提交申请" in anybody.text
    assert anybody.open(f"/my/cases/{number}") == 200
    assert anybody.heading == "登录"
    # Nothing of it is shown to somebody else who signs in.
    assert doors.visitor("wang").open(f"/my/cases/{number}") == 404


def test_two_officers_at_one_case_the_second_is_told_what_changed(
    doors: Doors, town: Town, chen: Visitor
) -> None:
    number, _ = submitted(chen)
    first, second = doors.visitor("clerk", **WIDE), doors.visitor("clerk2", **WIDE)
    for clerk in (first, second):
        clerk.open(f"/counter/cases/{number}")
    first.press("受理")
    second.press("受理")

    assert "内容已经变化" in second.text
    accepted = town.rows(
        "select count(*) from foundation.event where subject = %s and topic like %s",
        number,
        "%CaseAccepted",
    )
    assert accepted == [(1,)]


def test_a_session_that_runs_out_in_a_form_loses_nothing(doors: Doors, town: Town) -> None:
    person = doors.visitor()
    person.open("/apply/AL-MZ-001?step=form")
    person.sign_in("li")
    person.fill("elder_name", "李老太太")
    person.fill("birth_date", "1940-05-06")
    [(subject,)] = town.rows("select subject from identity.account where login = 'li'")
    town.rows("delete from identity.session where subject = %s", subject)
    town.sessions.pop("li", None)
    person.press("保存并继续")

    assert person.heading == "请重新登录"
    person.fill("login", "li")
    person.fill("password", "wrong")
    person.press("登录")
    person.fill("login", "li")
    person.fill("password", PASSWORD)
    person.press("登录")
    person.press("继续提交")

    assert person.page.locator('[name="elder_name"]').input_value() == "李老太太"
    assert person.page.locator('[name="birth_date"]').input_value() == "1940-05-06"


def test_what_is_typed_is_kept_as_a_draft_without_asking(doors: Doors) -> None:
    person = doors.visitor("li")
    person.open("/apply/AL-JY-004?step=form")
    field = person.page.locator('main input[type="text"]').last
    name = field.get_attribute("name") or ""
    field.press_sequentially("写到一半")
    person.page.get_by_text("草稿已自动保存").wait_for(timeout=15000)
    person.page.evaluate("() => onbeforeunload = null")
    person.open("/my")
    assert "没填完的申请" in person.text

    person.open("/apply/AL-JY-004?step=form")
    assert "写到一半" in person.page.locator(f'[name="{name}"]').input_value()


def test_a_double_click_and_the_back_button_make_one_case(town: Town, chen: Visitor) -> None:
    before = town.rows("select count(*) from cases.case_file where item_code = %s", SEARCH)[0][0]
    fill_all(chen, SEARCH)
    chen.choose("declared", "1")
    with chen.page.expect_navigation(url=re.compile("receipt")):
        chen.page.get_by_role("button", name="提交申请").dblclick()
    first = chen.path
    chen.page.go_back()
    # From the browser's memory the old form comes back; sent again, it gives the same receipt.
    if chen.page.locator('[name="declared"]').count():
        chen.page.locator('[name="declared"]').check()
        chen.press("提交申请")
        assert chen.path == first, chen.text

    after = town.rows("select count(*) from cases.case_file where item_code = %s", SEARCH)[0][0]
    assert after == before + 1


def press_key(person: Visitor, key: str, times: int = 1) -> None:
    for _ in range(times):
        person.page.keyboard.press(key)


def focus_by_tab(person: Visitor, selector: str) -> None:
    """Go on with the tabulator until an element has the focus, and see that it shows."""
    for _ in range(120):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("it => !!document.activeElement.matches(it)", selector):
            outline = person.page.evaluate(
                "() => { const it = document.activeElement;"
                " const shown = getComputedStyle(it.closest('.choice') || it);"
                " return shown.outlineStyle + shown.boxShadow }"
            )
            assert outline != "nonenone", f"the focus does not show on {selector}"
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_the_keyboard_is_enough(doors: Doors) -> None:
    person = doors.visitor("chen", **WIDE)
    person.open(f"/items/{SEARCH}")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.className") == "skip"
    focus_by_tab(person, ".action-bar a")
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    focus_by_tab(person, 'main [type="radio"]')
    person.page.keyboard.press("Space")
    focus_by_tab(person, ".action-bar button")
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.heading == "填写申请表"
    # Nothing filled in: the summary of errors takes the focus and leads to the field.
    for field in person.page.locator("main input[required]").all():
        if field.get_attribute("type") == "text":
            field.fill("")
    focus_by_tab(person, ".action-bar button")
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.className") == "error-summary"
    focus_by_tab(person, ".error-summary a")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id").startswith("f-")


@pytest.mark.parametrize("lang", ["en"])
def test_the_portal_speaks_english(doors: Doors, lang: str) -> None:
    visitor = doors.visitor()
    visitor.open("/")
    visitor.page.get_by_role("button", name="English").click()
    visitor.page.wait_for_selector(f'html[lang="{lang}"]')
    for path in ("/", "/services", "/search", "/departments", "/halls", "/track", "/sign-in"):
        visitor.open(path)
        rest = chinese_of_ours(visitor)
        assert rest == [], path


def chinese_of_ours(visitor: Visitor) -> list[str]:
    """Return what is still Chinese among headings, labels and buttons, which are all ours."""
    found: Any = visitor.page.eval_on_selector_all(
        "h1, main h2, label, button, .nav a, .tabbar a, legend, summary, th, dt",
        "all => all.filter(it => !it.lang && !it.closest('[lang=zh-CN], .service, .tile, .card')"
        " && /[\\u4e00-\\u9fff]/.test(it.innerText)).map(it => it.innerText)",
    )
    return list(found)


def test_elder_mode_is_a_page_of_its_own_and_leads_all_the_way(doors: Doors) -> None:
    elder = doors.visitor("li")
    elder.open("/")
    elder.page.get_by_role("button", name="长辈版").click()
    elder.page.wait_for_selector('html[data-mode="elder"]')
    assert elder.heading == "您要办什么？"
    tiles = elder.page.locator(".tile")
    assert tiles.count() <= 12
    elder.page.locator("main [role=search] input").fill("高龄补贴")
    elder.press("搜索", within=elder.page.locator("main [role=search]"))
    elder.follow("高龄津贴申领")
    elder.follow("在线办理")
    assert elder.page.locator('html[data-mode="elder"]').count() == 1
    size = elder.page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    )
    assert size >= 18
