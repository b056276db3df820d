"""Rules about time limits, steps and results. Pure."""

import re
from collections.abc import Iterator

from tongban.catalogue.model.coded import Handling, Limit, Unit
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.lint.finding import Place, Section, Severity, rule

PERMIT = "01"
_WORKING_HOURS = 8
# Which kind of result a name speaks of; the first that fits counts.
_NAMED_KINDS = (
    (re.compile(r"批复|批文"), "批文"),
    (re.compile(r"凭证|证明"), "证明"),
    (re.compile(r"证书|证$"), "证照"),
    (re.compile(r"文$"), "批文"),
)
_NOTHING = frozenset({"", "无", "暂无", "/"})
_STAGES = {
    "受理": re.compile(r"受理|收件"),
    "审查": re.compile(r"审核|审查|初审|复审|核验"),
    "决定": re.compile(r"审批|决定|批准|核准"),
    "办结或送达": re.compile(r"办结|送达|颁证|发证|取证|出件"),
}


@rule(
    "limits.missing",
    Severity.ERROR,
    Section.LIMITS,
    "没有写明办理时限",
)
def _missing(item: Item) -> Iterator[Place]:
    if item.promised is None and item.statutory is None:
        yield "promised", {}


@rule(
    "limits.no_promise",
    Severity.WARNING,
    Section.LIMITS,
    "有法定时限（{statutory}），没有承诺时限",
    title="有法定时限，没有承诺时限",
)
def _no_promise(item: Item) -> Iterator[Place]:
    if item.promised is None and item.statutory is not None:
        yield "promised", {"statutory": item.statutory}


@rule(
    "limits.promise_over_statute",
    Severity.ERROR,
    Section.LIMITS,
    "承诺时限（{promised}）长于法定时限（{statutory}）",
    title="承诺时限长于法定时限",
)
def _promise_over_statute(item: Item) -> Iterator[Place]:
    promised, statutory = item.promised, item.statutory
    if promised is None or statutory is None or promised.unit is not statutory.unit:
        return
    if promised.amount > statutory.amount:
        yield "promised", {"promised": promised, "statutory": statutory}


@rule(
    "limits.instant_takes_days",
    Severity.ERROR,
    Section.LIMITS,
    "即办件的承诺时限是{promised}：即办件应当场或当日办结，否则应为承诺件",
    title="即办件承诺多日办结",
)
def _instant_takes_days(item: Item) -> Iterator[Place]:
    if item.handling is Handling.INSTANT and item.promised and not _within_a_day(item.promised):
        yield "promised", {"promised": item.promised}


@rule(
    "limits.committed_at_once",
    Severity.HINT,
    Section.LIMITS,
    "承诺时限是{promised}，可以改为即办件",
    title="当日办结的承诺件",
)
def _committed_at_once(item: Item) -> Iterator[Place]:
    promised = item.promised
    if item.handling is not Handling.COMMITTED or promised is None:
        return
    by_the_clock = promised.unit in (Unit.HOUR, Unit.MINUTE)
    if promised.amount == 0 or (by_the_clock and _within_a_day(promised)):
        yield "handling", {"promised": promised}


@rule(
    "steps.missing",
    Severity.WARNING,
    Section.STEPS,
    "没有办理流程",
)
def _no_steps(item: Item) -> Iterator[Place]:
    if not item.steps:
        yield "steps", {}


@rule(
    "steps.names_only",
    Severity.WARNING,
    Section.STEPS,
    "办理流程只有环节名称，没有审查标准",
)
def _names_only(item: Item) -> Iterator[Place]:
    if item.steps and not any(step.standard.strip() for step in item.steps):
        yield "steps", {}


@rule(
    "steps.incomplete_permit",
    Severity.WARNING,
    Section.STEPS,
    "行政许可的办理流程应有受理、审查、决定、办结或送达，缺少：{stages}",
    title="行政许可的办理流程缺环节",
)
def _incomplete_permit(item: Item) -> Iterator[Place]:
    if item.kind != PERMIT or not item.steps:
        return
    names = "；".join(step.name for step in item.steps)
    missing = [stage for stage, pattern in _STAGES.items() if not pattern.search(names)]
    if missing:
        yield "steps", {"stages": "、".join(missing)}


@rule(
    "steps.over_promise",
    Severity.ERROR,
    Section.STEPS,
    "各环节时限合计{total}，超过承诺时限（{promised}）",
    title="各环节时限合计超过承诺时限",
)
def _over_promise(item: Item) -> Iterator[Place]:
    limits = [step.limit for step in item.steps if step.limit and step.counted]
    promised = item.promised
    if not promised or not limits or any(limit.unit is not promised.unit for limit in limits):
        return
    total = Limit(sum(limit.amount for limit in limits), promised.unit)
    if total.amount > promised.amount:
        yield "steps", {"total": total, "promised": promised}


@rule(
    "results.missing",
    Severity.HINT,
    Section.RESULTS,
    "没有写明办理结果",
)
def _no_result(item: Item) -> Iterator[Place]:
    if not item.results:
        yield "results", {}


@rule(
    "results.no_kind",
    Severity.WARNING,
    Section.RESULTS,
    "结果“{name}”没有类型",
    title="结果没有类型",
)
def _no_kind(item: Item) -> Iterator[Place]:
    for i, result in enumerate(item.results):
        if result.name.strip() not in _NOTHING and not result.kind:
            yield f"results[{i}].kind", {"name": result.name}


@rule(
    "results.other_kind",
    Severity.WARNING,
    Section.RESULTS,
    "结果“{name}”的类型是“{kind}”，从名称看应为“{named}”",
    title="结果名称与类型不符",
)
def _other_kind(item: Item) -> Iterator[Place]:
    for i, result in enumerate(item.results):
        named = next((kind for said, kind in _NAMED_KINDS if said.search(result.name)), "")
        if result.kind and named and named != result.kind:
            yield (
                f"results[{i}].kind",
                {"name": result.name, "kind": result.kind, "named": named},
            )


@rule(
    "results.no_sample",
    Severity.WARNING,
    Section.RESULTS,
    "结果“{name}”没有样本",
    title="结果没有样本",
)
def _no_sample(item: Item) -> Iterator[Place]:
    for i, result in enumerate(item.results):
        if result.name.strip() not in _NOTHING and not (result.has_sample or result.sample):
            yield f"results[{i}].sample", {"name": result.name}


def _within_a_day(limit: Limit) -> bool:
    match limit.unit:
        case Unit.MINUTE:
            return limit.amount <= _WORKING_HOURS * 60
        case Unit.HOUR:
            return limit.amount <= _WORKING_HOURS
        case Unit.MONTH:
            return limit.amount == 0
    return limit.amount <= 1
