"""The exchange with the national platform: batches go out, refused rows come back as work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from uuid import UUID

from tongban.catalogue.model import BaseItem, Item
from tongban.catalogue.model.national import SentBack
from tongban.catalogue.model.national_check import Due, outgoing
from tongban.catalogue.queries import exchange as asked
from tongban.catalogue.queries.changes import Withdrawal, withdrawals
from tongban.catalogue.queries.entries import entry_versions_of
from tongban.catalogue.queries.exchange_worklists import NoSuchRefusal, refusal
from tongban.catalogue.queries.items import versions_of
from tongban.catalogue.store import exchange as store
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

PERMIT, EDIT = "catalogue.exchange", "catalogue.edit"
PART, LONGEST, LONGEST_SOURCE = 500, 2000, 3


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of refusals: ``unknown`` are the guids that were never sent."""

    taken: int
    unknown: tuple[str, ...]


def make_batch(
    work: Work, *, source: str = "", longest_text: int = 0, limit: int = 20_000
) -> asked.Batch | None:
    """Put what has changed since the last batch into the outbox; None where nothing has.

    A row is new (I), changed (U) or gone (D) compared with what the platform holds: of what was
    cancelled all rows are. What the national tables would not take is held back and becomes work
    for its department. What is beyond the limit waits for the next batch, so that one transaction
    stays small enough.

    :param source: data_source (数据来源); empty: the first two digits of each division.
    :param longest_text: how many characters the receiving platform takes for a text; 0: any.
    :raises Forbidden: unless the actor may exchange the catalogue.
    :raises Invalid: if the source is longer than three characters.
    """
    work.actor.must(PERMIT)
    if len(source) > LONGEST_SOURCE:
        raise Invalid(Problem("source", "数据来源最多 3 个字"))
    store.hold_exchange(work)
    due = asked.due_for_exchange(work, limit=limit)
    if not due:
        return None
    number, rows, held_back = store.next_batch(work), 0, 0
    for of, group in groupby(due, key=lambda one: one.list):
        for part in _parts(group):
            things = [
                outgoing(thing, source=source, longest_text=longest_text)
                for thing in _things(work, of, part)
            ]
            rows += store.write_out(work, batch=number, things=things)
            held_back += store.keep_flaws(work, things=things)
    store.note_done(work, due=due)
    store.note_batch(work, number=number, items=len(due), rows=rows, held_back=held_back)
    return asked.batch(work, number=number)


def _parts(due: Iterable[Due]) -> Iterator[list[Due]]:
    rest = iter(due)
    while part := list(islice(rest, PART)):
        yield part


def _things(work: Work, of: str, part: Sequence[Due]) -> Sequence[Item] | Sequence[BaseItem]:
    pairs = [(one.code, one.version) for one in part]
    if of == "item":
        planned = withdrawals(work, codes=[one.code for one in part])
        return [_ending(item, planned.get(item.code)) for item in versions_of(work, pairs=pairs)]
    return entry_versions_of(work, kind=BaseItem, pairs=pairs)


def _ending(item: Item, planned: Withdrawal | None) -> Item:
    """Return a service with the day on which it will be cancelled, where one is planned."""
    if planned is None or planned.done_at is not None:
        return item
    return replace(item, effective_until=planned.withdrawn_from)


def check_again(work: Work) -> int:
    """Let all that was held back be looked over with the next batch; return how many they are.

    For when the receiving platform has begun to take more.

    :raises Forbidden: unless the actor may exchange the catalogue.
    """
    work.actor.must(PERMIT)
    store.hold_exchange(work)
    return store.check_again(work)


def take_refusals(work: Work, *, back: Sequence[SentBack]) -> Taken:
    """Put rows that came back into the inbox of their departments; the same again only once.

    :raises Invalid: naming every line without a row_guid or a reason; nothing was taken then.
    :raises Forbidden: unless the actor may exchange the catalogue.
    """
    work.actor.must(PERMIT)
    problems = [problem for n, one in enumerate(back, 1) for problem in _wrong(n, one)]
    if problems:
        raise Invalid(*problems)
    store.hold_exchange(work)
    known = store.keep_refusals(
        work,
        guids=[one.guid for one in back],
        fields=[one.field[:100] for one in back],
        reasons=[one.reason.strip()[:LONGEST] for one in back],
    )
    unknown = [one.guid for one in back if str(UUID(one.guid)) not in known]
    return Taken(len(back) - len(unknown), tuple(unknown))


def take_returns(work: Work) -> Taken:
    """Take the rows that an integrator has written into ``catalogue.exchange_return``.

    Those that cannot be read stay there, so that nothing is lost.

    :raises Forbidden: unless the actor may exchange the catalogue.
    """
    work.actor.must(PERMIT)
    waiting = asked.returns(work)
    sound = [one for one in waiting if not _wrong(0, SentBack(one.row_guid, one.reason))]
    taken = take_refusals(
        work, back=[SentBack(one.row_guid, one.reason, one.field) for one in sound]
    )
    done = [one.id for one in sound if one.row_guid not in taken.unknown]
    work.run("delete from catalogue.exchange_return where id = any(%(ids)s)", ids=done)
    unread = [one.row_guid for one in waiting if one not in sound]
    return Taken(taken.taken, (*taken.unknown, *unread))


def send_again(work: Work, *, id: int) -> None:
    """Let what was refused go out again unchanged, because the fault was not in it.

    :raises NoSuchRefusal: if there is no such refusal, or its service has gone out again.
    :raises Forbidden: unless the actor may edit services of that department.
    """
    one = refusal(work, id=id)
    work.actor.must(EDIT, department=one.department, region=one.region)
    if one.settled_batch:
        raise NoSuchRefusal(id=id)
    store.send_again(work, list=one.list, code=one.item_code)


def _wrong(line: int, one: SentBack) -> list[Problem]:
    details: dict[str, object] = {"line": line}
    problems = []
    try:
        UUID(one.guid)
    except ValueError:
        problems.append(Problem("row_guid", "第 {line} 行的 row_guid 不是记录唯一标识", details))
    if not one.reason.strip():
        problems.append(Problem("reason", "第 {line} 行没有退回原因", details))
    return problems
