"""What is due and who is listening, read so that nobody waits for anybody's lock."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.foundation.work import Work
from tongban.process.model.instance import Key
from tongban.process.model.tokens import Alarm, Subscription
from tongban.process.store.placed import ALARM, SUBSCRIPTION, AlarmRow, SubscriptionRow
from tongban.process.store.write import token_keys

ATTEMPTS_MAX = 8


@dataclass(frozen=True, slots=True)
class _Due:
    region: str
    month: int
    instance: int
    token: int


def take_due(work: Work, *, limit: int) -> list[tuple[Key, int]]:
    """Lock the tokens of the timers that are due and return them; locked ones are passed over.

    The token is locked and not the timer, because whoever completes a step takes the token first
    and then its timers; two that come in different orders would wait for each other for ever.
    """
    rows = work.all(
        _Due,
        """
        select a.region, a.month, a.instance, a.token
          from process.alarm a
          join process.token t on t.region = a.region and t.month = a.month
                              and t.instance = a.instance and t.id = a.token
          join process.instance i on i.region = a.region and i.month = a.month
                                 and i.id = a.instance
         where a.due_at <= %(now)s and a.attempts < 8 and not a.sweeping and not t.sweeping
           and i.state = 'running'
         order by a.due_at
         limit %(limit)s
           for update of t skip locked for key share of i skip locked
        """,
        now=work.now,
        limit=limit,
    )
    return [(Key(row.region, row.month, row.instance), row.token) for row in rows]


def take_due_whole(work: Work, *, limit: int) -> list[tuple[Key, int]]:
    """The same for timers that sweep away other tokens: their instances are locked as a whole."""
    rows = work.all(
        _Due,
        """
        select a.region, a.month, a.instance, a.token
          from process.alarm a
          join process.instance i on i.region = a.region and i.month = a.month
                                 and i.id = a.instance
          left join process.token t on t.region = a.region and t.month = a.month
                                   and t.instance = a.instance and t.id = a.token
         where a.due_at <= %(now)s and a.attempts < 8 and (a.sweeping or t.sweeping)
           and i.state = 'running'
         order by a.due_at
         limit %(limit)s
           for update of i skip locked
        """,
        now=work.now,
        limit=limit,
    )
    return [(Key(row.region, row.month, row.instance), row.token) for row in rows]


def alarms_of(work: Work, keys: Sequence[tuple[Key, int]]) -> list[tuple[Key, Alarm]]:
    """Return the due timers of tokens that are locked, the earliest of each instance."""
    rows = work.all(
        AlarmRow,
        "select distinct on (t.region, t.month, t.instance) "
        + ALARM
        + """
          from unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[], %(t)s::bigint[])
               as k (r, m, i, t)
          join process.alarm t on t.region = k.r and t.month = k.m and t.instance = k.i
                              and t.token = k.t
         where t.due_at <= %(now)s and t.attempts < 8
         order by t.region, t.month, t.instance, t.due_at
        """,
        now=work.now,
        **token_keys(keys),
    )
    return [(row.of, row.read()) for row in rows]


def give_up_alarm(work: Work, key: Key, alarm: Alarm, why: str) -> None:
    """Note that a timer could not fire; it waits for an operator."""
    work.run(
        """
        update process.alarm set attempts = 8, error = %(why)s
         where region = %(region)s and month = %(month)s and instance = %(instance)s
           and token = %(token)s and node = %(node)s
        """,
        why=why[:2000],
        region=key.region,
        month=key.month,
        instance=key.id,
        token=alarm.token,
        node=alarm.node,
    )


def listening(
    work: Work, *, kind: str, name: str, key: str = "", limit: int = 2, after: Key | None = None
) -> list[tuple[Key, Subscription]]:
    """Return who listens for a message or signal, in the order of the instances.

    A subscription without a key hears messages of every key.
    """
    after = after or Key("", 0, 0)
    rows = work.all(
        SubscriptionRow,
        "select "
        + SUBSCRIPTION
        + """
          from process.subscription t
          join process.instance i on i.region = t.region and i.month = t.month
                                 and i.id = t.instance
         where t.kind = %(kind)s and t.name = %(name)s
           and (%(key)s = '' or t.key in (%(key)s, ''))
           and i.state = 'running'
           and (t.region, t.month, t.instance) > (%(region)s, %(month)s, %(instance)s)
         order by t.region, t.month, t.instance, t.token, t.node
         limit %(limit)s
        """,
        kind=kind,
        name=name,
        key=key,
        limit=limit,
        region=after.region,
        month=after.month,
        instance=after.id,
    )
    return [(row.of, row.read()) for row in rows]


def still_listening(work: Work, keys: Sequence[tuple[Key, int]]) -> set[tuple[Key, int, str]]:
    """Return at which nodes tokens listen, after they or their instances were locked."""
    rows = work.all(
        SubscriptionRow,
        "select "
        + SUBSCRIPTION
        + """
          from unnest(%(r)s::text[], %(m)s::int[], %(i)s::bigint[], %(t)s::bigint[])
               as k (r, m, i, t)
          join process.subscription t on t.region = k.r and t.month = k.m and t.instance = k.i
                                     and t.token = k.t
        """,
        **token_keys(keys),
    )
    return {(row.of, row.token, row.node) for row in rows}
