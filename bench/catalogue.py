"""Searching a catalogue: how often the right service is found, how fast, in how much memory.

    make bench-catalogue                                     a hundred thousand local items
    make bench-catalogue REGIONS=300                         a million of them
    make bench-catalogue ITEMS=items.csv ASKED=asked.csv     real services and questions too
    make bench-catalogue GUIDES=guides.jsonl                 our questions about another place

The same questions go to PostgreSQL full text and to SQLite FTS5 in the same run, for quality and
for time, over the same texts. Pinyin, initials, a character that sounds the same, one left out and
two exchanged are made from the questions. Times are wall clock and CPU.
"""

import argparse
import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from catalogue_scale import Size, scale
from quality import Question, compare

from tongban.catalogue.model.index import data
from tongban.catalogue.model.index.document import Document
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import postgres, wiring
from tongban.main.migrate import migrate

HERE = Path(__file__).parent
NAMES = 3400
ACTIONS = ("", "（变更）", "（注销）", "（补办）", "（延续）")


def names() -> list[tuple[str, str]]:
    """Return names of services and the names of their main items, from our own list of services."""
    known = dict.fromkeys(name for entry in data.everyday() for name in entry.official)
    made = [(name + action, name) for action in ACTIONS for name in known]
    return list(dict.fromkeys(made))[:NAMES]


def generated() -> tuple[list[Document], list[Question]]:
    documents = [Document(i, name, main) for i, (name, main) in enumerate(names())]
    return documents, of_file("questions.tsv", documents)


def of_file(name: str, documents: Sequence[Document], *, half: str = "") -> list[Question]:
    """Return the questions of one of our files that have an answer among these services."""
    asked = []
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    for text, pattern in (row.split("\t") for row in rows):
        right = frozenset(d.name for d in documents if re.search(pattern, d.name))
        if right and half in ("", _half(text)):
            asked.append(Question(text, right))
    return asked


def fresh(place: str, documents: Sequence[Document], *, half: str) -> list[Question]:
    """Return one half of the questions for services drawn by lot: of a city, of a province."""
    rows = (HERE / "fresh_questions.tsv").read_text(encoding="utf-8").splitlines()
    return [
        Question(text, frozenset(d.name for d in documents if re.search(pattern, d.name)))
        for which, text, pattern in (row.split("\t") for row in rows)
        if which == place and _half(text) == half
    ]


def real(items: Path, asked: Path, *, half: str) -> tuple[list[Document], list[Question]]:
    """Return real services, and the questions of one half: tuning, test."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with items.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            groups[row["item_name"], row["catalog_name"]].append(row)
    documents: list[Document] = []
    name_of: dict[str, str] = {}
    for key, ((name, main), rows) in enumerate(groups.items()):
        said = {w.strip() for r in rows for w in (*r["daily_terms"].split("|"), r["short_name"])}
        departments = tuple(sorted({row["dept_name"] for row in rows}))
        documents.append(Document(key, name, main, tuple(sorted(said - {""})), departments))
        name_of |= {row["task_code"]: name for row in rows}
    with asked.open(encoding="utf-8-sig", newline="") as file:
        questions = [
            Question(
                r["query"],
                frozenset(name_of[c] for c in r["gold_task_codes"].split("|")),
                r["kind"],
            )
            for r in csv.DictReader(file)
            if _half(r["query"]) == half
        ]
    return documents, questions


def elsewhere(guides: Path, *, half: str) -> tuple[list[Document], list[Question]]:
    """Return the real guides of another place, and one half of our own questions about them."""
    found: dict[tuple[str, str], Document] = {}
    for line in guides.read_text(encoding="utf-8").splitlines():
        guide = json.loads(line)
        name, main = guide["name"], guide.get("parent_name") or ""
        department = (guide["department"],)
        found.setdefault((name, main), Document(len(found), name, main, (), department))
    documents = list(found.values())
    return documents, of_file("city_questions.tsv", documents, half=half)


def _half(text: str) -> str:
    return "test" if hashlib.sha256(text.encode()).digest()[0] % 2 else "tuning"


def compare_real(url: str, items: Path, asked: Path) -> None:
    for half in ("tuning", "test"):
        services, asked_for = real(items, asked, half=half)
        compare(f"real, {half} half", services, asked_for, url)
        bare = [replace(service, aliases=()) for service in services]
        compare(f"real, {half} half, no everyday words", bare, asked_for, url)
        drawn = fresh("province", services, half=half)
        compare(f"real, drawn by lot, {half} half", services, drawn, url)
    held_out = of_file("held_out_questions.tsv", services)
    compare("real, held out", services, held_out, url)
    compare("real, held out, no everyday words", bare, held_out, url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=30, help="counties; 300 make a million")
    parser.add_argument("--imported", type=int, default=34_000, help="items read from a table")
    parser.add_argument("--items", type=Path, help="real services as a table of Guangdong")
    parser.add_argument("--guides", type=Path, help="guides of another place, as JSON lines")
    parser.add_argument("--asked", type=Path, help="what people asked for them")
    parser.add_argument("--only-quality", action="store_true", help="nothing of time and memory")
    told = parser.parse_args()
    documents, asked = generated()
    with postgres.throwaway() as running:
        migrate(running.url("tongban_owner"))
        url = running.url("postgres")
        with psycopg.connect(url) as connection:
            wiring.prepare(Work(connection, actor=SYSTEM, now=datetime.now(UTC)))
        compare("generated", documents, asked, url)
        if told.items and told.asked:
            compare_real(url, told.items, told.asked)
        if told.guides:
            for half in ("tuning", "test"):
                guides, asked_there = elsewhere(told.guides, half=half)
                compare(f"elsewhere, {half} half", guides, asked_there, url)
                drawn = fresh("city", guides, half=half)
                compare(f"elsewhere, drawn by lot, {half} half", guides, drawn, url)
        if not told.only_quality:
            size = Size(regions=told.regions, imported=told.imported)
            scale(running, asked, names(), size)


if __name__ == "__main__":
    main()
