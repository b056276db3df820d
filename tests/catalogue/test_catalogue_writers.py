"""Several parts of one file written at a time, each in a transaction of its own."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from catalogue_guides import as_line, guide, told

from conftest import MONDAY, as_application
from tongban import catalogue
from tongban.catalogue.commands import imports
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work

BATCH = 5


class Writers:
    """Opens a connection for each transaction; two must be open at once before either goes on."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.most = 0
        self._open = 0
        self._lock = threading.Lock()

    def __call__(self) -> AbstractContextManager[Work]:
        @contextmanager
        def opened() -> Iterator[Work]:
            with as_application(self.url) as connection:
                with self._lock:
                    self._open += 1
                    self.most = max(self.most, self._open)
                try:
                    yield Work(connection, actor=SYSTEM, now=MONDAY)
                finally:
                    with self._lock:
                        self._open -= 1

        return opened()

    def work(self) -> AbstractContextManager[Work]:
        return self()


@pytest.fixture
def writers(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Writers:
    monkeypatch.setattr(imports, "BATCH", BATCH)
    return Writers(own_database)


def file_of(folder: Path, *guides: dict[str, Any]) -> Path:
    file = folder / "guides.jsonl"
    file.write_bytes(b"".join(map(as_line, guides)))
    return file


def services(number: int) -> list[dict[str, Any]]:
    """Services of which each part of the file has departments and names of the one before."""
    return [
        guide(
            source_item_id=str(i),
            name=f"事项{i % 7}",
            department=f"云江市第{i // 3}局",
            region=f"试验省第{i // 8}市",
        )
        for i in range(number)
    ]


def test_what_two_write_is_what_one_writes(writers: Writers, tmp_path: Path) -> None:
    given = [*services(60), guide(source_item_id="x", name="")]
    report = catalogue.import_guides(
        writers, file=file_of(tmp_path, *given), rejects=tmp_path / "rejects.jsonl", writers=2
    )

    assert (report.read, report.accepted, report.rejected) == (61, 60, 1)
    assert [one["line"] for one in told(report.rejects_file)] == [61]
    assert writers.most >= 2
    with writers.work() as work:
        [line] = [one for one in catalogue.imports(work) if one.id == report.number]
        assert (line.state, line.read, line.accepted, line.rejected) == ("done", 61, 60, 1)
        held = catalogue.browse(work, size=100).rows
        assert sorted(one.department_name for one in held) == sorted(
            one["department"] for one in given[:60]
        )
        found = catalogue.search(work, text="第19局", limit=5)
        assert {one.line.department_name for one in found[:3]} == {"云江市第19局"}

    again = catalogue.import_guides(
        writers, file=file_of(tmp_path, *given), rejects=tmp_path / "again.jsonl", writers=2
    )
    assert (again.accepted, again.unchanged, again.number) == (0, 60, 0)


def test_what_builds_upon_another_part_is_written_after_it(
    writers: Writers, tmp_path: Path
) -> None:
    above = [guide(source_item_id=f"u{i}", item_code=f"UP-{i}", name=f"上{i}") for i in range(8)]
    below = [
        guide(source_item_id=f"l{i}", item_code=f"LOW-{i}", name=f"上{i}", inherits=f"UP-{i}")
        for i in range(8)
    ]
    handling = [
        guide(source_item_id=f"h{i}", item_code=f"H-{i}", name=f"办{i}", main_item=f"UP-{i}")
        for i in range(8)
    ]
    file = file_of(tmp_path, *above, *below, *handling)

    report = catalogue.import_guides(
        writers, file=file, rejects=tmp_path / "rejects.jsonl", writers=3
    )

    assert (report.accepted, report.rejected) == (24, 0)
    with writers.work() as work:
        assert catalogue.item(work, code="LOW-7").inherits_version == 1


def test_what_others_wrote_stays_when_one_dies(
    writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path, *services(40))
    write = imports.Sitting.write

    def dies(sitting: imports.Sitting, work: Work, part: Any) -> Any:
        if any(item.name == "事项6" and "第6局" in item.department_name for _, item in part.items):
            raise ConnectionError("the line is dead")
        return write(sitting, work, part)

    with monkeypatch.context() as dying:
        dying.setattr(imports.Sitting, "write", dies)
        with pytest.raises(ConnectionError):
            catalogue.import_guides(
                writers, file=file, rejects=tmp_path / "rejects.jsonl", writers=2
            )
    report = catalogue.import_guides(
        writers, file=file, rejects=tmp_path / "rejects.jsonl", writers=2
    )

    assert report.read == report.accepted + report.unchanged == 40
    assert report.unchanged >= 3 * BATCH
    assert report.accepted >= BATCH
