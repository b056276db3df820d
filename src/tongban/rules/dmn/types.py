"""The types that a model declares (DMN 1.5, 7.3.2), as types of FEEL with their constraints."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tongban.rules.budget import Run
from tongban.rules.dmn.model import ItemDefinition
from tongban.rules.feel.compile import Compiler
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse_type, parse_unary_tests
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.types import (
    ANY,
    BY_NAME,
    Constrained,
    ContextOf,
    FeelType,
    FunctionOf,
    ListOf,
)
from tongban.rules.feel.values import Value
from tongban.rules.feel.walk import mentions
from tongban.rules.problems import FeelSyntaxError, RuleError

Complain = Callable[[str, RuleError], None]


class TypeBook(Mapping[str, FeelType]):
    """All types by name; those of an import as `import.name`."""

    def __init__(
        self,
        items: Iterable[ItemDefinition],
        imported: Mapping[str, FeelType],
        complain: Complain,
    ) -> None:
        self._items = {item.name: item for item in items}
        self._complain = complain
        self._made = {name: found for name, found in imported.items() if name not in self._items}
        self._making: set[str] = set()
        for name in self._items:
            self._declared(name)

    def __getitem__(self, name: str) -> FeelType:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def resolve(self, reference: str) -> FeelType | None:
        """The type that a `typeRef` means; Any where there is none, None where it is unknown."""
        if not reference:
            return ANY
        name = reference.rpartition(":")[2] if "<" not in reference else reference
        found = self._declared(name) or BY_NAME.get(name)
        if found is None and "<" in name:
            return self._expression(name)
        return found

    def allowed(self, reference: str) -> str:
        """The allowed values of a declared type, as unary tests; empty where there are none."""
        found = self.resolve(reference)
        while isinstance(found, ListOf):
            found = found.of
        return found.tests if isinstance(found, Constrained) else ""

    def _expression(self, text: str) -> FeelType | None:
        try:
            node = parse_type(text, Vocabulary(types=Names(self._made)))
        except FeelSyntaxError:
            return None
        return Compiler(self).type(node)

    def _declared(self, name: str) -> FeelType | None:
        if name in self._made or name not in self._items:
            return self._made.get(name)
        if name in self._making:
            # A type may contain itself; inside itself it admits anything.
            return ANY
        self._making.add(name)
        self._made[name] = self._build(self._items[name])
        self._making.discard(name)
        return self._made[name]

    def _build(self, item: ItemDefinition, siblings: "Siblings | None" = None) -> FeelType:
        found = self._structure(item)
        if item.allowed_values:
            found = self._constrain(item, found, item.allowed_values, siblings)
        if item.is_collection:
            found = ListOf(item.name, found)
        if item.type_constraint:
            found = self._constrain(item, found, item.type_constraint, siblings)
        return found

    def _structure(self, item: ItemDefinition) -> FeelType:
        if item.components:
            siblings = Siblings(tuple(part.name for part in item.components))
            entries = tuple((part.name, self._build(part, siblings)) for part in item.components)
            whole = ContextOf(item.name, entries)
            return Constrained(item.name, whole, siblings.agree) if siblings.tests else whole
        if item.function is not None:
            parameters = tuple(self.resolve(ref) or ANY for _, ref in item.function.parameters)
            return FunctionOf(item.name, parameters, self.resolve(item.function.result) or ANY)
        return self.resolve(item.type_ref) or ANY

    def _constrain(
        self, item: ItemDefinition, found: FeelType, tests: str, siblings: "Siblings | None"
    ) -> FeelType:
        near = siblings.names if siblings is not None else ()
        vocabulary = Vocabulary(Names(near), Names(near), Names(self._made))
        try:
            node = parse_unary_tests(tests, vocabulary)
        except FeelSyntaxError as error:
            self._complain(item.name, error)
            return found
        code = Compiler(self, frozenset(near)).compile(node)
        if siblings is not None and any(mentions(node, name) for name in near):
            each = item.is_collection and tests == item.allowed_values
            siblings.tests.append((item.name, code, each))
            return found

        def passes(value: Value) -> bool:
            return code(Env(Run(), {"?": value})) is True

        return Constrained(item.name, found, passes, tests)


@dataclass(slots=True)
class Siblings:
    """The components of one structure, and the tests of some that look at the others (7.3.3)."""

    names: tuple[str, ...]
    tests: list[tuple[str, Code, bool]] = field(default_factory=list)

    def agree(self, entries: Value) -> bool:
        """Whether all components of a structure pass; one that is null does."""
        run = Run()
        return all(
            value is None or code(Env(run, {**entries, "?": value})) is True
            for name, code, each in self.tests
            for value in _values(entries.get(name), each)
        )


def _values(value: Value, each: bool) -> list[Value]:
    return value if each and type(value) is list else [value]


def property_names(items: Iterable[ItemDefinition]) -> Iterator[str]:
    """The names of all components, at any depth."""
    for item in items:
        for part in item.components:
            yield part.name
        yield from property_names(item.components)


def completed(value: Value, wanted: FeelType) -> Value:
    """The value with null for each component that was not given, so that a part may be missing."""
    if isinstance(wanted, Constrained):
        return completed(value, wanted.of)
    if isinstance(wanted, ListOf) and type(value) is list:
        return [completed(item, wanted.of) for item in value]
    if isinstance(wanted, ContextOf) and type(value) is dict:
        known = {name: completed(value.get(name), entry) for name, entry in wanted.entries}
        return {**value, **known}
    return value
