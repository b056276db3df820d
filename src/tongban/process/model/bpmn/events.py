"""The events of a file: what they refer to, and when timers fire. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tongban.process.model.attributes import Formula
from tongban.process.model.bpmn.extension import EVENT_DEFINITIONS, formula, own
from tongban.process.model.bpmn.xml import (
    Element,
    attribute,
    child,
    children,
    line_of,
    name_of,
    reference,
    text_of,
)
from tongban.process.model.definition import Event, Timer
from tongban.process.model.expressions import is_feel
from tongban.process.model.kinds import EventKind, TimerKind
from tongban.process.model.problems import Problem, Severity, Term

TIMES = (TimerKind.DATE, TimerKind.DURATION, TimerKind.CYCLE)


def expression(element: Element | None) -> Formula:
    """Return the expression that an element holds, with the language it or its file declares."""
    text = text_of(element)
    if element is None or not text:
        return Formula()
    language = attribute(element, "language") or _declared(element)
    return Formula(text, line_of(element), language)


def _declared(element: Element) -> str:
    """The language that ``definitions`` gives to expressions without one of their own (8.2.1).

    What marks FEEL itself, and the standard's default, which files declare by habit, say nothing.
    """
    language = attribute(element.getroottree().getroot(), "expressionLanguage")
    return "" if is_feel(language) else language


@dataclass(frozen=True, slots=True)
class Roots:
    """The elements of a file by id, what data without a name is called, a list for what is found
    wrong, and the names of data that are more than one word.
    """

    by_id: Mapping[str, Element]
    called: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)

    def find(self, text: str, *names: str) -> Element | None:
        """Return the element that a reference means, if it is of one of the kinds."""
        found = self.by_id.get(self.key(text))
        return found if found is not None and name_of(found)[1] in names else None

    def key(self, text: str) -> str:
        """Return the id that a reference means: itself, or without the prefix that a QName has."""
        return text if text in self.by_id else reference(text)

    def named(self, element: Element, attribute_name: str, kind: str) -> str:
        """Return the name of the message, signal... that an attribute refers to; "" for none."""
        target = self.find(attribute(element, attribute_name), kind)
        if target is None:
            return ""
        return attribute(target, "name") or attribute(target, "id")

    def code(self, element: Element, attribute_name: str, kind: str) -> str:
        """Return the code of the error or escalation that an attribute refers to; "" for none."""
        target = self.find(attribute(element, attribute_name), kind)
        if target is None:
            return ""
        return (
            attribute(target, f"{kind}Code") or attribute(target, "name") or attribute(target, "id")
        )


def read_events(element: Element, roots: Roots) -> tuple[Event, ...]:
    """Return what an event element waits for or throws, inline or by reference."""
    definitions = list(children(element, *EVENT_DEFINITIONS))
    for ref in children(element, "eventDefinitionRef"):
        found = roots.find(text_of(ref), *EVENT_DEFINITIONS)
        if found is not None:
            definitions.append(found)
    return tuple(_event(one, element, roots) for one in definitions)


def _event(element: Element, owner: Element, roots: Roots) -> Event:
    kind = EventKind(name_of(element)[1].removesuffix("EventDefinition"))
    reader = READERS.get(kind)
    return reader(element, owner, roots) if reader else Event(kind)


def _message(element: Element, owner: Element, roots: Roots) -> Event:
    name = roots.named(element, "messageRef", "message") or _own_name(owner, roots, "消息")
    return Event(EventKind.MESSAGE, name, correlation=formula(element, "correlation"))


def _signal(element: Element, owner: Element, roots: Roots) -> Event:
    name = roots.named(element, "signalRef", "signal") or _own_name(owner, roots, "信号")
    return Event(EventKind.SIGNAL, name)


def _own_name(owner: Element, roots: Roots, what: str) -> str:
    """The name of an event that says not what it waits for; descriptive models often do not."""
    name = attribute(owner, "name") or attribute(owner, "id")
    message = "“{name}”没有指明是哪个{what}，以它自己的名称为准"
    details = {"name": name, "what": Term(what)}
    problem = Problem(attribute(owner, "id"), message, details, line_of(owner), Severity.WARNING)
    roots.problems.append(problem)
    return name


def _error(element: Element, _owner: Element, roots: Roots) -> Event:
    return Event(EventKind.ERROR, code=roots.code(element, "errorRef", "error"))


def _escalation(element: Element, _owner: Element, roots: Roots) -> Event:
    return Event(EventKind.ESCALATION, code=roots.code(element, "escalationRef", "escalation"))


def _link(element: Element, owner: Element, _roots: Roots) -> Event:
    return Event(EventKind.LINK, attribute(element, "name") or attribute(owner, "name"))


def _timer(element: Element, owner: Element, roots: Roots) -> Event:
    given = [kind for kind in TIMES if child(element, kind.value) is not None]
    workdays = own(element, "workdays")
    if len(given) + bool(workdays) > 1:
        message = "定时事件“{name}”写了几种时间，只能写一种"
        name = attribute(owner, "name") or attribute(owner, "id")
        roots.problems.append(
            Problem(attribute(owner, "id"), message, {"name": name}, line_of(element))
        )
    if workdays:
        return Event(EventKind.TIMER, timer=Timer(TimerKind.WORKDAYS, formula(element, "workdays")))
    for kind in given:
        when = expression(child(element, kind.value))
        if when:
            return Event(EventKind.TIMER, timer=Timer(kind, when))
    return Event(EventKind.TIMER)


READERS: Mapping[EventKind, Callable[[Element, Element, Roots], Event]] = {
    EventKind.MESSAGE: _message,
    EventKind.SIGNAL: _signal,
    EventKind.ERROR: _error,
    EventKind.ESCALATION: _escalation,
    EventKind.LINK: _link,
    EventKind.TIMER: _timer,
}


def task_message(element: Element, roots: Roots) -> tuple[Event, ...]:
    """Return the message of a send or receive task; a receive task always waits for one."""
    name = roots.named(element, "messageRef", "message")
    if not name and name_of(element)[1] == "sendTask":
        return ()
    name = name or _own_name(element, roots, "消息")
    return (Event(EventKind.MESSAGE, name, correlation=formula(element, "correlation")),)
