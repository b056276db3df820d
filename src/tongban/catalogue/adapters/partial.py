"""A table says of a service only what its columns say; all else stays as it is. Pure.

A column also says less than we keep: the names of materials, and not who supplies them. So where a
column says of what is published what it says of the row, what is published stays as it is; and what
it names that is published already is kept with all its details.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from tongban.catalogue.adapters.written import service_object
from tongban.catalogue.model import Channels, Code, Item, Question

# Which fields of an item a column fills that is called otherwise (targets as in ``mapping``).
_FIELDS: dict[str, tuple[str, ...]] = {
    "region": ("region", "region_name"),
    "region_code": ("region", "region_name"),
    "department": ("department", "department_name"),
    "department_credit_code": ("agency",),
    "type": ("kind", "kind_name"),
    "type_code": ("kind", "kind_name"),
    "service_object": ("service_object", "audience"),
    "handling_type": ("handling",),
    "statutory_days": ("statutory",),
    "statutory_unit": ("statutory",),
    "promised_days": ("promised",),
    "promised_unit": ("promised",),
    "day_unit": ("statutory", "promised"),
    "on_site_visits": ("visits",),
    "basic_code": ("codes", "base_code"),
    "code": ("codes",),
    "item_code": (),
    "fees.charged": ("charged",),
    "channels.online_depth": ("online_depth",),
    "channels.online": ("channels", "online_apply"),
    "channels.forms": ("channels", "online_apply"),
    "source_item_id": ("source",),
    "snapshot": ("source",),
    "completeness": ("source",),
    "note": ("source",),
}
_OF_CHANNELS = {"time": "hours"}
_NAMED = ("materials", "steps", "legal_basis", "results")
_LISTED = ("themes", "everyday_words", "life_events", "special_procedures", *_NAMED)
_SEPARATORS = re.compile(r"[|;；、\n]")


def overlaid(
    present: Item, *, told: Item, targets: Collection[str], besides: Collection[str] = ()
) -> Item:
    """Return the present version of an item, changed to what a row of a table says.

    :param told: what the row says, and nothing where it says nothing.
    :param targets: what the columns of the table become (``mapping.TARGETS``, ``codes.…``).
    :param besides: everyday words that departments keep beside the guide, and a table lists too.
    """
    fields = {name: None for target in sorted(targets) for name in _fields_of(target)}
    changes: dict[str, Any] = {}
    for name in fields:
        shown = _SHOWN.get(name, _plain)
        if shown(present, name) != shown(told, name):
            changes[name] = getattr(told, name)
    for name in _LISTED:
        if name in changes:
            changes[name] = _with_details(getattr(present, name), changes[name])
    if "materials" in changes:
        keys = {material.key for material in changes["materials"]}
        changes["questions"] = tuple(_asking_for(one, keys) for one in present.questions)
    channels = _channels(present.channels, told.channels, targets)
    changes["channels"] = channels
    if (channels.forms, channels.online) == (present.channels.forms, present.channels.online):
        # Whether one can apply online follows from these, unless a guide says otherwise.
        changes.pop("online_apply", None)
    if "codes" in changes:
        changes["codes"] = _codes(present, told)
    if "everyday_words" in changes:
        own = set(present.everyday_words)
        changes["everyday_words"] = tuple(
            word for word in told.everyday_words if word in own or word not in besides
        )
    return replace(present, **changes, extra=present.extra | told.extra)


def _fields_of(target: str) -> tuple[str, ...]:
    if target.startswith("codes."):
        return ("codes",)
    return _FIELDS.get(target) or (() if "." in target or target in _FIELDS else (target,))


def _plain(item: Item, name: str) -> Any:
    value = getattr(item, name)
    return value.strip() if isinstance(value, str) else value


def _listed(item: Item, name: str) -> list[str]:
    """Return what a table names, however its cells are taken apart."""
    return [part for one in getattr(item, name) for part in _apart(_name(one))]


def _apart(name: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(name) if part.strip()]


def _object(item: Item, _name: str) -> str:
    return service_object(item)


_SHOWN: dict[str, Callable[[Item, str], Any]] = {
    **dict.fromkeys(_LISTED, _listed),
    "service_object": _object,
    "audience": _object,
}


def _name(part: Any) -> str:
    if isinstance(part, str):
        return part
    law = getattr(part, "law", None)
    if law is not None:
        return f"{law}{part.clause}"
    return str(getattr(part, "name", None) or part.kind)


def _with_details(present: Iterable[Any], told: Sequence[Any]) -> tuple[Any, ...]:
    """Return what is told, and of what is published already all that is known of it.

    What is published may have in its name what parts the names in a cell.
    """
    known = [(_apart(_name(one)), one) for one in present]
    parts = [_apart(_name(one)) for one in told]
    found: list[Any] = []
    at = 0
    while at < len(told):
        for name, one in known:
            taken = next(
                (n for n in range(1, len(name) + 1) if [*chain(*parts[at : at + n])] == name), 0
            )
            if taken:
                known.remove((name, one))
                break
        else:
            one, taken = told[at], 1
        found.append(one)
        at += taken
    return tuple(found)


def _asking_for(question: Question, keys: Collection[str]) -> Question:
    """Return a question whose choices ask for no material that is gone."""
    choices = tuple(
        replace(choice, materials=tuple(key for key in choice.materials if key in keys))
        for choice in question.choices
    )
    return replace(question, choices=choices)


def _channels(present: Channels, told: Channels, targets: Collection[str]) -> Channels:
    said = [target.partition(".")[2] for target in targets if target.startswith("channels.")]
    names = [_OF_CHANNELS.get(name, name) for name in said if name != "online_depth"]
    changed = {
        name: getattr(told, name) for name in names if getattr(present, name) != getattr(told, name)
    }
    return replace(present, **changed)


def _codes(present: Item, told: Item) -> tuple[Code, ...]:
    """Return the codes that are told, and of the other schemes those that are known.

    That a table lists the item's own code makes no second code of it.
    """
    codes = [code for code in told.codes if code in present.codes or code.code != present.code]
    schemes = {code.scheme for code in codes}
    kept = [code for code in present.codes if code.scheme not in schemes]
    return present.codes if {*kept, *codes} == {*present.codes} else (*kept, *codes)
