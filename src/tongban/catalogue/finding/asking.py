"""What people ask, counted without them: the worklist for the departments' everyday words.

Each process counts in memory and adds to the table now and then. Only the text is kept, never who
typed it; a text that may be a name with a number, or a number, is not kept at all.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from tongban.catalogue.model.index.text import folded
from tongban.foundation.db import Db
from tongban.foundation.work import Work

SHORTEST, LONGEST = 2, 40
# So many digits may be a telephone, an identity number or a case.
DIGITS_MAX = 4
HELD_MAX = 5000


@dataclass(slots=True)
class _Counted:
    searches: int = 0
    clicks: int = 0
    reworded: int = 0
    empty: int = 0
    instead: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that often ends without a guide being opened.

    ``abandoned`` is how many searches no click followed, ``empty`` how many found only guesses;
    ``instead`` is what somebody asked next, ``chosen`` the service opened last.
    """

    text: str
    searches: int
    abandoned: int
    reworded: int
    empty: int
    instead: str
    chosen: str
    first_on: date
    last_on: date
    settled_at: datetime | None


_held: dict[str, _Counted] = defaultdict(_Counted)
_lock = Lock()


def _kept(text: str) -> str:
    """Return a question as it is counted, or nothing if it must not be kept."""
    plain = folded(text)
    digits = sum(character.isdigit() for character in plain)
    return plain if SHORTEST <= len(plain) <= LONGEST and digits <= DIGITS_MAX else ""


def note_search(text: str, *, sure: bool, before: str = "") -> None:
    """Count a question. ``before`` is what the same visitor asked without opening anything."""
    with _lock:
        if (kept := _kept(text)) and (kept in _held or len(_held) < HELD_MAX):
            _held[kept].searches += 1
            _held[kept].empty += not sure
        earlier = _kept(before)
        if earlier and kept and earlier != kept and len(_held) < HELD_MAX:
            _held[earlier].reworded += 1
            _held[earlier].instead = kept


def note_click(text: str, *, chosen: str) -> None:
    """Count that a question led to a guide."""
    with _lock:
        if (kept := _kept(text)) and (kept in _held or len(_held) < HELD_MAX):
            _held[kept].clicks += 1
            _held[kept].chosen = chosen


def write_down(work: Work) -> int:
    """Add what this process has counted to the table; return how many questions those were.

    Permits everyone: it counts what everyone may do.
    """
    with _lock:
        counted = sorted(_held.items())
        _held.clear()
    work.run_each(
        """
        insert into catalogue.search_miss
               (text, searches, abandoned, reworded, empty, instead, chosen, first_on, last_on)
        values (%(text)s, %(searches)s, %(abandoned)s, %(reworded)s, %(empty)s, %(instead)s,
                %(chosen)s, %(today)s, %(today)s)
        on conflict (text) do update
           set searches = search_miss.searches + excluded.searches,
               abandoned = search_miss.abandoned + excluded.abandoned,
               reworded = search_miss.reworded + excluded.reworded,
               empty = search_miss.empty + excluded.empty,
               instead = coalesce(nullif(excluded.instead, ''), search_miss.instead),
               chosen = coalesce(nullif(excluded.chosen, ''), search_miss.chosen),
               last_on = excluded.last_on
        """,
        [
            {
                "text": text,
                "searches": one.searches,
                # A search and its click may be counted in different processes.
                "abandoned": one.searches - one.clicks,
                "reworded": one.reworded,
                "empty": one.empty,
                "instead": one.instead,
                "chosen": one.chosen,
                "today": work.today,
            }
            for text, one in counted
        ],
    )
    return len(counted)


def misses(db: Db, *, limit: int = 100) -> Sequence[Miss]:
    """Return the questions that ended without a click most often, those settled left out."""
    return db.all(
        Miss,
        """
        select text, searches, abandoned, reworded, empty, instead, chosen, first_on, last_on,
               settled_at
          from catalogue.search_miss
         where settled_at is null and (abandoned > 0 or reworded > 0)
         order by abandoned + reworded + empty desc, last_on desc, text
         limit %(limit)s
        """,
        limit=limit,
    )
