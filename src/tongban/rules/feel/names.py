"""Names in force: the longest known name that begins at a token (DMN 1.5, 10.3.1.2, rule 27)."""

from collections.abc import Iterable, Sequence

from tongban.rules.feel.tokens import Token, name_parts

KEYWORDS = frozenset(
    {
        *("true", "false", "null", "if", "then", "else", "for", "return", "in", "some", "every"),
        *("satisfies", "between", "and", "or", "not", "instance", "of", "function", "external"),
    }
)


class Names:
    """A set of names, found by their first token."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        parts = name_parts(name)
        if not parts or (len(parts) == 1 and parts[0] in KEYWORDS):
            return
        known = self._by_first.setdefault(parts[0], [])
        if (parts, name) not in known:
            known.append((parts, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: Sequence[Token], start: int) -> tuple[str, int]:
        """The longest name from `start` and how many tokens it takes; ("", 0) if there is none."""
        for parts, name in self._by_first.get(tokens[start].text, ()):
            end = start + len(parts)
            if end > len(tokens):
                continue
            if all(parts[i] == tokens[start + i].text for i in range(1, len(parts))):
                return name, len(parts)
        return "", 0
