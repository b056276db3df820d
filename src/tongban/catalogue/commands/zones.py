"""Putting zones together. They are ways to services, and say nothing of the services themselves."""

from tongban.catalogue import queries, store
from tongban.catalogue.events import ZoneChanged
from tongban.catalogue.model.zone import NoSuchZone, Zone
from tongban.foundation.actor import Kind
from tongban.foundation.errors import Conflict, Forbidden, Invalid, Problem
from tongban.foundation.work import Work

EDIT = "catalogue.edit"


class ZoneTaken(Conflict):
    message = "网址名 {code} 已有专区，请换一个"


def save_zone(work: Work, *, zone: Zone, new: bool = False) -> None:
    """Put a zone together, or change it.

    :raises Forbidden: unless the actor edits the catalogue of a whole region that it lies in.
    :raises Invalid: naming what cannot be kept, or the items that are not in the catalogue.
    :raises ZoneTaken: for a new one, if its code is taken.
    :raises NoSuchZone: for another, if there is none.
    """
    _must_keep(work, zone.region)
    zone.check()
    known = {line.code for line in queries.item_lines(work, codes=zone.items)}
    if missing := [code for code in zone.items if code not in known]:
        told = "、".join(missing[:5])
        raise Invalid(Problem("items", "目录中没有这些事项：{codes}", {"codes": told}))
    if new:
        if not store.add_zone(work, zone):
            raise ZoneTaken(code=zone.code)
    else:
        held = queries.zone(work, code=zone.code)
        _must_keep(work, held.region)
        store.save_zone(work, zone)
    work.record(ZoneChanged(zone.code, "saved", zone.title, zone.region))


def remove_zone(work: Work, *, code: str) -> None:
    """Take a zone away. Its services stay.

    :raises NoSuchZone: if there is none.
    """
    held = queries.zone(work, code=code)
    _must_keep(work, held.region)
    if not store.remove_zone(work, code=code):
        raise NoSuchZone
    work.record(ZoneChanged(code, "removed", held.title, held.region))


def _must_keep(work: Work, region: str) -> None:
    """A zone joins the services of many departments, so no single one of them puts it together."""
    work.actor.must(EDIT, region=region)
    whole = any(
        EDIT in grant.permissions and not grant.department and region.startswith(grant.region)
        for grant in work.actor.grants
    )
    if work.actor.kind is Kind.OFFICER and not whole:
        raise Forbidden(permission=EDIT)
