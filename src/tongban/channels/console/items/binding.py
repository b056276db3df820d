"""What the materials of one service are bound to, and what they could be, as choices of a form."""

from typing import Any

from starlette.requests import Request

from tongban import catalogue
from tongban.catalogue import Item, Likely, StandardMaterial, Status
from tongban.channels.shell.forms import text
from tongban.channels.shell.render import said
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work

_STATES = ("未绑定", "已绑定：{name}", "标准材料中没有编码 {code}")


def choices(request: Request, work: Work, item: Item) -> dict[str, dict[str, Any]]:
    """Return, by the name of its field, what each material is bound to and what it could be."""
    held = [material.standard_code for material in item.materials]
    known = {
        code: entry
        for code, entry in catalogue.entries_named(
            work, kind=StandardMaterial, codes=[code for code in held if code]
        ).items()
        if entry.status is not Status.CANCELLED
    }
    likely = catalogue.standards_like(work, names=[one.name for one in item.materials])
    found = {}
    for at, material in enumerate(item.materials):
        code, name = material.standard_code, f"{at}-standard_material"
        offered = [one for one in likely.get(material.name, ()) if one.code != code]
        if code:
            entry = known.get(code)
            offered.insert(0, Likely(code, entry.name if entry else code))
        state = _STATES[0] if not code else _STATES[1] if code in known else _STATES[2]
        told = {"code": code, "name": known[code].name if code in known else ""}
        found[name] = {
            "options": [
                {
                    # What a source says beside the code stays as it is while the tick does.
                    "value": material.standard_material if one.code == code else one.code,
                    "label": one.name,
                    "hint": one.code,
                }
                for one in offered
            ],
            "said": said(request, Problem(name, state, told)),
            "other": text(request, f"{name}-other") if request.method == "POST" else "",
        }
    return found
