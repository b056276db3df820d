"""`tongban process`, as an operator runs it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import given_process
from conftest import MONDAY, as_application
from main.test_cli import Tongban, on
from tongban import process
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work

ASKED = ["process", "migrate", "p", "--from", "1", "--to", "2"]


@pytest.fixture
def tongban(monkeypatch: pytest.MonkeyPatch, own_database: str, tmp_path: Path) -> Tongban:
    """Three cases run in the first of two versions; one step is another in the second."""
    with as_application(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        for text in ("start > A > B > end", "start > A > X > end"):
            drawn = process.Definition((given_process.process(text),))
            process.publish(work, bpmn=process.write(drawn), department="D1", region="990100")
            if "B" in text:
                new = [process.New(f"n{k}", "990100", "D1") for k in range(3)]
                process.start_many(work, process="p", new=new)
        token = work.value("select min(id) from process.token")
        region, month, instance = work.value(
            "select jsonb_build_array(region, month, instance) from process.token where id = %(t)s",
            t=token,
        )
        process.complete(work, item=process.ItemKey(process.Key(region, month, instance), token))
        connection.commit()
    return on(monkeypatch, own_database, tmp_path)


def last(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_without_carry_out_it_tells_what_would_stay_and_changes_nothing(tongban: Tongban) -> None:
    done = tongban(*ASKED)
    assert done.exit_code == 2, done.output
    assert done.stdout.startswith("n0\t“B”正在办理，但没有对应到新版本的节点\n")
    told = last(done)
    assert (told["instances"], told["can_move"], told["cannot_move"]) == (3, 2, 1)
    assert [one["count"] for one in told["problems"]] == [1]
    assert last(tongban(*ASKED)) == told


def test_it_moves_them_and_brings_them_back(tongban: Tongban) -> None:
    done = tongban(*ASKED, "--map", "B=X", "--carry-out", "--reason", "新规定")
    assert done.exit_code == 0, done.output
    told = last(done)
    assert (told["moved"], told["cannot_move"], told["problems"]) == (3, 0, [])
    back = tongban("process", "revert", told["migration"], "--reason", "规定未生效")
    assert back.exit_code == 0, back.output
    assert last(back)["reverted"] == 3
    assert last(tongban(*ASKED))["instances"] == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--carry-out"], "请写明理由"),
        (["--map", "B"], "OLD=NEW"),
        (["--map", "B=end"], "不是同一种节点"),
        (["--to", "9"], "没有已发布的流程"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    tongban: Tongban, more: list[str], said: str
) -> None:
    done = tongban(*ASKED, *more)
    assert done.exit_code != 0
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_older_due_dates_follow_the_calendar_once(tongban: Tongban) -> None:
    done = tongban("process", "follow-calendar")
    assert done.exit_code == 0, done.output
    assert last(done) == {"follow": 0, "stay": 0}
