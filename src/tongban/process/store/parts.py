"""The parts of the one statement that carries out a round of moves.

A part stands over ``{rows}``: one row is written as values; of several rows those columns come as
arrays that are not the same in all of them.
"""

from typing import LiteralString

# In this order, which is also that of locks: what is taken away, the meeting places, what is new.
PARTS: dict[str, LiteralString] = {
    "gone": """
gone as (
    delete from process.token t
     using {rows} as g {columns}
     where t.region = g.r and t.month = g.m and t.instance = g.i and t.id = g.t
)""",
    "unhelped": """
unhelped as (
    delete from process.token t using {rows} as g {columns}
     where t.region = g.r and t.month = g.m and t.instance = g.i and t.helps = g.t
)""",
    "felled": """
felled as materialized (
    select * from {rows} as f {columns}
), felled_tokens as (
    delete from process.token t using felled f
     where t.region = f.r and t.month = f.m and t.instance = f.i
       and (f.s = 0 or f.s = any (t.scopes))
    returning t.region, t.month, t.instance, t.id
), felled_gatherings as (
    delete from process.gathering t using felled f
     where t.region = f.r and t.month = f.m and t.instance = f.i
       and (f.s = 0 or f.s = any (t.scopes))
), felled_alarms as (
    delete from process.alarm t using felled_tokens f
     where t.region = f.region and t.month = f.month and t.instance = f.instance and t.token = f.id
), felled_subscriptions as (
    delete from process.subscription t using felled_tokens f
     where t.region = f.region and t.month = f.month and t.instance = f.instance and t.token = f.id
), felled_variables as (
    delete from process.variable t using felled_tokens f
     where t.region = f.region and t.month = f.month and t.instance = f.instance and t.scope = f.id
)""",
    "disarmed": """
disarmed as materialized (
    select * from {rows} as d {columns}
), disarmed_alarms as (
    delete from process.alarm t using disarmed d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.token = d.t
), disarmed_subscriptions as (
    delete from process.subscription t using disarmed d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.token = d.t
), disarmed_gatherings as (
    delete from process.gathering t using disarmed d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.scope = d.t and d.t <> 0
), disarmed_variables as (
    delete from process.variable t using disarmed d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.scope = d.t and d.t <> 0
)""",
    "rung": """
rung as materialized (
    select * from {rows} as d {columns}
), rung_alarms as (
    delete from process.alarm t using rung d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.token = d.t and t.node = d.n
), rung_subscriptions as (
    delete from process.subscription t using rung d
     where t.region = d.r and t.month = d.m and t.instance = d.i and t.token = d.t and t.node = d.n
)""",
    "emptied": """
emptied as (
    delete from process.gathering t
     using {rows} as g {columns}
     where t.region = g.r and t.month = g.m and t.instance = g.i and t.scope = g.s and t.node = g.n
)""",
    "left": """
left_over as (
    update process.gathering t set arrived = g.a
      from {rows} as g {columns}
     where t.region = g.r and t.month = g.m and t.instance = g.i and t.scope = g.s and t.node = g.n
)""",
    "born": """
born as (
    insert into process.token (region, month, instance, id, definition, node, state, sweeping,
                               scopes, home, turn, department, role, assignee, helps, due_at,
                               born_at, act, workdays, counted_from)
    select r, m, i, t, d, n, s, w, p, h, u, c, o, a, z,
           {due},
           %(now)s, b, {counted}
      from {rows} as born {columns}
)""",
    "variables": """
written as materialized (
    select * from {rows} as v {columns}
), known as materialized (
    select v.id, w.a, w.d, w.r, w.m, w.i, w.s, w.p
      from written w
      join process.variable v on v.region = w.r and v.month = w.m and v.instance = w.i
                             and v.scope = w.s and v.shape = w.p
       for update of v skip locked
), overwritten as (
    update process.variable v set data = k.d, at = k.a from known k
     where v.region = k.r and v.month = k.m and v.instance = k.i and v.scope = k.s
       and v.shape = k.p and v.id = k.id
), kept as (
    insert into process.variable (region, month, instance, scope, shape, id, at, data)
    select r, m, i, s, p, a, a, d from written w
     where not exists (select from known k
                        where (k.r, k.m, k.i, k.s, k.p) = (w.r, w.m, w.i, w.s, w.p))
)""",
    "alarms": """
alarms as (
    insert into process.alarm (region, month, instance, token, node, definition, scopes, home,
                               due_at, fired, sweeping, workdays, counted_from)
    select r, m, i, t, n, d, p, h,
           {due},
           f, w, {counted}
      from {rows} as a {columns}
    on conflict (region, month, instance, token, node)
    do update set due_at = excluded.due_at, fired = excluded.fired, attempts = 0, error = null,
                  workdays = excluded.workdays, counted_from = excluded.counted_from
)""",
    "subscriptions": """
subscriptions as (
    insert into process.subscription (region, month, instance, token, node, definition, scopes,
                                      home, kind, name, key, sweeping)
    select r, m, i, t, n, d, p, h, k, a, c, w
      from {rows} as s {columns}
    on conflict (region, month, instance, token, node) do nothing
)""",
    "started": """
started as (
    insert into process.instance (region, month, id, number, definition, department, holder,
                                  state, started_at)
    select r, m, i, n, d, c, h, 'running', %(now)s
      from {rows} as s {columns}
)""",
    "ended": """
ended as (
    update process.instance t set state = 'ended', outcome = e.o, ended_at = %(now)s
      from {rows} as e {columns}
     where t.region = e.r and t.month = e.m and t.id = e.i
)""",
    "history": """
history as (
    insert into process.history (region, month, instance, id, act, node, path, actor, actor_name,
                                 since, at, note, data)
    select r, m, i, a, c, n, p, %(actor)s, %(actor_name)s, b, %(now)s, o, d
      from {rows} as h {columns}
)""",
    "arrivals": """
met as (
    insert into process.gathering as t (region, month, instance, scope, node, definition, scopes,
                                        home, arrived, needed)
    select r, m, i, s, n, d, p, h, a, e
      from {rows} as g {columns}
    on conflict (region, month, instance, scope, node)
    do update set arrived = t.arrived || excluded.arrived
    returning region, month, instance, scopes, coalesce(home, 0) as home, definition, node,
              arrived, needed
)""",
}


def _columns(text: LiteralString) -> dict[str, LiteralString]:
    return dict(column.split() for column in text.split(", "))


_PLACE: LiteralString = "d bigint, p bigint[], h bigint"
COLUMNS: dict[str, dict[str, LiteralString]] = {
    name: _columns("r text, m int, i bigint, " + rest)
    for name, rest in {
        "gone": "t bigint",
        "unhelped": "t bigint",
        "felled": "s bigint",
        "disarmed": "t bigint",
        "rung": "t bigint, n text",
        "emptied": "s bigint, n text",
        "left": "s bigint, n text, a int[]",
        "born": _PLACE + ", t bigint, n text, s text, w boolean, u int, c text, o text, a text, "
        "z bigint, b text, e timestamptz, l int, y date",
        "variables": "s bigint, p bigint, a bigint, d jsonb",
        "alarms": _PLACE + ", t bigint, n text, e timestamptz, l int, y date, f int, w boolean",
        "subscriptions": _PLACE + ", t bigint, n text, k text, a text, c text, w boolean",
        "started": "n text, d bigint, c text, h text",
        "ended": "o text",
        "history": "a bigint, c text, n text, p text, b timestamptz, o text, d jsonb",
        "arrivals": _PLACE + ", s bigint, n text, a int[], e int",
    }.items()
}
# Working days are counted only where there are any: asking the calendar is not for nothing.
DUE: LiteralString = "e"
COUNTED: LiteralString = "null, null"
COUNTED_IN_WORKDAYS: LiteralString = """l,
           coalesce(y, case when l is not null then %(today)s::date end)"""
DUE_IN_WORKDAYS: LiteralString = """coalesce(e, (foundation.due_on(%(today)s, l, r) + time
'23:59:59')
                       at time zone 'Asia/Shanghai')"""
