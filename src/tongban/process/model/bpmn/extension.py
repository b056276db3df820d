"""Our own namespace in a file: which attributes there are, where, and what they may hold. Pure."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tongban.process.model.attributes import (
    NAMESPACE,
    NO_ATTRIBUTES,
    Attributes,
    Formula,
    SpecialProcedure,
    StepLimit,
)
from tongban.process.model.bpmn.vocabulary import GROUPS
from tongban.process.model.bpmn.xml import (
    BPMN,
    Element,
    attribute,
    child,
    line_of,
    name_of,
)
from tongban.process.model.definition import Mapping as Assigned
from tongban.process.model.kinds import ACTIVITIES, EVENTS, LimitUnit, Special
from tongban.process.model.problems import Problem, Severity, Term

TIME = frozenset(["limit", "limitUnit", "counts", "special", "basis", "notice"])
STEP = TIME | frozenset(
    [
        "role",
        "department",
        "assignee",
        "form",
        "act",
        "documents",
        "discretion",
        "riskPoint",
        "fourEyes",
        "automatic",
        "service",
        "decision",
        "result",
        "retries",
    ]
)


def _places() -> dict[str, frozenset[str]]:
    places = {kind.value: STEP for kind in ACTIVITIES}
    places |= {kind.value: TIME for kind in EVENTS}
    places["receiveTask"] = STEP | {"correlation"}
    places["callActivity"] = STEP | {"start"}
    places["sendTask"] = STEP | {"correlation"}
    places["messageEventDefinition"] = frozenset({"correlation"})
    places["timerEventDefinition"] = frozenset({"workdays"})
    places["multiInstanceLoopCharacteristics"] = frozenset(
        ["collection", "item", "results", "result"]
    )
    places["lane"] = frozenset({"role"})
    places["process"] = frozenset({"promised"})
    return places


PLACES: Mapping[str, frozenset[str]] = MappingProxyType(_places())
KNOWN = frozenset().union(*PLACES.values())
Check = Callable[[str], bool]


def _number(least: int, most: int) -> Check:
    return lambda text: text.isascii() and text.isdigit() and least <= int(text[:9]) <= most


def _one_of(*values: str) -> Check:
    return lambda text: text in values


VALUES: Mapping[str, tuple[Check, str]] = {
    "limit": (_number(1, 9999), "1 到 9999 的整数"),
    "promised": (_number(1, 9999), "1 到 9999 的整数"),
    "retries": (_number(0, 100), "0 到 100 的整数"),
    "limitUnit": (_one_of(*LimitUnit), "workday、day、hour、minute 之一"),
    "special": (_one_of(*Special), "特别程序的种类，如 hearing、expertReview、siteVisit"),
    "automatic": (_one_of("true", "false", "1", "0"), "true 或 false"),
    "counts": (
        lambda text: bool(text) and {*text.split()} <= {"statutory", "promised", "none"},
        "statutory、promised 或 none",
    ),
}


def own(element: Element, name: str) -> str:
    """Return an attribute of our namespace, without the space around it."""
    return attribute(element, f"{{{NAMESPACE}}}{name}")


def own_problems(element: Element, local: str) -> Iterator[Problem]:
    """Return what is wrong with what is ours in an element of the standard."""
    allowed = PLACES.get(local, frozenset[str]())
    for full in element.attrib:
        namespace, _, name = str(full).rpartition("}")
        if namespace[1:] != NAMESPACE:
            continue
        if name not in KNOWN:
            yield _at(element, "没有名为“tongban:{name}”的属性", name=name)
        elif name not in allowed:
            message = "属性“tongban:{name}”不能用在“{element}”上"
            yield _at(element, message, name=name, element=local)
        elif name in VALUES and not VALUES[name][0](own(element, name)):
            message = "属性“tongban:{name}”应为{wanted}，现为“{value}”"
            value = own(element, name)
            yield _at(element, message, name=name, wanted=Term(VALUES[name][1]), value=value)
    if local == "extensionElements":
        yield from _own_elements(element)


def _own_elements(element: Element) -> Iterator[Problem]:
    for one in element:
        namespace, name = name_of(one)
        if namespace == BPMN:
            message = "extensionElements 里的“{name}”不起作用"
            yield _at(one, message, Severity.WARNING, name=name)
        if namespace != NAMESPACE:
            continue
        if name not in ("input", "output"):
            yield _at(one, "没有名为“tongban:{name}”的元素", name=name)
        elif not attribute(one, "target") or not attribute(one, "source"):
            yield _at(one, "“tongban:{name}”应有 target（变量）和 source（表达式）", name=name)


def _at(
    element: Element, message: str, severity: Severity = Severity.ERROR, /, **details: object
) -> Problem:
    return Problem(attribute(element, "id"), message, details, line_of(element), severity)


def formula(element: Element, name: str) -> Formula:
    """Return an attribute of ours that is an expression."""
    return Formula(own(element, name), line_of(element))


def read_attributes(element: Element) -> Attributes:
    """Return what an element says about its step. Faulty values have been reported elsewhere."""
    if not any(str(name).startswith(f"{{{NAMESPACE}}}") for name in element.attrib):
        return NO_ATTRIBUTES
    special = own(element, "special")
    retries = own(element, "retries")
    return Attributes(
        role=own(element, "role"),
        department=formula(element, "department"),
        assignee=formula(element, "assignee"),
        form=own(element, "form"),
        act=own(element, "act"),
        limit=_limit(element),
        special=SpecialProcedure(Special(special), own(element, "basis"))
        if special in set(Special)
        else None,
        documents=tuple(own(element, "documents").split()),
        discretion=own(element, "discretion"),
        risk_point=own(element, "riskPoint"),
        four_eyes=tuple(own(element, "fourEyes").split()),
        automatic=own(element, "automatic") in ("true", "1"),
        notice=own(element, "notice"),
        service=own(element, "service"),
        decision=own(element, "decision"),
        result=own(element, "result"),
        retries=int(retries) if _number(0, 100)(retries) else NO_ATTRIBUTES.retries,
    )


def _limit(element: Element) -> StepLimit | None:
    amount, unit = own(element, "limit"), own(element, "limitUnit") or LimitUnit.WORKDAY
    if not _number(1, 9999)(amount) or unit not in set(LimitUnit):
        return None
    # What is a special procedure does not count towards the statutory limit unless it says so.
    usual = "promised" if own(element, "special") else "statutory promised"
    counts = (own(element, "counts") or usual).split()
    return StepLimit(int(amount), LimitUnit(unit), "statutory" in counts, "promised" in counts)


def read_mappings(element: Element, name: str) -> tuple[Assigned, ...]:
    """Return the variables that ``tongban:input`` or ``tongban:output`` set."""
    extension = child(element, "extensionElements")
    if extension is None:
        return ()
    return tuple(
        Assigned(attribute(one, "target"), Formula(attribute(one, "source"), line_of(one)))
        for one in extension
        if name_of(one) == (NAMESPACE, name) and attribute(one, "target")
    )


EVENT_DEFINITIONS = tuple(GROUPS["EVENT"].split())
