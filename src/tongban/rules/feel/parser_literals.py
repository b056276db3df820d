"""Parsing of what is written between brackets: lists, ranges, contexts, functions, types."""

from abc import ABC, abstractmethod

from tongban.rules.feel import ast
from tongban.rules.feel.cursor import Cursor
from tongban.rules.feel.names import Names
from tongban.rules.feel.tokens import Kind
from tongban.rules.feel.types import BY_NAME
from tongban.rules.problems import FeelSyntaxError

TESTS = ("<", "<=", ">", ">=", "=", "!=")
ENDPOINT = 4
BUILTIN_TYPES = Names(BY_NAME)


class LiteralParser(Cursor, ABC):
    """The bracketed forms; `expression` and `operand` come from the parser of operators."""

    closing_range = False

    @abstractmethod
    def expression(self) -> ast.Node:
        """Any expression."""

    @abstractmethod
    def operand(self, binding: int) -> ast.Node:
        """An expression of operators that bind at least so tightly."""

    def operator_test(self) -> ast.RangeLiteral:
        """`< 5`, `!= "a"`: a range with one endpoint."""
        at = self.token.start
        operator = self.advance().text
        end = self.operand(ENDPOINT)
        if operator in ("=", "!="):
            return ast.RangeLiteral(end, end, True, True, operator, at=at)
        included = operator.endswith("=")
        if operator.startswith("<"):
            return ast.RangeLiteral(None, end, False, included, operator, at=at)
        return ast.RangeLiteral(end, None, included, False, operator, at=at)

    def parenthesis(self) -> ast.Node:
        """`(expression)`, `(low..high]` or `(< high)`."""
        at = self.advance().start
        inside = self.expression()
        if self.at_mark(".."):
            return self._range_after(inside, False, at)
        self.expect(")")
        return inside

    def bracket(self) -> ast.Node:
        """`[a, b]` or `[low..high]`."""
        at = self.advance().start
        items: list[ast.Node] = []
        if self.take("]"):
            return ast.ListLiteral((), at=at)
        items.append(self.expression())
        if self.at_mark(".."):
            return self._range_after(items[0], True, at)
        while self.take(","):
            items.append(self.expression())
        self.expect("]")
        return ast.ListLiteral(tuple(items), at=at)

    def reversed_bracket(self) -> ast.Node:
        """`]low..high[`."""
        at = self.advance().start
        low = self.expression()
        if not self.at_mark(".."):
            self.fail_expecting("“..”")
        return self._range_after(low, False, at)

    def _range_after(self, low: ast.Node, low_included: bool, at: int) -> ast.RangeLiteral:
        self.expect("..")
        outer, self.closing_range = self.closing_range, True
        try:
            high = self.operand(ENDPOINT)
        finally:
            self.closing_range = outer
        if not self.at_mark("]", ")", "["):
            self.fail_expecting("区间的结束括号")
        return ast.RangeLiteral(low, high, low_included, self.advance().text == "]", at=at)

    def context(self) -> ast.ContextLiteral:
        """`{name: value}`; later entries see the earlier ones."""
        at = self.advance().start
        entries: list[tuple[str, ast.Node]] = []
        seen = Names()
        with self.scope(seen):
            while not self.at_mark("}"):
                if entries:
                    self.expect(",")
                entries.append(self._entry())
                seen.add(entries[-1][0])
        self.expect("}")
        return ast.ContextLiteral(tuple(entries), at=at)

    def _entry(self) -> tuple[str, ast.Node]:
        key = self.advance().value if self.token.kind is Kind.STRING else self.new_name(":")
        self.expect(":")
        self.found_properties.add(key)
        return key, self.expression()

    def function_definition(self) -> ast.FunctionDefinition:
        """`function(a: number) a + 1`, or `external` with a context."""
        at = self.advance().start
        parameters: list[ast.FormalParameter] = []
        self.expect("(")
        while not self.at_mark(")"):
            if parameters:
                self.expect(",")
            start = self.token.start
            name = self.new_name(":", ",", ")")
            declared = self.type() if self.take(":") else None
            parameters.append(ast.FormalParameter(name, declared, at=start))
        self.expect(")")
        external = self.take("external")
        with self.scope(Names(parameter.name for parameter in parameters)):
            body = self.expression()
        return ast.FunctionDefinition(tuple(parameters), body, external, at=at)

    def type(self) -> ast.TypeNode:
        """A type: a name, or one of list, range, context, function with its parts."""
        with self.nested():
            at = self.token.start
            name = self._type_name()
            if name in ("list", "range") and self.take("<"):
                of = self.type()
                self.expect(">")
                node = ast.ListTypeNode if name == "list" else ast.RangeTypeNode
                return node(name, of, at=at)
            if name == "context" and self.take("<"):
                return self._context_type(at)
            if name == "function" and self.take("<"):
                return self._function_type(at)
            return ast.TypeNode(name, at=at)

    def _type_name(self) -> str:
        if self.token.kind is Kind.NAME and self.token.text == "function":
            return self.advance().text
        start = self.index
        name = self._name([BUILTIN_TYPES, self.types])
        while self.at_mark("."):
            self.advance()
            self._name([self.types])
            name = self.slice(start, self.index)
        return name

    def _context_type(self, at: int) -> ast.ContextTypeNode:
        entries: list[tuple[str, ast.TypeNode]] = []
        while not self.at_mark(">"):
            if entries:
                self.expect(",")
            key = self.advance().value if self.token.kind is Kind.STRING else self.new_name(":")
            self.expect(":")
            entries.append((key, self.type()))
        self.expect(">")
        return ast.ContextTypeNode("context", tuple(entries), at=at)

    def _function_type(self, at: int) -> ast.FunctionTypeNode:
        parameters: list[ast.TypeNode] = []
        while not self.at_mark(">"):
            if parameters:
                self.expect(",")
            parameters.append(self.type())
        self.expect(">")
        self.expect("->")
        return ast.FunctionTypeNode("function", tuple(parameters), self.type(), at=at)

    def attempt_tests(self) -> tuple[ast.Node, ...] | None:
        """`(test, test)` after `in`, or None with nothing taken when it is something else."""
        start = self.index
        try:
            self.expect("(")
            tests = [self.expression()]
            while self.take(","):
                tests.append(self.expression())
            self.expect(")")
        except FeelSyntaxError:
            self.index = start
            return None
        return tuple(tests)
