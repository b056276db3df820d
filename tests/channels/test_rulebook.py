"""Officials write, test, review, publish and replay rules on pages; everybody reads what runs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from given_rules import ITEM, TESTS, House, allowance
from given_site import Browser, Page, Site
from tongban import rulebook
from tongban.foundation.work import LOCAL, Work
from tongban.main import worker

CODE = "HZ-allowance"


class Rules:
    """A site whose officers keep a rule set, and a browser for each of them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.given() as given:
            unit = given.department().code
        self.author = site.officer(role="cataloguer", name="郑编目", department=unit)
        self.reviewer = site.officer(role="approver", name="钱局长", department=unit)

    def house(self, work: Work) -> House:
        return House(work, self.author.actor, self.reviewer.actor)

    def published(self, sheet: rulebook.Sheet | None = None) -> None:
        with self.site.work() as work:
            house = self.house(work)
            house.made()
            house.published(sheet)

    def draft(self, sheet: rulebook.Sheet | None = None) -> None:
        with self.site.work() as work:
            self.house(work).draft(sheet)

    def version(self, number: int = 1) -> rulebook.Version:
        with self.site.work() as work:
            return rulebook.version(work, code=CODE, version=number)

    def sheet(self, number: int = 1) -> rulebook.Sheet:
        found = rulebook.Compiled(self.version(number).dmn).summary.sheet
        assert found is not None
        return found


@pytest.fixture
def rules(site: Site) -> Rules:
    return Rules(site)


def edited(browser: Browser, number: int = 1) -> Page:
    return browser.open(f"/console/rules/{CODE}/versions/{number}/edit")


def test_a_rule_set_is_written_tested_reviewed_and_published_on_pages(rules: Rules) -> None:
    author, reviewer = rules.author, rules.reviewer
    page = author.open("/console/rules").follow("新建规则")
    page = page.press(
        "建立并填写表格",
        name="高龄津贴秒批规则",
        code=CODE,
        purpose="instant",
        department=author.actor.department,
        summary="满八十当场批",
    )
    assert "规则已建立" in page.text
    page = pressed(page, "add-fact")
    page = pressed(page, "add-input", **{"f-0-name": "age", "f-0-type": "number"})
    page = pressed(
        page, "add-row:1", **{"i-0-label": "周岁", "i-0-expression": "age", "i-0-type": "number"}
    )
    page = pressed(
        page,
        "save",
        **{
            "r-0-c-0": ">= 80",
            "r-0-o-0": '"grant"',
            "r-0-o-1": '"满八十"',
            "r-0-law": "老年人权益保障法",
            "r-1-o-0": '"person"',
            "r-1-o-1": '"不满八十"',
        },
    )
    assert "草稿已保存" in page.text
    assert page.errors == {}
    page = page.follow("测试用例")
    page = pressed(page, "add")
    page = pressed(
        page,
        "save",
        **{"t-0-name": "八十五岁", "t-0-fact-age": "85", "t-0-out-decision": "grant"},
    )
    assert "全部通过" in page.text
    page = author.open(f"/console/rules/{CODE}").press("提交审查")
    assert "审查中" in page.text
    page = reviewer.open(f"/console/rules/{CODE}").press("提交审查结论", agree="yes")
    page = page.press("发布", effective_from=f"{datetime.now(LOCAL):%Y-%m-%d}")
    assert "已发布" in page.text
    assert "如果周岁不小于 80，则决定为grant" in page.text
    public = Browser(rules.site.app).open("/rules").follow("高龄津贴秒批规则")
    assert "依据：《老年人权益保障法》" in public.text


def named(outputs: Sequence[rulebook.Output]) -> tuple[rulebook.Output, ...]:
    """Give the decisions names that people use."""
    words = {"grant": "当场批准", "person": "由工作人员审批"}
    return tuple(replace(o, words=words) if o.name == "decision" else o for o in outputs)


def pressed(page: Page, act: str, **fields: Any) -> Page:
    """Press the button of the editor that means an act."""
    button = page.tree.xpath("//button[@name='act' and @value=$act]", act=act)[0]
    [form] = button.iterancestors("form")
    page._browser.client.headers["referer"] = f"http://testserver{page.address}"
    return page._browser.send(form, button, fields)


def test_errors_stand_beside_the_cell_and_nothing_typed_is_lost(rules: Rules) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    page = pressed(
        edited(rules.author), "save", **{"r-0-c-0": ">= ", "r-1-o-1": "100 +", "r-2-note": "兜底"}
    )
    assert set(page.errors) == {"r-0-c-0", "r-1-o-1"}
    assert "第 3 个字处：表达式不完整" in page.errors["r-0-c-0"]
    assert page.value("r-0-c-0") == ">="
    assert page.value("r-2-note") == "兜底"
    page = rules.author.open(f"/console/rules/{CODE}").press("提交审查")
    assert page.status == 422
    assert rules.version().status is rulebook.Status.DRAFT


@pytest.mark.parametrize(
    ("act", "ages"),
    [
        ("copy-row:0", [">= 80", ">= 80", ">= 80", "-"]),
        ("remove-row:1", [">= 80", "-"]),
        ("up:2", [">= 80", "-", ">= 80"]),
        ("down:0", [">= 80", ">= 80", "-"]),
        ("add-row:1", [">= 80", "-", ">= 80", "-"]),
    ],
)
def test_rows_are_copied_moved_inserted_and_removed(
    rules: Rules, act: str, ages: Sequence[str]
) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    pressed(edited(rules.author), act)
    assert [row.conditions[0] for row in rules.sheet().rows] == ages


def test_a_draft_that_somebody_else_changed_is_not_overwritten(rules: Rules) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    old = edited(rules.author)
    pressed(edited(rules.author), "save", **{"r-0-note": "先"})
    page = pressed(old, "save", **{"r-0-note": "后"})
    assert page.status == 409
    assert "已被 郑编目 修改" in page.text
    assert rules.sheet().rows[0].note == "先"


def test_a_file_goes_out_and_comes_back_the_same(rules: Rules) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    file = rules.author.open(f"/console/rules/{CODE}/versions/1/dmn")
    assert "attachment" in file.headers["content-disposition"]
    changed = file.content.replace(b"&gt;= 80", b"&gt;= 70")
    page = edited(rules.author).press("上传", file=("rules.dmn", changed))
    assert "文件已导入" in page.text
    assert [row.conditions[0] for row in rules.sheet().rows] == [">= 70", ">= 70", "-"]
    assert rules.version().tests == TESTS


def test_a_file_that_is_no_dmn_is_refused_with_the_reason(rules: Rules) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    page = edited(rules.author).press("上传", file=("rules.dmn", b"<html/>"))
    assert page.status == 422
    assert "不是 DMN" in page.text


def test_whoever_wrote_it_is_told_that_somebody_else_must_review(rules: Rules) -> None:
    both = rules.site.officer(
        role=["cataloguer", "approver"], name="一人两职", department=rules.author.actor.department
    )
    rules.author = both
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft()
    page = both.open(f"/console/rules/{CODE}").press("提交审查")
    assert "须由另一位有审查权限的人审查" in page.text
    assert "提交审查结论" not in page.buttons()


def test_a_failed_test_shows_what_came_out(rules: Rules) -> None:
    with rules.site.work() as work:
        rules.house(work).made()
    rules.draft(allowance(age="90"))
    page = rules.author.open(f"/console/rules/{CODE}/versions/1/tests")
    assert "2 个没有通过" in page.text
    assert page.errors["t-0-out-decision"] == "实际得出：person"


def test_versions_are_compared_in_words(rules: Rules) -> None:
    rules.published()
    rules.draft(allowance(age="85"))
    page = rules.author.open(f"/console/rules/{CODE}").follow("与生效版本比较")
    assert "第 1 条" in page.text
    assert "80" in page.text
    assert "85" in page.text


def test_instant_approval_is_switched_off_at_once(rules: Rules) -> None:
    rules.published()
    page = rules.reviewer.open(f"/console/rules/{CODE}")
    page = page.press("立即暂停自动审批", switch_reason="户籍接口异常")
    assert "自动审批已暂停，立即生效" in page.text
    with rules.site.work() as work:
        decided = rulebook.instant(
            work,
            item_code=ITEM,
            facts={"age": 85, "household": "city"},
            about=rulebook.About("990100-2406-0000001-0", ITEM),
        )
    assert decided is not None
    assert not decided.granted
    public = Browser(rules.site.app).open(f"/rules/{CODE}")
    assert "现在全部由工作人员审批" in public.text
    assert "户籍接口异常" not in public.text


def test_a_replay_is_asked_for_done_by_the_worker_and_shown_as_a_chart(rules: Rules) -> None:
    rules.published()
    with rules.site.work() as work:
        for age in (79, 85):
            rulebook.instant(
                work,
                item_code=ITEM,
                facts={"age": age, "household": "city"},
                about=rulebook.About(f"990100-2406-00000{age}-0", ITEM, "990100"),
            )
    rules.draft(allowance(age="79"))
    page = rules.author.open(f"/console/rules/{CODE}").follow("用过去的办件回放")
    page = page.press("开始回放", version="2")
    assert "正在回放" in page.text
    while worker.perform_one(rules.site.pool):
        pass
    page = rules.author.open(page.address)
    assert "2 次判定中，1 次会不同" in page.text
    assert "990100-2406-0000079-0" in page.text
    assert "对当事人更有利" in page.text
    widths = [bar.get("width") for bar in page.tree.xpath("//figure/svg/rect")]
    assert widths == ["500.0", "500.0"]
    results = {
        " ".join(pair.find("dt").text_content().split()): [
            (bar.get("width"), line.text_content().split()[-1])
            for line in pair.findall("dd")
            for bar in line.iter("rect")
        ]
        for pair in page.tree.xpath("//dl[@class='pairs']/div")
    }
    assert results == {
        "grant": [("50.0", "1"), ("100.0", "2")],
        "person": [("50.0", "1"), ("0.0", "0")],
    }


def test_rules_are_bound_to_services_that_exist_and_that_the_author_answers_for(
    rules: Rules,
) -> None:
    rules.published()
    with rules.site.given() as given:
        ours = given.item(name="高龄津贴申领", short_name="高龄津贴")
        elsewhere = given.department(name="海州市教育局")
        theirs = given.item(department=elsewhere.code, department_name=elsewhere.name)
    page = rules.author.open(f"/console/rules/{CODE}")

    wrong = page.press("让这个事项使用本规则", item_code="no-such-item")
    assert (wrong.status, wrong.errors["item_code"]) == (422, "没有编码为“no-such-item”的事项")
    assert page.press("让这个事项使用本规则", item_code=theirs.code).status == 403

    page = page.press("让这个事项使用本规则", item_code=ours.code)
    assert page.link("高龄津贴申领") == f"/items/{ours.code}"


def test_test_cases_are_read_in_the_words_of_the_table(rules: Rules) -> None:
    rules.published(replace(allowance(), outputs=named(allowance().outputs)))
    page = rules.reviewer.open(f"/console/rules/{CODE}/versions/1/tests")
    assert "决定：当场批准" in page.text
    assert "grant" not in page.text


def test_the_public_page_shows_the_history_and_no_draft(rules: Rules) -> None:
    rules.published()
    rules.draft(allowance(amount="999"))
    page = Browser(rules.site.app).open(f"/rules/{CODE}")
    assert "第 1 版" in page.text
    assert "999" not in page.text
    assert "一律由工作人员审批，系统不会自动拒绝" in page.text
    assert Browser(rules.site.app).open("/rules/none").status == 404


def test_risk_rules_are_not_public(rules: Rules) -> None:
    with rules.site.work() as work:
        house = rules.house(work)
        house.made(purpose=rulebook.Purpose.RISK)
    assert Browser(rules.site.app).open(f"/rules/{CODE}").status == 404


def test_others_may_not_look_or_write(rules: Rules) -> None:
    rules.published()
    with rules.site.given() as given:
        elsewhere = given.department(name="海州市教育局").code
    stranger = rules.site.officer(role="cataloguer", department=elsewhere)
    assert stranger.open(f"/console/rules/{CODE}").status == 403
    assert CODE not in stranger.open("/console/rules").text
    assert Browser(rules.site.app).open("/console/rules").address.startswith("/sign-in")


def test_settings_are_the_reviewers(rules: Rules) -> None:
    rules.published()
    assert "保存设置" not in rules.author.open(f"/console/rules/{CODE}").buttons()
    page = rules.reviewer.open(f"/console/rules/{CODE}")
    wrong = page.press("保存设置", limits="amount 很多")
    assert wrong.status == 422
    assert "第 1 行应为" in wrong.text
    page.press("保存设置", limits="amount 600 每月津贴", share="5")
    with rules.site.work() as work:
        found = rulebook.rule_set(work, code=CODE)
    assert [str(limit.most) for limit in found.limits] == ["600"]
    assert str(found.share_rechecked.normalize()) == "0.05"
