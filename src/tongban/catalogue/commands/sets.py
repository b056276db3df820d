"""The same change of many services: foreseen, handed in and reviewed as one set, undone.

Four eyes hold for the whole set: whoever handed it in neither reviews nor undoes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.catalogue import queries, store
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.events import DraftMoved
from tongban.catalogue.model import Item, changes, lint
from tongban.catalogue.model.bulk import BulkAct, BulkChange
from tongban.catalogue.model.draft import Draft, OwnDraft
from tongban.catalogue.queries import sets
from tongban.catalogue.queries.sets import DraftSet
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work

EDIT, REVIEW = "catalogue.edit", "catalogue.review"
MOST = 500


class SetSettled(Conflict):
    message = "这一批修改已经办过，现在不能这样办"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change would do to one item: ``changes`` in words, ``warned`` what the linter finds
    that it did not find before, and ``hindered`` why this item is left out, if it is."""

    item: Item
    changes: tuple[Problem, ...]
    warned: tuple[lint.Finding, ...]
    hindered: Problem | None


def foresee_set(work: Work, *, change: BulkChange, items: Sequence[Item]) -> list[Planned]:
    """Return what a change would do to each of these items; those it leaves as they are aside.

    Three statements, however many items. Permits everyone: it only tells what is published.

    :raises Invalid: if the change itself makes no sense.
    """
    change.checked()
    altered = [(item, made) for item in items if (made := change.of(item)) != item]
    codes = [item.code for item, _ in altered]
    busy = sets.drafted_among(work, codes=codes)
    taken = {one.item_code: one for one in sets.assignments(work, codes=codes)}
    unfit = misfits(work, items=[made for _, made in altered]) if altered else {}
    found = []
    for item, made in altered:
        before = {(one.rule, one.field, one.message) for one in lint.lint(item)}
        after = lint.lint(made)
        hindered = _not_permitted(work, item, made)
        if hindered is None and item.code in busy:
            hindered = Problem("", "已有正在修改的草稿")
        held = taken.get(item.code)
        others = held is not None and not _may_edit_assigned(work, held.officer, item)
        if hindered is None and held is not None and others:
            hindered = Problem("", "由{name}负责", {"name": held.officer_name})
        if hindered is None and (wrong := [*unfit.get(item.code, ()), *lint.errors(after)]):
            hindered = Problem("", wrong[0].message, wrong[0].details)
        new = [one for one in after if (one.rule, one.field, one.message) not in before]
        found.append(Planned(made, tuple(changes(item, made)), tuple(new), hindered))
    return found


def _may_edit_assigned(work: Work, officer: str, item: Item) -> bool:
    """Tell whether the actor may edit an item that is assigned to this officer."""
    return officer == work.actor.id or work.actor.may(
        REVIEW, department=item.department, region=item.region
    )


def begin_set(work: Work, *, change: BulkChange, codes: Sequence[str]) -> str:
    """Hand in the same change of these items, as drafts that are reviewed together. Return its id.

    Items that the change leaves as they are, or cannot have it, are left out.

    :raises Forbidden: for whoever edits no catalogue at all.
    :raises Invalid: if the change makes no sense, or no item is left, or there are too many.
    """
    work.actor.must(EDIT)
    if len(codes) > MOST:
        raise Invalid(Problem("codes", "一次最多改 {limit} 个事项", {"limit": MOST}))
    store.hold_items(work, codes)
    items = queries.present_of(work, codes=codes)
    planned = [one for one in foresee_set(work, change=change, items=items) if one.hindered is None]
    if not planned:
        raise Invalid(Problem("codes", "请至少选择一个会改变的事项"))
    based_on = {item.code: item for item in items}
    told = _told(change)
    id = store.add_set(work, field=change.field, told=told)
    drafts = store.add_drafts(
        work, set_id=id, note=told, pairs=[(based_on[p.item.code], p.item) for p in planned]
    )
    work.record_all(
        [
            DraftMoved(drafts[one.item.code], one.item.code, "submitted", old.department,
                       old.region, told)
            for one in planned
            for old in (based_on[one.item.code],)
        ]
    )  # fmt: skip
    return id


def review_set(work: Work, *, id: str, agree: bool, comment: str = "") -> int:
    """Approve and publish the drafts of a set, or send all of them back. Return how many.

    Items of which another version was published meanwhile are left alone.

    :raises NoSuchSet: if there is none.
    :raises SetSettled: if it has been reviewed.
    :raises OwnDraft: for whoever handed it in.
    :raises Invalid: if it is sent back without saying why.
    """
    found, drafts = _locked_set(work, id)
    if found.state != "review":
        raise SetSettled
    said = comment.strip()[:4000]
    if not agree:
        if not said:
            raise Invalid(Problem("comment", "退回时请写明要改什么"))
        store.give_up_drafts(work, ids=[draft.id for draft in drafts], reason=said)
        store.settle_set(work, id=id, state="sent_back", comment=said)
        _record(work, drafts, "sent_back", said)
        return len(drafts)
    lines = queries.item_lines(work, codes=[draft.item.code for draft in drafts])
    versions = {line.code: line.version for line in lines}
    current = [draft for draft in drafts if versions.get(draft.item.code) == draft.based_on]
    outdated = [draft for draft in drafts if draft not in current]
    unfit = misfits(work, items=[draft.item for draft in current])
    if unfit:
        raise Invalid(*(problem for problems in unfit.values() for problem in problems))
    notes = {draft.item.code: draft.change_note for draft in current}
    published = take_over(work, items=[draft.item for draft in current], notes=notes)
    store.finish_drafts(work, {item.code: item.version for item in published}, set_id=id)
    store.give_up_drafts(work, ids=[one.id for one in outdated], reason="事项已有新的版本")
    store.settle_set(work, id=id, state="published", comment=said, left_alone=len(outdated))
    _record(work, current, "published", said)
    return len(published)


def undo_set(work: Work, *, id: str) -> int:
    """Give the items of a published set their former text back, by new versions. Return how many.

    Items that others have changed since stay as they are.

    :raises SetSettled: unless it is published and not undone.
    :raises OwnDraft: for whoever handed it in.
    """
    found, drafts = _locked_set(work, id, state="published")
    if found.state != "published":
        raise SetSettled
    lines = queries.item_lines(work, codes=[draft.item.code for draft in drafts])
    versions = {line.code: line.version for line in lines}
    undone = [d for d in drafts if versions.get(d.item.code) == d.published_version]
    items = [queries.item(work, code=d.item.code, version=d.based_on) for d in undone]
    notes = {item.code: f"撤销批量修改：{found.told}" for item in items}
    take_over(work, items=items, notes=notes)
    store.settle_set(
        work, id=id, state="undone", comment=found.comment, left_alone=len(drafts) - len(undone)
    )
    _record(work, undone, "undone", found.told)
    return len(items)


def assign_items(work: Work, *, codes: Sequence[str], officer: str, name: str) -> int:
    """Let one officer alone edit these items; with no officer, every editor of the department.

    :raises Forbidden: unless the actor may review items of each of their departments.
    """
    lines = queries.item_lines(work, codes=codes[:MOST])
    for line in lines:
        work.actor.must(REVIEW, department=line.department, region=line.region)
    store.assign(work, codes=[line.code for line in lines], officer=officer, name=name)
    return len(lines)


def _locked_set(work: Work, id: str, *, state: str = "review") -> tuple[DraftSet, list[Draft]]:
    sets.draft_set(work, id=id)
    store.lock_set(work, id)
    found = sets.draft_set(work, id=id)
    drafts = sets.set_drafts(work, id=id, state=state)
    store.hold_items(work, [draft.item.code for draft in drafts])
    lines = {one.code: one for one in queries.item_lines(work, codes=[d.item.code for d in drafts])}
    for draft in drafts:
        # A new department is agreed to by whoever answers for both.
        for place in (draft.item, lines[draft.item.code]):
            work.actor.must(REVIEW, department=place.department, region=place.region)
    if not drafts:
        work.actor.must(REVIEW)
    if work.actor.id == found.author:
        raise OwnDraft(permission=REVIEW)
    return found, drafts


def _not_permitted(work: Work, item: Item, made: Item) -> Problem | None:
    for one in (item, made):
        if not work.actor.may(EDIT, department=one.department, region=one.region):
            return Problem("", "不是您管理的部门或者地区")
    return None


def _told(change: BulkChange) -> str:
    """Say the change as the change logs of the guides will."""
    field = change.checked()
    value = change.name or change.value
    if field.kind == "limit":
        value = str(change.of(_NOTHING).promised)
    if field.kind == "binding":
        return f"绑定标准材料：{value}"
    match change.act:
        case BulkAct.REPLACE:
            return f"{field.label}中的“{change.old}”改为“{value}”"
        case BulkAct.ADD:
            return f"{field.label}增加“{value}”"
        case BulkAct.REMOVE:
            return f"{field.label}去掉“{value}”"
    return f"{field.label}改为“{value}”"


_NOTHING = Item(code="", name="", department="", department_name="", region="", region_name="")


def _record(work: Work, drafts: Sequence[Draft], act: str, comment: str) -> None:
    work.record_all(
        [
            DraftMoved(d.id, d.item.code, act, d.item.department, d.item.region, comment)
            for d in drafts
        ]
    )
