"""How every act begins and ends: hold, permit, check; carry out, and say what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongban.foundation.arrays import array
from tongban.foundation.events import handlers_of
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.events import ProcessMoved, StepDone
from tongban.process.model.carry import Move, carry_out
from tongban.process.model.instance import (
    Held,
    Instance,
    InstanceState,
    ItemKey,
    Key,
    NotRunning,
    SameHand,
    StillHelped,
    TakenByAnother,
)
from tongban.process.model.tokens import Effects, State, Token

APPLICANT = "applicant"
SERVICE = "process.service"
THROWN = "process.thrown"

Decide = Callable[[Work, str, Mapping[str, object], Instance], object]
_decide: list[Decide] = []


def decide_with(decide: Decide) -> None:
    """Say how business-rule tasks are decided; ``main.wiring`` does, as it knows the rulebook."""
    _decide[:] = [decide]


@dataclass(frozen=True, slots=True)
class Following:
    """What an act led to: the work items that it opened, and the outcome if it ended all."""

    instance: Instance
    items: tuple[tuple[ItemKey, str], ...]
    outcome: str = ""

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(node for _, node in self.items)


class Book(store.Book):
    """The keeper that also lets messages, signals and service tasks follow."""

    def __init__(self, work: Work) -> None:
        super().__init__(work, decide=_decide[0] if _decide else None)

    def send(self, move: Move[Key]) -> None:
        for token in move.effects.born.values():
            if token.state is State.JOB:
                ask_service(self.work, ItemKey(move.instance, token.id))
        for thrown in move.effects.thrown:
            schedule(
                self.work, kind=THROWN, due_at=self.work.now, what=thrown.kind, name=thrown.name,
                correlation=thrown.key, data=thrown.data,
                told=[(str(move.instance), token, node) for token, node in thrown.told],
            )  # fmt: skip


def ask_service(work: Work, item: ItemKey) -> None:
    """Ask the worker to do a service task.

    Permits everyone: it follows from an act that was permitted.
    """
    schedule(work, kind=SERVICE, due_at=work.now, key=str(item), item=str(item))


def carried(book: Book, moves: Sequence[Move[Key]]) -> list[Following]:
    """Carry moves out and say for each instance what followed."""
    made = carry_out(book, moves)
    return [
        following(book.world(key).instance, [move.effects for move in done])
        for key, done in made.items()
    ]


def following(instance: Instance, effects: Sequence[Effects]) -> Following:
    """Return what a sequence of moves led to."""
    items: dict[int, str] = {}
    outcome = ""
    for each in effects:
        for scope in each.felled:
            items = {} if scope == 0 else items
        for gone in each.gone:
            items.pop(gone, None)
        items |= {t.id: t.node for t in each.born.values() if t.state is State.WORK}
        outcome = each.outcome or outcome
    keys = tuple((ItemKey(instance.key, token), node) for token, node in items.items())
    return Following(instance, keys, outcome)


def must_run(instance: Instance) -> None:
    """Refuse what is suspended or has ended."""
    if instance.state is not InstanceState.RUNNING:
        raise NotRunning


def must_do(work: Work, held: Held) -> None:
    """Refuse whoever may not do a work item: by role, unit, region, and whose hands it is in."""
    instance, token = held.instance, held.token
    must_run(instance)
    if token.duty.role == APPLICANT:
        work.actor.must_hold("cases.own", holder=instance.holder)
        return
    permission = f"role.{token.duty.role}" if token.duty.role else "process.work"
    work.actor.must(permission, department=token.duty.department, region=instance.key.region)
    if token.duty.assignee and token.duty.assignee != work.actor.id:
        raise TakenByAnother(name=held.assignee_name or token.duty.assignee)


def must_be_other_hand(work: Work, book: Book, held: Held) -> None:
    """Refuse whoever has done one of the steps that this one checks (four eyes)."""
    for node in own_hands(work, book, [held]).values():
        raise SameHand(permission="process.work", node=node)


def own_hands(work: Work, book: Book, items: Sequence[Held]) -> dict[tuple[Key, int], str]:
    """Return which items check a step that the actor has done, with that step, by key and token.

    Permits everyone: it tells an actor what they did themselves.
    """
    checked: dict[tuple[int, str], str] = {}
    keys, nodes = [], []
    for held in items:
        key, token = held.instance.key, held.token
        at = (token.place.definition, token.node)
        if at not in checked:
            node = book.world(key).graph(at[0]).node(token.node)
            checked[at] = " ".join(node.attributes.four_eyes)
        if checked[at]:
            keys.append((key, token.id))
            nodes.append(checked[at])
    if not keys:
        return {}
    rows = work.all(
        _Done,
        """
        select k.r as region, k.m as month, k.i as instance, k.t as token, done.node
          from unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[], %(t)s::bigint[],
                      %(nodes)s::text[]) as k (r, m, i, t, nodes)
         cross join lateral (
               select node from process.history
                where region = k.r and month = k.m and instance = k.i
                  and act in ('complete', 'help') and actor = %(actor)s
                  and node = any (string_to_array(k.nodes, ' '))
                limit 1) as done
        """,
        actor=work.actor.id,
        nodes=array(nodes, "text"),
        **store.token_keys(keys),
    )
    return {(Key(row.region, row.month, row.instance), row.token): row.node for row in rows}


@dataclass(frozen=True, slots=True)
class _Done:
    region: str
    month: int
    instance: int
    token: int
    node: str


def must_have_help(book: Book, token: Token, key: Key) -> None:
    """Refuse to complete a step while somebody who was asked for an opinion has not given it."""
    if token.helps >= 0:
        return
    waiting = book.work.value(
        """
        select count(*) from process.token
         where region = %(region)s and month = %(month)s and instance = %(id)s and helps = %(token)s
        """,
        region=key.region,
        month=key.month,
        id=key.id,
        token=token.id,
    )
    if waiting:
        raise StillHelped(count=waiting)


def of_instance(instance: Instance) -> dict[str, Any]:
    """Return what every event about an instance says."""
    return {
        "number": instance.number,
        "instance": str(instance.key),
        "region": instance.key.region,
        "department": instance.department,
        "holder": instance.holder,
    }


def tell_of_step(work: Work, node: str, following: Following) -> None:
    """Record that a step was done, for whoever subscribes to it.

    The step itself stands in the history of the instance already, which is the record; without a
    subscriber the same fact is not written twice.

    Permits everyone: the step was permitted.
    """
    if handlers_of(StepDone):
        work.record(
            StepDone(
                **of_instance(following.instance),
                node=node,
                following=following.nodes,
                outcome=following.outcome,
            )
        )


def tell_of_move(work: Work, by: str, node: str, following: Following) -> None:
    """Record that something else than a person moved an instance, for whoever subscribes to it.

    Permits everyone: the move was permitted.
    """
    tell_of_moves(work, by, [(node, following)])


def tell_of_moves(work: Work, by: str, moves: Sequence[tuple[str, Following]]) -> None:
    """Record moves of one kind together: where each began, and what it led to.

    Permits everyone: the moves were permitted.
    """
    if handlers_of(ProcessMoved):
        work.record_all(
            [
                ProcessMoved(
                    **of_instance(following.instance),
                    by=by,
                    node=node,
                    following=following.nodes,
                    outcome=following.outcome,
                )
                for node, following in moves
            ]
        )
