"""Services that stand under no theme, and what others of like names stand under."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.catalogue.model.bulk import OTHER
from tongban.foundation.db import Db

# So many named examples tell the themes apart; more would only take time.
EXAMPLES = 5000


@dataclass(frozen=True, slots=True)
class Bare:
    """A service that has no theme, or none but "other"."""

    region: str
    name: str
    code: str
    department_name: str


@dataclass(frozen=True, slots=True)
class _Themed:
    name: str
    themes: list[str]


def bare_of_theme(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = (), limit: int = 50
) -> list[Bare]:
    """Return services of these departments and regions that stand under no theme.

    Those that somebody is changing already are left out. Each region and department is walked
    along its index, until enough are found.
    """
    return db.all(
        Bare,
        """
        select distinct bare.region, bare.name, bare.code, bare.department_name
          from (select near.*
                  from unnest(%(regions)s::text[]) as asked (begins)
                 cross join lateral (
                       select region, name, code, department_name
                         from catalogue.item i
                        where region >= asked.begins and region < asked.begins || '~'
                          and status <> 'cancelled' and themes <@ %(other)s::text[]
                          and not exists (select from catalogue.draft d
                                           where d.item_code = i.code and d.state in
                                                 ('draft', 'review', 'approved', 'scheduled'))
                        order by region, name, code
                        limit %(limit)s) as near
                 union all
                select own.*
                  from unnest(%(departments)s::text[]) as asked (department)
                 cross join lateral (
                       select region, name, code, department_name
                         from catalogue.item i
                        where department = asked.department
                          and status <> 'cancelled' and themes <@ %(other)s::text[]
                          and not exists (select from catalogue.draft d
                                           where d.item_code = i.code and d.state in
                                                 ('draft', 'review', 'approved', 'scheduled'))
                        order by region, name, code
                        limit %(limit)s) as own
               ) as bare
         order by bare.region, bare.name, bare.code
         limit %(limit)s
        """,
        other=list(OTHER),
        departments=list(departments),
        regions=list(regions),
        limit=limit,
    )


def themed_names(db: Db) -> list[tuple[str, tuple[str, ...]]]:
    """Return names of services with their themes, the prominent ones first, as examples."""
    rows = db.all(
        _Themed,
        """
        select name, themes
          from catalogue.item
         where status <> 'cancelled' and not themes <@ %(other)s::text[]
         order by prominence desc, code
         limit %(limit)s
        """,
        other=list(OTHER),
        limit=EXAMPLES,
    )
    return [(row.name, tuple(row.themes)) for row in rows]
