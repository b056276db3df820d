"""Definitions as they are kept, and their graphs, compiled once in each process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from tongban.foundation.db import Db
from tongban.process.model.bpmn.read import read
from tongban.process.model.compile import compiled
from tongban.process.model.graph import Graph
from tongban.process.model.instance import DefinitionLine, NoSuchDefinition

_CACHED_MAX = 1_000
# A definition's number is the beginning of the hash of its content, so that a graph that was
# compiled for one database is right for every other.
_graphs: OrderedDict[int, Graph] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Text:
    process: str
    bpmn: str


def number_of(graph: Graph) -> int:
    """Return the number by which a graph's definition is kept."""
    return int.from_bytes(graph.hash[:8], "big") >> 1


def graph(db: Db, definition: int) -> Graph:
    """Return the graph of a published definition.

    :raises NoSuchDefinition: if there is none of this number.
    """
    found = _graphs.get(definition)
    if found is not None:
        return found
    text = db.one(
        _Text,
        "select process, bpmn from process.definition where id = %(id)s",
        id=definition,
    )
    if text is None:
        raise NoSuchDefinition(process=definition)
    return remember(definition, compiled(read(text.bpmn.encode()), process=text.process))


def remember(definition: int, graph: Graph) -> Graph:
    """Keep a graph for this process."""
    with _lock:
        _graphs[definition] = graph
        while len(_graphs) > _CACHED_MAX:
            _graphs.popitem(last=False)
    return graph


def in_force(db: Db, process: str) -> int:
    """Return the number of the latest version of a process.

    :raises NoSuchDefinition: if none was published.
    """
    found = db.value(
        """
        select id from process.definition where process = %(process)s
         order by version desc limit 1
        """,
        process=process,
    )
    if found is None:
        raise NoSuchDefinition(process=process)
    return int(found)


def line(db: Db, *, definition: int) -> DefinitionLine | None:
    return db.one(
        DefinitionLine,
        """
        select id, process, version, name, department, region, note, published_name, published_at
          from process.definition where id = %(id)s
        """,
        id=definition,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    process: str
    node: str


def entries(db: Db, *, kind: str, name: str) -> list[tuple[str, str]]:
    """Return every process whose latest version begins with a message or signal, and where.

    What was published last comes first.
    """
    rows = db.all(
        _Entry,
        """
        select d.process, e.node
          from process.entry e
          join process.definition d on d.id = e.definition
         where e.kind = %(kind)s and e.name = %(name)s
           and d.version = (select max(version) from process.definition latest
                             where latest.process = d.process)
         order by d.published_at desc, d.process, e.node
        """,
        kind=kind,
        name=name,
    )
    return [(row.process, row.node) for row in rows]
