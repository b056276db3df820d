"""Materials of items that are bound to no standard material, and which one each could be."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tongban.catalogue.model.search import grams, normalise
from tongban.foundation.db import Db

# Looking through more contents at once would take longer than somebody waits for a page.
LOOKED_AT = 3000
# Two names are alike if they share at least so much of their pairs of characters.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Unbound:
    """Materials of one name: ``codes`` are the items that ask for it."""

    name: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Likely:
    """A standard material that a name could mean; ``exact`` if it is called so, or an alias is."""

    code: str
    name: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    asked: str
    code: str
    name: str
    words: list[str]


def unbound_materials(
    db: Db,
    *,
    departments: Sequence[str] = (),
    regions: Sequence[str] = (),
    names: Sequence[str] | None = None,
    limit: int = 50,
) -> list[Unbound]:
    """Return materials without a binding, of these departments and regions, the most used first.

    A code that the dictionary does not know binds to nothing. Items that somebody is changing
    already are left out, because nothing else can change them meanwhile.

    :param names: only materials of these names.
    """
    return db.all(
        Unbound,
        """
        select m.name, array_agg(distinct held.code order by held.code) as codes
          from (select i.code, v.content
                  from catalogue.item i
                  join catalogue.item_version v on v.item_code = i.code and v.version = i.version
                 where i.status <> 'cancelled'
                   and (i.department = any(%(departments)s) or i.region like any(%(regions)s))
                   and not exists (select from catalogue.draft d
                                    where d.item_code = i.code
                                      and d.state in ('draft', 'review', 'approved', 'scheduled'))
                 order by i.code
                 limit %(looked_at)s) as held
         cross join json_to_recordset(coalesce(held.content -> 'materials', '[]'))
                 as m (name text, standard_material text)
         where (%(names)s::text[] is null or m.name = any(%(names)s))
           and not exists (select from catalogue.entry e
                            where e.list = 'material' and e.status <> 'cancelled'
                              and e.code = split_part(coalesce(m.standard_material, ''), ' ', 1))
         group by m.name
         order by count(distinct held.code) desc, m.name
         limit %(limit)s
        """,
        departments=list(departments),
        regions=[region + "%" for region in regions],
        looked_at=LOOKED_AT,
        names=None if names is None else list(names),
        limit=limit,
    )


def standards_like(db: Db, *, names: Sequence[str], most: int = 3) -> dict[str, list[Likely]]:
    """Return for each name the standard materials that it could mean, the likeliest first.

    Names and aliases are compared normalised: width, case, signs and blanks do not count.
    """
    asked = [
        {"name": name, "whole": whole, "grams": grams(whole)}
        for name in dict.fromkeys(names)
        if (whole := normalise(name))
    ]
    rows = db.all(
        _Candidate,
        """
        select asked.name as asked, near.code, near.name, near.words
          from jsonb_to_recordset(%(asked)s::jsonb) as asked (name text, whole text, grams text[])
         cross join lateral (
               select e.code, e.name, e.words
                 from catalogue.entry e
                where e.list = 'material' and e.status <> 'cancelled' and e.grams && asked.grams
                order by asked.whole = any(e.words) desc,
                         (select count(*) from unnest(asked.grams) as gram
                           where gram = any(e.grams)) desc,
                         length(e.name), e.code
                limit 12) as near
        """,
        asked=msgspec.json.encode(asked).decode(),
    )
    found: dict[str, list[tuple[float, Likely]]] = {name: [] for name in names}
    for row in rows:
        whole = normalise(row.asked)
        called = [word for word in row.words if word != normalise(row.code)]
        likeness = max((_likeness(whole, word) for word in called), default=0.0)
        if likeness >= _ALIKE:
            found[row.asked].append((likeness, Likely(row.code, row.name, whole in called)))
    return {
        name: [one for _, one in sorted(likely, key=lambda it: (-it[0], it[1].code))[:most]]
        for name, likely in found.items()
    }


def _likeness(one: str, other: str) -> float:
    """Return the share of pairs of characters that two normalised names have together."""
    mine, its = set(grams(one)), set(grams(other))
    return len(mine & its) / len(mine | its) if mine and its else 0.0
