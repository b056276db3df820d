"""Which place is meant: the regions with what is offered there, and the way to choose one."""

import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, identity
from tongban.catalogue import By
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

MOST = 400


@dataclass(frozen=True, slots=True)
class Place:
    """A region, with how many services are offered there: its own and those of above."""

    code: str
    name: str
    items: int


# Every page offers the places; the same counts give the same ones, names as of a minute ago.
SECONDS = 60
_kept: tuple[object, float, list[Place]] = (None, 0.0, [])


def places(work: Work) -> list[Place]:
    """Return the regions where anything is offered, as long as the counts are the same."""
    global _kept
    counts = catalogue.counts(work, by=By.REGION)
    of, at, found = _kept
    if of is not counts or time.monotonic() - at > SECONDS:
        found = _places(work, counts)
        _kept = (counts, time.monotonic(), found)
    return found


def _places(work: Work, counts: list[catalogue.Count]) -> list[Place]:
    counted = {count.code: count for count in counts}
    names = {region.code: region.name for region in identity.regions(work)[:MOST]}
    names |= {code: count.name for code, count in counted.items() if code not in names}
    found = [
        Place(code, name, sum(counted[one].items for one in above(code) if one in counted))
        for code, name in names.items()
    ]
    return [place for place in found if place.items][:MOST]


def above(code: str) -> list[str]:
    return catalogue.regions_above(code)


def regions(request: Request, work: Work) -> Response:
    """Choose a place on a page of its own, and go back to where one was."""
    back = request.query_params.get("back", "")[:500]
    return show(
        request,
        "portal/finding/regions.html",
        regions=places(work),
        region=request.state.visitor.region,
        back=back,
    )


routes = [page("/regions", regions, name="portal.regions", permit=PUBLIC)]
