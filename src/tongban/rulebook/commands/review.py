"""From draft to force: handing in, reviewing, publishing, withdrawing, switching off. Four eyes."""

from datetime import date

from tongban.foundation.errors import Forbidden, Invalid, Problem
from tongban.foundation.work import LOCAL, Work
from tongban.rulebook import store
from tongban.rulebook.commands.write import EDIT, locked_version
from tongban.rulebook.events import (
    RuleSetPublished,
    RuleSetReviewed,
    RuleSetSubmitted,
    RuleSetSwitched,
    RuleSetWithdrawn,
)
from tongban.rulebook.model.checking import obstacles
from tongban.rulebook.model.rule_set import NotReady, OwnWork, RuleSet, Status, Version
from tongban.rulebook.queries import rule_sets

REVIEW = "rulebook.review"


def submit_version(work: Work, *, code: str, version: int) -> None:
    """Hand a draft in for review.

    :raises WrongStatus: if it is no draft.
    :raises NotReady: naming every faulty cell and every test that does not pass.
    """
    present = locked_version(work, code, version, EDIT)
    present.must_be(Status.DRAFT)
    rule_set = _must_be_ready(work, present)
    store.set_status(work, present, Status.IN_REVIEW)
    work.record(RuleSetSubmitted(code, version, rule_set.region, rule_set.department))


def review_version(work: Work, *, code: str, version: int, agree: bool, comment: str = "") -> None:
    """Approve a version, or send it back to its author with a comment.

    :raises WrongStatus: if it is not in review.
    :raises OwnWork: for its author.
    :raises Invalid: if it is sent back without saying why.
    """
    present = locked_version(work, code, version, REVIEW)
    present.must_be(Status.IN_REVIEW)
    _must_not_be_author(work, present)
    if not agree and not comment.strip():
        raise Invalid(Problem("comment", "退回时请写明要改什么"))
    status = Status.APPROVED if agree else Status.DRAFT
    store.save_review(work, present, status, comment.strip())
    rule_set = rule_sets.rule_set(work, code=code)
    work.record(
        RuleSetReviewed(
            code,
            version,
            rule_set.region,
            rule_set.department,
            agreed=agree,
            comment=comment.strip(),
        )
    )


def publish_version(
    work: Work,
    *,
    code: str,
    version: int,
    effective_from: date,
    effective_until: date | None = None,
) -> None:
    """Let an approved version come into force on a day, today at the earliest.

    The version before it ends with the day before. Tests are run again: the engine may be newer.

    :raises WrongStatus: if it is not approved.
    :raises OwnWork: for its author.
    :raises NotReady: if a test does not pass any more.
    :raises DateTaken: if another version begins on that day.
    :raises Invalid: if a date is wrong.
    """
    present = locked_version(work, code, version, REVIEW)
    present.must_be(Status.APPROVED)
    _must_not_be_author(work, present)
    # Rules do not reach back: nobody could have known them.
    if effective_from < work.today:
        raise Invalid(Problem("effective_from", "生效日期不能早于今天"))
    if effective_until is not None and effective_until < effective_from:
        raise Invalid(Problem("effective_until", "失效日期不能早于生效日期"))
    rule_set = _must_be_ready(work, present)
    store.publish(work, present, effective_from, effective_until)
    work.record(
        RuleSetPublished(
            code,
            version,
            rule_set.region,
            rule_set.department,
            effective_from=effective_from,
            content_hash=present.content_hash.hex(),
        )
    )


def withdraw_version(
    work: Work, *, code: str, version: int, reason: str, withdrawn_from: date | None = None
) -> None:
    """Apply a published version no more, from a day on (today when none is given).

    No older version takes its place: what it decided goes to people.

    :raises WrongStatus: if it is not published.
    :raises Invalid: without a reason, or for a day in the past.
    """
    present = locked_version(work, code, version, REVIEW)
    present.must_be(Status.PUBLISHED)
    day = withdrawn_from or work.today
    if not reason.strip():
        raise Invalid(Problem("reason", "请写明停用的原因"))
    if day < work.today:
        raise Invalid(Problem("withdrawn_from", "停用日期不能早于今天"))
    store.withdraw(work, present, day, reason.strip())
    rule_set = rule_sets.rule_set(work, code=code)
    work.record(
        RuleSetWithdrawn(
            code,
            version,
            rule_set.region,
            rule_set.department,
            withdrawn_from=day,
            reason=reason.strip(),
        )
    )


def switch(work: Work, *, code: str, off: bool, reason: str) -> None:
    """Switch automatic decisions by a rule set off (at once) or on again.

    :raises NoSuchRuleSet: if there is none with this code.
    :raises Invalid: without a reason.
    """
    store.hold(work, code)
    rule_set = rule_sets.rule_set(work, code=code)
    work.actor.must(REVIEW, department=rule_set.department, region=rule_set.region)
    if not reason.strip():
        raise Invalid(Problem("switch_reason", "请写明暂停或恢复的原因"))
    if rule_set.switched_off == off:
        return
    # Off at a word, but on only by somebody else: whoever saw a danger shall be asked.
    if not off and rule_set.switched_by == work.actor.id:
        raise SameHand
    store.switch(work, code, off=off, reason=reason.strip())
    work.record(
        RuleSetSwitched(
            code, 0, rule_set.region, rule_set.department, off=off, reason=reason.strip()
        )
    )


class SameHand(Forbidden):
    message = "暂停自动审批的人不能自己恢复，请由另一位有审查权限的人恢复"


def _must_be_ready(work: Work, version: Version) -> RuleSet:
    rule_set = rule_sets.rule_set(work, code=version.rule_set_code)
    found = obstacles(version, rule_set.purpose, now=work.now.astimezone(LOCAL))
    if found:
        raise NotReady(*found)
    return rule_set


def _must_not_be_author(work: Work, version: Version) -> None:
    if version.author == work.actor.id:
        raise OwnWork(permission=REVIEW)
