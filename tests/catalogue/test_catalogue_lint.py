"""The linter: each rule finds what it is for, and nothing in an item that is in order."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from conftest import beside
from tongban import catalogue
from tongban.catalogue import (
    LINT_RULES,
    Audience,
    Channels,
    Choice,
    Code,
    Faq,
    Fee,
    Handling,
    Item,
    Limit,
    Material,
    Offers,
    Question,
    Result,
    Scenario,
    Severity,
    Step,
    Unit,
    lint,
)
from tongban.catalogue.commands.lint import count_findings
from tongban.catalogue.subscribers import look_over, schedule_linting
from tongban.foundation import jobs
from tongban.foundation.work import Work

GOOD = Item(
    code="L-1",
    name="食品经营许可（新办）",
    department="D-1",
    department_name="云江市市场监督管理局",
    region="990100",
    region_name="试验省云江市",
    everyday_words=("开饭店",),
    kind="01",
    kind_name="行政许可",
    service_object="自然人|企业法人",
    statutory=Limit(20),
    promised=Limit(5),
    visits=0,
    online_apply=True,
    conditions="有与经营的食品品种、数量相适应的场所。",
    materials=(Material("m1", "食品经营许可申请书"), Material("m2", "营业场所平面图")),
    steps=tuple(
        Step(name, Limit(days), "材料齐全")
        for name, days in (("受理", 1), ("审查", 2), ("决定", 1), ("颁证与送达", 1))
    ),
    legal_basis=(catalogue.Basis("中华人民共和国食品安全法"),),
    results=(Result("食品经营许可证", "证照", has_sample=True),),
    faq=(Faq("要多久？", "五个工作日。"),),
    channels=Channels(
        forms=("窗口办理", "网上办理"),
        address="云江市和平路1号政务服务中心3号窗口",
        hours="工作日 9:00-17:00",
        consult="0000-2880001",
        complaint="0000-2880002",
        complaint_address="云江市和平路2号",
        online=True,
    ),
    themes=("准营准办",),
)


def channels(**changes: Any) -> dict[str, Any]:
    return {"channels": replace(GOOD.channels, **changes)}


# The rule that must be broken, and how.
def usual(*cases: tuple[str, dict[str, str]]) -> dict[str, Any]:
    """A service that asks who applies, with usual cases of these names and answers."""
    who = Question("who", "谁来申请？", (Choice("self", "本人"), Choice("other", "代办")))
    scenarios = [Scenario(f"s{n}", title, answers) for n, (title, answers) in enumerate(cases)]
    return {"questions": (who,), "scenarios": tuple(scenarios)}


BAD: list[tuple[str, dict[str, Any]]] = [
    ("limits.missing", {"statutory": None, "promised": None, "steps": ()}),
    ("limits.no_promise", {"promised": None}),
    ("limits.promise_over_statute", {"promised": Limit(21)}),
    ("limits.instant_takes_days", {"handling": Handling.INSTANT, "promised": Limit(5)}),
    ("limits.instant_takes_days", {"handling": Handling.INSTANT, "promised": Limit(1, Unit.MONTH)}),
    ("limits.committed_at_once", {"promised": Limit(30, Unit.MINUTE)}),
    ("steps.missing", {"steps": ()}),
    ("steps.names_only", {"steps": tuple(replace(s, standard="") for s in GOOD.steps)}),
    ("steps.incomplete_permit", {"steps": GOOD.steps[:2]}),
    ("steps.over_promise", {"promised": Limit(4)}),
    ("results.missing", {"results": ()}),
    ("results.no_kind", {"results": (Result("许可证", has_sample=True),)}),
    ("results.other_kind", {"results": (Result("关于同意的批复", "证照", has_sample=True),)}),
    ("results.other_kind", {"results": (Result("残疾人证", "批文", has_sample=True),)}),
    ("results.other_kind", {"results": (Result("缴费凭证", "证照", has_sample=True),)}),
    ("results.no_sample", {"results": (Result("食品经营许可证", "证照"),)}),
    ("channels.no_consult", channels(consult="详见官网")),
    ("channels.no_complaint", channels(complaint="")),
    ("channels.same_telephone", channels(complaint="投诉：0000-2880001")),
    ("channels.no_area_code", channels(consult="2880001")),
    ("channels.no_address", channels(address="")),
    ("channels.no_consult_address", channels(address="")),
    ("channels.no_complaint_address", channels(complaint_address=" ")),
    ("channels.vague_address", channels(address="云江市和平路")),
    ("channels.vague_hours", channels(hours="9:00-17:00")),
    ("channels.no_hours", channels(hours="")),
    ("channels.no_visits", {"visits": None}),
    ("channels.visits_unexplained", {"visits": 1}),
    ("channels.reason_without_visit", {"visits_reason": "核验原件"}),
    ("channels.no_way_in", {"online_apply": False, **channels(online=False, forms=("窗口办理",))}),
    ("channels.online_yet_visits", {"online_depth": 4, "visits": 1, "visits_reason": "取证"}),
    ("fees.missing", {"charged": True}),
    ("fees.no_standard", {"charged": True, "fees": (Fee("证照工本费", basis="财综〔2012〕1号"),)}),
    ("fees.no_basis", {"charged": True, "fees": (Fee("证照工本费", "10元/本"),)}),
    ("fees.online_unsaid", {"charged": True, "fees": (Fee("工本费", "10元", basis="依据"),)}),
    ("fees.paid_though_free", {"charged": False, "offers": Offers(pay_online=True)}),
    ("basics.no_kind", {"kind": ""}),
    ("basics.code_form", {"codes": (Code("basic_code", "0001"),)}),
    ("basics.no_everyday_words", {"everyday_words": ()}),
    ("basics.no_theme", {"themes": ("其他",)}),
    ("basics.theme_of_others", {"audience": Audience.BUSINESS, "themes": ("生育收养",)}),
    ("basics.theme_of_others", {"audience": Audience.PERSON, "themes": ("税收财务",)}),
    ("basics.audience_unlike_objects", {"audience": Audience.PERSON}),
    ("conditions.missing", {"conditions": " "}),
    ("conditions.elsewhere", {"conditions": "详见相关法律法规。"}),
    ("materials.missing", {"materials": ()}),
    ("materials.vague", {"materials": (Material("m", "其他相关材料"),)}),
    ("materials.vague", {"materials": (Material("m", "法律、法规规定的其他材料"),)}),
    ("materials.twice", {"materials": (Material("m1", "申请书"), Material("m2", "申请书"))}),
    (
        "materials.government_holds",
        {"materials": (Material("m", "营业执照", source="政府部门核发", shareable=True),)},
    ),
    (
        "materials.all_required",
        {"materials": (Material("m1", "身份证或者护照"), Material("m2", "申请书"))},
    ),
    ("basis.missing", {"legal_basis": ()}),
    ("questions.none_for_permit", {"faq": ()}),
    ("scenarios.twice", usual(("代办", {"who": "other"}), ("代办", {"who": "self"}))),
    ("scenarios.unknown_question", usual(("代办", {"where": "other"}))),
    ("scenarios.unknown_answer", usual(("代办", {"who": "nobody"}))),
    ("scenarios.no_answer", usual(("代办", {}))),
]  # fmt: skip


def test_usual_cases_in_order_have_no_findings() -> None:
    asked = usual(("自己办", {"who": "self"}), ("请人代办", {"who": "other"}))
    assert lint(replace(GOOD, **asked)) == ()


def test_an_item_in_order_has_no_findings() -> None:
    assert [str(finding) for finding in lint(GOOD)] == []


@pytest.mark.parametrize(
    ("rule", "changes"), BAD, ids=[f"{i}-{bad[0]}" for i, bad in enumerate(BAD)]
)
def test_a_rule_finds_what_it_is_for(rule: str, changes: dict[str, Any]) -> None:
    found = [finding for finding in lint(replace(GOOD, **changes)) if finding.rule == rule]

    assert found
    for finding in found:
        known = LINT_RULES[rule]
        assert (finding.severity, finding.section) == (known.severity, known.section)
        assert "{" not in str(finding)
        assert finding.said("en") != str(finding)


def test_every_rule_is_proved_by_an_example() -> None:
    assert {rule for rule, _ in BAD} == set(LINT_RULES)


def test_errors_come_first() -> None:
    found = lint(Item("c", "名称", "d", "部门", "990100", "云江市"))
    order = [list(Severity).index(finding.severity) for finding in found]
    assert order == sorted(order)
    assert {one.severity for one in catalogue.lint_errors(found)} == {Severity.ERROR}


@pytest.mark.parametrize(
    "changes",
    [
        {"handling": Handling.INSTANT, "promised": Limit(1), "steps": ()},
        {"statutory": Limit(30, Unit.DAY), "promised": Limit(25)},  # Of different units.
        {"promised": Limit(4), "steps": tuple(replace(s, counted=False) for s in GOOD.steps)},
        channels(consult="0000-12345", complaint="0000-12345"),  # The hotline of the city.
        channels(address="无线下办理窗口", hours=""),
        {"visits": 0, "online_apply": False, **channels(online=False, forms=("快递申请",))},
    ],
)  # fmt: skip
def test_what_is_right_is_not_called_wrong(changes: dict[str, Any]) -> None:
    found = [one.rule for one in lint(replace(GOOD, **changes))]
    assert [rule for rule in found if rule != "steps.missing"] == []


@for_all(
    st.builds(
        replace,
        st.just(GOOD),
        name=st.text(),
        conditions=st.text(),
        promised=st.none() | st.builds(Limit, st.integers(0, 9), st.sampled_from(Unit)),
        channels=st.builds(
            Channels, address=st.text(), hours=st.text(), consult=st.text("0123-、 ")
        ),
        materials=st.lists(st.builds(Material, st.text(), st.text())).map(tuple),
        service_object=st.text(),
    )
)
def test_any_item_can_be_looked_at(item: Item) -> None:
    assert lint(item) == lint(item)
    for finding in lint(item):
        assert finding.said("zh-CN") == str(finding)


def once(work: Work) -> Any:
    @contextmanager
    def opened() -> Iterator[Work]:
        with work.savepoint():
            yield work

    def open_work() -> AbstractContextManager[Work]:
        return opened()

    return open_work


def test_the_whole_catalogue_is_looked_over_and_counted_by_department_and_day(work: Work) -> None:
    other = replace(GOOD, code="L-2", department="D-2", department_name="云江市民政局", faq=())
    catalogue.publish_all(work, items=[GOOD, other, replace(GOOD, code="L-3", promised=Limit(21))])

    report = catalogue.lint_catalogue(once(work))
    catalogue.lint_catalogue(once(work))  # Twice on one day counts once.

    assert (report.items, report.with_errors) == (3, 1)
    assert report.rules == {"questions.none_for_permit": 1, "limits.promise_over_statute": 1}
    day = catalogue.last_linted(work)
    assert day == work.today
    counted = catalogue.linted_departments(work, day=day)
    assert [(one.department, one.items, one.errors, one.warnings) for one in counted] == [
        ("D-1", 2, 1, 0),
        ("D-2", 1, 0, 1),
    ]
    broken = catalogue.broken_rules(work, day=day, departments=["D-2"])
    assert [(one.rule, one.items) for one in broken] == [("questions.none_for_permit", 1)]
    [line] = catalogue.linted_items(
        work, rule="limits.promise_over_statute", departments=["D-1", "D-2"]
    ).rows
    assert (line.code, line.errors) == ("L-3", 1)


def test_places_have_sums_of_their_own(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [("L-1", "D-1", "990100"), ("L-2", "D-2", "990100"), ("L-3", "D-2", "880100")]
    for code, department, region in told:
        catalogue.publish(
            work, item=replace(GOOD, code=code, department=department, region=region, faq=())
        )
    catalogue.lint_catalogue(once(work))

    def counted(*regions: str, departments: tuple[str, ...] = ()) -> int:
        [day] = catalogue.linted_days(
            work, since=work.today, departments=departments, regions=regions
        )
        rules = catalogue.broken_rules(
            work, day=work.today, departments=departments, regions=regions
        )
        assert [one.items for one in rules] == [day.warnings] == [day.items]
        return day.items

    assert counted("") == 3
    assert counted("99") == counted("990100") == 2
    assert counted("88", departments=("D-1",)) == 2
    for rare in (0, 20_000):  # Whether it is sought by the rule or place by place.
        monkeypatch.setattr("tongban.catalogue.queries.lint.RARE", rare)
        seen: list[str] = []
        page = None
        while page is None or page.following:
            page = catalogue.linted_items(
                work,
                rule="questions.none_for_permit",
                departments=("D-1",),
                regions=("88", "99"),
                after=page.following if page else "",
                size=1,
            )
            seen += [line.code for line in page.rows]
        assert seen == ["L-3", "L-1", "L-2"]
    assert {one.department for one in catalogue.linted_departments(work, day=work.today)} == {
        "D-1",
        "D-2",
    }


def test_what_was_put_right_is_gone_on_the_next_day(work: Work) -> None:
    catalogue.publish(work, item=replace(GOOD, faq=()))
    catalogue.lint_catalogue(once(work))
    yesterday = work.today
    work.now += timedelta(days=1)
    catalogue.publish(work, item=GOOD)
    catalogue.lint_catalogue(once(work))

    days = catalogue.linted_days(work, since=date(2024, 1, 1), departments=["D-1"])
    assert [(one.day, one.items, one.warnings) for one in days] == [
        (yesterday, 1, 1),
        (work.today, 1, 0),
    ]


def test_every_night_the_job_looks_over_all_and_asks_for_the_next_night(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongban.catalogue.commands.lint.BATCH", 2)
    catalogue.publish_all(work, items=[replace(GOOD, code=f"L-{i}") for i in range(5)])
    schedule_linting(work)
    work.run("delete from foundation.job where kind <> 'catalogue.lint'")
    work.now += timedelta(days=1)

    steps = 0
    while taken := jobs.take(work):
        jobs.perform(work, taken)
        steps += 1

    assert steps == 3
    [counted] = catalogue.linted_departments(work, day=work.today)
    assert counted.items == 5
    [waiting] = [one for one in jobs.unfinished(work) if one.kind == "catalogue.lint"]
    assert timedelta(0) < waiting.due_at - work.now < timedelta(days=1)
    assert look_over is not count_findings


def test_the_real_items_have_the_flaws_that_are_known_of_them() -> None:
    mapping = catalogue.shipped_mapping("guangdong-csv")
    from tongban.catalogue.adapters.entries import mapped_rows
    from tongban.catalogue.adapters.offer import placed

    items = [
        placed(entry.text, entry.offer, department="d", region=("440000", entry.offer.region))
        for entry in mapped_rows(beside("data/items_guangdong.csv"), mapping)
        if entry.offer and entry.text
    ]
    broken = [{finding.rule for finding in lint(item)} for item in items]
    assert sum("limits.missing" in rules for rules in broken) == 512
    assert sum("basics.code_form" in rules for rules in broken) == 6
