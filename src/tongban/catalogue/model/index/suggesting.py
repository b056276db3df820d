"""What is offered while somebody is still typing: names and everyday words. Pure."""

from collections.abc import Iterable
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

    def rank(self, asked: str, letters: bool) -> int | None:
        """Return 0 if it begins with what was typed, 1 if it holds it, 2 if it is only said so."""
        rows = (self.text, self.letters, self.initials) if letters else (self.text,)
        if any(row.startswith(asked) for row in rows):
            return 0 if self.weight >= OFFERED else 2
        if asked in self.text or (len(asked) > 2 and any(asked in row for row in rows)):
            return 1 if self.weight >= OFFERED else 2
        return None


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

    def of(self, typed: str, *, limit: int) -> list[str]:
        """Return what begins with what was typed, then what contains it, in pinyin too."""
        asked = folded(typed).replace(" ", "")
        if not asked:
            return []
        letters = asked.isascii() and asked.isalpha()
        # What the catalogue has comes before what people merely say.
        found: tuple[list[str], ...] = ([], [], [])
        for one in self._entries:
            rank = one.rank(asked, letters)
            if rank is not None and len(found[rank]) < limit:
                found[rank].append(one.shown)
                if rank == 0 and len(found[0]) == limit:
                    break
        return [shown for row in found for shown in row][:limit]


def _entry(shown: str, weight: float) -> _Entry:
    text = folded(shown)
    letters = "".join("".join(readings(r)) if is_han(r[0]) else r for r in runs(text))
    closed = text.replace(" ", "")
    return _Entry(shown, closed, letters, initials(closed), weight)
