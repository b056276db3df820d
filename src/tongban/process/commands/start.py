"""Starting instances, one or many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg.errors import UniqueViolation

from tongban.foundation.errors import Refusal
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Book, Following, carried, of_instance
from tongban.process.events import ManyDone, ProcessStarted
from tongban.process.model.carry import Move
from tongban.process.model.instance import AlreadyStarted, Instance, InstanceState, Key
from tongban.process.model.play import Play

CHUNK = 500


@dataclass(frozen=True, slots=True)
class New:
    """An instance to be started. ``number`` is that of the case, or another key of its own.

    ``department`` has it as a whole, ``holder`` is whom it concerns, ``data`` are its first
    variables: values as JSON has them.
    """

    number: str
    region: str
    department: str
    holder: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """What of a bulk act was not done, and why."""

    what: str
    why: Refusal


def start(work: Work, *, process: str, new: New, node: str = "") -> Following:
    """Start an instance of the latest version of a process.

    ``node`` names the start event where it is not the plain one, or where there are several: each
    occurrence of a start event begins an instance of its own.

    :raises NoSuchDefinition: if no such process was published.
    :raises AlreadyStarted: if there is an instance of this number.
    :raises NotStartable, SeveralStarts, NoWayOn, EndlessLoop: if it cannot move.
    """
    work.actor.must("process.start", department=new.department, region=new.region)
    definition = store.in_force(work, process)
    book = Book(work)
    try:
        with work.savepoint():
            [following] = carried(book, list(_begun(book, definition, [new], node)))
    except UniqueViolation:
        raise AlreadyStarted(number=new.number) from None
    work.record(ProcessStarted(**of_instance(following.instance), process=process))
    return following


def start_many(work: Work, *, process: str, new: Sequence[New], node: str = "") -> list[Refused]:
    """Start many instances, set by set. Return those that were refused; the others have begun.

    ``node`` is as for ``start``.

    :raises NoSuchDefinition: if no such process was published.
    """
    definition = store.in_force(work, process)
    refused: list[Refused] = []
    for since in range(0, len(new), CHUNK):
        chunk = _fresh(work, new[since : since + CHUNK], refused)
        for one in chunk:
            work.actor.must("process.start", department=one.department, region=one.region)
        book = Book(work)
        carried(book, list(_begun(book, definition, chunk, node, refused)))
    work.record(ManyDone("start", process, len(new) - len(refused), len(refused)))
    return refused


def _fresh(work: Work, new: Sequence[New], refused: list[Refused]) -> list[New]:
    """Leave out numbers that are in use already, or twice among these."""
    # Each number is looked up by itself: a plan from when there were no instances would read all.
    known = work.value(
        """
        select coalesce(array_agg(i.number), '{}')
          from unnest(%(regions)s::text[], %(numbers)s::text[]) as k (region, number)
         cross join lateral (
               select number from process.instance
                where region = k.region and month = %(month)s and number = k.number limit 1) as i
        """,
        regions=[one.region for one in new],
        numbers=[one.number for one in new],
        month=month_of(work),
    )
    seen, fresh = set(known), []
    for one in new:
        if one.number in seen:
            refused.append(Refused(one.number, AlreadyStarted(number=one.number)))
        else:
            seen.add(one.number)
            fresh.append(one)
    return fresh


def _begun(
    book: Book,
    definition: int,
    new: Sequence[New],
    node: str,
    refused: list[Refused] | None = None,
) -> Iterator[Move[Key]]:
    blocks = book.work.all(
        _Block,
        """
        select nextval('process.instance_id') as id, nextval('process.token_id') as block
          from generate_series(1, %(count)s)
        """,
        count=len(new),
    )
    month = month_of(book.work)
    for one, numbers in zip(new, blocks, strict=True):
        key = Key(one.region, month, numbers.id)
        instance = Instance(
            key, one.number, definition, one.department, one.holder, InstanceState.RUNNING
        )
        book.open(instance, numbers.block, new=True)
        try:
            effects = Play(book.world(key)).start(definition, one.data, node=node)
        except Refusal as refusal:
            if refused is None:
                raise
            refused.append(Refused(one.number, refusal))
        else:
            yield Move(key, "start", effects.path[0] if effects.path else "", effects)


def month_of(work: Work) -> int:
    """Return the month under which what begins now is kept, as in numbers of cases.

    Permits everyone: it is but a date.
    """
    return work.today.year % 100 * 100 + work.today.month


@dataclass(frozen=True, slots=True)
class _Block:
    id: int
    block: int
