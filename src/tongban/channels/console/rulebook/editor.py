"""Writing a version: the table, its file for other editors, its test cases."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tongban import rulebook
from tongban.channels.console.rulebook import reading
from tongban.channels.console.rulebook.pages import EDIT, LEVELS, READ, VERSION, _version
from tongban.channels.shell.forms import text, uploads, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def edit(request: Request, work: Work) -> Response:
    """The table as a grid. Every button saves what was typed, faulty as it may be."""
    rule_set, version = _opened(request, work, READ)
    language = visitor(request).language
    judged = rulebook.judge(work, version=version, language=language)
    sheet = judged.sheet
    return show(
        request,
        "console/rulebook/edit.html",
        rule_set=rule_set,
        version=version,
        sheet=sheet,
        window=reading.window(request, sheet) if sheet else None,
        faults={problem.field: said(request, problem) for problem in judged.faults},
        judged=judged,
        levels=LEVELS,
        types=rulebook.TYPES,
        write_words=reading.write_words,
        policies=[(policy.value, words) for policy, words in rulebook.POLICIES.items()],
        may_edit=_may_edit(work, rule_set, version),
    )


def save(request: Request, work: Work) -> Response:
    """Keep what was typed, then do what the button says."""
    _, version = _opened(request, work, EDIT)
    sheet = rulebook.Compiled(version.dmn, version.decision).summary.sheet
    if sheet is None:
        raise Invalid(Problem("dmn", "这个模型不是单张表格，请用文件修改"))
    sheet, row = reading.act_on(reading.read_sheet(request, sheet), text(request, "act"))
    rulebook.save_draft(
        work,
        version=_as_read(request, version),
        sheet=sheet,
        note=text(request, "note"),
    )
    flash = "草稿已保存" if text(request, "act") in ("", "save") else ""
    first = max(row, 0) // reading.ROWS_SHOWN * reading.ROWS_SHOWN
    shown = text(request, "first") if row < 0 else str(first)
    place = f"first={shown or '0'}" + (f"#row-{row}" if row >= 0 else "")
    return go_to(
        request,
        "console.rules_edit",
        flash=flash,
        query=place,
        code=version.rule_set_code,
        version=str(version.version),
    )


def upload(request: Request, work: Work) -> Response:
    """Take over a DMN file that was written with another editor."""
    _, version = _opened(request, work, EDIT)
    files = uploads(request)
    if not files:
        raise Invalid(Problem("file", "请选择 DMN 文件"))
    try:
        content = files[0].content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(Problem("file", "文件不是 UTF-8 编码，请另存为 UTF-8")) from None
    rulebook.save_draft(
        work,
        version=_as_read(request, version),
        text=content,
        decision=text(request, "decision"),
    )
    return go_to(
        request,
        "console.rules_edit",
        flash="文件已导入，草稿已保存",
        code=version.rule_set_code,
        version=str(version.version),
    )


def trials(request: Request, work: Work) -> Response:
    """The test cases of a version, each with what comes out of it now."""
    rule_set, version = _opened(request, work, READ)
    judged = rulebook.judge(work, version=version, language=visitor(request).language)
    return show(
        request,
        "console/rulebook/trials.html",
        rule_set=rule_set,
        version=version,
        sheet=judged.sheet,
        judged=judged,
        shown=reading.shown,
        called=reading.called,
        choices=reading.choices,
        several=judged.sheet is not None and judged.sheet.policy in reading.SEVERAL,
        got=rulebook.got,
        as_json=msgspec.json.format(msgspec.json.encode(version.tests), indent=2).decode(),
        may_edit=_may_edit(work, rule_set, version),
    )


def save_trials(request: Request, work: Work) -> Response:
    _, version = _opened(request, work, EDIT)
    sheet = rulebook.Compiled(version.dmn, version.decision).summary.sheet
    act, _, at = text(request, "act").partition(":")
    place = whole(at)
    if sheet is None:
        tests = reading.read_tests_json(text(request, "tests"))
    else:
        tests = reading.read_tests(request, sheet, len(version.tests))
    if act == "add":
        tests.append(rulebook.TestCase(f"用例 {len(tests) + 1}", {}))
    if act == "remove" and place is not None and place < len(tests):
        del tests[place]
    rulebook.save_draft(work, version=_as_read(request, version), tests=tests)
    return go_to(
        request,
        "console.rules_tests",
        flash="测试用例已保存",
        code=version.rule_set_code,
        version=str(version.version),
    )


def _opened(
    request: Request, work: Work, permission: str
) -> tuple[rulebook.RuleSet, rulebook.Version]:
    code, number = _version(request)
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(permission, department=rule_set.department, region=rule_set.region)
    return rule_set, rulebook.version(work, code=code, version=number)


def _may_edit(work: Work, rule_set: rulebook.RuleSet, version: rulebook.Version) -> bool:
    may = work.actor.may(EDIT, department=rule_set.department, region=rule_set.region)
    return may and version.status is rulebook.Status.DRAFT


def _as_read(request: Request, version: rulebook.Version) -> rulebook.Version:
    """Return the version as the page had it, so that a change by somebody else is noticed."""
    sent = whole(text(request, "revision"))
    return rulebook.as_of(version, revision=-1 if sent is None else sent)


routes = [
    page(VERSION + "/edit", edit, name="console.rules_edit", permit=READ),
    action(VERSION + "/edit", save, name="console.rules_save", permit=EDIT, again=edit),
    action(VERSION + "/dmn", upload, name="console.rules_upload", permit=EDIT, again=edit),
    page(VERSION + "/tests", trials, name="console.rules_tests", permit=READ),
    action(
        VERSION + "/tests", save_trials, name="console.rules_save_tests", permit=EDIT, again=trials
    ),
]
