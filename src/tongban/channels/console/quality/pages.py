from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.console.quality.chart import chart
from tongban.channels.shell.pages import page
from tongban.channels.shell.render import show
from tongban.foundation.actor import Kind
from tongban.foundation.work import Work

READ = "catalogue.edit"
SHOWN_DAYS = 90
SHOWN_DEPARTMENTS = 50
KINDS = {"error": "danger", "warning": "warn", "hint": "plain"}


def report(request: Request, work: Work) -> Response:
    """Counts by department and by rule, and how they went, as far as the officer may see."""
    day = catalogue.last_linted(work)
    departments, regions = _scope(request, work, day)
    mine = (
        catalogue.linted_departments(
            work, day=day, departments=departments, regions=regions, limit=SHOWN_DEPARTMENTS + 1
        )
        if day
        else []
    )
    days = catalogue.linted_days(
        work,
        since=work.today - timedelta(days=SHOWN_DAYS),
        departments=departments,
        regions=regions,
    )
    rules = (
        catalogue.broken_rules(work, day=day, departments=departments, regions=regions)
        if day
        else []
    )
    return show(
        request,
        "console/quality/report.html",
        day=day,
        departments=mine[:SHOWN_DEPARTMENTS],
        more=len(mine) > SHOWN_DEPARTMENTS,
        chosen=next(iter(mine), None) if request.query_params.get("department") else None,
        rules=rules,
        known=catalogue.LINT_RULES,
        kinds=KINDS,
        days=days[-1:],
        chart=chart(days) if len(days) > 1 else None,
    )


def broken(request: Request, work: Work) -> Response:
    """The items that break one rule."""
    rule = catalogue.LINT_RULES.get(request.path_params["rule"])
    if rule is None:
        raise catalogue.NoSuchRule(rule=request.path_params["rule"])
    departments, regions = _scope(request, work, catalogue.last_linted(work))
    lines = catalogue.linted_items(
        work,
        rule=rule.id,
        departments=departments,
        regions=regions,
        after=request.query_params.get("after", ""),
    )
    return show(
        request,
        "console/quality/broken.html",
        rule=rule,
        lines=lines.rows,
        following=lines.following,
        kinds=KINDS,
        chosen=request.query_params.get("department", ""),
    )


def _scope(
    request: Request, work: Work, day: date | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the departments, and the prefixes of regions, that are shown: those chosen, or all.

    What lies in a region that the officer sees as a whole is not named as a department again.
    """
    grants = [grant for grant in work.actor.grants if READ in grant.permissions]
    regions = [grant.region for grant in grants if not grant.department]
    regions = [one for one in regions if not any(one != r and one.startswith(r) for r in regions)]
    if work.actor.kind is Kind.SYSTEM:
        regions = [""]
    own = {grant.department for grant in grants if grant.department}
    counted = (
        catalogue.linted_departments(work, day=day, departments=sorted(own), regions=())
        if day and own
        else []
    )
    mine = tuple(one.department for one in counted if not one.region.startswith(tuple(regions)))
    chosen = request.query_params.get("department", "")[:100]
    if not chosen:
        return mine, tuple(dict.fromkeys(regions))
    asked = (
        catalogue.linted_departments(work, day=day, departments=(chosen,), regions=())
        if day
        else []
    )
    seen = [
        one for one in asked if work.actor.may(READ, department=one.department, region=one.region)
    ]
    return tuple(dict.fromkeys(one.department for one in seen)), ()


routes = [
    page("/console/quality", report, name="console.quality", permit=READ),
    page("/console/quality/{rule}", broken, name="console.quality_rule", permit=READ),
]
