from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.console.quality.chart import chart
from tongban.channels.shell.pages import page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

READ = "catalogue.edit"
SHOWN_DAYS = 90
SHOWN_DEPARTMENTS = 50
KINDS = {"error": "danger", "warning": "warn", "hint": "plain"}


def report(request: Request, work: Work) -> Response:
    """Counts by department and by rule, and how they went, as far as the officer may see."""
    chosen = request.query_params.get("department", "")
    day = catalogue.last_linted(work)
    mine = _mine(work)
    codes = [one.department for one in mine if not chosen or one.department == chosen]
    days = catalogue.linted_days(
        work, since=work.today - timedelta(days=SHOWN_DAYS), departments=codes
    )
    return show(
        request,
        "console/quality/report.html",
        day=day,
        departments=mine[:SHOWN_DEPARTMENTS],
        more=len(mine) > SHOWN_DEPARTMENTS,
        chosen=next((one for one in mine if one.department == chosen), None),
        rules=catalogue.broken_rules(work, day=day, departments=codes) if day else [],
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
    chosen = request.query_params.get("department", "")
    mine = [one for one in _mine(work) if not chosen or one.department == chosen]
    lines = catalogue.linted_items(
        work,
        rule=rule.id,
        departments=[one.department for one in mine],
        after=request.query_params.get("after", ""),
    )
    return show(
        request,
        "console/quality/broken.html",
        rule=rule,
        lines=lines.rows,
        following=lines.following,
        kinds=KINDS,
        chosen=chosen,
    )


def _mine(work: Work) -> list[catalogue.LintedDepartment]:
    """Return the departments that the officer may see, those with the most errors first."""
    day = catalogue.last_linted(work)
    if day is None:
        return []
    return [
        one
        for one in catalogue.linted_departments(work, day=day)
        if work.actor.may(READ, department=one.department, region=one.region)
    ]


routes = [
    page("/console/quality", report, name="console.quality", permit=READ),
    page("/console/quality/{rule}", broken, name="console.quality_rule", permit=READ),
]
