"""Definitions written in a line or two, for tests."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from tongban.process import Content, EventKind, Formula, NodeKind, Process
from tongban.process.model.definition import Event, Flow, Node

KINDS = {
    "start": NodeKind.START,
    "end": NodeKind.END,
    "xor": NodeKind.EXCLUSIVE,
    "and": NodeKind.PARALLEL,
    "or": NodeKind.INCLUSIVE,
    "sub": NodeKind.SUB_PROCESS,
    "call": NodeKind.CALL,
    "script": NodeKind.SCRIPT,
    "race": NodeKind.EVENT_BASED,
    "wait": NodeKind.RECEIVE,
}


def kind_of(name: str) -> NodeKind:
    """A node's kind by the beginning of its id: ``xor_choice`` is an exclusive gateway."""
    return KINDS.get(name.split("_")[0], NodeKind.USER)


def drawn_node(name: str) -> Node:
    """A node named by its id; receive tasks wait for a message of their own name."""
    kind = kind_of(name)
    events = (Event(EventKind.MESSAGE, name),) if kind is NodeKind.RECEIVE else ()
    return Node(name, kind, name=name, events=events)


def conditioned(flow: Flow, source: Node, flows: dict[str, Flow]) -> Flow:
    """A branch of a choice, with a condition of its own."""
    choice = source.kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
    if not choice or sum(one.source == source.id for one in flows.values()) < 2:
        return flow
    return replace(flow, condition=Formula(f'choice = "{flow.target}"'))


def content(*paths: str, nodes: Iterable[Node] = (), conditions: dict[str, str] | None = None):
    """Scope content from paths like ``start > review > end``; given nodes replace drawn ones."""
    given = {node.id: node for node in nodes}
    found: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    for path in paths:
        names = [name.strip() for name in path.split(">")]
        for name in names:
            found.setdefault(name, given.get(name) or drawn_node(name))
        for source, target in pairwise(names):
            key = f"{source}-{target}"
            text = (conditions or {}).get(key, "")
            flows.setdefault(key, Flow(key, source, target, condition=Formula(text)))
    for name, node in given.items():
        found.setdefault(name, node)
    if conditions is None:
        flows = {key: conditioned(flow, found[flow.source], flows) for key, flow in flows.items()}
    return Content(tuple(found.values()), tuple(flows.values()))


def process(*paths: str, nodes: Iterable[Node] = (), conditions: dict[str, str] | None = None):
    """A process from paths."""
    return Process("p", "测试流程", content(*paths, nodes=nodes, conditions=conditions))
