"""The past of a process, from its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.foundation.calendar import working_days_between
from tongban.foundation.work import LOCAL, Work
from tongban.process.model.experience import Experience, Step, experienced
from tongban.process.queries.definitions import published

CASES_MAX = 2_000
PAST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Span:
    cases: int
    first: datetime | None


def experience(work: Work, *, process: str) -> Experience | None:
    """Return what the cases of the last year tell of a process; None where there were none.

    At most so many of the latest are looked at, of every version; steps that the version in force
    does not have are left out.

    :raises NoSuchDefinition: if none was published.
    """
    found = published(work, process=process)
    where = {"department": found.line.department, "region": found.line.region}
    work.actor.must("process.read", **where)
    values = {"process": process, "since": work.now - PAST, "limit": CASES_MAX}
    span = work.one(
        _Span,
        """
        select count(*) as cases, min(started_at) as first
          from (select i.started_at
                  from process.instance i
                  join process.definition d on d.id = i.definition
                 where d.process = %(process)s and i.started_at >= %(since)s
                 order by i.region desc, i.month desc, i.id desc limit %(limit)s) as latest
        """,
        **values,
    )
    if span is None or span.first is None:
        return None
    steps = _steps(work, values)
    days = working_days_between(
        work,
        start=span.first.astimezone(LOCAL).date(),
        end=work.today,
        region=found.line.region or "000000",
    )
    return experienced(found.graph, steps, cases=span.cases, working_days=days)


def _steps(work: Work, values: Mapping[str, object]) -> list[Step]:
    return work.all(
        Step,
        """
        with latest as (
            select i.region, i.month, i.id
              from process.instance i
              join process.definition d on d.id = i.definition
             where d.process = %(process)s and i.started_at >= %(since)s
             order by i.region desc, i.month desc, i.id desc limit %(limit)s
        ), step as (
            select h.node, h.path, h.actor, l.region,
                   h.at at time zone 'Asia/Shanghai' as at,
                   (case when h.act = 'complete' then coalesce(
                       (select max(c.at) from process.history c
                         where c.region = h.region and c.month = h.month
                           and c.instance = h.instance and c.node = h.node and c.act = 'claim'
                           and c.at between h.since and h.at),
                       h.since) end) at time zone 'Asia/Shanghai' as since
              from latest l
              join process.history h
                on h.region = l.region and h.month = l.month and h.instance = l.id
        )
        select node, path, actor, since, at,
               coalesce(foundation.working_days_between(
                   since::date, at::date, region), 0) as days
          from step
        """,
        **values,
    )
