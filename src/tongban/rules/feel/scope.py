"""What names mean while an expression is evaluated."""

from collections.abc import Callable, Mapping

from tongban.rules.budget import Run
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.values import Value


class Env:
    """One scope; the outer ones are behind it."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, run: Run, values: Mapping[str, Value], parent: "Env | None" = None) -> None:
        self.run = run
        self.values = values
        self.parent = parent

    def inner(self, values: Mapping[str, Value]) -> "Env":
        """A scope inside this one."""
        return Env(self.run, values, self)

    def lookup(self, name: str) -> Value:
        """The value of a name; null with a reason when nothing has that name."""
        env: Env | None = self
        while env is not None:
            values = env.values
            if name in values:
                found = values[name]
                if found is None:
                    self.run.lacks(name)
                return found
            env = env.parent
        found = BUILTINS.get(name)
        if found is None:
            self.run.lacks(name)
            self.run.note("没有名为“{name}”的数据", name=name)
        return found


Code = Callable[[Env], Value]
