"""Of what a sheet is made: fields of a thing, and lists of its parts with fields of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. ``name`` is a path in the thing; ``kind`` text, area, lines, number,
    limit, truth (yes, no, not said), tick, choice, several (boxes), options, file,
    standard (a standard material, ticked or by its code) or answers (one for each question of the
    item). What is seldom needed (``more``) is folded away. ``choices`` are value and label, or
    what returns them, where an installation can add to them."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: Options | Callable[[], Options] = ()
    more: bool = False

    @property
    def options(self) -> Options:
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parts, each edited by the same fields; without a name a row is none.

    ``key`` is how keys of new parts begin, where parts have keys. ``prefix`` tells the lists of
    one sheet apart. ``parts`` and ``put`` are for what is no attribute of the thing. ``distinct``:
    no two may have the same name.
    """

    attribute: str
    make: Callable[..., Any]
    named: str
    label: str
    inputs: tuple[Input, ...]
    key: str = ""
    prefix: str = ""
    parts: Callable[[Any], Sequence[Any]] | None = None
    put: Callable[[Any, tuple[Any, ...]], Any] | None = None
    distinct: bool = False

    def of(self, thing: Any) -> Sequence[Any]:
        found: Sequence[Any] = self.parts(thing) if self.parts else getattr(thing, self.attribute)
        return found

    def into(self, thing: Any, parts: tuple[Any, ...]) -> Any:
        return self.put(thing, parts) if self.put else replace(thing, **{self.attribute: parts})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Fields of a thing (an item, or a step of it), and lists of its parts."""

    fields: tuple[Input, ...] = ()
    lists: tuple[Rows, ...] = ()


def chosen(name: str, label: str, options: dict[str, str]) -> Input:
    """Return a field where one of these is chosen."""
    return Input(name, label, "choice", "", tuple(options.items()))


def more(*inputs: Input) -> tuple[Input, ...]:
    """Fold fields away, because they are seldom needed."""
    return tuple(replace(one, more=True) for one in inputs)


def several(name: str, label: str, options: dict[str, str]) -> Input:
    """Return boxes of which several may be ticked."""
    return Input(name, label, "several", "", tuple(options.items()))
