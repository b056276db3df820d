"""Rules about the code itself. Each one is shown to fail on a planted violation."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tongban"
NOT_MODULES = {"foundation", "rules", "main", "channels", "locale", "__pycache__"}
MODULES = sorted(
    folder.name for folder in SOURCE.iterdir() if folder.is_dir() and folder.name not in NOT_MODULES
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
FILE_MAX, FUNCTION_MAX, PARAMETERS_MAX = 400, 50, 5


def python_files(source: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(source.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def too_long(source: Path) -> list[str]:
    found = []
    for file, tree in python_files(source):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > FILE_MAX:
            found.append(f"{file}: {lines} lines")
        found += [
            f"{file}: {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
            for node in functions(tree)
            if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_MAX
        ]
    return found


def crowded(source: Path) -> list[str]:
    """Public functions with more parameters than a reader keeps in mind, or unnamed ones."""
    found = []
    for file, tree in python_files(source):
        for node in functions(tree):
            positional = len(node.args.posonlyargs) + len(node.args.args)
            if node.name.startswith("_") or node.name == "__init__":
                continue
            if positional > PARAMETERS_MAX:
                found.append(f"{file}: {node.name} takes {positional} positional parameters")
    return found


def badly_named(source: Path) -> list[str]:
    return [str(path) for path in source.rglob("*") if path.stem in FORBIDDEN_NAMES]


def permitting_everyone(source: Path, module: str) -> list[str]:
    """Commands (functions that take a Work) that never ask whether the actor may."""
    place = source / module
    files = [place / "commands.py", *sorted((place / "commands").glob("*.py"))]
    found = []
    for file in (file for file in files if file.exists()):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            takes_work = node.args.args and node.args.args[0].arg == "work"
            asks = re.search(r"\.must(_hold)?\(|# Permits everyone: ", ast.unparse(node))
            reason = "Permits everyone:" in (ast.get_docstring(node) or "")
            if takes_work and not asks and not reason and not _delegates(node):
                found.append(f"{module}.{node.name}")
    return found


def _delegates(node: ast.FunctionDef) -> bool:
    """Asking through a private function of the same file is asking, if its name says so."""
    return bool(
        re.search(r"\b_?(permit\w*|must\w*|locked\w*|lock_\w+|_begin\w*)\(", ast.unparse(node))
    )


def foreign_tables(source: Path, module: str, modules: list[str]) -> list[str]:
    others = "|".join(sorted({*modules, "foundation"} - {module}))
    found = []
    for file in sorted((source / module).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.search(
                    rf"\b(?:from|join|into|update)\s+({others})\.(?!published_)\w+(?!\w*\()",
                    node.value,
                )
                if match:
                    found.append(f"{file.name}: {match[0]}")
    return found


def around_the_face(package: str, modules: list[str]) -> list[str]:
    graph = grimp.build_graph(package, cache_dir=None)
    found = []
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            parts, own = imported.split("."), importer.split(".")
            if len(parts) < 3 or parts[1] not in modules or own[1:2] == parts[1:2]:
                continue
            allowed = parts[2] == "events" or importer == f"{package}.main.wiring"
            if not allowed:
                found.append(f"{importer} reaches into {imported}; use {package}.{parts[1]}")
    return found


def test_no_file_and_no_function_is_too_long() -> None:
    assert too_long(SOURCE) == []


def test_functions_take_few_parameters() -> None:
    assert crowded(SOURCE) == []


def test_no_room_is_a_lumber_room() -> None:
    assert badly_named(SOURCE) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_command_asks_for_permission(module: str) -> None:
    assert permitting_everyone(SOURCE, module) == []


@pytest.mark.parametrize("module", MODULES)
def test_sql_names_only_tables_of_its_own_module(module: str) -> None:
    assert foreign_tables(SOURCE, module, MODULES) == []


def test_modules_are_entered_only_through_their_face() -> None:
    assert around_the_face("tongban", MODULES) == []


def test_foreign_keys_point_downwards() -> None:
    order = [
        "foundation", "identity", "rulebook", "catalogue", "documents", "process", "cases", "halls",
        "bundles", "supervision", "evaluation",
    ]  # fmt: skip
    for file in sorted((ROOT / "migrations").glob("*.sql")):
        owner = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if made := re.match(r"create table (\w+)\.", line):
                owner = made[1]
            if pointed := re.search(r"references (\w+)\.", line):
                assert order.index(pointed[1]) <= order.index(owner), f"{file.name}: {line}"


# Planted violations: a rule that cannot fail protects nothing.


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small copy of the house, into which violations are planted."""
    source = tmp_path / "plantedhouse"
    for name in ("", "identity", "cases", "main"):
        (source / name).mkdir(parents=True, exist_ok=True)
        (source / name / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    return source


def test_a_long_file_and_a_long_function_are_found(planted: Path) -> None:
    (planted / "cases" / "model.py").write_text("def f():\n" + "    pass\n" * 401)
    assert len(too_long(planted)) == 2


def test_a_crowded_function_is_found(planted: Path) -> None:
    (planted / "cases" / "model.py").write_text("def f(a, b, c, d, e, g): ...\n")
    assert len(crowded(planted)) == 1


def test_a_lumber_room_is_found(planted: Path) -> None:
    (planted / "cases" / "utils.py").write_text("")
    assert len(badly_named(planted)) == 1


def test_a_command_without_permission_is_found(planted: Path) -> None:
    (planted / "cases" / "commands.py").write_text("def accept(work, *, number): work.run('')\n")
    assert permitting_everyone(planted, "cases") == ["cases.accept"]


def test_sql_into_another_module_is_found(planted: Path) -> None:
    (planted / "cases" / "queries.py").write_text('SQL = "select * from identity.person"\n')
    assert len(foreign_tables(planted, "cases", ["identity", "cases"])) == 1


def test_an_import_around_the_face_is_found(planted: Path) -> None:
    (planted / "identity" / "store.py").write_text("")
    (planted / "cases" / "queries.py").write_text("from plantedhouse.identity import store\n")
    assert len(around_the_face("plantedhouse", ["identity", "cases"])) == 1


def test_an_import_upwards_breaks_a_contract(tmp_path: Path) -> None:
    copied = tmp_path / "src" / "tongban"
    shutil.copytree(
        SOURCE, copied, ignore=shutil.ignore_patterns("__pycache__", "*.html", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (copied / "identity" / "planted.py").write_text("from tongban import cases\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "tongban.identity" in done.stdout
    assert "tongban.cases" in done.stdout
