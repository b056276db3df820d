"""Safe access to XML: no entities, no document type, no network, bounded size and depth."""

from collections.abc import Iterator
from hashlib import sha256

from lxml import etree

from tongban.process.model.problems import Problem, Unreadable

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MAX_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
Element = etree._Element


def parse_xml(data: bytes) -> Element:
    """Return the root element. Unreadable for what is no XML, too large or too deep."""
    if len(data) > MAX_BYTES:
        raise Unreadable([Problem("", "文件超过 {limit} 字节", {"limit": MAX_BYTES})])
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = "文件不是有效的 XML：{why}"
        why = {"why": error.msg}
        raise Unreadable([Problem("", message, why, error.lineno or 0)]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable([Problem("", "文件不得含有 DOCTYPE 声明")])
    _bounded(root)
    return root


def _bounded(root: Element) -> None:
    count, depth = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH:
            message, limit = "元素嵌套超过 {limit} 层", MAX_DEPTH
        elif count > MAX_ELEMENTS:
            message, limit = "文件的元素超过 {limit} 个", MAX_ELEMENTS
        else:
            continue
        raise Unreadable([Problem("", message, {"limit": limit}, line_of(element))])


def written(root: Element) -> bytes:
    """Return the whole document as UTF-8, with everything around its root."""
    text: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return text


def content_hash(root: Element) -> bytes:
    """Return the SHA-256 of the canonical form (C14N 2.0): layout of the text does not count."""
    canonical = etree.canonicalize(root, strip_text=True)
    return sha256(canonical.encode()).digest()


def name_of(element: Element) -> tuple[str, str]:
    """Return namespace and local name; two empty texts for comments and instructions."""
    if not isinstance(element.tag, str):
        return "", ""
    namespace, _, local = element.tag.rpartition("}")
    return namespace[1:], local


def is_bpmn(element: Element, *names: str) -> bool:
    """Return whether an element is one of the standard's with one of these names."""
    namespace, local = name_of(element)
    return namespace == BPMN and local in names


def children(element: Element, *names: str) -> Iterator[Element]:
    """Return the children of the standard's namespace with one of these names."""
    for child in element:
        if is_bpmn(child, *names):
            yield child


def child(element: Element, *names: str) -> Element | None:
    """Return the first child with one of these names."""
    return next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """Return the text of an element itself, without the space around it."""
    if element is None:
        return ""
    parts = [element.text, *(one.tail for one in element)]
    return "".join(part for part in parts if part).strip()


def attribute(element: Element, name: str, default: str = "") -> str:
    """Return an attribute, without the space around it."""
    return str(element.get(name, default)).strip()


def truth(element: Element, name: str, *, default: bool) -> bool:
    """Return a boolean attribute as XML Schema writes it."""
    text = attribute(element, name)
    return text in ("true", "1") if text else default


def reference(text: str) -> str:
    """Return the id that a qualified name refers to."""
    return text.strip().rpartition(":")[2]


def line_of(element: Element) -> int:
    """Return the line where an element begins."""
    found = element.sourceline
    return found if isinstance(found, int) else 0
