"""DMN files in the small, for tests."""

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/{version}/MODEL/" name="m" namespace="{ns}">'
)


def dmn(body: str, *, version: str = "20230324", namespace: str = "urn:test") -> bytes:
    """A model with this content."""
    return f"{HEAD.format(version=version, ns=namespace)}{body}</definitions>".encode()


def fact(name: str, type_ref: str = "Any") -> str:
    """An input."""
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>'
    return f'<inputData id="{name}" name="{name}">{variable}</inputData>'


def needs(*, facts: str = "", decisions: str = "", knowledge: str = "") -> str:
    """Requirements; names are separated by commas."""
    groups = (
        (facts, "informationRequirement", "requiredInput"),
        (decisions, "informationRequirement", "requiredDecision"),
        (knowledge, "knowledgeRequirement", "requiredKnowledge"),
    )
    return "".join(
        f'<{group}><{kind} href="#{name}"/></{group}>'
        for names, group, kind in groups
        for name in names.split(",")
        if name
    )


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text><![CDATA[{text}]]></text></literalExpression>"


def decision(name: str, logic: str, *, requires: str = "", type_ref: str = "Any") -> str:
    """A decision."""
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>'
    return f'<decision id="{name}" name="{name}">{variable}{requires}{logic}</decision>'


def table(inputs: str, outputs: str, *rules: str, policy: str = "UNIQUE") -> str:
    """A decision table; cells are separated by `|`, outputs follow `=>`."""
    head = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>"
        for name in inputs.split("|")
    )
    for name in outputs.split("|"):
        head += f'<output name="{name}"/>'
    body = ""
    for rule in rules:
        left, _, right = rule.partition("=>")
        cells = "".join(_cell("inputEntry", cell) for cell in left.split("|"))
        cells += "".join(_cell("outputEntry", cell) for cell in right.split("|"))
        body += f"<rule>{cells}</rule>"
    name, _, aggregation = policy.partition(" +")
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{name}"{extra}>{head}{body}</decisionTable>'


def _cell(kind: str, text: str) -> str:
    return f"<{kind}><text><![CDATA[{text.strip()}]]></text></{kind}>"
