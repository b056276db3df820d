"""The catalogue, from the upload of a table and from a draft to what everybody can take home."""

import csv
import io
import json
from typing import Any

import pytest

from journeys.town import Doors, Visitor

# Services that no other journey needs.
CHANGED, WITHDRAWN = "AL-JY-003", "AL-JT-003"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


def waited_for(visitor: Visitor, words: str) -> None:
    """Wait until a page that looks again by itself, or is told to, says these words."""
    for _ in range(60):
        if words in visitor.text:
            return
        visitor.page.wait_for_timeout(250)
        visitor.page.reload()
    raise AssertionError(visitor.text)


def taken(visitor: Visitor, path: str) -> str:
    """Download from an address, as the visitor."""
    answer = visitor.context.request.get(visitor.town.address + path)
    assert answer.ok
    return answer.text().removeprefix("\ufeff")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_table_is_uploaded_confirmed_by_another_and_undone(doors: Doors, script: bool) -> None:
    editor = doors.visitor("cataloguer", java_script_enabled=script, **DESK)
    rows = list(csv.DictReader(io.StringIO(taken(editor, "/console/exports/csv"))))
    [row] = [row for row in rows if row["事项编码"] == CHANGED]
    before = row["办理时间"]
    out = io.StringIO()
    table = csv.DictWriter(out, row.keys())
    table.writeheader()
    table.writerow(row | {"办理时间": f"工作日 {script}"})
    table.writerow(row | {"事项编码": "AL-X", "实施主体": ""})

    editor.open("/console/imports")
    editor.upload("file", "changed.csv", out.getvalue().encode())
    editor.press("上传并检查")
    where = editor.path
    waited_for(editor, "等待确认")
    # One cell has changed, so one thing does; nobody confirms what is their own.
    assert f"“办公时间”由“{before}”改为“工作日 {script}”" in editor.text
    assert "缺少“实施主体”" in editor.text
    assert editor.page.get_by_role("button", name="确认导入").count() == 0
    assert "缺少“实施主体”" in taken(editor, where + "/rejects")

    other = doors.visitor("approver", **DESK)
    other.open(where)
    other.press("确认导入")
    waited_for(other, "已完成")
    other.open(f"/items/{CHANGED}")
    assert f"工作日 {script}" in other.text

    editor.open(where)
    editor.page.locator('[name="sure"]').check()
    editor.press("撤销导入")
    assert "已撤销" in editor.text
    editor.open(f"/items/{CHANGED}")
    assert before in editor.text


def test_a_draft_is_reviewed_published_compared_and_the_service_withdrawn(doors: Doors) -> None:
    editor, other = doors.visitor("cataloguer", **DESK), doors.visitor("approver", **DESK)
    editor.open(f"/console/items/{WITHDRAWN}")
    editor.press("修改")
    where = editor.path
    editor.follow("基本信息")
    editor.fill("summary", "大件上路前，先在这里办通行证。")
    editor.press("保存")
    assert "改为“大件上路前，先在这里办通行证。”" in editor.text
    editor.fill("change_note", "说明写得更明白")
    editor.press("保存说明")
    editor.press("提交审核")
    # Four eyes: nobody reviews what is their own.
    assert editor.page.locator('[name="agree"]').count() == 0

    other.open(where)
    other.choose("agree", "no")
    other.fill("comment", "请写明谁来办")
    other.press("提交审核意见")
    editor.open(where)
    assert "请写明谁来办" in editor.text
    editor.press("提交审核")
    other.open(where)
    other.choose("agree", "yes")
    other.press("提交审核意见")
    other.press("发布")

    visitor = doors.visitor()
    visitor.open(f"/items/{WITHDRAWN}")
    assert "大件上路前，先在这里办通行证。" in visitor.text
    visitor.open(f"/items/{WITHDRAWN}/changes")
    assert "说明写得更明白" in visitor.text

    other.open(f"/console/items/{WITHDRAWN}")
    other.follow("改了什么")
    assert "改为“大件上路前，先在这里办通行证。”" in other.text
    other.open(f"/console/items/{WITHDRAWN}")
    other.unfold("取消这个事项")
    other.fill("reason", "由省里统一办理")
    other.press("取消事项")
    assert "已取消" in other.text
    visitor.open(f"/items/{WITHDRAWN}")
    assert "这项服务已经取消" in visitor.text
    assert visitor.page.get_by_role("link", name="在线办理").count() == 0


def test_lists_can_be_taken_home(doors: Doors) -> None:
    visitor = doors.visitor(**DESK)
    for name in ("powers", "duties", "negative", "fees", "intermediaries", "materials", "services"):
        visitor.open(f"/lists/{name}")
        for button, form in (("CSV", "csv"), ("JSON", "json")):
            with visitor.page.expect_download() as download:
                visitor.page.get_by_role("link", name=button).first.click()
            assert download.value.suggested_filename.endswith(form)
            text = download.value.path().read_text("utf-8-sig")
            found = list(csv.reader(io.StringIO(text)))[1:] if form == "csv" else json.loads(text)
            assert found, name
