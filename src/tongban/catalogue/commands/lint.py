"""Looking over the whole catalogue: what the linter finds, kept per item and counted by day."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.lint import Finding, Severity, lint
from tongban.catalogue.queries.items import present_after
from tongban.catalogue.queries.words import with_everyday_words
from tongban.foundation.work import Work

BATCH = 500


@dataclass(slots=True)
class LintReport:
    """What was found: items looked at, items with an error, and by rule how many items break it."""

    items: int = 0
    with_errors: int = 0
    findings: int = 0
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, found: Sequence[Finding]) -> None:
        self.items += 1
        self.findings += len(found)
        self.with_errors += any(one.severity is Severity.ERROR for one in found)
        self.rules.update({finding.rule for finding in found})


def lint_catalogue(
    open_work: Callable[[], AbstractContextManager[Work]],
    *,
    progress: Callable[[int], None] | None = None,
) -> LintReport:
    """Look over every item that is offered, keep what is found, and count it for today.

    :param open_work: opens one transaction, which commits when it is left without an error.
    :param progress: called after each batch with how many items have been looked at.
    """
    report = LintReport()
    after: str | None = ""
    while after is not None:
        with open_work() as work:
            after = lint_batch(work, after=after, report=report)
        if progress:
            progress(report.items)
    with open_work() as work:
        count_findings(work)
    return report


def lint_batch(work: Work, *, after: str, report: LintReport | None = None) -> str | None:
    """Look over the next items by code. Return the last one's code, or None when all are done."""
    work.actor.must("catalogue.edit")
    items = with_everyday_words(work, present_after(work, code=after, limit=BATCH))
    rows = []
    for item in items:
        found = lint(item)
        rows.append(_row(item, found))
        if report:
            report.add(found)
    work.run(
        """
        insert into catalogue.item_lint (item_code, version, department, region, rules, errors,
                                         warnings, hints, linted_at)
        select item_code, version, department, region, rules, errors, warnings, hints, %(now)s
          from jsonb_populate_recordset(null::catalogue.item_lint, %(rows)s)
        on conflict (item_code) do update
           set (version, department, region, rules, errors, warnings, hints, linted_at)
               = row (excluded.version, excluded.department, excluded.region, excluded.rules,
                      excluded.errors, excluded.warnings, excluded.hints, excluded.linted_at)
        """,
        rows=msgspec.json.encode(rows).decode(),
        now=work.now,
    )
    return items[-1].code if len(items) == BATCH else None


def count_findings(work: Work) -> None:
    """Count for today what is found in the items that are offered, by department and rule.

    Each region has sums of all its departments too (no department); so has everything (neither).
    """
    work.actor.must("catalogue.edit")
    work.run("delete from catalogue.lint_day where day = %(today)s", today=work.today)
    work.run(
        """
        with offered as (
            select l.*
              from catalogue.item_lint l
              join catalogue.item i on i.code = l.item_code
             where i.status <> 'cancelled'
        ), counted as (
            select department, region, '' as rule, '' as severity, count(*) as items
              from offered
             group by department, region
            union all
            select department, region, '', severity, count(*)
              from offered
             cross join lateral (values ('error', errors), ('warning', warnings), ('hint', hints))
                          as counted (severity, findings)
             where findings > 0
             group by department, region, severity
            union all
            select department, region, rule, '', count(*)
              from offered
             cross join unnest(rules) as rule
             group by department, region, rule
        )
        insert into catalogue.lint_day (day, department, region, rule, severity, items)
        select %(today)s, coalesce(department, ''), coalesce(region, ''), rule, severity, sum(items)
          from counted
         group by grouping sets ((department, region, rule, severity), (region, rule, severity),
                                 (rule, severity))
        """,
        today=work.today,
    )


def _row(item: Item, found: Sequence[Finding]) -> dict[str, object]:
    counted = Counter(finding.severity for finding in found)
    return {
        "item_code": item.code,
        "version": item.version,
        "department": item.department,
        "region": item.region,
        "rules": list(dict.fromkeys(finding.rule for finding in found)),
        "errors": counted[Severity.ERROR],
        "warnings": counted[Severity.WARNING],
        "hints": counted[Severity.HINT],
    }
