"""What the holder of a case does with it: put right what was asked for, withdraw."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from tongban import documents
from tongban.cases import queries, store
from tongban.cases.commands.act import file_ids, locked_by_holder, moved, of_case, told
from tongban.cases.commands.course import end, go_on
from tongban.cases.events import CaseCorrected, CaseWithdrawn
from tongban.cases.model import NOTICE, Act, Case, ClockKind, Filled, form
from tongban.cases.model.stage import CORRECT
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def correct(
    work: Work,
    *,
    number: str,
    filled: Filled,
    seen: Collection[str] = (),
    revision: int | None = None,
) -> Case:
    """Hand in what a correction notice asks for (补正). The clock for a notice starts anew.

    Every material named in the notice must come again; the other answers stay as they were.
    ``seen`` are the keys of those whose paper originals an officer has seen at the counter.

    :raises Invalid: naming what still lacks or is wrong.
    :raises WrongStage: if nothing was asked for.
    """
    case = locked_by_holder(work, number, revision)
    after = case.moved(Act.CORRECT)
    item = queries.item_of(work, case=case)
    private = queries.private(work, number=case.number)
    answers = _with(private.answers, filled.answers or {}, schema=item.form)
    if seen:
        # Only an officer can have seen an original.
        work.actor.must("cases.accept", department=case.department, region=case.region)
    known = {material.key for material in case.materials}
    given = {k: files for k, files in (filled.materials or {}).items() if k in known and files}
    ids = file_ids(file for files in given.values() for file in files)
    problems = form.problems(item.form, answers) + _still_lacking(case, {*given, *seen})
    if problems:
        raise Invalid(*problems)
    store.keep_private(work, case.number, replace(private, answers=answers))
    store.give_materials(work, case.number, files=given)
    store.see_originals(work, case.number, keys=seen)
    if ids:
        documents.attach(
            work,
            files=ids,
            case_number=case.number,
            department=case.department,
            region=case.region,
        )
    corrected = moved(
        work, replace(after, materials_complete_at=work.now, to_correct=()), starts=(NOTICE,)
    )
    go_on(work, case, after, act=CORRECT, outcome="corrected")
    keys = tuple(correction.key for correction in case.to_correct)
    turn = sum(clock.kind is ClockKind.NOTICE for clock in corrected.clocks)
    work.record(CaseCorrected(**of_case(case), keys=keys, turn=turn))
    return corrected


def withdraw(work: Work, *, number: str, reason: str, revision: int | None = None) -> Case:
    """Take an application back before it is decided (撤回).

    :raises WrongStage: if it has been decided, or has ended otherwise.
    """
    case = locked_by_holder(work, number, revision)
    after = case.moved(Act.WITHDRAW)
    reason = told(reason, field="reason", ask="请写明撤回的理由")
    end(work, case, act="withdraw", reason=reason)
    withdrawn = moved(
        work,
        replace(after, reason=reason, closed_at=work.now, to_correct=()),
        stopped=True,
    )
    work.record(CaseWithdrawn(**of_case(case), reason=reason))
    return withdrawn


def _with(
    before: Mapping[str, Any], typed: Mapping[str, Any], *, schema: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers with what was typed now; what was emptied is no answer any more."""
    return {k: v for k, v in before.items() if k not in typed} | form.read(schema, typed)


def _still_lacking(case: Case, given: Collection[str]) -> list[Problem]:
    return [
        Problem(f"material.{each.key}", "请重新上传“{label}”", {"label": each.label})
        for each in case.to_correct
        if each.of == "material" and each.key not in given
    ]
