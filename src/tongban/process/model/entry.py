"""Where an instance or a called process begins (BPMN 2.0.2, 10.5.2 and 13.2). Pure."""

from tongban.foundation.errors import Conflict
from tongban.process.model.graph import NONE, Graph
from tongban.process.model.kinds import NodeKind


class NotStartable(Conflict):
    message = "流程没有可以这样启动的开始事件"


class SeveralStarts(Conflict):
    message = "流程有几个开始事件（{starts}），请指明从哪一个开始"


def plain_starts(graph: Graph) -> tuple[int, ...]:
    """Return the start events of a process without a trigger."""
    return tuple(n for n in graph.scopes[0].starts if graph.nodes[n].kind is NodeKind.START)


def entry(graph: Graph, node: str = "", *, called: bool = False) -> tuple[int, ...]:
    """Return the nodes that get a token when a process begins.

    That is the start event or beginning task that is named; else the plain start event; else, where
    the process has no start event at all, every node without incoming flow. Each start event that
    occurs begins an instance of its own, so of several plain ones the one must be named. A process
    that is ``called`` never begins with a trigger, which a call is not.

    :raises NotStartable: if there is no such start event, or none without a trigger.
    :raises SeveralStarts: if it is not said which of them.
    """
    plain = plain_starts(graph)
    if node:
        number = graph.by_id.get(node, NONE)
        if number not in plain and (called or number not in graph.scopes[0].triggers):
            raise NotStartable
        return (number,)
    if len(plain) > 1:
        names = (graph.nodes[number] for number in plain)
        raise SeveralStarts(starts="、".join(one.name or one.id for one in names))
    if not graph.scopes[0].starts:
        raise NotStartable
    return graph.scopes[0].starts
