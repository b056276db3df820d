import csv
import io
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.shell.forms import text, uploads, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

PERMIT = "catalogue.import"
# Those who import and those who confirm what others import.
READ = "catalogue.read"
SHOWN = 200
EXPORTED = 5000
BATCH = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    "checking": ("正在检查", "info"),
    "checked": ("等待确认", "warn"),
    "running": ("正在导入", "info"),
    "done": ("已完成", "good"),
    "failed": ("不能导入", "danger"),
    "undone": ("已撤销", "plain"),
}


def listing(request: Request, work: Work) -> Response:
    """The imports so far, and a form for the next one."""
    before = whole(request.query_params.get("before", "")) or 0
    found = catalogue.imports(work, before=before)
    return show(
        request,
        "console/imports/list.html",
        lines=found,
        may_import=work.actor.may(PERMIT),
        following=found[-1].id if len(found) == 20 else None,
        states=STATES,
    )


def upload(request: Request, work: Work) -> Response:
    files = [one for one in uploads(request) if one.field == "file"]
    mappings = [one for one in uploads(request) if one.field == "mapping"]
    if not files:
        raise Invalid(Problem("file", "请选择要导入的文件"))
    try:
        mapping = mappings[0].content.decode("utf-8-sig") if mappings else ""
    except UnicodeDecodeError:
        raise Invalid(Problem("mapping", "映射文件不是 UTF-8 编码的文本")) from None
    number = catalogue.upload_items(
        work, file=files[0].name, content=files[0].content, mapping=mapping
    )
    return go_to(request, "console.import", number=str(number))


def one(request: Request, work: Work) -> Response:
    """One import: what it would change, how far it is, what became of it."""
    found = catalogue.one_import(work, number=request.path_params["number"])
    language = visitor(request).language
    changes = catalogue.import_changes(work, number=found.id, limit=SHOWN)
    rejects = catalogue.import_rejects(work, number=found.id, limit=SHOWN)
    return show(
        request,
        "console/imports/one.html",
        one=found,
        states=STATES,
        waiting=found.state in ("checking", "running"),
        changes=changes,
        rejects=[
            reject
            | {
                "said": "; ".join(_reasons(reject, language)),
                "column": "、".join(dict.fromkeys(filter(None, _fields(reject, language)))),
            }
            for reject in rejects
        ],
        rejected=found.preview["counts"]["rejected"]
        if found.state == "checked" and found.preview
        else found.rejected,
        problem=found.said(language),
        altered=_altered(request, found),
        doubts=[
            (_title(rule, language), number)
            for rule, number in sorted(_doubts(found).items(), key=lambda pair: -pair[1])
        ],
        fields=catalogue.FIELD_NAMES,
        may_undo=found.state == "done" and found.accepted > 0 and work.actor.may(PERMIT),
        may_confirm=work.actor.may("catalogue.review") and found.started_by != work.actor.id,
    )


def confirm(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    catalogue.confirm_upload(work, number=number)
    return go_to(request, "console.import", number=str(number), flash="正在导入，结果稍后可见")


def undo(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    if text(request, "sure") != "1":
        raise Invalid(Problem("sure", "请勾选确认后再撤销"))
    catalogue.undo_import(work, number=number)
    return go_to(request, "console.import", number=str(number), flash="已撤销这次导入")


def rejects(request: Request, work: Work) -> Response:
    """Every rejected line with all its reasons, as a table to be worked through."""
    found = catalogue.one_import(work, number=request.path_params["number"])
    language = visitor(request).language
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [translate(one, language) for one in ("工作表", "行", "所在栏", "原因", "内容")]
    )
    after = 0
    while lines := catalogue.import_rejects(work, number=found.id, after=after, limit=BATCH):
        for told in lines:
            whole = zip(_fields(told, language), _reasons(told, language), strict=True)
            for field, reason in whole:
                cells = (told.get("sheet", ""), str(told["line"]), field, reason, told["record"])
                writer.writerow([catalogue.harmless(cell) for cell in cells])
        after = lines[-1]["line"]
    content = out.getvalue().encode("utf-8-sig")
    return _file(content, f"rejects-{found.id}.csv", "text/csv; charset=utf-8")


def _fields(told: dict[str, Any], language: str) -> list[str]:
    """Return the headings under which the flaws of a line stand, or else what its fields are."""
    return [
        one.get("column")
        or translate(catalogue.FIELD_NAMES.get(one["field"], one["field"]), language)
        for one in (told, *told.get("others", ()))
    ]


def _reasons(told: dict[str, Any], language: str) -> list[str]:
    key = "reason" if language == "zh-CN" else "reason_en"
    return [one[key] for one in (told, *told.get("others", ()))]


def template(_request: Request, _work: Work) -> Response:
    return _file(catalogue.template(), "items.xlsx", XLSX)


def export(request: Request, work: Work) -> Response:
    """The services of the officer's region as a table or whole; for more there is the command."""
    items = catalogue.with_everyday_words(
        work, catalogue.present_after(work, code="", limit=EXPORTED, region=work.actor.region)
    )
    if request.path_params["form"] == "csv":
        # Spreadsheet programs take UTF-8 for it only where the text says so.
        content = "\ufeff" + "".join(catalogue.as_csv(items))
        return _file(content.encode(), "items.csv", "text/csv; charset=utf-8")
    return _file("".join(catalogue.as_jsonl(items)).encode(), "items.jsonl", "application/x-ndjson")


def _file(content: bytes, name: str, kind: str) -> Response:
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=disposition)


def _altered(request: Request, found: catalogue.Import) -> list[dict[str, Any]]:
    """Return the services that an import would change, with the changes in plain words."""
    return [
        one | {"said": [said(request, Problem("", *told)) for told in one.get("changes", ())]}
        for one in (found.preview or {}).get("altered", ())
    ]


def _title(rule: str, language: str) -> str:
    """Return what a doubt says, without the places that differ from line to line."""
    return re.sub(r"\{[^}]*\}", "…", translate(catalogue.DOUBTFUL.get(rule, rule), language))


def _doubts(found: catalogue.Import) -> dict[str, int]:
    if found.state == "checked" and found.preview:
        told: dict[str, int] = found.preview["counts"]["doubts"]
        return told
    return found.doubts


routes = [
    page("/console/imports", listing, name="console.imports", permit=READ),
    action(
        "/console/imports/upload",
        upload,
        name="console.import_upload",
        permit=PERMIT,
        again=listing,
    ),
    page("/console/imports/template", template, name="console.import_template", permit=PERMIT),
    page("/console/exports/{form}", export, name="console.export", permit=PERMIT),
    page("/console/imports/{number:int}", one, name="console.import", permit=READ),
    page(
        "/console/imports/{number:int}/rejects",
        rejects,
        name="console.import_rejects",
        permit=READ,
    ),
    action(
        "/console/imports/{number:int}/confirm",
        confirm,
        name="console.import_confirm",
        permit="catalogue.review",
    ),
    action(
        "/console/imports/{number:int}/undo",
        undo,
        name="console.import_undo",
        permit=PERMIT,
        again=one,
    ),
]
