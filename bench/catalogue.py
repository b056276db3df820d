"""Searching a catalogue: how often the right service is found, how fast, in how much memory.

    make bench-catalogue                                     a million generated local items
    make bench-catalogue ITEMS=items.csv ASKED=asked.csv     real services and questions too
    make bench-catalogue GUIDES=guides.jsonl             our questions about another place

The same questions go to PostgreSQL full text and to SQLite FTS5, both over pairs of neighbouring
characters of names and everyday words, any of which may match: the usual way without a Chinese
parser. Pinyin, initials, a character that sounds the same, one left out and two exchanged are made
from the questions. Times are wall clock and CPU.
"""

import argparse
import csv
import hashlib
import json
import random
import re
import resource
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from click import echo as say
from local_items import MAPPING, write_items
from pypinyin import lazy_pinyin

from tongban import catalogue
from tongban.catalogue.finding import live
from tongban.catalogue.finding.loading import follow, load
from tongban.catalogue.model.index import data
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.taking import learn_names, lexicon_of, take_apart
from tongban.catalogue.model.index.text import folded
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import install, postgres, wiring
from tongban.main.migrate import migrate

NAMES, FIRST = 3400, 20
ACTIONS = ("", "（变更）", "（注销）", "（补办）", "（延续）")
Ask = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    right: frozenset[str]


def names() -> list[tuple[str, str]]:
    """Return names of services and the names of their main items, from our own list of services."""
    known = dict.fromkeys(name for entry in data.everyday() for name in entry.official)
    made = [(name + action, name) for action in ACTIONS for name in known]
    return list(dict.fromkeys(made))[:NAMES]


def generated(folder: Path) -> tuple[list[Document], list[Question]]:
    documents = [Document(i, name, main) for i, (name, main) in enumerate(names())]
    rows = (folder / "questions.tsv").read_text(encoding="utf-8").splitlines()
    asked = []
    for text, pattern in (row.split("\t") for row in rows):
        right = frozenset(d.name for d in documents if re.search(pattern, d.name))
        if right:
            asked.append(Question(text, right))
    return documents, asked


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
            Question(r["query"], frozenset(name_of[c] for c in r["gold_task_codes"].split("|")))
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
    file = Path(__file__).parent / "city_questions.tsv"
    asked = []
    for text, pattern in (row.split("\t") for row in file.read_text("utf-8").splitlines()):
        right = frozenset(d.name for d in documents if re.search(pattern, d.name))
        if right and _half(text) == half:
            asked.append(Question(text, right))
    return documents, asked


def _half(text: str) -> str:
    return "test" if hashlib.sha256(text.encode()).digest()[0] % 2 else "tuning"


def kinds(asked: Sequence[Question], texts: Sequence[str]) -> Iterator[tuple[str, list[Question]]]:
    """Return the questions as they were asked, and as they might have been typed."""
    alike: dict[str, list[str]] = defaultdict(list)
    for character in sorted({c for text in texts for c in text if "一" <= c <= "鿿"}):
        alike[lazy_pinyin(character)[0]].append(character)

    def made(change: Callable[[str, random.Random], str], whole: bool) -> list[Question]:
        fit = [q for q in asked if len(q.text) > 2 and (not whole or _is_chinese(q.text))]
        return [Question(change(q.text, random.Random(q.text)), q.right) for q in fit]

    yield "as asked", list(asked)
    yield "pinyin", made(lambda text, _: "".join(lazy_pinyin(text)), True)
    yield "initials", made(lambda text, _: "".join(p[0] for p in lazy_pinyin(text)), True)
    yield "sounds the same", made(lambda text, dice: _alike(text, dice, alike), False)
    yield "one left out", made(_shorter, False)
    yield "two exchanged", made(_exchanged, False)


def _is_chinese(text: str) -> bool:
    return all("一" <= character <= "鿿" for character in text)


def _alike(text: str, dice: random.Random, alike: dict[str, list[str]]) -> str:
    at = dice.randrange(len(text))
    others = [c for c in alike[lazy_pinyin(text[at])[0]] if c != text[at]]
    return text[:at] + dice.choice(others) + text[at + 1 :] if others else text


def _shorter(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _exchanged(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def ours(documents: Sequence[Document]) -> Ask:
    learn_names(documents)
    read = [take_apart(document) for document in documents]
    index = Index(read, lexicon_of(read))

    def ask(text: str) -> list[str]:
        hits = index.search(index.read_question(text), limit=FIRST)
        return [hit.document.name for hit in hits]

    return ask


def pairs(text: str) -> str:
    plain = folded(text).replace(" ", "")
    return " ".join(plain[i : i + 2] for i in range(max(1, len(plain) - 1)))


def full_text(connection: "psycopg.Connection[Any]", documents: Sequence[Document]) -> Ask:
    connection.execute("create temp table said (name text, pairs tsvector)")
    with connection.cursor() as cursor:
        rows = [(d.name, " ".join(map(pairs, (d.name, *d.aliases)))) for d in documents]
        cursor.executemany("insert into said values (%s, to_tsvector('simple', %s))", rows)
    connection.execute("create index on said using gin (pairs)")

    def ask(text: str) -> list[str]:
        query = " | ".join(f"'{pair}'" for pair in pairs(text).replace("'", "").split())
        found = connection.execute(
            "select name from said, to_tsquery('simple', %s) q where pairs @@ q"
            " order by ts_rank(pairs, q) desc limit 20",
            [query],
        )
        return [name for (name,) in found] if query else []

    return ask


def fts5(documents: Sequence[Document]) -> Ask:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table said using fts5 (name unindexed, pairs)")
    rows = [(d.name, " ".join(map(pairs, (d.name, *d.aliases)))) for d in documents]
    connection.executemany("insert into said values (?, ?)", rows)

    def ask(text: str) -> list[str]:
        query = " OR ".join(f'"{pair}"' for pair in pairs(text).replace('"', "").split())
        found = connection.execute(
            "select name from said where said match ? order by bm25(said) limit 20", [query]
        )
        return [name for (name,) in found] if query else []

    return ask


def judged(ask: Ask, asked: Sequence[Question]) -> str:
    """Return success@1, success@5 and the mean reciprocal rank."""
    first = five = 0
    ranks = 0.0
    for question in asked:
        found = ask(question.text)
        place = next((i for i, name in enumerate(found) if name in question.right), None)
        if place is not None:
            first, five, ranks = first + (place == 0), five + (place < 5), ranks + 1 / (place + 1)
    number = max(1, len(asked))
    return f"{first / number:5.0%} {five / number:5.0%} {ranks / number:5.2f}"


def compare(title: str, documents: Sequence[Document], asked: Sequence[Question], url: str) -> None:
    say(f"\n## {title}: {len(documents)} services, {len(asked)} questions")
    say(f"{'kind':18}{'':6}{'ours':>18}{'PostgreSQL':>20}{'FTS5':>19}   (@1, @5, MRR)")
    with psycopg.connect(url) as connection:
        peers = (ours(documents), full_text(connection, documents), fts5(documents))
        texts = [document.name for document in documents]
        for kind, questions in kinds(asked, texts):
            shown = "  ".join(judged(ask, questions) for ask in peers)
            say(f"{kind:18}{len(questions):6}  {shown}")


def plant(url: str, *, regions: int, imported: int) -> None:
    """Import some items from a table, measured; write the others into the table of items."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "items.tsv"
        write_items(file, names(), number=imported)
        mapping = catalogue.read_mapping(MAPPING)
        for turn in ("imported", "imported again"):
            wall, cpu = time.perf_counter(), time.process_time()
            report = catalogue.import_items(
                lambda: install.open_work(url),
                file=file,
                mapping=mapping,
                rejects=Path(folder) / "rejects.jsonl",
            )
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            assert not report.rejected, report
            say(
                f"{turn} {report.read:,} items: {wall:.0f} s, {report.read / wall:,.0f} a second;"
                f" {cpu:.0f} s of our CPU, {report.read / max(cpu, 1e-9):,.0f} a second of it"
            )
    if not regions:
        return
    with psycopg.connect(url, autocommit=True) as connection:
        wall = time.perf_counter()
        connection.execute(
            """
            insert into catalogue.item
            select made.*
              from (select distinct on (name, parent_name) * from catalogue.item) i
             cross join generate_series(100001, 100000 + %s) r
             cross join lateral jsonb_populate_record(null::catalogue.item, to_jsonb(i)
                   || jsonb_build_object('code', i.code || '-' || r, 'region', r::text,
                          'region_name', '县' || r, 'department_name', '县' || r || '某局')) made
            """,
            [regions],
        )
        connection.execute("analyze catalogue.item")
        [(total,)] = connection.execute("select count(*) from catalogue.item").fetchall()
        say(f"{total:,} items in the table after {time.perf_counter() - wall:.0f} s")


def percentile(times: list[float], share: float = 0.95) -> float:
    return sorted(times)[int(len(times) * share)] * 1000


def scale(url: str, asked: Sequence[Question]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with psycopg.connect(url) as connection:
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        wall, cpu = time.perf_counter(), time.process_time()
        loaded = load(work)
        seconds = f"{time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of CPU"
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        arrays = loaded.index.postings.memory / 1e6
        say(f"index of {len(loaded.documents):,} documents: {seconds}")
        say(f"memory: {grown:.0f} MB more at the peak, {arrays:.0f} MB of it arrays")
        texts = [question.text for question in asked]
        with live.using(loaded):
            _timed(
                "search", texts, lambda t: catalogue.find(work, catalogue.Asked(t, region="100001"))
            )
            typed = [text[:n] for text in texts for n in (1, 2, 4)]
            _timed("suggestion", typed, lambda t: catalogue.suggest(work, typed=t))
            reads(work)
        wall = time.perf_counter()
        follow(work, loaded)
        say(f"a look for changes: {(time.perf_counter() - wall) * 1000:.1f} ms")


def reads(work: Work) -> None:
    """Measure what the pages of the portal and the console ask of a catalogue of this size."""
    at = catalogue.Filter(at="100001")
    one = catalogue.browse(work, only=at).rows[0]
    for what, ask in {
        "guide of an item": lambda: catalogue.item(work, code="450101-00000"),
        "first page": lambda: catalogue.browse(work),
        "page of a region": lambda: catalogue.browse(work, only=at),
        "page of a department": lambda: catalogue.browse(
            work, only=catalogue.Filter(department=one.department)
        ),
        "page of a region's theme": lambda: catalogue.browse(
            work, only=catalogue.Filter(at="100001", theme="无")
        ),
        "popular in a region": lambda: catalogue.popular(work, only=at),
        **{
            f"counted by {by} {where}": partial(catalogue.counts, work, by=by, only=only)
            for by in (catalogue.By.DEPARTMENT, catalogue.By.REGION, catalogue.By.THEME)
            for where, only in (("everywhere", catalogue.Filter()), ("in a region", at))
        },
        "items for a bulk change": lambda: catalogue.matching(
            work, only=at, regions=("100001",), limit=200
        ),
        "items without a theme": lambda: catalogue.bare_of_theme(work, regions=("100001",)),
    }.items():
        _timed(what, [""] * 5, lambda _, ask=ask: ask())


def _timed(what: str, texts: Sequence[str], ask: Callable[[str], object]) -> None:
    ask(texts[0])
    walls, cpus = [], []
    for text in texts:
        wall, cpu = time.perf_counter(), time.process_time()
        ask(text)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    shown = f"p50 {percentile(walls, 0.5):.1f} ms, p95 {percentile(walls):.1f} ms"
    say(f"{what}: {shown}; our CPU p95 {percentile(cpus):.1f} ms ({len(texts)} times)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=300, help="counties of the generated items")
    parser.add_argument("--imported", type=int, default=60_000, help="items read from a table")
    parser.add_argument("--items", type=Path, help="real services as a table of Guangdong")
    parser.add_argument("--guides", type=Path, help="guides of another place, as JSON lines")
    parser.add_argument("--asked", type=Path, help="what people asked for them")
    told = parser.parse_args()
    documents, asked = generated(Path(__file__).parent)
    with postgres.throwaway() as running:
        migrate(running.url("tongban_owner"))
        url = running.url("postgres")
        with psycopg.connect(url) as connection:
            wiring.prepare(Work(connection, actor=SYSTEM, now=datetime.now(UTC)))
        compare("generated", documents, asked, url)
        if told.items and told.asked:
            for half in ("tuning", "test"):
                services, asked_for = real(told.items, told.asked, half=half)
                compare(f"real, {half} half", services, asked_for, url)
                bare = [replace(service, aliases=()) for service in services]
                compare(f"real, {half} half, no everyday words", bare, asked_for, url)
        if told.guides:
            for half in ("tuning", "test"):
                compare(f"elsewhere, {half} half", *elsewhere(told.guides, half=half), url)
        plant(url, regions=told.regions, imported=told.imported)
        scale(url, asked)


if __name__ == "__main__":
    main()
