"""A step of a process that is none of the acts of a case, as whoever does it is shown it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tongban import process
from tongban.cases.model import Case, key_of
from tongban.cases.queries.case import load
from tongban.cases.queries.course import instance_of
from tongban.cases.queries.stepform import form_of
from tongban.cases.queries.taking_part import Part, seen
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.process import ItemKey, Standing


@dataclass(frozen=True, slots=True)
class StepTodo:
    """A work item with what is looked at to do it.

    ``form`` is the JSON Schema of what is filled in beside the opinion, ``part`` what is seen of
    the case: another department sees no more of it.
    """

    standing: Standing
    form: Mapping[str, Any]
    part: Part


def step_todo(work: Work, *, item: ItemKey) -> StepTodo:
    """Return a work item to somebody who may do it.

    :raises NoSuchItem: if it is not open any more.
    :raises Forbidden: if it is not for the actor's role and unit.
    """
    found = process.open_item(work, item=item)
    with work.acting_as(SYSTEM):  # The step is theirs, although the case is another unit's.
        case = load(work, number=found.number)
    return StepTodo(found, form_of(found.attributes.form), seen(work, case))


def standing(work: Work, *, case: Case) -> list[Standing]:
    """Return what the process of a case waits at; empty without a process, or after its end.

    Permits everyone: the caller shows the case to whoever may see it, and what is drawn is public.
    """
    if case.definition is None:
        return []
    with work.acting_as(SYSTEM):
        return process.standing(work, instance=instance_of(case.number))


@dataclass(frozen=True, slots=True)
class _Name:
    number: str
    item_name: str


def names(work: Work, *, numbers: Collection[str]) -> dict[str, str]:
    """Return the names of the services that cases are for, by the numbers of the cases.

    Permits everyone: which services there are is public, and the caller knows the numbers.
    """
    keys = [key_of(number) for number in numbers]
    with work.acting_as(SYSTEM):
        rows = work.all(
            _Name,
            """
            select c.number, c.item_name
              from unnest(%(regions)s::text[], %(months)s::int[], %(numbers)s::text[])
                       as k (region, month, number)
              join cases.case_file c using (region, month, number)
            """,
            regions=[key["region"] for key in keys],
            months=[key["month"] for key in keys],
            numbers=[key["number"] for key in keys],
        )
    return {row.number: row.item_name for row in rows}
