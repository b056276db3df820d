"""The grammar of FEEL (DMN 1.5, 10.3.1.2): operators by precedence, words that open a form."""

from collections.abc import Callable

from tongban.rules.feel import ast
from tongban.rules.feel.builtins import BUILTIN_NAMES
from tongban.rules.feel.cursor import MAX_CHAIN, Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser_literals import TESTS, LiteralParser
from tongban.rules.feel.tokens import Kind
from tongban.rules.feel.values import NUMBERS
from tongban.rules.problems import FeelSyntaxError, reason

BINDING = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "between": 3,
    "in": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
}


def parse(text: str, vocabulary: Vocabulary | None = None) -> ast.Node:
    """The tree of an expression. FeelSyntaxError with the place and a reason."""
    parser = Parser(text, vocabulary or Vocabulary(), BUILTIN_NAMES)
    return _guarded(parser, parser.expression)


def parse_unary_tests(text: str, vocabulary: Vocabulary | None = None) -> ast.Node:
    """The tree of an input entry: AnyTest or UnaryTests. FeelSyntaxError with the place."""
    parser = Parser(text, vocabulary or Vocabulary(), BUILTIN_NAMES)
    return _guarded(parser, parser.unary_tests)


def parse_type(text: str, vocabulary: Vocabulary | None = None) -> ast.TypeNode:
    """The tree of a type. FeelSyntaxError with the place."""
    parser = Parser(text, vocabulary or Vocabulary(), BUILTIN_NAMES)
    found = parser.type()
    parser.expect_end()
    return found


def _guarded(parser: "Parser", rule: Callable[[], ast.Node]) -> ast.Node:
    try:
        found = rule()
    except RecursionError:
        raise FeelSyntaxError(reason("表达式嵌套太深"), parser.text, 0) from None
    parser.expect_end()
    return found


class Parser(LiteralParser):
    """Recursive descent with precedence climbing."""

    def unary_tests(self) -> ast.Node:
        """`-`, `not(tests)` or tests, each applied to the input value `?`."""
        at = self.token.start
        if self.at_mark("-") and self.tokens[1].kind is Kind.END:
            self.advance()
            return ast.AnyTest(at=at)
        if self.at_word("not"):
            start = self.index
            self.advance()
            tests = self.attempt_tests()
            if tests is not None and self.token.kind is Kind.END:
                return ast.UnaryTests(tests, True, at=at)
            self.index = start
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return ast.UnaryTests(tuple(found), at=at)

    def expression(self) -> ast.Node:
        with self.nested():
            outer, self.closing_range = self.closing_range, False
            try:
                # A test such as `< 5` is an expression, too: the range of what passes it.
                return self.operator_test() if self.at_mark(*TESTS) else self.operand(1)
            finally:
                self.closing_range = outer

    def operand(self, binding: int) -> ast.Node:
        left = self._negation()
        for _ in range(MAX_CHAIN):
            operator = self.token.text
            if self.token.kind not in (Kind.MARK, Kind.NAME):
                return left
            found = BINDING.get(operator, 0)
            if found < binding:
                return left
            left = self._operation(left, operator, found)
        return self.fail(reason("一个表达式中的运算超过 {limit} 个", limit=MAX_CHAIN))

    def _operation(self, left: ast.Node, operator: str, binding: int) -> ast.Node:
        at = self.advance().start
        if operator in ("or", "and"):
            items = [left, self.operand(binding + 1)]
            while self.take(operator):
                items.append(self.operand(binding + 1))
            node = ast.Disjunction if operator == "or" else ast.Conjunction
            return node(tuple(items), at=at)
        if operator == "between":
            low = self.operand(4)
            self.expect("and")
            return ast.Between(left, low, self.operand(4), at=at)
        if operator == "in":
            return ast.In(left, self._tests_after_in(), at=at)
        right = self.operand(binding + 1)
        if binding == 3:
            return ast.Comparison(operator, left, right, at=at)
        return ast.Arithmetic(operator, left, right, at=at)

    def _tests_after_in(self) -> tuple[ast.Node, ...]:
        if self.at_mark("("):
            tests = self.attempt_tests()
            if tests is not None:
                return tests
        if self.at_mark("<", "<=", ">", ">=", "=", "!="):
            return (self.operator_test(),)
        return (self.operand(4),)

    def _negation(self) -> ast.Node:
        if not self.at_mark("-"):
            return self._postfix()
        with self.nested():
            at = self.advance().start
            return ast.Negation(self._negation(), at=at)

    def _postfix(self) -> ast.Node:
        node = self._primary()
        for _ in range(MAX_CHAIN):
            if self.at_mark("."):
                at = self.advance().start
                node = ast.Path(node, self.property_name(), at=at)
            elif self.at_mark("("):
                node = self._call(node)
            elif self.at_mark("["):
                filtered = self._filter(node)
                if filtered is None:
                    return node
                node = filtered
            elif self.at_word("instance"):
                at = self.advance().start
                self.expect("of")
                node = ast.InstanceOf(node, self.type(), at=at)
            else:
                return node
        return self.fail(reason("一个表达式中的运算超过 {limit} 个", limit=MAX_CHAIN))

    def _filter(self, source: ast.Node) -> ast.Node | None:
        start = self.index
        at = self.advance().start
        try:
            with self.scope(*self.properties, Names(["item"])):
                condition = self.expression()
            self.expect("]")
        except FeelSyntaxError:
            # After the high endpoint of a range, `[` may close the range.
            if not self.closing_range:
                raise
            self.index = start
            return None
        return ast.Filter(source, condition, at=at)

    def _call(self, function: ast.Node) -> ast.Node:
        at = self.advance().start
        if self._named_argument_follows():
            named: list[tuple[str, ast.Node]] = []
            while not named or self.take(","):
                name = self.new_name(":")
                self.expect(":")
                named.append((name, self.expression()))
            self.expect(")")
            return ast.NamedCall(function, tuple(named), at=at)
        arguments: list[ast.Node] = []
        while not self.at_mark(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression())
        self.expect(")")
        return ast.Call(function, tuple(arguments), at=at)

    def _named_argument_follows(self) -> bool:
        start = self.index
        try:
            self.new_name(":")
            return self.at_mark(":")
        except FeelSyntaxError:
            return False
        finally:
            self.index = start

    def _primary(self) -> ast.Node:
        token = self.token
        if token.kind is Kind.NUMBER:
            return self._number()
        if token.kind is Kind.STRING:
            self.advance()
            return ast.StringLiteral(token.value, at=token.start)
        if token.kind is Kind.AT:
            self.advance()
            return ast.AtLiteral(token.value, at=token.start)
        if token.kind is Kind.MARK:
            return self._bracketed()
        if token.kind is Kind.END:
            self.fail_expecting("一个值")
        return self._word_form()

    def _number(self) -> ast.Node:
        token = self.token
        try:
            value = NUMBERS.create_decimal(token.text)
        except ArithmeticError:
            self.fail(reason("数字超出可表示的范围"))
        self.advance()
        return ast.NumberLiteral(value, at=token.start)

    def _bracketed(self) -> ast.Node:
        forms: dict[str, Callable[[], ast.Node]] = {
            "(": self.parenthesis,
            "[": self.bracket,
            "]": self.reversed_bracket,
            "{": self.context,
        }
        form = forms.get(self.token.text)
        return form() if form else self.fail_expecting("一个值")

    def _word_form(self) -> ast.Node:
        token = self.token
        forms: dict[str, Callable[[], ast.Node]] = {
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "function": self.function_definition,
            "true": lambda: ast.BooleanLiteral(True, at=self.advance().start),
            "false": lambda: ast.BooleanLiteral(False, at=self.advance().start),
            "null": lambda: ast.NullLiteral(at=self.advance().start),
        }
        if token.text in forms and not self._known_name_here():
            return forms[token.text]()
        if token.text == "not" and self.tokens[self.index + 1].text == "(":
            return ast.Name("not", at=self.advance().start)
        return ast.Name(self.variable(), at=token.start)

    def _known_name_here(self) -> bool:
        return any(names.longest(self.tokens, self.index)[1] for names in self.scopes)

    def _if(self) -> ast.Node:
        at = self.advance().start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return ast.If(condition, yes, self.expression(), at=at)

    def _for(self) -> ast.Node:
        at = self.advance().start
        with self.scope():
            iterations = self._iterations()
            self.expect("return")
            self.scopes.append(Names(["partial"]))
            return ast.For(iterations, self.expression(), at=at)

    def _quantified(self) -> ast.Node:
        at = self.token.start
        every = self.advance().text == "every"
        with self.scope():
            iterations = self._iterations()
            self.expect("satisfies")
            return ast.Quantified(every, iterations, self.expression(), at=at)

    def _iterations(self) -> tuple[ast.Iteration, ...]:
        found: list[ast.Iteration] = []
        while not found or self.take(","):
            at = self.token.start
            name = self.new_name("in")
            self.expect("in")
            source = self.expression()
            end = self.expression() if self.take("..") else None
            found.append(ast.Iteration(name, source, end, at=at))
            self.scopes.append(Names([name]))
        return tuple(found)
