"""A process of a file under another id, everywhere in the file. Pure."""

import re

from tongban.foundation.errors import Invalid, Problem
from tongban.process.model.bpmn.read import read
from tongban.process.model.bpmn.write import write
from tongban.process.model.bpmn.xml import BPMN, DI, parse_xml, written
from tongban.process.model.definition import Definition

# Where the id of a process stands in a file: element and attribute.
PLACES = (
    (f"{{{BPMN}}}process", "id"),
    (f"{{{BPMN}}}participant", "processRef"),
    (f"{{{BPMN}}}callActivity", "calledElement"),
    (f"{{{DI}}}BPMNPlane", "bpmnElement"),
)
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")


def renamed(definition: Definition, old: str, new: str) -> Definition:
    """Return a definition in which a process has another id.

    :raises Invalid: if the new one cannot be an id, or stands in the file already.
    """
    if not ID.fullmatch(new):
        raise Invalid(
            Problem("code", "编号由字母、数字、“.”“_”“-”组成，以字母或“_”开头，最多100个")
        )
    root = parse_xml(write(definition))
    if any(element.get("id") == new for element in root.iter("*")):
        raise Invalid(Problem("code", "文件中已有编号为“{id}”的元素，请换一个", {"id": new}))
    for name, attribute in PLACES:
        for element in root.iter(name):
            if element.get(attribute, "").rpartition(":")[2] == old:
                element.set(attribute, new)
    return read(written(root))
