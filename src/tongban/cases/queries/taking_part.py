"""Officers of other units who take part in a case: what they see of it, and nobody else."""

from dataclasses import dataclass
from datetime import datetime

from tongban import documents, process
from tongban.cases.model import Answer, Case, Material, NoSuchCase, Opinion, Stage, key_of
from tongban.cases.queries.case import load, opinions, shown
from tongban.cases.queries.course import instance_of
from tongban.cases.queries.lists import moment_and_number
from tongban.documents import File
from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.paging import Page, cut
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class PartPaper:
    """A material of a case with the files that were handed in for it."""

    material: Material
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What whoever takes part in a case sees of it. ``answers`` are masked, ``own_case`` tells
    whether they may open the case itself."""

    case: Case
    answers: tuple[Answer, ...]
    papers: tuple[PartPaper, ...]
    opinions: tuple[Opinion, ...]
    own_case: bool


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step that the asking officer did in a case, whosever case it is, and where that is now."""

    number: str
    item_name: str
    step_name: str
    agree: bool
    given_at: datetime
    stage: Stage

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))


@dataclass(frozen=True, slots=True)
class _Unit:
    department: str


def part(work: Work, *, number: str) -> Part:
    """Return what an officer sees of a case in which they have an open or a done step.

    :raises NoSuchCase: to everybody else.
    """
    return seen(work, must_take_part(work, number=number))


def seen(work: Work, case: Case) -> Part:
    """Return the parts of a case that who takes part in it sees. The caller has permitted it."""
    with work.acting_as(SYSTEM):  # The step is theirs, although the case is another unit's.
        answers = tuple(shown(work, case, mask=True))
        thought = tuple(opinions(work, number=case.number))
        by_id = {
            str(file.id): file for file in documents.files_of_case(work, case_number=case.number)
        }
    papers = tuple(
        PartPaper(one, tuple(by_id[id] for id in one.files if id in by_id))
        for one in case.materials
    )
    own_case = work.actor.may("cases.read", department=case.department, region=case.region)
    return Part(case, answers, papers, thought, own_case)


def must_take_part(work: Work, *, number: str) -> Case:
    """Return a case to an officer who has a step in it, open or done by themselves.

    The unit of the step has let them read cases and do steps; an open step is also for their role.

    :raises NoSuchCase: to everybody else.
    """
    actor, key = work.actor, key_of(number)
    if actor.kind is not Kind.OFFICER:
        raise NoSuchCase(number=number[:40])
    with work.acting_as(SYSTEM):
        case = load(work, number=number)
        waiting = [
            (one.department, f"role.{one.role}" if one.role else "process.work")
            for one in process.standing(work, instance=instance_of(case.number))
            if one.waits == "work"
        ]
        done = work.all(
            _Unit,
            """
            select distinct department from cases.opinion
             where region = %(region)s and month = %(month)s and number = %(number)s
               and officer = %(officer)s and step_name <> ''
            """,
            officer=actor.id,
            **key,
        )
    steps = waiting + [(one.department, "process.work") for one in done]
    for unit, needed in steps:
        place = {"department": unit, "region": case.region}
        if all(actor.may(one, **place) for one in ("cases.read", "process.work", needed)):
            return case
    raise NoSuchCase(number=number[:40])


def done_steps(work: Work, *, after: str = "", size: int = 20) -> Page[DoneStep]:
    """Return the steps that the actor did beside the acts of the case, the latest first."""
    work.actor.must("process.work")
    moment, number = moment_and_number(after)
    officer = work.actor.id
    with work.acting_as(SYSTEM):  # What they did is theirs, whosever the case is.
        rows = work.all(
            DoneStep,
            """
            select o.number, c.item_name, o.step_name, o.agree, o.given_at, c.stage
              from cases.opinion o
              join cases.case_file c using (region, month, number)
             where o.officer = %(officer)s and o.step_name <> ''
               and (o.given_at, o.number) < (%(moment)s::timestamptz, %(number)s)
             order by o.given_at desc, o.number desc
             limit %(limit)s
            """,
            officer=officer,
            moment=moment,
            number=number,
            limit=size + 1,
        )
    return cut(rows, size=size, key=lambda line: (line.given_at.isoformat(), line.number))
