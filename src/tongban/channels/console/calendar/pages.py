import re
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from tongban.channels.shell.forms import text, uploads
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation import calendar
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

FIRST_YEAR, LAST_YEAR = 2004, 2060


def year(request: Request, work: Work) -> Response:
    region = request.query_params.get("region", calendar.NATION)
    asked = request.query_params.get("year", str(work.today.year))
    number = int(asked) if re.fullmatch(r"[0-9]{4}", asked) else work.today.year
    number = min(max(number, FIRST_YEAR), LAST_YEAR)
    days = calendar.year(work, region=region, year=number)
    return show(
        request,
        "console/calendar/year.html",
        region=region,
        year=number,
        months=[[day for day in days if day.day.month == month] for month in range(1, 13)],
        special=[
            day for day in days if day.kind not in (calendar.Kind.WORKING, calendar.Kind.WEEKEND)
        ],
        provisional=any(day.status is calendar.Status.PROVISIONAL for day in days),
        working=sum(day.kind in calendar.model.WORKED for day in days),
        worked=calendar.model.WORKED,
        kinds=[(kind.value, name) for kind, name in calendar.KIND_NAMES.items()],
    )


def correct(request: Request, work: Work) -> Response:
    region = text(request, "region") or calendar.NATION
    day = calendar.Day(_day(request, "day"), _kind(text(request, "kind")), text(request, "name"))
    calendar.correct_day(work, region=region, day=day, reason=text(request, "reason"))
    return _back(request, region, day.day.year)


def stop_work(request: Request, work: Work) -> Response:
    region = text(request, "region") or calendar.NATION
    first, last = _day(request, "first"), _day(request, "last")
    calendar.add_stop_work(
        work, region=region, first=first, last=last, reason=text(request, "reason")
    )
    return _back(request, region, first.year)


def import_notice(request: Request, work: Work) -> Response:
    region = text(request, "region") or calendar.NATION
    files = uploads(request)
    if not files:
        raise Invalid(Problem("file", "请选择要导入的 CSV 文件（列：date,kind,name）"))
    days = calendar.read_csv(files[0].content)
    calendar.import_year(work, region=region, days=days, reason=text(request, "reason"))
    return _back(request, region, days[0].day.year)


def _day(request: Request, field: str) -> date:
    try:
        return date.fromisoformat(text(request, field))
    except ValueError:
        raise Invalid(Problem(field, "请填写日期，如 2027-10-01")) from None


def _kind(value: str) -> calendar.Kind:
    try:
        return calendar.Kind(value)
    except ValueError:
        raise Invalid(Problem("kind", "请选择日期的类别")) from None


def _back(request: Request, region: str, number: int) -> Response:
    return go_to(
        request,
        "console.calendar",
        flash="日历已更新，受影响的时限正在重新计算",
        query=f"region={region}&year={number}",
    )


routes = [
    page("/console/calendar", year, name="console.calendar", permit="calendar.edit"),
    action(
        "/console/calendar/day",
        correct,
        name="console.calendar_day",
        permit="calendar.edit",
        again=year,
    ),
    action(
        "/console/calendar/stop-work",
        stop_work,
        name="console.calendar_stop",
        permit="calendar.edit",
        again=year,
    ),
    action(
        "/console/calendar/import",
        import_notice,
        name="console.calendar_import",
        permit="calendar.edit",
        again=year,
    ),
]
