"""The exchange with the national platform: batches go out, refused rows come back as work."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongban.catalogue.model.national import SentBack, national_rows
from tongban.catalogue.queries import exchange as asked
from tongban.catalogue.queries.items import versions_of
from tongban.catalogue.store import exchange as store
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

PERMIT, EDIT = "catalogue.exchange", "catalogue.edit"
PART, LONGEST = 500, 2000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of refusals: ``unknown`` are the guids that were never sent."""

    taken: int
    unknown: tuple[str, ...]


def make_batch(work: Work, *, source: str = "", limit: int = 20_000) -> asked.Batch | None:
    """Put what has changed since the last batch into the outbox; None where nothing has.

    A row is new (I), changed (U) or gone (D) compared with what the platform holds. Services
    beyond the limit wait for the next batch, so that one transaction stays small enough.

    :param source: data_source (数据来源); empty: the first two digits of each division.
    :raises Forbidden: unless the actor may exchange the catalogue.
    """
    work.actor.must(PERMIT)
    store.hold_exchange(work)
    due = asked.due_for_exchange(work, limit=limit)
    if not due:
        return None
    number, rows = store.next_batch(work), 0
    for start in range(0, len(due), PART):
        items = versions_of(work, pairs=due[start : start + PART])
        lines = [row for item in items for row in national_rows(item)]
        rows += store.write_out(work, batch=number, source=source, items=items, rows=lines)
    store.note_batch(work, number=number, items=len(due), rows=rows)
    return asked.batch(work, number=number)


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
    """Let a refused service go out again unchanged, because the fault was not in it.

    :raises NoSuchRefusal: if there is no such refusal, or its service has gone out again.
    :raises Forbidden: unless the actor may edit services of that department.
    """
    one = asked.refusal(work, id=id)
    work.actor.must(EDIT, department=one.department, region=one.region)
    if one.settled_batch:
        raise asked.NoSuchRefusal(id=id)
    store.send_again(work, item_code=one.item_code)


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
