"""Materials of items that are bound to no standard material, and which one each could be."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tongban.catalogue.model.search import grams, normalise
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import cut, read_cursor

# Looking through more contents at once would take longer than somebody waits for a page.
LOOKED_AT = 1000
NAMES_MOST = 300
# Two names are alike if they share at least so much of their pairs of characters.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Unbound:
    """Materials of one name: ``codes`` are the items that ask for it."""

    name: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Window:
    """What was found among the items that were looked at.

    ``following`` is the cursor of the items after them, empty where these were the last.
    """

    found: list[Unbound]
    looked_at: int
    following: str


@dataclass(frozen=True, slots=True)
class _Held:
    code: str
    name: str
    region: str


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
    after: str = "",
) -> Window:
    """Return materials without a binding, of these departments and regions, the most used first.

    A code that the dictionary does not know binds to nothing. Items that somebody is changing
    already are left out, because nothing else can change them meanwhile. A province has more items
    than can be looked through for a page, so they are looked at one part after the other.

    :param regions: what the codes of the regions begin with.
    :param names: only materials of these names.
    :param after: the cursor of an earlier part.
    :raises Invalid: if it is none.
    """
    held = cut(
        _held(db, departments, regions, after),
        size=LOOKED_AT,
        key=lambda one: (one.region, one.name, one.code),
    )
    found = db.all(
        Unbound,
        """
        select m.name, array_agg(distinct i.code order by i.code) as codes
          from unnest(%(codes)s::text[]) as held (code)
          join catalogue.item i using (code)
          join catalogue.item_version v on v.item_code = i.code and v.version = i.version
         cross join json_to_recordset(coalesce(v.content -> 'materials', '[]'))
                 as m (name text, standard_material text)
         where (%(names)s::text[] is null or m.name = any(%(names)s))
           and not exists (select from catalogue.draft d
                            where d.item_code = i.code
                              and d.state in ('draft', 'review', 'approved', 'scheduled'))
           and not exists (select from catalogue.entry e
                            where e.list = 'material' and e.status <> 'cancelled'
                              and e.code = split_part(coalesce(m.standard_material, ''), ' ', 1))
         group by m.name
         order by count(distinct i.code) desc, m.name
         limit %(most)s
        """,
        codes=[one.code for one in held.rows],
        names=None if names is None else list(names),
        most=NAMES_MOST,
    )
    return Window(found, len(held.rows), held.following)


def _held(db: Db, departments: Sequence[str], regions: Sequence[str], after: str) -> list[_Held]:
    """Return the items to look at, and one more: each region and department along its index."""
    match read_cursor(after) if after else ("", "", ""):
        case (str(region), str(name), str(code)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    return db.all(
        _Held,
        """
        select distinct held.code, held.name, held.region
          from (select near.*
                  from unnest(%(regions)s::text[]) as asked (begins)
                 cross join lateral (
                       select code, name, region
                         from catalogue.item
                        where region >= asked.begins and region < asked.begins || '~'
                          and (region, name, code) > (%(region)s, %(name)s, %(code)s)
                          and status <> 'cancelled'
                        order by region, name, code
                        limit %(limit)s) as near
                 union all
                select own.*
                  from unnest(%(departments)s::text[]) as asked (department)
                 cross join lateral (
                       select code, name, region
                         from catalogue.item
                        where department = asked.department
                          and (region, name, code) > (%(region)s, %(name)s, %(code)s)
                          and status <> 'cancelled'
                        order by region, name, code
                        limit %(limit)s) as own
               ) as held
         order by held.region, held.name, held.code
         limit %(limit)s
        """,
        departments=list(departments),
        regions=list(regions),
        region=region,
        name=name,
        code=code,
        limit=LOOKED_AT + 1,
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
