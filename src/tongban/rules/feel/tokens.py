"""Text to tokens. Names are put together later, by the parser, which knows what is in scope."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tongban.rules.problems import FeelSyntaxError, reason

MAX_LENGTH = 200_000


class Kind(StrEnum):
    """What a token is; `mark` is every operator, bracket and stray character."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    AT = "at"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what stands there, `value` the content of a string literal."""

    kind: Kind
    text: str
    start: int
    end: int
    value: str = ""


NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME_PART = NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
SPACES = "\\t\\n\\v\\f\\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
TOKEN = re.compile(
    rf"""
    (?P<space>[{SPACES}]+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[{NAME_START}][{NAME_PART}]*)
    |(?P<at>@[{SPACES}]*"(?:[^"\\\n]|\\.)*")
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<mark>\*\*|\.\.|<=|>=|!=|->|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{6})|(.))",
    re.DOTALL,
)
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(text: str) -> str:
    r"""The content of a string literal: `\n`, `\u4e2d`, surrogate pairs and `\U01F40E` resolved.

    An unknown escape keeps its backslash, because patterns such as `\s` are written in one.
    """

    def replacement(found: re.Match[str]) -> str:
        high, low, short, long, plain = found.groups()
        if high:
            return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
        if short or (long and int(long, 16) < 0x110000):
            # Half of a surrogate pair is no character; it could neither be written nor stored.
            code = int(short or long, 16)
            return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
        return SIMPLE.get(plain, found[0])

    return ESCAPE.sub(replacement, text)


def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of a text, closed by an END token. FeelSyntaxError for an unclosed string."""
    if len(text) > MAX_LENGTH:
        raise FeelSyntaxError(reason("表达式超过 {limit} 个字符", limit=MAX_LENGTH), "", 0)
    tokens = []
    for found in TOKEN.finditer(text):
        group = found.lastgroup or ""
        if group == "space":
            continue
        part, start = found[0], found.start()
        if part == '"':
            raise FeelSyntaxError(reason("字符串缺少结尾的引号"), text, start)
        value = ""
        if group in ("string", "at"):
            value = unescape(part[part.index('"') + 1 : -1])
        tokens.append(Token(Kind(group), part, start, found.end(), value))
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tuple(tokens)


@lru_cache(maxsize=8192)
def name_parts(name: str) -> tuple[str, ...]:
    """The texts of a name's tokens, by which it is recognised; empty for what is no name."""
    if '"' in name or len(name) > 500:
        return ()
    return tuple(token.text for token in tokenize(name)[:-1])
