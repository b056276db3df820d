"""What becomes of BPMN files of other tools: `python bench/foreign_bpmn.py FOLDER...`.

Each file is read, compared with what is written back (canonical XML, C14N 2.0), drawn and checked;
each process of it is compiled, begun at every start event, and driven to its end in memory: steps
are completed without data, events happen, timers ring, the oldest first. The same file twice counts
once. One line for each folder, then every reason for a refusal with how many files have it.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from tongban.foundation.errors import Refusal  # noqa: E402
from tongban.process import (  # noqa: E402
    Definition,
    Faulty,
    Graph,
    Severity,
    Unreadable,
    chart,
    check,
    compiled,
    entry,
    read,
    write,
)
from tongban.process.model.memory import Memory  # noqa: E402
from tongban.process.model.tokens import State  # noqa: E402

ENDINGS = (".bpmn", ".bpmn2", ".bpmn20.xml")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACTS = 200
COLUMNS = ("files", "unreadable", "faulty", "lossless", "processes", "run", "starts", "ended")


def files(folder: Path) -> Iterator[bytes]:
    seen = set()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name.lower().endswith(ENDINGS):
            data = file.read_bytes()
            if data not in seen:
                seen.add(data)
                yield data


def canonical(data: bytes) -> str:
    return str(etree.canonicalize(etree.fromstring(data)))


def beginnings(graph: Graph) -> list[str]:
    """Every start event, or "" where a process begins by itself."""
    here = graph.scopes[0]
    plain = here.starts if len(here.starts) > 1 else ()
    named = [graph.nodes[number].id for number in (*plain, *here.triggers)]
    try:
        entry(graph)
    except Refusal:
        return named
    return ["", *(graph.nodes[number].id for number in here.triggers)]


def ended(graphs: list[Graph], start: str) -> bool:
    """Drive an instance of the first process on as far as it goes."""
    memory = Memory(graphs, NOW)
    try:
        memory.start(node=start)
        for _ in range(ACTS):
            waiting = [*memory.waiting(State.WORK), *memory.waiting(State.JOB)]
            if memory.outcome:
                return True
            if waiting:
                memory.complete(waiting[0])
            elif memory.subscriptions:
                memory.tell(next(iter(memory.subscriptions.values())))
            elif memory.alarms:
                memory.ring(next(iter(memory.alarms.values())))
            else:
                return False
    except (Refusal, StopIteration):  # It says why it cannot go on, or calls what is not here.
        return False
    return memory.outcome is not None


def runs(definition: Definition, counts: Counter[str], reasons: set[str]) -> None:
    graphs = []
    for process in definition.processes:
        if not process.content.nodes:
            continue
        counts["processes"] += 1
        chart(definition, process)
        check(definition, process=process.id)
        try:
            graphs.append(compiled(definition, process=process.id))
        except Faulty as refused:
            reasons.update(refused.told("en").splitlines())
    for graph in graphs:
        counts["run"] += 1
        others = [one for one in graphs if one is not graph]
        for start in beginnings(graph):
            counts["starts"] += 1
            counts["ended"] += ended([graph, *others], start)


def told(*words: object) -> None:
    sys.stdout.write("\t".join(map(str, words)) + "\n")


def main() -> None:
    why: Counter[str] = Counter()
    told("folder", *COLUMNS)
    for folder in map(Path, sys.argv[1:]):
        counts: Counter[str] = Counter()
        for data in files(folder):
            counts["files"] += 1
            reasons: set[str] = set()
            try:
                definition = read(data)
            except Unreadable as refused:
                counts["unreadable"] += 1
                reasons.add(refused.told("en"))
            else:
                counts["faulty"] += any(
                    one.severity is Severity.ERROR for one in definition.problems
                )
                counts["lossless"] += canonical(data) == canonical(write(definition))
                runs(definition, counts, reasons)
            why.update({re.sub("“[^”]*”", "…", re.sub(r"^Line \d+: ", "", one)) for one in reasons})
        told(folder.name, *(counts[column] for column in COLUMNS))
    for reason, count in why.most_common():
        told(count, reason)


if __name__ == "__main__":
    main()
