"""Search in people's own words."""

from dataclasses import dataclass

from tongban.catalogue.model.search import Match, Query, above, judge, nearness, query
from tongban.catalogue.queries.browse import ItemLine, item_lines
from tongban.foundation.db import Db

CANDIDATES = 300


@dataclass(frozen=True, slots=True)
class Found:
    line: ItemLine
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    code: str
    words: list[str]
    grams: list[str]
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
    candidates = db.all(
        _Candidate,
        """
        select code, words, grams, parent_name, department_name, region, prominence
          from catalogue.item
         where status <> 'cancelled'
           and (grams @> %(grams)s::text[] or words @> array[%(whole)s])
         order by words @> array[%(whole)s] desc, region = any(%(near)s) desc,
                  prominence desc, length(name), code
         limit %(limit)s
        """,
        grams=list(asked.grams),
        whole=asked.whole,
        near=above(region),
        limit=CANDIDATES,
    )
    if len(candidates) < limit:
        held = {candidate.code for candidate in candidates}
        candidates += [c for c in _similar(db, asked, region) if c.code not in held]
    judged = [(*_judged(asked, candidate, region), candidate) for candidate in candidates]
    judged.sort(key=lambda one: (-one[1], -one[2].prominence, len(one[2].words[0]), one[2].code))
    best = judged[:limit]
    lines = {line.code: line for line in item_lines(db, codes=[c.code for _, _, c in best])}
    return [Found(lines[c.code], match, round(score, 3)) for match, score, c in best]


def _judged(asked: Query, found: _Candidate, region: str) -> tuple[Match, float]:
    around = (found.department_name, found.parent_name)
    match, score = judge(asked, words=found.words, around=around, held=found.grams)
    return match, score + nearness(asked=region, region=found.region)


def _similar(db: Db, asked: Query, region: str) -> list[_Candidate]:
    return db.all(
        _Candidate,
        """
        select code, words, grams, parent_name, department_name, region, prominence
          from catalogue.item i
         where status <> 'cancelled' and grams && %(grams)s::text[]
         order by (select count(*) from unnest(%(grams)s::text[]) as asked (gram)
                    where asked.gram = any(i.grams)) desc,
                  region = any(%(near)s) desc, prominence desc, length(name), code
         limit %(limit)s
        """,
        grams=list(asked.grams),
        near=above(region),
        limit=CANDIDATES,
    )
