"""The house of rules for a test: those who write and review, and a small table."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from given import Given
from tongban import rulebook
from tongban.foundation.actor import Actor
from tongban.foundation.work import Work
from tongban.rules import HitPolicy

ITEM = "HZ-001"


def allowance(*, amount: str = "100", age: str = "80") -> rulebook.Sheet:
    """Grants an allowance from an age on, to residents of the city or of five years."""
    grant = ('"grant"', amount, '"符合年龄和居住条件"')
    return rulebook.Sheet(
        "高龄津贴",
        (
            rulebook.Term("age", "周岁", "number"),
            rulebook.Term("household", "户口", "string"),
            rulebook.Term("years", "居住年数", "number"),
        ),
        (
            rulebook.Input("周岁", "age", "number"),
            rulebook.Input("户口", "household", "string", '"city", "outside"'),
            rulebook.Input("居住年数", "years", "number"),
        ),
        (
            rulebook.Output("决定", "decision", "string", '"grant", "person"'),
            rulebook.Output("金额", "amount", "number"),
            rulebook.Output("理由", "reason", "string"),
        ),
        (
            rulebook.Row((f">= {age}", '"city"', "-"), grant, "老年人权益保障法", "第三十三条"),
            rulebook.Row((f">= {age}", '"outside"', ">= 5"), grant, "津贴办法", "第三条"),
            rulebook.Row(("-", "-", "-"), ('"person"', "0", '"由工作人员核实"')),
        ),
        HitPolicy.FIRST,
    )


TESTS = (
    rulebook.TestCase("本市老人", {"age": 85, "household": "city"}, {"decision": "grant"}),
    rulebook.TestCase("不知道户口", {"age": 85}, to_a_person=True),
)


@dataclass
class House:
    """One department with an author, a reviewer, and a rule set for instant approval."""

    work: Work
    author: Actor
    reviewer: Actor
    code: str = "HZ-allowance"

    @classmethod
    def of(cls, work: Work, given: Given) -> "House":
        author = given.officer(role="cataloguer", name="郑编目")
        reviewer = given.officer(role="approver", name="钱局长", department=author.department)
        return cls(work, author, reviewer)

    def rule_set(self, **changes: Any) -> rulebook.RuleSet:
        plain: dict[str, Any] = {
            "code": self.code,
            "name": "高龄津贴秒批规则",
            "purpose": rulebook.Purpose.INSTANT,
            "department": self.author.department,
            "department_name": "海州市民政局",
            "region": "990100",
            "favour": rulebook.Favour("decision", ("person", "grant")),
        }
        return rulebook.RuleSet(**plain | changes)

    def made(self, **changes: Any) -> rulebook.RuleSet:
        with self.work.acting_as(self.author):
            made = rulebook.add_rule_set(self.work, rule_set=self.rule_set(**changes))
            rulebook.bind(self.work, code=made.code, item_code=ITEM)
        return made

    def draft(self, sheet: rulebook.Sheet | None = None) -> rulebook.Version:
        with self.work.acting_as(self.author):
            draft = rulebook.begin_version(self.work, code=self.code, sheet=sheet or allowance())
            return rulebook.save_draft(self.work, version=draft, tests=TESTS)

    def approved(self, sheet: rulebook.Sheet | None = None) -> rulebook.Version:
        draft = self.draft(sheet)
        with self.work.acting_as(self.author):
            rulebook.submit_version(self.work, code=self.code, version=draft.version)
        with self.work.acting_as(self.reviewer):
            rulebook.review_version(self.work, code=self.code, version=draft.version, agree=True)
        return draft

    def published(
        self, sheet: rulebook.Sheet | None = None, *, since: date | None = None
    ) -> rulebook.Version:
        approved = self.approved(sheet)
        with self.work.acting_as(self.reviewer):
            rulebook.publish_version(
                self.work,
                code=self.code,
                version=approved.version,
                effective_from=since or self.work.today,
            )
        return rulebook.version(self.work, code=self.code, version=approved.version)
