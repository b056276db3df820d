"""Safe access to XML: no entities, no document type, no network; names without their namespace."""

from collections.abc import Iterator

from lxml import etree

from tongban.rules.problems import ModelError, reason

MAX_BYTES = 20_000_000
Element = etree._Element


def parse_xml(data: bytes) -> Element:
    """The root element. ModelError for what is no XML, is too large or declares a document type."""
    if len(data) > MAX_BYTES:
        raise ModelError(reason("文件超过 {limit} 字节", limit=MAX_BYTES))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise ModelError(reason("文件不是有效的 XML（第 {line} 行）", line=line)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(reason("文件不得含有 DOCTYPE 声明"))
    return root


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these names."""
    for child in element:
        if tag(child) in names:
            yield child


def child(element: Element, *names: str) -> Element | None:
    """The first child with one of these names."""
    return next(children(element, *names), None)


def text(element: Element | None) -> str:
    """The text of an element, without the space around it."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def text_of(element: Element | None, name: str = "text") -> str:
    """The text of the child with this name, as `text` elements hold expressions."""
    return "" if element is None else text(child(element, name))


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute, white space collapsed."""
    return default if element is None else " ".join(str(element.get(name, default)).split())


def line(element: Element) -> int:
    """The line where an element begins."""
    found = element.sourceline
    return found if isinstance(found, int) else 0
