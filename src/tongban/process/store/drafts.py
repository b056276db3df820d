"""Drafts as they are kept."""

from uuid import UUID, uuid4

from tongban.foundation.work import Work
from tongban.process.model.draft import Draft, DraftOpen, DraftState, NoSuchDraft


def add_draft(work: Work, *, process: str, name: str, bpmn: str, place: tuple[str, str]) -> UUID:
    """Keep a new draft of a department and region; DraftOpen if the process has one already."""
    made = uuid4()
    added = work.run(
        """
        insert into process.draft (id, process, name, department, region, bpmn, state, based_on,
                                   authors, changed_name, changed_at)
        select %(id)s, %(process)s, %(name)s, %(department)s, %(region)s, %(bpmn)s, 'draft',
               (select coalesce(max(version), 0) from process.definition
                 where process = %(process)s),
               array[%(by)s], %(by_name)s, %(now)s
        on conflict (process) where state in ('draft', 'review') do nothing
        """,
        id=made,
        process=process,
        name=name,
        department=place[0],
        region=place[1],
        bpmn=bpmn,
        by=work.actor.id,
        by_name=work.actor.name,
        now=work.now,
    )
    if not added:
        raise DraftOpen(process=process)
    return made


def locked_draft(work: Work, draft: UUID) -> Draft:
    """Return a draft, held until the transaction ends. NoSuchDraft if there is none."""
    found = work.one(
        Draft,
        """
        select id, process, name, department, region, bpmn, note, state, revision, based_on,
               coalesce(version, 0) as version, authors, changed_name, changed_at
          from process.draft where id = %(id)s for update
        """,
        id=draft,
    )
    if found is None:
        raise NoSuchDraft
    return found


def save_draft(work: Work, draft: Draft, *, name: str, bpmn: str, note: str) -> None:
    """Write the next revision of a draft, by one more author."""
    work.run(
        """
        update process.draft
           set name = %(name)s, bpmn = %(bpmn)s, note = %(note)s, revision = revision + 1,
               authors = case when %(by)s = any (authors) then authors else authors || %(by)s end,
               changed_name = %(by_name)s, changed_at = %(now)s
         where id = %(id)s
        """,
        id=draft.id,
        name=name,
        bpmn=bpmn,
        note=note,
        by=work.actor.id,
        by_name=work.actor.name,
        now=work.now,
    )


def move_draft(work: Work, draft: Draft, state: DraftState, *, version: int | None = None) -> None:
    work.run(
        "update process.draft set state = %(state)s, version = %(version)s where id = %(id)s",
        id=draft.id,
        state=state.value,
        version=version,
    )


def remark(work: Work, draft: UUID, act: str, text: str = "") -> None:
    """Note what was done with a draft."""
    work.run(
        """
        insert into process.remark (draft, act, text, by_name, at)
        values (%(draft)s, %(act)s, %(text)s, %(name)s, %(now)s)
        """,
        draft=draft,
        act=act,
        text=text,
        name=work.actor.name,
        now=work.now,
    )
