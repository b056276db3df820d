"""Planting whole rule sets from files: tables with tests, as provinces give them to cities."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from tongban import identity
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work
from tongban.rulebook.commands import review, write
from tongban.rulebook.model.rule_set import Favour, Limit, Purpose, RuleSet, TestCase
from tongban.rulebook.model.sheet import Input, Output, Row, Sheet, Term
from tongban.rulebook.queries import rule_sets
from tongban.rules import HitPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A rule in a file: ``when`` and ``then`` hold FEEL by input label and output name."""

    when: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)
    law: str = ""
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecord:
    """A rule set in a file. ``author`` and ``reviewer`` are the logins of two officers."""

    code: str
    name: str
    purpose: Purpose
    department: str
    author: str
    reviewer: str
    effective_from: date
    facts: list[Term]
    inputs: list[Input]
    outputs: list[Output]
    rules: list[TableRow]
    tests: list[TestCase]
    items: list[str] = field(default_factory=list)
    summary: str = ""
    policy: HitPolicy = HitPolicy.FIRST
    favour: Favour = field(default_factory=Favour)
    limits: list[Limit] = field(default_factory=list)
    share_rechecked: float = 0


def import_table(work: Work, record: Mapping[str, Any]) -> bool:
    """Make, review and publish a rule set from a record, by the acts of two officers.

    Only the system may: it lets the two named officers act, each within what they may do. Returns
    False when a rule set of this code exists: what officials have begun to keep is theirs.

    :raises Invalid: if the record has another shape, a cell is faulty or a test does not pass.
    """
    work.actor.must("rulebook.import")
    try:
        table = msgspec.convert(record, TableRecord)
    except msgspec.ValidationError as error:
        raise Invalid(Problem("record", "规则文件的格式不对：{why}", {"why": error})) from None
    try:
        rule_sets.rule_set(work, code=table.code)
    except NotFound:
        _plant(work, table)
        return True
    return False


def _plant(work: Work, table: TableRecord) -> None:
    author, reviewer = _officer(work, table.author), _officer(work, table.reviewer)
    unit = identity.department(work, code=table.department)
    rule_set = RuleSet(
        table.code,
        table.name,
        table.purpose,
        unit.code,
        unit.name,
        unit.region,
        summary=table.summary,
        favour=table.favour,
        limits=tuple(table.limits),
        share_rechecked=Decimal(str(table.share_rechecked)),
    )
    with work.acting_as(author):
        write.add_rule_set(work, rule_set=rule_set)
        draft = write.begin_version(work, code=table.code, sheet=_sheet(table))
        draft = write.save_draft(work, version=draft, tests=table.tests)
        for item_code in table.items:
            write.bind(work, code=table.code, item_code=item_code)
        review.submit_version(work, code=table.code, version=1)
    with work.acting_as(reviewer):
        review.review_version(work, code=table.code, version=1, agree=True)
        day = max(table.effective_from, work.today)
        review.publish_version(work, code=table.code, version=1, effective_from=day)


def _officer(work: Work, login: str) -> Actor:
    found = next((one for one in identity.officers(work) if one.login == login), None)
    if found is None:
        raise Invalid(Problem("author", "没有登录名为“{login}”的账号", {"login": login}))
    return identity.actor(work, id=found.id)


def _sheet(table: TableRecord) -> Sheet:
    labels, names = [i.label for i in table.inputs], [o.name for o in table.outputs]
    wrong = [
        Problem(
            f"r-{at}", "第 {number} 条规则用了没有的列“{name}”", {"number": at + 1, "name": name}
        )
        for at, row in enumerate(table.rules)
        for name in (*row.when, *row.then)
        if name not in (*labels, *names)
    ]
    if wrong:
        raise Invalid(*wrong)
    return Sheet(
        table.name,
        tuple(table.facts),
        tuple(table.inputs),
        tuple(table.outputs),
        tuple(
            Row(
                tuple(row.when.get(label, "-") for label in labels),
                tuple(row.then.get(name, "null") for name in names),
                row.law,
                row.clause,
                row.note,
            )
            for row in table.rules
        ),
        table.policy,
    )
