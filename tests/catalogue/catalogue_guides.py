"""Small guides in the exchange shape, and files of them, for the tests of the import."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tongban import catalogue
from tongban.foundation.work import Work


def guide(**changes: Any) -> dict[str, Any]:
    """A guide without a flaw and without a doubt. A value of ``...`` leaves the field out."""
    plain: dict[str, Any] = {
        "source": "试验数据",
        "source_item_id": "id-1",
        "name": "食品经营许可（新办）",
        "type": "行政许可",
        "type_code": "01",
        "department": "云江市市场监督管理局",
        "region": "试验省云江市",
        "service_object": "自然人|企业法人",
        "handling_type": "承诺件",
        "statutory_days": 20,
        "promised_days": 5,
        "day_unit": "工作日",
        "on_site_visits": 0,
        "conditions": "有与经营规模相适应的场所。",
        "materials": [{"name": "申请书", "required": True}],
        "channels": {
            "forms": ["窗口办理", "网上办理"],
            "consult": "咨询电话：0000-2880001",
            "complaint": "投诉电话：0000-2880002",
            "online": True,
        },
    }
    return {name: value for name, value in (plain | changes).items() if value is not ...}


def as_line(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


class Importing:
    """Imports files through one transaction, as a test that rolls back wants it."""

    def __init__(self, work: Work, folder: Path) -> None:
        self._work = work
        self._folder = folder
        self.transactions = 0

    def file(self, *lines: bytes | dict[str, Any]) -> Path:
        file = self._folder / "guides.jsonl"
        file.write_bytes(b"".join(x if isinstance(x, bytes) else as_line(x) for x in lines))
        return file

    def __call__(self, *lines: bytes | dict[str, Any]) -> catalogue.ImportReport:
        return self.take(self.file(*lines))

    def take(self, file: Path, **options: Any) -> catalogue.ImportReport:
        rejects = self._folder / "rejected" / "guides.rejects.jsonl"
        return catalogue.import_guides(self._open, file=file, rejects=rejects, **options)

    def only_item(self) -> catalogue.Item:
        """The one item of the source ``试验数据``."""
        [line] = catalogue.browse(self._work).rows
        return catalogue.item(self._work, code=line.code)

    def _open(self) -> AbstractContextManager[Work]:
        @contextmanager
        def opened() -> Iterator[Work]:
            self.transactions += 1
            with self._work.savepoint():
                yield self._work

        return opened()


def told(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
