"""我能办吗？ Asks only what the rules ask, and says what they answer. Never a decision."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, rulebook
from tongban.catalogue import Item, NoSuchItem
from tongban.channels.shell.itemform import Field, sections
from tongban.channels.shell.pages import PUBLIC, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

LONGEST = 200


def eligibility(request: Request, work: Work) -> Response:
    """Ask what would settle it, one form after the other; the answers stand in the address."""
    item = catalogue.item(work, code=request.path_params["code"])
    told = {**_known(request, work, item), **_told(request, item)}
    found = rulebook.eligibility(work, item_code=item.code, facts=told)
    if found is None:
        raise NoSuchItem(code=item.code)
    # What was answered stays on the page, so that it can be changed; then what is still open.
    labels = {name: name for name in found.outcome.facts}
    labels |= {each.name: each.label for each in found.asked}
    return show(
        request,
        "portal/services/eligibility.html",
        item=item,
        found=found,
        fields=[_field(item, name, label, told.get(name)) for name, label in labels.items()],
        asked=bool(request.query_params),
        laws=list(dict.fromkeys(filter(None, map(rulebook.basis, found.outcome.fired)))),
    )


def _told(request: Request, item: Item) -> dict[str, Any]:
    """Return what the address answers, of the item's own questions and fields."""
    properties: Mapping[str, Any] = item.form.get("properties", {})
    names = [question.key for question in item.questions] + list(properties)
    found: dict[str, Any] = {}
    for name in names:
        value = request.query_params.get(name, "").replace("\x00", "").strip()[:LONGEST]
        if value and properties.get(name, {}).get("type") == "boolean":
            found[name] = True
        elif value:
            found[name] = value
    return found


def _known(request: Request, work: Work, item: Item) -> dict[str, Any]:
    """Return what is known of somebody signed in, who need not say it again."""
    holder = visitor(request).acting_for
    if not (holder and work.actor.may("cases.apply")):
        return {}
    draft = cases.draft(work, item_code=item.code, holder=holder)
    return {**draft.choices, **draft.answers}


def _field(item: Item, name: str, label: str, value: Any) -> Field:
    question = next((each for each in item.questions if each.key == name), None)
    if question is not None:
        options = tuple((choice.key, choice.title) for choice in question.choices)
        return Field(name, question.title, "choice", value or "", False, "", options, None, "")
    rule = item.form.get("properties", {}).get(name)
    if rule is None:
        return Field(name, label, "text", value or "", False, "", (), LONGEST, "")
    (section,) = sections({"properties": {name: rule}}, {name: value} if value else {})
    return section.fields[0]


routes = [
    page("/items/{code}/eligibility", eligibility, name="portal.eligibility", permit=PUBLIC),
]
