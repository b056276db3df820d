"""How an application becomes a case, whichever way it came in."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from tongban import catalogue, documents, rulebook
from tongban.cases import queries, store
from tongban.cases.commands.act import file_ids, of_case
from tongban.cases.commands.course import begin
from tongban.cases.commands.instant import Submission, rule
from tongban.cases.events import CaseSubmitted
from tongban.cases.model import (
    NOTICE,
    Case,
    Channel,
    Draft,
    Filled,
    Private,
    Stage,
    check_draft,
    materials_of,
)
from tongban.foundation import ids
from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.secrets import masked
from tongban.foundation.work import Work
from tongban.rulebook import Purpose


@dataclass(frozen=True, slots=True)
class Intake:
    """How an application came in.

    ``undeclared`` is what stands in its way when nobody has declared that it is true; None if
    somebody has. ``seen`` are the keys of the materials whose paper originals the counter has
    seen, None online. ``serial`` becomes part of the number. ``definition`` is the process on which
    the case runs, None where its item has none.
    """

    channel: Channel
    serial: int
    undeclared: Problem | None
    seen: Collection[str] | None = None
    definition: int | None = None


def opened(work: Work, *, item: catalogue.Item, whole: Draft, intake: Intake) -> Case:
    """Check what was filled in, make a case of it, and let rules see whether they can decide it.

    Permits everyone: part of ``submit`` and ``receive``, which have asked.

    :raises Invalid: naming everything that is missing or wrong.
    """
    purposes = {each.purpose for each in rulebook.bindings(work, item_code=item.code)}
    if Purpose.SCENARIO in purposes:
        item, _ = queries.item_for(work, item=item, choices=whole.choices, answers=whole.answers)
    # What this case does not need is not kept, even if it was filled in before.
    draft = whole.merged(item, Filled())
    problems = check_draft(item, draft, seen=intake.seen)
    if intake.undeclared:
        problems.append(intake.undeclared)
    if problems:
        raise Invalid(*problems)
    private = _private(work, item, draft, asked=bool(purposes))
    case = store.open_case(work, _case(work, item, draft, intake), private=private, limit=NOTICE)
    begin(work, case)
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
    known = _from_registers(work, item, draft)
    return replace(private, sources=known, sources_at=work.now)


def _from_registers(work: Work, item: catalogue.Item, draft: Draft) -> dict[str, str]:
    if work.actor.kind is not Kind.OFFICER:
        return queries.from_registers(work, item=item, draft=draft)
    with work.acting_as(SYSTEM):  # The registers answer the system, not the officer.
        return queries.from_registers(work, item=item, draft=draft)


def _attach(work: Work, draft: Draft, case: Case) -> None:
    if not draft.files:
        return
    attached = documents.attach(
        work,
        files=file_ids(draft.files),
        case_number=case.number,
        department=case.department,
        region=case.region,
    )
    if any(each.holder != case.holder for each in attached):
        # Taken in by the same officer for somebody else: not a paper of this applicant.
        raise documents.NoSuchFile


def _case(work: Work, item: catalogue.Item, draft: Draft, intake: Intake) -> Case:
    number = ids.case_number(region=item.region, on=work.today, serial=intake.serial)
    return Case(
        number=str(number),
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
        channel=intake.channel,
        stage=Stage.SUBMITTED,
        revision=1,
        definition=intake.definition,
        submitted_at=work.now,
        materials_complete_at=work.now,
        materials=materials_of(item, draft, seen=intake.seen or ()),
    )
