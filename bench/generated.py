"""Many cases at once, made by SQL: they look like a city's, and nobody ever applied for them.

Their clocks are reckoned by the calendar, like those of real ones. A million take some minutes.
"""

from collections.abc import Sequence
from typing import Any

# More than anywhere in the world wait on a desk, so that even a small number fills a page.
STAGES = ("submitted", "accepted", "closed")
# Departments and regions are spread evenly. What is open came in within the last four weeks, what
# is closed within the last year; the promised limits are 5, 10, 15 and 20 working days.
MADE = """
create temporary table made on commit drop as
select n, region, region || to_char(at, '-YYMM-') || lpad((5000000 + n)::text, 7, '0') || '-X'
              as number,
       to_char(at, 'YYMM')::int as month, at, at::date as started_on, stage,
       case when mod(n, 50) = 0 then 'BENCH-01' else 'GEN-DEP-' || mod(n, 50) end as department,
       case stage when 'submitted' then 5 else 5 * (1 + mod(n / 7, 4)::int) end as workdays
  from (select n, '9901' || lpad(mod(n, 20)::text, 2, '0') as region, stage,
               now() - make_interval(
                   mins => mod(n, case stage when 'closed' then 525600 else 40320 end)::int) as at
          from (select n, (%(stages)s::text[])[1 + mod(n / 50, cardinality(%(stages)s))] as stage
                  from generate_series(%(since)s::bigint, %(until)s::bigint) as n) as numbered
       ) as timed
"""
DUE = """
create temporary table due on commit drop as
select sums.*, reckoned.day, reckoned.version, reckoned.provisional
  from (select distinct region, started_on, workdays from made) as sums,
       lateral foundation.due_dates(started_on, workdays, region) as reckoned
"""
CASES = """
insert into cases.case_file (region, month, number, item_code, item_version, item_name, instant,
                             department, department_name, holder, applicant, acting, channel,
                             stage, step, submitted_at, materials_complete_at, accepted_at,
                             decided_at, delivered_at, closed_at, due_on, decision)
select region, month, number, 'GEN-' || mod(n, 40), 1, '生成的事项 ' || mod(n, 40), false,
       department, '生成的部门 ' || mod(n, 50), 'p-gen' || mod(n, 100000), '张**',
       'p-gen' || mod(n, 100000), 'portal', stage,
       case when stage = 'accepted'
            then (array['handling', 'handling', 'reviewing', 'approving'])[1 + mod(n / 50, 4)] end,
       at, at, case when stage <> 'submitted' then at end,
       case when stage = 'closed' then at end, case when stage = 'closed' then at end,
       case when stage = 'closed' then at end, case when stage <> 'closed' then day end,
       case when stage = 'closed' then 'granted' else '' end
  from made join due using (region, started_on, workdays)
 order by n
"""
CLOCKS = """
insert into cases.clock (region, month, number, kind, turn, started_on, amount, unit, counted_from,
                         workdays, due_on, calendar_version, provisional, basis, state, ended_at)
select region, month, number, case when stage = 'submitted' then 'notice' else 'promised' end, 1,
       started_on, workdays, 'workday', started_on, workdays, day, version, provisional, '',
       case when stage = 'closed' then 'met' else 'running' end,
       case when stage = 'closed' then at end
  from made join due using (region, started_on, workdays)
 order by n
"""


def generate(connection: Any, *, count: int, stages: Sequence[str] = STAGES) -> None:
    """Bring the number of generated cases to ``count``, as a superuser.

    They come to each of ``stages`` in turn.
    """
    [[known]] = connection.execute(
        "select count(*) from cases.case_file where item_code like 'GEN-%'"
    ).fetchall()
    with connection.transaction():
        # Each clock has its case; proving it a million times would take half of the time.
        connection.execute("set local session_replication_role = replica")
        connection.execute("set local work_mem = '256MB'")
        asked = {"since": known + 1, "until": count, "stages": list(stages)}
        connection.execute(MADE, asked)
        for statement in ("analyze made", DUE, "analyze due", CASES, CLOCKS):
            connection.execute(statement)
    for table in ("cases.case_file", "cases.clock", "foundation.event", "foundation.delivery"):
        connection.execute(f"vacuum (analyze) {table}")
