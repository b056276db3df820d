"""Documents that the code writes or that must agree with it."""

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from starlette.routing import BaseRoute, Mount, Route

from snapshot import ROOT, assert_same
from tongban.foundation import events
from tongban.foundation.errors import Refusal
from tongban.foundation.messages import LANGUAGES, SOURCE, catalogue
from tongban.main.app import ROUTES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACES = re.compile(r"{(\w*)[^}]*}")


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield kind
    for below in kind.__subclasses__():
        yield from refusals(below)


def said_in_templates_and_code() -> set[str]:
    found = set()
    for _, _, message, _, _ in extract_from_dir(
        ROOT / "src" / "tongban",
        method_map=[("**.html", "jinja2"), ("**.py", "python")],
        keywords={
            "_": None,
            "gettext": None,
            "ngettext": (1, 2),
            "translate": None,
            "Problem": (2,),
        },
    ):
        texts = message if isinstance(message, tuple) else (message,)
        found |= {text for text in texts if text and CHINESE.search(text)}
    return found


def test_everything_said_to_people_has_an_english_translation() -> None:
    ours = {one.message for one in refusals() if one.__module__.startswith("tongban.")}
    said = said_in_templates_and_code() | ours
    for language in set(LANGUAGES) - {SOURCE}:
        missing = sorted(said - catalogue(language).keys())
        assert missing == [], f"{len(missing)} messages without {language}"


def test_translations_keep_the_places_of_their_messages() -> None:
    for language in set(LANGUAGES) - {SOURCE}:
        for source, translation in catalogue(language).items():
            assert set(PLACES.findall(source)) == set(PLACES.findall(translation)), source


def two_translations(folder: Path) -> dict[str, set[str]]:
    """Return the messages to which the catalogues of a language give more than one translation."""
    found: dict[str, set[str]] = {}
    for file in folder.glob("*.po"):
        for entry in read_po(file.open("rb")):
            if entry.id:
                found.setdefault(str(entry.id), set()).add(str(entry.string))
    return {message: said for message, said in found.items() if len(said) > 1}


def test_no_message_has_two_translations() -> None:
    for language in set(LANGUAGES) - {SOURCE}:
        assert two_translations(ROOT / "src/tongban/locale" / language) == {}


def test_a_second_translation_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text('msgid "时间"\nmsgstr "Time"\n', "utf-8")
    (tmp_path / "b.po").write_text('msgid "时间"\nmsgstr "a time"\n', "utf-8")
    assert two_translations(tmp_path) == {"时间": {"Time", "a time"}}


def flattened(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, Route]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from flattened(list(route.routes or []), prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + route.path, route


def test_the_list_of_pages_and_who_may_use_them_is_current() -> None:
    lines = []
    for path, route in flattened(ROUTES):
        permit = getattr(route.endpoint, "permit", None)
        if path.startswith("/api/v1") and permit is None:
            permit = "see /api/v1/openapi.json"
        assert permit, f"{path} names no permission"
        method = min((route.methods or {"GET"}) - {"HEAD"})
        lines.append(f"{method:7}{path:56}{permit}")
    assert_same("\n".join([*sorted(lines), ""]), "docs/reference/pages.txt")


def test_the_list_of_events_is_current() -> None:
    lines = ["# Events", "", "Written by a test. Topic, version, fields.", ""]
    for topic, event in sorted(events.registered().items()):
        if event.__module__.startswith("tongban."):
            fields = ", ".join(getattr(event, "__dataclass_fields__", {}))
            lines.append(f"- `{topic}` v{event.version}: {fields}")
    assert_same("\n".join([*lines, ""]), "docs/reference/events.md")


def test_every_runtime_dependency_has_a_decision_record() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    records = "\n".join(
        file.name + file.read_text(encoding="utf-8")
        for file in (ROOT / "docs" / "decisions").glob("*.md")
    ).lower()
    for dependency in project["project"]["dependencies"]:
        name = re.split(r"[\[<>=~ ]", dependency)[0].lower()
        assert name in records, f"{name} has no decision record"


def test_no_document_names_a_place_that_users_do_not_have() -> None:
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = file.read_text(encoding="utf-8")
        assert "../shared" not in text, file
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            assert (file.parent / target).exists(), f"{file.name} points to {target}"


def test_every_name_in_the_glossary_exists() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:\w+\.)+\w+)`", text):
        parts = name.split(".")
        found: object = None
        for length in range(len(parts), 0, -1):
            try:
                found = importlib.import_module("tongban." + ".".join(parts[:length]))
            except ModuleNotFoundError:
                continue
            for part in parts[length:]:
                found = getattr(found, part, None)
            break
        assert found is not None, f"{name} is in the glossary but not in the code"
