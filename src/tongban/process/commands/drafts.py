"""From drawing to force: drafts are begun, saved, handed in, and published by somebody else."""

from functools import lru_cache
from uuid import UUID

from tongban import identity
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.publish import publish
from tongban.process.events import ProcessDrafted
from tongban.process.model.bpmn.read import read
from tongban.process.model.bpmn.rename import renamed
from tongban.process.model.checking import Report, check
from tongban.process.model.compile import compiled
from tongban.process.model.definition import Definition, Process
from tongban.process.model.draft import (
    NOTE_MAX,
    OPEN_STATES,
    Draft,
    DraftChanged,
    DraftState,
    NotSound,
    SameAsPublished,
)
from tongban.process.model.instance import DefinitionLine
from tongban.process.queries import definitions
from tongban.process.store import drafts

EDIT, PUBLISH = "process.draft", "process.publish"


def begin_draft(
    work: Work, *, bpmn: bytes, department: str, region: str, process: str = ""
) -> UUID:
    """Begin to draw a process: a new one, or the next version of a published one.

    ``process`` renames the process of the file, so that the id of somebody's tool need not stay.

    :raises Faulty: if the text is no BPMN.
    :raises DraftOpen: if somebody is drawing this process already.
    :raises Forbidden: also if the process belongs to a department that the actor may not draw for.
    """
    work.actor.must(EDIT, department=department, region=region)
    text = read(bpmn)
    chosen = main_process(text)
    if process and process != chosen.id:
        text = renamed(text, chosen.id, process)
        chosen = main_process(text)
    owner = definitions.latest(work, process=chosen.id)
    if owner is not None:
        work.actor.must(EDIT, department=owner.department, region=owner.region)
        department, region = owner.department, owner.region
    made = drafts.add_draft(
        work,
        process=chosen.id,
        name=chosen.name or chosen.id,
        bpmn=text.source.decode(),
        place=(department, region),
    )
    drafts.remark(work, made, "begin")
    work.record(ProcessDrafted(chosen.id, str(made), "begin", department, region))
    return made


def main_process(definition: Definition) -> Process:
    """Return the process that is meant where a file has several: the largest one.

    :raises Invalid: if the file has none.
    """
    if not definition.processes:
        raise Invalid(Problem("file", "文件中没有流程"))
    return max(definition.processes, key=lambda one: len(one.content.nodes))


def save_draft(
    work: Work, *, draft: UUID, revision: int, bpmn: bytes | None = None, note: str | None = None
) -> Draft:
    """Keep what was drawn, faulty as it may be; what is not given stays.

    ``revision`` is that of the draft as the editor read it.

    :raises Faulty: if the text is no BPMN.
    :raises DraftChanged: if somebody else changed it since it was read.
    :raises WrongDraftState: if it is handed in already.
    """
    present = _held(work, draft, EDIT)
    present.must_be(DraftState.DRAFT)
    if present.revision != revision:
        raise DraftChanged(name=present.changed_name, revision=present.revision)
    text, name = present.bpmn, present.name
    if bpmn is not None:
        drawn = read(bpmn)
        chosen = main_process(drawn)
        if chosen.id != present.process:
            drawn = renamed(drawn, chosen.id, present.process)
        text, name = drawn.source.decode(), chosen.name or present.process
    said = present.note if note is None else _short("note", note)
    drafts.save_draft(work, present, name=name, bpmn=text, note=said)
    return definitions.draft(work, draft=draft)


def submit_draft(work: Work, *, draft: UUID) -> None:
    """Hand a draft in for review. NotSound if the check finds an error."""
    present = _held(work, draft, EDIT)
    present.must_be(DraftState.DRAFT)
    _must_not_be_wrong(judged(present.bpmn, present.process))
    _move(work, present, DraftState.REVIEW, "submit")


def return_draft(work: Work, *, draft: UUID, reason: str) -> None:
    """Send a draft back to those who drew it, saying what to change. OwnDraft for one of them."""
    present = _held(work, draft, PUBLISH)
    present.must_be(DraftState.REVIEW)
    present.must_be_of_another(work.actor.id)
    if not reason.strip():
        raise Invalid(Problem("reason", "退回时请写明要改什么"))
    _move(work, present, DraftState.DRAFT, "return", _short("reason", reason))


def publish_draft(work: Work, *, draft: UUID, reason: str = "") -> DefinitionLine:
    """Let a draft come into force as the next version: what is started from now on runs by it.

    The check runs again. ``reason`` must say why a process is published that could not be proven
    sound.

    :raises OwnDraft: for whoever drew in it.
    :raises NotSound: if the check finds an error.
    :raises SameAsPublished: if an earlier version executes the same.
    """
    present = _held(work, draft, PUBLISH)
    present.must_be(DraftState.REVIEW)
    present.must_be_of_another(work.actor.id)
    report = judged(present.bpmn, present.process)
    _must_not_be_wrong(report)
    if report.sound is None and not reason.strip():
        raise Invalid(Problem("reason", "未能证明流程健全，请写明为什么仍然发布"))
    graph = compiled(read(present.bpmn.encode()), process=present.process)
    known = store.line(work, definition=store.number_of(graph))
    if known is not None:
        raise SameAsPublished(version=known.version)
    line = publish(
        work,
        bpmn=present.bpmn.encode(),
        department=present.department,
        region=present.region,
        process=present.process,
        note=present.note,
    )
    reason = _short("reason", reason)
    _move(work, present, DraftState.PUBLISHED, "publish", reason, version=line.version)
    return line


def withdraw_draft(work: Work, *, draft: UUID, reason: str = "") -> None:
    """Give a draft up; what is published stays as it is."""
    present = _held(work, draft, EDIT)
    present.must_be(*OPEN_STATES)
    _move(work, present, DraftState.WITHDRAWN, "withdraw", _short("reason", reason))


def comment_draft(work: Work, *, draft: UUID, text: str) -> None:
    """Say something about a draft to everybody who works on it."""
    present = _held(work, draft, "process.read")
    present.must_be(*OPEN_STATES)
    if not text.strip():
        raise Invalid(Problem("text", "请写下意见"))
    drafts.remark(work, present.id, "comment", _short("text", text))


@lru_cache(maxsize=50)
def judged(bpmn: str, process: str) -> Report:
    """Return what the check before publishing says about a process of a file.

    It may look at thousands of states, so it is kept for whoever opens the same page again.
    """
    roles = [role.value for role in identity.Role]
    return check(read(bpmn.encode()), process=process, known_roles=roles)


def _held(work: Work, draft: UUID, permission: str) -> Draft:
    present = drafts.locked_draft(work, draft)
    work.actor.must(permission, department=present.department, region=present.region)
    return present


def _move(
    work: Work,
    draft: Draft,
    state: DraftState,
    act: str,
    text: str = "",
    *,
    version: int | None = None,
) -> None:
    drafts.move_draft(work, draft, state, version=version)
    drafts.remark(work, draft.id, act, text)
    work.record(ProcessDrafted(draft.process, str(draft.id), act, draft.department, draft.region))


def _must_not_be_wrong(report: Report) -> None:
    if report.sound is False:
        raise NotSound(count=len(report.errors))


def _short(field: str, text: str) -> str:
    text = text.strip()
    if len(text) > NOTE_MAX:
        raise Invalid(Problem(field, "最多{limit}个字", {"limit": NOTE_MAX}))
    return text
