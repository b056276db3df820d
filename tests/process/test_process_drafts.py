"""Drafts of processes: saved, handed in, published by a second person, compared in words."""

import pytest

from process.drawn import process as drawn
from tongban import process
from tongban.foundation.actor import Actor, Grant
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.process import Definition, write

ONE = ("start > a > b > end",)
TWO = ("start > a > c > end",)
WRONG = ("start > xor > a > and_j > end", "xor > b > and_j")


def bpmn(*paths: str) -> bytes:
    return write(Definition((drawn(*paths),)))


def many_ways(size: int = 9) -> bytes:
    """Loops with two ways beside each other: more states than are looked at."""
    paths = ["start > and_s", "and_j > end"]
    for k in range(size):
        paths.append(f"and_s > xor_a{k} > x{k} > xor_b{k} > y{k} > and_j")
        paths += [f"xor_b{k} > z{k} > xor_a{k}", f"xor_a{k} > w{k} > xor_b{k}"]
    return bpmn(*paths)


def officer(name: str, *permissions: str, department: str = "D1") -> Actor:
    held = {"process.read", *permissions}
    return Actor(f"o-{name}", name, grants=(Grant(frozenset(held), department),))


LI = officer("li", "process.draft", "process.publish")
WANG = officer("wang", "process.draft", "process.publish")
ZHAO = officer("zhao", "process.publish")


def begun(work: Work, text: bytes, code: str = "permit") -> process.Draft:
    with work.acting_as(LI):
        made = process.begin_draft(work, bpmn=text, department="D1", region="990100", process=code)
    return process.draft(work, draft=made)


def published(work: Work, text: bytes) -> process.DefinitionLine:
    made = begun(work, text)
    with work.acting_as(LI):
        process.submit_draft(work, draft=made.id)
    with work.acting_as(ZHAO):
        return process.publish_draft(work, draft=made.id, reason="走法已逐条人工核对")


def test_whoever_drew_a_process_does_not_publish_it(work: Work) -> None:
    draft = begun(work, bpmn(*ONE))
    with work.acting_as(WANG):
        draft = process.save_draft(work, draft=draft.id, revision=1, bpmn=bpmn(*TWO))
        process.submit_draft(work, draft=draft.id)
    for author in (LI, WANG):
        with work.acting_as(author), pytest.raises(process.OwnDraft):
            process.publish_draft(work, draft=draft.id)
    with work.acting_as(ZHAO):
        line = process.publish_draft(work, draft=draft.id)
    assert (line.process, line.version, line.published_name) == ("permit", 1, "zhao")
    assert process.draft(work, draft=draft.id).version == 1
    acts = [(one.act, one.by_name) for one in process.remarks(work, draft=draft.id)]
    assert acts == [("begin", "li"), ("submit", "wang"), ("publish", "zhao")]


def test_a_draft_that_somebody_else_changed_is_not_overwritten(work: Work) -> None:
    draft = begun(work, bpmn(*ONE))
    with work.acting_as(WANG):
        process.save_draft(work, draft=draft.id, revision=draft.revision, bpmn=bpmn(*TWO))
    with work.acting_as(LI), pytest.raises(process.DraftChanged, match="wang"):
        process.save_draft(work, draft=draft.id, revision=draft.revision, bpmn=bpmn(*ONE))
    assert 'id="c"' in process.draft(work, draft=draft.id).bpmn


def test_errors_of_the_check_stand_in_the_way(work: Work) -> None:
    draft = begun(work, bpmn(*WRONG))
    with work.acting_as(LI), pytest.raises(process.NotSound):
        process.submit_draft(work, draft=draft.id)


def test_what_is_not_proven_is_published_only_for_a_reason(work: Work) -> None:
    draft = begun(work, many_ways())
    assert process.judged(draft.bpmn, draft.process).sound is None
    with work.acting_as(LI):
        process.submit_draft(work, draft=draft.id)
    with work.acting_as(ZHAO):
        with pytest.raises(Invalid, match="为什么仍然发布"):
            process.publish_draft(work, draft=draft.id)
        process.publish_draft(work, draft=draft.id, reason="各路互不影响，已人工核对")
    assert process.remarks(work, draft=draft.id)[-1].text == "各路互不影响，已人工核对"


def test_a_process_has_one_draft_and_one_owner(work: Work) -> None:
    published(work, bpmn(*ONE))
    begun(work, bpmn(*TWO))
    with work.acting_as(WANG), pytest.raises(process.DraftOpen):
        process.begin_draft(
            work, bpmn=bpmn(*TWO), department="D1", region="990100", process="permit"
        )
    stranger = officer("chen", "process.draft", "process.publish", department="D2")
    with work.acting_as(stranger), pytest.raises(Forbidden):
        process.begin_draft(
            work, bpmn=bpmn(*TWO), department="D2", region="990100", process="permit"
        )
    with work.acting_as(stranger), pytest.raises(Forbidden):
        process.publish(
            work,
            bpmn=bpmn(*TWO).replace(b'"p"', b'"permit"'),
            department="D2",
            region="990100",
            process="permit",
        )


def test_a_version_that_runs_the_same_is_no_new_version(work: Work) -> None:
    published(work, bpmn(*ONE))
    with pytest.raises(process.SameAsPublished):
        published(work, bpmn(*ONE))


def test_a_draft_sent_back_can_be_changed_again(work: Work) -> None:
    draft = begun(work, bpmn(*ONE))
    with work.acting_as(LI):
        process.submit_draft(work, draft=draft.id)
        with pytest.raises(process.WrongDraftState):
            process.save_draft(work, draft=draft.id, revision=1, bpmn=bpmn(*TWO))
    with work.acting_as(ZHAO):
        with pytest.raises(Invalid):
            process.return_draft(work, draft=draft.id, reason=" ")
        process.return_draft(work, draft=draft.id, reason="缺少现场勘验")
    with work.acting_as(LI):
        assert process.save_draft(work, draft=draft.id, revision=1, bpmn=bpmn(*TWO)).revision == 2


def test_differences_are_told_in_words_and_marked() -> None:
    old = drawn("start > a > b > end")
    found = process.compare(old, drawn("start > a > c > end"))
    said = [change.said() for change in found.changes]
    assert "删去“b”" in said
    assert "新增“c”" in said
    assert "可以从“a”到“c”" in said
    assert "不再从“a”到“b”" in said
    assert (found.old_marks["b"], found.new_marks["c"]) == ("removed", "added")
    assert process.compare(old, drawn("start > a > b > end")).changes == ()
    assert "“b” was removed" in [change.said("en") for change in found.changes]


def test_lists_show_the_version_in_force_and_the_draft(work: Work) -> None:
    published(work, bpmn(*ONE))
    draft = begun(work, bpmn(*TWO))
    [line] = process.processes(work, search="PERMIT")
    assert (line.version, line.draft, line.draft_state) == (1, draft.id, "draft")
    assert "permit" not in {each.process for each in process.processes(work, after="permit")}
    with work.acting_as(officer("far", department="D9")):
        assert process.seen(work, [line]) == []
