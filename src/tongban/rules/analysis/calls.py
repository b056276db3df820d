"""Whether a call of a built-in function can fit any of its signatures."""

from collections.abc import Mapping, Sequence

from tongban.rules.analysis.words import Phrase, words
from tongban.rules.feel.registry import OVERLOADS, Formal, Overload
from tongban.rules.feel.types import FeelType
from tongban.rules.feel.values import LABELS

KINDS = frozenset(LABELS) - {"null", "function"}


def misfit(name: str, given: "Sequence[FeelType] | Mapping[str, FeelType]") -> Phrase | None:
    """What is wrong with the arguments of a call; None when they may fit."""
    wrong: Formal | None = None
    for overload in OVERLOADS[name]:
        pairs = _pairs(overload, given)
        if pairs is None:
            continue
        wrong = next((formal for formal, found in pairs if not _fits(formal, found)), None)
        if wrong is None:
            return None
    if wrong is None:
        return words("函数“{name}”的参数个数或名称不对", name=name)
    return words("函数“{name}”的参数“{argument}”类型不符", name=name, argument=wrong.name)


def _pairs(
    overload: Overload, given: "Sequence[FeelType] | Mapping[str, FeelType]"
) -> list[tuple[Formal, FeelType]] | None:
    if isinstance(given, Mapping):
        formals = {formal.name: formal for formal in overload.formals}
        if not given.keys() <= formals.keys():
            return None
        return [(formals[name], found) for name, found in given.items()]
    fewest, most = overload.arity
    if not fewest <= len(given) <= most:
        return None
    if any(formal.gathers or formal.rest for formal in overload.formals):
        # What is gathered may be one list or the elements one by one.
        return []
    return list(zip(overload.formals, given, strict=False))


def _fits(formal: Formal, found: FeelType) -> bool:
    if not formal.kinds or found.name not in KINDS or found.name == "list":
        return True
    return found.name in formal.kinds or "list" in formal.kinds
