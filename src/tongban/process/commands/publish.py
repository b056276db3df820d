"""Publishing a definition: from then on it runs, and never changes."""

from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.beginnings import plan_beginnings
from tongban.process.events import ProcessPublished
from tongban.process.model.bpmn.read import read
from tongban.process.model.compile import compiled
from tongban.process.model.graph import Graph
from tongban.process.model.instance import DefinitionLine
from tongban.process.model.kinds import EventKind
from tongban.process.queries.definitions import latest

_TRIGGERS = {EventKind.MESSAGE: "message", EventKind.SIGNAL: "signal", EventKind.TIMER: "timer"}


def publish(
    work: Work, *, bpmn: bytes, department: str, region: str, process: str = "", note: str = ""
) -> DefinitionLine:
    """Publish a process of a BPMN file; the same content twice is the same version.

    :raises Faulty: if it cannot be read or run, with every reason.
    """
    work.actor.must("process.publish", department=department, region=region)
    definition = read(bpmn)
    graph = compiled(definition, process=process)
    number = store.number_of(graph)
    known = store.line(work, definition=number)
    if known is not None:
        return known
    owner = latest(work, process=graph.process)
    if owner is not None:
        # The next version of a process is a matter of those to whom the process belongs.
        work.actor.must("process.publish", department=owner.department, region=owner.region)
    version = work.value(
        """
        insert into process.definition (id, process, version, name, department, region, hash, bpmn,
                                        note, published_by, published_name, published_at)
        select %(id)s, %(process)s, coalesce(max(version), 0) + 1, %(name)s, %(department)s,
               %(region)s, %(hash)s, %(bpmn)s, %(note)s, %(by)s, %(by_name)s, %(now)s
          from process.definition where process = %(process)s
        returning version
        """,
        id=number,
        process=graph.process,
        name=graph.name or graph.process,
        department=department,
        region=region,
        hash=graph.hash,
        # As UTF-8, whatever the file was written in.
        bpmn=definition.source.decode(),
        note=note,
        by=work.actor.id,
        by_name=work.actor.name,
        now=work.now,
    )
    _keep_entries(work, number, graph)
    plan_beginnings(work, definition=number, graph=graph, region=region)
    work.record(ProcessPublished(graph.process, version, department, region))
    found = store.line(work, definition=number)
    assert found is not None
    return found


def _keep_entries(work: Work, definition: int, graph: Graph) -> None:
    for number in graph.scopes[0].triggers:
        node = graph.nodes[number]
        if node.event.kind in _TRIGGERS:
            work.run(
                """
                insert into process.entry (definition, node, kind, name)
                values (%(definition)s, %(node)s, %(kind)s, %(name)s)
                """,
                definition=definition,
                node=node.id,
                kind=_TRIGGERS[node.event.kind],
                name=node.event.name,
            )
