"""Which theme a service could stand under, by what others of like names stand under. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log

from tongban.catalogue.model.bulk import OTHER
from tongban.catalogue.model.search import grams, normalise

SUGGESTED = 3
# A theme is worth a suggestion if it fits at least half as well as the best one, and a good part of
# the name speaks for it.
_WORTH, _PART = 0.5, 0.25


def suggested_themes(
    names: Sequence[str], *, examples: Iterable[tuple[str, Sequence[str]]]
) -> dict[str, list[str]]:
    """Return up to three themes for each name, the likeliest first; none where nothing is alike.

    Each pair of characters of a name speaks for the themes of the examples that have it, the
    rarer the louder; a theme is also an example of itself.
    """
    themes_by_gram: dict[str, Counter[str]] = defaultdict(Counter)
    seen: Counter[str] = Counter()
    total = 0
    known: set[str] = set()
    for name, themes in examples:
        kept = [theme for theme in themes if theme not in OTHER]
        known.update(kept)
        total += 1
        for gram in set(grams(normalise(name))):
            seen[gram] += 1
            themes_by_gram[gram].update(kept)
    for theme in known:
        for gram in set(grams(normalise(theme))):
            seen[gram] += 1
            themes_by_gram[gram][theme] += 1
    return {name: _best(name, themes_by_gram, seen, total) for name in names}


def _best(
    name: str, themes_by_gram: dict[str, Counter[str]], seen: Counter[str], total: int
) -> list[str]:
    scores: dict[str, float] = defaultdict(float)
    most = 0.0
    for gram in set(grams(normalise(name))):
        times = seen.get(gram, 0)
        weight = log(1 + total / max(times, 1))
        most += weight
        if not times:
            continue
        for theme, count in themes_by_gram[gram].items():
            scores[theme] += weight * count / times
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:SUGGESTED]
    if not ranked or ranked[0][1] < most * _PART:
        return []
    return [theme for theme, score in ranked if score >= ranked[0][1] * _WORTH]
