"""The token game over a dictionary: for tests, and wherever nothing has to last. Pure.

It carries out the same effects in the same order as PostgreSQL does, so that the same schedule has
the same history.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, tzinfo
from itertools import count
from zoneinfo import ZoneInfo

from tongban.foundation.calendar.model import Calendar, due_on
from tongban.process.model.back import send_back
from tongban.process.model.carry import Inside, Move, carry_out
from tongban.process.model.graph import Graph
from tongban.process.model.play import Play, World
from tongban.process.model.tokens import (
    ROOT,
    Alarm,
    Effects,
    Gathering,
    Place,
    State,
    Subscription,
    Thrown,
    Token,
)

LOCAL = ZoneInfo("Asia/Shanghai")
LAST_MOMENT = time(23, 59, 59)

Decide = Callable[[str, Mapping[str, object]], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of history: the act, the node it was done at, and the nodes then passed."""

    act: str
    node: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Memory:
    """One instance. ``definitions[0]`` is the process itself, the others can be called.

    With a ``calendar``, timers in working days fall due at the end of the day that it counts to, as
    they do in PostgreSQL; without one they keep the number of days.
    """

    definitions: Sequence[Graph]
    now: datetime
    deciding: Decide | None = None
    zone: tzinfo = LOCAL
    calendar: Calendar | None = None
    tokens: dict[int, Token] = field(default_factory=dict)
    gatherings: dict[tuple[int, str], Gathering] = field(default_factory=dict)
    alarms: dict[tuple[int, str], Alarm] = field(default_factory=dict)
    subscriptions: dict[tuple[int, str], Subscription] = field(default_factory=dict)
    variables: dict[int, dict[str, object]] = field(default_factory=dict)
    thrown: deque[Thrown] = field(default_factory=deque)
    history: list[Step] = field(default_factory=list)
    outcome: str | None = None
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    # What a play may ask.

    def graph(self, definition: int) -> Graph:
        return self.definitions[definition]

    def called(self, process: str) -> int:
        return next(n for n, graph in enumerate(self.definitions) if graph.process == process)

    def new_id(self) -> int:
        return next(self._ids)

    def stored(self, scopes: tuple[int, ...]) -> Mapping[int, Mapping[str, object]]:
        return {scope: self.variables.get(scope, {}) for scope in scopes}

    def token(self, token: int) -> Token:
        return self.tokens[token]

    def decide(self, code: str, facts: Mapping[str, object]) -> object:
        return self.deciding(code, facts) if self.deciding else None

    # What can be done.

    def start(self, data: Mapping[str, object] | None = None, *, node: str = "") -> None:
        effects = Play(self).start(0, data or {}, node=node)
        self._carry("start", effects.path[0], effects)

    def waiting(self, state: State = State.WORK) -> list[Token]:
        """Return the tokens that wait in a state, in the order in which they came."""
        found = (one for one in self.tokens.values() if one.state is state)
        return sorted(found, key=lambda one: one.id)

    def complete(self, token: Token, data: Mapping[str, object] | None = None) -> None:
        act = "complete" if token.state is State.WORK else "job"
        self._carry(act, token.node, Play(self).complete(token, data or {}))

    def fail(self, token: Token, code: str) -> None:
        self._carry("error", token.node, Play(self).fail(token, code, {}))

    def ring(self, alarm: Alarm) -> None:
        """Let a timer fire."""
        token = self.tokens.get(alarm.token)
        self._carry("timer", alarm.node, Play(self).ring(token, alarm))

    def tell(self, subscription: Subscription, data: Mapping[str, object] | None = None) -> None:
        """Let a message or signal arrive."""
        token = self.tokens.get(subscription.token)
        effects = Play(self).trigger(token, subscription.node, subscription.place, data or {})
        self._carry(subscription.kind, subscription.node, effects)

    def send_back(self, token: Token, node: str) -> None:
        """Send the case back to an earlier activity."""
        tokens, gatherings = list(self.tokens.values()), list(self.gatherings.values())
        effects = send_back(Play(self), token, node, tokens=tokens, gatherings=gatherings)
        self._carry("send_back", token.node, effects)

    def _carry(self, act: str, node: str, effects: Effects) -> None:
        carry_out(self, [Move(0, act, node, effects)])

    # How it is kept.

    def world(self, instance: int) -> World:  # noqa: ARG002 - there is but one.
        return self

    def apply(self, moves: Sequence[Move[int]]) -> list[tuple[int, Gathering]]:
        [move] = moves
        self.history.append(Step(move.act, move.node, tuple(move.effects.path)))
        return [(0, gathering) for gathering in self._apply(move.effects)]

    def inside(self, scopes: Sequence[tuple[int, Place]]) -> list[tuple[int, Place, Inside]]:
        [(_, place)] = scopes
        if place.scope != ROOT and place.scope not in self.tokens:
            return []
        tokens = [one.node for one in self.tokens.values() if one.place.scope == place.scope]
        gatherings = [one for one in self.gatherings.values() if one.place.scope == place.scope]
        return [(0, place, Inside(tokens, gatherings))]

    def _apply(self, effects: Effects) -> list[Gathering]:
        for scope in effects.felled:
            self._clear(
                [t.id for t in self.tokens.values() if scope == ROOT or scope in t.place.scopes]
            )
            for key, one in list(self.gatherings.items()):
                if scope == ROOT or scope in one.place.scopes:
                    del self.gatherings[key]
        self._clear(effects.gone)
        self._clear([t.id for t in self.tokens.values() if t.helps in effects.unhelped])
        self._disarm(effects.disarmed)
        for key in effects.rung:
            self.alarms.pop(key, None)
            self.subscriptions.pop(key, None)
        for scope, values in effects.variables.items():
            self.variables.setdefault(scope, {}).update(values)
        self.tokens |= effects.born
        self.alarms |= {(one.token, one.node): self._counted(one) for one in effects.alarms}
        self.subscriptions |= {(one.token, one.node): one for one in effects.subscriptions}
        self.thrown.extend(effects.thrown)
        for left in effects.left:
            self._leave(left)
        self.outcome = effects.outcome or self.outcome
        return self._gather(effects)

    def _counted(self, alarm: Alarm) -> Alarm:
        if self.calendar is None or not isinstance(alarm.due, int):
            return alarm
        today = self.now.astimezone(self.zone).date()
        day = due_on(self.calendar, start=today, days=alarm.due).day
        return replace(alarm, due=datetime.combine(day, LAST_MOMENT, self.zone))

    def _leave(self, left: Gathering) -> None:
        key = (left.place.scope, left.node)
        if left.arrived:
            self.gatherings[key] = left
        else:
            self.gatherings.pop(key, None)

    def _gather(self, effects: Effects) -> list[Gathering]:
        touched: dict[tuple[int, str], Gathering] = {}
        for arrival in effects.arrivals:
            key = (arrival.place.scope, arrival.node)
            before = self.gatherings.get(key) or Gathering(
                arrival.place, arrival.node, (), arrival.needed
            )
            after = before._replace(arrived=(*before.arrived, *arrival.marks))
            touched[key] = self.gatherings[key] = after
        return list(touched.values())

    def _clear(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            self.tokens.pop(token, None)
            for key in [key for key in self.gatherings if key[0] == token]:
                del self.gatherings[key]
        self._disarm(list(tokens))

    def _disarm(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            for kept in (self.alarms, self.subscriptions):
                for key in [key for key in kept if key[0] == token]:
                    kept.pop(key)
            if token != ROOT:
                self.variables.pop(token, None)
