"""The process designer, on pages and in a real browser under the content policy."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route

import browsers
from given_site import Browser, Page, Site
from process.drawn import process
from tongban.channels.shell.static import FOLDER
from tongban.process import Definition, publish, write

UNSOUND = ("start > xor > a > and_j > end", "xor > b > and_j")
BUDGET = 450_000


def bpmn(*paths: str) -> bytes:
    return write(Definition((process(*paths),)))


@pytest.fixture
def designer(site: Site) -> Browser:
    return site.officer(role="cataloguer")


def begun(designer: Browser, **fields: Any) -> Page:
    """The designer with a new draft."""
    page = designer.open("/console/processes/new")
    return page.press("建立草稿", **{"name": "新流程", "code": "new_one"} | fields)


def test_a_new_process_is_drawn_checked_and_downloaded(designer: Browser) -> None:
    page = begun(designer)
    assert page.heading == "新流程"
    assert "没有写明由哪个岗位或单位办理" in page.text
    page = page.press("保存并检查")
    assert page.heading == "新流程"
    file = page.press("下载文件")
    assert file.headers["content-disposition"].endswith('new_one.bpmn"')
    assert b"BPMNShape" in file.content
    assert "新流程" in designer.open("/console/processes?q=new_o").text


def test_a_second_person_publishes_what_was_drawn(site: Site, designer: Browser) -> None:
    unit = designer.actor.department
    approver = site.officer(role="approver", department=unit, name="王建国")
    page = begun(designer).press("保存并返回")
    page = page.press("提交审查")
    assert "须由另一位有发布权限的人发布" in page.text
    page = approver.open(page.address).press("退回修改", reason="请写明由谁办理")
    assert "请写明由谁办理" in page.text
    page = designer.open(page.address).press("写下意见", text="已补上")
    page = page.press("提交审查")
    page = approver.open(page.address).press("发布")
    assert page.heading == "新流程"
    assert "执行中：第 1 版" in page.text
    assert "王建国 发布于" in page.text
    assert b"<bpmn:process" in page.follow("下载文件").content
    page = designer.open(page.address).press("开始新版本")
    changed = page.value("xml").replace('name="办理"', 'name="审核"')
    page = page.press("保存并返回", xml=changed).follow("与执行中的版本比较")
    assert "“办理”改名为“审核”" in page.text
    assert page.tree.xpath("//svg//g[contains(@class, 'is-changed')]")


def test_a_plain_process_is_changed_by_two_and_stays_one_that_cases_can_follow(site: Site) -> None:
    one, other = (site.officer(role="designer", department="", region="") for _ in "ab")
    drawn = one.open("/console/processes/published/plain-committed").press("开始新版本")
    lacking = drawn.value("xml").replace('tongban:act="deliver"', "")
    page = drawn.press("保存并返回", xml=lacking).press("提交审查")
    assert "平台自带" in page.text
    refused = other.open(page.address).press("发布")
    assert "没有“送达”环节" in refused.text

    other.open(page.address).press("退回修改", reason="少了送达")
    renamed = drawn.value("xml").replace('name="受理"', 'name="受理申请"')
    page = one.open(page.address).follow("设计")
    page = page.press("保存并返回", xml=renamed).press("提交审查")
    assert "执行中：第 2 版" in other.open(page.address).press("发布").text


def test_two_who_draw_at_once_are_told_and_lose_nothing(site: Site, designer: Browser) -> None:
    other = site.officer(role="cataloguer", department=designer.actor.department, name="赵敏")
    mine = begun(designer)
    theirs = other.open(mine.address)
    theirs.press("保存并检查", xml=theirs.value("xml").replace('name="办理"', 'name="审核"'))
    drawn = mine.value("xml").replace('name="办理"', 'name="受理"')
    refused = mine.press("保存并检查", xml=drawn)
    assert refused.status == 409
    assert "赵敏在您之后改过这份流程草稿" in refused.text
    assert 'name="受理"' in refused.value("xml")
    kept = refused.press("保存并检查")
    assert 'name="受理"' in kept.value("xml")


def test_text_that_is_no_process_stays_on_the_page(designer: Browser) -> None:
    page = begun(designer).press("保存并检查", xml="<bpmn:definitions")
    assert page.status == 422
    assert page.value("xml") == "<bpmn:definitions"
    assert "没有保存" in page.text


def test_a_file_of_another_tool_becomes_a_draft(designer: Browser) -> None:
    file = ("one.bpmn", bpmn("start > a > end"))
    page = begun(designer, name="", code="", file=file)
    page = page.press("保存并返回")
    assert "测试流程" in page.heading
    changed = ("two.bpmn", bpmn("start > a > b > end"))
    page = page.press("保存", within="/file", file=changed, note="增加一个环节")
    assert "增加一个环节" in page.text
    assert "第 3 稿" in page.text
    page = page.press("撤回草稿")
    assert "已撤回" in page.text


def test_a_draft_needs_a_department_and_an_id(designer: Browser) -> None:
    page = begun(designer, department="", name="", code="")
    assert page.errors.keys() == {"department", "name", "code"}


def test_what_is_wrong_is_told_beside_its_place(designer: Browser) -> None:
    page = designer.open("/console/processes")
    page = page.press("打开并检查", file=("wrong.bpmn", bpmn(*UNSOUND)))
    assert "会卡住" in page.text
    (line,) = page.tree.xpath("//li[@data-severity='error']")
    assert "and_j" in line.get("data-finding").split()
    assert page.tree.xpath("//svg[contains(@class, 'flow-chart')]//g[contains(@class, 'is-error')]")


def test_a_file_that_is_no_process_is_refused_in_words(designer: Browser) -> None:
    page = designer.open("/console/processes")
    page = page.press("打开并检查", file=("wrong.bpmn", b"<html/>"))
    assert page.status == 422
    assert "不是 BPMN 2.0" in page.text


def test_a_process_is_simulated_beside_another(designer: Browser) -> None:
    page = designer.open("/console/processes")
    page = page.press("打开并检查", file=("one.bpmn", bpmn("start > a > b > end")))
    page = page.press("模拟")
    assert "九成的办件在此之内办结" in page.text
    other = ("two.bpmn", bpmn("start > a > end"))
    page = page.press("运行模拟", cases="200", **{"minutes.b": "90", "other": other})
    assert page.value("minutes.b") == "90"
    assert "测试流程 (2)" in page.text
    assert page.press("回到设计").heading == "测试流程"


def test_a_simulation_with_wrong_numbers_is_shown_again_with_each_fault(designer: Browser) -> None:
    page = designer.open("/console/processes")
    page = page.press("打开并检查", file=("one.bpmn", bpmn("start > a > b > end")))
    page = page.press("模拟")
    wrong = {"minutes.a": "soon", "minutes.b": "90", "seed": "-1", "promised": "7"}
    page = page.press("运行模拟", cases="200", **wrong)
    assert page.status == 422
    assert "请填写 0 到 100000 的整数" in page.text
    assert "请填写 0 到 999999 的整数" in page.text
    assert {name: page.value(name) for name in wrong} == wrong
    assert page.value("cases") == "200"
    assert "九成的办件在此之内办结" not in page.text
    better = page.press("运行模拟", **{"minutes.a": "10", "seed": "2"})
    assert better.status == 200
    assert "九成的办件在此之内办结" in better.text


def test_nobody_else_comes_in(site: Site) -> None:
    assert site.person().open("/console/processes").status == 403


@pytest.fixture
def tab(designer: Browser) -> Iterator[Tab]:
    """A tab of a real browser, whose requests the application answers."""

    def answer(route: Route) -> None:
        sent = route.request
        headers = {k: v for k, v in sent.headers.items() if k not in ("host", "cookie")}
        headers["sec-fetch-site"] = "same-origin"
        address = sent.url.replace("http://testserver", "")
        got = designer.client.request(
            sent.method, address, content=sent.post_data_buffer, headers=headers
        )
        kept = {k: v for k, v in got.headers.items() if k not in ("content-encoding", "set-cookie")}
        route.fulfill(status=got.status_code, headers=kept, body=got.content)

    with browsers.browser() as browser:
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        tab.route("**/*", answer)
        yield tab


def test_the_designer_works_under_the_content_policy(tab: Tab, designer: Browser) -> None:
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opener = "Cross-Origin-Opener-Policy"  # Is ignored without HTTPS, which says so each time.
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    page = begun(designer)
    tab.goto(f"http://testserver{page.address}")
    tab.wait_for_selector("form[data-ready=yes]")
    watermark = tab.locator(".bjs-powered-by")
    assert watermark.is_visible()
    box: Any = watermark.bounding_box()
    assert box["width"] > 20
    tab.locator(".designer-canvas [data-element-id=handle] .djs-hit").first.click()
    tab.get_by_label("岗位").first.select_option("reviewer")
    tab.get_by_label("办理时限").fill("3")
    tab.get_by_label("办理时限").press("Tab")
    assert tab.locator(".djs-palette .entry").first.get_attribute("aria-label") == "移动画布"
    with tab.expect_navigation():
        tab.get_by_role("button", name="保存并检查").click()
    tab.wait_for_selector("form[data-ready=yes]")
    text = tab.locator("textarea[name=xml]").input_value()
    assert 'tongban:role="reviewer"' in text
    assert 'tongban:limit="3"' in text
    assert "没有发现问题，流程健全" in tab.content()
    assert [one for one in complaints if opener not in one] == []


def test_the_designer_page_stays_within_its_budget() -> None:
    files = [*(FOLDER / "vendor" / "bpmn-js-18.31.1").rglob("*.*"), *FOLDER.glob("*.js")]
    files += [*(FOLDER / "css").glob("*.css"), *(FOLDER / "vendor").glob("htmx*.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= BUDGET


def test_on_a_phone_the_palette_leaves_the_chart_free(tab: Tab, designer: Browser) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    page = begun(designer)
    tab.goto(f"http://testserver{page.address}")
    tab.wait_for_selector("form[data-ready=yes]")
    palette: Any = tab.locator(".djs-palette").bounding_box()
    start: Any = tab.locator(".designer-canvas [data-element-id=start]").first.bounding_box()
    assert palette["height"] <= 64
    assert palette["x"] + palette["width"] <= 390
    assert start["y"] >= palette["y"] + palette["height"]
    assert start["width"] >= 20
    last = tab.locator(".djs-palette .entry").last
    last.scroll_into_view_if_needed()
    assert last.bounding_box()["x"] < 390
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_versions_of_a_process_come_page_by_page(site: Site) -> None:
    with site.given() as given:
        unit, region = given.department().code, given.region().code
    with site.work() as work:
        for n in range(1, 24):
            drawn = replace(process("start > a > end"), name=f"第{n}稿")
            bpmn = write(Definition((drawn,)))
            publish(work, bpmn=bpmn, department=unit, region=region)
    officer = site.officer(role="cataloguer", region=region, department=unit)
    page = officer.open("/console/processes/published/p")
    assert "执行中：第 23 版" in page.text
    assert "第 4 版" in page.text
    assert "第 3 版" not in page.text
    page = officer.open("/console/processes/published/p?version=23&before=4")
    assert "执行中：第 23 版" in page.text
    assert "第 1 版" in page.text
    assert "第 4 版" not in page.text
    assert officer.open("/console/processes/published/p?version=1").heading == "第1稿"
    page = officer.open("/console/processes/published/p/compare?old=1&new=2")
    assert page.heading == "第 2 版与第 1 版相比"
