"""The state of a parse: tokens, the place reached, the names in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from tongban.rules.feel.names import KEYWORDS, Names
from tongban.rules.feel.tokens import Kind, Token, tokenize
from tongban.rules.problems import FeelSyntaxError, Reason, reason

MAX_NESTING = 80
MAX_CHAIN = 250
PROPERTIES = (
    "year month day weekday hour minute second|time offset|timezone|days hours minutes seconds"
    " years months start end|start included|end included"
)
OPERAND_MARKS = frozenset("./-'’+*")


def _properties() -> Names:
    names = Names()
    for part in PROPERTIES.split("|"):
        for name in (part,) if part.count(" ") == 1 else part.split():
            names.add(name)
    return names


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the author of a text may refer to: variables, properties of contexts, types."""

    names: Names = field(default_factory=Names)
    properties: Names = field(default_factory=Names)
    types: Names = field(default_factory=Names)


BUILTIN_PROPERTIES = _properties()


class Cursor:
    """Walks over the tokens of one text."""

    def __init__(self, text: str, vocabulary: Vocabulary, builtins: Names) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.types = vocabulary.types
        self.found_properties = Names()
        self.properties = [BUILTIN_PROPERTIES, vocabulary.properties, self.found_properties]
        self.scopes = [builtins, vocabulary.names]
        self._nesting = 0
        self._work = 10_000 + 40 * len(self.tokens)

    @property
    def token(self) -> Token:
        """The token reached."""
        return self.tokens[self.index]

    def advance(self) -> Token:
        """Take the token reached."""
        self._work -= 1
        if self._work < 0:
            self.fail(reason("表达式过于复杂，无法读懂"))
        token = self.tokens[self.index]
        if token.kind is not Kind.END:
            self.index += 1
        return token

    def at_mark(self, *marks: str) -> bool:
        """Whether one of these operators or brackets comes next."""
        token = self.tokens[self.index]
        return token.kind is Kind.MARK and token.text in marks

    def at_word(self, *words: str) -> bool:
        """Whether one of these keywords comes next."""
        token = self.tokens[self.index]
        return token.kind is Kind.NAME and token.text in words

    def take(self, text: str) -> bool:
        """Take an operator, bracket or keyword if it comes next."""
        if self.token.text == text and self.token.kind in (Kind.MARK, Kind.NAME):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        """Take an operator, bracket or keyword, or fail."""
        if not self.take(text):
            self.fail(self._unexpected(f"“{text}”"))

    def expect_end(self) -> None:
        """Fail unless the text is at its end."""
        if self.token.kind is not Kind.END:
            self.fail(
                reason("表达式在“{found}”之前已经完整，这之后的内容无法理解", found=self.token.text)
            )

    def fail_expecting(self, what: str) -> NoReturn:
        """Fail, naming what should stand here."""
        self.fail(self._unexpected(what))

    def fail(self, why: Reason) -> NoReturn:
        """Fail at the token reached."""
        raise FeelSyntaxError(why, self.text, self.token.start)

    def _unexpected(self, what: str) -> Reason:
        if self.token.kind is Kind.END:
            return reason("表达式不完整，结尾处缺少{expected}", expected=what)
        return reason("此处应为{expected}，实际是“{found}”", expected=what, found=self.token.text)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Go one level deeper into the expression."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.fail(reason("括号或嵌套超过 {limit} 层", limit=MAX_NESTING))
        try:
            yield
        finally:
            self._nesting -= 1

    @contextmanager
    def scope(self, *names: Names) -> Iterator[None]:
        """Let more names be in force."""
        count = len(self.scopes)
        self.scopes.extend(names)
        try:
            yield
        finally:
            del self.scopes[count:]

    def variable(self) -> str:
        """Take the longest name in force, or the words up to the next keyword or operator."""
        return self._name(self.scopes)

    def property_name(self) -> str:
        """Take the name of a property after a dot."""
        return self._name(self.properties)

    def _name(self, known: list[Names]) -> str:
        start = self.index
        name, count = "", 0
        for names in known:
            found, length = names.longest(self.tokens, start)
            if length > count:
                name, count = found, length
        if count == 0 and (self.token.kind is not Kind.NAME or self.at_word(*KEYWORDS)):
            self.fail_expecting("一个名称")
        extended = count
        while self._word(self.tokens[start + extended]):
            extended += 1
        for _ in range(extended):
            self.advance()
        return name if extended == count else self.slice(start, self.index)

    @staticmethod
    def _word(token: Token) -> bool:
        if token.kind is Kind.NUMBER:
            return True
        return token.kind is Kind.NAME and token.text not in KEYWORDS

    def slice(self, start: int, end: int) -> str:
        """The source of some tokens, white space collapsed: a name as its author wrote it."""
        return " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())

    def new_name(self, *closers: str) -> str:
        """Take a name that is being introduced, up to one of the closing marks or keywords."""
        start = self.index
        while not (self.token.kind is Kind.END or self.token.text in closers):
            if self.token.kind not in (Kind.NAME, Kind.NUMBER) and not self.at_mark(*OPERAND_MARKS):
                break
            self.advance()
        if self.index == start or self.tokens[start].kind is not Kind.NAME:
            self.index = start
            self.fail_expecting("一个名称")
        return self.slice(start, self.index)
