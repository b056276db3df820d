from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tongban import catalogue
from tongban.catalogue import Asked, By, Found, ItemLine, Match
from tongban.channels.portal.finding.asked import asked_before, remember_asked
from tongban.channels.portal.finding.places import places
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import show
from tongban.foundation import ids
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work

LIST_SIZE, SUGGESTED, POPULAR = 20, 8, 6
AUDIENCES = ("person", "business")


@dataclass(frozen=True, slots=True)
class Variant:
    label: str
    code: str


@dataclass(slots=True)
class Card:
    """A service and, below it, the other things that can be done under the same main item."""

    line: ItemLine
    variants: list[Variant] = field(default_factory=list)


def search(request: Request, work: Work) -> Response:
    """What was asked, answered; a case number goes to its case, and no page is ever empty."""
    text = request.query_params.get("q", "").strip()[:100]
    number = ids.read_case_number(text) if text else None
    if number is not None and not isinstance(number, Problem):
        target = request.app.url_path_for("portal.track")
        return RedirectResponse(f"{target}?number={number}", status_code=303)
    region = request.state.visitor.region
    wanted = request.query_params.get("audience", "")
    audience = wanted if wanted in AUDIENCES else ""
    asked = Asked(text, region=region, audience=audience, limit=LIST_SIZE)
    found = catalogue.find(work, asked) if text else []
    if catalogue.looks_like_code(text) and found and found[0].match is Match.EXACT:
        target = request.app.url_path_for("portal.guide", code=found[0].line.code)
        return RedirectResponse(target, status_code=303)
    shown = found if "all" in request.query_params else found[: catalogue.standing_out(found)]
    sure = bool(found) and found[0].match is not Match.SIMILAR
    before = asked_before(request)
    response = show(
        request,
        "portal/finding/search.html",
        query=text,
        cards=cards(shown),
        further=len(found) - len(shown),
        popular=[] if found else _popular(work, region),
        sure=sure,
        audience=audience,
        departments=catalogue.counts(work, by=By.DEPARTMENT)[:12],
        themes=catalogue.counts(work, by=By.THEME)[:12],
        regions=places(work),
        region=region,
    )
    if text:
        catalogue.note_search(text, sure=sure, before=before)
        remember_asked(request, response, text)
    return response


def _popular(work: Work, region: str) -> Sequence[ItemLine]:
    around = catalogue.Filter(at=region)
    return catalogue.popular(work, only=around, limit=POPULAR)


def cards(found: Iterable[Found]) -> list[Card]:
    """Put what belongs to one main item in one place under one card, where its best one stands."""
    made: dict[tuple[str, str, str], Card] = {}
    for one in found:
        line = one.line
        main = line.parent_name or line.code
        key = (main, line.department, line.region)
        if key in made:
            made[key].variants.append(Variant(_beyond(line.name, main), line.code))
        else:
            made[key] = Card(line)
    return list(made.values())


def _beyond(name: str, main: str) -> str:
    """Return what a name says beyond the main item's, such as 变更 or 注销."""
    rest = name.removeprefix(main).strip("（）()-—－ 　")
    return rest or name


def suggestions(request: Request, work: Work) -> Response:
    """The list below the search field while somebody types."""
    typed = request.query_params.get("q", "").strip()[:100]
    field_id = request.query_params.get("field", "search")
    return show(
        request,
        "portal/finding/suggestions.html",
        offered=catalogue.suggest(work, typed=typed, limit=SUGGESTED) if typed else [],
        field=field_id if field_id in ("search", "search-main") else "search",
    )


def zone(request: Request, work: Work) -> Response:
    """A zone, a life event or a stage of an enterprise with its services, while it is shown."""
    found = catalogue.zone(work, code=request.path_params["code"])
    if not found.shown_on(work.today):
        raise catalogue.NoSuchZone
    around = catalogue.regions_above(request.state.visitor.region)
    return show(
        request,
        "portal/finding/zone.html",
        zone=found,
        found=catalogue.zone_items(work, code=found.code, regions=tuple(around)),
    )


routes = [
    page("/zones/{code}", zone, name="portal.zone", permit=PUBLIC),
    page("/search", search, name="portal.search", permit=PUBLIC),
    page("/search/suggestions", suggestions, name="portal.suggestions", permit=PUBLIC),
]
