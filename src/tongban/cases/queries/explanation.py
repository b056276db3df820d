"""Which rules decided what about a case, by which facts from where: for officers and applicants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban import catalogue, rulebook
from tongban.cases.model import Case, form
from tongban.cases.queries.case import case as one_case
from tongban.cases.queries.ruled import instant, scenario
from tongban.cases.words import Sentence
from tongban.foundation.actor import Kind
from tongban.foundation.work import Work
from tongban.rulebook import Purpose

# What is for officers is not told to applicants: risks never, discretion once it is decided.
_TOLD = frozenset({Purpose.ELIGIBILITY, Purpose.SCENARIO, Purpose.INSTANT})
_SOURCES = {
    "applicant": "申请人填写",
    "case": "办件",
    "holder.name": "身份信息",
    "holder.id_number": "身份信息",
    "holder.telephone": "申请人的资料",
    "holder.address": "申请人的资料",
    "holder.credit_code": "登记信息",
    "holder.legal_representative": "登记信息",
}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact that rules used. ``source`` is a catalogue key; ``as_of`` when it was read there."""

    label: str
    text: str
    source: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One evaluation of rules, in words.

    ``laws`` are the provisions behind the rules that applied, as they are quoted.
    """

    purpose: Purpose
    rule_set_code: str
    rule_set_name: str
    version: int
    at: datetime
    said: tuple[Sentence, ...]
    laws: tuple[str, ...]
    facts: tuple[FactLine, ...]

    @property
    def title(self) -> str:
        """What it was about, as a catalogue key."""
        return rulebook.PURPOSE_NAMES[self.purpose]

    @property
    def public(self) -> bool:
        """Tell whether everybody can read the rules. Those on risks would help to avoid them."""
        return self.purpose is not Purpose.RISK


def explanation(work: Work, *, number: str) -> list[Explanation]:
    """Return what rules have said about a case, the oldest first.

    Officers see all, personal facts masked; the holder what concerns them, in the clear.

    :raises Forbidden: for who knows no more than the query code.
    """
    case = one_case(work, number=number)
    if work.actor.kind is Kind.CASE:
        work.actor.must("cases.read")
    to_officer = work.actor.kind in (Kind.OFFICER, Kind.SYSTEM)
    told = set(Purpose) if to_officer else _TOLD
    if case.decided:
        told = told | {Purpose.DISCRETION}
    records = rulebook.evaluations_of(work, number=case.number)
    sets = {
        code: rulebook.rule_set(work, code=code)
        for code in dict.fromkeys(record.rule_set_code for record in records)
    }
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    return [
        Explanation(
            sets[record.rule_set_code].purpose,
            record.rule_set_code,
            sets[record.rule_set_code].name,
            record.version,
            record.evaluated_at,
            _said(work, case, sets[record.rule_set_code].purpose, record.outcome, item),
            tuple(dict.fromkeys(filter(None, map(rulebook.basis, record.outcome.fired)))),
            tuple(_facts(item, record.outcome.facts, mask=to_officer)),
        )
        for record in records
        if sets[record.rule_set_code].purpose in told
    ]


def _said(
    work: Work, case: Case, purpose: Purpose, outcome: rulebook.Outcome, item: catalogue.Item
) -> tuple[Sentence, ...]:
    match purpose:
        case Purpose.SCENARIO:
            return tuple(_scenario(work, case, item))
        case Purpose.INSTANT:
            return tuple(_instant(work, case))
        case Purpose.DISCRETION:
            return (_discretion(outcome),)
        case Purpose.RISK:
            rows = [(row.get("risk"), row.get("level")) for row in outcome.rows()]
            found = [Sentence("{risk}（{level}）", {"risk": r, "level": v}) for r, v in rows if r]
            return tuple(found) or (Sentence("没有发现风险"),)
        case _:
            return tuple(_plain(str(row.get("reason") or "")) for row in outcome.rows())


def _scenario(work: Work, case: Case, item: catalogue.Item) -> list[Sentence]:
    found = scenario(work, number=case.number)
    if found is None:
        return []
    names = [material.name for material in item.materials if material.key in found.needed]
    said = [Sentence("需要的材料：{names}", {"names": "、".join(names)})] if names else []
    if found.fee is not None:
        said.append(Sentence("费用：{yuan} 元", {"yuan": f"{found.fee / 100:.2f}"}))
    return said + [_plain(note) for note in found.notes]


def _instant(work: Work, case: Case) -> list[Sentence]:
    found = instant(work, number=case.number)
    if found is None:
        return []
    first = "符合条件，当场准予" if found.granted else "没有自动作出决定，由工作人员办理"
    return [Sentence(first), *(Sentence(r.message, r.details) for r in found.reasons)]


def _discretion(outcome: rulebook.Outcome) -> Sentence:
    if outcome.to_a_person or len(outcome.fired) != 1:
        return Sentence("没有一行裁量基准确定适用")
    row = outcome.fired[0].results
    return Sentence(
        "适用第 {row} 行“{grade}”：{least} 至 {most} {unit}",
        {
            "row": outcome.fired[0].number,
            "grade": row.get("grade") or "",
            "least": row.get("least") if row.get("least") is not None else "—",
            "most": row.get("most") if row.get("most") is not None else "—",
            "unit": row.get("unit") or "",
        },
    )


def _plain(text: str) -> Sentence:
    """The words of an author are no template: braces in them stand for themselves."""
    return Sentence("{text}", {"text": text})


def _facts(
    item: catalogue.Item, facts: Mapping[str, rulebook.Fact], *, mask: bool
) -> list[FactLine]:
    answers = {key: fact.value for key, fact in facts.items()}
    shown = {a.key: (a.label, a.text) for a in form.shown(item.form, answers, mask=mask)}
    for question in item.questions:
        titles = {choice.key: choice.title for choice in question.choices}
        if question.key in facts and question.key not in shown:
            chosen = str(facts[question.key].value)
            shown[question.key] = question.title, titles.get(chosen, chosen)
    return [
        FactLine(
            *shown.get(key, (key, str(fact.value))),
            _SOURCES.get(fact.source, "登记簿" if "." in fact.source else fact.source),
            fact.as_of,
        )
        for key, fact in facts.items()
    ]
