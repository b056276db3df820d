"""What happens when a token comes to a node, by the kind of the node. Pure."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tongban.process.model import events, work
from tongban.process.model.graph import Node
from tongban.process.model.kinds import NodeKind
from tongban.process.model.tokens import Place, State, within

if TYPE_CHECKING:
    from tongban.process.model.play import Play


def _pass(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    play.done(node, place, turn, own=own)


def _work(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    play.wait(node, place, State.WORK, turn=turn, own=own)


def _job(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    if node.attributes.service:
        play.wait(node, place, State.JOB, turn=turn, own=own)
    elif node.kind is NodeKind.SEND:
        events.begin_throw(play, node, place, turn, own)
    else:
        # Nobody said what is to be done, as the check warns: there is nothing to wait for.
        play.assign(node.outputs, place, place.home)
        play.done(node, place, turn, own=own)


def _calculate(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """Script and business-rule tasks: at once, and their result is a variable."""
    if node.kind is NodeKind.SCRIPT:
        found = play.value(node.script, place) if node.script else None
    else:
        facts = play.facts(place)
        facts |= {one.target: play.value(one.expression, place) for one in node.inputs}
        found = play.world.decide(node.attributes.decision, facts)
    value, target = work.plain(found), node.attributes.result
    if target:
        play.effects.set(place.home, {target: value})
    elif isinstance(value, dict):
        play.effects.set(place.home, value)
    play.assign(node.outputs, place, place.home)
    play.done(node, place, turn, own=own)


def _open_scope(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    owner = play.wait(node, place, State.SCOPE, turn=turn, own=own)
    graph = play.world.graph(place.definition)
    play.open(within(place, owner.id, own_variables=False), graph, node.inner)


def _call(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    definition = play.world.called(node.called)
    owner = play.wait(node, place, State.SCOPE, turn=turn, own=own)
    # Without any mapping the called process works with its caller's data.
    mapped = bool(node.inputs or node.outputs)
    inner = within(place, owner.id, own_variables=mapped)._replace(definition=definition)
    play.assign(node.inputs, place, owner.id)
    play.open(inner, play.world.graph(definition), 0, node=node.called_start)


_Begin = Callable[["Play", Node, Place, int, int], None]
BEGIN: dict[NodeKind, _Begin] = {
    NodeKind.START: _pass,
    NodeKind.EXCLUSIVE: _pass,
    NodeKind.PARALLEL: _pass,
    NodeKind.INCLUSIVE: _pass,
    NodeKind.TASK: _pass,
    NodeKind.USER: _work,
    NodeKind.MANUAL: _work,
    NodeKind.SERVICE: _job,
    NodeKind.SEND: _job,
    NodeKind.SCRIPT: _calculate,
    NodeKind.BUSINESS_RULE: _calculate,
    NodeKind.RECEIVE: events.begin_catch,
    NodeKind.CATCH: events.begin_catch,
    NodeKind.EVENT_BASED: events.begin_choice,
    NodeKind.THROW: events.begin_throw,
    NodeKind.END: events.begin_end,
    NodeKind.SUB_PROCESS: _open_scope,
    NodeKind.CALL: _call,
}
