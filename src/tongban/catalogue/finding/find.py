"""Answering a question: the best documents, and of each the item that holds where it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tongban.catalogue.finding import live
from tongban.catalogue.model.index.document import Hit
from tongban.catalogue.model.index.text import folded
from tongban.catalogue.model.search import LONGEST_QUERY, Match, above, normalise
from tongban.catalogue.queries import Found, item_lines, search
from tongban.catalogue.queries import themed_names as themed_now
from tongban.catalogue.queries.themes import EXAMPLES
from tongban.foundation.db import Db

if TYPE_CHECKING:
    from tongban.catalogue.finding.loading import Loaded

# What it is worth that a service is offered here, and what it costs that it is not.
HERE, WITHIN, ELSEWHERE = 0.08, 0.0, -0.12
# Of several items of one name in one place each stands a little behind the one before.
NEXT = 0.06
SURE = 0.75
# What answers by less than this share of the best is seldom meant, but the first are always shown.
FALLEN, FIRST = 0.6, 3
NATION = "000000"
COUNTY = 6
CODE_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. ``audience`` is person or business, ``region`` a division code.

    Services belong to counties at the lowest: of a longer code (nine digits of a township, twelve
    of a village) the first six count. ``quick``: one of many questions, put to no model.
    """

    text: str
    region: str = ""
    audience: str = ""
    limit: int = 20
    quick: bool = False


@dataclass(frozen=True, slots=True)
class _Local:
    place: int
    code: str
    far: int
    region: str


def find(db: Db, asked: Asked) -> list[Found]:
    """Return the services that answer a question, the best first.

    A code leads to its item. Where nothing holds what was asked, the nearest guesses are returned,
    with the match ``SIMILAR``. A process whose index is not ready answers from PostgreSQL.
    """
    text = asked.text.strip()[:LONGEST_QUERY]
    if not normalise(text):
        return []
    asked = replace(asked, text=text, region=asked.region[:COUNTY])
    loaded = live.current()
    if loaded is None:
        return search(db, text=text, region=asked.region, limit=asked.limit)
    by_code = _by_code(db, text, asked)
    found = _ranked(db, loaded, asked)
    known = {one.line.code for one in by_code}
    return [*by_code, *(one for one in found if one.line.code not in known)][: asked.limit]


def standing_out(found: Sequence[Found]) -> int:
    """Return how many of the answers to a question stand out, before the others fall behind."""
    least = FALLEN * found[0].score if found else 0.0
    fallen = (i for i, one in enumerate(found) if i >= FIRST and one.score < least)
    return next(fallen, len(found))


def suggest(db: Db, *, typed: str, limit: int = 8) -> list[str]:
    """Return names and everyday words that somebody may be about to type, the likeliest first."""
    typed = typed.strip()[:LONGEST_QUERY]
    loaded = live.current()
    if loaded is not None:
        return loaded.index.suggest(typed, limit=limit)
    found = search(db, text=typed, limit=limit) if typed else []
    return list(dict.fromkeys(one.line.name for one in found))


def themed_names(db: Db) -> list[tuple[str, tuple[str, ...]]]:
    """Return names of services with their themes, the prominent ones first, as examples.

    Beside the index each name stands once; PostgreSQL gives those of every place.
    """
    loaded = live.current()
    if loaded is None:
        return themed_now(db)
    known = [read.document for read in loaded.documents.values() if read.document.themes]
    known.sort(key=lambda one: (-one.popularity, one.name))
    return [(one.name, one.themes) for one in known[:EXAMPLES]]


def looks_like_code(text: str) -> bool:
    """Tell whether a text is a code rather than words: of letters and digits, and not short."""
    code = normalise(text)
    return code.isascii() and len(code) >= CODE_SHORTEST and any(map(str.isdigit, code))


def _by_code(db: Db, text: str, asked: Asked) -> list[Found]:
    if not looks_like_code(text):
        return []
    exact = search(db, text=text, region=asked.region, limit=asked.limit)
    return [one for one in exact if one.match is Match.EXACT]


def _ranked(db: Db, loaded: "Loaded", asked: Asked) -> list[Found]:
    index = loaded.index
    place, text = loaded.places.found_in(
        folded(asked.text), near=asked.region, words=index.lexicon.words
    )
    region = place or asked.region
    question = index.read_question(text if normalise(text) else asked.text)
    hits = index.search(
        question,
        audience=asked.audience,
        limit=3 * asked.limit + 20,
        nearness=None if asked.quick else loaded.nearness,
    )
    local = _local(db, [hit.document.key for hit in hits], region)
    scored: list[tuple[float, Hit, str]] = []
    before: dict[int, int] = {}
    for one in local:
        hit = hits[one.place]
        behind = before[one.place] = before.get(one.place, -1) + 1
        near = (HERE, WITHIN, ELSEWHERE)[one.far] if region else 0.0
        scored.append((hit.score + near - NEXT * behind, hit, one.code))
    scored.sort(key=lambda one: (-one[0], -one[1].document.popularity, one[2]))
    best = scored[: asked.limit]
    by_code = {line.code: line for line in item_lines(db, codes=[code for _, _, code in best])}
    return [Found(by_code[code], _match(hit), round(score, 4)) for score, hit, code in best]


def _match(hit: Hit) -> Match:
    if hit.exact:
        return Match.EXACT
    return Match.PART if hit.lexical >= SURE else Match.SIMILAR


def _local(db: Db, documents: Sequence[int], region: str) -> list[_Local]:
    """Return the items of documents that hold in a region: its own, or those above it; else those
    of a place within it; else of any place, the highest first."""
    within = region.rstrip("0")
    within = within + "0" if len(within) % 2 else within
    rows = db.all(
        _Local,
        """
        select (asked.place - 1)::int as place, item.code, item.far, item.region
          from unnest(%(documents)s::bigint[]) with ordinality as asked (document, place)
         cross join lateral (
               select code, far, region from (
                   (select i.code, 0, i.region
                      from catalogue.item i
                     where catalogue.document_of(i.name, i.parent_name) = asked.document
                       and i.region = any(%(near)s) and i.status <> 'cancelled'
                     order by i.region desc, i.code limit 3)
                   union all
                   (select i.code, 1, i.region
                      from catalogue.item i
                     where catalogue.document_of(i.name, i.parent_name) = asked.document
                       and i.region > %(first)s and i.region < %(last)s and i.status <> 'cancelled'
                     order by i.region, i.code limit 1)
                   union all
                   (select i.code, 2, i.region
                      from catalogue.item i
                     where catalogue.document_of(i.name, i.parent_name) = asked.document
                       and i.status <> 'cancelled'
                     order by i.region, i.code limit 3)
               ) as each (code, far, region)
               order by far, case when far = 0 then region end desc, region, code limit 3
          ) as item
         order by asked.place, item.far, case when far = 0 then region end desc, region, code
        """,
        documents=list(documents),
        near=[*above(region), NATION] if region else [],
        first=region,
        last=(within + "~") if region else "",
    )
    # One service stands in the list for its own place alone, not for those above it too.
    first: dict[int, _Local] = {}
    for row in rows:
        first.setdefault(row.place, row)
    kinds = {place: (one.far, one.region) for place, one in first.items()}
    return [row for row in rows if (row.far, row.region) == kinds[row.place]]
