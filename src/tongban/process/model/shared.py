"""Plays that many instances have in common: played once, and told of the others with their numbers.

A play that asks nothing of its own instance, neither variables nor what stands around it, depends
on the graph, the node and the act alone. A bulk act plays it for the first instance only. Pure.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from tongban.process.model.graph import Graph
from tongban.process.model.kinds import NodeKind
from tongban.process.model.play import Play, World
from tongban.process.model.tokens import (
    ROOT,
    Alarm,
    Effects,
    Gathering,
    Place,
    Subscription,
    Token,
)


@dataclass(slots=True)
class _Listening:
    """A world that notes what a play asks of it."""

    world: World
    asked: bool = False
    numbers: list[int] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def zone(self) -> tzinfo:
        return self.world.zone

    def graph(self, definition: int) -> Graph:
        return self.world.graph(definition)

    def called(self, process: str) -> int:
        return self.world.called(process)

    def new_id(self) -> int:
        number = self.world.new_id()
        self.numbers.append(number)
        return number

    def stored(self, scopes: tuple[int, ...]) -> Mapping[int, Mapping[str, object]]:
        self.asked = True
        return self.world.stored(scopes)

    def token(self, token: int) -> Token:
        self.asked = True
        return self.world.token(token)

    def decide(self, code: str, facts: Mapping[str, object]) -> object:
        self.asked = True
        return self.world.decide(code, facts)


@dataclass(slots=True)
class _Played:
    """What a play of some instance came to, with its token and the numbers that it was given.

    Whether it is the same for others is found out when there is another.
    """

    effects: Effects
    token: int
    numbers: list[int]
    asked: bool
    alike: bool | None = None

    def is_alike(self) -> bool:
        if self.alike is None:
            known = {self.token, ROOT, *self.numbers}
            self.alike = not self.asked and _is_plain(self.effects, known)
        return self.alike


class Shared:
    """The plays of one act on many instances. ``data`` is what is said at every one of them."""

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        self.data = data or {}
        self._played: dict[Hashable, _Played] = {}

    def complete(self, world: World, token: Token) -> Effects:
        """Let a token go on whose person, job or event is done."""
        return self._play(
            world,
            ("complete", *_kind(token)),
            token.id,
            lambda at: Play(at).complete(token, self.data),
        )

    def ring(self, world: World, token: Token | None, alarm: Alarm) -> Effects:
        """Let a timer fire, and set it again if it is a cycle whose host goes on."""
        node = world.graph(alarm.place.definition).node(alarm.node)
        goes_on = not node.interrupting and node.kind in (NodeKind.BOUNDARY, NodeKind.START)
        if token is None or goes_on:  # When it rings again depends on when it was due.
            return Play(world).ring(token, alarm)
        kind = ("ring", alarm.node, alarm.place, *_kind(token))
        return self._play(world, kind, token.id, lambda at: Play(at).ring(token, alarm))

    def hear(self, world: World, token: Token, wanted: Subscription) -> Effects:
        """Let a token hear what it was listening for."""
        return self._play(
            world,
            ("hear", wanted.node, wanted.place, *_kind(token)),
            token.id,
            lambda at: Play(at).trigger(token, wanted.node, wanted.place, self.data),
        )

    def gathered(self, world: World, gathering: Gathering) -> Effects:
        """Go on from a synchronising place if everything that it needs has come."""
        return self._play(
            world, ("gathered", gathering), ROOT, lambda at: Play(at).gathered(gathering)
        )

    def settle(
        self, world: World, place: Place, tokens: Sequence[str], gatherings: Sequence[Gathering]
    ) -> Effects:
        """Fire the inclusive joins of a scope that are ready, or leave it if nothing is left."""
        return self._play(
            world,
            ("settle", place, tuple(tokens), tuple(gatherings)),
            ROOT,
            lambda at: Play(at).settle(place, tokens=tokens, gatherings=gatherings),
        )

    def _play(
        self, world: World, kind: Hashable, token: int, play: Callable[[World], Effects]
    ) -> Effects:
        played = self._played.get(kind)
        if played is None:
            listening = _Listening(world)
            effects = play(listening)
            self._played[kind] = _Played(effects, token, listening.numbers, listening.asked)
            return effects
        if not played.is_alike():
            return play(world)
        numbers = {number: world.new_id() for number in played.numbers}
        return _renumbered(played.effects, numbers | {played.token: token, ROOT: ROOT})


def _kind(token: Token) -> tuple[Hashable, ...]:
    """Return everything of a token that a play may go by."""
    return (token.node, token.place, token.state, token.turn, token.sweeping, token.helps)


def _is_plain(effects: Effects, known: set[int]) -> bool:
    """Say whether all stands in the process itself, and is numbered as the play was told."""
    places = [
        *(one.place for one in effects.born.values()),
        *(one.place for one in effects.alarms),
        *(one.place for one in effects.subscriptions),
        *(one.place for one in effects.arrivals),
        *(one.place for one in effects.left),
        *effects.checks.values(),
    ]
    numbers = {
        *effects.born,
        *effects.gone,
        *effects.unhelped,
        *effects.disarmed,
        *effects.variables,
        *(one.token for one in effects.alarms),
        *(number for number, _ in effects.rung),
        *(one.token for one in effects.subscriptions),
    }
    alone = not effects.felled and numbers <= known
    return alone and all(not at.scopes and at.home == ROOT for at in places)


def _renumbered(effects: Effects, numbers: Mapping[int, int]) -> Effects:
    """Return effects with other numbers. What names no number, or is empty, stays the same."""
    e = effects
    return Effects(
        {numbers[id]: Token(numbers[id], *one[1:]) for id, one in e.born.items()},
        [numbers[id] for id in e.gone],
        [numbers[id] for id in e.unhelped] if e.unhelped else e.unhelped,
        e.felled,
        [numbers[id] for id in e.disarmed] if e.disarmed else e.disarmed,
        e.arrivals,
        e.left,
        {numbers[scope]: said for scope, said in e.variables.items()},
        [replace(one, token=numbers[one.token]) for one in e.alarms] if e.alarms else e.alarms,
        [(numbers[id], node) for id, node in e.rung] if e.rung else e.rung,
        [replace(one, token=numbers[one.token]) for one in e.subscriptions]
        if e.subscriptions
        else e.subscriptions,
        e.thrown,
        e.checks,
        e.path,
        e.outcome,
    )
