"""Many cases at once, made by SQL: they look like a city's, and nobody ever applied for them."""

from typing import Any

# Two in three wait on a desk of the office, more than anywhere in the world, so that even a small
# number fills a page. Departments and regions are spread evenly.
CASES = """
insert into cases.case_file (region, month, number, item_code, item_version, item_name, instant,
                             department, department_name, holder, applicant, acting, channel,
                             stage, step, submitted_at, materials_complete_at, accepted_at,
                             decided_at, delivered_at, closed_at, due_on, decision)
select region, to_char(at, 'YYMM')::int,
       region || to_char(at, '-YYMM-') || lpad((5000000 + n)::text, 7, '0') || '-X',
       'GEN-' || mod(n, 40), 1, '生成的事项 ' || mod(n, 40), false, department,
       '生成的部门 ' || mod(n, 50),
       'p-gen' || mod(n, 100000), '张**', 'p-gen' || mod(n, 100000), 'portal', stage,
       case when stage = 'accepted'
            then (array['handling', 'handling', 'reviewing', 'approving'])[1 + mod(n / 50, 4)] end,
       at, at, case when stage <> 'submitted' then at end,
       case when stage = 'closed' then at end, case when stage = 'closed' then at end,
       case when stage = 'closed' then at end,
       case when stage <> 'closed' then current_date + (mod(n, 40))::int end,
       case when stage = 'closed' then 'granted' else '' end
  from (select n, '9901' || lpad(mod(n, 20)::text, 2, '0') as region,
               case when mod(n, 50) = 0 then 'BENCH-01'
                    else 'GEN-DEP-' || mod(n, 50) end as department,
               now() - make_interval(mins => (mod(n, 525600))::int) as at,
               case mod(n / 50, 3) when 0 then 'submitted' when 1 then 'accepted'
                    else 'closed' end as stage
          from generate_series(%(since)s::bigint, %(until)s::bigint) as n) as made
"""
CLOCKS = """
insert into cases.clock (region, month, number, kind, turn, started_on, amount, unit, counted_from,
                         workdays, due_on, calendar_version, provisional, basis, state, ended_at)
select region, month, number, case when stage = 'submitted' then 'notice' else 'promised' end, 1,
       submitted_at::date, 5, 'workday', submitted_at::date, 5, coalesce(due_on, current_date), 1,
       false, '', case when stage = 'closed' then 'met' else 'running' end, closed_at
  from cases.case_file c
 where item_code like 'GEN-%'
   and not exists (select from cases.clock k where (k.region, k.month, k.number)
                                                 = (c.region, c.month, c.number))
"""


def generate(connection: Any, *, count: int) -> None:
    """Bring the number of generated cases to ``count``, as a superuser."""
    [[known]] = connection.execute(
        "select count(*) from cases.case_file where item_code like 'GEN-%'"
    ).fetchall()
    connection.execute(CASES, {"since": known + 1, "until": count})
    connection.execute(CLOCKS)
    for table in ("cases.case_file", "cases.clock", "foundation.event", "foundation.delivery"):
        connection.execute(f"vacuum (analyze) {table}")
