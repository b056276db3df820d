import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import segno
from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, evaluation, halls, rulebook
from tongban.catalogue import By, Count, Filter, Item, Material
from tongban.channels.portal.finding.asked import opened
from tongban.channels.portal.finding.places import places
from tongban.channels.portal.guides.said import beside
from tongban.channels.shell.attachments import UUID_TEXT
from tongban.channels.shell.flow import item_flow
from tongban.channels.shell.kept import kept_page, show_kept
from tongban.channels.shell.pages import PUBLIC, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.db import Db
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

LIST_SIZE = 20
# A country has thousands of departments: so many ways to narrow a list, and so many tiles.
CHOICES, TILES = 60, 300
POPULAR = 12  # Fills whole rows of two, three, four and six tiles.
# The picture on the tile of a service, by the first of these words in its name.
PICTURES = {
    "婚": "marriage",
    "出生|生育|育儿|新生儿": "baby",
    "入学|教育|教师|学生|幼儿园": "education",
    "不动产|住房|房屋|租房|住宅": "house",
    "失业|工伤|就业|人力资源": "work",
    "护士|诊所|卫生|医": "health",
    "津贴|社会保险|参保|保障|补贴": "insurance",
    "护照|居住证|身份证|户口": "passport",
    "运输|车|驾驶|道路": "transport",
    "建设|施工|规划|排水|广告": "building",
    "公司|企业|个体|经营|许可": "business",
    "帮办|举报|公开": "help",
}
FILTERS = ("audience", "department", "kind", "theme", "region", "listed")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow a list, or the way back from it."""

    label: str
    url: str
    current: bool
    number: int | None = None


def home(request: Request, work: Work) -> Response:
    template = "elder.html" if request.state.visitor.mode == "elder" else "home.html"
    region = request.state.visitor.region
    audiences = {
        count.code: count.items
        for count in catalogue.counts(work, by=By.AUDIENCE, only=Filter(at=region))
    }
    both = audiences.get("both", 0)
    around = tuple(catalogue.regions_above(region))
    return show(
        request,
        f"portal/services/{template}",
        picture=picture,
        people=catalogue.popular(work, only=Filter(audience="person", at=region), limit=POPULAR),
        businesses=catalogue.popular(
            work, only=Filter(audience="business", at=region), limit=POPULAR
        ),
        departments=catalogue.counts(work, by=By.DEPARTMENT, only=Filter(at=region))[:12],
        themes=catalogue.counts(work, by=By.THEME, only=Filter(at=region))[:12],
        total=sum(audiences.values()),
        for_people=audiences.get("person", 0) + both,
        for_businesses=audiences.get("business", 0) + both,
        zones=[one for one in catalogue.zones(work, on=work.today, regions=around) if one.services],
        regions=places(work),
        region=region,
    )


@lru_cache(maxsize=10_000)
def picture(name: str) -> str:
    """Return the name of the picture for a service."""
    return next((icon for words, icon in PICTURES.items() if re.search(words, name)), "services")


def browse(request: Request, work: Work) -> Response:
    chosen = {name: request.query_params.get(name, "") for name in FILTERS}
    # A region in the address is where a service stands; else it is where the visitor is.
    at = "" if chosen["region"] else request.state.visitor.region
    only = Filter(**chosen, at=at)
    found = catalogue.browse(
        work, only=only, after=request.query_params.get("after", ""), size=LIST_SIZE
    )
    return show(
        request,
        "portal/services/browse.html",
        found=found.rows,
        following=_narrowed(chosen, after=found.following) if found.following else "",
        first_page=_narrowed(chosen) if request.query_params.get("after") else "",
        audiences=_audiences(chosen, _other(work, chosen, By.AUDIENCE, at)),
        kinds=_choices(chosen, "kind", _other(work, chosen, By.KIND, at)),
        departments=_choices(chosen, "department", _other(work, chosen, By.DEPARTMENT, at)),
        themes=_choices(chosen, "theme", _other(work, chosen, By.THEME, at)),
        chosen=chosen,
        listed=next((one for one in catalogue.Derived if one == chosen["listed"]), None),
        regions=places(work),
        region=request.state.visitor.region,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A guide that is asked for. ``key`` is what its page depends on besides the item."""

    item: Item
    version: int | None
    answers: dict[str, str]
    there: str | None
    key: tuple[object, ...]


def _asked_for(request: Request, db: Db) -> _Asked:
    version = request.path_params.get("version")
    item = catalogue.item(db, code=request.path_params["code"], version=version)
    answers = {q.key: request.query_params.get(q.key, "") for q in item.questions}
    region = request.state.visitor.region
    there = _there(db, item, region)
    # The address to share names the host, by which one installation may be reached in many ways.
    key = (version, request.url.netloc, region, there, *answers.values())
    return _Asked(item, version, answers, there, key)


GUIDE = "portal/services/guide.html"


def guide_kept(request: Request, db: Db) -> Response | None:
    """The guide where it is kept in the version that holds."""
    asked = _asked_for(request, db)
    response = kept_page(request, GUIDE, of=asked.item, key=asked.key)
    return response and opened(request, response, name=asked.item.name)


def guide(request: Request, work: Work) -> Response:
    """The guide (办事指南). The answers to "which is your case?" stand in the address."""
    asked = _asked_for(request, work)
    item = asked.item
    response = show_kept(
        request,
        GUIDE,
        of=item,
        key=asked.key,
        fill=lambda: _guide_content(request, work, asked),
        title=item.name,
        code=item.code,
        there=asked.there,
        elsewhere=asked.there is not None,
        back=request.url.path,
    )
    return opened(request, response, name=item.name)


def _guide_content(request: Request, work: Work, asked: _Asked) -> dict[str, Any]:
    item, answers = asked.item, asked.answers
    # The same narrowing by which an application is checked, so that both ask for the same.
    told = {key: answer for key, answer in answers.items() if answer}
    shown, scenario = cases.item_for(work, item=item, choices=told, answers={})
    purposes = {bound.purpose for bound in rulebook.bindings(work, item_code=item.code)}
    language = visitor(request).language
    return {
        "item": item,
        "tags": _tags(request, item),
        **beside(item, language),
        "answers": answers,
        "unanswered": [q for q in item.questions if not answers[q.key]],
        "materials": [_material(request, m) for m in shown.materials_for(answers)],
        "scenario": scenario,
        "open_fields": _open_fields(item, scenario),
        "may_ask": rulebook.Purpose.ELIGIBILITY in purposes,
        "at_once": rulebook.Purpose.INSTANT in purposes,
        "rating": evaluation.summary(work, item_code=item.code),
        "halls": halls.halls(work, region=item.region),
        "versions": catalogue.versions(work, code=item.code),
        "apply_query": urlencode(told),
        "outdated": asked.version is not None,
        "address": str(request.url_for("portal.guide", code=item.code)),
        "result_samples": [_file_address(request, one.sample) for one in item.results],
        "flow": item_flow(work, item, language=language) if asked.version is None else None,
    }


def _there(db: Db, item: Item, region: str) -> str | None:
    """Return the code of the same service where the visitor is: empty if there is none there.

    None if this one is offered there, or no place was chosen; then nothing needs to be said.
    """
    around = catalogue.regions_above(region)
    if not around or item.region in around:
        return None
    return catalogue.counterpart(db, item=item, regions=around)


def _open_fields(item: Item, scenario: rulebook.Scenario | None) -> list[str]:
    """Return the fields of the form that will settle what is still open, by their labels."""
    asked = scenario.asked if scenario else ()
    return [each.label for each in asked if each.name in item.form.get("properties", {})]


def guide_code(request: Request, work: Work) -> Response:
    """A QR code of the guide's address, to take along or to put on a wall."""
    item = catalogue.item(work, code=request.path_params["code"])
    address = str(request.url_for("portal.guide", code=item.code))
    picture = segno.make(address, error="m").svg_inline(scale=4, svgclass=None, lineclass=None)
    return Response(
        picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        media_type="image/svg+xml",
        headers={"cache-control": "public, max-age=3600"},
    )


def departments(request: Request, work: Work) -> Response:
    region = request.state.visitor.region
    found = catalogue.counts(work, by=By.DEPARTMENT, only=Filter(at=region))
    return show(
        request,
        "portal/services/departments.html",
        departments=found[:TILES],
        more=max(0, len(found) - TILES),
        regions=places(work),
        region=region,
    )


def hall_list(request: Request, work: Work) -> Response:
    return show(request, "portal/services/halls.html", halls=halls.halls(work, region=""))


def _narrowed(chosen: Mapping[str, str], **changed: str) -> str:
    values = {name: value for name, value in {**chosen, **changed}.items() if value}
    return "?" + urlencode(values)


def _other(work: Work, chosen: Mapping[str, str], by: By, at: str) -> list[Count]:
    """Count by one property among what the other choices leave."""
    return catalogue.counts(work, by=by, only=Filter(**{**chosen, by.value: ""}, at=at))


def _choices(chosen: Mapping[str, str], name: str, counted: list[Count]) -> list[Choice]:
    """Return the ways to narrow a list, those with the most services; the chosen one always."""
    fit = [count for count in counted if count.code]
    shown = fit[:CHOICES] + [count for count in fit[CHOICES:] if count.code == chosen[name]]
    return [
        Choice(
            count.name or count.code,
            _narrowed(chosen, **{name: "" if chosen[name] == count.code else count.code}),
            chosen[name] == count.code,
            count.items,
        )
        for count in shown
    ]


def _audiences(chosen: Mapping[str, str], counted: list[Count]) -> list[Choice]:
    labels = {"": "全部", "person": "个人办事", "business": "法人办事"}
    items = {count.code: count.items for count in counted}
    return [
        Choice(
            label,
            _narrowed(chosen, audience=audience),
            chosen["audience"] == audience,
            items.get(audience, 0) + items.get("both", 0) if audience else sum(items.values()),
        )
        for audience, label in labels.items()
    ]


def _tags(request: Request, item: Item) -> list[dict[str, str]]:
    """Return what makes this service easy, as tags."""
    language = request.state.visitor.language
    said = [
        (item.kind_name, "plain"),
        ("全程网办", "good") if item.online_apply and item.visits == 0 else ("", ""),
        ("跨省通办", "info") if "跨省" in item.cross_region_scope else ("", ""),
        ("一件事", "info") if item.life_events or item.kind == "16" else ("", ""),
        ("即办件", "good") if item.handling is catalogue.Handling.INSTANT else ("", ""),
    ]
    return [{"text": translate(text, language), "kind": kind} for text, kind in said if text]


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material as the guide shows it: which way it comes, and what to know about it."""

    name: str
    way: str
    supplier: str
    note: str
    material: Material
    form_url: str
    sample_url: str


def _material(request: Request, material: Material) -> MaterialLine:
    way = "free" if material.exempt else "upload" if material.upload else "paper"
    if material.linked_certificate and not material.exempt:
        way = "licence"
    if material.need is catalogue.Need.DEFERRABLE and way == "upload":
        way = "deferred"
    return MaterialLine(
        material.name,
        way,
        material.supplied_by if material.exempt else "",
        "",
        material,
        _file_address(request, material.blank_form),
        _file_address(request, material.sample),
    )


def _file_address(request: Request, id: str) -> str:
    """Return where a file of the guide is had; old sources name files that are not here."""
    if not UUID_TEXT.fullmatch(id):
        return ""
    return str(request.app.url_path_for("portal.guide_file", id=id))


routes = [
    page("/", home, name="portal.home", permit=PUBLIC),
    page("/services", browse, name="portal.browse", permit=PUBLIC),
    page("/departments", departments, name="portal.departments", permit=PUBLIC),
    page("/halls", hall_list, name="portal.halls", permit=PUBLIC),
    page("/items/{code}", guide, name="portal.guide", permit=PUBLIC, glance=guide_kept),
    page("/items/{code}/code.svg", guide_code, name="portal.guide_code", permit=PUBLIC),
    page(
        "/items/{code}/versions/{version:int}",
        guide,
        name="portal.version",
        permit=PUBLIC,
        glance=guide_kept,
    ),
]
