"""Rule sets in the console: the list, one rule set with its versions, and what surrounds it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, identity, rulebook
from tongban.channels.console.rulebook import reading
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work

READ, EDIT, REVIEW = "rulebook.read", "rulebook.edit", "rulebook.review"
LEVELS = {"error": "danger", "warning": "warn", "note": "plain"}
STATUS_KINDS = {
    "draft": "plain",
    "in_review": "info",
    "approved": "info",
    "published": "good",
    "withdrawn": "warn",
}


def listing(request: Request, work: Work) -> Response:
    purpose = request.query_params.get("purpose", "")
    lines = rulebook.rule_sets(work, on=work.today, purpose=purpose)
    seen = [
        line
        for line in lines
        if work.actor.may(READ, department=line.department, region=line.region)
    ]
    return show(
        request,
        "console/rulebook/list.html",
        lines=seen,
        purpose=purpose,
        purposes=rulebook.PURPOSE_NAMES,
        statuses=rulebook.STATUS_NAMES,
        status_kinds=STATUS_KINDS,
        may_edit=work.actor.may(EDIT),
    )


def new(request: Request, work: Work) -> Response:
    units = [
        (unit.code, unit.name)
        for unit in identity.departments(work)
        if work.actor.may(EDIT, department=unit.code, region=unit.region)
    ]
    purposes = [(purpose.value, name) for purpose, name in rulebook.PURPOSE_NAMES.items()]
    return show(request, "console/rulebook/new.html", departments=units, purposes=purposes)


def add(request: Request, work: Work) -> Response:
    problems = []
    try:
        unit = identity.department(work, code=text(request, "department"))
    except NotFound:
        problems.append(Problem("department", "请选择部门"))
    try:
        purpose = rulebook.Purpose(text(request, "purpose"))
    except ValueError:
        problems.append(Problem("purpose", "请选择用途"))
    if problems:
        raise Invalid(*problems)
    made = rulebook.add_rule_set(
        work,
        rule_set=rulebook.RuleSet(
            text(request, "code"),
            text(request, "name"),
            purpose,
            unit.code,
            unit.name,
            unit.region,
            summary=text(request, "summary"),
        ),
    )
    rulebook.begin_version(work, code=made.code, sheet=reading.first_sheet(made.name, made.purpose))
    return go_to(
        request,
        "console.rules_edit",
        flash="规则已建立，请填写表格",
        code=made.code,
        version="1",
    )


def one(request: Request, work: Work) -> Response:
    """A rule set on one page: what runs, what is being prepared, who may do what next."""
    code = request.path_params["code"]
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(READ, department=rule_set.department, region=rule_set.region)
    versions = rulebook.versions(work, code=code)
    running = rulebook.in_force(work, code=code, on=work.today)
    newest = versions[0] if versions else None
    opened = (
        newest if newest and newest.status.value in ("draft", "in_review", "approved") else None
    )
    language = visitor(request).language
    instant = rule_set.purpose is rulebook.Purpose.INSTANT
    checks = work.actor.may("cases.review", department=rule_set.department, region=rule_set.region)
    year_ago = work.now - timedelta(days=365)
    return show(
        request,
        "console/rulebook/rule_set.html",
        rule_set=rule_set,
        purpose_name=rulebook.PURPOSE_NAMES[rule_set.purpose],
        versions=versions,
        running=running,
        opened=opened,
        statuses=rulebook.STATUS_NAMES,
        status_kinds=STATUS_KINDS,
        read=rulebook.read_version(running or newest, language=language) if newest else None,
        judged=rulebook.judge(work, version=opened, language=language) if opened else None,
        levels=LEVELS,
        bindings=[_named(work, one.item_code) for one in rulebook.bindings(work, code=code)],
        limits=reading.write_limits(rule_set.limits),
        share=f"{rule_set.share_rechecked * 100:f}".rstrip("0").rstrip(".") or "0",
        waiting=rulebook.rechecks(work, code=code) if instant and checks else (),
        tally=rulebook.tally(work, code=code, since=year_ago) if instant else None,
        replays=rulebook.replays(work, code=code),
        may_edit=work.actor.may(EDIT, department=rule_set.department, region=rule_set.region),
        may_review=work.actor.may(REVIEW, department=rule_set.department, region=rule_set.region),
        today=work.today,
    )


def _named(work: Work, code: str) -> tuple[str, str]:
    """Return code and name of an item that uses rules; no name for one that is no more."""
    try:
        return code, catalogue.item(work, code=code).name
    except NotFound:
        return code, ""


def begin(request: Request, work: Work) -> Response:
    code = request.path_params["code"]
    made = rulebook.begin_version(work, code=code)
    return go_to(request, "console.rules_edit", code=code, version=str(made.version))


def submit(request: Request, work: Work) -> Response:
    code, number = _version(request)
    rulebook.submit_version(work, code=code, version=number)
    return _back(request, "已提交审查，请另一位有审查权限的人办理")


def review(request: Request, work: Work) -> Response:
    code, number = _version(request)
    agree = text(request, "agree")
    if agree not in ("yes", "no"):
        raise Invalid(Problem("agree", "请选择通过或者退回"))
    rulebook.review_version(
        work,
        code=code,
        version=number,
        agree=agree == "yes",
        comment=text(request, "comment"),
    )
    return _back(request, "审查通过，可以发布" if agree == "yes" else "已退回修改")


def publish(request: Request, work: Work) -> Response:
    code, number = _version(request)
    since = _day(request, "effective_from")
    if since is None:
        raise Invalid(Problem("effective_from", "请填写生效日期"))
    rulebook.publish_version(
        work,
        code=code,
        version=number,
        effective_from=since,
        effective_until=_day(request, "effective_until"),
    )
    return _back(request, "已发布，从生效日期起按新规则判定")


def withdraw(request: Request, work: Work) -> Response:
    code, number = _version(request)
    rulebook.withdraw_version(
        work,
        code=code,
        version=number,
        reason=text(request, "reason"),
        withdrawn_from=_day(request, "withdrawn_from"),
    )
    return _back(request, "已停用，今后由工作人员判定")


def switch(request: Request, work: Work) -> Response:
    off = text(request, "off") == "yes"
    rulebook.switch(
        work,
        code=request.path_params["code"],
        off=off,
        reason=text(request, "switch_reason"),
    )
    return _back(request, "自动审批已暂停，立即生效" if off else "自动审批已恢复")


def settings(request: Request, work: Work) -> Response:
    order = tuple(filter(None, (part.strip() for part in text(request, "order").split(","))))
    favour = rulebook.Favour(text(request, "output"), order, less=bool(text(request, "less")))
    rulebook.change_settings(
        work,
        code=request.path_params["code"],
        favour=favour,
        limits=reading.read_limits(text(request, "limits")),
        share_rechecked=reading.read_share(text(request, "share")),
    )
    return _back(request, "设置已保存，立即生效")


def bind(request: Request, work: Work) -> Response:
    code, item_code = request.path_params["code"], text(request, "item_code")
    if not item_code:
        raise Invalid(Problem("item_code", "请填写事项编码"))
    if text(request, "remove"):
        rulebook.unbind(work, code=code, item_code=item_code)
        return _back(request, "这个事项不再使用本规则")
    try:
        item = catalogue.item(work, code=item_code)
    except NotFound:
        raise Invalid(
            Problem("item_code", "没有编码为“{code}”的事项", {"code": item_code})
        ) from None
    # Rules decide the cases of an item, so whoever binds them must answer for the item, too.
    work.actor.must(EDIT, department=item.department, region=item.region)
    rulebook.bind(work, code=code, item_code=item.code)
    return _back(request, "这个事项从现在起使用本规则")


def recheck(request: Request, work: Work) -> Response:
    agreed = text(request, "agreed")
    if agreed not in ("yes", "no"):
        raise Invalid(Problem("agreed", "请选择批得对或者不对"))
    try:
        evaluation = UUID(request.path_params["evaluation"])
    except ValueError:
        raise rulebook.NoSuchEvaluation from None
    rulebook.recheck(
        work, evaluation=evaluation, agreed=agreed == "yes", note=text(request, "note")
    )
    return _back(request, "抽查结果已记录")


def compare(request: Request, work: Work) -> Response:
    """Two versions in words: what the newer says that the older does not."""
    code = request.path_params["code"]
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(READ, department=rule_set.department, region=rule_set.region)
    old = rulebook.version(work, code=code, version=_number(request.query_params.get("old", "")))
    new = rulebook.version(work, code=code, version=_number(request.query_params.get("new", "")))
    return show(
        request,
        "console/rulebook/compare.html",
        rule_set=rule_set,
        old=old,
        new=new,
        changes=rulebook.compare_versions(old, new, language=visitor(request).language),
        versions=rulebook.versions(work, code=code),
    )


def download(request: Request, work: Work) -> Response:
    """The DMN file of a version, for other editors."""
    code, number = _version(request)
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(READ, department=rule_set.department, region=rule_set.region)
    found = rulebook.version(work, code=code, version=number)
    name = f"{code}-v{number}.dmn"
    return Response(
        found.dmn,
        media_type="application/xml",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _version(request: Request) -> tuple[str, int]:
    return request.path_params["code"], _number(request.path_params["version"])


def _number(said: str) -> int:
    if (number := whole(said, digits=6)) is None:
        raise rulebook.NoSuchVersion(code="", version=said[:20])
    return number


def _day(request: Request, field: str) -> date | None:
    said = text(request, field)
    try:
        return datetime.strptime(said, "%Y-%m-%d").date() if said else None  # noqa: DTZ007
    except ValueError:
        raise Invalid(Problem(field, "请填写日期，如 2027-10-01")) from None


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.rules_one", flash=flash, code=request.path_params["code"])


ONE = "/console/rules/{code}"
VERSION = ONE + "/versions/{version}"
routes = [
    page("/console/rules", listing, name="console.rules", permit=READ),
    page("/console/rules/new", new, name="console.rules_new", permit=EDIT),
    action("/console/rules/new", add, name="console.rules_add", permit=EDIT, again=new),
    page(ONE, one, name="console.rules_one", permit=READ),
    page(ONE + "/compare", compare, name="console.rules_compare", permit=READ),
    action(ONE + "/begin", begin, name="console.rules_begin", permit=EDIT, again=one),
    action(ONE + "/switch", switch, name="console.rules_switch", permit=REVIEW, again=one),
    action(ONE + "/settings", settings, name="console.rules_settings", permit=REVIEW, again=one),
    action(ONE + "/bind", bind, name="console.rules_bind", permit=EDIT, again=one),
    action(
        ONE + "/rechecks/{evaluation}",
        recheck,
        name="console.rules_recheck",
        permit="cases.review",
        again=one,
    ),
    page(VERSION + "/dmn", download, name="console.rules_dmn", permit=READ),
    action(VERSION + "/submit", submit, name="console.rules_submit", permit=EDIT, again=one),
    action(VERSION + "/review", review, name="console.rules_review", permit=REVIEW, again=one),
    action(VERSION + "/publish", publish, name="console.rules_publish", permit=REVIEW, again=one),
    action(
        VERSION + "/withdraw", withdraw, name="console.rules_withdraw", permit=REVIEW, again=one
    ),
]
