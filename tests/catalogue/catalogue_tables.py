"""Tables of services, and mappings for them, for the tests of the import."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tongban import catalogue
from tongban.foundation.work import Work

PLAIN = """
[fields]
item_code = "编码"
name = "名称"
department = "部门"
region_code = "区划"
"""


class Tables:
    """Imports tables through one transaction, as a test that rolls back wants it."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.work = work
        self.folder = folder

    def take(self, content: bytes | str, mapping: str = PLAIN) -> catalogue.ImportReport:
        file = self.folder / "table.txt"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.take_file(file, mapping)

    def take_file(self, file: Path, mapping: str = PLAIN) -> catalogue.ImportReport:
        return catalogue.import_items(
            self.open,
            file=file,
            mapping=catalogue.read_mapping(mapping),
            rejects=self.folder / "rejects.jsonl",
        )

    def item(self, code: str) -> catalogue.Item:
        return catalogue.item(self.work, code=code)

    def open(self) -> AbstractContextManager[Work]:
        @contextmanager
        def opened() -> Iterator[Work]:
            with self.work.savepoint():
                yield self.work

        return opened()
