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

    code: str
    name: str
    department_name: str


@dataclass(frozen=True, slots=True)
class _Themed:
    name: str
    themes: list[str]


def bare_of_theme(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = (), limit: int = 50
) -> list[Bare]:
    """Return services of these departments and regions that stand under no theme.

    Those that somebody is changing already are left out. The names of "other" stand in the
    statement as in the index ``item_bare``, or PostgreSQL would not use it.
    """
    return db.all(
        Bare,
        """
        select item.code, item.name, item.department_name
          from (select i.code
                  from catalogue.item i
                 where i.status <> 'cancelled' and i.themes <@ '{其他,其它}'::text[]
                   and (i.department = any(%(departments)s) or i.region like any(%(regions)s))
                   and not exists (select from catalogue.draft d
                                    where d.item_code = i.code
                                      and d.state in ('draft', 'review', 'approved', 'scheduled'))
                 order by i.code
                 limit %(limit)s) as bare
          join catalogue.item using (code)
         order by item.code
        """,
        departments=list(departments),
        regions=[region + "%" for region in regions],
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
