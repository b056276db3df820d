"""Changing an entry of a list: begin, save, hand in, agree or send back, give up.

Four eyes, as for services: whoever wrote in it does not agree to it. Agreeing publishes at once.
"""

from dataclasses import replace

from tongban.catalogue import queries, store
from tongban.catalogue.commands.publish import take_over_entries
from tongban.catalogue.events import EntryDraftMoved
from tongban.catalogue.model import BaseItem, Duty, Entry, Power
from tongban.catalogue.model.draft import DraftChanged, DraftOutdated, State
from tongban.catalogue.model.entry import list_of
from tongban.catalogue.model.entry_draft import EntryDraft
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work

EDIT, REVIEW = "catalogue.edit", "catalogue.review"
LONGEST_NAME, LONGEST = 1000, 4000


class EntryTaken(Conflict):
    message = "“{list}”中已有编码 {code}，请打开那个条目来修改"


def begin_entry(work: Work, *, entry: Entry) -> str:
    """Begin to change an entry, or a new one (``version`` 0). Return the id of the draft.

    Whoever comes second goes on with the draft that is there.

    :raises EntryTaken: for a new one, if its code is taken.
    :raises Invalid: if code or name are missing.
    """
    work.actor.must(EDIT, department=entry.department, region=entry.region)
    _must_be_written(entry)
    of = list_of(entry)
    store.hold_entry(work, of, entry.code)
    present = queries.open_entry_draft(work, of=of, code=entry.code)
    if present is not None and entry.version:
        return present.id
    held = queries.entries_named(work, kind=type(entry), codes=[entry.code]).get(entry.code)
    if present is not None or (held is not None and not entry.version):
        raise EntryTaken(list=of.label, code=entry.code)
    id = store.add_entry_draft(work, entry, based_on=held.version if held else 0)
    _record(work, id, entry, "begun")
    return id


def save_entry(work: Work, *, id: str, revision: int, entry: Entry, change_note: str = "") -> None:
    """Change what a draft says. List, code, department and region stay what they are.

    :raises NoSuchDraft: if there is none.
    :raises DraftChanged: if somebody else changed it since it was read.
    :raises WrongState: if it is handed in already.
    :raises Invalid: if the name is missing.
    """
    present = _locked(work, id, EDIT)
    present.must_allow("save")
    if present.revision != revision:
        raise DraftChanged(name=present.changed_name, revision=present.revision)
    held = present.entry
    entry = replace(
        entry,
        code=held.code,
        department=held.department,
        department_name=held.department_name,
        region=held.region,
    )
    _must_be_written(entry)
    store.save_entry_draft(work, id=id, entry=entry, note=change_note.strip()[:2000])


def submit_entry(work: Work, *, id: str) -> None:
    """Hand a draft in for review.

    :raises Invalid: if it refers to what is not there.
    :raises DraftOutdated: if another version was published since it began.
    """
    present = _locked(work, id, EDIT)
    present.must_allow("submit")
    _must_be_fit(work, present)
    store.move_entry_draft(work, id=id, state=State.REVIEW)
    _record(work, id, present.entry, "submitted")


def review_entry(work: Work, *, id: str, agree: bool, comment: str = "") -> None:
    """Agree to a draft, which publishes it today, or send it back to its authors.

    :raises OwnDraft: for one of its authors.
    :raises Invalid: if it is sent back without saying why, or refers to what is not there.
    """
    present = _locked(work, id, REVIEW)
    present.must_allow("review")
    present.must_be_of_another(work.actor.id)
    said = comment.strip()[:LONGEST]
    if not agree:
        if not said:
            raise Invalid(Problem("comment", "退回时请写明要改什么"))
        store.move_entry_draft(work, id=id, state=State.DRAFT, reason=said)
        _record(work, id, present.entry, "sent_back", said)
        return
    _must_be_fit(work, present)
    published = take_over_entries(work, entries=[present.entry], note=present.change_note)
    version = published[0].version if published else present.based_on
    store.finish_entry_draft(work, id=id, version=version, reason=said)
    _record(work, id, present.entry, "published", said)


def withdraw_entry(work: Work, *, id: str) -> None:
    """Give a draft up. What was published stays as it is."""
    present = _locked(work, id, EDIT)
    present.must_allow("withdraw")
    store.move_entry_draft(work, id=id, state=State.WITHDRAWN)
    _record(work, id, present.entry, "withdrawn")


def _locked(work: Work, id: str, permission: str) -> EntryDraft:
    seen = queries.entry_draft(work, id=id)
    entry = seen.entry
    work.actor.must(permission, department=entry.department, region=entry.region)
    store.hold_entry(work, list_of(entry), entry.code)
    return queries.entry_draft(work, id=id)


def _must_be_fit(work: Work, draft: EntryDraft) -> None:
    entry = draft.entry
    held = queries.entries_named(work, kind=type(entry), codes=[entry.code]).get(entry.code)
    version = held.version if held else 0
    if version != draft.based_on:
        raise DraftOutdated(based_on=draft.based_on, version=version)
    match entry:
        case Duty(power=code) if not queries.entries_named(work, kind=Power, codes=[code]):
            raise Invalid(Problem("power", "权力清单中没有编码 {code}", {"code": code}))
        case Power(base_code=code) | BaseItem(parent=code) if code and not queries.entries_named(
            work, kind=BaseItem, codes=[code]
        ):
            name = "parent" if isinstance(entry, BaseItem) else "base_code"
            raise Invalid(Problem(name, "基本目录中没有编码 {code}", {"code": code}))


def _must_be_written(entry: Entry) -> None:
    wrong = []
    if not entry.code.strip() or len(entry.code) > 100:
        wrong.append(Problem("code", "编码应为 1 至 100 个字"))
    if not entry.name.strip() or len(entry.name) > LONGEST_NAME:
        wrong.append(Problem("name", "名称应为 1 至 1000 个字"))
    if wrong:
        raise Invalid(*wrong)


def _record(work: Work, id: str, entry: Entry, act: str, comment: str = "") -> None:
    work.record(
        EntryDraftMoved(
            id, list_of(entry).value, entry.code, act, entry.department, entry.region, comment
        )
    )
