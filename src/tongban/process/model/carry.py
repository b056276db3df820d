"""How the effects of plays are carried out, the same over rows and over memory. Pure.

Moves of many instances go in rounds, each instance at most once in a round, so that a round can be
one statement. What has gathered is decided after it was written, and what is left in a scope last
of all: whoever keeps the tokens answers for that under its locks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from tongban.process.model.play import World
from tongban.process.model.shared import Shared
from tongban.process.model.tokens import ROOT, Effects, Gathering, Place
from tongban.process.model.traits import traits

Key = TypeVar("Key")
START = "start"
"""The act of the move that begins an instance."""


@dataclass(slots=True)
class Move(Generic[Key]):
    """What one act, done at a node, changed in an instance."""

    instance: Key
    act: str
    node: str
    effects: Effects


@dataclass(frozen=True, slots=True)
class Inside:
    """What stands in a scope: the nodes of its tokens, and what has gathered."""

    tokens: Sequence[str]
    gatherings: Sequence[Gathering] = ()


class Keeper(Protocol[Key]):
    """Whoever keeps the tokens of instances."""

    def world(self, instance: Key) -> World: ...
    def apply(self, moves: Sequence[Move[Key]]) -> Iterable[tuple[Key, Gathering]]:
        """Carry a round out; return the synchronising places to which something came."""
        ...

    def inside(self, scopes: Sequence[tuple[Key, Place]]) -> Iterable[tuple[Key, Place, Inside]]:
        """Lock scopes and return what stands in each; those that have ended are left out."""
        ...


@dataclass(slots=True)
class _Open(Generic[Key]):
    """What is still to be asked about one instance."""

    gatherings: list[Gathering] = field(default_factory=list)
    checks: dict[int, Place] = field(default_factory=dict)
    standing: dict[int, int] = field(default_factory=dict)

    def took(self, effects: Effects) -> None:
        """Note what a move leaves to be asked."""
        for scope in effects.felled:
            keep = [g for g in self.gatherings if scope != ROOT and scope not in g.place.scopes]
            self.gatherings = keep
            self.standing = {
                token: at for token, at in self.standing.items() if scope not in (ROOT, at)
            }
        for token in effects.gone:
            self.standing.pop(token, None)
        self.standing |= {one.id: one.place.scope for one in effects.born.values()}
        self.checks |= effects.checks
        if effects.outcome is not None:
            self.gatherings, self.checks = [], {}


def carry_out(keeper: Keeper[Key], moves: Sequence[Move[Key]]) -> dict[Key, list[Move[Key]]]:
    """Carry moves out with everything that follows from them. Return all moves by instance."""
    shared = Shared()
    opened: dict[Key, _Open[Key]] = {}
    made: dict[Key, list[Move[Key]]] = {move.instance: [] for move in moves}
    moves, endings = _parted(moves)
    while moves:
        for move in moves:
            _note(move, made[move.instance], opened)
        for instance, gathering in keeper.apply(moves):
            opened[instance].gatherings.append(gathering)
        moves, endings = endings, []
        moves = (
            moves
            or _from_gatherings(keeper, opened, shared)
            or _from_checks(keeper, opened, shared)
        )
    return made


def _parted(moves: Sequence[Move[Key]]) -> tuple[Sequence[Move[Key]], list[Move[Key]]]:
    """Make the end of an instance that its very first move ends a move of its own.

    The statement that writes an instance cannot find it to write its end.
    """
    endings = []
    for number, move in enumerate(moves):
        outcome = move.effects.outcome
        if move.act == START and outcome is not None:
            begun = replace(move.effects, outcome=None)
            moves = [*moves[:number], replace(move, effects=begun), *moves[number + 1 :]]
            ended = Effects(felled=[ROOT], disarmed=[ROOT], outcome=outcome)
            endings.append(Move(move.instance, "advance", "", ended))
    return moves, endings


def _note(move: Move[Key], earlier: list[Move[Key]], opened: dict[Key, _Open[Key]]) -> None:
    """Add a move to what was made, and to what is open if it leaves anything to be asked."""
    earlier.append(move)
    open_ = opened.get(move.instance)
    if open_ is not None:
        open_.took(move.effects)
    elif move.effects.arrivals or move.effects.checks:
        open_ = opened[move.instance] = _Open()
        for one in earlier:
            open_.took(one.effects)


def _from_gatherings(
    keeper: Keeper[Key], opened: Mapping[Key, _Open[Key]], shared: Shared
) -> list[Move[Key]]:
    moves = []
    for instance, open_ in opened.items():
        while open_.gatherings:
            gathering = open_.gatherings.pop(0)
            effects = shared.gathered(keeper.world(instance), gathering)
            if effects.moved:
                moves.append(Move(instance, "join", gathering.node, effects))
                break
    return moves


def _from_checks(
    keeper: Keeper[Key], opened: Mapping[Key, _Open[Key]], shared: Shared
) -> list[Move[Key]]:
    while True:
        asked = []
        for instance, open_ in opened.items():
            place = _next_check(keeper, instance, open_)
            if place is not None:
                asked.append((instance, place))
        if not asked:
            return []
        moves = []
        for instance, place, inside in keeper.inside(asked):
            effects = shared.settle(keeper.world(instance), place, inside.tokens, inside.gatherings)
            if effects.moved:
                moves.append(
                    Move(instance, "advance", effects.path[0] if effects.path else "", effects)
                )
        if moves:
            return moves


def _next_check(keeper: Keeper[Key], instance: Key, open_: _Open[Key]) -> Place | None:
    """Return a scope that must be asked about: the innermost first, as its end moves the outer."""
    while open_.checks:
        scope = max(open_.checks, key=lambda each: len(open_.checks[each].scopes))
        place = open_.checks.pop(scope)
        joins = bool(traits(keeper.world(instance).graph(place.definition)).inclusive)
        if joins or scope not in open_.standing.values():
            return place
    return None
