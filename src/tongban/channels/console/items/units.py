"""Choosing a department, however many there are: from a list, or by a part of its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from tongban import identity
from tongban.channels.shell.forms import form
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work

# So many are chosen from a list; so many of what was found by name are shown.
LISTED, FOUND = 50, 20
SAID = "_said"


@dataclass(frozen=True, slots=True)
class Choosing:
    """A department as it is being chosen, for ``console/items/units.html``.

    :ivar code: the department that is meant; empty while none is.
    :ivar said: its name, or the part of a name that was typed.
    :ivar listed: all that can be chosen, (code, name); empty where they are too many for a list.
    :ivar found: those that what was typed may mean, where it may mean several.
    """

    code: str
    said: str
    listed: Sequence[tuple[str, str]] = ()
    found: Sequence[tuple[str, str]] = ()
    problem: Problem | None = None


def own_units(work: Work, *permissions: str) -> list[tuple[str, str]]:
    """Return the departments, (code, name), in which the actor holds one of these permissions."""
    return [
        (unit.code, unit.name)
        for unit in identity.departments(work)
        if any(work.actor.may(p, department=unit.code, region=unit.region) for p in permissions)
    ]


def given_by(request: Request) -> dict[str, str]:
    """Return what was filled in, whether it came with the address or in a form."""
    sent = form(request) if request.method == "POST" else request.query_params
    return {
        name: value.replace("\x00", "").strip()
        for name, value in sent.items()
        if isinstance(value, str)
    }


def choosing(field: str, given: Mapping[str, str], units: Sequence[tuple[str, str]]) -> Choosing:
    """Return what department is meant by a field of a form, and by the name typed beside it.

    :param given: what came of the form, by field; the name is in the field with ``_said`` behind.
    :param units: the departments that can be chosen, (code, name).
    """
    code = given.get(field, "")
    if len(units) <= LISTED:
        return Choosing(code, "", listed=units)
    names = dict(units)
    if field + SAID not in given:
        return Choosing(code if code in names else "", names.get(code, ""))
    said = given[field + SAID].strip()[:100]
    if not said:
        return Choosing("", "")
    found = [unit for unit in units if said == unit[1]] or [u for u in units if said in u[1]]
    if len(found) == 1:
        return Choosing(found[0][0], found[0][1])
    shown = _told_apart(found[:FOUND])
    if code in dict(shown):
        return Choosing(code, said, found=shown)
    message, told = "没有名称中有“{said}”的部门", {"said": said, "n": len(found)}
    if found:
        message = "有 {n} 个部门的名称中有“{said}”，请选择其中一个，或者写得更完整"
    return Choosing("", said, found=shown, problem=Problem(field + SAID, message, told))


def _told_apart(units: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return departments with their code behind the name where another has the same."""
    names = [name for _, name in units]
    return [(c, f"{name}（{c}）" if names.count(name) > 1 else name) for c, name in units]
