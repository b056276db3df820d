"""What an applicant does before there is a case: fill in, keep, submit."""

from dataclasses import replace
from datetime import timedelta

from tongban import catalogue, documents
from tongban.cases import queries, store
from tongban.cases.commands.act import file_ids
from tongban.cases.commands.opening import Intake, opened
from tongban.cases.model import (
    AlreadySubmitted,
    Case,
    Channel,
    Draft,
    Filled,
    NoDraft,
    NotOpen,
)
from tongban.cases.queries.course import plain_course
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work

# A second submission within so long is taken for a second click, and told what came of the first.
TWICE = timedelta(minutes=10)


def save_draft(work: Work, *, item_code: str, holder: str, filled: Filled) -> Draft:
    """Keep what was just filled in, beside what was filled in before. Return the whole draft.

    Nothing is refused for being incomplete or wrong yet, so that nothing is ever lost.
    """
    work.actor.must_hold("cases.apply", holder=holder)
    item = catalogue.item(work, code=item_code)
    before = store.locked_draft(work, item_code=item_code, holder=holder)
    draft = (before or queries.new_draft(work, item=item, holder=holder)).merged(item, filled)
    if before is not None:
        store.keep_draft(work, draft)
    elif not store.begin_draft(work, draft):
        # Another window has begun the same draft at the same moment; both are kept.
        return save_draft(work, item_code=item_code, holder=holder, filled=filled)
    if filled.materials is not None:
        documents.hold(work, files=file_ids(draft.files), draft=_name(holder, item_code))
    return replace(draft, begun_at=draft.begun_at or work.now, saved_at=work.now)


def discard_draft(work: Work, *, item_code: str, holder: str) -> None:
    """Delete a draft and let go of its files. Nothing happens where there is none."""
    work.actor.must_hold("cases.apply", holder=holder)
    documents.hold(work, files=[], draft=_name(holder, item_code))
    store.delete_draft(work, item_code=item_code, holder=holder)


def submit(work: Work, *, item_code: str, holder: str, declared: bool) -> Case:
    """Make a case of the draft (提交). From now on the clock for a notice runs, article 32.

    ``declared``: the applicant says that what was filled in is true.

    :raises Invalid: naming everything that is missing or wrong.
    :raises NoDraft: if nothing has been filled in.
    :raises AlreadySubmitted: if the draft became a case just now.
    """
    work.actor.must_hold("cases.apply", holder=holder)
    item = catalogue.item(work, code=item_code)
    taken = store.take_draft(
        work, item_code=item_code, holder=holder, plain=plain_course(item.handling)
    )
    if taken is None:
        raise _nothing_to_submit(work, item_code, holder)
    if item.status is not catalogue.Status.PUBLISHED:
        raise NotOpen(name=item.name)
    undeclared = None if declared else Problem("declared", "请阅读并勾选申请人声明")
    return opened(
        work,
        item=item,
        whole=taken[0].merged(item, Filled()),
        intake=Intake(Channel.PORTAL, taken[1], undeclared, definition=taken[2]),
    )


def _nothing_to_submit(work: Work, item_code: str, holder: str) -> NoDraft | AlreadySubmitted:
    number = store.lately_submitted(
        work, item_code=item_code, holder=holder, since=work.now - TWICE
    )
    return AlreadySubmitted(number=number) if number else NoDraft()


def _name(holder: str, item_code: str) -> str:
    return f"{holder} {item_code}"
