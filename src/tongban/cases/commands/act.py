"""How every act begins and ends: lock, permit, compare with the page; keep, and read again."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tongban import documents
from tongban.cases import queries, store
from tongban.cases.model import Case, Limit, StalePage, form
from tongban.foundation.actor import Kind
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

TEXT_MAX = 2000


def locked(work: Work, number: str, permission: str, revision: int | None) -> Case:
    """Return a case for an officer to act on, held until the transaction ends.

    ``revision`` is the one that the officer's page showed.

    :raises NoSuchCase: if there is none, or the actor may not know of it.
    :raises Forbidden: if the actor does not hold the permission for its department and region.
    :raises StalePage: if something has happened to it since.
    """
    store.hold(work, number)
    case = queries.load(work, number=number)
    work.actor.must(permission, department=case.department, region=case.region)
    return _fresh(work, case, revision)


def locked_by_holder(work: Work, number: str, revision: int | None) -> Case:
    """Return a case for its holder to act on, or for the counter on the holder's behalf."""
    store.hold(work, number)
    case = queries.load(work, number=number)
    if work.actor.kind is Kind.OFFICER:
        work.actor.must("cases.accept", department=case.department, region=case.region)
    else:
        work.actor.must_hold("cases.apply", holder=case.holder)
    return _fresh(work, case, revision)


def moved(
    work: Work,
    case: Case,
    *,
    starts: Sequence[Limit] = (),
    started_on: date | None = None,
    stopped: bool = False,
) -> Case:
    """Keep a case in its new stage and return it with its new clocks.

    Permits everyone: the act has asked already.
    """
    store.move(work, case, starts=starts, started_on=started_on, stopped=stopped)
    return queries.load(work, number=case.number)


def of_case(case: Case) -> dict[str, Any]:
    """Return what every event about a case says."""
    return {"number": case.number, "department": case.department, "holder": case.holder}


def told(text: str, *, field: str, ask: str) -> str:
    """Return a text that an act cannot do without, such as its reason.

    :raises Invalid: if it is empty or too long.
    """
    text = within_limit(text, field=field)
    if not text:
        raise Invalid(Problem(field, ask))
    return text


def within_limit(text: str, *, field: str) -> str:
    """Return a text as it is kept.

    :raises Invalid: if it is too long.
    """
    text = form.clean(text)
    if len(text) > TEXT_MAX:
        raise Invalid(Problem(field, "最多{limit}个字", {"limit": TEXT_MAX}))
    return text


def file_ids(files: Iterable[str]) -> list[UUID]:
    """Return the ids of files as they came from a page.

    :raises NoSuchFile: if one is no such id.
    """
    try:
        return [UUID(file) for file in files]
    except ValueError:
        raise documents.NoSuchFile from None


def _fresh(work: Work, case: Case, revision: int | None) -> Case:
    if revision is not None and revision != case.revision:
        raise StalePage(changed=queries.last_change(work, case=case))
    return case
