"""What a migration writes: how instances stood, where their tokens stand now, and back again."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import msgspec

from tongban.foundation.work import Work
from tongban.process.model.instance import Key
from tongban.process.model.migration import Standing
from tongban.process.model.problems import Problem
from tongban.process.model.tokens import Token
from tongban.process.model.transfer import Transfer
from tongban.process.store.parts import DUE_IN_WORKDAYS
from tongban.process.store.placed import keys_as_json

_TAKEN_AWAY: LiteralString = """
with k as materialized (
    select * from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
), alarms as (
    delete from process.alarm t using k
     where t.region = k.r and t.month = k.m and t.instance = k.i
       and t.definition = any (%(definitions)s)
), subscriptions as (
    delete from process.subscription t using k
     where t.region = k.r and t.month = k.m and t.instance = k.i
       and t.definition = any (%(definitions)s)
), gatherings as (
    delete from process.gathering t using k
     where t.region = k.r and t.month = k.m and t.instance = k.i
       and t.definition = any (%(definitions)s)
)
update process.instance t set definition = %(target)s from k
 where t.region = k.r and t.month = k.m and t.id = k.i
"""


def remember_before(work: Work, migration: int, keys: Sequence[Key]) -> None:
    """Keep how instances stand, to be able to go back."""
    work.run(
        """
        insert into process.migrated (migration, region, month, instance, before)
        select %(migration)s, k.r, k.m, k.i, jsonb_build_object(
               'tokens', (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from process.token t
                           where t.region = k.r and t.month = k.m and t.instance = k.i),
               'gatherings', (select coalesce(jsonb_agg(to_jsonb(t)), '[]')
                                from process.gathering t
                               where t.region = k.r and t.month = k.m and t.instance = k.i),
               'alarms', (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from process.alarm t
                           where t.region = k.r and t.month = k.m and t.instance = k.i),
               'subscriptions', (select coalesce(jsonb_agg(to_jsonb(t)), '[]')
                                   from process.subscription t
                                  where t.region = k.r and t.month = k.m and t.instance = k.i))
          from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
        on conflict do nothing
        """,
        migration=migration,
        keys=keys_as_json(keys),
    )


def place_tokens(
    work: Work, source: int, target: int, done: Mapping[Key, tuple[Standing, Transfer]]
) -> None:
    """Let instances belong to the new version, their tokens stand where they are to stand."""
    work.run(_TAKEN_AWAY, keys=keys_as_json(list(done)), definitions=[source], target=target)
    rows = [
        _row(key, token, again=token.id in transfer.again)
        for key, (_, transfer) in done.items()
        for token in transfer.tokens
    ]
    due: LiteralString = DUE_IN_WORKDAYS if any("l" in row for row in rows) else "e"
    work.run(
        """
        update process.token t
           set definition = %(target)s, node = n, sweeping = w, role = o, act = nullif(y, ''),
               department = case when q then coalesce(nullif(c, ''), t.department)
                                 else t.department end,
               assignee = case when q and o is distinct from t.role then nullif(a, '')
                               else t.assignee end,
               assignee_name = case when q and o is distinct from t.role then null
                                    else t.assignee_name end,
               due_at = case when q then """
        + due
        + """ else t.due_at end,
               workdays = case when q then l else t.workdays end,
               counted_from = case when not q then t.counted_from
                                   when l is not null then %(today)s end
          from jsonb_to_recordset(%(rows)s::jsonb)
               as k (r text, m int, i bigint, t bigint, n text, w boolean, o text, q boolean,
                     c text, a text, e timestamptz, l int, y text)
         where t.region = k.r and t.month = k.m and t.instance = k.i and t.id = k.t
        """,
        target=target,
        rows=msgspec.json.encode(rows).decode(),
        today=work.today,
    )


def _row(key: Key, token: Token, *, again: bool) -> dict[str, object]:
    duty = token.duty
    row: dict[str, object] = {
        "r": key.region, "m": key.month, "i": key.id, "t": token.id, "n": token.node,
        "w": token.sweeping, "q": again, "o": duty.role if token.state == "work" else None,
        "y": duty.act if token.state == "work" else None,
    }  # fmt: skip
    if again:
        row |= {"c": duty.department, "a": duty.assignee}
        if duty.due is not None:
            row["l" if isinstance(duty.due, int) else "e"] = duty.due
    return row


def count_lines(work: Work, migration: int, keys: Sequence[Key]) -> None:
    """Note how long the history of instances is now, that of their migration included."""
    work.run(
        """
        update process.migrated d set lines = (
               select count(*) from process.history h
                where h.region = d.region and h.month = d.month and h.instance = d.instance)
          from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
         where d.migration = %(migration)s and d.region = k.r and d.month = k.m
           and d.instance = k.i
        """,
        migration=migration,
        keys=keys_as_json(keys),
    )


def unmoved(work: Work, migration: int, keys: Sequence[Key]) -> set[Key]:
    """Return the instances of which nothing was done since they were migrated."""
    found = work.value(
        """
        select coalesce(jsonb_agg(jsonb_build_array(d.region, d.month, d.instance)), '[]')
          from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
          join process.migrated d on d.migration = %(migration)s and d.region = k.r
                                 and d.month = k.m and d.instance = k.i
         where d.lines = (select count(*) from process.history h
                           where h.region = k.r and h.month = k.m and h.instance = k.i)
        """,
        migration=migration,
        keys=keys_as_json(keys),
    )
    return {Key(*one) for one in found}


def put_back(work: Work, migration: int, keys: Sequence[Key], source: int) -> None:
    """Let instances stand as they stood before they were migrated."""
    encoded = keys_as_json(keys)
    # Nothing has moved since, so what stands there is what the migration put there.
    work.run(
        _TAKEN_AWAY.replace("and t.definition = any (%(definitions)s)", ""),
        keys=encoded,
        target=source,
    )
    work.run(
        """
        delete from process.token t
         using jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
         where t.region = k.r and t.month = k.m and t.instance = k.i
        """,
        keys=encoded,
    )
    work.run(
        """
        with b as materialized (
            select d.before
              from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
              join process.migrated d on d.migration = %(migration)s and d.region = k.r
                                     and d.month = k.m and d.instance = k.i
        ), tokens as (
            insert into process.token
            select one.* from b, jsonb_populate_recordset(null::process.token,
                                                          b.before -> 'tokens') as one
        ), gatherings as (
            insert into process.gathering
            select one.* from b, jsonb_populate_recordset(null::process.gathering,
                                                          b.before -> 'gatherings') as one
        ), alarms as (
            insert into process.alarm
            select one.* from b, jsonb_populate_recordset(null::process.alarm,
                                                          b.before -> 'alarms') as one
        ), subscriptions as (
            insert into process.subscription
            select one.* from b, jsonb_populate_recordset(null::process.subscription,
                                                          b.before -> 'subscriptions') as one
        )
        update process.migrated d set reverted = true
          from jsonb_to_recordset(%(keys)s::jsonb) as k (r text, m int, i bigint)
         where d.migration = %(migration)s and d.region = k.r and d.month = k.m
           and d.instance = k.i
        """,
        migration=migration,
        keys=encoded,
    )


def note_problems(work: Work, migration: int, problems: Mapping[Key, Problem]) -> None:
    """Keep why instances are not moved."""
    if problems:
        work.run(
            """
            insert into process.migrated (migration, region, month, instance, problem, details)
            select %(migration)s, r, m, i, p, d
              from jsonb_to_recordset(%(rows)s::jsonb) as k (r text, m int, i bigint, p text,
                                                             d jsonb)
            on conflict do nothing
            """,
            migration=migration,
            rows=msgspec.json.encode(
                [
                    {"r": key.region, "m": key.month, "i": key.id, "p": one.message,
                     "d": one.details}
                    for key, one in problems.items()
                ]
            ).decode(),
        )  # fmt: skip


def forget_problems(work: Work, migration: int) -> None:
    """Forget what a dry run had found; each instance is looked at again when it is moved."""
    work.run(
        "delete from process.migrated where migration = %(migration)s and before is null",
        migration=migration,
    )


def note_stayed(work: Work, migration: int, problems: Mapping[Key, Problem]) -> None:
    """Keep why instances that were moved do not go back."""
    if problems:
        work.run(
            """
            update process.migrated d set problem = k.p
              from jsonb_to_recordset(%(rows)s::jsonb) as k (r text, m int, i bigint, p text)
             where d.migration = %(migration)s and d.region = k.r and d.month = k.m
               and d.instance = k.i
            """,
            migration=migration,
            rows=msgspec.json.encode(
                [
                    {"r": key.region, "m": key.month, "i": key.id, "p": one.message}
                    for key, one in problems.items()
                ]
            ).decode(),
        )
