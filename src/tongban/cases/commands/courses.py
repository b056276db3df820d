"""Which process the cases of an item run on, and the two plain ones that come with the product."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tongban import catalogue, process
from tongban.cases.events import CourseSet
from tongban.cases.model.stage import ACCEPT, CORRECT, DECIDE, DELIVER, HANDLE, REVIEW
from tongban.cases.queries.course import plain_course
from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work

PLAIN = {"plain-instant": "* instant", "plain-committed": "* committed"}
NEEDED = {ACCEPT: "受理", CORRECT: "补正", DECIDE: "批准", DELIVER: "送达"}


class NotACourse(Conflict):
    message = "流程“{process}”不能用于办件：没有“{act}”环节（tongban:act）"


class TooLong(Conflict):
    message = "“{name}”是即办件，由承办人当场决定，流程“{process}”却另有承办或审核环节"


def set_course(work: Work, *, item_code: str, process_id: str) -> int:
    """Let the cases of an item that begin from now on run on a process; return its version.

    Cases that have begun stay on the version that they began with.

    :raises NoSuchDefinition: if no such process was published.
    :raises NotACourse, TooLong: if cases of this item could not be carried through by it.
    :raises NotStartable, SeveralStarts: if it is not clear where a case would begin.
    """
    item = catalogue.item(work, code=item_code)
    work.actor.must("process.publish", department=item.department, region=item.region)
    definition = process.in_force(work, process_id)
    process.entry(process.published(work, process=process_id).graph)
    acts = _acts(work, definition)
    _must_be_course(process_id, acts)
    if item.handling is catalogue.Handling.INSTANT and acts & {HANDLE, REVIEW}:
        raise TooLong(name=item.name, process=process_id)
    _keep(work, item_code, process_id, definition)
    work.record(CourseSet(item_code, process_id, str(definition), item.region, item.department))
    return definition


def must_carry(work: Work, *, process_id: str, acts: Collection[str]) -> None:
    """Refuse a next version of a process that could not carry the cases of its items.

    ``acts`` are those that its steps name. Permits everyone: part of a publication.

    :raises NotACourse, TooLong: if a step that cases need is missing, or is one too many.
    """
    codes = {
        row.item_code
        for row in work.all(
            _Bound,
            "select item_code from cases.course where process = %(process)s",
            process=process_id,
        )
    }
    if codes:
        _must_be_course(process_id, acts)
    if {HANDLE, REVIEW} & set(acts):
        for code in sorted(codes):
            plain = code == PLAIN["plain-instant"]
            item = None if code.startswith("*") else catalogue.item(work, code=code)
            if plain or (item and item.handling is catalogue.Handling.INSTANT):
                raise TooLong(name=item.name if item else process_id, process=process_id)


def _must_be_course(process_id: str, acts: Collection[str]) -> None:
    for act, name in NEEDED.items():
        if act not in acts:
            raise NotACourse(process=process_id, act=name)


def _acts(work: Work, definition: int) -> set[str]:
    return {said.act for said in process.steps(work, definition=definition).values()}


@dataclass(frozen=True, slots=True)
class _Bound:
    item_code: str


def unset_course(work: Work, *, item_code: str) -> None:
    """Let the cases of an item run on the plain process of its kind again."""
    item = catalogue.item(work, code=item_code)
    work.actor.must("process.publish", department=item.department, region=item.region)
    work.run("delete from cases.course where item_code = %(item_code)s", item_code=item_code)
    work.record(CourseSet(item_code, "", "", item.region, item.department))


def install_courses(work: Work) -> None:
    """Publish the plain processes of instant and committed items, where they are new.

    What an installation has published instead, under the same name, stays in force.

    Permits everyone: called when the product is put in place, as the system.
    """
    for name, kind in PLAIN.items():
        file = Path(__file__).parents[1] / "processes" / f"{name}.bpmn"
        process.publish(work, bpmn=file.read_bytes(), department="", region="", process=name)
        work.run(
            """
            insert into cases.course (item_code, process, definition, since)
            values (%(item_code)s, %(process)s, %(definition)s, %(now)s)
            on conflict do nothing
            """,
            item_code=kind,
            process=name,
            definition=process.in_force(work, name),
            now=work.now,
        )


def renew_courses(work: Work, *, process_id: str) -> None:
    """Let the items of a process that was published anew begin with the new version.

    One that could not carry their cases is not begun with: they stay on the version before.

    Permits everyone: called for a publication, which was permitted.
    """
    definition = process.in_force(work, process_id)
    try:
        must_carry(work, process_id=process_id, acts=_acts(work, definition))
    except (NotACourse, TooLong):
        return
    work.run(
        """
        update cases.course set definition = %(definition)s, since = %(now)s
         where process = %(process)s and definition <> %(definition)s
        """,
        process=process_id,
        definition=definition,
        now=work.now,
    )


def course_of(work: Work, *, item: catalogue.Item) -> int | None:
    """Return the version of the process with which a case of an item would begin now; None: none.

    Permits everyone: what is published is public.
    """
    found: int | None = work.value(
        """
        select definition from cases.course
         where item_code in (%(item_code)s, %(plain)s)
         order by item_code = %(plain)s limit 1
        """,
        item_code=item.code,
        plain=plain_course(item.handling),
    )
    return found


def items_on(work: Work, *, process_id: str) -> list[str]:
    """Return the codes of the items that are bound to a process, in order.

    Permits everyone: what is published is public.
    """
    found: list[str] = work.value(
        """
        select coalesce(array_agg(item_code order by item_code), '{}') from cases.course
         where process = %(process)s and not starts_with(item_code, '* ')
        """,
        process=process_id,
    )
    return found


def _keep(work: Work, item_code: str, process_id: str, definition: int) -> None:
    work.run(
        """
        insert into cases.course (item_code, process, definition, since)
        values (%(item_code)s, %(process)s, %(definition)s, %(now)s)
        on conflict (item_code) do update
           set process = excluded.process, definition = excluded.definition, since = excluded.since
        """,
        item_code=item_code,
        process=process_id,
        definition=definition,
        now=work.now,
    )
