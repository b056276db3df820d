"""Binding the materials of services to the dictionary: by name, many services at once."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import BulkAct, BulkChange, StandardMaterial
from tongban.channels.console.items.pages import EDIT, scope
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

# Names like a standard material are shown first, then some others.
SHOWN, OTHERS = 30, 20


def worklist(request: Request, work: Work) -> Response:
    """Names of materials that are bound to nothing, with the standard materials they could be.

    What is called exactly so is ticked beforehand; whatever is only alike is not. Where there are
    too many services for one page, each page looks at the next part of them.
    """
    departments, regions = scope(work)
    window = catalogue.unbound_materials(
        work, departments=departments, regions=regions, after=_after(request)
    )
    found = window.found
    likely = catalogue.standards_like(work, names=[one.name for one in found])
    alike = [one for one in found if likely[one.name]]
    others = [one for one in found if not likely[one.name]]
    shown = [*alike[:SHOWN], *others[:OTHERS]]
    typed = {name: (code, other) for _, name, code, other in _typed(request)}
    return show(
        request,
        "console/lists/binding.html",
        lines=[
            {
                "one": one,
                "likely": likely[one.name],
                "chosen": typed[one.name][0]
                if one.name in typed
                else next((like.code for like in likely[one.name] if like.exact), ""),
                "other": typed[one.name][1] if one.name in typed else "",
            }
            for one in shown
        ],
        alike=len(alike),
        others=len(others),
        window=window,
        after=_after(request),
    )


def _after(request: Request) -> str:
    """Return which part of the services a page is about, as its address or its form says."""
    return request.query_params.get("after", "") or text(request, "after")[:2000]


def bind(request: Request, work: Work) -> Response:
    """Show what the ticked bindings would change; once that was seen, hand them in for review."""
    pairs = _pairs(request)
    if not pairs:
        raise Invalid(Problem("code-0", "请至少勾选一种材料"))
    names = _known(work, pairs)
    change = BulkChange(
        "materials",
        _told([f"{name} → {names[code]}" for _, name, code in pairs]),
        BulkAct.SET,
        pairs=tuple((name, code) for _, name, code in pairs),
    )
    if text(request, "act") == "confirm":
        codes = _codes(request, work, pairs)
        id = catalogue.begin_set(work, change=change, codes=codes[: catalogue.SET_MOST])
        return go_to(request, "console.set", flash="已提交审核，请另一位有权限的人办理", id=id)
    return _preview(request, work, change, pairs, names)


def _preview(
    request: Request,
    work: Work,
    change: BulkChange,
    pairs: list[tuple[int, str, str]],
    names: dict[str, str],
) -> Response:
    codes = _codes(request, work, pairs)
    items = catalogue.present_of(work, codes=codes[: catalogue.SET_MOST])
    planned = catalogue.foresee_set(work, change=change, items=items)
    return show(
        request,
        "console/lists/binding_preview.html",
        pairs=[(at, name, code, names[code]) for at, name, code in pairs],
        ready=[_line(request, one) for one in planned if one.hindered is None],
        out=[_line(request, one) for one in planned if one.hindered is not None],
        more=max(0, len(codes) - catalogue.SET_MOST),
        after=_after(request),
    )


def _line(request: Request, one: catalogue.Planned) -> dict[str, Any]:
    return {
        "item": one.item,
        "changes": [said(request, change) for change in one.changes],
        "hindered": said(request, one.hindered) if one.hindered else "",
    }


def _told(pairs: list[str]) -> str:
    """Say bindings as the change logs of the guides will: the first of them, and how many."""
    first = "、".join(pairs[:3])[:500]
    return first if len(pairs) <= 3 else f"{first}等{len(pairs)}种材料"


def _typed(request: Request) -> list[tuple[int, str, str, str]]:
    """Return for each place on the page its name, the ticked code and the code typed besides."""
    if request.method != "POST":
        return []
    lines = min(whole(text(request, "lines"), digits=3) or 0, SHOWN + OTHERS)
    return [
        (
            at,
            text(request, f"name-{at}")[:500],
            text(request, f"code-{at}")[:100].removeprefix("none"),
            text(request, f"other-{at}")[:100],
        )
        for at in range(lines)
    ]


def _pairs(request: Request) -> list[tuple[int, str, str]]:
    """Return which names were given which codes, each with its place on the page."""
    return [
        (at, name, other or code)
        for at, name, code, other in _typed(request)
        if name and (other or code)
    ]


def _known(work: Work, pairs: list[tuple[int, str, str]]) -> dict[str, str]:
    """Return the names of the standard materials by their codes.

    :raises Invalid: naming the fields whose codes the dictionary does not know.
    """
    codes = [code for _, _, code in pairs]
    entries = catalogue.entries_named(work, kind=StandardMaterial, codes=codes)
    names = {
        code: entry.name
        for code, entry in entries.items()
        if entry.status is not catalogue.Status.CANCELLED
    }
    wrong = [
        Problem(f"other-{at}", "标准材料中没有编码 {code}", {"code": code})
        for at, _, code in pairs
        if code not in names
    ]
    if wrong:
        raise Invalid(*wrong)
    return names


def _codes(request: Request, work: Work, pairs: list[tuple[int, str, str]]) -> list[str]:
    departments, regions = scope(work)
    window = catalogue.unbound_materials(
        work,
        departments=departments,
        regions=regions,
        names=[name for _, name, _ in pairs],
        after=_after(request),
    )
    return sorted({code for one in window.found for code in one.codes})


routes = [
    page("/console/materials", worklist, name="console.materials", permit=EDIT),
    action("/console/materials", bind, name="console.materials_bind", permit=EDIT, again=worklist),
]
