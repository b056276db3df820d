"""A case as an office shows it, gathered from the modules that know its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request

from tongban import cases, catalogue, documents
from tongban.channels.shell.forms import form, whole
from tongban.foundation import ids
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work

PAGE_SIZE = 20
# The registers from which an answer was filled in, by what the form says of its source.
SOURCES = {
    "holder.name": "身份信息",
    "holder.id_number": "身份信息",
    "holder.telephone": "申请人的资料",
    "holder.address": "申请人的资料",
    "holder.credit_code": "登记信息",
    "holder.legal_representative": "登记信息",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer: where it stands in the form, and the register it came from, if any."""

    key: str
    label: str
    text: str
    section: str
    hidden: bool
    source: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A material of the case, beside what the guide of that time asks of it."""

    material: cases.Material
    guide: catalogue.Material | None
    files: tuple[documents.File, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of the case with its limit in words."""

    clock: cases.Clock
    limit: catalogue.Limit
    left: int | None


@dataclass(frozen=True, slots=True)
class Casework:
    """A case with everything that is decided upon. ``notices`` are the papers issued in it."""

    case: cases.Case
    item: catalogue.Item
    facts: tuple[Fact, ...]
    papers: tuple[Paper, ...]
    deadlines: tuple[Deadline, ...]
    notices: tuple[documents.File, ...]

    @property
    def urgent(self) -> Deadline | None:
        """The deadline that runs out first."""
        most = self.case.clock
        return next((each for each in self.deadlines if each.clock == most), None)

    def may(self, work: Work, act: cases.Act, permission: str) -> bool:
        """Tell whether stage and step allow the act, and the actor holds the permission for it."""
        case = self.case
        return case.may(act) and work.actor.may(
            permission, department=case.department, region=case.region
        )


def gather(work: Work, *, number: str, shown: list[cases.Answer] | None = None) -> Casework:
    """Return a case with its parts; ``shown`` are its answers in the clear, once revealed.

    :raises NoSuchCase: if there is none, or the actor may not know of it.
    """
    case = cases.case(work, number=number)
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    answers = cases.answers(work, number=case.number) if shown is None else shown
    files = documents.files_of_case(work, case_number=case.number)
    by_id = {each.id: each for each in files}
    return Casework(
        case=case,
        item=item,
        facts=tuple(_fact(item, answer) for answer in answers),
        papers=tuple(
            Paper(
                each,
                item.material(each.key),
                tuple(by_id[UUID(id)] for id in each.files if UUID(id) in by_id),
            )
            for each in case.materials
        ),
        deadlines=tuple(_deadline(line) for line in cases.clocks(work, number=case.number)),
        notices=tuple(each for each in files if each.kind is not documents.FileKind.UPLOAD),
    )


def sought(text: str) -> str | Problem:
    """Return the case number that somebody typed or scanned, or what is wrong with it."""
    read = ids.read_case_number(text)
    return Problem("q", read.message, read.details) if isinstance(read, Problem) else str(read)


def typed(request: Request) -> Mapping[str, str]:
    """Return what was filled in, when a form is shown once more; else nothing."""
    if request.method != "POST":
        return {}
    return {name: text for name, text in form(request).items() if isinstance(text, str)}


def revision_shown(request: Request) -> int:
    """Return the revision that the page showed. A form that names none is stale by definition."""
    shown = whole(str(form(request).get("revision", "")))
    return -1 if shown is None else shown


def _fact(item: catalogue.Item, answer: cases.Answer) -> Fact:
    rules: Mapping[str, Any] = item.form.get("properties", {})
    source = rules.get(answer.key, {}).get("x-source", "")
    return Fact(
        answer.key,
        answer.label,
        answer.text,
        answer.section,
        answer.hidden,
        SOURCES.get(source, ""),
    )


def _deadline(line: cases.ClockLine) -> Deadline:
    clock = line.clock
    return Deadline(clock, catalogue.Limit(clock.amount, catalogue.Unit(clock.unit)), line.left)
