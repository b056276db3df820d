"""Changing a service: begin, save, comment, hand in, review, publish, take up, withdraw.

Four eyes: nobody reviews or publishes a draft in which they wrote. Nothing reaches back: a version
takes effect today at the earliest, since nobody could have known it before.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tongban.catalogue import queries, store
from tongban.catalogue.commands.fitting import misfits_alone
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.events import DraftMoved, WithdrawalPlanned
from tongban.catalogue.model import Item, Status, alterations, lint
from tongban.catalogue.model.draft import (
    Draft,
    DraftChanged,
    DraftOutdated,
    State,
)
from tongban.catalogue.queries import changes
from tongban.catalogue.store.exchange import send_again
from tongban.foundation.actor import Kind
from tongban.foundation.errors import Conflict, Forbidden, Invalid, Problem
from tongban.foundation.work import Work

EDIT, REVIEW = "catalogue.edit", "catalogue.review"
LONGEST_NAME, LONGEST_COMMENT = 500, 4000


class NotYours(Forbidden):
    message = "这个事项由{name}负责，请由本人修改，或者请审核的人改派"


class CodeTaken(Conflict):
    message = "编码 {code} 已有事项，请打开那个事项来修改"


def begin_draft(work: Work, *, item_code: str) -> Draft:
    """Begin to change an item, or go on with the draft that somebody has begun.

    :raises NoSuchItem: if there is no such item.
    """
    item = queries.item(work, code=item_code)
    work.actor.must(EDIT, department=item.department, region=item.region)
    must_be_mine(work, item)
    store.hold_item(work, item_code)
    if (present := changes.open_draft(work, item_code=item_code)) is not None:
        return present
    return _begun(work, item, based_on=item.version)


def begin_item(work: Work, *, item: Item) -> Draft:
    """Begin a new service with what is known of it.

    :raises CodeTaken: if there is an item, or a draft, with its code.
    :raises Invalid: if code or name are missing.
    """
    work.actor.must(EDIT, department=item.department, region=item.region)
    _must_be_written(item)
    store.hold_item(work, item.code)
    taken = queries.item_lines(work, codes=[item.code])
    if taken or changes.open_draft(work, item_code=item.code) is not None:
        raise CodeTaken(code=item.code)
    return _begun(work, replace(item, version=0, effective_from=None), based_on=0)


def _begun(work: Work, item: Item, *, based_on: int) -> Draft:
    id = store.add_draft(work, item, based_on)
    _record(work, id, item, "begun")
    return changes.draft(work, id=id)


def save_draft(
    work: Work, *, id: str, revision: int, item: Item, change_note: str | None = None
) -> Draft:
    """Change what a draft says. Code, department and region stay what they are.

    :param revision: of the draft as the editor read it.
    :raises NoSuchDraft: if there is none.
    :raises WrongState: if it is handed in already.
    :raises DraftChanged: if somebody else changed it since it was read.
    :raises Invalid: if the name is missing or too long.
    """
    present = _locked_draft(work, id, EDIT)
    present.must_allow("save")
    if present.revision != revision:
        raise DraftChanged(name=present.changed_name, revision=present.revision)
    held = present.item
    item = replace(
        item,
        code=held.code,
        department=held.department,
        department_name=held.department_name,
        region=held.region,
        region_name=held.region_name,
    )
    _must_be_written(item)
    note = present.change_note if change_note is None else change_note.strip()
    store.save_draft(work, present, item=item, note=note, based_on=present.based_on)
    return changes.draft(work, id=id)


def rebase_draft(work: Work, *, id: str) -> Draft:
    """Say that a draft has been compared with the version published meanwhile, and is meant so.

    :raises WrongState: if it is handed in already.
    """
    present = _locked_draft(work, id, EDIT)
    present.must_allow("save")
    version = queries.item(work, code=present.item.code).version
    note = present.change_note
    store.save_draft(work, present, item=present.item, note=note, based_on=version)
    return changes.draft(work, id=id)


def submit_draft(work: Work, *, id: str) -> None:
    """Hand a draft in for review.

    :raises WrongState: if it is no draft.
    :raises DraftOutdated: if another version was published since it began.
    :raises Invalid: if it alters what is set above it, or the linter finds an error.
    """
    present = _locked_draft(work, id, EDIT)
    present.must_allow("submit")
    _must_be_fit(work, present)
    store.move(work, present, State.REVIEW)
    _record(work, id, present.item, "submitted")


def review_draft(work: Work, *, id: str, agree: bool, comment: str = "") -> None:
    """Approve a draft, or send it back to its authors with a comment.

    :raises WrongState: if it is not in review.
    :raises OwnDraft: for one of its authors.
    :raises Invalid: if it is sent back without saying why.
    """
    present = _locked_draft(work, id, REVIEW)
    present.must_allow("review")
    present.must_be_of_another(work.actor.id)
    said = comment.strip()
    if not agree and not said:
        raise Invalid(Problem("comment", "退回时请写明要改什么"))
    if said:
        store.add_comment(work, present, field="", text=_short(said))
    store.save_review(work, present, agree=agree)
    _record(work, id, present.item, "approved" if agree else "sent_back", said)


def publish_draft(work: Work, *, id: str, effective_from: date | None = None) -> Item | None:
    """Publish an approved draft: today, or on a day to come. Return it where it is in force now.

    :raises WrongState: if it is not approved.
    :raises OwnDraft: for one of its authors.
    :raises DraftOutdated: if another version was published since it began.
    :raises Invalid: if the day is in the past, or it alters what is set above it.
    """
    present = _locked_draft(work, id, REVIEW)
    present.must_allow("publish")
    present.must_be_of_another(work.actor.id)
    day = effective_from or work.today
    if day < work.today:
        raise Invalid(Problem("effective_from", "生效日期不能早于今天：过去的版本没有人能事先知道"))
    _must_be_fit(work, present)
    store.plan(work, present, day)
    if day > work.today:
        _record(work, id, present.item, "scheduled")
        return None
    return _put_in_force(work, present)


def take_up(work: Work, *, id: str) -> Item | None:
    """Put a scheduled draft in force when its day has come; what does not fit goes back.

    :raises Forbidden: for anyone but those who may publish, and the system.
    """
    present = _locked_draft(work, id, REVIEW)
    present.must_allow("take_up")
    try:
        _must_be_fit(work, present)
    except (Invalid, DraftOutdated) as refusal:
        # What stood above it has changed meanwhile. Its authors must look at it again.
        store.add_comment(work, present, field="", text=_short(str(refusal)))
        store.move(work, present, State.DRAFT, reason=str(refusal)[:2000])
        _record(work, id, present.item, "sent_back", str(refusal))
        return None
    return _put_in_force(work, present)


def _put_in_force(work: Work, present: Draft) -> Item:
    note = {present.item.code: present.change_note}
    published = take_over(work, items=[present.item], notes=note)
    item = published[0] if published else queries.item(work, code=present.item.code)
    store.finish(work, present, item.version)
    _record(work, present.id, item, "published")
    return item


def withdraw_draft(work: Work, *, id: str, reason: str = "") -> None:
    """Give a draft up. What was published stays as it is.

    :raises WrongState: if it is published already, or given up.
    """
    present = _locked_draft(work, id, EDIT)
    present.must_allow("withdraw")
    store.move(work, present, State.WITHDRAWN, reason=reason.strip()[:2000])
    _record(work, id, present.item, "withdrawn", reason.strip())


def comment_draft(work: Work, *, id: str, text: str, field: str = "") -> None:
    """Say something about a draft, or about one field of it.

    :raises WrongState: if it is finished.
    :raises Invalid: if nothing is said.
    """
    present = changes.draft(work, id=id)
    item = present.item
    may_review = work.actor.may(REVIEW, department=item.department, region=item.region)
    work.actor.must(REVIEW if may_review else EDIT, department=item.department, region=item.region)
    present.must_allow("comment")
    if not text.strip():
        raise Invalid(Problem("text", "请写下意见"))
    store.lock_draft(work, id)
    store.add_comment(work, present, field=field, text=_short(text.strip()))


def withdraw_item(
    work: Work, *, code: str, reason: str, withdrawn_from: date | None = None
) -> None:
    """Cancel a service from a day on (today when none is given).

    Cases that are open go on by the version they began with; new ones are not taken.

    :raises NoSuchItem: if there is no such item.
    :raises Invalid: without a reason, or for a day in the past.
    """
    item = queries.item(work, code=code)
    work.actor.must(REVIEW, department=item.department, region=item.region)
    store.hold_item(work, code)
    day = withdrawn_from or work.today
    wrong = []
    if not reason.strip():
        wrong.append(Problem("reason", "请写明取消的原因"))
    if day < work.today:
        wrong.append(Problem("withdrawn_from", "取消日期不能早于今天"))
    if wrong:
        raise Invalid(*wrong)
    store.plan_withdrawal(work, code=code, day=day, reason=reason.strip()[:2000])
    work.record(WithdrawalPlanned(code, day, reason.strip()[:2000], item.department, item.region))
    if day <= work.today:
        cancel(work, code=code)
    else:  # So that the planned day goes out although no version is new.
        send_again(work, list="item", code=code)


def cancel(work: Work, *, code: str) -> None:
    """Cancel a service whose last day is over. Permits everyone: the asking was permitted."""
    item = queries.item(work, code=code)
    planned = changes.withdrawal(work, code=code)
    note = {code: planned.reason} if planned else None
    take_over(work, items=[replace(item, status=Status.CANCELLED)], notes=note)
    store.withdrawn(work, code=code)


def settle_notices(work: Work, *, item_code: str) -> None:
    """Say that a change above has been looked at and needs nothing here.

    :raises NoSuchItem: if there is no such item.
    """
    item = queries.item(work, code=item_code)
    work.actor.must(EDIT, department=item.department, region=item.region)
    store.settle_notices(work, item_code=item_code)


def _locked_draft(work: Work, id: str, permission: str) -> Draft:
    """Return a draft, held until the transaction ends, to whoever may.

    :raises NoSuchDraft: if there is none.
    """
    seen = changes.draft(work, id=id)
    item = seen.item
    work.actor.must(permission, department=item.department, region=item.region)
    if permission == EDIT:
        must_be_mine(work, item)
    store.hold_item(work, item.code)
    store.lock_draft(work, id)
    return changes.draft(work, id=id)


def must_be_mine(work: Work, item: Item) -> None:
    """Refuse editors of an item that is assigned to somebody else; who reviews may always."""
    if work.actor.kind is not Kind.OFFICER:
        return
    for held in queries.assignments(work, codes=[item.code]):
        mine = held.officer == work.actor.id
        if not mine and not work.actor.may(REVIEW, department=item.department, region=item.region):
            raise NotYours(permission=EDIT, name=held.officer_name)


def _must_be_fit(work: Work, present: Draft) -> None:
    lines = queries.item_lines(work, codes=[present.item.code])
    version = lines[0].version if lines else 0
    if version != present.based_on:
        raise DraftOutdated(based_on=present.based_on, version=version)
    faulty = lint.errors(lint.lint(present.item))
    wrong = [
        *misfits_alone(work, item=present.item),
        *_above(work, present.item),
        *(Problem(one.field, one.message, one.details) for one in faulty),
    ]
    if wrong:
        raise Invalid(*wrong)


def _above(work: Work, item: Item) -> Iterable[Problem]:
    """Tell what is altered of the item of the region above, which the directory does not know."""
    above = queries.item_above(work, item=item)
    return () if above is None else alterations(item, above=above)


def _must_be_written(item: Item) -> None:
    wrong = []
    if not item.code.strip() or len(item.code) > 100:
        wrong.append(Problem("code", "编码应为 1 至 100 个字"))
    if not item.name.strip() or len(item.name) > LONGEST_NAME:
        wrong.append(Problem("name", "事项名称应为 1 至 500 个字"))
    if wrong:
        raise Invalid(*wrong)


def _short(text: str) -> str:
    return text.replace("\x00", "")[:LONGEST_COMMENT]


def _record(work: Work, id: str, item: Item, act: str, comment: str = "") -> None:
    work.record(DraftMoved(id, item.code, act, item.department, item.region, comment))
