"""How much a value holds. A part that occurs twice counts twice, as it does for its reader."""

from tongban.rules.budget import Run
from tongban.rules.feel.types import FeelType, coerce
from tongban.rules.feel.values import Value


def weigh(run: Run, value: Value) -> None:
    """Pay for reading a value completely. BudgetExceeded when it holds too much."""
    if type(value) not in (list, dict):
        return
    pending = [value]
    while pending:
        found = pending.pop()
        parts = found.values() if type(found) is dict else found
        run.spend(1 + len(found))
        pending.extend(part for part in parts if type(part) in (list, dict))


def fit(run: Run, value: Value, wanted: FeelType) -> Value:
    """The value as a type has it, or MISFIT, within the budget."""
    if wanted.name == "Any":
        return value
    weigh(run, value)
    return coerce(value, wanted)
