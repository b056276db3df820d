"""Writing rule sets: making one, beginning a version, changing a draft, its settings, its items."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from tongban import rules
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.rulebook import store
from tongban.rulebook.events import RuleSetBound, RuleSetDrafted, RuleSetSettingsChanged
from tongban.rulebook.model import dmn
from tongban.rulebook.model.rule_set import (
    Favour,
    Limit,
    Purpose,
    RuleSet,
    Status,
    TestCase,
    Version,
)
from tongban.rulebook.model.sheet import Sheet
from tongban.rulebook.queries import rule_sets

EDIT = "rulebook.edit"
MOST_BYTES = 5_000_000


def add_rule_set(work: Work, *, rule_set: RuleSet) -> RuleSet:
    """Make a rule set, still without a version.

    :raises CodeTaken: if there is one with this code.
    :raises Invalid: naming every field that is wrong.
    """
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    if wrong := _wrong(rule_set):
        raise Invalid(*wrong)
    store.add_rule_set(work, rule_set)
    return rule_set


def _wrong(rule_set: RuleSet) -> list[Problem]:
    found = []
    if not store.CODE.fullmatch(rule_set.code):
        found.append(
            Problem("code", "编码由字母、数字、“.”“_”“-”组成，以字母或数字开头，最多 64 个")
        )
    if not 1 <= len(rule_set.name.strip()) <= 200:
        found.append(Problem("name", "名称应为 1 至 200 个字"))
    return found + _wrong_settings(rule_set.share_rechecked, rule_set.limits)


def _wrong_settings(share: Decimal, limits: Sequence[Limit]) -> list[Problem]:
    found = []
    if not 0 <= share <= 1:
        found.append(Problem("share_rechecked", "抽查比例应在 0 和 100% 之间"))
    if any(not limit.name for limit in limits):
        found.append(Problem("limits", "每个上限都要写明是哪一项"))
    return found


def begin_version(
    work: Work, *, code: str, sheet: Sheet | None = None, text: str = "", decision: str = ""
) -> Version:
    """Begin a new version: from a sheet, from DMN XML, or else from the latest version.

    :raises NoSuchRuleSet: if there is none with this code.
    :raises Invalid: if there is a version that is not published yet, or the XML is no DMN.
    """
    rule_set = _locked_rule_set(work, code)
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    before = rule_sets.versions(work, code=code)
    if before and before[0].status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED):
        raise Invalid(
            Problem(
                "version",
                "第 {version} 版还没有发布，请先完成或修改它",
                {"version": before[0].version},
            )
        )
    tests: Sequence[TestCase] = before[0].tests if before else ()
    if sheet is None and not text and before:
        text, decision = before[0].dmn, before[0].decision
    if sheet is not None:
        text, decision = dmn.write(sheet, code=code), sheet.name
    decision = _checked(text, decision)
    number = before[0].version + 1 if before else 1
    version = Version(
        code,
        number,
        Status.DRAFT,
        text,
        decision,
        tuple(tests),
        "",
        _hash(text, decision, tests),
        1,
        work.actor.id,
        work.actor.name,
        work.now,
    )
    store.add_version(work, version)
    work.record(RuleSetDrafted(code, number, rule_set.region, rule_set.department))
    return version


def save_draft(
    work: Work,
    *,
    version: Version,
    sheet: Sheet | None = None,
    text: str = "",
    decision: str = "",
    tests: Sequence[TestCase] | None = None,
    note: str | None = None,
) -> Version:
    """Change a draft; what is not given stays. ``version`` is the draft as it was read.

    Cells may still be faulty: a draft is saved as it is, and judged when it is handed in.

    :raises WrongStatus: if it is no draft any more.
    :raises ChangedMeanwhile: if somebody changed it since it was read.
    :raises Invalid: if the XML is no DMN, or a test has no name.
    """
    present = locked_version(work, version.rule_set_code, version.version, EDIT)
    present.must_be(Status.DRAFT)
    store.must_be_unchanged(present, version.revision)
    if sheet is not None:
        text, decision = dmn.write(sheet, code=present.rule_set_code), sheet.name
    if text:
        decision = _checked(text, decision)
    else:
        text, decision = present.dmn, present.decision
    tests = tuple(present.tests if tests is None else tests)
    _check_tests(tests)
    changed = replace(
        present,
        dmn=text,
        decision=decision,
        tests=tests,
        note=present.note if note is None else note.strip(),
        content_hash=_hash(text, decision, tests),
        revision=present.revision + 1,
        author=work.actor.id,
        author_name=work.actor.name,
        changed_at=work.now,
    )
    store.save_draft(work, changed)
    return changed


def _check_tests(tests: Sequence[TestCase]) -> None:
    wrong = [
        Problem(f"t-{at}-name", "请给测试用例取一个名称")
        for at, test in enumerate(tests)
        if not test.name.strip()
    ]
    if wrong:
        raise Invalid(*wrong)


def change_settings(
    work: Work, *, code: str, favour: Favour, limits: Sequence[Limit], share_rechecked: Decimal
) -> RuleSet:
    """Change what surrounds the rules: limits of instant approval, share rechecked, favour.

    :raises NoSuchRuleSet: if there is none with this code.
    :raises Invalid: naming every field that is wrong.
    """
    # Limits say what is decided without a person, so the reviewer's permission is asked.
    rule_set = _locked_rule_set(work, code)
    work.actor.must("rulebook.review", department=rule_set.department, region=rule_set.region)
    if wrong := _wrong_settings(share_rechecked, limits):
        raise Invalid(*wrong)
    changed = replace(
        rule_set, favour=favour, limits=tuple(limits), share_rechecked=share_rechecked
    )
    store.save_settings(work, changed)
    said = msgspec.json.encode([favour, limits, share_rechecked]).decode()
    work.record(
        RuleSetSettingsChanged(code, 0, rule_set.region, rule_set.department, settings=said)
    )
    return changed


def bind(work: Work, *, code: str, item_code: str) -> None:
    """Let a rule set decide about a service item, for its own purpose, instead of any other.

    :raises NoSuchRuleSet: if there is none with this code.
    """
    rule_set = _locked_rule_set(work, code)
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    if store.bind(work, rule_set, item_code.strip()):
        work.record(_bound(rule_set, item_code.strip()))


def unbind(work: Work, *, code: str, item_code: str) -> None:
    """Let a rule set decide about an item no more.

    :raises NoSuchRuleSet: if there is none with this code.
    """
    rule_set = _locked_rule_set(work, code)
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    if store.unbind(work, code, item_code):
        work.record(_bound(rule_set, ""))


def _bound(rule_set: RuleSet, item_code: str) -> RuleSetBound:
    return RuleSetBound(
        rule_set.code,
        0,
        rule_set.region,
        rule_set.department,
        item_code=item_code,
        purpose=Purpose(rule_set.purpose).value,
    )


def locked_version(work: Work, code: str, number: int, permission: str) -> Version:
    """Return a version, held with its rule set until the transaction ends, to whoever may.

    :raises NoSuchRuleSet, NoSuchVersion: if there is none.
    """
    rule_set = _locked_rule_set(work, code)
    work.actor.must(permission, department=rule_set.department, region=rule_set.region)
    return rule_sets.version(work, code=code, version=number)


def _locked_rule_set(work: Work, code: str) -> RuleSet:
    store.hold(work, code)
    return rule_sets.rule_set(work, code=code)


def _checked(text: str, decision: str) -> str:
    """Return the decision that a text is about.

    :raises Invalid: if it is no DMN, or has no such decision.
    """
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(Problem("dmn", "规则文件不能超过 {most} MB", {"most": MOST_BYTES // 10**6}))
    try:
        return dmn.read(text, decision=decision).decision
    except rules.RuleError as error:
        raise Invalid(
            Problem("dmn", "规则文件无法读取：{why}", {"why": error.reason.text()})
        ) from error


def _hash(text: str, decision: str, tests: Sequence[TestCase]) -> bytes:
    said = msgspec.json.encode([text, decision, list(tests)])
    return hashlib.sha256(said).digest()
