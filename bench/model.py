"""The search with the whole model beside the search with its table, on questions nobody has read.

    pip install --require-hashes -r requirements-vectors.lock
    python bench/model.py items.csv asked.csv guides.jsonl

Success@1, success@5 and mean reciprocal rank of each; CPU for each question and name; memory.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from click import echo as say
from quality import Question, judged, ours

from catalogue import elsewhere, fresh, of_file, real
from tongban import catalogue
from tongban.catalogue.model.index.document import Document


class Timed:
    """The model, with what it cost; each name is put to it once for all sets of questions."""

    def __init__(self) -> None:
        self._model = catalogue.E5()
        self.version = self._model.version
        self.name = cache(self._name)
        self.spent: dict[str, list[float]] = {"question": [], "name": []}

    def question(self, text: str) -> object:
        return self._timed("question", self._model.question, text)

    def _name(self, text: str) -> object:
        return self._timed("name", self._model.name, text)

    def _timed(self, what: str, ask: Callable[[str], object], text: str) -> object:
        begun = time.thread_time()
        said = ask(text)
        self.spent[what].append(time.thread_time() - begun)
        return said


def memory() -> dict[str, int]:
    """Return what this process has in memory, in MiB: all of it, and what no file stands behind."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    told = {name: rest.split()[0] for name, _, rest in (line.partition(":") for line in lines[1:])}
    return {name: int(told[name]) // 1024 for name in ("Rss", "Anonymous")}


def sets(
    items: Path, asked: Path, guides: Path
) -> dict[str, tuple[list[Document], list[Question]]]:
    services, official = real(items, asked, half="test")
    bare = [replace(service, aliases=()) for service in services]
    city, prepared = elsewhere(guides, half="test")
    held_out = of_file("held_out_questions.tsv", services)
    found = {
        "held out": (services, held_out),
        "held out, no everyday words": (bare, held_out),
        "by lot, province, test": (services, fresh("province", services, half="test")),
        "by lot, city, test": (city, fresh("city", city, half="test")),
        "by lot, province, tuning": (services, fresh("province", services, half="tuning")),
        "by lot, city, tuning": (city, fresh("city", city, half="tuning")),
        "prepared, city, test": (city, prepared),
    }
    for kind in ("paraphrase", "substring"):
        found[f"officials, {kind}, test"] = (bare, [q for q in official if q.kind == kind])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("items", "asked", "guides"):
        parser.add_argument(name, type=Path)
    told = parser.parse_args()
    asked = sets(told.items, told.asked, told.guides)
    before = memory()
    model = Timed()
    model.question("先问一次")
    say(f"memory, MiB: {before}, with the model {memory()}")
    say(f"{'questions':30}{'number':>7}{'table':>18}{'model':>18}   (@1, @5, MRR)")
    for title, (documents, questions) in asked.items():
        table = judged(ours(documents), questions)
        whole = judged(ours(documents, model), questions)
        say(f"{title:30}{len(questions):7}{table:>18}{whole:>18}")
    for what, spent in model.spent.items():
        say(f"{what}: {len(spent)} asked, {1000 * sum(spent) / len(spent):.1f} ms of CPU each")
    say(f"memory at the end, MiB: {memory()}")


if __name__ == "__main__":
    main()
