"""What the command line does with DMN files: check, evaluate, run the conformance kit."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tongban.rules.dmn.engine import Model, Result, load_model
from tongban.rules.dmn.read import read_definitions
from tongban.rules.dmn.scope import Problem
from tongban.rules.plain import facts_from_json
from tongban.rules.problems import ModelError, reason


def load_file(path: Path) -> Model:
    """The model of a file; imports are looked for among the `.dmn` files beside it.

    ModelError when the file is no DMN or its imports go round in a circle.
    """
    beside: dict[str, Path] = {}
    for other in sorted(path.parent.glob("*.dmn")):
        # A neighbour that cannot be read is no reason to refuse a file that may not need it.
        with suppress(ModelError):
            beside[read_definitions(other.read_bytes()).namespace] = other
    return _load(path, beside, ())


def _load(path: Path, beside: Mapping[str, Path], above: tuple[Path, ...]) -> Model:
    if path in above:
        raise ModelError(reason("模型互相引入，形成循环：{name}", name=path.name))
    data = path.read_bytes()
    wanted = [one.namespace for one in read_definitions(data).imports]
    imports = [_load(beside[one], beside, (*above, path)) for one in wanted if one in beside]
    return load_model(data, imports=imports)


def check_text(path: Path, *, translate: Callable[[str], str] = str) -> str:
    """A report of what in a file cannot work, one line for each problem."""
    model = load_file(path)
    if not model.problems:
        return translate("没有发现问题：{count} 个决策。").format(
            count=len(model.definitions.decisions)
        )
    return "\n".join(problem_line(problem, translate) for problem in model.problems)


def problem_line(problem: Problem, translate: Callable[[str], str] = str) -> str:
    """A problem with its place, as one line."""
    where = problem.element
    if problem.line:
        where += translate("（文件第 {line} 行）").format(line=problem.line)
    text = f"{where}：{problem.reason.text(translate)}"
    if problem.place is not None:
        place = translate("，在“{text}”的第 {line} 行第 {column} 列").format(
            text=problem.text, line=problem.place.line, column=problem.place.column
        )
        text += place
    return text


def evaluate_file(path: Path, decision: str, inputs: Mapping[str, object]) -> Result:
    """A decision of a file over facts as JSON has them. ModelError if there is none such."""
    model = load_file(path)
    return model.evaluate(decision, facts_from_json(model, inputs))
