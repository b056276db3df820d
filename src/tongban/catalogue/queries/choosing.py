"""Items chosen for a change of many: within the departments and regions that somebody keeps.

Each of them is walked along its index until enough are found. What is rare is not walked for: the
units that hold some are named beforehand, as the counts know them (see ``finding``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from tongban.catalogue.model import Item
from tongban.catalogue.model.bulk import OTHER
from tongban.catalogue.queries.browse import Filter, values_of, where_of
from tongban.catalogue.queries.items import present_of
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class Office:
    """A department in one region."""

    department: str
    region: str


@dataclass(frozen=True, slots=True)
class Bare:
    """A service that has no theme, or none but "other"."""

    region: str
    name: str
    code: str
    department_name: str


# From which items the wanted are taken: of each scope, the first in the order of its index.
_SCOPES: LiteralString = """
    (select near.*
       from unnest(%(regions)s::text[]) as mine (begins)
      cross join lateral (
            select region, name, code, department_name from catalogue.item
             where region >= mine.begins and region < mine.begins || '~' and {wanted}
             order by region, name, code
             limit %(limit)s) as near)
     union
    (select own.*
       from unnest(%(departments)s::text[]) as mine (department)
      cross join lateral (
            select region, name, code, department_name from catalogue.item
             where department = mine.department and {wanted}
             order by name, code
             limit %(limit)s) as own)
"""
_UNITS: LiteralString = """
    select own.*
      from unnest(%(departments)s::text[], %(regions)s::text[]) as mine (department, region)
     cross join lateral (
           select region, name, code, department_name from catalogue.item
            where department = mine.department and item.region = mine.region and {wanted}
            order by name, code
            limit %(limit)s) as own
"""
_IN_ORDER: LiteralString = """) as held
 order by held.region, held.name, held.code
 limit %(limit)s
"""
# Those that somebody is changing already are left out.
_BARE: LiteralString = """
    status <> 'cancelled' and themes <@ %(other)s::text[]
    and not exists (select from catalogue.draft d
                     where d.item_code = item.code
                       and d.state in ('draft', 'review', 'approved', 'scheduled'))
"""


def matching(
    db: Db,
    *,
    only: Filter,
    departments: Sequence[str] = (),
    regions: Sequence[str] = (),
    limit: int,
) -> list[Item]:
    """Return the present versions of the items that are meant, of these departments and regions.

    :param regions: prefixes of division codes, within which every department is meant.
    """
    sql = _held(_SCOPES, _wanted(only))
    told = {"departments": list(departments), "regions": list(regions), "limit": limit}
    found = db.all(Bare, sql, **values_of(only) | told)
    return present_of(db, codes=[one.code for one in found])


def matching_in(db: Db, *, only: Filter, units: Sequence[Office], limit: int) -> list[Item]:
    """Return the present versions of the items that are meant, of these units."""
    found = db.all(
        Bare, _held(_UNITS, _wanted(only)), **values_of(only) | _told(units) | {"limit": limit}
    )
    return present_of(db, codes=[one.code for one in found])


def bare_of_theme(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = (), limit: int = 50
) -> list[Bare]:
    """Return services of these departments and regions that stand under no theme.

    Those that somebody is changing already are left out.
    """
    return db.all(
        Bare,
        _held(_SCOPES, _BARE),
        other=list(OTHER),
        departments=list(departments),
        regions=list(regions),
        limit=limit,
    )


def bare_in(db: Db, *, units: Sequence[Office], limit: int = 50) -> list[Bare]:
    """Return services of these units that stand under no theme."""
    return db.all(
        Bare, _held(_UNITS, _BARE), **_told(units) | {"other": list(OTHER), "limit": limit}
    )


def _held(scopes: LiteralString, wanted: LiteralString) -> LiteralString:
    return "select held.* from (" + scopes.replace("{wanted}", wanted) + _IN_ORDER


def _wanted(only: Filter) -> LiteralString:
    near: LiteralString = " and item.region = any(%(around)s)" if only.at else ""
    return "status <> 'cancelled'" + near + where_of(only)


def _told(units: Sequence[Office]) -> dict[str, object]:
    return {
        "departments": [unit.department for unit in units],
        "regions": [unit.region for unit in units],
    }
