"""What goes with a guide: its history, what machines read, the notice of one's own case."""

from typing import Any
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, documents
from tongban.catalogue import Item, Material
from tongban.channels.portal.guides.linked import government_service
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import said, show
from tongban.foundation.work import Work

SHOWN = 10


def history(request: Request, work: Work) -> Response:
    """What each version changed in the one before, the newest first."""
    item = catalogue.item(work, code=request.path_params["code"])
    versions = catalogue.versions(work, code=item.code)
    shown = []
    for at, version in enumerate(versions[:SHOWN]):
        after = catalogue.item(work, code=item.code, version=version.version)
        changes = None
        if at + 1 < len(versions):
            older = versions[at + 1].version
            before = catalogue.item(work, code=item.code, version=older)
            changes = [said(request, one) for one in catalogue.changes(before, after)]
        shown.append((version, changes))
    return show(
        request,
        "portal/guides/history.html",
        item=item,
        shown=shown,
        older=versions[SHOWN:],
        planned=catalogue.withdrawal(work, code=item.code),
    )


def linked(request: Request, work: Work) -> Response:
    """The service as schema.org GovernmentService; linked from the guide, so nothing is inline."""
    published = catalogue.item(work, code=request.path_params["code"])
    [item] = catalogue.with_everyday_words(work, [published])
    told = government_service(
        item,
        url=str(request.url_for("portal.guide", code=item.code)),
        apply_url=str(request.url_for("portal.apply", code=item.code)),
    )
    return Response(
        msgspec.json.encode(told),
        media_type="application/ld+json",
        headers={"cache-control": "public, max-age=300"},
    )


def one_off(request: Request, work: Work) -> Response:
    """The one-off notice (一次性告知书) of one's own case, by the answers in the address."""
    item = catalogue.item(work, code=request.path_params["code"])
    asked = {q.key: request.query_params.get(q.key, "") for q in item.questions}
    answers = {key: answer for key, answer in asked.items() if answer}
    # The same narrowing by which the guide shows and submission checks.
    shown, scenario = cases.item_for(work, item=item, choices=answers, answers={})
    materials = [_line(material) for material in shown.materials_for(answers)]
    data: dict[str, Any] = {
        "unit": item.department_name,
        "item": item.name,
        "applicant": "办事人",
        "number": f"{item.code} 第{item.version}版",
        "case_number": "",
        "issued_on": work.today,
        "materials": materials or [{"name": "不需要提交材料"}],
        "scenario": _scenario(item, answers),
        "conditions": item.conditions,
        "visits": f"{item.visits} 次" if item.visits is not None else "",
        "statutory": str(item.statutory or ""),
        "promised": str(item.promised or ""),
        "fee": _fee(item, scenario.fee if scenario else None),
        "where": item.channels.address,
        "hours": item.channels.hours,
        "consult": item.channels.consult,
        "note": f"网上查看和办理：{request.url_for('portal.guide', code=item.code)}",
    }
    name = quote(f"一次性告知书-{item.name}.pdf")
    return Response(
        documents.render(template=documents.Template.ONE_OFF, data=data),
        media_type="application/pdf",
        headers={"content-disposition": f"inline; filename*=UTF-8''{name}"},
    )


def guide_file(request: Request, work: Work) -> Response:
    """A blank form or a sample, to be saved; the same for everybody, so no look is noted."""
    found = documents.guide_file(work, id=request.path_params["id"])
    return Response(documents.read(work, id=found.id), headers=documents.download_headers(found))


def _line(material: Material) -> dict[str, Any]:
    told = [material.remark, f"由{material.supplied_by}提供" if material.supplied_by else ""]
    return {
        "name": material.name,
        "form": "免提交" if material.exempt else material.form,
        "originals": material.originals,
        "copies": material.copies,
        "remark": "；".join(filter(None, told)),
    }


def _scenario(item: Item, answers: dict[str, str]) -> str:
    chosen = [
        f"{question.title}{choice.title}"
        for question in item.questions
        for choice in question.choices
        if answers.get(question.key) == choice.key
    ]
    return "；".join(chosen)


def _fee(item: Item, found: int | None) -> str:
    if found is not None:
        return f"{found / 100:.2f} 元"
    return (
        "；".join(f"{fee.name}：{fee.standard}" for fee in item.fees)
        or ({None: "未公布", True: "收费", False: "不收费"}[item.charged])
    )


routes = [
    page("/items/{code}/changes", history, name="portal.history", permit=PUBLIC),
    page("/items/{code}/notice.pdf", one_off, name="portal.one_off", permit=PUBLIC),
    page("/guide-files/{id:uuid}", guide_file, name="portal.guide_file", permit=PUBLIC),
    page("/items/{code}/service.jsonld", linked, name="portal.linked", permit=PUBLIC),
]
