"""A DMN file (1.1 to 1.5) to `model.Definitions`."""

from tongban.rules.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeSource,
    Requirements,
    Variable,
)
from tongban.rules.dmn.read_boxed import READERS, read_box, read_function, type_ref
from tongban.rules.dmn.xml import (
    Element,
    attribute,
    child,
    children,
    parse_xml,
    tag,
    text,
    text_of,
)
from tongban.rules.problems import ModelError, reason


def read_definitions(data: bytes) -> Definitions:
    """What the file says. ModelError when it is no DMN."""
    root = parse_xml(data)
    if tag(root) != "definitions":
        raise ModelError(reason("文件不是 DMN 模型：根元素是“{tag}”", tag=tag(root)))
    return Definitions(
        attribute(root, "name"),
        attribute(root, "namespace"),
        tuple(map(_import, children(root, "import"))),
        tuple(_item(item) for item in children(root, "itemDefinition")),
        tuple(map(_input, children(root, "inputData"))),
        tuple(map(_decision, children(root, "decision"))),
        tuple(map(_knowledge, children(root, "businessKnowledgeModel"))),
        tuple(map(_service, children(root, "decisionService"))),
        tuple(map(_source, children(root, "knowledgeSource"))),
    )


def _import(element: Element) -> Import:
    return Import(
        attribute(element, "name"),
        attribute(element, "namespace"),
        attribute(element, "importType"),
        attribute(element, "locationURI"),
    )


def _item(element: Element, depth: int = 0) -> ItemDefinition:
    if depth > 40:
        raise ModelError(
            reason("数据类型嵌套超过 {limit} 层", limit=40), attribute(element, "name")
        )
    return ItemDefinition(
        attribute(element, "name"),
        type_ref(element),
        attribute(element, "isCollection") in ("true", "1"),
        text_of(child(element, "allowedValues")),
        text_of(child(element, "typeConstraint")),
        tuple(_item(part, depth + 1) for part in children(element, "itemComponent")),
        _function_item(child(element, "functionItem")),
    )


def _function_item(element: Element | None) -> FunctionItem | None:
    if element is None:
        return None
    parameters = tuple(
        (attribute(parameter, "name"), type_ref(parameter))
        for parameter in children(element, "parameters")
    )
    return FunctionItem(parameters, attribute(element, "outputTypeRef"))


def _variable(element: Element) -> Variable:
    variable = child(element, "variable")
    name = attribute(variable, "name") or attribute(element, "name")
    return Variable(name, type_ref(variable))


def _identity(element: Element) -> tuple[str, str]:
    name = attribute(element, "name")
    return attribute(element, "id") or name, name


def _input(element: Element) -> InputData:
    return InputData(*_identity(element), _variable(element))


def _requirements(element: Element) -> Requirements:
    found: dict[str, list[str]] = {}
    for group in children(
        element, "informationRequirement", "knowledgeRequirement", "authorityRequirement"
    ):
        for reference in group:
            found.setdefault(tag(reference), []).append(attribute(reference, "href"))
    return Requirements(
        tuple(found.get("requiredInput", ())),
        tuple(found.get("requiredDecision", ())),
        tuple(found.get("requiredKnowledge", ())),
        tuple(found.get("requiredAuthority", ())),
    )


def _decision(element: Element) -> Decision:
    logic = next((part for part in element if tag(part) in READERS), None)
    return Decision(
        *_identity(element),
        _variable(element),
        read_box(logic),
        _requirements(element),
        text(child(element, "question")),
        text(child(element, "description")),
    )


def _knowledge(element: Element) -> BusinessKnowledge:
    logic = child(element, "encapsulatedLogic")
    return BusinessKnowledge(
        *_identity(element),
        _variable(element),
        None if logic is None else read_function(logic),
        _requirements(element),
    )


def _service(element: Element) -> DecisionService:
    def references(name: str) -> tuple[str, ...]:
        return tuple(attribute(part, "href") for part in children(element, name))

    return DecisionService(
        *_identity(element),
        _variable(element),
        references("outputDecision"),
        references("encapsulatedDecision"),
        references("inputDecision"),
        references("inputData"),
    )


def _source(element: Element) -> KnowledgeSource:
    return KnowledgeSource(*_identity(element), attribute(element, "locationURI"))
