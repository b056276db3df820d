"""Search in people's own words."""

from dataclasses import dataclass

from tongban.catalogue.model.search import Match, Query, above, judge, nearness, query
from tongban.catalogue.queries.browse import ItemLine, item_lines
from tongban.foundation.db import Db

NAMINGS = 100  # So many ways of calling services and departments are looked at closely,
EACH = 10  # and of each so many services, here and elsewhere.


@dataclass(frozen=True, slots=True)
class Found:
    line: ItemLine
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    code: str
    words: list[str]
    parent_name: str
    department_name: str
    region: str
    prominence: int


def search(db: Db, *, text: str, region: str = "", limit: int = 20) -> list[Found]:
    """Return the items that answer a text best: names, everyday words, departments, codes.

    Where too few hold all that was asked, those that hold the most of it follow as guesses.

    :param region: the six-digit division code whose items come first among equals.
    """
    asked = query(text)
    if not asked.grams:
        return []
    judged = [
        (match, score + nearness(asked=region, region=one.region), one)
        for one in _candidates(db, asked, region)
        for match, score in [_judged(asked, one)]
        # A service may have been called so once; then it is no answer any more.
        if score
    ]
    judged.sort(key=lambda one: (-one[1], -one[2].prominence, len(one[2].words[0]), one[2].code))
    best = judged[:limit]
    lines = {line.code: line for line in item_lines(db, codes=[c.code for _, _, c in best])}
    return [Found(lines[c.code], match, round(score, 3)) for match, score, c in best]


def _judged(asked: Query, found: _Candidate) -> tuple[Match, float]:
    return judge(asked, words=found.words, around=(found.department_name, found.parent_name))


def _candidates(db: Db, asked: Query, region: str) -> list[_Candidate]:
    return db.all(
        _Candidate,
        """
        with named as (
            select document, department
              from catalogue.naming n
             where grams && %(grams)s::text[]
             group by document, department
             order by max((select count(*) from unnest(%(grams)s::text[]) as asked (gram)
                            where asked.gram = any(n.grams))) desc,
                      min(cardinality(grams)), document, department
             limit %(namings)s
        ), code as (
            (select code from catalogue.item
              where words @> array[%(whole)s] and status <> 'cancelled'
              order by region = any(%(near)s) desc, prominence desc, code limit %(namings)s)
            union
            select item.code from named cross join lateral (
                (select code from catalogue.item
                  where catalogue.document_of(name, parent_name) = named.document
                    and region = any(%(near)s) and status <> 'cancelled'
                  order by region desc, code limit %(each)s)
                union all
                (select code from catalogue.item
                  where catalogue.document_of(name, parent_name) = named.document
                    and status <> 'cancelled'
                  order by region, code limit %(each)s)
                union all
                (select code from catalogue.item
                  where department = named.department and status <> 'cancelled'
                  order by name, code limit %(each)s)
            ) as item
        )
        select i.code, words, parent_name, department_name, region, prominence
          from code join catalogue.item i on i.code = code.code
        """,
        grams=list(asked.grams),
        whole=asked.whole,
        near=above(region),
        namings=NAMINGS,
        each=EACH,
    )
