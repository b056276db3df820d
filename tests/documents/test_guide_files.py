"""Blank forms and samples: stored by those who edit guides, read by everybody, kept for good."""

from datetime import timedelta

import pytest

from documents import samples
from tongban import documents
from tongban.documents import File, FileKind
from tongban.documents.subscribers import UNUSED_DAYS, forget_unused
from tongban.foundation.actor import ANONYMOUS, Actor, Grant
from tongban.foundation.errors import Forbidden
from tongban.foundation.work import Work

EDITOR = Actor("o-1", "编目", grants=(Grant(frozenset({"catalogue.edit"}), "d-market", ""),))
CLERK = Actor("o-2", "窗口", grants=(Grant(frozenset({"cases.accept"}), "d-market", ""),))


def stored(work: Work, *, by: Actor = EDITOR, department: str = "d-market") -> File:
    with work.acting_as(by):
        return documents.store_for_guide(
            work,
            name="申请书.pdf",
            content=samples.pdf(),
            guide="HZ-1",
            department=department,
            region="990100",
        )


def test_everybody_reads_it_under_row_level_security(work: Work) -> None:
    file = stored(work)
    assert file.kind is FileKind.GUIDE
    with work.acting_as(ANONYMOUS):
        assert documents.guide_file(work, id=file.id).name == "申请书.pdf"
        assert documents.read(work, id=file.id) == samples.pdf()


def test_it_is_never_forgotten(work: Work) -> None:
    file = stored(work)
    work.now += timedelta(days=UNUSED_DAYS + 1)
    forget_unused(work, {})
    assert documents.guide_file(work, id=file.id) == file


@pytest.mark.parametrize("department", ["d-water", ""])
def test_nobody_stores_one_for_another_department(work: Work, department: str) -> None:
    with pytest.raises(Forbidden):
        stored(work, department=department)


def test_nor_does_whoever_may_not_edit_guides(work: Work) -> None:
    with pytest.raises(Forbidden):
        stored(work, by=CLERK)
