"""Data objects, properties and data associations of a file, as variables and mappings. Pure."""

import re
from collections.abc import Iterator

from tongban.process.model.attributes import Formula
from tongban.process.model.bpmn.events import Roots, expression
from tongban.process.model.bpmn.xml import (
    BPMN,
    Element,
    attribute,
    child,
    children,
    is_bpmn,
    line_of,
    reference,
    text_of,
)
from tongban.process.model.definition import Mapping
from tongban.process.model.problems import Problem

DATA = (
    "dataObject",
    "dataObjectReference",
    "dataStore",
    "dataStoreReference",
    "property",
    "dataInput",
    "dataOutput",
)
# What stands in an expression and in no name, where a name is wanted.
NO_NAME = re.compile(r"[()\[\]{}'\"/$#=;]")
# What FEEL reads as one name without having been told of it.
ONE_WORD = re.compile(r"[^\W\d]\w*")


def data_names(element: Element) -> tuple[str, ...]:
    """Return the names of the variables that a process or sub-process declares."""
    found = [attribute(one, "name") for one in children(element, *DATA)]
    specification = child(element, "ioSpecification")
    if specification is not None:
        found += [attribute(one, "name") for one in children(specification, *DATA)]
    return tuple(dict.fromkeys(filter(None, found)))


def read_inputs(element: Element, roots: Roots) -> tuple[Mapping, ...]:
    """Return what an activity or throwing event gets from the data around it."""
    found = tuple(
        mapping
        for association in children(element, "dataInputAssociation")
        for mapping in _mappings(association, roots)
    )
    if not is_bpmn(element, "callActivity"):
        return found
    # What goes to a property of the call itself, as modellers draw it, is not for what is called.
    own = {attribute(one, "name") or attribute(one, "id") for one in children(element, "property")}
    return tuple(one for one in found if one.target not in own)


def read_outputs(element: Element, roots: Roots) -> tuple[Mapping, ...]:
    """Return what an activity or catching event gives to the data around it."""
    return tuple(
        mapping
        for association in children(element, "dataOutputAssociation")
        for mapping in _mappings(association, roots)
    )


def _mappings(element: Element, roots: Roots) -> Iterator[Mapping]:
    """An association copies its source, transforms it, or assigns part by part."""
    target = variable(text_of(child(element, "targetRef")), roots)
    assignments = list(children(element, "assignment"))
    for one in assignments:
        named = text_of(child(one, "to"))
        to = variable(named, roots) or target
        source = expression(child(one, "from"))
        if NO_NAME.search(named) and roots.find(named, *DATA) is None:
            message = "数据赋值的目标“{text}”不是变量的名称"
            roots.problems.append(Problem("", message, {"text": named}, line_of(one)))
        if to and source:
            yield Mapping(to, source)
    if assignments or not target:
        return
    transformation = expression(child(element, "transformation"))
    if transformation:
        yield Mapping(target, transformation)
        return
    copied = variable(text_of(child(element, "sourceRef")), roots)
    # What an activity gets under the same name it sees anyhow; what it gives must be said.
    if copied and (copied != target or is_bpmn(element, "dataOutputAssociation")):
        yield Mapping(target, Formula(copied, line_of(element)))


def variable(text: str, roots: Roots) -> str:
    """Return the name of the variable that an id or a name stands for.

    Data without a name is called by its id, which may have a hyphen or a dot in it: such names are
    noted, as are those of several words, because FEEL must know them.
    """
    found = roots.find(text, *DATA)
    if found is None:
        return noted(reference(text), roots)
    of = attribute(found, "dataObjectRef") or attribute(found, "dataStoreRef")
    behind = roots.find(of, "dataObject", "dataStore") if of else None
    return noted(_data_name(found if behind is None else behind, roots), roots)


def noted(name: str, roots: Roots) -> str:
    """Return a name of data, noted if FEEL would not take it for one name by itself."""
    if name and not ONE_WORD.fullmatch(name):
        roots.names[name] = None
    return name


def _data_name(element: Element, roots: Roots) -> str:
    key = attribute(element, "id")
    return attribute(element, "name") or roots.called.get(key, "") or key


def names_by_reference(root: Element) -> dict[str, str]:
    """Return what data objects and stores are called by the first reference that names them.

    References are the same data at several places of a drawing (10.4.1); most tools name them, and
    not what they refer to.
    """
    names: dict[str, str] = {}
    for what in ("dataObject", "dataStore"):
        for one in root.iter(f"{{{BPMN}}}{what}Reference"):
            if attribute(one, "name"):
                names.setdefault(reference(attribute(one, f"{what}Ref")), attribute(one, "name"))
    return names
