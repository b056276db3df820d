"""What a model declares about names: their types, and the limits that types set to values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongban.rules.dmn.engine import Model
from tongban.rules.dmn.model import ItemDefinition
from tongban.rules.feel import ast
from tongban.rules.feel.types import ANY, ContextOf, FeelType

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations of one model."""

    model: Model

    @property
    def items(self) -> Mapping[str, ItemDefinition]:
        """The types that the model itself declares."""
        return {item.name: item for item in self.model.definitions.items}

    def type(self, reference: str) -> FeelType:
        """The type that a reference means; Any where there is none such."""
        return self.model.types.resolve(reference) or ANY

    def names(self, references: tuple[str, ...]) -> dict[str, FeelType]:
        """What an element may refer to, by name; an import is a context of its elements."""
        found: dict[str, FeelType] = {}
        imported: dict[str, list[tuple[str, FeelType]]] = {}
        for reference in references:
            edge = self.model.reference(reference)
            if edge is None:
                continue
            qualifier, node = edge
            if qualifier:
                imported.setdefault(qualifier, []).append((node.name, node.type))
            else:
                found[node.name] = node.type
        for qualifier, entries in imported.items():
            found[qualifier] = ContextOf("context", tuple(entries))
        return found

    def limits(self, reference: str) -> Iterator[str]:
        """The tests that values of a type must pass, as they are written."""
        for item in self._chain(self.items.get(reference.rpartition(":")[2])):
            yield from (text for text in (item.allowed_values, item.type_constraint) if text)

    def limits_at(self, tree: ast.Node) -> Iterator[str]:
        """The same for what an expression leads to, if it is a name or a path."""
        for item in self._chain(self._item_at(tree)):
            yield from (text for text in (item.allowed_values, item.type_constraint) if text)

    def _chain(self, item: ItemDefinition | None) -> Iterator[ItemDefinition]:
        """A type and those that it is made from, as long as values stay the same."""
        for _ in range(DEEPEST):
            if item is None or item.is_collection or item.components:
                return
            yield item
            item = self.items.get(item.type_ref.rpartition(":")[2])

    def _item_at(self, tree: ast.Node) -> ItemDefinition | None:
        if isinstance(tree, ast.Name):
            return self.items.get(self._reference(tree.name).rpartition(":")[2])
        if not isinstance(tree, ast.Path):
            return None
        source = self._item_at(tree.source)
        for _ in range(DEEPEST):
            if source is None or source.is_collection:
                return None
            if source.components:
                parts = (part for part in source.components if part.name == tree.name)
                return next(parts, None)
            source = self.items.get(source.type_ref.rpartition(":")[2])
        return None

    def _reference(self, name: str) -> str:
        known = self.model.definitions
        variables = [one.variable for one in known.inputs]
        variables += [one.variable for one in known.decisions]
        for variable in variables:
            if variable.name == name:
                return variable.type_ref
        return ""

    def parts(self, reference: str) -> Mapping[str, str]:
        """The type of each component of a type, as it is written."""
        item = self.items.get(reference.rpartition(":")[2])
        return {part.name: part.type_ref for part in item.components} if item else {}
