"""What is offered while somebody is still typing: names and everyday words. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tongban.catalogue.model.index import data
from tongban.catalogue.model.index.sound import initials, readings
from tongban.catalogue.model.index.taking import Read
from tongban.catalogue.model.index.text import folded, is_han, runs

# The names and everyday words of the services weigh at least this; other everyday words less.
OFFERED, SAID = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class _Entry:
    shown: str
    text: str
    letters: str
    initials: str
    weight: float


class _Rows:
    """The same property of every entry in one text, in which what holds something is found."""

    def __init__(self, rows: Sequence[str]) -> None:
        self._text = "\n" + "\n".join(rows) + "\n"
        self._starts = [0]
        for row in rows:
            self._starts.append(self._starts[-1] + len(row) + 1)

    def holding(self, asked: str, *, only_begin: bool = False) -> Iterator[tuple[int, bool]]:
        """Yield the places of the entries that hold it, and whether they begin with it."""
        sought = "\n" + asked if only_begin else asked
        at = self._text.find(sought)
        while at >= 0:
            # The first place where it stands: what begins with it holds it nowhere before.
            place = bisect_right(self._starts, at) - 1 if only_begin else self._place(at)
            yield place, only_begin or at == self._starts[place] + 1
            at = self._text.find(sought, self._starts[place + 1])

    def _place(self, at: int) -> int:
        return bisect_left(self._starts, at) - 1


class Suggestions:
    """All that can be offered. A row of some ten thousand short texts is looked through in
    milliseconds, and needs no structure that would have to follow publications."""

    def __init__(self, read: Iterable[Read]) -> None:
        entries: dict[str, _Entry] = {}
        for each in read:
            popular = min(max(each.document.popularity, 0), 100) / 100
            for place, name in enumerate((each.document.name, *each.document.aliases)):
                entry = _entry(name, 1.0 + popular - 0.2 * bool(place))
                if entry.text and entries.get(entry.text, entry).weight <= entry.weight:
                    entries[entry.text] = entry
        said = {f for e in data.everyday() if len(e.parts) == 1 for f in e.parts[0] if len(f) > 2}
        for form in sorted(said):
            entries.setdefault(form, _entry(form, SAID))
        self._entries = sorted(entries.values(), key=lambda one: (-one.weight, len(one.text)))
        self._texts = _Rows([one.text for one in self._entries])
        self._letters = _Rows([one.letters for one in self._entries])
        self._initials = _Rows([one.initials for one in self._entries])

    def of(self, typed: str, *, limit: int) -> list[str]:
        """Return what begins with what was typed, then what contains it, in pinyin too."""
        asked = folded(typed).replace(" ", "")
        if not asked:
            return []
        # What the catalogue has comes before what people merely say.
        found: tuple[list[str], ...] = ([], [], [])
        for place, begins in self._holding(asked):
            one = self._entries[place]
            rank = 2 if one.weight < OFFERED else 0 if begins else 1
            if len(found[rank]) < limit:
                found[rank].append(one.shown)
                if rank == 0 and len(found[0]) == limit:
                    break
        return [shown for row in found for shown in row][:limit]

    def _holding(self, asked: str) -> Iterable[tuple[int, bool]]:
        """Return the places of what holds it, in their order, and whether it begins with it."""
        if not (asked.isascii() and asked.isalpha()):
            return self._texts.holding(asked)
        held: dict[int, bool] = {}
        # A letter or two stand in every pinyin.
        short = len(asked) <= 2
        sought = ((self._texts, False), (self._letters, short), (self._initials, short))
        for rows, only_begin in sought:
            for place, begins in rows.holding(asked, only_begin=only_begin):
                held[place] = held.get(place, False) or begins
        return sorted(held.items())


def _entry(shown: str, weight: float) -> _Entry:
    text = folded(shown)
    letters = "".join("".join(readings(r)) if is_han(r[0]) else r for r in runs(text))
    closed = text.replace(" ", "")
    return _Entry(shown, closed, letters, initials(closed), weight)
