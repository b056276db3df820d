"""What an element of a model may refer to, and the list of what is wrong in the model."""

from dataclasses import dataclass, field

from tongban.rules.dmn.types import TypeBook
from tongban.rules.feel import ast
from tongban.rules.feel.compile import Compiler
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.scope import Code
from tongban.rules.problems import FeelSyntaxError, Place, Reason, RuleError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a model that cannot work. `line` is the line in the file, 0 where unknown."""

    element: str
    reason: Reason
    line: int = 0
    place: Place | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a boxed expression may refer to; `element` is the one it belongs to."""

    element: str
    names: tuple[str, ...]
    book: TypeBook
    properties: Names
    problems: list[Problem] = field(compare=False)

    def with_names(self, *names: str) -> "Scope":
        """The scope with more names in force."""
        return Scope(self.element, (*self.names, *names), self.book, self.properties, self.problems)

    @property
    def vocabulary(self) -> Vocabulary:
        """The same for the parser."""
        return Vocabulary(Names(self.names), self.properties, Names(self.book))

    @property
    def compiler(self) -> Compiler:
        """The same for the compiler."""
        return Compiler(self.book, frozenset(self.names))

    def complain(self, error: RuleError, line: int = 0) -> Code:
        """Record what cannot work; in its stand a closure that gives null and the reason."""
        why = error.reason
        place = error.place if isinstance(error, FeelSyntaxError) else None
        text = error.source if isinstance(error, FeelSyntaxError) else ""
        self.problems.append(Problem(self.element, why, line, place, text))
        return lambda env: env.run.note(why.message, **dict(why.params))

    def expression(self, text: str, line: int = 0) -> Code:
        """A FEEL text compiled; an empty one is null."""
        node = self.parsed(text, line)
        return node if callable(node) else self.compiler.compile(node)

    def parsed(self, text: str, line: int = 0) -> "ast.Node | Code":
        """The tree of a FEEL text, or the closure that stands for a faulty one."""
        if not text:
            return ast.NullLiteral()
        try:
            return parse(text, self.vocabulary)
        except FeelSyntaxError as error:
            return self.complain(error, line)

    def tests(self, text: str, line: int = 0) -> Code | None:
        """Unary tests compiled; None where there are none."""
        if not text:
            return None
        try:
            return self.compiler.compile(parse_unary_tests(text, self.vocabulary))
        except FeelSyntaxError as error:
            return self.complain(error, line)
