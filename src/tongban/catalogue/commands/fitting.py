"""Whether items fit into the catalogue: below what they implement, under the right item."""

from collections.abc import Sequence
from contextlib import suppress

from tongban.catalogue import queries, store
from tongban.catalogue.model import BaseItem, Item, NoSuchItem, alterations
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work


def misfits(work: Work, *, items: Sequence[Item]) -> dict[str, list[Problem]]:
    """Return, by the code of the item, what must not be: nothing, if all of them fit.

    Permits everyone: it only asks. Items are compared with the directory and with the item that
    they inherit from; whoever edits one alone is also told of the item of the region above.
    """
    found: dict[str, list[Problem]] = {}
    bases = queries.entries_named(
        work, kind=BaseItem, codes=sorted({item.base_code for item in items} - {""})
    )
    uppers: dict[str, Item] = {}
    for code in sorted({item.inherits for item in items} - {""}):
        with suppress(NoSuchItem):
            uppers[code] = queries.item(work, code=code)
    for item in items:
        for above in (bases.get(item.base_code), uppers.get(item.inherits)):
            if above is not None and (altered := alterations(item, above=above)):
                found.setdefault(item.code, []).extend(altered)
        if item.inherits == item.code and item.code:
            found.setdefault(item.code, []).append(Problem("inherits", "事项不能继承自己"))
        elif item.inherits and item.inherits not in uppers:
            found.setdefault(item.code, []).append(
                Problem("inherits", "没有可以继承的事项“{code}”", {"code": item.inherits})
            )
        elif item.inherits and _inherits_from(work, uppers[item.inherits], code=item.code):
            found.setdefault(item.code, []).append(
                Problem("inherits", "“{code}”已经继承本事项，不能互相继承", {"code": item.inherits})
            )
    for code, problem in _misplaced(work, items).items():
        found.setdefault(code, []).append(problem)
    return found


def _inherits_from(work: Work, upper: Item, *, code: str) -> bool:
    """Tell whether an item stands, over however many steps, below the item of this code."""
    seen = {upper.code}
    while upper.inherits and upper.inherits not in seen:
        if upper.inherits == code:
            return True
        seen.add(upper.inherits)
        upper = queries.item(work, code=upper.inherits)
    return False


def misfits_alone(work: Work, *, item: Item) -> list[Problem]:
    """Return what must not be of one item. Permits everyone: it only asks."""
    return misfits(work, items=[item]).get(item.code, [])


def _misplaced(work: Work, items: Sequence[Item]) -> dict[str, Problem]:
    """Handling items stand below an item, and nothing stands below them: so no circle can be."""
    mains = {item.code: item.main_item for item in items if item.main_item}
    if not mains:
        return {}
    store.hold_hierarchy(work)
    divided = store.handling_among(work, codes=sorted({*mains.values()}))
    divided |= {item.code for item in items if item.main_item}
    divided -= {item.code for item in items if not item.main_item}
    having = store.mains_among(work, codes=sorted(mains)) | {*mains.values()}
    found = {}
    for code, main in mains.items():
        if main == code:
            found[code] = Problem("main_item", "办理项不能属于它自己")
        elif main in divided:
            found[code] = Problem(
                "main_item", "“{main}”自己是办理项，不能再分办理项", {"main": main}
            )
        elif code in having:
            found[code] = Problem(
                "main_item", "“{code}”下面已有办理项，不能改为办理项", {"code": code}
            )
    return found
