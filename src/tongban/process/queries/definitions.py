"""Published processes and drafts, as they are listed and shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.process.model.bpmn.read import read
from tongban.process.model.compile import compiled, the_process
from tongban.process.model.definition import Definition, Process
from tongban.process.model.draft import Draft, NoSuchDraft, Remark
from tongban.process.model.graph import Graph
from tongban.process.model.instance import DefinitionLine, NoSuchDefinition

LINES_MAX = 50


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process in a list: its version in force (0: none yet) and its open draft, if any."""

    process: str
    name: str
    department: str
    region: str
    version: int
    published_name: str
    published_at: datetime | None
    draft: UUID | None
    draft_state: str
    draft_changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published version with what it says: the file, its process, and the graph that runs."""

    line: DefinitionLine
    definition: Definition
    process: Process
    graph: Graph


def processes(
    db: Db, *, search: str = "", department: str = "", after: str = "", limit: int = LINES_MAX
) -> list[ProcessLine]:
    """Return processes by their id, after one, with what is published and what is being drawn."""
    return db.all(
        ProcessLine,
        """
        with known as (
            select process from process.definition
            union
            select process from process.draft where state in ('draft', 'review')
        )
        select k.process, coalesce(d.name, f.name) as name,
               coalesce(d.department, f.department) as department,
               coalesce(d.region, f.region) as region, coalesce(d.version, 0) as version,
               coalesce(d.published_name, '') as published_name, d.published_at, f.id as draft,
               coalesce(f.state, '') as draft_state, f.changed_at as draft_changed_at
          from known k
          left join lateral (
              select name, department, region, version, published_name, published_at
                from process.definition one where one.process = k.process
               order by version desc limit 1) d on true
          left join process.draft f on f.process = k.process and f.state in ('draft', 'review')
         where k.process > %(after)s
           and (%(department)s = '' or coalesce(d.department, f.department) = %(department)s)
           and (%(search)s = '' or strpos(lower(k.process), lower(%(search)s)) > 0
                or strpos(lower(coalesce(d.name, f.name)), lower(%(search)s)) > 0)
         order by k.process
         limit %(limit)s
        """,
        search=search.strip(),
        department=department,
        after=after,
        limit=limit,
    )


def latest(db: Db, *, process: str) -> DefinitionLine | None:
    """Return the version of a process that is in force, or None where none was published."""
    found = versions(db, process=process, limit=1)
    return found[0] if found else None


def versions(
    db: Db, *, process: str, before: int = 0, only: int = 0, limit: int = LINES_MAX
) -> list[DefinitionLine]:
    """Return the published versions of a process, the newest first.

    ``before`` goes on with those older than a version, ``only`` asks for one; 0: neither.
    """
    return db.all(
        DefinitionLine,
        """
        select id, process, version, name, department, region, note, published_name, published_at
          from process.definition where process = %(process)s
           and (%(before)s = 0 or version < %(before)s) and %(only)s in (0, version)
         order by version desc limit %(limit)s
        """,
        process=process,
        before=before,
        only=only,
        limit=limit,
    )


def published(db: Db, *, process: str, version: int = 0) -> Published:
    """Return a version of a process, or (0) the one in force, with everything that it says.

    :raises NoSuchDefinition: if there is none.
    """
    found = versions(db, process=process, only=version, limit=1)
    if not found:
        raise NoSuchDefinition(process=process)
    return opened(db, found[0])


def step_names(db: Db, *, definition: int, nodes: Collection[str]) -> dict[str, str]:
    """Return what nodes are called in a version, else in another: an instance may have moved."""
    found = by_number(db, definition=definition)
    names = _names(found)
    if all(node in names for node in nodes if node):
        return names
    for other in versions(db, process=found.line.process):
        names = _names(opened(db, other)) | names
    return names


def _names(found: Published) -> dict[str, str]:
    return {node.id: node.name or node.id for node in found.graph.nodes}


def by_number(db: Db, *, definition: int) -> Published:
    """Return the version that an instance runs by. NoSuchDefinition if there is none."""
    line = db.one(
        DefinitionLine,
        """
        select id, process, version, name, department, region, note, published_name, published_at
          from process.definition where id = %(id)s
        """,
        id=definition,
    )
    if line is None:
        raise NoSuchDefinition(process=definition)
    return opened(db, line)


def opened(db: Db, line: DefinitionLine) -> Published:
    """Return what a published version says."""
    bpmn = db.value("select bpmn from process.definition where id = %(id)s", id=line.id)
    definition, process, graph = _read(bpmn, line.process)
    return Published(line, definition, process, graph)


@lru_cache(maxsize=200)
def _read(bpmn: str, process: str) -> tuple[Definition, Process, Graph]:
    definition = read(bpmn.encode())
    return definition, the_process(definition, process), compiled(definition, process=process)


def draft(db: Db, *, draft: UUID) -> Draft:
    """Return a draft. NoSuchDraft if there is none."""
    found = db.one(
        Draft,
        """
        select id, process, name, department, region, bpmn, note, state, revision, based_on,
               coalesce(version, 0) as version, authors, changed_name, changed_at
          from process.draft where id = %(id)s
        """,
        id=draft,
    )
    if found is None:
        raise NoSuchDraft
    return found


def draft_of(db: Db, *, process: str) -> UUID | None:
    """Return the open draft of a process, if there is one."""
    found = db.value(
        "select id from process.draft where process = %(process)s and state in ('draft', 'review')",
        process=process,
    )
    return None if found is None else UUID(str(found))


def remarks(db: Db, *, draft: UUID) -> list[Remark]:
    """Return what was done with a draft and said about it, the first first."""
    return db.all(
        Remark,
        "select act, text, by_name, at from process.remark where draft = %(draft)s order by id",
        draft=draft,
    )


def seen(work: Work, lines: Sequence[ProcessLine]) -> list[ProcessLine]:
    """Return those processes that the actor may read."""
    return [
        one
        for one in lines
        if work.actor.may("process.read", department=one.department, region=one.region)
    ]
