"""Activities done more than once: parallel, sequential, and as long as a condition holds. Pure.

The repeated activity has a token of its own (``turns``), beneath which each turn stands. A turn
that ends arrives there as at a join, and what has arrived decides how it goes on.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tongban.foundation.errors import Conflict
from tongban.process.model.graph import Loop, Multi, Node
from tongban.process.model.tokens import Arrival, Gathering, Place, State, Token, within
from tongban.process.model.work import plain

if TYPE_CHECKING:
    from tongban.process.model.play import Play

TURNS_MAX = 10_000
_ITEMS = "#items"


class NoCollection(Conflict):
    message = "“{node}”要逐项办理，但没有得到清单或次数"


class TooManyTurns(Conflict):
    message = "“{node}”要办理 {count} 次，超过上限 {limit}"


def begin(play: "Play", node: Node, place: Place) -> None:
    """Begin the first turn, or all of them, or go past if there is none to do."""
    loop = node.loop
    assert loop is not None
    items: Sequence[object] = ()
    if isinstance(loop, Multi):
        items = _items(play, node, loop, place)
        needed = len(items)
    else:
        needed = 1
        if loop.test_before and not _again(play, loop, place, 0):
            needed = 0
    if not needed:
        if isinstance(loop, Multi) and loop.results:
            play.effects.set(place.home, {loop.results: []})
        play.follow(node, place)
        return
    owner = play.wait(node, place, State.TURNS)
    inner = within(place, owner.id, own_variables=False)
    play.effects.arrivals.append(Arrival(inner, node.id, (), needed))
    if isinstance(loop, Multi):
        play.effects.set(owner.id, {_ITEMS: [plain(item) for item in items]})
    together = isinstance(loop, Multi) and not loop.sequential
    for turn in range(needed if together else 1):
        _begin_turn(play, node, inner, turn, items)


def _items(play: "Play", node: Node, loop: Multi, place: Place) -> Sequence[object]:
    given = play.value(loop.collection, place) if loop.collection else None
    if loop.cardinality is not None:
        count = plain(play.value(loop.cardinality, place))
        given = list(range(1, count + 1)) if isinstance(count, int) and count < 10**6 else None
    if not isinstance(given, list):
        raise NoCollection(node=node.name or node.id)
    if len(given) > TURNS_MAX:
        raise TooManyTurns(node=node.name or node.id, count=len(given), limit=TURNS_MAX)
    return given


def _begin_turn(play: "Play", node: Node, inner: Place, turn: int, items: Sequence[object]) -> None:
    own = play.world.new_id()
    if isinstance(node.loop, Multi):
        given: dict[str, object] = {"loopCounter": turn + 1}
        if node.loop.item:
            given[node.loop.item] = plain(items[turn])
        play.effects.set(own, given)
        inner = inner._replace(home=own)
    play.begin(node, inner, turn=turn, own=own)


def turn_done(play: "Play", node: Node, place: Place, turn: int, own: int) -> None:
    """One turn has ended: keep its result and let it arrive."""
    loop = node.loop
    if isinstance(loop, Multi) and loop.results:
        value = play.value(loop.result, place) if loop.result else None
        play.effects.set(place.scope, {f"#r{turn}": plain(value)})
    if isinstance(loop, Multi):
        # The last act of its own variables; those of a token that waited end with the token.
        play.effects.variables.pop(own, None)
    play.effects.arrivals.append(Arrival(place, node.id, (turn,)))


def gathered(play: "Play", node: Node, gathering: Gathering) -> None:
    """Decide whether a repeated activity has ended, or which turn begins next."""
    loop, inner, count = node.loop, gathering.place, len(gathering.arrived)
    owner = play.owner(inner)
    if count == 0 or owner is None:
        return
    if isinstance(loop, Loop):
        if (not loop.maximum or count < loop.maximum) and _again(play, loop, owner.place, count):
            _begin_turn(play, node, inner, count, ())
        else:
            _finish(play, node, owner)
        return
    assert isinstance(loop, Multi)
    if count >= gathering.needed or _enough(play, loop, inner, gathering):
        _finish(play, node, owner)
    elif loop.sequential:
        items = play.world.stored((owner.id,))[owner.id][_ITEMS]
        assert isinstance(items, list)
        _begin_turn(play, node, inner, count, items)


def _again(play: "Play", loop: Loop, place: Place, count: int) -> bool:
    if loop.condition is None:
        return loop.maximum > count
    return play.value(loop.condition, place, loopCounter=count) is True


def _enough(play: "Play", loop: Multi, inner: Place, gathering: Gathering) -> bool:
    if loop.completion is None:
        return False
    done, total = len(gathering.arrived), gathering.needed
    active = (1 if loop.sequential else total) - (0 if loop.sequential else done)
    counts = {
        "numberOfInstances": total,
        "numberOfCompletedInstances": done,
        "numberOfActiveInstances": active,
    }
    # Other engines name them differently, and their definitions are drawn here too.
    counts |= {name.replace("numberOf", "nrOf"): count for name, count in counts.items()}
    results = _results(play, inner.scope)
    if loop.results:
        return play.value(loop.completion, inner, **{loop.results: results}, **counts) is True
    return play.value(loop.completion, inner, **counts) is True


def _results(play: "Play", owner: int) -> list[object]:
    kept = dict(play.world.stored((owner,)).get(owner, {}))
    kept |= play.effects.variables.get(owner, {})
    turns = sorted(int(name[2:]) for name in kept if name.startswith("#r"))
    return [kept[f"#r{turn}"] for turn in turns]


def _finish(play: "Play", node: Node, owner: Token) -> None:
    loop = node.loop
    if isinstance(loop, Multi) and loop.results:
        results = _results(play, owner.id)
        play.effects.set(owner.place.home, {loop.results: results})
    play.fell(owner.id)
    play.remove(owner)
    play.follow(node, owner.place)
