"""Everything that analysis and explanation say can be said in English, with the same places."""

import ast
import re
from importlib.resources import files
from pathlib import Path

from babel.messages.pofile import read_po

import tongban.rules.analysis
import tongban.rules.explanation
from tongban.rules.analysis import translator

BETWEEN = {"且", "或", "、", "，", "；"}


def said() -> set[str]:
    found = set(BETWEEN)
    for package in (tongban.rules.analysis, tongban.rules.explanation):
        for file in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    first, function = node.args[0], node.func
                    named = isinstance(function, ast.Name) and function.id == "words"
                    if named and isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[:}]", text))


def test_every_sentence_has_a_translation_that_uses_known_places_only() -> None:
    english = translator("en")
    spoken = said()
    assert len(spoken) > 100
    for message in spoken:
        translated = english(message)
        assert translated != message or not re.search(r"[\u4e00-\u9fff]", message), message
        assert places(translated) == places(message), message


def test_no_translation_disturbs_another_module() -> None:
    folder = files("tongban") / "locale" / "en"
    known: dict[str, str] = {}
    with (folder / "rules_analysis.po").open("rb") as stream:
        own = {str(m.id): str(m.string) for m in read_po(stream) if m.id}
    for file in folder.iterdir():
        if file.name not in ("rules_analysis.po", "rules.po"):
            with file.open("rb") as stream:
                known |= {str(m.id): str(m.string) for m in read_po(stream) if m.id}
    assert {message for message in own if known.get(message, own[message]) != own[message]} == set()
