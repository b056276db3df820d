"""Publishing: a new version of what is offered. Permit, compare, write, record."""

from collections.abc import Sequence

from tongban.catalogue import store
from tongban.catalogue.events import ItemPublished
from tongban.catalogue.model import Item
from tongban.catalogue.queries import item as present
from tongban.foundation.work import Work


def publish(work: Work, *, item: Item) -> Item:
    """Publish an item and return it as it now holds, with its version and date of effect.

    The same content again changes nothing. ``version`` and ``effective_from`` of the argument do
    not count: the version is the next one, and it takes effect today.

    :raises Forbidden: unless the actor may edit the catalogue of that department.
    """
    work.actor.must("catalogue.edit", department=item.department, region=item.region)
    published = publish_all(work, items=[item])
    return published[0] if published else present(work, code=item.code)


def publish_all(work: Work, *, items: Sequence[Item]) -> list[Item]:
    """Publish items of different codes at once. Return those of which a new version was made.

    :raises Forbidden: unless the actor may edit the catalogue of each of their departments.
    """
    for item in items:
        work.actor.must("catalogue.edit", department=item.department, region=item.region)
    return take_over(work, items=items)


def take_over(work: Work, *, items: Sequence[Item]) -> list[Item]:
    """Write and record new versions. Permits everyone: the acts that call it have asked."""
    published = store.save(work, items)
    for item in published:
        work.record(
            ItemPublished(
                code=item.code,
                item_version=item.version,
                name=item.name,
                kind=item.kind,
                department=item.department,
                region=item.region,
                status=item.status,
            )
        )
    return published
