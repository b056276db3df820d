"""All built-in functions of DMN 1.5 (10.3.4). Importing the modules declares them."""

from tongban.rules.feel.builtins import (
    contexts,
    conversion,
    lists,
    numbers,
    ranges,
    strings,
    temporal,
)
from tongban.rules.feel.names import Names
from tongban.rules.feel.registry import OVERLOADS, assemble
from tongban.rules.feel.values import Builtin

DECLARED = (contexts, conversion, lists, numbers, ranges, strings, temporal)
BUILTINS: dict[str, Builtin] = {
    name: assemble(name, overloads) for name, overloads in OVERLOADS.items()
}
BUILTIN_NAMES = Names(BUILTINS)
