"""The process from which a new one is drawn. Pure."""

from tongban.process.model.definition import Content, Definition, Flow, Node, Process
from tongban.process.model.kinds import NodeKind


def first_process(name: str, *, begin: str, step: str, end: str) -> Definition:
    """Return a definition of one step between a beginning and an end, by the names given."""
    nodes = (
        Node("start", NodeKind.START, begin),
        Node("handle", NodeKind.USER, step),
        Node("end", NodeKind.END, end),
    )
    flows = (Flow("flow_1", "start", "handle"), Flow("flow_2", "handle", "end"))
    return Definition((Process("process_1", name, Content(nodes, flows), executable=True),))
