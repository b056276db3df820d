"""The exchange with the national platform: what goes out, what is held back, what comes back."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from given_national import SENDABLE
from journeys.test_every_page import WIDE, violations
from journeys.test_turns_and_troubles import WIDE as DESK
from journeys.town import ROOT, Doors, Town, Visitor
from tongban import catalogue
from tongban.main import install

# The demonstration city leaves one service incomplete on purpose.
NAME, LIKE, HELD = "特种设备使用登记（试报）", "AL-SCJG-001", "AL-GA-004"


class Exchange:
    """The command line of the exchange, and one service that has all that it demands."""

    def __init__(self, town: Town, folder: Path) -> None:
        self._town, self._folder = town, folder

    def publish(self, status: catalogue.Status = catalogue.Status.PUBLISHED) -> None:
        with install.open_work(self._town.database) as work:
            like = catalogue.item(work, code=LIKE)
            codes = (*SENDABLE["codes"], catalogue.Code("basic_code", "000123020000"))
            item = catalogue.Item(
                code="AL-SCJG-EXCHANGE",
                name=NAME,
                department=like.department,
                department_name=like.department_name,
                region=like.region,
                region_name=like.region_name,
                kind="01",
                statutory=catalogue.Limit(20),
                promised=catalogue.Limit(5),
                visits=0,
                materials=(catalogue.Material("form", "登记表"),),
                status=status,
                **SENDABLE | {"base_code": "", "codes": codes},
            )
            catalogue.publish(work, item=item)

    def send(self) -> list[str]:
        return self._tongban("export", "exchange", str(self._folder)).splitlines()

    def send_back(self, reason: str) -> None:
        [file] = self._folder.glob("*-up_task_general_basic.csv")
        with file.open(encoding="utf-8", newline="") as rows:
            guid = next(row["row_guid"] for row in csv.DictReader(rows) if NAME in row.values())
        back = self._folder / "back.csv"
        back.write_text(f"row_guid,field,reason\n{guid},by_law,{reason}\n", encoding="utf-8")
        self._tongban("import", "refusals", str(back))

    def _tongban(self, *words: str) -> str:
        environment = os.environ | {
            "PYTHONPATH": str(ROOT / "src"),
            "DATABASE_URL": self._town.database,
        }
        done = subprocess.run(
            [sys.executable, "-m", "tongban", *words],
            env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout


@pytest.fixture
def exchange(town: Town, tmp_path: Path) -> Exchange:
    made = Exchange(town, tmp_path)
    made.publish()
    return made


def looked_at(visitor: Visitor) -> list[str]:
    """What is wrong with the page that stands open, on a phone and on a desk."""
    wrong = []
    for width in (320, 390, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        wrong += violations(visitor.page) if width > 320 else visitor.page.evaluate(WIDE)
    return wrong


def test_what_goes_out_what_is_held_back_and_what_comes_back(
    exchange: Exchange, doors: Doors
) -> None:
    assert len(exchange.send()) == 1
    exchange.send_back("设定依据不规范")

    operator = doors.visitor("operator", **DESK)
    operator.open("/console/exchange/batches")
    operator.page.locator("tbody a").first.click()
    operator.follow("申请材料")
    while "登记表" not in operator.text:  # The rows stand in no order that anybody would know.
        operator.follow("下一页")
    assert looked_at(operator) == []

    writer = doors.visitor("cataloguer", java_script_enabled=False)
    writer.open("/console/exchange")
    assert "设定依据不规范" in writer.text
    writer.follow(NAME)
    writer.press("内容无误，重新报送")
    assert "等待报送" in writer.text

    writer.open(f"/console/exchange/held-back/item/{HELD}")
    assert "必须填写" in writer.text
    english = doors.visitor("cataloguer")
    english.context.add_cookies(
        [{"name": "tongban_lang", "value": "en", "url": english.town.address}]
    )
    for path in ("", "/held-back", f"/held-back/item/{HELD}"):
        english.open(f"/console/exchange{path}")
        assert looked_at(english) == []
    assert "must be filled in" in english.text

    exchange.publish(catalogue.Status.CANCELLED)
    exchange.send()
    operator.open("/console/exchange/batches")
    operator.page.locator("tbody a").first.click()
    assert "删除" in operator.text
