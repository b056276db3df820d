"""Under which themes services stand, as examples for those that stand under none."""

from dataclasses import dataclass

from tongban.catalogue.model.bulk import OTHER
from tongban.foundation.db import Db

# So many named examples tell the themes apart; more would only take time.
EXAMPLES = 5000


@dataclass(frozen=True, slots=True)
class _Themed:
    name: str
    themes: list[str]


def themed_names(db: Db) -> list[tuple[str, tuple[str, ...]]]:
    """Return names of services with their themes, as examples."""
    rows = db.all(
        _Themed,
        """
        select name, themes
          from catalogue.item
         where status <> 'cancelled' and not themes <@ %(other)s::text[]
         order by code
         limit %(limit)s
        """,
        other=list(OTHER),
        limit=EXAMPLES,
    )
    return [(row.name, tuple(row.themes)) for row in rows]
