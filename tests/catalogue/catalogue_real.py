"""Real services as an index, read straight from their table: the importer has tests of its own."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.taking import learn_names, lexicon_of, take_apart


@cache
def real_index(file: Path) -> tuple[Index, dict[int, set[str]]]:
    """Return the index, and the codes of the items of each document."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            groups[row["item_name"], row["catalog_name"]].append(row)
    documents = []
    codes = {}
    for key, ((name, parent), rows) in enumerate(groups.items()):
        said = {word.strip() for row in rows for word in row["daily_terms"].split("|")}
        said |= {row["short_name"] for row in rows}
        aliases = tuple(sorted(said - {""}))
        departments = tuple(sorted({row["dept_name"] for row in rows}))
        documents.append(Document(key, name, parent, aliases, departments))
        codes[key] = {row["task_code"] for row in rows}
    learn_names(documents)
    read = [take_apart(document) for document in documents]
    return Index(read, lexicon_of(read)), codes
