"""A file is uploaded by one, confirmed by another; what was rejected can be taken home."""

import csv
import io

import pytest

from channels.test_console_items import Keeping
from given_site import Page, Site
from tongban.main import worker

HEADINGS = "事项编码,事项名称,实施主体,区划代码,受理条件\n"


@pytest.fixture
def keeping(site: Site) -> Keeping:
    return Keeping(site)


def uploaded(keeping: Keeping, content: bytes, name: str = "清单.csv") -> Page:
    page = keeping.editor.open("/console/imports").press("上传并检查", file=(name, content))
    assert "正在检查" in page.text
    worked_off(keeping)
    return keeping.editor.open(page.address)


def worked_off(keeping: Keeping) -> None:
    while worker.perform_one(keeping.site.pool):
        pass


def rejects_of(page: Page) -> list[list[str]]:
    found = page.follow("下载全部退回的行")
    assert found.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))


def test_every_rejected_line_can_be_taken_home_before_and_after(keeping: Keeping) -> None:
    unit, place = keeping.item.department_name, keeping.item.region
    wrong = "".join(f"B-{i},=1+{i},,{place},无\n" for i in range(250))
    page = uploaded(keeping, (HEADINGS + f"A-1,新的事项,{unit},{place},有\n" + wrong).encode())
    assert "下面列出前 200 行" in page.text
    heading, first, *rest = rejects_of(page)
    assert heading == ["工作表", "行", "所在栏", "原因", "内容"]
    assert first[:4] == ["", "3", "实施主体", "缺少“实施主体”，请补上"]
    assert len(rest) == 249

    page = keeping.approver.open(page.address).press("确认导入")
    worked_off(keeping)
    page = keeping.editor.open(page.address)
    assert "已完成" in page.text
    assert len(rejects_of(page)) == 251


def test_why_a_file_cannot_be_read_is_told_in_the_language_of_the_reader(keeping: Keeping) -> None:
    page = uploaded(keeping, "颜色,大小\n红,1\n".encode())
    assert "文件 清单.csv 的表头中没有认得的“事项名称”一列（有：颜色、大小）" in page.text
    keeping.editor.client.cookies.set("tongban_lang", "en")
    assert "No heading of 清单.csv is known as the name" in keeping.editor.open(page.address).text
