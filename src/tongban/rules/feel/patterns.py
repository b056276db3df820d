r"""Regular expressions of XPath and XQuery Functions 3.1 (5.6.1), which FEEL uses, made safe.

The expression is read completely and written anew for the `regex` engine, so only what the
standard defines reaches it; matching stops after a fixed time (docs/decisions/feel-patterns.md).
"""

from functools import lru_cache

import regex

from tongban.rules.problems import Reason, RuleError, reason

ESCAPED = "nrt\\|.-^?*+{}()[]$"
CONTROL = {"n": "\\n", "r": "\\r", "t": "\\t"}
CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"\t\n\r\x20",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{N}\p{M}._:\-\u00b7",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
}
MAX_PATTERN = 10_000
MAX_WEIGHT = 20_000
QUANTIFIER = regex.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
PROPERTY = regex.compile(r"\{([A-Za-z0-9\-]+)\}")


class PatternError(RuleError):
    """The text is not a regular expression of the standard."""


class Translator:
    """Reads one expression from left to right."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = flags
        self.index = 0
        self.groups = 0
        self.open_groups: list[int] = []
        self.written: list[str] = []
        self.weights = [0]

    def translate(self) -> str:
        """The same expression for the engine."""
        while self.index < len(self.text):
            atom = self._atom()
            quantifier = self._quantifier() if self._repeatable(atom) else ""
            self._weigh(atom, quantifier)
            self.written.append(atom + quantifier)
        if self.open_groups:
            raise self._bad()
        return "".join(self.written)

    def _weigh(self, atom: str, quantifier: str) -> None:
        # The engine writes counted repetitions out, so nested ones would fill the memory.
        if atom in ("(", "(?:"):
            self.weights.append(1)
            return
        weight = self.weights.pop() if atom == ")" else 1
        counts = [int(count) for count in regex.findall(r"\d+", quantifier)]
        self.weights[-1] += weight * max(1, *counts, 0)
        if self.weights[-1] > MAX_WEIGHT:
            raise PatternError(reason("正则表达式“{pattern}”过于复杂", pattern=self.text))

    def _bad(self) -> PatternError:
        why: Reason = reason("“{pattern}”不是有效的正则表达式", pattern=self.text)
        return PatternError(why)

    @staticmethod
    def _repeatable(atom: str) -> bool:
        return atom not in ("(", "(?:", "|") and not atom.startswith(r"(?:^") and atom != r"\A"

    def _next(self) -> str:
        if self.index >= len(self.text):
            raise self._bad()
        self.index += 1
        return self.text[self.index - 1]

    def _atom(self) -> str:
        char = self._next()
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._set()
        if char in "()":
            return self._group(char)
        if char in "?*+{}]":
            raise self._bad()
        if char in ".^$|":
            return self._special(char)
        return regex.escape(char, special_only=False)

    def _special(self, char: str) -> str:
        if char == ".":
            return "(?s:.)" if "s" in self.flags else r"[^\n\r]"
        if char == "|":
            return char
        if "m" in self.flags:
            return "(?m:^)" if char == "^" else "(?m:$)"
        return r"\A" if char == "^" else r"\Z"

    def _group(self, char: str) -> str:
        if char == ")":
            if not self.open_groups:
                raise self._bad()
            self.open_groups.pop()
            return ")"
        if self.text.startswith("?", self.index):
            if not self.text.startswith("?:", self.index):
                raise self._bad()
            self.index += 2
            self.open_groups.append(0)
            return "(?:"
        self.groups += 1
        self.open_groups.append(self.groups)
        return "("

    def _quantifier(self) -> str:
        rest = self.text[self.index : self.index + 1]
        found = QUANTIFIER.match(self.text, self.index) if rest == "{" else None
        if found:
            quantifier = found[0]
        elif rest and rest in "?*+":
            quantifier = rest
        else:
            return ""
        self.index += len(quantifier)
        if self.text.startswith("?", self.index):
            self.index += 1
            quantifier += "?"
        return quantifier

    def _escape(self) -> str:
        char = self._next()
        if char.isascii() and char.isdigit():
            return self._reference(char)
        if char in "SICW":
            return f"[^{CLASSES[char.lower()]}]"
        if char in CLASSES or char in "pP":
            return f"[{self._class(char)}]"
        return self._literal(char)

    def _reference(self, digit: str) -> str:
        number = int(digit)
        while self.text[self.index : self.index + 1].isdigit():
            longer = number * 10 + int(self.text[self.index])
            if longer > self.groups:
                break
            number = longer
            self.index += 1
        if not 0 < number <= self.groups or number in self.open_groups:
            raise self._bad()
        return f"(?:\\{number})"

    def _literal(self, char: str) -> str:
        if char not in ESCAPED:
            raise self._bad()
        return CONTROL.get(char) or regex.escape(char, special_only=False)

    def _class(self, char: str) -> str:
        if char not in "pP":
            return CLASSES[char]
        found = PROPERTY.match(self.text, self.index)
        if not found:
            raise self._bad()
        self.index = found.end()
        name = found[1]
        if name.startswith("Is"):
            name = f"In{name[2:]}"
        return f"\\{char}{{{name}}}"

    def _set(self) -> str:
        negated = self.text.startswith("^", self.index)
        self.index += negated
        parts: list[str] = []
        minus = ""
        while True:
            char = self._next()
            if char == "]":
                break
            if char == "-" and self.text.startswith("[", self.index):
                self.index += 1
                minus = self._set()
                if self._next() != "]":
                    raise self._bad()
                break
            parts.append(self._member(char))
        if not parts:
            raise self._bad()
        body = f"[{'^' if negated else ''}{''.join(parts)}]"
        return f"[{body}--{minus}]" if minus else body

    def _member(self, char: str) -> str:
        if char == "[":
            raise self._bad()
        if char == "\\":
            char = self._next()
            if char in "SICW":
                return f"[^{CLASSES[char.lower()]}]"
            if char in CLASSES or char in "pP":
                return self._class(char)
            start = self._literal(char)
        else:
            start = regex.escape(char, special_only=False)
        following = self.text[self.index : self.index + 2]
        if following[:1] != "-" or following[1:] in ("]", "[", ""):
            return start
        self.index += 1
        last = self._next()
        if last == "\\":
            return f"{start}-{self._literal(self._next())}"
        return f"{start}-{regex.escape(last, special_only=False)}"


def _without_space(text: str) -> str:
    depth, kept, index = 0, [], 0
    while index < len(text):
        char = text[index]
        if char == "\\" and depth:
            kept.append(text[index : index + 2])
            index += 2
            continue
        depth += (char == "[") - (char == "]")
        if depth > 0 or char not in " \t\n\r":
            kept.append(char)
        index += 1
    return "".join(kept)


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> "regex.Pattern[str]":
    """The pattern for the engine. PatternError when pattern or flags are not of the standard."""
    if len(pattern) > MAX_PATTERN or any(flag not in "smixq" for flag in flags):
        raise PatternError(reason("正则表达式的标志“{flags}”无效", flags=flags))
    options = regex.V1 | (regex.IGNORECASE if "i" in flags else 0)
    if "q" in flags:
        return regex.compile(regex.escape(pattern, special_only=False), options)
    text = _without_space(pattern) if "x" in flags else pattern
    try:
        return regex.compile(Translator(text, flags).translate(), options)
    except (regex.error, RecursionError, OverflowError):
        raise PatternError(reason("“{pattern}”不是有效的正则表达式", pattern=pattern)) from None
