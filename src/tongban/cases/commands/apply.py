"""What an applicant does before there is a case: fill in, keep, submit."""

from dataclasses import replace
from datetime import timedelta

from tongban import catalogue, documents, rulebook
from tongban.cases import queries, store
from tongban.cases.commands.act import file_ids, of_case
from tongban.cases.commands.instant import Submission, rule
from tongban.cases.events import CaseSubmitted
from tongban.cases.model import (
    NOTICE,
    AlreadySubmitted,
    Case,
    Channel,
    Draft,
    Filled,
    NoDraft,
    NotOpen,
    Private,
    Stage,
    check_draft,
    materials_of,
)
from tongban.foundation import ids
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.secrets import masked
from tongban.foundation.work import Work
from tongban.rulebook import Purpose

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
    taken = store.take_draft(work, item_code=item_code, holder=holder)
    if taken is None:
        raise _nothing_to_submit(work, item_code, holder)
    if item.status is not catalogue.Status.PUBLISHED:
        raise NotOpen(name=item.name)
    whole, serial = taken[0].merged(item, Filled()), taken[1]
    purposes = {each.purpose for each in rulebook.bindings(work, item_code=item.code)}
    if Purpose.SCENARIO in purposes:
        item, _ = queries.item_for(work, item=item, choices=whole.choices, answers=whole.answers)
    # What this case does not need is not kept, even if it was filled in before.
    draft = whole.merged(item, Filled())
    problems = check_draft(item, draft)
    if not declared:
        problems.append(Problem("declared", "请阅读并勾选申请人声明"))
    if problems:
        raise Invalid(*problems)
    number = str(ids.case_number(region=item.region, on=work.today, serial=serial))
    private = _private(work, item, draft, asked=bool(purposes))
    case = store.open_case(
        work,
        _case(work, item, draft, number),
        private=private,
        limit=NOTICE,
    )
    _attach(work, draft, case)
    work.record(
        CaseSubmitted(
            **of_case(case),
            item_code=item.code,
            item_version=item.version,
            item_name=item.name,
            channel=case.channel,
        )
    )
    if not purposes:
        return case
    facts = queries.facts(answers=whole.answers, choices=whole.choices, private=private)
    return rule(work, Submission(case, item, private, facts), purposes=purposes)


def _private(work: Work, item: catalogue.Item, draft: Draft, *, asked: bool) -> Private:
    """Return what is personal, with what registers say of it where rules are asked."""
    private = draft.private_with(query_code=ids.query_code())
    if not asked:
        return private
    known = queries.from_registers(work, item=item, draft=draft)
    return replace(private, sources=known, sources_at=work.now)


def _attach(work: Work, draft: Draft, case: Case) -> None:
    if draft.files:
        documents.attach(
            work,
            files=file_ids(draft.files),
            case_number=case.number,
            department=case.department,
            region=case.region,
        )


def _case(work: Work, item: catalogue.Item, draft: Draft, number: str) -> Case:
    return Case(
        number=number,
        region=item.region,
        department=item.department,
        department_name=item.department_name,
        item_code=item.code,
        item_version=item.version,
        item_name=item.name,
        instant=item.handling is catalogue.Handling.INSTANT,
        holder=draft.holder,
        # Names of organisations stand in public registers; only people's are hidden.
        applicant=draft.name if draft.holder.startswith("b-") else masked(draft.name),
        acting=work.actor.id,
        channel=Channel.PORTAL,
        stage=Stage.SUBMITTED,
        revision=1,
        submitted_at=work.now,
        materials_complete_at=work.now,
        materials=materials_of(item, draft),
    )


def _nothing_to_submit(work: Work, item_code: str, holder: str) -> NoDraft | AlreadySubmitted:
    number = store.lately_submitted(
        work, item_code=item_code, holder=holder, since=work.now - TWICE
    )
    return AlreadySubmitted(number=number) if number else NoDraft()


def _name(holder: str, item_code: str) -> str:
    return f"{holder} {item_code}"
